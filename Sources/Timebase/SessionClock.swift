import Motion

/// Gives every sample of one stream its session time, causally: what was given is never revised, and never runs backwards.
///
/// With arrivals, the device's clock (or its counter, or failing both the plain number of the sample) is fitted to what had arrived
/// and what had not; see `ArrivalEnvelope`. The emitted time follows the fit slowly, so that a better fit never makes a
/// jump. Without arrivals the samples follow one another at a stated rate.
///
/// Losses become gaps: a counter tells them exactly; without one they show as silence, or as a delay that stays. While it is in
/// doubt what a late sample means (a stall of the host, a silence, a counter that wrapped more than once, a restart of the
/// device), samples wait until those behind them have told, a third of a second as a rule.
public struct SessionClock: Sendable {
  /// What the times are made from.
  public enum Source: Hashable, Sendable {
    /// Arrivals, and the device's clock or counter if it has one. The rate (Hz) is a first guess where one is known.
    case arrivals(DeviceClock, nominalRate: Double?)
    /// A stated rate, Hz; for bytes that carry neither arrival nor clock.
    case rate(Double, DeviceClock)
  }

  let stream: StreamID
  let source: Source
  var scale: DeviceScale
  var envelope: ArrivalEnvelope?
  /// Why samples wait, and those that do.
  var doubt: Doubt? = .start
  var waiting: [Waiting] = []
  var firstArrival: HostInstant?
  private var lastArrival = 0.0
  /// The present reading: when, and how many samples it has brought so far.
  private var reading = (at: -1.0, samples: 0)
  /// Where session time zero lies, s after the first arrival.
  private var origin = 0.0
  /// What the emitted time is beyond the fit, s: it fades, so that the time follows the fit.
  var lag = 0.0
  private var lastX = 0.0
  var last: SessionTime?
  /// The present block of the envelope, and when it ends, s.
  private var block = ArrivalBlock()
  private var blockEnd = 0.0
  /// When the fit began, s: its first blocks are short.
  var fitBegan = 0.0
  var losses = LossWatch()
  /// Samples that silences were taken to have swallowed: they may still turn up.
  private var declaredLost = 0
  var pendingCause: Gap.Cause?
  /// Times at which the device's scale was found to have restarted.
  public internal(set) var resets = 0
  /// Samples that repeated a tick of the device's clock or counter, or came after their successors.
  public internal(set) var repairs: UInt64 = 0

  /// Readings further apart than this (s) say that what the later one brought was not there at the earlier one.
  static let leastPause = 0.002
  /// A block of the envelope is this long (s), or this share of the time that the fit runs.
  private static let longestBlock = 1.0
  private static let shortestBlock = 0.02
  private static let blockShare = 1.0 / 32
  /// Time constant (s) with which the emitted time follows the fit, and its greatest relative speed.
  private static let loopTime = 1.0
  private static let loopLimit = 0.02
  public init(stream: StreamID = StreamID(0), source: Source) {
    self.stream = stream
    self.source = source
    switch source {
    case .arrivals(let clock, _): scale = DeviceScale(clock)
    case .rate(_, let clock): scale = DeviceScale(clock)
    }
    waiting.reserveCapacity(Doubt.mostSamples)
  }

  /// The learned rate, Hz; nil before it is known.
  public var rate: Double? {
    switch source {
    case .rate(let rate, _): return scale.isClock && scale.step > 0 ? 1 / scale.step : rate
    case .arrivals: return envelope.flatMap { scale.step > 0 ? 1 / ($0.slope * scale.step) : nil }
    }
  }

  /// How exactly the learned rate is known, Hz: one standard deviation of the fit. Nil before it is known, and for a stated rate. With a device
  /// clock it is that of the clock's rate alone.
  public var rateSpread: Double? {
    guard let envelope, let rate else { return nil }
    return rate * envelope.slopeSpread
  }

  /// Where session time zero of this stream lies on the clock of the host; nil before it is known. Two streams with the same host clock
  /// are brought onto one session time by the difference.
  public var zero: HostInstant? {
    guard last != nil, let firstArrival, case .arrivals = source else { return nil }
    return HostInstant(nanoseconds: firstArrival.nanoseconds &+ Int64(origin * 1e9))
  }

  /// Says why samples are about to be missing, where the outside knows. The next sample then ends a gap of this cause.
  public mutating func expectGap(_ cause: Gap.Cause) { pendingCause = cause }

  /// Takes the next sample, and appends those whose time is known now: none while there is a doubt, then all that waited.
  public mutating func admit(_ sample: SensorSample, into output: inout [TimedSample]) {
    guard case .arrivals = source else { return admitAtStatedRate(sample, into: &output) }
    if firstArrival == nil { firstArrival = sample.arrived }
    // Arrivals on a monotonic clock do not run backwards; hostile input may.
    let y = max(min(sample.arrived.seconds(since: firstArrival!), 1e9), lastArrival)
    let elapsed = envelope.map { (y - lastArrival) / $0.slope } ?? 0
    let absent = y - lastArrival > Self.leastPause ? lastArrival : -.infinity
    lastArrival = y
    let move = scale.advance(sample, elapsed: elapsed)
    let one = Waiting(sample: sample, x: scale.x, y: y, absent: absent, move: move)
    if case .restart = move, doubt != nil { settle(into: &output) }
    if doubt == nil { doubt = suspicion(one) }
    guard doubt != nil else { return follow(one, gap: knownGap(one), into: &output) }
    waiting.append(one)
    if isSettled(one) { settle(into: &output) }
  }

  /// The stream has ended: what still waits gets the best time there is.
  public mutating func finish(into output: inout [TimedSample]) {
    if doubt != nil && !waiting.isEmpty { settle(into: &output) }
  }

  private mutating func admitAtStatedRate(_ sample: SensorSample, into output: inout [TimedSample]) {
    guard case .rate(let rate, _) = source else { return }
    let move = scale.advance(sample, elapsed: 0)
    let one = Waiting(sample: sample, x: scale.x, y: 0, absent: -.infinity, move: move)
    var gap = knownGap(one)
    if case .restart = move {
      resets += 1
      gap = Missing(samples: nil, cause: .reset)
    }
    if case .late = move { repairs += 1 }
    give(sample, at: scale.isClock ? scale.x : scale.x / rate, gap: gap, into: &output)
  }

  /// The gap that the device's own ticks show before a sample.
  func knownGap(_ one: Waiting) -> Missing? {
    guard case .forward(let missing) = one.move, missing > 0 else { return nil }
    let cause: Gap.Cause = one.sample.flags.contains(.afterLoss) ? .corruption : .counterJump
    return Missing(samples: missing, cause: pendingCause ?? cause)
  }

  // MARK: Following the envelope

  /// Seconds from one sample to the next.
  var period: Double { envelope.map { $0.slope * scale.step } ?? 0 }

  /// - Parameter isLaid: the sample is in the fit already.
  mutating func follow(_ sample: Waiting, gap: Missing?, isLaid: Bool = false, into output: inout [TimedSample]) {
    var one = sample
    var gap = gap
    if case .late = one.move {
      repairs += 1
      give(one.sample, at: -.infinity, gap: nil, into: &output)
      return
    }
    var delay = envelope!.delay(x: one.x, y: one.y)
    if scale.isPlain {
      if delay < -max(2 * period, 0.02), declaredLost > 0 {
        // Earlier than possible: a pause was taken for a silence, and was a stall. The samples that it held back come now.
        let back = min(declaredLost, Int(min(-delay / period, 1e9).rounded(.up)))
        declaredLost -= back
        scale.shift(by: -Double(back))
        one.x -= Double(back)
        delay = envelope!.delay(x: one.x, y: one.y)
      } else if let lost = losses.take(delay: delay, at: one.y, age: one.y - fitBegan, period: period) {
        scale.shift(by: Double(lost.samples ?? 0))
        one.x = scale.x
        delay = envelope!.delay(x: one.x, y: one.y)
        gap = lost
      }
    }
    if gap != nil { lag = 0 }
    if !isLaid { keep(one, delay) }
    fade(to: one.x)
    let before = last ?? .zero
    give(one.sample, at: envelope!.arrival(of: one.x) + lag - origin, gap: gap, into: &output)
    if scale.isPlain {
      losses.note(
        arrival: one.y, delay: delay, before: before, time: last ?? .zero,
        isAfterLoss: one.sample.flags.contains(.afterLoss))
    }
    if gap != nil { losses.forget(at: one.y) }
  }

  /// Notes the sample in its block; at the block's end the envelope is fitted, and the emitted time goes on from where it is.
  private mutating func keep(_ one: Waiting, _ delay: Double) {
    reading = one.y > reading.at ? (one.y, 1) : (one.y, reading.samples + 1)
    block.note(x: one.x, y: one.y, absent: one.absent, delay: delay, numberInReading: reading.samples)
    // Far below the line: the line began in a stall, and is wrong.
    guard one.y >= blockEnd || delay < -0.02 else { return }
    let before = envelope!.arrival(of: one.x)
    envelope!.add(block)
    lag += before - envelope!.arrival(of: one.x)
    beginBlock(one.y)
  }

  mutating func beginBlock(_ y: Double) {
    block = ArrivalBlock()
    blockEnd = y + min(max((y - fitBegan) * Self.blockShare, Self.shortestBlock), Self.longestBlock)
  }

  private mutating func fade(to x: Double) {
    let seconds = max(x - lastX, 0) * envelope!.slope
    lastX = x
    let limit = Self.loopLimit * seconds
    lag -= min(max(lag * min(1, seconds / Self.loopTime), -limit), limit)
  }

  mutating func noteSilence(_ samples: Int) { declaredLost = min(declaredLost + samples, 1 << 40) }

  // MARK: Output

  mutating func beginTime(at seconds: Double, x: Double) {
    if last == nil { origin = seconds }
    lastX = x
    lag = 0
  }

  private mutating func give(
    _ sample: SensorSample, at seconds: Double, gap: Missing?, into output: inout [TimedSample]
  ) {
    var timed = TimedSample(time: .zero, sample: sample)
    if let last {
      // A microsecond is the printed resolution: two samples never share a time.
      let soonest = SessionTime(nanoseconds: last.nanoseconds + 1000)
      timed.time = seconds > 0 ? max(SessionTime(seconds: seconds), soonest) : soonest
      if let gap {
        let start = gap.start ?? last
        let end = min(gap.end ?? timed.time, timed.time)
        timed.gapBefore = Gap(stream: stream, start: start, end: end, missingSamples: gap.samples, cause: gap.cause)
        pendingCause = nil
      }
    }
    last = timed.time
    output.append(timed)
  }
}
