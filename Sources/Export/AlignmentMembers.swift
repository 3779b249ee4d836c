import AnkleKinematics
import Motion
import Pipeline

// What lines and reports both say about the alignment, and about the conventions of a session.

extension JSONWriter {
  /// The members of an alignment that was found or refused, in an object that the caller has begun: times in s, angles in degrees.
  public mutating func members(of outcome: AlignmentOutcome) {
    switch outcome {
    case .found(let alignment):
      member("outcome", word: "found")
      member("reason", text: nil)
      member("method", text: alignment.method.rawValue)
      member("zero", text: alignment.zero.rawValue)
      member("mount_assumed", bool: alignment.isAssumed)
      span(alignment.section)
      key("shank_from_sensor")
      beginArray()
      let q = alignment.shankFromSensor
      for component in [q.w, q.x, q.y, q.z] { number(component, decimals: 6) }
      endArray()
      angle("zero_sd_deg", alignment.zeroSD)
      angle("twist_sd_deg", alignment.twistSD)
      members(of: alignment.quality)
    case .refused(let refusal):
      member("outcome", word: "refused")
      member("reason", text: refusal.reason.rawValue)
      span(refusal.section)
      members(of: refusal.quality)
    }
  }

  private mutating func members(of quality: AlignmentQuality) {
    member("rest_s", quality.restDuration, decimals: 2)
    angle("rest_spread_deg", quality.restSpread)
    member("rocks", integer: quality.rocks)
    angle("excursion_deg", quality.excursion)
    angle("residual_deg", quality.residual)
    angle("axis_slope_deg", quality.axisSlope)
    angle("gyroscope_against_gravity_deg", quality.gyroscopeAgainstGravity)
    angle("long_axis_deviation_deg", quality.longAxisDeviation)
    angle("mediolateral_deviation_deg", quality.mediolateralDeviation)
    angle("rest_inclination_by_mount_deg", quality.restInclinationByMount)
  }

  /// Where the sensor sits and how zero is known, as `device` lines and reports say it.
  public mutating func alignmentMembers(of configuration: PipelineConfiguration) {
    member("align", text: configuration.alignment.rawValue)
    angle("standing_lean_deg", configuration.standingLean)
    member("placement_cm", configuration.place.belowTuberosity.map { $0 * 100 }, decimals: Decimals.distance)
    member("placement_surface", text: configuration.place.surface?.rawValue)
  }

  private mutating func span(_ section: ClosedRange<SessionTime>?) {
    member("start_s", secondsFromNanoseconds: section?.lowerBound.nanoseconds)
    member("end_s", secondsFromNanoseconds: section?.upperBound.nanoseconds)
  }

  private mutating func angle(_ name: StaticString, _ value: Double?) {
    member(name, value.map { $0 * degreesPerRadian }, decimals: Decimals.angle)
  }
}
