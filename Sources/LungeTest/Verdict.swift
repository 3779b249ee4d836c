/// From what happened during a movement to how far it can be trusted. The one place where that is decided.
///
/// | reason | verdict |
/// |---|---|
/// | unfinished | invalid: the return, and with it the end, was not seen |
/// | not converged | invalid: the angle itself was not known |
/// | mount contradicted | invalid: the angle is that of something else |
/// | gap or saturation where end range was taken | invalid: the number rests on data that are missing or clipped |
/// | gap anywhere, without a plateau | invalid: the peak may lie in the gap |
/// | gap, saturation or resynchronisation elsewhere | attention |
/// | no hold and no gyroscope | invalid: the peak is as much acceleration as angle |
/// | gap of less than `shortGap` on the plateau | attention: a lost frame does not move the median of half a second |
/// | mount assumed | attention at best: the zero of the angle is a guess |
/// | no plateau | attention: end range was touched, not held |
/// | frontal tilt, axial rotation | attention |
/// | baseline shift | attention |
/// | too fast | attention |
/// | heel lift | attention: the tibia reads too much by what the foot sensor saw |
/// | uncertainty unknown | attention: nobody says how far the number can be wrong |
/// | none | valid |
///
/// An invalid movement keeps all its reasons. A verdict speaks of the measurement, never of the person.
extension Verdict {
  /// - Parameters:
  ///   - reasons: all that was seen.
  ///   - spoilsEndRange: a gap or saturation lies where end range was taken.
  static func of(_ reasons: Trial.Reasons, spoilsEndRange: Bool) -> Verdict {
    if spoilsEndRange || !reasons.isDisjoint(with: [.unfinished, .notConverged, .mountContradicted]) {
      return .invalid
    }
    if reasons.isSuperset(of: [.gap, .noPlateau]) { return .invalid }
    return reasons.isEmpty ? .valid : .attention
  }
}
