import Motion

extension TrialStage {
  /// The newest bin, while no movement runs: the resting angle goes on being learned, and a movement may begin.
  mutating func stepAtRest(_ isQuiet: Bool) {
    let now = bins[bins.count - 1].time
    let inclination = bins[bins.count - 1].inclination
    if isPending { settle(isQuiet) }
    if !isPending {
      if isQuiet {
        rest.noteQuiet(
          level: window.level, frontal: window.frontal, start: bins[window.start].time, now: now)
      } else {
        rest.noteUnquiet()
      }
    }
    if !rest.isKnown { rest.noteUnknown(bins) }
    guard inclination > rest.reference + parameters.enterAngle else {
      aboveSince = nil
      return
    }
    let since = aboveSince ?? now
    aboveSince = since
    guard now.seconds(since: since) >= parameters.enterTime else { return }
    // Back to where the tibia left its resting angle, but not into the movement before.
    let earliest = pending?.returned ?? bins[0].time
    var start = bins.count - 1
    while start > 0, bins[start].inclination > rest.reference + parameters.onsetAngle,
      bins[start - 1].time >= earliest
    {
      start -= 1
    }
    if isPending {
      let turn = bins[start].time
      if pending?.end == nil { pending?.end = turn }
      emitPending(after: nil)
    }
    begin(at: start, rest: rest.reference, frontal: rest.referenceFrontal, isRestKnown: rest.isKnown)
  }

  /// A movement that began with the bin at `start`.
  mutating func begin(at start: Int, rest level: Double, frontal: Double, isRestKnown: Bool) {
    let pose = RestingPose(
      frontal: frontal, axial: meanBefore(start, \.axial), foot: meanBefore(start, \.foot),
      footSD: meanBefore(start, \.footSD))
    drop(start)
    aboveSince = nil
    movement = Movement(
      side: side, start: bins[0].time, rest: level, pose: pose, isRestKnown: isRestKnown, peak: window.short,
      last: bins.count - 1)
    isMoving = true
    progress.isMoving = true
    progress.peak = window.short
  }

  /// Mean of something over a third of a second before a bin; where there is nothing before, the bin's own.
  private func meanBefore(_ start: Int, _ path: KeyPath<Bin, Double>) -> Double {
    var (sum, count) = (0.0, 0.0)
    var i = start - 1
    while i >= 0, bins[start].time.seconds(since: bins[i].time) < 0.35 {
      let value = bins[i][keyPath: path]
      i -= 1
      guard !value.isNaN else { continue }
      sum += value
      count += 1
    }
    return count > 0 ? sum / count : bins[start][keyPath: path]
  }
}
