/// The head of a binary message of VectorNav: which groups and fields it has, and so how long it is.
struct VectorNavGroups {
  /// What the bytes so far are.
  enum Reading {
    case incomplete
    case noFrame
    case complete
  }

  /// Bit n: group n is there. Bits 7, 15 and 23 only say that another byte of groups follows.
  private(set) var bits: UInt32 = 0
  /// Bytes of groups, one to three.
  private(set) var groupBytes = 0
  /// Bytes from FA to the first field.
  private(set) var headerLength = 0
  /// Bytes of all fields.
  private(set) var payloadLength = 0
  /// Field 0 of the IMU group is there: a status of two bytes by the maker's list of sizes, a temperature of four bytes in the example
  /// of the maker's interface document. Only the CRC of a message tells which.
  private(set) var hasStatus = false

  /// Reads it from a message that begins with FA. A group without a field, and a field whose length is not known, are no message.
  mutating func readHeader(_ head: Span<UInt8>) -> Reading {
    var index = 1
    var more = true
    while more {
      guard index < head.count else { return .incomplete }
      guard groupBytes < 3 else { return .noFrame }
      let byte = head[index]
      bits |= UInt32(byte & 0x7F) << UInt32(8 * groupBytes)
      more = byte & 0x80 != 0
      groupBytes += 1
      index += 1
    }
    guard bits != 0 else { return .noFrame }
    for group in 0..<24 where bits & (1 << UInt32(group)) != 0 {
      var first = 0
      var mask: UInt16
      repeat {
        guard index + 1 < head.count else { return .incomplete }
        mask = head.littleEndian(UInt16.self, at: index)
        index += 2
        guard mask != 0, first <= 16 else { return .noFrame }
        for bit in 0..<15 where mask & (1 << UInt16(bit)) != 0 {
          let size = vectorNavSize(group: group, field: first + bit)
          guard size > 0 else { return .noFrame }
          payloadLength += size
          if group == 2 && first + bit == 0 { hasStatus = true }
        }
        first += 16
      } while mask & 0x8000 != 0
    }
    headerLength = index
    return .complete
  }
}

/// Bytes of a field; 0 where it is not known. Fields whose length depends on the number of satellites are among those.
@inline(__always)
func vectorNavSize(group: Int, field: Int) -> Int {
  let sizes: StaticString
  switch group {
  case 0: sizes = "\u{8}\u{8}\u{8}\u{C}\u{10}\u{C}\u{18}\u{C}\u{C}\u{18}\u{14}\u{1C}\u{2}\u{4}\u{8}"
  case 1: sizes = "\u{8}\u{8}\u{8}\u{2}\u{8}\u{8}\u{8}\u{4}\u{4}\u{1}"
  case 2: sizes = "\u{2}\u{C}\u{C}\u{C}\u{4}\u{4}\u{10}\u{C}\u{C}\u{C}\u{C}\u{2}\u{28}"
  case 3, 6, 12:
    sizes = "\u{8}\u{8}\u{2}\u{1}\u{1}\u{18}\u{18}\u{C}\u{C}\u{C}\u{4}\u{4}\u{2}\u{1C}\u{0}\u{0}\u{0}\u{2}\u{8}"
  case 4: sizes = "\u{2}\u{C}\u{10}\u{24}\u{C}\u{C}\u{C}\u{C}\u{C}\u{C}\u{1C}\u{18}\u{C}\u{4}"
  case 5: sizes = "\u{2}\u{18}\u{18}\u{C}\u{C}\u{C}\u{C}\u{C}\u{C}\u{4}\u{4}\u{44}\u{40}"
  default: return 0
  }
  guard field < sizes.utf8CodeUnitCount else { return 0 }
  return Int(sizes.utf8Start[field])
}
