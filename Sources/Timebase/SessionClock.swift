import Motion

/// Gives every sample of one stream its session time, causally: what was given is never revised, and never runs backwards.
///
/// With arrivals, the device's clock (or its counter, or failing both the plain number of the sample) is fitted to the lower
/// envelope of the arrivals; see `ArrivalEnvelope`. The emitted time follows the fit through a slow loop, so that a better fit
/// never makes a jump. Without arrivals the samples follow one another at a stated rate.
///
/// Losses become gaps: a counter tells them exactly; without one they show as silence, or as a delay that stays.
public struct SessionClock: Sendable {
  /// What the times are made from.
  public enum Source: Hashable, Sendable {
    /// Arrivals, and the device's clock or counter if it has one. The rate (Hz) is a first guess where one is known.
    case arrivals(DeviceClock, nominalRate: Double?)
    /// A stated rate, Hz; for bytes that carry neither arrival nor clock.
    case rate(Double, DeviceClock)
  }

  /// Length of an envelope block, s.
  static let block = 0.5
  /// Arrivals that the start waits for, to learn the rate before the first time is given: span (s) and number of samples.
  static let startSpan = 0.3
  static let startCount = 8
  static let startLimit = 256
  /// A pause longer than this (s), beyond what the rate explains, is a gap; a shorter one is a stall of the host.
  static let silence = 0.25
  /// A forward step beyond this (samples, s) is not a loss: the device's scale began somewhere else.
  static let greatestCounterJump = 1e5
  static let greatestClockJump = 3600.0
  /// Time constant (s) and greatest relative speed of the loop that follows the fit.
  static let loopTime = 1.0
  static let loopLimit = 0.02

  private let stream: StreamID
  private var source: Source
  private var unwrap: CounterUnwrap?
  /// A sample whose time waits for the first fit, with its place on the device's scale and what was missing before it.
  private struct Waiting: Sendable {
    var sample: SensorSample
    var x: Double
    var missing: Int
    var cause: Gap.Cause
  }
  private var waiting: [Waiting] = []
  private var firstArrival: HostInstant?
  private var envelope: ArrivalEnvelope?
  /// Position on the device's scale: seconds of its clock, or samples.
  private var x = 0.0
  private var lastTicks: Int64 = 0
  /// Missing samples that the counter showed before this sample.
  private var counted = 0
  /// Emitted time in seconds after the first arrival, the last of it as session time, and where zero lies.
  private var emitted = 0.0
  private var origin = 0.0
  private var last: SessionTime?
  /// Nominal step on the device's scale: 1 sample, or the learned step of its clock.
  private var step = 1.0
  // The present block: its end on the arrival scale, and its least delayed point.
  private var blockEnd = 0.0
  private var blockX = 0.0
  private var blockY = 0.0
  private var blockDelay = Double.infinity
  private var lossInBlock = false
  private var gapInBlock = false
  private var pendingCause: Gap.Cause?
  /// Times at which the device's scale was found to have restarted.
  public private(set) var resets = 0
  /// Samples whose device clock stood still or ran backwards without a restart.
  public private(set) var repairs: UInt64 = 0

  public init(stream: StreamID = StreamID(0), source: Source) {
    self.stream = stream
    self.source = source
    let clock: DeviceClock
    switch source {
    case .arrivals(let deviceClock, _): clock = deviceClock
    case .rate(_, let deviceClock): clock = deviceClock
    }
    switch clock {
    case .none: unwrap = nil
    case .counter(let bits): unwrap = CounterUnwrap(bits: bits)
    case .clock(let bits, _): unwrap = CounterUnwrap(bits: bits)
    }
    waiting.reserveCapacity(Self.startLimit)
  }

  /// The learned rate, Hz; nil before it is known.
  public var rate: Double? {
    switch source {
    case .rate(let rate, .clock): return step == 1 ? rate : 1 / step
    case .rate(let rate, _): return rate
    case .arrivals: return envelope.map { 1 / ($0.slope * step) }
    }
  }

  /// Says why samples are about to be missing, where the outside knows.
  public mutating func expectGap(_ cause: Gap.Cause) { pendingCause = cause }

  /// Takes the next sample, and appends those whose time is known now: none while the rate is being learnt, then all that waited.
  public mutating func admit(_ sample: SensorSample, into output: inout [TimedSample]) {
    let advance = advance(sample)
    switch source {
    case .rate(let rate, let clock):
      // The scale of a clock is seconds already; any other counts samples.
      let seconds: Double
      if case .clock = clock { seconds = x } else { seconds = x / rate }
      give(sample, at: seconds, counted: advance.missing, cause: advance.cause, into: &output)
    case .arrivals:
      if envelope != nil {
        follow(sample, missing: advance.missing, cause: advance.cause, into: &output)
      } else {
        waiting.append(Waiting(sample: sample, x: x, missing: advance.missing, cause: advance.cause))
        if readyToStart { start(into: &output) }
      }
    }
  }

  /// The stream has ended: what still waits gets the best time there is.
  public mutating func finish(into output: inout [TimedSample]) {
    if envelope == nil && !waiting.isEmpty { start(into: &output) }
  }

  // MARK: Position on the device's scale

  /// Moves `x` on to this sample. A counter that jumps shows missing samples; one that runs far back was restarted.
  private mutating func advance(_ sample: SensorSample) -> (missing: Int, cause: Gap.Cause) {
    if firstArrival == nil && sample.fields.isDisjoint(with: [.counter, .deviceTime]) { forgetDeviceClock() }
    if firstArrival == nil && sample.fields.contains(.counter) { countInsteadOfClock() }
    guard unwrap != nil, !sample.fields.isDisjoint(with: [.counter, .deviceTime]) else {
      if firstArrival == nil { firstArrival = sample.arrived } else { x += step }
      return (0, .silence)
    }
    let ticks = unwrap!.unwrap(sample.deviceTicks)
    guard firstArrival != nil else {
      firstArrival = sample.arrived
      lastTicks = ticks
      return (0, .silence)
    }
    let delta = ticks &- lastTicks
    lastTicks = ticks
    let unit = tickUnit
    if delta <= 0 || Double(delta) * unit > (isCounter ? Self.greatestCounterJump : Self.greatestClockJump) {
      // A repeat, a late sample or a restart: the scale goes on by one usual step, and a restart is a gap of its own.
      repairs += 1
      x += step
      if Double(delta).magnitude * unit > 4 * step {
        resets += 1
        return (0, .reset)
      }
      return (0, .silence)
    }
    let moved = Double(delta) * unit
    x += moved
    if isCounter { return (Int(clamping: delta - 1), .counterJump) }
    // The usual step of a device clock is learnt as it comes; a step of one and a half is a hole.
    if step == 1 && !isCounter { step = moved }
    if moved > 1.5 * step { return (Int((moved / step).rounded()) - 1, .counterJump) }
    step += (moved - step) * 0.05
    return (0, .silence)
  }

  /// A protocol may have a clock that this device does not send: then its samples are only counted.
  private mutating func forgetDeviceClock() {
    unwrap = nil
    switch source {
    case .arrivals(_, let rate): source = .arrivals(.none, nominalRate: rate)
    case .rate(let rate, _): source = .rate(rate, .none)
    }
  }

  /// A device that could send a clock and sends a counter instead, which its decoder has counted on over the wraps.
  private mutating func countInsteadOfClock() {
    switch source {
    case .arrivals(.clock, let rate): source = .arrivals(.counter(bits: 64), nominalRate: rate)
    case .rate(let rate, .clock): source = .rate(rate, .counter(bits: 64))
    default: return
    }
    unwrap = CounterUnwrap(bits: 64)
  }

  private var isCounter: Bool {
    switch source {
    case .arrivals(.counter, _), .rate(_, .counter): true
    default: false
    }
  }

  private var tickUnit: Double {
    switch source {
    case .arrivals(.clock(_, let unit), _), .rate(_, .clock(_, let unit)): Double(unit) * 1e-9
    default: 1
    }
  }

  private var hasDeviceClock: Bool {
    if case .arrivals(.clock, _) = source { true } else { false }
  }

  /// Seconds after the first arrival.
  private func arrival(_ sample: SensorSample) -> Double {
    sample.arrived.seconds(since: firstArrival ?? sample.arrived)
  }

  // MARK: Start

  private var readyToStart: Bool {
    guard let newest = waiting.last else { return false }
    if hasDeviceClock || waiting.count >= Self.startLimit { return true }
    return waiting.count >= Self.startCount && arrival(newest.sample) >= Self.startSpan
  }

  /// The first fit, over the samples that waited: the steepness of the envelope between its two halves.
  private mutating func start(into output: inout [TimedSample]) {
    let newest = waiting[waiting.count - 1]
    let lastX = newest.x
    let lastY = arrival(newest.sample)
    let slope: Double
    if hasDeviceClock {
      slope = 1
    } else if case .arrivals(_, let nominal?) = source {
      slope = 1 / nominal
    } else {
      let plain = lastX > 0 && lastY > 0 ? lastY / lastX : 0.01
      slope = slopeBehindBurst(than: plain) ?? plain
    }
    var least = Double.infinity
    for one in waiting { least = min(least, arrival(one.sample) - slope * one.x) }
    envelope = ArrivalEnvelope(slope: slope, intercept: least)
    blockEnd = Self.block
    let samples = waiting
    waiting.removeAll()
    let reached = x
    var shift = 0.0
    for one in samples {
      x = one.x + shift
      follow(one.sample, missing: one.missing, cause: one.cause, into: &output)
      shift = x - one.x
    }
    x = reached + shift
  }

  /// Bytes that waited in a driver before the port was read come all at once, and make the samples look as dense as they never were.
  /// By the middle of the span such a burst is over: the last samples that had arrived then, and before the newest arrival, say the rate.
  ///
  /// - Returns: seconds a sample; nil where there was no burst.
  private func slopeBehindBurst(than plain: Double) -> Double? {
    guard let newest = waiting.last.map({ arrival($0.sample) }),
      let late = waiting.last(where: { arrival($0.sample) < newest }),
      let early = waiting.last(where: { arrival($0.sample) <= arrival(late.sample) / 2 }), late.x > early.x
    else { return nil }
    let slope = (arrival(late.sample) - arrival(early.sample)) / (late.x - early.x)
    return slope > 1.25 * plain ? slope : nil
  }

  // MARK: Following the envelope

  private mutating func follow(
    _ sample: SensorSample, missing: Int, cause: Gap.Cause, into output: inout [TimedSample]
  ) {
    let y = arrival(sample)
    var missing = missing
    var cause = cause
    if sample.flags.contains(.afterLoss) { lossInBlock = true }
    let late = envelope!.delay(x: x, y: y)
    let period = step * envelope!.slope
    if cause == .reset {
      // The device's scale began anew: it is laid where the arrivals are.
      jump(toDelayZeroAt: y)
    } else if unwrap == nil {
      if late > max(Self.silence, 5 * period) {
        missing = samplesLost(late, period)
        jump(by: missing)
        // A new block begins behind the gap: its least delay will tell whether the length was right.
        blockDelay = .infinity
        blockEnd = y + Self.block
        gapInBlock = true
        if let known = pendingCause { cause = known } else if lossInBlock { cause = .corruption }
      } else if late < -max(2 * period, 0.02) {
        // Earlier than possible: a pause was taken for a gap, and was a stall. The samples that it held back come now.
        jump(by: Int((late / period).rounded(.up)))
      }
    }
    block(x: x, y: y, period: period, missing: &missing, cause: &cause)
    give(sample, at: paced(missing: missing), counted: missing, cause: cause, into: &output)
    if missing > 0 || cause == .reset { pendingCause = nil }
  }

  private func samplesLost(_ late: Double, _ period: Double) -> Int {
    max(1, Int(clamping: Int64(min(late / period, 1e9).rounded())))
  }

  /// Moves the sample's place on a scale that only counts samples.
  private mutating func jump(by samples: Int) {
    x += Double(samples) * step
  }

  private mutating func jump(toDelayZeroAt y: Double) {
    let place = (y - envelope!.intercept) / envelope!.slope
    x = max(place, x)
  }

  /// Keeps the block's least delayed point; at its end the envelope is fitted, and a delay that stayed all through is a loss.
  private mutating func block(x: Double, y: Double, period: Double, missing: inout Int, cause: inout Gap.Cause) {
    let delay = envelope!.delay(x: x, y: y)
    if delay < blockDelay {
      blockDelay = delay
      blockX = x
      blockY = y
    }
    guard y >= blockEnd else { return }
    if unwrap == nil {
      let lost = Int(clamping: Int64(max(min(blockDelay / period, 1e9), -1e9).rounded()))
      if gapInBlock {
        // The first sample behind the gap came late itself; the least delay of the block sets the gap's length right.
        jump(by: lost)
        blockX += Double(lost) * step
      } else if blockDelay > max(0.75 * period, 0.004) && envelope!.span * envelope!.slope > 4 {
        jump(by: lost)
        blockX += Double(lost) * step
        missing += lost
        cause = lossInBlock ? .corruption : .silence
      }
    }
    envelope!.add(x: blockX, y: blockY, slopeRange: slopeRange)
    blockDelay = .infinity
    lossInBlock = false
    gapInBlock = false
    blockEnd = y + Self.block
  }

  /// A quartz or MEMS oscillator is within half a percent of its nominal rate, and over a short time the arrivals say less than that. The
  /// period of a device that only sends samples is learnt from the arrivals alone.
  private var slopeRange: ClosedRange<Double> {
    let span = envelope!.span * envelope!.slope
    if hasDeviceClock {
      let tolerance = span < 4 ? 0.000_2 : 0.005
      return (1 - tolerance)...(1 + tolerance)
    }
    let now = envelope!.slope
    let tolerance = min(0.2, 0.02 / max(span, 0.1))
    return now * (1 - tolerance)...now * (1 + tolerance)
  }

  /// The emitted time of this sample: the last one plus the step of the device's scale, drawn towards the fit.
  private mutating func paced(missing: Int) -> Double {
    let target = envelope!.arrival(of: x)
    guard last != nil else {
      emitted = target
      origin = target
      return 0
    }
    let move = (missing > 0 || target - emitted > Self.silence) ? target - emitted : step * envelope!.slope
    let error = target - (emitted + move)
    let limit = Self.loopLimit * max(move, 0)
    var correction = min(max(error * min(1, move / Self.loopTime), -limit), limit)
    // A wrongly declared gap is taken back as fast as time may run: the samples follow one another at a tenth of their period.
    if error < -2 * step * envelope!.slope { correction = -0.9 * max(move, 0) }
    emitted += move + correction
    return emitted - origin
  }

  private mutating func give(
    _ sample: SensorSample, at seconds: Double, counted missing: Int, cause: Gap.Cause,
    into output: inout [TimedSample]
  ) {
    var time = SessionTime(seconds: seconds)
    var timed = TimedSample(time: time, sample: sample)
    if let last {
      // A microsecond is the printed resolution: two samples never share a time.
      time = max(time, SessionTime(nanoseconds: last.nanoseconds + 1000))
      timed.time = time
      if missing > 0 || cause == .reset {
        timed.gapBefore = Gap(
          stream: stream, start: last, end: time, missingSamples: missing > 0 ? missing : nil, cause: cause)
      }
    }
    last = time
    output.append(timed)
  }
}
