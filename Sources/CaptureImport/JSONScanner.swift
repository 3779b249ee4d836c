import DecimalText

/// Walks over a JSON text token by token, without building it, without recursion and without memory that grows.
struct JSONScanner {
  enum Token {
    /// `{`
    case open
    /// `}`
    case close
    /// `]`
    case endOfArray
    /// A name before a colon, without its quotes.
    case key(Int, Int)
    case number(Double)
    /// `[`, a string, a word, or what is no JSON.
    case other
  }

  private(set) var position = 0
  /// Objects that are open.
  private(set) var depth = 0
  private let limit: Int

  /// - Parameters:
  ///   - limit: where it ends.
  ///   - start: where it begins.
  init(limit: Int, from start: Int = 0) {
    self.limit = limit
    position = start
  }

  /// The next token; nil at the end.
  mutating func next(_ bytes: Span<UInt8>) -> Token? {
    let end = min(limit, bytes.count)
    while position < end, bytes[position] <= 32 || bytes[position] == 44 || bytes[position] == 58 { position &+= 1 }
    guard position < end else { return nil }
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "{"):
      position &+= 1
      depth &+= 1
      return .open
    case UInt8(ascii: "}"):
      position &+= 1
      depth = max(depth &- 1, 0)
      return .close
    case UInt8(ascii: "]"):
      position &+= 1
      return .endOfArray
    case UInt8(ascii: "\""): return string(bytes, end)
    case UInt8(ascii: "-"), 48...57:
      let start = position
      while position < end, isOfNumber(bytes[position]) { position &+= 1 }
      // A number that the end of the text cuts is none.
      guard position < end, let value = parseDecimal(bytes, from: start, to: position) else { return .other }
      return .number(value)
    default:
      position &+= 1
      while position < end, bytes[position] | 0x20 >= 97, bytes[position] | 0x20 <= 122 { position &+= 1 }
      return .other
    }
  }

  private func isOfNumber(_ byte: UInt8) -> Bool {
    byte >= 48 && byte <= 57 || byte == 43 || byte == 45 || byte == 46 || byte | 0x20 == 101
  }

  private mutating func string(_ bytes: Span<UInt8>, _ end: Int) -> Token {
    position &+= 1
    let start = position
    while position < end, bytes[position] != UInt8(ascii: "\"") {
      position &+= bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    let close = min(position, end)
    position = min(position &+ 1, end)
    var next = position
    while next < end, bytes[next] <= 32 { next &+= 1 }
    guard next < end, bytes[next] == UInt8(ascii: ":") else { return .other }
    position = next &+ 1
    return .key(start, close)
  }

  /// Whether the bytes of a key are these letters.
  func spells(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ word: StaticString) -> Bool {
    guard end &- start == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      for index in 0..<letters.count where bytes[start &+ index] != letters[index] { return false }
      return true
    }
  }
}
