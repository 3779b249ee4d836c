/// How often each kind of message came: what `talus inspect` shows of a stream. A decoder keeps one only when it is asked to.
public struct MessageTally: Sendable {
  /// One kind of message.
  public struct Row: Hashable, Sendable {
    /// Tells kinds of one protocol apart.
    public let code: UInt32
    /// What it is, in words, with the bytes or letters that name it on the wire.
    public let name: String
    /// Whether it is a kind that Talus knows; an unknown one passed the frame's checks and is stepped over.
    public let isKnown: Bool
    public fileprivate(set) var count: UInt64
  }

  /// In the order in which they first came.
  public private(set) var rows: [Row] = []
  /// A stream of wrong bytes must not make it grow: further kinds share a row.
  private static let limit = 200

  public init() {}

  /// Counts one message; the name is made only for the first of its kind.
  mutating func count(_ code: UInt32, _ name: @autoclosure () -> String, isKnown: Bool = true) {
    for index in rows.indices where rows[index].code == code {
      rows[index].count += 1
      return
    }
    if rows.count < Self.limit {
      rows.append(Row(code: code, name: name(), isKnown: isKnown, count: 1))
    } else if rows.count == Self.limit {
      rows.append(Row(code: .max, name: "further kinds", isKnown: false, count: 1))
    } else {
      rows[Self.limit].count += 1
    }
  }
}

/// Two digits a byte, the highest first, with blanks between.
func hexadecimal(_ value: UInt32, bytes: Int) -> String {
  let digits = Array("0123456789ABCDEF")
  return (0..<bytes).reversed().map { place in
    let byte = Int(value >> UInt32(8 * place) & 0xFF)
    return String([digits[byte >> 4], digits[byte & 15]])
  }.joined(separator: " ")
}

/// The printable characters of some bytes.
func printableText(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> String {
  var text = ""
  for index in start..<min(end, bytes.count) where bytes[index] >= 0x20 && bytes[index] < 0x7F {
    text.unicodeScalars.append(Unicode.Scalar(bytes[index]))
  }
  return text
}
