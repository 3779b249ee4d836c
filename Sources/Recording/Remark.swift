/// Something that was said or found about a session, beside what the engine takes in: its own input never holds one.
///
/// A remark of kind `alignment` is what the engine found while the session ran. Remarks of kind `annotation` were added to the finished
/// recording. What the pairs mean is for those who write and read them: the recording keeps the text.
public struct Remark: Hashable, Sendable {
  /// One word, such as `annotation`.
  public var kind: String
  /// The keys `event` and `about` are the recording's own and are not kept.
  public var pairs: TextPairs

  public init(kind: String, pairs: TextPairs) {
    self.kind = kind
    self.pairs = pairs
    self.pairs["event"] = nil
    self.pairs["about"] = nil
  }
}
