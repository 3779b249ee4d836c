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

/// How one sensor of a session stands.
public struct SensorStatus: Hashable, Sendable {
  public var counters: SessionCounters
  /// The rate as it was learned, Hz; nil before it is known, and for samples that brought their own time.
  public var rate: Double?
  /// How exactly that is known, Hz, one standard deviation; nil before it is known, and for a stated rate.
  public var rateSpread: Double?
  /// When the newest sample was taken that has been made something of, on the clock of the host; nil before the first, and where samples have no
  /// arrivals. The least delay of the way from the sensor cannot be seen and is not in it.
  public var newest: HostInstant?

  public init(
    _ counters: SessionCounters, rate: Double? = nil, rateSpread: Double? = nil, newest: HostInstant? = nil
  ) {
    self.counters = counters
    self.rate = rate
    self.rateSpread = rateSpread
    self.newest = newest
  }

  /// - Parameter lastTime: session time of the newest sample.
  init(_ counters: SessionCounters, _ intake: SampleIntake?, lastTime: SessionTime?) {
    self.init(counters, rate: intake?.rate, rateSpread: intake?.rateSpread)
    if let zero = intake?.zero, let lastTime {
      newest = HostInstant(nanoseconds: zero.nanoseconds &+ lastTime.nanoseconds)
    }
  }
}
