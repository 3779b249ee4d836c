import Motion
import SensorProtocols

/// What a session lost, rejected or doubted, so far.
public struct SessionCounters: Hashable, Sendable {
  /// What became of the bytes; all zero for captures that are samples.
  public var bytes = DecoderCounters()
  public var samples: UInt64 = 0
  public var gaps: UInt64 = 0
  /// Samples that the gaps are known to have swallowed.
  public var missingSamples: UInt64 = 0
  /// Time inside gaps, and the longest one, in nanoseconds.
  public var gapNanoseconds: Int64 = 0
  public var longestGapNanoseconds: Int64 = 0
  public var saturated: UInt64 = 0
  public var stale: UInt64 = 0
  public var implausible: UInt64 = 0
  /// Samples whose time ran backwards or stood still and was moved on.
  public var timeRepairs: UInt64 = 0

  public init() {}

  @inline(__always)
  mutating func count(_ flags: SensorSample.Flags) {
    samples += 1
    guard !flags.isEmpty else { return }
    if flags.contains(.saturated) { saturated += 1 }
    if flags.contains(.stale) { stale += 1 }
    if flags.contains(.implausible) { implausible += 1 }
  }

  mutating func count(_ gap: Gap) {
    gaps += 1
    missingSamples += UInt64(gap.missingSamples ?? 0)
    let length = gap.end.nanoseconds - gap.start.nanoseconds
    gapNanoseconds += length
    longestGapNanoseconds = max(longestGapNanoseconds, length)
  }
}
