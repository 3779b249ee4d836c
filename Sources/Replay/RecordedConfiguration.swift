import Glibc
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

extension RecordingHeader {
  /// The calendar time of the recording's start in UTC, such as `2026-01-31 09:30 UTC`; nil for a time that no calendar has.
  public var recordedOn: String? {
    var seconds = time_t(anchor.utcNanoseconds / 1_000_000_000)
    var fields = tm()
    guard gmtime_r(&seconds, &fields) != nil else { return nil }
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(fields.tm_year + 1900)-\(two(fields.tm_mon + 1))-\(two(fields.tm_mday)) "
      + "\(two(fields.tm_hour)):\(two(fields.tm_min)) UTC"
  }
}
