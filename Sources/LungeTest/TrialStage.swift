import AnkleKinematics
import Motion

/// What the trial stage has to know about the session besides its samples.
public struct TrialSetting: Hashable, Sendable {
  public var stream: StreamID
  public var side: Side?
  /// nil where the person's lengths are not known: trials then carry no distance.
  public var bodyLengths: BodyLengths?
  /// The mount is the device page's default, not the user's word.
  public var mountAssumed: Bool

  public init(
    stream: StreamID = StreamID(0), side: Side? = nil, bodyLengths: BodyLengths? = nil, mountAssumed: Bool = false
  ) {
    self.stream = stream
    self.side = side
    self.bodyLengths = bodyLengths
    self.mountAssumed = mountAssumed
  }
}

/// Where the tibia is in a movement, for a view that shows it live.
@frozen
public struct MovementProgress: Hashable, Sendable {
  public var isMoving: Bool
  /// Greatest inclination of the running movement, or of the last one, rad; nil before the first.
  public var peak: Double?
  /// How long the present plateau has lasted, s; zero outside a plateau.
  public var hold: Double
  /// Trials so far.
  public var trials: Int

  @inlinable
  public init(isMoving: Bool = false, peak: Double? = nil, hold: Double = 0, trials: Int = 0) {
    self.isMoving = isMoving
    self.peak = peak
    self.hold = hold
    self.trials = trials
  }
}

/// Finds the movements in a stream of inclinations, and measures each.
///
/// Samples are averaged into short bins, so that nothing depends on the rate. Resting is where the angle is quiet; a movement begins when the
/// tibia has leaned well beyond its resting angle for a while, and ends when it is back, when it rests somewhere else on the way back, or when it turns
/// round deep in a valley and leans again. What is found is given once its new resting angle is known, and never revised.
///
/// A plain value: a copy is a snapshot. Nothing is allocated after `init`.
public struct TrialStage: Sendable {
  private let parameters: SegmentationParameters
  private var setting: TrialSetting
  // The bin that is being filled.
  private var bin = Bin()
  private var window: QuietWindow
  private var record: MovementRecord
  // Rest.
  private var baseline: Double?
  private var restingTilt = 0.0
  private var lastNearBaseline = 0.0
  private var beyondSince: Double?
  private var lastGap = (start: -Double.infinity, end: -Double.infinity)
  // The running movement.
  private var isMoving = false
  /// The running movement, while there is one. No optional: that would be moved out and in again at every bin.
  private var running = Movement()
  private var smoothed = 0.0
  private var smoothedTilt = 0.0
  private var lastTime: Double?
  private var holdSince: Double?
  // A movement that waits for its new resting angle.
  private var waiting: (trial: Trial, deadline: Double, end: Double)?
  private var bestExcursion = 0.0
  private var peak: Double?
  private var trials = 0
  /// Samples whose angle was no number: they are left out, and counted.
  public private(set) var nonFinite: UInt64 = 0

  private struct Bin: Sendable {
    var index = Int64.min
    var count = 0.0
    var time = 0.0
    var angle = 0.0
    var sd = 0.0
    var tilt = 0.0
    var flags: InclinationSample.Flags = []
  }

  private struct Movement: Sendable {
    var start = 0.0
    var side: Side?
    var baseline = 0.0
    var peak = 0.0
    var valley = 0.0
    var valleyTime = 0.0
    var peakRate = 0.0
    var frontalTilt = 0.0
    var startedConverged = true
    /// Stretches of time with missing or clipped samples; beyond four they are one long stretch.
    var losses: InlineArray<4, (start: Double, end: Double)> = .init(repeating: (0, -1))
    var lossCount = 0
    var hasGap = false
    var hasSaturation = false
    var backSince: Double?
    var riseSince: Double?

    mutating func noteGap(from start: Double, to end: Double) {
      hasGap = true
      addLoss(from: start, to: end)
    }

    mutating func addLoss(from start: Double, to end: Double) {
      if lossCount > 0 && start <= losses[lossCount - 1].end + 0.05 {
        losses[lossCount - 1].end = max(losses[lossCount - 1].end, end)
      } else if lossCount < 4 {
        losses[lossCount] = (start, end)
        lossCount += 1
      } else {
        losses[3].end = max(losses[3].end, end)
      }
    }

    func losesInside(_ from: Double, _ to: Double) -> Bool {
      for index in 0..<lossCount where losses[index].start <= to && losses[index].end >= from { return true }
      return false
    }
  }

  public init(_ setting: TrialSetting, parameters: SegmentationParameters = SegmentationParameters()) {
    self.setting = setting
    self.parameters = parameters
    window = QuietWindow(length: parameters.quietWindow, binWidth: parameters.binWidth)
    record = MovementRecord(parameters)
  }

  /// Where the movement stands now. Kept, because whoever asks for it at every sample would otherwise copy the whole stage.
  public private(set) var progress = MovementProgress()

  private mutating func updateProgress() {
    let hold = holdSince.map { (lastTime ?? $0) - $0 } ?? 0
    progress.isMoving = isMoving
    progress.peak = peak
    progress.hold = isMoving ? hold : 0
    progress.trials = trials
  }

  /// From here on, movements are of this leg.
  public mutating func setSide(_ side: Side?) { setting.side = side }

  /// Samples are missing between these times.
  public mutating func noteGap(from start: SessionTime, to end: SessionTime) {
    lastGap = (start.seconds, end.seconds)
    if isMoving { running.noteGap(from: start.seconds, to: end.seconds) }
    if end.seconds(since: start) > parameters.quietWindow / 2 { window.removeAll() }
  }

  /// Takes the next sample; returns a movement that is over, at most one a sample.
  public mutating func update(_ sample: InclinationSample) -> Trial? {
    guard sample.inclination.isFinite, sample.frontalTilt.isFinite else {
      nonFinite += 1
      return nil
    }
    let index = Int64((sample.time.seconds / parameters.binWidth).rounded(.down))
    var finished: Trial?
    if index != bin.index {
      finished = closeBin()
      updateProgress()
      bin = Bin()
      bin.index = index
    }
    bin.count += 1
    bin.time += sample.time.seconds
    bin.angle += sample.inclination
    bin.sd += sample.inclinationSD
    bin.tilt += sample.frontalTilt
    bin.flags.formUnion(sample.flags)
    return finished
  }

  /// The session is over: a movement that waits or still runs is given as it is. To be called until it returns nil.
  public mutating func finish() -> Trial? {
    defer { updateProgress() }
    if let trial = closeBin() { return trial }
    if waiting != nil { return giveWaiting(after: nil) }
    if isMoving, let time = lastTime { endMovement(at: time, unfinished: true) }
    return giveWaiting(after: nil)
  }

  // MARK: One bin

  private mutating func closeBin() -> Trial? {
    guard bin.count > 0 else { return nil }
    let time = bin.time / bin.count
    let angle = bin.angle / bin.count
    let sd = bin.sd / bin.count
    let tilt = bin.tilt / bin.count
    let flags = bin.flags
    bin.count = 0
    let interval = lastTime.map { time - $0 } ?? 0
    lastTime = time
    // 50 ms: knocks lose their edge, movements do not.
    let share = interval > 0 ? interval / (interval + 0.05) : 1
    let before = smoothed
    smoothed += (angle - smoothed) * share
    smoothedTilt += (tilt - smoothedTilt) * share
    window.append(time: time, value: angle)
    let fit = window.fit()
    let quiet = fit.map(parameters.isQuiet) ?? false
    var finished: Trial?
    if isMoving {
      let rate = interval > 0 ? (smoothed - before) / interval : 0
      finished = move(time, angle, sd, rate: rate, flags: flags, quiet: quiet, fit: fit)
    } else {
      finished = rest(time, quiet: quiet, level: fit?.level, interval: interval, flags: flags, sd: sd, angle: angle)
    }
    return finished
  }

  private mutating func rest(
    _ time: Double, quiet: Bool, level: Double?, interval: Double, flags: InclinationSample.Flags, sd: Double,
    angle: Double
  ) -> Trial? {
    if quiet, let level { settle(on: level, at: time, interval: interval) }
    guard let baseline else { return nil }
    if smoothed < baseline + parameters.startAngle { lastNearBaseline = time }
    if smoothed > baseline + parameters.enterAngle {
      let since = beyondSince ?? time
      beyondSince = since
      if time - since >= parameters.dwell - 1e-9 {
        let given = giveWaiting(after: nil)
        begin(at: min(lastNearBaseline, since), baseline: baseline, flags: flags)
        record.append(time: time, angle: angle, sd: sd)
        return given
      }
    } else {
      beyondSince = nil
    }
    if let waiting {
      // The window must lie behind the movement's end for its level to be the new resting angle.
      if quiet, let level, time - waiting.end >= parameters.quietWindow { return giveWaiting(after: level) }
      if time >= waiting.deadline { return giveWaiting(after: nil) }
    }
    return nil
  }

  /// Follows the resting angle: slowly near it, at once where the tibia comes to rest further back, and after a while a little further forward.
  private mutating func settle(on level: Double, at time: Double, interval: Double) {
    guard let resting = baseline else {
      baseline = level
      restingTilt = smoothedTilt
      lastNearBaseline = time
      return
    }
    let off = level - resting
    let share = min(1, interval / (abs(off) < parameters.startAngle ? 2.0 : 0.5))
    baseline = off < -parameters.startAngle ? level : resting + off * share
    restingTilt += (smoothedTilt - restingTilt) * share
  }

  // MARK: The movement

  private mutating func begin(at start: Double, baseline: Double, flags: InclinationSample.Flags) {
    record.removeAll()
    beyondSince = nil
    holdSince = nil
    isMoving = true
    running = Movement(
      start: start, side: setting.side, baseline: baseline, peak: smoothed, valley: smoothed,
      valleyTime: start, startedConverged: !flags.contains(.notConverged))
    // A movement is only seen a little after it began: a gap in between belongs to it.
    if lastGap.end > start { running.noteGap(from: lastGap.start, to: lastGap.end) }
    peak = smoothed
  }

  private mutating func move(
    _ time: Double, _ angle: Double, _ sd: Double, rate: Double, flags: InclinationSample.Flags, quiet: Bool,
    fit: QuietWindow.Fit?
  ) -> Trial? {
    record.append(time: time, angle: angle, sd: sd)
    if flags.contains(.saturated) {
      running.hasSaturation = true
      running.addLoss(from: time, to: time)
    }
    running.frontalTilt = max(running.frontalTilt, abs(smoothedTilt - restingTilt))
    if smoothed > running.peak {
      running.peak = smoothed
      running.valley = smoothed
      running.valleyTime = time
      running.peakRate = max(running.peakRate, rate)
    } else if smoothed < running.valley {
      running.valley = smoothed
      running.valleyTime = time
    }
    peak = max(peak ?? smoothed, smoothed)
    if quiet, let fit, fit.level > running.peak - 3 * radiansPerDegree {
      if holdSince == nil { holdSince = time - parameters.quietWindow }
    } else {
      holdSince = nil
    }
    let excursion = running.peak - running.baseline
    // Back at the resting angle.
    if smoothed < running.baseline + parameters.returnAngle {
      let since = running.backSince ?? time
      running.backSince = since
      if time - since >= parameters.dwell - 1e-9 {
        return end(at: since, resting: running.baseline)
      }
    } else {
      running.backSince = nil
    }
    // At rest on the way back: a new resting angle.
    if quiet, let fit, fit.level < running.baseline + excursion / 2,
      time - running.valleyTime < 5 * parameters.quietWindow
    {
      return end(at: max(running.start, time - parameters.quietWindow), resting: fit.level)
    }
    // Round a valley and forward again: one movement is over and the next has begun.
    if running.valley < running.baseline + excursion / 2, smoothed > running.valley + parameters.enterAngle {
      let since = running.riseSince ?? time
      running.riseSince = since
      if time - since >= parameters.dwell - 1e-9 {
        let valley = running.valleyTime
        let baseline = running.baseline
        let given = end(at: valley, resting: baseline)
        begin(at: valley, baseline: baseline, flags: flags)
        return given
      }
    } else {
      running.riseSince = nil
    }
    if time - running.start > parameters.longestMovement { return end(at: time, resting: smoothed) }
    return nil
  }

  /// Ends the running movement; it then waits for its new resting angle. Returns one that waited before, if there was one.
  private mutating func end(at time: Double, resting: Double) -> Trial? {
    let earlier = giveWaiting(after: nil)
    endMovement(at: time, unfinished: false)
    baseline = resting
    lastNearBaseline = time
    return earlier
  }

  private mutating func endMovement(at time: Double, unfinished: Bool) {
    guard isMoving else { return }
    isMoving = false
    holdSince = nil
    let found = record.endRange(parameters)
    let excursion = found.value - running.baseline
    // A knock: nothing that a leg does is over so soon.
    guard time - running.start > 2 * parameters.dwell || unfinished else { return }
    var reasons: Trial.Reasons = []
    if setting.mountAssumed { reasons.insert(.mountAssumed) }
    if found.plateau == nil { reasons.insert(.noPlateau) }
    if running.hasGap { reasons.insert(.gap) }
    if running.hasSaturation { reasons.insert(.saturated) }
    if !running.startedConverged { reasons.insert(.notConverged) }
    if running.frontalTilt > VerdictTable.frontalTilt { reasons.insert(.frontalTilt) }
    if unfinished { reasons.insert(.unfinished) }
    let measured =
      found.plateau.map { (record.times[$0.lowerBound], record.times[$0.upperBound - 1]) }
      ?? (record.times[found.peak] - 0.25, record.times[found.peak] + 0.25)
    let isSmall = excursion < parameters.leastExcursion
    let isShort = found.plateau == nil && excursion < parameters.abortedShare * bestExcursion
    let kind: Trial.Kind = isSmall || isShort || (unfinished && found.plateau == nil) ? .aborted : .trial
    if kind == .trial {
      trials += 1
      bestExcursion = max(bestExcursion, excursion)
    }
    let endRange = Uncertain(found.value, sd: found.sd)
    let trial = Trial(
      stream: setting.stream, kind: kind, number: trials, side: running.side,
      start: SessionTime(seconds: running.start), end: SessionTime(seconds: time),
      plateauStart: found.plateau.map { SessionTime(seconds: record.times[$0.lowerBound]) },
      plateauEnd: found.plateau.map { SessionTime(seconds: record.times[$0.upperBound - 1]) }, endRange: endRange,
      baseline: running.baseline, peakRate: running.peakRate, frontalTilt: running.frontalTilt,
      kneeToWall: setting.bodyLengths?.kneeToWall(inclination: endRange),
      verdict: VerdictTable.verdict(
        reasons, isMeasuredDespiteLoss: !running.losesInside(measured.0, measured.1)), reasons: reasons)
    waiting = (trial, time + parameters.settleTime, time)
  }

  /// Gives the movement that waited; with the new resting angle where that is known.
  private mutating func giveWaiting(after level: Double?) -> Trial? {
    guard var trial = waiting?.trial else { return nil }
    waiting = nil
    if let level, abs(level - trial.baseline) > VerdictTable.baselineShift {
      trial.reasons.insert(.baselineShift)
      if trial.verdict == .valid { trial.verdict = .attention }
    }
    return trial
  }
}
