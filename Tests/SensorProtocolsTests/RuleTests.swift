import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("Rules beyond the vectors at hand")
struct RuleTests {
  private func rion(_ body: [UInt8]) -> [UInt8] {
    let counted = [UInt8(body.count + 2)] + body
    return [0x68] + counted + [counted.reduce(0, &+)]
  }

  @Test("A RION's answer for x alone is read by its length; one for y alone says nothing of x")
  func singleAxis() throws {
    let short = try decode("rion", rion([0x00, 0x81, 0x10, 0x12, 0x34]))
    #expect(short.samples.map(\.fields) == [.inclinationX])
    #expect(close(short.samples[0].inclinationX, -12.34 * radiansPerDegree))
    let long = try decode("rion", rion([0x00, 0x81, 0x00, 0x12, 0x34, 0x56]))
    #expect(close(long.samples[0].inclinationX, 12.3456 * radiansPerDegree))
    let other = try decode("rion", rion([0x00, 0x82, 0x10, 0x12, 0x34]))
    #expect(other.samples.isEmpty && other.counters.frames == 1 && other.counters.skipped == 0)
    #expect(try decode("rion", rion([0x00, 0x81, 0x10, 0x1A, 0x34])).counters.checksumFailures == 1)
  }

  @Test("Lines with a magnetic field and a temperature")
  func fieldColumns() throws {
    let name = "lines:-,-,ax_mg,ay_mg,az_mg,gx_dps,gy_dps,gz_dps,mx_ut,my_ut,mz_ut,temp_c,-"
    let line = "10/30/2020,19:02:50.11,-12.34,34.56,989.01,0.12,-0.34,0.05,12.00,-34.00,45.00,25.61,9.990,\r\n"
    let sample = try #require(try decode(name, ascii(line + line)).samples.first)
    #expect(sample.fields == [.acceleration, .angularRate, .magneticField, .temperature])
    #expect(sample.magneticField == Vector3(12, -34, 45) && sample.temperature == 25.61)
    #expect(close(sample.acceleration.z, 0.98901 * standardGravity, 1e-9))
    #expect(throws: ProtocolCatalogue.NotFound.self) { try ProtocolCatalogue.find("lines:ax_g,ay_g,az_g,mx_ut") }
  }

  @Test("A reply that is said over and over is not taken for the first x-IMU")
  func replies() throws {
    for reply in ["68 06 00 87 00 00 8D", "75 65 01 00 DB 05"] {
      var sniffer = ProtocolSniffer()
      let bytes = Array(repeating: hex(reply), count: 20).flatMap { $0 }
      sniffer.consume(bytes.span)
      if case .named(let finding) = sniffer.verdict { #expect(finding.description.name != "ximu") }
    }
  }

  @Test("A Shimmer3's packets come with a period of its own, and are read back")
  func shimmerEncoder() throws {
    var random = RandomSource(seed: 9)
    var encoder = try #require(try ProtocolCatalogue.find("shimmer3").makeEncoder())
    var bytes: [UInt8] = []
    var sent: [SensorSample] = []
    for index in 0..<50 {
      var sample = randomSample(for: "shimmer3", index: index, using: &random)
      sample.deviceTicks = UInt64(index) * 328
      sent.append(sample)
      encoder.encode(sample, into: &bytes)
    }
    let decoded = try decode("shimmer3", bytes)
    #expect(decoded.samples.count == 50 && decoded.counters.skipped == 0)
    for (got, want) in zip(decoded.samples, sent) {
      #expect(got.deviceTicks == want.deviceTicks && close(got.acceleration, want.acceleration, 0.0025))
      #expect(close(got.angularRate, want.angularRate, 0.00055))
    }
  }
}
