import LungeTest
import Motion
import Timebase

// What a sample's flags, its gap and the foot's sensor make of a reading and of what the trials are told.
extension Pipeline {
  /// What a gyroscope says that can be believed.
  @inline(__always) func usableRate(_ timed: borrowing TimedSample) -> Vector3? {
    let sample = timed.sample
    return sample.fields.contains(.angularRate) && sample.flags.isDisjoint(with: [.implausible, .saturated])
      ? sample.angularRate : nil
  }

  /// The foot's pitch into the reading; where it is not known, that is said, and nothing takes its place.
  mutating func take(_ joined: StreamJoiner.Joined, into reading: inout Reading) {
    reading.footPitch = foot!.pitch(of: joined, isLegAtRest: !trials.progress.isMoving)
    if reading.footPitch.isNaN {
      reading.flags.insert(.footMissing)
    } else {
      reading.footPitchSD = foot!.pitchSD(of: joined, pitch: reading.footPitch)
    }
  }

  @inline(__always) func flags(_ timed: borrowing TimedSample, _ attitude: AttitudeStage.Attitude) -> Reading.Flags {
    var flags = attitude.flags.union(footFlags).union(shank.flags)
    if shank.isFolded { flags.insert(.saturated) }
    let sample = timed.sample.flags
    if !attitude.isConverged { flags.insert(.notConverged) }
    if timed.gapBefore != nil { flags.insert(.afterGap) }
    if sample.isEmpty { return flags }
    if sample.contains(.saturated) { flags.insert(.saturated) }
    if sample.contains(.stale) { flags.insert(.stale) }
    if sample.contains(.implausible) { flags.insert(.implausible) }
    if sample.contains(.unchecked) { flags.insert(.unchecked) }
    return flags
  }

  @inline(__always) func trialFlags(_ timed: borrowing TimedSample, _ attitude: AttitudeStage.Attitude)
    -> InclinationSample.Flags
  {
    var flags: InclinationSample.Flags = []
    if !attitude.isConverged { flags.insert(.notConverged) }
    if timed.sample.flags.contains(.saturated) || shank.isFolded { flags.insert(.saturated) }
    // Where a device counts nothing, a sample or two that went with damaged bytes make no gap that can be seen.
    if timed.sample.flags.contains(.afterLoss) { flags.insert(.resynchronised) }
    if let gap = timed.gapBefore {
      flags.insert(.afterGap)
      if gap.cause == .corruption { flags.insert(.resynchronised) }
    }
    if attitude.flags.contains(.quasiStatic) { flags.insert(.quasiStatic) }
    return flags
  }
}
