import LungeTest
import Motion
import Pipeline

/// Left against right under the same condition. Angles in rad, distances in m.
///
/// The difference is absolute, in the unit that was measured: ratios of angles and of distances disagree with each other, and
/// a distance can be zero or negative. Its uncertainty takes the two means as independent; what both sides share (the
/// same sensor's constant error) would cancel, so the figure is rather too large than too small.
public struct SideComparison: Sendable {
  public var condition: KneeCondition?
  /// What was done.
  public var test: TestProtocol
  /// Why the sides must not be compared, in words; nil when they can be.
  public var obstacle: String?
  public var left: Double?
  public var right: Double?
  /// Left minus right, and its standard uncertainty; nil where there is an obstacle.
  public var leftMinusRight: Double?
  public var u: Double?
  /// The same of the knee-to-wall-equivalent distance; nil unless both sides were computed with the same lengths.
  public var leftMinusRightKneeToWall: Double?
  public var kneeToWallU: Double?
  /// Limb symmetry index, affected over unaffected side in per cent, of the distance: the unit that it was defined for.
  public var symmetryIndex: Double?
  public var symmetryIndexU: Double?
  /// Why there is no index, in words; nil when there is one.
  public var noIndex: String?

  /// The comparisons that a report's series allow: the first left and the first right series of each condition.
  public static func all(in input: ReportInput) -> [SideComparison] {
    let series = input.orderedSeries
    let conditions: [KneeCondition?] = [.kneeBent, .kneeStraight, nil]
    return conditions.compactMap { condition in
      guard let left = series.first(where: { $0.series.side == .left && $0.series.condition == condition }),
        let right = series.first(where: { $0.series.side == .right && $0.series.condition == condition })
      else { return nil }
      return SideComparison(left: left, right: right)
    }
  }

  init(
    left: (source: ReportSource, series: SeriesSummary), right: (source: ReportSource, series: SeriesSummary)
  ) {
    condition = left.series.condition
    test = left.source.configuration.test
    self.left = left.series.mean
    self.right = right.series.mean
    guard let leftMean = left.series.mean, let rightMean = right.series.mean else {
      obstacle = "a side has no valid trial"
      return
    }
    guard left.series.zero == right.series.zero else {
      obstacle = "the sides have different zero conventions"
      return
    }
    guard left.series.placement == right.series.placement,
      left.source.configuration.place == right.source.configuration.place
    else {
      obstacle = "the sensor was placed differently on the two legs"
      return
    }
    let differences = ComparedSetting(left.series, in: left.source).differences(
      from: ComparedSetting(right.series, in: right.source))
    guard differences.isEmpty else {
      obstacle = "the sides were not measured alike: " + differences.joined(separator: "; ")
      return
    }
    leftMinusRight = leftMean - rightMean
    if let leftU = left.series.meanU, let rightU = right.series.meanU {
      u = (leftU * leftU + rightU * rightU).squareRoot()
    }
    compareKneeToWall(left: left, right: right)
    takeIndex(left: left, right: right)
  }

  private mutating func takeIndex(
    left: (source: ReportSource, series: SeriesSummary), right: (source: ReportSource, series: SeriesSummary)
  ) {
    let affected = left.source.configuration.facts.affectedSide ?? right.source.configuration.facts.affectedSide
    guard let affected, affected == .left || affected == .right else {
      noIndex =
        affected == nil ? "which side is affected was not stated" : "one affected side is needed, and one that is not"
      return
    }
    guard left.source.configuration.wallCalibration != nil, right.source.configuration.wallCalibration != nil else {
      noIndex =
        "it is defined for a distance that was measured, and this one is computed from lengths, off by as much on both sides; only personal calibrations (talus calibrate wall) make it comparable"
      return
    }
    let (a, b) = affected == .left ? (left.series, right.series) : (right.series, left.series)
    guard let numerator = a.meanKneeToWall, let denominator = b.meanKneeToWall else {
      noIndex = "it is defined for the distance, and there is none"
      return
    }
    guard numerator > 0, denominator > 0 else {
      noIndex = "a distance is not positive, and a ratio of such means nothing"
      return
    }
    let ratio = numerator / denominator
    let relative = [(a.meanKneeToWallU, numerator), (b.meanKneeToWallU, denominator)].reduce(0.0) { sum, part in
      let share = (part.0 ?? 0) / part.1
      return sum + share * share
    }
    symmetryIndex = ratio * 100
    symmetryIndexU = ratio * 100 * relative.squareRoot()
  }

  /// Lengths that both sides share shift both distances alike: to first order only L (sin θ₁ − sin θ₂) depends on them.
  private mutating func compareKneeToWall(
    left: (source: ReportSource, series: SeriesSummary), right: (source: ReportSource, series: SeriesSummary)
  ) {
    guard let lengths = left.source.configuration.bodyLengths, lengths == right.source.configuration.bodyLengths,
      let leftDistance = Change.KneeToWall(left.series.meanKneeToWall, left.series.meanKneeToWallRange)?.middle,
      let rightDistance = Change.KneeToWall(right.series.meanKneeToWall, right.series.meanKneeToWallRange)?.middle,
      let leftU = left.series.meanU, let rightU = right.series.meanU, lengths.shank.value > 0
    else { return }
    leftMinusRightKneeToWall = leftDistance - rightDistance
    // d = L sin θ + r − f, solved for the sine; the cosine turns the angle's uncertainty into one of the distance.
    func sine(_ distance: Double) -> Double {
      (distance - lengths.kneeDepth.value + lengths.ankleToToe.value) / lengths.shank.value
    }
    let leftSine = sine(leftDistance)
    let rightSine = sine(rightDistance)
    let fromLeft = lengths.shank.value * (max(0, 1 - leftSine * leftSine)).squareRoot() * leftU
    let fromRight = lengths.shank.value * (max(0, 1 - rightSine * rightSine)).squareRoot() * rightU
    let fromShank = (leftSine - rightSine) * lengths.shank.sd
    kneeToWallU = (fromLeft * fromLeft + fromRight * fromRight + fromShank * fromShank).squareRoot()
  }

  /// The difference in words: absolute first.
  var sentence: String {
    guard let difference = leftMinusRight else { return "" }
    var text = Figures.degrees(abs(difference))
    if let u = Figures.plusMinusDegrees(u) { text += " " + u }
    text += difference == 0 ? ", both sides alike." : difference > 0 ? ", left greater." : ", right greater."
    if let distance = leftMinusRightKneeToWall {
      text += " As knee-to-wall equivalent: " + Figures.centimetres(abs(distance))
      if let u = Figures.plusMinusCentimetres(kneeToWallU) { text += " " + u }
      text += "."
    }
    if let u {
      text +=
        abs(difference) > Figures.coverage * u
        ? " The difference is larger than its uncertainty." : " The difference lies within its uncertainty."
    }
    return text
  }
}
