import Motion

/// Where each sample lies on the device's own scale: seconds of its clock, or the plain number of the sample.
struct DeviceScale: Sendable {
  /// How a sample stands to the one before it.
  enum Move: Sendable {
    /// On by the usual step and so many missing samples more.
    case forward(missing: Int)
    /// A repeat, or a sample that comes after its successors.
    case late
    /// The device's clock or counter began somewhere else.
    case restart
  }

  /// A repeated or late sample may be followed by so many others before they are taken for a restart.
  private static let greatestLateRun = 3
  /// Losses beyond this (samples, s) are not believed of a counter or clock that does not wrap within them.
  private static let greatestCounterJump = 1e5
  private static let greatestClockJump = 86_400.0

  private var unwrap: CounterUnwrap?
  let isCounter: Bool
  /// Seconds, or samples, of one tick.
  private let unit: Double
  /// The newest sample's place.
  private(set) var x = 0.0
  /// The place that its ticks alone give: a clock with coarse ticks says less than the usual step does.
  private var tickX = 0.0
  /// The usual step, in the scale's unit; 0 until a clock has made one.
  private(set) var step: Double
  private var lateRun = 0
  private var sinceTick = 0
  private var isFirst = true

  init(_ clock: DeviceClock) {
    switch clock {
    case .none:
      unwrap = nil
      isCounter = false
      unit = 1
      step = 1
    case .counter(let bits):
      unwrap = CounterUnwrap(bits: bits)
      isCounter = true
      unit = 1
      step = 1
    case .clock(let bits, let nanoseconds):
      unit = Double(max(nanoseconds, 1)) * 1e-9
      unwrap = CounterUnwrap(bits: bits, lateWindow: UInt64(0.5 / min(unit, 0.5)))
      isCounter = false
      step = 0
    }
  }

  /// Nothing but the samples themselves says how many there were.
  var isPlain: Bool { unwrap == nil }
  /// The scale is in seconds.
  var isClock: Bool { unwrap != nil && !isCounter }
  /// After so much of the scale the device's ticks come again; infinite where they never do.
  var period: Double { unwrap.map { $0.range * unit } ?? .infinity }

  /// Takes the next sample.
  ///
  /// - Parameter elapsed: what passed on the host since the sample before, in the scale's unit; it tells a late sample from a wrap with a
  ///   great loss.
  mutating func advance(_ sample: SensorSample, elapsed: Double) -> Move {
    let hasTicks = !sample.fields.isDisjoint(with: [.counter, .deviceTime])
    if isFirst {
      isFirst = false
      // A protocol may have a clock that this device does not send: then its samples are only counted.
      if !hasTicks {
        self = DeviceScale(.none)
        isFirst = false
      } else if isClock && sample.fields.contains(.counter) {
        // A device that could send a clock and sends a counter instead, which its decoder has counted on over the wraps.
        self = DeviceScale(.counter(bits: 64))
        isFirst = false
        _ = unwrap?.step(to: sample.deviceTicks)
      } else {
        _ = unwrap?.step(to: sample.deviceTicks)
      }
      return .forward(missing: 0)
    }
    guard hasTicks, unwrap != nil else {
      x += step
      sinceTick += 1
      return .forward(missing: 0)
    }
    var stepped = unwrap!.step(to: sample.deviceTicks)
    if case .late(let back) = stepped, elapsed > (period - Double(back) * unit) / 2 {
      stepped = .forward(unwrap!.takeForward(to: sample.deviceTicks))
    }
    switch stepped {
    case .first:
      return .forward(missing: 0)
    case .none where isClock && unit >= step / 4:
      return moved(0)  // a coarse clock shows several samples the same time
    case .none, .late:
      lateRun += 1
      if case .late = stepped, lateRun > Self.greatestLateRun { return restart(at: sample.deviceTicks) }
      return .late
    case .forward(let ticks):
      let distance = Double(ticks) * unit
      let isBackwards = distance > period / 2 && period > (isCounter ? 4096 : 30)
      if isBackwards || distance > (isCounter ? Self.greatestCounterJump : Self.greatestClockJump) {
        return restart(at: sample.deviceTicks)
      }
      return moved(distance)
    }
  }

  private mutating func moved(_ distance: Double) -> Move {
    lateRun = 0
    defer { sinceTick = 0 }
    tickX += distance
    if isCounter {
      x = max(tickX, x)
      return .forward(missing: max(0, Int(clamping: Int64(distance)) - 1 - sinceTick))
    }
    if step == 0 || (distance > 0 && distance < 0.6 * step && unit < step / 4) { step = distance }
    // Ticks are rounded down by the device: the sample lies within its tick, there where the usual step leads.
    x = min(max(x + step, tickX), tickX + unit)
    if distance > 1.5 * step + unit {
      x = tickX
      return .forward(missing: max(0, Int(clamping: Int64((distance / step).rounded())) - 1 - sinceTick))
    }
    step += (distance - step) * 0.02
    return .forward(missing: 0)
  }

  private mutating func restart(at ticks: UInt64) -> Move {
    unwrap?.restart(at: ticks)
    shift(by: step)
    lateRun = 0
    sinceTick = 0
    return .restart
  }

  /// Moves the present place on, where samples were lost that the device's ticks do not show.
  mutating func shift(by distance: Double) {
    x += distance
    tickX += distance
  }
}
