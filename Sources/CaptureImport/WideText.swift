/// Text in 16-bit units (UTF-16), as some spreadsheets and loggers on Windows write it, turned into UTF-8.
enum WideText {
  enum Order {
    case little
    case big
  }

  /// The order of the bytes when this is text in 16-bit units: by its mark, or by every other byte being zero.
  static func order(_ bytes: Span<UInt8>) -> Order? {
    guard bytes.count >= 4 else { return nil }
    if bytes[0] == 0xFF, bytes[1] == 0xFE { return .little }
    if bytes[0] == 0xFE, bytes[1] == 0xFF { return .big }
    let looked = min(bytes.count, 400) & ~1
    var (even, odd) = (0, 0)
    for index in 0..<looked where bytes[index] == 0 { if index & 1 == 0 { even += 1 } else { odd += 1 } }
    // All but a few letters (a degree sign, an umlaut) lie below 256.
    if odd * 20 >= looked / 2 * 19, even == 0 { return .little }
    if even * 20 >= looked / 2 * 19, odd == 0 { return .big }
    return nil
  }

  /// Calls `body` with a text in UTF-8: all of one that is, and of one in 16-bit units the beginning, long enough that a head that is looked
  /// for in it is cut as one in UTF-8 is.
  static func withBeginning<Result, Failure: Error>(
    of bytes: Span<UInt8>, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let order = order(bytes) else { return try body(bytes) }
    var text: [UInt8] = []
    append(bytes, from: 0, to: min(bytes.count, 8 * TableHead.mostBytes), order, to: &text)
    return try body(text.span)
  }

  /// Appends `wide[start ..< end]` in UTF-8. A unit that is half of a pair, or none, becomes a question mark: numbers have none. The mark of
  /// the order is left out wherever it stands.
  static func append(_ wide: Span<UInt8>, from start: Int, to end: Int, _ order: Order, to text: inout [UInt8]) {
    text.reserveCapacity(text.count + (end - start) / 2)
    var index = start
    while index + 1 < end {
      let unit =
        order == .little
        ? UInt16(wide[index]) | UInt16(wide[index + 1]) << 8 : UInt16(wide[index]) << 8 | UInt16(wide[index + 1])
      index += 2
      switch unit {
      case 0xFEFF: break
      case 0..<0x80: text.append(UInt8(unit))
      case 0x80..<0x800:
        text.append(UInt8(0xC0 | unit >> 6))
        text.append(UInt8(0x80 | unit & 0x3F))
      case 0xD800..<0xE000: text.append(UInt8(ascii: "?"))
      default:
        text.append(UInt8(0xE0 | unit >> 12))
        text.append(UInt8(0x80 | unit >> 6 & 0x3F))
        text.append(UInt8(0x80 | unit & 0x3F))
      }
    }
  }
}
