import Files
import TestKit
import Testing

@Suite("CRC-32")
struct CRC32Tests {
  @Test("it agrees with the published check value, at every length and cut")
  func checksum() {
    var crc = CRC32()
    crc.update(Array("123456789".utf8).span)
    #expect(crc.value == 0xCBF4_3926)
    var random = RandomSource(seed: 1)
    let bytes = (0..<100).map { _ in UInt8.random(in: 0...255, using: &random) }
    for length in 0...bytes.count {
      // Bit by bit, as the polynomial says.
      var plain: UInt32 = 0xFFFF_FFFF
      for byte in bytes[..<length] {
        plain ^= UInt32(byte)
        for _ in 0..<8 { plain = (plain >> 1) ^ (plain & 1 == 1 ? 0xEDB8_8320 : 0) }
      }
      var cut = CRC32()
      let middle = length / 3
      cut.update(bytes.span.extracting(0..<middle))
      cut.update(bytes.span.extracting(middle..<length))
      #expect(cut.value == ~plain)
    }
  }
}
