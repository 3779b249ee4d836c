import LungeTest
import Motion
import Pipeline

// What lines and reports both say about a trial, a gap and the counters. Both are written here, so that
// their digits are the same.

/// Decimals of every angle (degrees), of every angular rate (degrees per second) and of every distance (centimetres).
enum Decimals {
  static let angle = 3
  static let rate = 1
  static let distance = 1
}

extension JSONWriter {
  /// A trial's members, in an object that the caller has begun: times in s, angles in degrees, distances in cm.
  public mutating func members(of trial: Trial) {
    member("number", integer: trial.number)
    member("kind", text: trial.kind.rawValue)
    member("side", text: trial.side?.rawValue)
    member("start_s", secondsFromNanoseconds: trial.start.nanoseconds)
    member("end_s", secondsFromNanoseconds: trial.end.nanoseconds)
    member("plateau_start_s", secondsFromNanoseconds: trial.plateauStart?.nanoseconds)
    member("plateau_end_s", secondsFromNanoseconds: trial.plateauEnd?.nanoseconds)
    member("duration_s", trial.duration, decimals: 3)
    member("hold_s", trial.hold, decimals: 3)
    member("end_range_deg", trial.endRange.value * degreesPerRadian, decimals: Decimals.angle)
    member("end_range_sd_deg", trial.endRange.sd * degreesPerRadian, decimals: Decimals.angle)
    member("ktw_cm", trial.kneeToWall.map { $0.value * 100 }, decimals: Decimals.distance)
    member("ktw_sd_cm", trial.kneeToWall.map { $0.sd * 100 }, decimals: Decimals.distance)
    member("ktw_low_cm", trial.kneeToWallRange.map { $0.lowerBound * 100 }, decimals: Decimals.distance)
    member("ktw_high_cm", trial.kneeToWallRange.map { $0.upperBound * 100 }, decimals: Decimals.distance)
    member("baseline_deg", trial.baseline * degreesPerRadian, decimals: Decimals.angle)
    member("peak_rate_dps", trial.peakRate * degreesPerRadian, decimals: Decimals.rate)
    member("frontal_tilt_deg", trial.frontalTilt * degreesPerRadian, decimals: Decimals.angle)
    member("axial_rotation_deg", trial.axialRotation.map { $0 * degreesPerRadian }, decimals: Decimals.angle)
    member("heel_lift_deg", trial.heelLift.map { $0 * degreesPerRadian }, decimals: Decimals.angle)
    if trial.heelLift != nil {
      member("heel_lift_sd_deg", trial.heelLiftSD.map { $0 * degreesPerRadian }, decimals: Decimals.angle)
    }
    member("dorsiflexion_deg", trial.dorsiflexion.map { $0 * degreesPerRadian }, decimals: Decimals.angle)
    if trial.dorsiflexion != nil {
      member("dorsiflexion_sd_deg", trial.dorsiflexionSD.map { $0 * degreesPerRadian }, decimals: Decimals.angle)
    }
    member("verdict", text: trial.verdict.rawValue)
    key("reasons")
    beginArray()
    for (reason, name) in Trial.Reasons.names where trial.reasons.contains(reason) { string(name) }
    endArray()
  }

  /// A gap's members, in an object that the caller has begun: times in s.
  public mutating func members(of gap: Gap) {
    member("start_s", secondsFromNanoseconds: gap.start.nanoseconds)
    member("end_s", secondsFromNanoseconds: gap.end.nanoseconds)
    member("missing_samples", integer: gap.missingSamples)
    member("cause", text: gap.cause.rawValue)
  }

  /// The counters' members, in an object that the caller has begun: bytes, frames and samples are counts, times in s.
  public mutating func members(of counters: SessionCounters) {
    member("bytes_in", integer: counters.bytes.bytesIn)
    member("framed", integer: counters.bytes.framed)
    member("skipped", integer: counters.bytes.skipped)
    member("held", integer: counters.bytes.held)
    member("frames", integer: counters.bytes.frames)
    member("checksum_failures", integer: counters.bytes.checksumFailures)
    member("resynchronisations", integer: counters.bytes.resynchronisations)
    member("samples", integer: counters.samples)
    member("gaps", integer: counters.gaps)
    member("missing_samples", integer: counters.missingSamples)
    member("gap_s", secondsFromNanoseconds: counters.gapNanoseconds)
    member("longest_gap_s", secondsFromNanoseconds: counters.longestGapNanoseconds)
    member("saturated", integer: counters.saturated)
    member("stale", integer: counters.stale)
    member("implausible", integer: counters.implausible)
    member("time_repairs", integer: counters.timeRepairs)
  }

  /// The members of a learned sample rate, Hz, and of how exactly it is known, one standard deviation.
  public mutating func members(ofRate rate: Double?, spread: Double?) {
    member("rate_hz", rate, decimals: 4)
    member("rate_sd_hz", spread, decimals: 6)
  }

  /// Settings that are not the recording's.
  public mutating func members(of overrides: [ConfigurationOverride]) {
    key("overrides")
    beginArray()
    for override in overrides {
      beginObject()
      member("setting", text: override.setting)
      member("recorded", text: override.recorded)
      member("used", text: override.used)
      endObject()
    }
    endArray()
  }
}
