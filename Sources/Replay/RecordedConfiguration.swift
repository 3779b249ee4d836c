import Pipeline
import Recording

extension TextPairs {
  /// The configuration as a recording carries it.
  public init(_ configuration: PipelineConfiguration) {
    self.init(configuration.textPairs.map { Pair(key: $0.key, value: $0.value) })
  }
}

extension PipelineConfiguration {
  /// The configuration that a recording carries.
  ///
  /// - Throws: what cannot be read in it.
  public init(_ header: RecordingHeader) throws(Pipeline.Unusable) {
    try self.init(textPairs: header.configuration.pairs.map { (key: $0.key, value: $0.value) })
  }
}
