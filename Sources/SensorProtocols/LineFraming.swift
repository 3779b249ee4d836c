/// Finds the lines of a text protocol, for formats whose frames are lines.
///
/// A line ends with LF; a CR before it is no part of the text. What comes before the first LF is stepped over: a
/// stream is usually joined in the middle of a line, and half a number still looks like one. A line that is longer than
/// the limit is stepped over up to its end, for the same reason.
public struct LineFraming: Sendable {
  /// The most bytes that a line can have, its end included.
  public let limit: Int
  private var isDiscarding: Bool

  /// - Parameters:
  ///   - limit: the most bytes that a line can have, its end included.
  ///   - startsInLine: whether what comes before the first LF is stepped over. False only where the beginning of a line
  ///     shows that it is one.
  public init(limit: Int, startsInLine: Bool = true) {
    self.limit = limit
    isDiscarding = startsInLine
  }

  /// What stands at the head.
  public enum Find: Hashable, Sendable {
    case incomplete
    /// A line of `length` bytes with its end, the first `text` of which are its text.
    case line(text: Int, length: Int)
    /// So many bytes are no line, or part of one that is stepped over.
    case nothing(Int)
  }

  /// Looks for the end of the line that begins at the head.
  public mutating func find(_ head: Span<UInt8>) -> Find {
    let range = isDiscarding ? head.count : min(head.count, limit)
    var index = 0
    while index < range, head[index] != 0x0A { index &+= 1 }
    let length = index &+ 1
    if isDiscarding {
      if index == range { return .nothing(range) }
      isDiscarding = false
      return .nothing(length)
    }
    if index == range {
      guard range == limit else { return .incomplete }
      isDiscarding = true
      return .nothing(limit)
    }
    let text = index > 0 && head[index &- 1] == 0x0D ? index &- 1 : index
    return .line(text: text, length: length)
  }
}
