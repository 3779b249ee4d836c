import Motion

/// The resting inclination and frontal tilt, learnt while the tibia is quiet.
struct RestingAngle: Hashable, Sendable {
  /// Whether rest was ever seen since the start or since it was last forgotten.
  private(set) var isKnown = false
  private(set) var level = 0.0
  private(set) var frontal = 0.0
  /// The level of the newest quiet window: what a movement that begins now is measured from. `level` lags behind a sensor that slips.
  private var newest = 0.0
  /// Seconds of rest behind `level`.
  private var weight = 0.0
  private var last = SessionTime.zero
  /// Before any rest was seen: the lowest inclination so far, which a movement that runs from the start rises from.
  private var lowest = Double.infinity
  private var lowestFrontal = 0.0
  private var otherSince: SessionTime?
  // Taken over from the parameters: handing all of them on with every bin costs a copy.
  private let shiftLimit: Double
  private let newRestTime: Double
  private let windowTime: Double
  private let memory: Double
  private let lastingTime: Double

  init(_ parameters: SegmentationParameters) {
    shiftLimit = parameters.baselineShiftLimit
    newRestTime = parameters.newRestTime
    windowTime = parameters.plateauTime
    memory = parameters.restMemory
    lastingTime = parameters.enterTime
  }

  /// The inclination that movements are measured from; infinite before the first sample.
  var reference: Double { isKnown ? newest : lowest }
  var referenceFrontal: Double { isKnown ? frontal : lowestFrontal }

  /// The last bin before any rest was seen. A low value that does not last is a knock and not believed.
  mutating func noteUnknown(_ bins: [Bin]) {
    let bin = bins[bins.count - 1]
    // What the filter says before it has found the vertical is not a posture.
    guard !bin.flags.contains(.notConverged) else {
      lowest = .infinity
      return
    }
    var lasting = bin.inclination
    var i = bins.count - 2
    while i >= 0, bin.time.seconds(since: bins[i].time) <= lastingTime, !bins[i].flags.contains(.notConverged) {
      lasting = max(lasting, bins[i].inclination)
      i -= 1
    }
    if lasting < lowest {
      lowest = lasting
      lowestFrontal = bin.frontal
    }
  }

  /// A quiet window that began at `start` and ends now.
  mutating func noteQuiet(
    level new: Double, frontal newFrontal: Double, start: SessionTime, now: SessionTime
  ) {
    guard isKnown else {
      set(new, frontal: newFrontal, now: now, weight: now.seconds(since: start))
      return
    }
    guard abs(new - level) <= shiftLimit else {
      // Another posture, or the pause of somebody who is about to move: time tells.
      let since = otherSince ?? start
      otherSince = since
      if now.seconds(since: since) >= newRestTime {
        set(new, frontal: newFrontal, now: now, weight: windowTime)
      }
      return
    }
    otherSince = nil
    newest = new
    let step = min(max(now.seconds(since: last), 0), windowTime)
    last = now
    weight = min(weight + step, memory)
    let share = min(step / max(weight, 1e-3), 1)
    level += (new - level) * share
    frontal += (newFrontal - frontal) * share
  }

  /// The window that ends now is not quiet.
  mutating func noteUnquiet() { otherSince = nil }

  mutating func set(_ new: Double, frontal newFrontal: Double, now: SessionTime, weight newWeight: Double) {
    isKnown = true
    level = new
    newest = new
    frontal = newFrontal
    weight = newWeight
    last = now
    otherSince = nil
  }
}
