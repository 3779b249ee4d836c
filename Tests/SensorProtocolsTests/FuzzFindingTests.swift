import Motion
import SensorProtocols
import TestKit
import Testing

/// Inputs with which the fuzzer broke the contract, made small.
@Suite("What fuzzing found stays mended")
struct FuzzFindingTests {
  @Test("A WitMotion time that is no date makes no empty sample")
  func impossibleDate() throws {
    // Month 99, then the next cycle.
    var frame = hex("55 50 18 63 03 0e 05 3b 20 03")
    frame.append(frame.reduce(0, &+))
    let decoded = try decode("witmotion", frame + frame + hex("55 51 03 00 0b 00 4d 08 de 09 f0"))
    #expect(decoded.samples.count == 1)
    #expect(decoded.samples.allSatisfy { !$0.fields.isEmpty })
  }

  @Test("An x-IMU packet of a length that no packet has reads nothing beyond its end")
  func odds() throws {
    // 17 bytes of sevens hold 14 whole bytes; the packet's rule says 15.
    for tail in [UInt8(0), 0x7F] {
      var packet = [UInt8](repeating: 0, count: 16) + [0x80]
      packet[1] = 0x20
      let bytes = packet + [tail, tail, tail]
      let whole = try decode("ximu", bytes)
      for cut in 0...bytes.count {
        #expect(try decode("ximu", chunks: [bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut), tail \(tail)")
      }
    }
  }

  @Test("How many bytes stand before the first frame does not depend on the chunks")
  func lead() throws {
    let frame = hex("55 51 03 00 0b 00 4d 08 de 09 f0")
    for lead in 0..<40 {
      let bytes = [UInt8](repeating: 0x11, count: lead) + frame + [1, 2, 3] + frame
      for size in [1, 5, 16, 200] {
        let decoded = try decode("witmotion", chunks: ChunkCutter.even(bytes, size: size))
        #expect(decoded.counters.lead == UInt64(lead))
      }
    }
  }

  @Test("A text number longer than any sensor's is none")
  func longNumbers() throws {
    let line = { (number: String) in ascii("x\r\n\(number),0,1\r\n") }
    let name = "lines:ax_g,ay_g,az_g"
    #expect(try decode(name, line("0.1234567890123456789")).samples.isEmpty)
    #expect(try decode(name, line("1e300")).samples.isEmpty)
    #expect(try decode(name, line("0.98765432109876543")).samples.count == 1)
    #expect(try decode(name, line("-9.8e-05")).samples.first?.acceleration.x == -9.8e-05 * standardGravity)
    #expect(try decode(name, line("0e-07")).samples.count == 1)
  }
}
