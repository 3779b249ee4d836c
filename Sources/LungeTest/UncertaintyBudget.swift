import AnkleKinematics

/// What the uncertainty of one trial's results is made of: each contribution is one standard deviation, and their squares add up to the
/// result's. Nothing where the result is not there, or where nobody knows its uncertainty.
public struct UncertaintyBudget: Hashable, Sendable {
  /// Of the end range, rad.
  public var endRange: [Contribution] = []
  /// Of the dorsiflexion that shank and foot sensor give together, rad.
  public var dorsiflexion: [Contribution] = []
  /// Of the knee-to-wall-equivalent distance, m.
  public var kneeToWall: [Contribution] = []

  /// - Parameters:
  ///   - constant: what the trials of the session share, of the alignment that the trial was measured with.
  ///   - distance: what made the trial's distance; nil where there was none.
  ///   - quantity: what the test segments.
  public init(
    of trial: Trial, constant: ConstantUncertainty, distance: DistanceModel?, quantity: TestProtocol.Quantity
  ) {
    guard trial.endRange.sd.isFinite else { return }
    let constant = constant.held(for: trial.hold ?? 0)
    // Where the ankle's angle is the end range, the shank hardly moves: its constant errors are those of an upright one.
    let seen = quantity == .ankleAngle ? Uncertain(0, sd: trial.endRange.sd) : trial.endRange
    endRange = constant.contributions(to: seen, commonSD: trial.commonSD)
    if trial.dorsiflexion != nil, let sd = trial.dorsiflexionSD {
      let foot = max(sd * sd - trial.endRange.sd * trial.endRange.sd, 0).squareRoot()
      dorsiflexion = endRange + [Contribution(.foot, foot)]
    }
    if trial.kneeToWall != nil, let distance {
      kneeToWall = distance.contributions(inclination: trial.endRange, constant: constant, parts: endRange)
    }
  }
}
