import Motion

/// A movement that is under way. Indices are those of the stage's bins, the first of which is the movement's start.
struct Movement: Hashable, Sendable {
  var side: Side?
  var start = SessionTime.zero
  var rest = 0.0
  var pose = RestingPose()
  var isRestKnown = false
  /// Greatest inclination so far, over `peakSmoothing`.
  var peak = 0.0
  /// Least inclination since the peak, and its bin.
  var valley = 0.0
  var valleyIndex = 0
  var belowSince: SessionTime?
  /// A level that the tibia has stayed at, since when, and until which bin.
  var shelf: Double?
  var shelfSince = SessionTime.zero
  var shelfTime = 0.0
  var shelfStartIndex = 0
  /// The peak when the tibia came to that level.
  var shelfPeak = 0.0

  /// What stands for a movement while there is none.
  init() {}

  init(
    side: Side?, start: SessionTime, rest: Double, pose: RestingPose, isRestKnown: Bool, peak: Double, last: Int
  ) {
    self.side = side
    self.start = start
    self.rest = rest
    self.pose = pose
    self.isRestKnown = isRestKnown
    self.peak = peak
    self.valley = peak
    self.valleyIndex = last
    self.shelfSince = start
    self.shelfStartIndex = last
    self.shelfPeak = peak
  }

  mutating func halveIndices() {
    valleyIndex /= 2
    shelfStartIndex /= 2
  }
}

extension TrialStage {
  /// How a movement came to its end.
  enum Ending {
    /// The tibia is back at its resting angle.
    case returned
    /// Another movement begins from here.
    case turned
    /// It rests at another level.
    case newRest(Double, isPosture: Bool)
    /// It lasted too long for anything.
    case tooLong
    /// The session or the data ended.
    case brokenOff
  }

  mutating func stepInMovement(_ isQuiet: Bool) {
    let last = bins.count - 1
    let now = bins[last].time
    let level = window.short
    if level > movement.peak {
      movement.peak = level
      movement.valley = level
      movement.valleyIndex = last
    } else if level < movement.valley {
      movement.valley = level
      movement.valleyIndex = last
    }
    noteShelf(isQuiet)
    if bins[last].inclination >= movement.rest + parameters.leaveAngle {
      movement.belowSince = nil
    } else if movement.belowSince == nil {
      movement.belowSince = now
    }

    if let since = movement.belowSince, now.seconds(since: since) >= parameters.leaveTime {
      conclude(at: last, .returned)
      return
    }
    let excursion = movement.peak - movement.rest
    if movement.peak - movement.valley >= max(parameters.minimumExcursion, parameters.returnShare * excursion),
      level - movement.valley >= parameters.minimumExcursion
    {
      let m = movement
      let valley = m.valleyIndex
      conclude(at: valley, .turned)
      begin(at: valley, rest: m.rest, frontal: m.pose.frontal, isRestKnown: m.isRestKnown)
      return
    }
    if let shelf = movement.shelf {
      let isLow = shelf - movement.rest < parameters.minimumExcursion
      let isWayBack = movement.peak - shelf >= max(parameters.minimumExcursion, 0.5 * excursion)
      if movement.shelfTime >= parameters.postureTime, level - shelf >= parameters.minimumExcursion {
        // What was held was a posture; the lunge begins from it.
        var start = last
        while start > movement.shelfStartIndex, bins[start].inclination > shelf + parameters.onsetAngle { start -= 1 }
        let frontal = bins[start].frontal
        let isPosture = movement.shelfPeak - shelf < parameters.minimumExcursion
        conclude(at: min(movement.shelfStartIndex, start), .newRest(shelf, isPosture: isPosture))
        begin(at: start, rest: shelf, frontal: frontal, isRestKnown: true)
        return
      }
      let isOnShelf = abs(level - shelf) <= Self.shelfBand
      if isOnShelf,
        isLow && movement.shelfTime >= parameters.postureTime
          || isWayBack && movement.shelfTime >= parameters.newRestTime
      {
        conclude(at: movement.shelfStartIndex, .newRest(shelf, isPosture: false))
        return
      }
      if isOnShelf, movement.shelfTime >= parameters.longestHold {
        conclude(at: movement.shelfStartIndex, .newRest(shelf, isPosture: true))
        return
      }
    }
    if now.seconds(since: movement.start) > parameters.longestMovement { conclude(at: last, .tooLong) }
  }

  /// How far the tibia wavers at a level that it stays at.
  static var shelfBand: Double { 2.5 * radiansPerDegree }

  private mutating func noteShelf(_ isQuiet: Bool) {
    let now = bins[bins.count - 1].time
    if isQuiet, movement.shelf.map({ abs(window.level - $0) > Self.shelfBand }) ?? true {
      movement.shelf = window.level
      movement.shelfSince = bins[window.start].time
      movement.shelfStartIndex = window.start
      movement.shelfTime = 0
      movement.shelfPeak = movement.peak
    }
    if let shelf = movement.shelf, abs(window.short - shelf) <= Self.shelfBand {
      movement.shelfTime = max(movement.shelfTime, now.seconds(since: movement.shelfSince))
    }
  }
}
