import Motion

/// Joins two streams on session time: every sample of the first with what the second said at that instant.
///
/// A sample of the first stream waits until the second has reached its time, so that its value can be interpolated between two neighbours. How
/// far a stream may run ahead of the other is bounded, in time and in samples: then the other counts as stalled, and the samples go out without
/// partner, flagged so. The watermark, the time up to which all is decided, depends on the samples alone: not on clocks, and not on how they were
/// cut into chunks. But for a stall, the order in which the two streams' samples interleave does not matter either.
public struct StreamJoiner: Sendable {
  /// How a value of the second stream is made for an instant between two of its samples. Only scalars and vectors are mixed; the rest, angles
  /// and orientations among them, is the nearer sample's.
  public enum Interpolation: Hashable, Sendable {
    /// The nearer sample, as it is.
    case nearest
    /// Acceleration, angular rate and magnetic field in a straight line between the neighbours.
    case linear
  }

  /// Why there is no partner, or what is doubtful about it.
  public enum Partner: Hashable, Sendable {
    case found
    /// The second stream had not begun yet, or had ended.
    case outside
    /// The neighbours of the instant lie further apart than `longestBridge`: a value there would be invented.
    case gap
    /// The second stream was too far behind to wait for.
    case stalled
  }

  /// One sample of the first stream, and the second's at its time.
  public struct Joined: Sendable, Equatable {
    public var time: SessionTime
    public var first: TimedSample
    /// Its time is that of `first`. Nil unless `partner` is `found`.
    public var second: SensorSample?
    public var partner: Partner
  }

  private let window: Int64
  private let longestBridge: Int64
  private let interpolation: Interpolation
  private let secondOffset: Int64
  private let capacity: Int
  private var waiting: [TimedSample] = []
  private var others: [TimedSample] = []
  private var othersEnded = false
  /// Samples of the second stream older than one already there, or than the watermark needs: dropped, and counted.
  public private(set) var tooLate: UInt64 = 0
  /// All instants before it are decided.
  public private(set) var watermark: SessionTime?

  /// - Parameters:
  ///   - window: s; a stream that is so far behind the other counts as stalled.
  ///   - longestBridge: s; two neighbours further apart than this are not interpolated between.
  ///   - secondOffset: s; added to the second stream's times to make them the first's, as `SessionClock.zero` or `talus sync` tell.
  ///   - capacity: most samples of either stream that are kept.
  public init(
    window: Double = 0.5, longestBridge: Double = 0.1, interpolation: Interpolation = .linear,
    secondOffset: Double = 0, capacity: Int = 4096
  ) {
    self.window = SessionTime(seconds: window).nanoseconds
    self.longestBridge = SessionTime(seconds: longestBridge).nanoseconds
    self.interpolation = interpolation
    self.secondOffset = SessionTime(seconds: secondOffset).nanoseconds
    self.capacity = max(capacity, 2)
    waiting.reserveCapacity(self.capacity + 1)
    others.reserveCapacity(self.capacity + 1)
  }

  /// Takes a sample of the first stream, and appends what can be decided now.
  public mutating func admitFirst(_ sample: TimedSample, into output: inout [Joined]) {
    // Stalled: the first stream does not wait for more than the window.
    while let oldest = waiting.first,
      waiting.count >= capacity || sample.time.nanoseconds &- oldest.time.nanoseconds > window
    {
      waiting.removeFirst()
      give(oldest, nil, othersEnded ? .outside : .stalled, into: &output)
    }
    waiting.append(sample)
    decide(into: &output)
  }

  /// Takes a sample of the second stream, and appends what can be decided now.
  public mutating func admitSecond(_ sample: TimedSample, into output: inout [Joined]) {
    var sample = sample
    sample.time.nanoseconds &+= secondOffset
    if let newest = others.last, newest.time >= sample.time {
      tooLate += 1
      return
    }
    others.append(sample)
    // What lies more than a bridge behind the first stream's oldest, and the window, serves nobody.
    if others.count > capacity { others.removeFirst() }
    decide(into: &output)
  }

  /// The second stream has ended: the first goes on without it.
  public mutating func endSecond(into output: inout [Joined]) {
    othersEnded = true
    decide(into: &output)
  }

  /// Both streams have ended.
  public mutating func finish(into output: inout [Joined]) { endSecond(into: &output) }

  private mutating func decide(into output: inout [Joined]) {
    var done = 0
    var left = 0
    while done < waiting.count {
      let time = waiting[done].time
      while left + 1 < others.count, others[left + 1].time <= time { left += 1 }
      guard let oldest = others.first else {
        guard othersEnded else { break }
        give(waiting[done], nil, .outside, into: &output)
        done += 1
        continue
      }
      if oldest.time > time {
        give(waiting[done], nil, .outside, into: &output)
      } else if others[left].time == time {
        give(waiting[done], others[left].sample, .found, into: &output)
      } else if left + 1 < others.count {
        let (a, b) = (others[left], others[left + 1])
        let isGap = b.gapBefore != nil || b.time.nanoseconds &- a.time.nanoseconds > longestBridge
        give(waiting[done], isGap ? nil : mix(a, b, at: time), isGap ? .gap : .found, into: &output)
      } else {
        guard othersEnded else { break }
        give(waiting[done], nil, .outside, into: &output)
      }
      done += 1
    }
    if done > 0 {
      waiting.removeFirst(done)
      if left > 0 { others.removeFirst(left) }
    }
  }

  private func mix(_ a: TimedSample, _ b: TimedSample, at time: SessionTime) -> SensorSample {
    let share =
      Double(time.nanoseconds &- a.time.nanoseconds) / Double(b.time.nanoseconds &- a.time.nanoseconds)
    var sample = share < 0.5 ? a.sample : b.sample
    guard interpolation == .linear else { return sample }
    let both = a.sample.fields.intersection(b.sample.fields)
    func line(_ from: Vector3, _ to: Vector3) -> Vector3 { from + share * (to - from) }
    if both.contains(.acceleration) { sample.acceleration = line(a.sample.acceleration, b.sample.acceleration) }
    if both.contains(.angularRate) { sample.angularRate = line(a.sample.angularRate, b.sample.angularRate) }
    if both.contains(.magneticField) { sample.magneticField = line(a.sample.magneticField, b.sample.magneticField) }
    sample.flags = a.sample.flags.union(b.sample.flags)
    return sample
  }

  private mutating func give(
    _ first: TimedSample, _ second: SensorSample?, _ partner: Partner, into output: inout [Joined]
  ) {
    watermark = max(watermark ?? first.time, first.time)
    output.append(Joined(time: first.time, first: first, second: second, partner: partner))
  }
}
