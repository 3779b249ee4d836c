import Motion

/// Joins two streams on a common time: every sample of the first with what the second said at that instant.
///
/// A sample of the first stream waits until the second has reached its time, so that its value can be interpolated between two neighbours. How
/// far a stream may run ahead of the other is bounded, in time and in samples: beyond that the other counts as stalled, and the samples go out at once
/// and without partner, flagged so, until it has caught up. The watermark, the time up to which all is decided, depends on the samples alone: not on
/// clocks, and not on how they were cut into chunks. But for a stall, the order in which the two streams' samples interleave does not matter either.
public struct StreamJoiner: Sendable {
  /// How a value of the second stream is made for an instant between two of its samples.
  public enum Interpolation: Hashable, Sendable {
    /// The nearer sample's, as it is.
    case nearest
    /// In a straight line between the neighbours. A direction has to be brought back to unit length.
    case linear
  }

  /// Why there is no partner.
  public enum Partner: Hashable, Sendable {
    case found
    /// The second stream had not begun yet, or had ended.
    case outside
    /// Nothing is known there: the neighbours of the instant lie further apart than `longestBridge` or on both sides of a gap, so that a value
    /// would be invented, or they have none.
    case gap
    /// The second stream was too far behind to wait for.
    case stalled
  }

  /// One value of the second stream.
  public struct Companion: Sendable, Equatable {
    /// On the common time.
    public var instant: HostInstant
    /// Nil where the sample gave none.
    public var value: Vector3?
    /// Its standard deviation, in the unit of the value.
    public var sd: Double
    /// Samples are missing before it.
    public var isAfterGap: Bool

    public init(instant: HostInstant, value: Vector3?, sd: Double, isAfterGap: Bool = false) {
      self.instant = instant
      self.value = value
      self.sd = sd
      self.isAfterGap = isAfterGap
    }
  }

  /// One sample of the first stream, and the second's value at its time.
  public struct Joined: Sendable, Equatable {
    /// On the common time.
    public var instant: HostInstant
    public var first: TimedSample
    /// Nil unless `partner` is `found`.
    public var second: Vector3?
    public var secondSD: Double
    public var partner: Partner
  }

  private let window: Int64
  private let longestBridge: Int64
  private let interpolation: Interpolation
  private let capacity: Int
  private var waiting: [Joined] = []
  private var others: [Companion] = []
  private var hasEnded = false
  private var isStalled = false
  /// Samples of the second stream that are not newer than one already there: dropped, and counted.
  public private(set) var tooLate: UInt64 = 0
  /// All instants up to it are decided.
  public private(set) var watermark: HostInstant?

  /// - Parameters:
  ///   - window: s; a stream that is so far behind the other counts as stalled, until it is within half of that.
  ///   - longestBridge: s; two neighbours further apart than this are not interpolated between.
  ///   - capacity: most samples of either stream that are kept.
  public init(
    window: Double = 1, longestBridge: Double = 0.1, interpolation: Interpolation = .linear, capacity: Int = 4096
  ) {
    self.window = SessionTime(seconds: window).nanoseconds
    self.longestBridge = SessionTime(seconds: longestBridge).nanoseconds
    self.interpolation = interpolation
    self.capacity = max(capacity, 2)
    waiting.reserveCapacity(256)
    others.reserveCapacity(256)
  }

  /// Takes a sample of the first stream, and appends what can be decided now.
  public mutating func admitFirst(_ sample: TimedSample, at instant: HostInstant, into output: inout [Joined]) {
    waiting.append(Joined(instant: instant, first: sample, second: nil, secondSD: .nan, partner: .outside))
    if waiting.count >= capacity || instant.nanoseconds &- waiting[0].instant.nanoseconds > window { isStalled = true }
    decide(into: &output)
  }

  /// Takes a value of the second stream, and appends what can be decided now.
  public mutating func admitSecond(_ companion: Companion, into output: inout [Joined]) {
    hasEnded = false
    if let newest = others.last, newest.instant >= companion.instant {
      tooLate += 1
      return
    }
    // Of what runs far ahead of the first stream the oldest goes.
    if others.count >= capacity { others.removeFirst(capacity / 4) }
    others.append(companion)
    if isStalled, let newest = waiting.last?.instant ?? watermark {
      isStalled = newest.nanoseconds &- companion.instant.nanoseconds > window / 2
    }
    decide(into: &output)
  }

  /// The second stream has ended, or has gone for now: the first goes on without it, until another of its samples comes.
  public mutating func endSecond(into output: inout [Joined]) {
    hasEnded = true
    decide(into: &output)
  }

  private mutating func decide(into output: inout [Joined]) {
    var done = 0
    var left = 0
    while done < waiting.count {
      let instant = waiting[done].instant
      while left + 1 < others.count, others[left + 1].instant <= instant { left += 1 }
      if others.isEmpty || (others[left].instant < instant && left + 1 == others.count) {
        guard hasEnded || isStalled else { break }
        waiting[done].partner = hasEnded ? .outside : .stalled
      } else if others[left].instant > instant {
        waiting[done].partner = .outside
      } else if others[left].instant == instant {
        join(done, others[left].value, others[left].sd)
      } else {
        let (a, b) = (others[left], others[left + 1])
        let isApart = b.isAfterGap || b.instant.nanoseconds &- a.instant.nanoseconds > longestBridge
        join(done, isApart ? nil : mix(a, b, at: instant), max(a.sd, b.sd))
      }
      output.append(waiting[done])
      watermark = max(watermark ?? instant, instant)
      done += 1
    }
    if done > 0 { waiting.removeFirst(done) }
    // The last one before the watermark may still be a neighbour.
    if let watermark {
      while left + 1 < others.count, others[left + 1].instant <= watermark { left += 1 }
    }
    if left > 0 { others.removeFirst(left) }
  }

  private mutating func join(_ index: Int, _ value: Vector3?, _ sd: Double) {
    waiting[index].partner = value == nil ? .gap : .found
    waiting[index].second = value
    waiting[index].secondSD = value == nil ? .nan : sd
  }

  private func mix(_ a: Companion, _ b: Companion, at instant: HostInstant) -> Vector3? {
    let share =
      Double(instant.nanoseconds &- a.instant.nanoseconds) / Double(b.instant.nanoseconds &- a.instant.nanoseconds)
    guard let from = a.value, let to = b.value else { return nil }
    if interpolation == .nearest { return share < 0.5 ? from : to }
    return from + share * (to - from)
  }
}
