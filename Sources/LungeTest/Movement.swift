import Motion

/// A movement that is under way. Indices are those of the stage's bins, the first of which is the movement's start.
struct Movement: Hashable, Sendable {
  var side: Side?
  var start: SessionTime
  var rest: Double
  var frontal: Double
  var isRestKnown: Bool
  /// Greatest inclination so far, over `peakSmoothing`.
  var peak: Double
  /// Least inclination since the peak, and its bin.
  var valley: Double
  var valleyIndex: Int
  var belowSince: SessionTime?
  /// A level that the tibia has stayed at, since when, and until which bin.
  var shelf: Double?
  var shelfSince: SessionTime
  var shelfTime = 0.0
  var shelfStartIndex: Int
  /// The peak when the tibia came to that level.
  var shelfPeak: Double

  init(
    side: Side?, start: SessionTime, rest: Double, frontal: Double, isRestKnown: Bool, peak: Double, last: Int
  ) {
    self.side = side
    self.start = start
    self.rest = rest
    self.frontal = frontal
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
    guard var m = movement else { return }
    let last = bins.count - 1
    let now = bins[last].time
    let level = window.short
    if level > m.peak {
      m.peak = level
      m.valley = level
      m.valleyIndex = last
    } else if level < m.valley {
      m.valley = level
      m.valleyIndex = last
    }
    noteShelf(&m, isQuiet)
    if bins[last].inclination >= m.rest + parameters.leaveAngle {
      m.belowSince = nil
    } else if m.belowSince == nil {
      m.belowSince = now
    }
    movement = m

    if let since = m.belowSince, now.seconds(since: since) >= parameters.leaveTime {
      conclude(at: last, .returned)
      return
    }
    let fall = m.peak - m.valley
    if fall >= max(parameters.minimumExcursion, parameters.returnShare * (m.peak - m.rest)),
      level - m.valley >= parameters.minimumExcursion
    {
      let valley = m.valleyIndex
      conclude(at: valley, .turned)
      begin(at: valley, rest: m.rest, frontal: m.frontal, isRestKnown: m.isRestKnown)
      return
    }
    if let shelf = m.shelf {
      let isLow = shelf - m.rest < parameters.minimumExcursion
      let isWayBack =
        m.peak - shelf >= max(parameters.minimumExcursion, 0.5 * (m.peak - m.rest))
      if m.shelfTime >= parameters.postureTime, level - shelf >= parameters.minimumExcursion {
        // What was held was a posture; the lunge begins from it.
        var start = last
        while start > m.shelfStartIndex, bins[start].inclination > shelf + parameters.onsetAngle { start -= 1 }
        let frontal = bins[start].frontal
        let isPosture = m.shelfPeak - shelf < parameters.minimumExcursion
        conclude(at: min(m.shelfStartIndex, start), .newRest(shelf, isPosture: isPosture))
        begin(at: start, rest: shelf, frontal: frontal, isRestKnown: true)
        return
      }
      let isOnShelf = abs(level - shelf) <= Self.shelfBand
      if isOnShelf, isLow && m.shelfTime >= parameters.postureTime || isWayBack && m.shelfTime >= parameters.newRestTime
      {
        conclude(at: m.shelfStartIndex, .newRest(shelf, isPosture: false))
        return
      }
      if isOnShelf, m.shelfTime >= parameters.longestHold {
        conclude(at: m.shelfStartIndex, .newRest(shelf, isPosture: true))
        return
      }
    }
    if now.seconds(since: m.start) > parameters.longestMovement { conclude(at: last, .tooLong) }
  }

  /// How far the tibia wavers at a level that it stays at.
  static var shelfBand: Double { 2.5 * radiansPerDegree }

  private func noteShelf(_ m: inout Movement, _ isQuiet: Bool) {
    let now = bins[bins.count - 1].time
    if isQuiet, m.shelf.map({ abs(window.level - $0) > Self.shelfBand }) ?? true {
      m.shelf = window.level
      m.shelfSince = bins[window.start].time
      m.shelfStartIndex = window.start
      m.shelfTime = 0
      m.shelfPeak = m.peak
    }
    if let shelf = m.shelf, abs(window.short - shelf) <= Self.shelfBand {
      m.shelfTime = max(m.shelfTime, now.seconds(since: m.shelfSince))
    }
  }
}
