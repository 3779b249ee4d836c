import Motion

/// The other angles just before a movement began, rad: what its tilt, its rotation and its foot pitch are measured from.
struct RestingPose: Hashable, Sendable {
  var frontal = 0.0
  var axial = 0.0
  var foot = 0.0
  var footSD = Double.nan
}

/// What went on during a movement besides its end range: rates, tilts, and all that speaks against it. Angles in rad.
struct Observation: Hashable, Sendable {
  var reasons: Trial.Reasons = []
  /// A long gap or saturation lies where end range was taken, or what was taken cannot be an end range.
  var spoilsEndRange = false
  /// Whether it lies in the calibrating section.
  var isCalibration = false
  /// Greatest rate on the way to end range, rad/s.
  var peakRate = 0.0
  /// The deviations from rest that were greatest in size, with their sign: tilt to the right, and rotation right-handed about the proximal axis. The rotation is
  /// NaN where it is not known.
  var frontal = 0.0
  var axial = Double.nan
  /// Mean pitch of the foot at end range, and its difference from the movement's start; NaN without a foot sensor.
  var footPitch = Double.nan
  var heelLift = Double.nan
  /// Their standard uncertainties.
  var footPitchSD = Double.nan
  var heelLiftSD = Double.nan

  /// Looks at the bins of a movement whose end range was found, so that their `clean` is filled.
  init(
    of bins: borrowing [Bin], range: ClosedRange<Int>, endRange: EndRange, rest: RestingPose,
    parameters: SegmentationParameters
  ) {
    let first = bins[range.lowerBound]
    var (low, frontalSum, axialSum) = (range.lowerBound, 0.0, 0.0)
    var (footSum, footSDSum, footCount, isQuasiStatic) = (0.0, 0.0, 0.0, false)
    for i in range {
      note(bins[i].flags, at: i, range: range, endRange: endRange)
      isQuasiStatic = isQuasiStatic || bins[i].flags.contains(.quasiStatic)
      frontalSum += bins[i].frontal
      axialSum += bins[i].axial - rest.axial
      while low < i, bins[i].time.seconds(since: bins[low].time) > parameters.peakSmoothing - 0.006 {
        frontalSum -= bins[low].frontal
        axialSum -= bins[low].axial - rest.axial
        low += 1
      }
      let count = Double(i - low + 1)
      let tilt = frontalSum / count - rest.frontal
      if abs(tilt) > abs(frontal) { frontal = tilt }
      if bins[i].time.seconds(since: first.time) <= parameters.longestRotation {
        let turn = axialSum / count
        if axial.isNaN || abs(turn) > abs(axial) { axial = turn }
      }
      let base = max(low - 1, range.lowerBound)
      let span = bins[i].time.seconds(since: bins[base].time)
      if i <= endRange.support.upperBound, span >= 0.5 * parameters.peakSmoothing {
        peakRate = max(peakRate, (bins[i].clean - bins[base].clean) / span)
      }
      if endRange.support.contains(i), !bins[i].foot.isNaN {
        footSum += bins[i].foot
        footSDSum += bins[i].footSD
        footCount += 1
      }
    }
    // A foot sensor that was away for most of end range saw none.
    if 2 * footCount >= Double(endRange.support.count) {
      footPitch = footSum / footCount
      footPitchSD = footSDSum / footCount
    }
    heelLift = footPitch - rest.foot
    heelLiftSD = (footPitchSD * footPitchSD + rest.footSD * rest.footSD).squareRoot()
    if endRange.plateau == nil { reasons.insert(.noPlateau) }
    if abs(frontal) > parameters.frontalTiltLimit { reasons.insert(.frontalTilt) }
    if abs(axial) > parameters.axialRotationLimit { reasons.insert(.axialRotation) }
    if heelLift > parameters.heelLiftDecision(sd: heelLiftSD) { reasons.insert(.heelLift) }
    if endRange.commonSD.isNaN { reasons.insert(.uncertaintyUnknown) }
    if peakRate > parameters.greatestRate { reasons.insert(.tooFast) }
    if isQuasiStatic, endRange.plateau == nil {
      // Without a gyroscope the peak of a quick movement is as much acceleration as angle.
      reasons.insert(.tooFast)
      spoilsEndRange = true
    }
  }

  private mutating func note(_ flags: Bin.Flags, at i: Int, range: ClosedRange<Int>, endRange: EndRange) {
    guard !flags.isEmpty else { return }
    // A gap lies before its bin, so the first bin's is outside.
    if i > range.lowerBound, flags.contains(.gap) {
      reasons.insert(.gap)
      if flags.contains(.longGap), endRange.support.contains(i), i > endRange.support.lowerBound {
        spoilsEndRange = true
      }
    }
    if i > range.lowerBound, flags.contains(.resynchronised) { reasons.insert(.resynchronised) }
    if flags.contains(.saturated) {
      reasons.insert(.saturated)
      if endRange.support.contains(i) { spoilsEndRange = true }
    }
    if flags.contains(.notConverged) { reasons.insert(.notConverged) }
    if flags.contains(.calibrating) { isCalibration = true }
  }
}
