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
    let seen = Observation(
      of: bins, range: range, endRange: endRange, rest: m.pose, parameters: parameters)
    var reasons = seen.reasons
    if setting.mountAssumed { reasons.insert(.mountAssumed) }
    if case .brokenOff = ending { reasons.insert(.unfinished) }
    if m.rest < -parameters.greatestLeanBack || m.rest > parameters.greatestLeanForward
      || abs(m.pose.frontal) > parameters.greatestLeanAside
    {
      reasons.insert(.mountContradicted)
    }
    let plateau = endRange.plateau.map { (start: bins[$0.lowerBound].time, end: bins[$0.upperBound].time) }
    let constant = setting.constant?.held(for: plateau.map { $0.end.seconds(since: $0.start) } ?? 0)
    let commonSD = commonSD(of: endRange, held: constant)
    let sd = (commonSD * commonSD + endRange.randomSD * endRange.randomSD).squareRoot()
    let value = Uncertain(endRange.value, sd: sd)
    let distance = setting.distance?.estimate(inclination: value, constant: constant)
    var trial = Trial(
      stream: setting.stream, kind: seen.isCalibration ? .calibration : .trial, number: 0, side: m.side, start: m.start,
      end: bins[range.upperBound].time,
      plateauStart: plateau?.start, plateauEnd: plateau?.end,
      endRange: value, baseline: m.rest, peakRate: seen.peakRate, frontalTilt: Self.medial(seen.frontal, m.side),
      kneeToWall: distance?.value, verdict: .valid,
      reasons: reasons.intersection(setting.test.doubts),
      commonSD: commonSD, axialRotation: seen.axial.isNaN ? nil : Self.internalRotation(seen.axial, m.side),
      heelLift: seen.heelLift.isNaN ? nil : seen.heelLift,
      dorsiflexion: seen.footPitch.isNaN || setting.test.quantity == .ankleAngle ? nil : endRange.value - seen.footPitch
    )
    trial.kneeToWallRange = distance?.range
    if trial.heelLift != nil, seen.heelLiftSD.isFinite { trial.heelLiftSD = seen.heelLiftSD }
    if trial.dorsiflexion != nil {
      let combined = (sd * sd + seen.footPitchSD * seen.footPitchSD).squareRoot()
      if combined.isFinite { trial.dorsiflexionSD = combined }
    }
    pending = Pending(
      trial: trial, isRestKnown: m.isRestKnown, spoilsEndRange: seen.spoilsEndRange, isPosture: false,
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

  /// What the readings' uncertainty has in common, less what the filter has not taken on of the accelerometer's error in the time of the hold.
  private func commonSD(of endRange: EndRange, held: ConstantUncertainty?) -> Double {
    guard let held, let full = setting.constant else { return endRange.commonSD }
    // Where the ankle's angle is the end range, the shank hardly moves.
    let cosine = setting.test.quantity == .ankleAngle ? 1 : Double.cos(endRange.value)
    let spared = full.accelerometerVariance(cosine: cosine) - held.accelerometerVariance(cosine: cosine)
    return max(endRange.commonSD * endRange.commonSD - spared, 0).squareRoot()
  }

  /// A tilt to the right, medial positive; its size where the side is not known.
  private static func medial(_ tilt: Double, _ side: Side?) -> Double {
    side.map { $0 == .left ? tilt : -tilt } ?? abs(tilt)
  }

  /// A rotation right-handed about the proximal axis (to the left), internal positive; its size where the side is not known.
  private static func internalRotation(_ turn: Double, _ side: Side?) -> Double {
    side.map { $0 == .right ? turn : -turn } ?? abs(turn)
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
      trial.reasons.formUnion(setting.test.doubts.intersection(.baselineShift))
    }
    // The longer of the ways out and back: the pause that a movement began from need not have been rest, and a session that
    // began in the middle of a movement shows its rest only afterwards.
    let base = min(trial.baseline, after ?? trial.baseline)
    let excursion = trial.endRange.value - base
    let isHeld = trial.plateauStart != nil
    let isTooSmall = excursion < parameters.minimumExcursion
    let leastShare = isFirm(trial) ? parameters.heldBrokenOffShare : parameters.brokenOffShare
    let isBrokenOff = history.meanExcursion(trial.side).map { excursion < leastShare * $0 } ?? false
    let isTooShort = trial.end.seconds(since: trial.start) < parameters.minimumDuration
    let isNoLunge = p.isPosture || isTooShort || excursion > parameters.greatestExcursion
    if trial.kind == .trial, isTooSmall || isBrokenOff || isNoLunge { trial.kind = .aborted }
    trial.verdict = Verdict.of(trial.reasons, spoilsEndRange: p.spoilsEndRange)
    sort(
      trial, excursion: excursion, isLungeLike: !isNoLunge && !isTooSmall,
      isSmall: !isHeld && excursion < parameters.minimumUnheldExcursion)
  }
}
