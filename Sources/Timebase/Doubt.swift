import Motion

/// A sample whose time waits, with its place on the device's scale and its arrival in seconds after the first.
struct Waiting: Sendable {
  var sample: SensorSample
  var x: Double
  var y: Double
  /// When the host read before and did not find it, s; -infinity where it read too shortly before to say.
  var absent: Double
  var move: DeviceScale.Move
}

/// What is missing before a sample, and where, if not just before it.
struct Missing: Sendable {
  /// Nil where nothing tells.
  var samples: Int?
  var cause: Gap.Cause
  var start: SessionTime?
  var end: SessionTime?
}

/// Why samples wait for those behind them.
enum Doubt: Sendable {
  /// Nothing is known yet.
  case start
  /// Too late to be sure: a stall holds samples back and hands them on together; after a silence they are late for good.
  case late(delay: Double, isGap: Bool)
  /// The device's scale began somewhere else.
  case restart

  static let mostSamples = 1024
  /// Time (s) and samples over which a new scale is laid onto the arrivals.
  static let span = 0.3
  static let samples = 8
  /// Lateness (s) beyond which it has to be explained, if the period does not explain it.
  static let silence = 0.25
  /// A clock of the device that stays behind by this much (s) was stopped or set.
  static let stopped = 5.0
}

extension SessionClock {
  /// Whether a sample may not be what its place says.
  func suspicion(_ one: Waiting) -> Doubt? {
    guard let envelope else { return .start }
    if case .restart = one.move { return .restart }
    let delay = envelope.delay(x: one.x, y: one.y)
    if pendingCause != nil { return .late(delay: delay, isGap: true) }
    guard case .forward(let missing) = one.move else { return nil }
    // Ahead of its own arrival behind a jump of its scale: no loss does that.
    if !scale.isPlain, missing > 0, delay < -max(0.03, 3 * period) { return .restart }
    var limit = max(Doubt.silence, 5 * period)
    if !scale.isPlain { limit = min(Doubt.stopped, 0.4 * scale.period * envelope.slope) }
    return delay > limit ? .late(delay: delay, isGap: false) : nil
  }

  /// Whether those that wait have told enough.
  func isSettled(_ newest: Waiting) -> Bool {
    guard waiting.count < Doubt.mostSamples, let first = waiting.first else { return true }
    let lasted = newest.y - first.y
    switch doubt {
    case .late(let delay, let isGap):
      let now = envelope?.delay(x: newest.x, y: newest.y) ?? 0
      if !isGap && now < onTime { return true }
      // Less and less late: what was held back is still coming in.
      let isDraining = now > onTime && delay - now > max(0.1 * delay, 2 * period)
      return lasted >= Doubt.span && waiting.count >= 4 && !isDraining
    case .start where scale.isClock, .restart: return lasted >= Doubt.span && waiting.count >= Doubt.samples
    default: return lasted >= Doubt.span * 1.5 && waiting.count >= Doubt.samples
    }
  }

  private var onTime: Double { max(2 * period, 0.03) }

  /// Decides, and gives those that waited their times.
  mutating func settle(into output: inout [TimedSample]) {
    guard !waiting.isEmpty else { return }
    // Taken out and put back, so that its storage stays.
    var samples: [Waiting] = []
    swap(&samples, &waiting)
    let why = doubt
    doubt = nil
    switch why {
    case .late(let delay, let isGap): explain(&samples, delay: delay, isGap: isGap, into: &output)
    case .restart: restart(samples, cause: .reset, into: &output)
    default: start(samples, into: &output)
    }
    samples.removeAll(keepingCapacity: true)
    swap(&samples, &waiting)
  }

  /// The first fit, over the samples that waited.
  private mutating func start(_ samples: [Waiting], into output: inout [TimedSample]) {
    let first = samples[0]
    let newest = samples[samples.count - 1]
    let guess: (slope: Double, spread: Double)
    if scale.isClock {
      // Cheap devices keep time by an oscillator without a crystal.
      guess = (1, 0.000_5)
    } else if case .arrivals(_, let nominal?) = source, nominal > 0 {
      guess = (1 / nominal, 0.02)
    } else if newest.x > first.x, newest.y > first.y {
      guess = ((newest.y - first.y) / (newest.x - first.x), 1)
    } else {
      guess = (0.01, 0.5)
    }
    envelope = ArrivalEnvelope(
      x: first.x, y: first.y, slope: guess.slope, spread: guess.spread, leastSpread: 0.000_03)
    lay(samples, gap: nil, into: &output)
  }

  /// Lays a scale that has nothing to do with the one before onto the arrivals; the learned rate stays.
  private mutating func restart(_ samples: [Waiting], cause: Gap.Cause, into output: inout [TimedSample]) {
    if cause == .reset { resets += 1 }
    var least = 0
    for index in samples.indices
    where samples[index].y - envelope!.slope * samples[index].x
      < samples[least].y - envelope!.slope * samples[least].x
    {
      least = index
    }
    envelope!.restart(x: samples[least].x, y: samples[least].y)
    lay(samples, gap: Missing(samples: nil, cause: pendingCause ?? cause), into: &output)
  }

  private mutating func lay(_ samples: [Waiting], gap: Missing?, into output: inout [TimedSample]) {
    // Of those that arrived together the last has the least delay.
    var first = 0
    for index in samples.indices
    where index + 1 == samples.count || samples[index + 1].y > samples[index].y {
      let one = samples[index]
      if case .late = one.move {
      } else {
        var block = ArrivalBlock()
        block.note(
          x: samples[first].x, y: samples[first].y, absent: samples[first].absent, delay: .infinity, numberInReading: 1)
        block.note(x: one.x, y: one.y, absent: -.infinity, delay: 0, numberInReading: min(index - first + 1, 2))
        envelope!.add(block)
      }
      first = index + 1
    }
    let newest = samples[samples.count - 1]
    fitBegan = samples[0].y
    beginBlock(newest.y)
    beginTime(at: envelope!.arrival(of: samples[0].x), x: samples[0].x)
    losses.forget(at: newest.y)
    for (index, one) in samples.enumerated() {
      follow(one, gap: index == 0 && gap != nil ? gap : knownGap(one), isLaid: true, into: &output)
    }
  }

  /// What a lateness was that samples came with, after a while of looking on.
  private mutating func explain(
    _ samples: inout [Waiting], delay: Double, isGap: Bool, into output: inout [TimedSample]
  ) {
    let line = envelope!
    var stays = Double.infinity
    for one in samples { stays = min(stays, line.delay(x: one.x, y: one.y)) }
    var gap: Missing?
    if scale.isPlain {
      let lost = max((stays / period).rounded(), 0)
      // Longer than the rate can count over, or shorter than the arrivals resolve.
      let error = stays * line.slopeSpread + line.meanDelay
      if stays > onTime || isGap {
        if lost > 1e7 || (error > period / 2 && stays > Doubt.silence) {
          return restart(samples, cause: cause(samples[0]), into: &output)
        }
        gap = Missing(samples: Int(lost), cause: cause(samples[0]))
        shift(&samples, by: lost)
        if !isGap { noteSilence(Int(lost)) }
      }
    } else if !isGap || abs(stays) > onTime {
      // A short counter may have gone round several times.
      let round = scale.period * line.slope
      let rounds = (stays / round).rounded()
      let rest = stays - rounds * round
      if !(0...1e6).contains(rounds) || scale.step <= 0 || (abs(rest) > max(0.05, 3 * period) && stays > onTime) {
        return restart(samples, cause: .reset, into: &output)
      }
      if rounds > 0 {
        let more = Int(min((rounds * scale.period / scale.step).rounded(), 1e15))
        gap = Missing(samples: more + (knownGap(samples[0])?.samples ?? 0), cause: pendingCause ?? .counterJump)
        shift(&samples, by: rounds * scale.period)
      }
    }
    if isGap && gap == nil {
      gap = Missing(samples: knownGap(samples[0])?.samples ?? 0, cause: pendingCause ?? .silence)
    }
    for (index, one) in samples.enumerated() {
      follow(one, gap: index == 0 && gap != nil ? gap : knownGap(one), into: &output)
    }
  }

  private func cause(_ one: Waiting) -> Gap.Cause {
    pendingCause ?? (one.sample.flags.contains(.afterLoss) ? .corruption : .silence)
  }

  private mutating func shift(_ samples: inout [Waiting], by distance: Double) {
    for index in samples.indices { samples[index].x += distance }
    scale.shift(by: distance)
  }
}
