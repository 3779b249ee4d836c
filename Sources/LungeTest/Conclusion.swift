import AnkleKinematics
import Motion

/// A movement that is over, waiting for the resting angle after it.
struct Pending: Hashable, Sendable {
  var trial: Trial
  var isRestKnown: Bool
  var spoilsEndRange: Bool
  /// It was a change of posture, or lasted too long for a lunge.
  var isPosture: Bool
  /// When the return was noticed.
  var returned: SessionTime
  /// When the tibia was back; nil until it is seen.
  var end: SessionTime?
  /// The last quiet level seen since.
  var quiet: Double?
}

/// Mean excursion of each side's trials so far.
struct TrialHistory: Hashable, Sendable {
  private var sums = (0.0, 0.0, 0.0)
  private var counts = (0.0, 0.0, 0.0)

  func meanExcursion(_ side: Side?) -> Double? {
    let (sum, count) =
      switch side {
      case .left: (sums.0, counts.0)
      case .right: (sums.1, counts.1)
      case nil: (sums.2, counts.2)
      }
    return count > 0 ? sum / count : nil
  }

  mutating func note(_ excursion: Double, _ side: Side?) {
    switch side {
    case .left:
      sums.0 += excursion
      counts.0 += 1
    case .right:
      sums.1 += excursion
      counts.1 += 1
    case nil:
      sums.2 += excursion
      counts.2 += 1
    }
  }

  static func == (a: Self, b: Self) -> Bool { a.sums == b.sums && a.counts == b.counts }

  func hash(into hasher: inout Hasher) {
    hasher.combine(sums.0)
    hasher.combine(sums.1)
    hasher.combine(sums.2)
  }
}

extension TrialStage {
  /// Ends the running movement with the bin at `end`, and measures it.
  mutating func conclude(at end: Int, _ ending: Ending) {
    guard isMoving else { return }
    isMoving = false
    let m = movement
    let range = 0...min(max(end, 0), bins.count - 1)
    let endRange = EndRange(in: &bins, range: range, scratch: &scratch, parameters: parameters)
    var reasons: Trial.Reasons = setting.mountAssumed ? .mountAssumed : []
    var spoils = false
    var peakRate = 0.0
    var frontal = 0.0
    var low = 0
    var frontalSum = 0.0
    for i in range {
      let flags = bins[i].flags
      // A gap lies before its bin, so the first bin's is outside.
      if i > 0, flags.contains(.gap) {
        reasons.insert(.gap)
        if flags.contains(.longGap), endRange.support.contains(i), i > endRange.support.lowerBound { spoils = true }
      }
      if flags.contains(.saturated) {
        reasons.insert(.saturated)
        if endRange.support.contains(i) { spoils = true }
      }
      if flags.contains(.notConverged) { reasons.insert(.notConverged) }
      frontalSum += bins[i].frontal
      while low < i, bins[i].time.seconds(since: bins[low].time) > parameters.peakSmoothing - 0.006 {
        frontalSum -= bins[low].frontal
        low += 1
      }
      frontal = max(frontal, abs(frontalSum / Double(i - low + 1) - m.frontal))
      let base = max(low - 1, 0)
      let span = bins[i].time.seconds(since: bins[base].time)
      if i <= endRange.support.upperBound, span >= 0.5 * parameters.peakSmoothing {
        peakRate = max(peakRate, (bins[i].clean - bins[base].clean) / span)
      }
    }
    if endRange.plateau == nil { reasons.insert(.noPlateau) }
    if frontal > parameters.frontalTiltLimit { reasons.insert(.frontalTilt) }
    if case .brokenOff = ending { reasons.insert(.unfinished) }
    let sd = (endRange.commonSD * endRange.commonSD + endRange.randomSD * endRange.randomSD).squareRoot()
    let value = Uncertain(endRange.value, sd: sd)
    let distance = setting.distance?.estimate(inclination: value)
    var trial = Trial(
      stream: setting.stream, kind: .trial, number: 0, side: m.side, start: m.start, end: bins[range.upperBound].time,
      plateauStart: endRange.plateau.map { bins[$0.lowerBound].time },
      plateauEnd: endRange.plateau.map { bins[$0.upperBound].time },
      endRange: value, baseline: m.rest, peakRate: peakRate, frontalTilt: frontal,
      kneeToWall: distance?.value, verdict: .valid, reasons: reasons, commonSD: endRange.commonSD)
    trial.kneeToWallRange = distance?.range
    pending = Pending(
      trial: trial, isRestKnown: m.isRestKnown, spoilsEndRange: spoils, isPosture: false,
      returned: bins[range.upperBound].time, end: nil, quiet: nil)
    isPending = true
    switch ending {
    case .returned:
      break
    case .turned, .brokenOff:
      emitPending(after: nil)
    case .newRest(let level, let isPosture):
      pending?.isPosture = isPosture
      emitPending(after: level)
      let last = bins.count - 1
      rest.set(level, frontal: bins[last].frontal, now: bins[last].time, weight: parameters.plateauTime)
    case .tooLong:
      pending?.isPosture = true
      emitPending(after: nil)
      forget()
    }
  }

  /// Looks for the resting angle after the movement that has just ended.
  mutating func settle(_ isQuiet: Bool) {
    guard var p = pending else { return }
    let bin = bins[bins.count - 1]
    if p.end == nil, bin.inclination <= p.trial.baseline + parameters.onsetAngle { p.end = bin.time }
    if isQuiet, bins[window.start].time >= p.returned {
      p.quiet = window.level
      if p.end == nil { p.end = bins[window.start].time }
    }
    pending = p
    // A leg that is still sinking back looks shifted: a shift is only believed when the time is over.
    let isSettled = p.quiet.map { abs($0 - p.trial.baseline) <= parameters.baselineShiftLimit } ?? false
    guard isSettled || bin.time.seconds(since: p.returned) >= parameters.settleTime else { return }
    emitPending(after: p.quiet)
    if let quiet = p.quiet, !isSettled {
      rest.set(quiet, frontal: window.frontal, now: bin.time, weight: parameters.plateauTime)
    }
  }

  /// Decides what the waiting movement was, and tells it.
  mutating func emitPending(after: Double?) {
    guard let p = pending else { return }
    pending = nil
    isPending = false
    var trial = p.trial
    if let end = p.end { trial.end = max(end, trial.plateauEnd ?? trial.start) }
    if let after, p.isRestKnown, abs(after - trial.baseline) > parameters.baselineShiftLimit {
      trial.reasons.insert(.baselineShift)
    }
    // The longer of the ways out and back: the pause that a movement began from need not have been rest, and a session that
    // began in the middle of a movement shows its rest only afterwards.
    let base = min(trial.baseline, after ?? trial.baseline)
    let excursion = trial.endRange.value - base
    let isHeld = trial.plateauStart != nil
    let isTooSmall = excursion < (isHeld ? parameters.minimumExcursion : parameters.minimumUnheldExcursion)
    let isBrokenOff =
      !isHeld && history.meanExcursion(trial.side).map { excursion < parameters.brokenOffShare * $0 } ?? false
    let isTooShort = trial.end.seconds(since: trial.start) < parameters.minimumDuration
    let isNoLunge = p.isPosture || excursion > parameters.greatestExcursion
    trial.kind = isTooSmall || isBrokenOff || isTooShort || isNoLunge ? .aborted : .trial
    trial.verdict = Verdict.of(trial.reasons, spoilsEndRange: p.spoilsEndRange)
    if trial.kind == .trial, trial.verdict != .invalid { history.note(excursion, trial.side) }
    tell(trial)
  }
}
