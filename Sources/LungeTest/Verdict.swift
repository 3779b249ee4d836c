import Motion

/// The verdict from the reasons: the one table.
///
/// | reason | verdict at best |
/// |---|---|
/// | gap or saturation in the plateau, filter not converged, session ended before the return | invalid |
/// | no plateau, frontal tilt over 5°, resting angle changed by over 2°, gap or saturation elsewhere, mount assumed | attention |
/// | none | valid |
struct VerdictTable {
  /// Deviation from the resting frontal tilt that is said, rad (5°).
  static let frontalTilt = 5 * radiansPerDegree
  /// Change of the resting angle that is said, rad (2°).
  static let baselineShift = 2 * radiansPerDegree

  /// - Parameter isMeasuredDespiteLoss: the gap or saturation lies outside the stretch that end range comes from.
  static func verdict(_ reasons: Trial.Reasons, isMeasuredDespiteLoss: Bool) -> Verdict {
    if !reasons.isDisjoint(with: [.notConverged, .unfinished]) { return .invalid }
    if !reasons.isDisjoint(with: [.gap, .saturated]) && !isMeasuredDespiteLoss { return .invalid }
    return reasons.isEmpty ? .valid : .attention
  }
}
