import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("RION and BWSENSING inclinometers")
struct RionTests {
  /// A frame with its length and sum filled in.
  private func frame(_ header: UInt8, _ body: String) -> [UInt8] {
    let data = hex(body)
    let summed = [UInt8(data.count + 2)] + data
    return [header] + summed + [summed.reduce(0, &+)]
  }

  private func degrees(_ decoded: Decoded) -> [[Double]] {
    decoded.samples.map {
      [
        ($0.inclinationX * degreesPerRadian * 1e4).rounded() / 1e4,
        ($0.inclinationY * degreesPerRadian * 1e4).rounded() / 1e4,
      ]
    }
  }

  @Test("The length decides the fields: all forms")
  func forms() throws {
    #expect(degrees(try decode("rion", frame(0x68, "00 84 100287 000985 015922"))) == [[-2.87, 9.85]])
    #expect(degrees(try decode("rion", frame(0x68, "00 84 00123456 10654321 FFFFFF"))) == [[12.3456, -65.4321]])
    #expect(degrees(try decode("rion", frame(0x77, "0000 84 00020130 10005120 00000000"))) == [[2.013, -0.512]])
    let wireless = try decode("rion", frame(0x77, "00000001 84 10008680 10052000 002677 09"))
    #expect(degrees(wireless) == [[-0.868, -5.2]])
    #expect(close(wireless.samples[0].temperature, 26.77))
    #expect(wireless.samples[0].fields == [.inclinationX, .inclinationY, .temperature])
  }

  @Test("Replies and other commands are frames without a sample")
  func replies() throws {
    for body in [
      "00 85 00", "00 8A 00", "00 8C 00", "00 87 00 00", "00 04", "00 82 100287", "00 85 100287 000985 015922",
    ] {
      let decoded = try decode("rion", frame(0x68, body))
      #expect(decoded.counters.frames == 1 && decoded.samples.isEmpty, "\(body)")
    }
  }

  @Test("A nibble that is no digit or no sign is refused although the sum is right")
  func nibbles() throws {
    let good = hex("100287 000985 015922")
    for place in 0..<9 {
      for nibble in 0..<2 {
        for value in UInt8(0)...15 {
          var data = good
          data[place] = nibble == 0 ? data[place] & 0x0F | value << 4 : data[place] & 0xF0 | value
          let isSign = place % 3 == 0 && nibble == 0
          let allowed = isSign ? value <= 1 : value <= 9
          let body = "0084" + data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
          let decoded = try decode("rion", frame(0x68, body))
          #expect(decoded.samples.count == (allowed ? 1 : 0))
          #expect(decoded.counters.checksumFailures == (allowed ? 0 : 1))
        }
      }
    }
  }

  @Test("An angle beyond half a turn is flagged, and one at rest that repeats is not stale")
  func flags() throws {
    let odd = try decode("rion", frame(0x68, "00 84 018001 000000 000000"))
    #expect(odd.samples.map(\.flags) == [.implausible])
    let still = frame(0x68, "00 84 000001 000000 000000")
    #expect(try decode("rion", still + still).samples.map(\.flags) == [[], []])
  }

  @Test("Commands are the bytes of the manuals")
  func commands() {
    #expect(RionCommand.readAll(.rion) == hex("68 04 00 04 08"))
    #expect(RionCommand.output(.bwsensing, hertz: 0) == hex("77 05 00 0C 00 11"))
    #expect(RionCommand.output(.bwsensing, hertz: 100) == hex("77 05 00 0C 06 17"))
    #expect(RionCommand.output(.rion, hertz: 35) == hex("68 05 00 0C 04 15"))
    #expect(RionCommand.output(.bwsensing, hertz: 35) == nil)
    #expect(RionCommand.baud(.rion, 115_200) == hex("68 05 00 0B 05 15"))
    #expect(RionCommand.baud(.bwsensing, 9600) == hex("77 05 00 0B 02 12"))
    #expect(RionCommand.baud(.rion, 57600) == nil)
    #expect(RionCommand.relativeZero(.bwsensing, true) == hex("77 05 00 05 01 0B"))
    #expect(RionCommand.relativeZero(.bwsensing, false) == hex("77 05 00 05 00 0A"))
    #expect(RionCommand.queryZero(.bwsensing) == hex("77 04 00 0D 11"))
    #expect(RionCommand.save(.bwsensing) == hex("77 04 00 0A 0E"))
  }
}
