import AnkleKinematics
import Motion

/// What all trials of a series have in common: without it no two numbers may be compared.
public struct SeriesSetting: Hashable, Sendable {
  public var condition: KneeCondition?
  /// What zero degrees means, in the words of the JSON: `gravity`, for one.
  public var zero: String
  /// Where on the shank the sensor sits, in the user's words.
  public var placement: String?

  public init(condition: KneeCondition? = nil, zero: String = "gravity", placement: String? = nil) {
    self.condition = condition
    self.zero = zero
    self.placement = placement
  }
}

/// The trials of one side under one condition, and the few numbers that stand for them.
///
/// Angles in rad, distances in m. The mean is over the first three valid trials. Where no trial is valid (with an assumed
/// mount none ever is) it is over the first three that are not invalid, and `basis` says so. Numbers only: no norm, no judgement.
public struct Series: Hashable, Sendable {
  /// Which trials the numbers rest on.
  public enum Basis: String, Hashable, Sendable, CaseIterable {
    /// Valid trials.
    case valid
    /// There was no valid trial: those with the verdict attention.
    case attention
    /// No trial can be used: there are no numbers.
    case none
  }

  /// The leg; nil where it was not said.
  public var side: Side?
  /// What the trials have in common.
  public var setting: SeriesSetting
  /// Which trials the numbers rest on.
  public var basis: Basis
  /// Numbers of the trials that the mean is over, in order.
  public var used: [Int]
  /// Mean end range; JSON key `mean_deg`.
  public var mean: Double?
  /// Standard uncertainty of the mean; JSON key `mean_u_deg`. See `meanUncertainty(of:commonSDs:randomSDs:)`.
  public var meanUncertainty: Double?
  /// SD between the used trials, n − 1; nil for fewer than two; JSON key `trial_sd_deg`.
  public var trialSD: Double?
  /// Greatest end range among all trials of the basis, the used and the later ones; JSON key `best_deg`.
  public var best: Uncertain?
  /// `trialSD` in percent of the mean; nil where the mean is not positive. It depends on the zero, like every ratio of angles.
  public var variationPercent: Double?
  /// The part of the uncertainty that all trials share.
  public var commonSD: Double?
  /// Mean knee-to-wall-equivalent distance of the used trials; nil unless all of them have one.
  public var kneeToWall: Uncertain?
  /// Trials of this side, of every verdict.
  public var trials: Int
  /// How many of them have each verdict.
  public var valid: Int
  public var attention: Int
  public var invalid: Int
  /// Movements that are no trials.
  public var otherMovements: Int

  /// The series of the movements of one side, in the order in which they were told.
  ///
  /// - Parameter test: which number of a trial counts, and over how many trials the mean is taken.
  public init(
    side: Side?, setting: SeriesSetting = SeriesSetting(), movements: some Sequence<Trial>, test: TestProtocol = .lunge
  ) {
    let own = movements.filter { $0.side == side }
    let counted = own.filter { $0.kind == .trial }
    let firstRate = counted.filter { $0.verdict == .valid }
    let usable = firstRate.isEmpty ? counted.filter { $0.verdict == .attention } : firstRate
    let chosen = usable.prefix(test.trials)
    self.side = side
    self.setting = setting
    self.basis = usable.isEmpty ? .none : firstRate.isEmpty ? .attention : .valid
    self.used = chosen.map(\.number)
    self.trials = counted.count
    self.valid = firstRate.count
    self.attention = counted.count { $0.verdict == .attention }
    self.invalid = counted.count { $0.verdict == .invalid }
    self.otherMovements = own.count - counted.count
    guard !chosen.isEmpty else { return }
    let values = chosen.map { $0.measured(test.quantity).value }
    let mean = Self.mean(values)
    let sd = Self.standardDeviation(values)
    self.mean = mean
    self.trialSD = sd
    self.variationPercent = mean > 0 ? sd.map { $0 / mean * 100 } : nil
    self.commonSD = Self.mean(chosen.map(\.commonSD))
    self.meanUncertainty = Self.meanUncertainty(
      of: values, commonSDs: chosen.map(\.commonSD),
      randomSDs: chosen.map { max($0.endRange.sd * $0.endRange.sd - $0.commonSD * $0.commonSD, 0).squareRoot() })
    self.best = usable.map { $0.measured(test.quantity) }.max { $0.value < $1.value }
    let distances = chosen.compactMap(\.kneeToWall)
    if distances.count == chosen.count {
      // The lengths are one error for all trials. The wavering within a trial is counted on both sides here, which
      // makes the sum a little too large rather than too small.
      let distanceValues = distances.map(\.value)
      self.kneeToWall = Uncertain(
        Self.mean(distanceValues),
        sd: Self.meanUncertainty(
          of: distanceValues, commonSDs: distances.map(\.sd), randomSDs: distances.map { _ in 0 }))
    }
  }

  /// The series of all sides that occur: left, right, then those without a side.
  public static func bySide(_ movements: [Trial], setting: SeriesSetting = SeriesSetting()) -> [Series] {
    let order: [Side?] = [.left, .right, nil]
    return order.compactMap { side in
      movements.contains { $0.side == side } ? Series(side: side, setting: setting, movements: movements) : nil
    }
  }

  /// Standard uncertainty of a mean over trials.
  ///
  /// The common part, the constant errors of sensor and mount, is in every trial alike and stays. The random part is the
  /// scatter between trials over √n (GUM, JCGM 100:2008, 4.2.3), but not less than what the trials' own scatter gives: two or
  /// three trials can agree by chance.
  static func meanUncertainty(of values: [Double], commonSDs: [Double], randomSDs: [Double]) -> Double {
    let n = Double(values.count)
    let common = mean(commonSDs)
    let within = randomSDs.reduce(0) { $0 + $1 * $1 } / (n * n)
    let between = standardDeviation(values).map { $0 * $0 / n } ?? 0
    return (common * common + max(within, between)).squareRoot()
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// With n − 1; nil for fewer than two values.
  static func standardDeviation(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = mean(values)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (square / Double(values.count - 1)).squareRoot()
  }
}
