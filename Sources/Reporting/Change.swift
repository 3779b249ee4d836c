import LungeTest
import Motion

/// What the user wants this report to be compared with.
public struct ChangeRequest: Sendable {
  /// The report before; the last one of these is what is compared with.
  public var earlier: EarlierReport
  /// Sessions of an unchanged person, the earlier one among them, for the person's own MDC.
  public var baseline: [EarlierReport]
  /// The published MDC that was chosen; nil for the person's own.
  public var mdc: DetectableChange?

  public init(earlier: EarlierReport, baseline: [EarlierReport] = [], mdc: DetectableChange? = .published[0]) {
    self.earlier = earlier
    self.baseline = baseline
    self.mdc = mdc
  }
}

/// One series against the same series of an earlier report. Angles in rad, distances in m.
struct Change: Sendable {
  var side: Side?
  var condition: KneeCondition?
  var earlierName: String
  var earlierDate: String?
  /// Why the two must not be compared, in words; nil when they can be.
  var obstacle: String?
  var before: Double?
  var now: Double?
  var mdc: Double?
  var beforeKneeToWall: Double?
  var nowKneeToWall: Double?
  var kneeToWallMDC: Double?
  /// Which MDC was used.
  var source = ""
  /// What a reader has to know about the comparison.
  var remarks: [String] = []

  var difference: Double? { before.flatMap { before in now.map { $0 - before } } }
  var kneeToWallDifference: Double? { beforeKneeToWall.flatMap { before in nowKneeToWall.map { $0 - before } } }

  /// `beyond MDC` or `not distinguishable from measurement noise`.
  var words: String? { Self.words(difference, mdc) }
  var kneeToWallWords: String? { Self.words(kneeToWallDifference, kneeToWallMDC) }

  private static func words(_ change: Double?, _ mdc: Double?) -> String? {
    guard let change, let mdc else { return nil }
    return DetectableChange.words(change: change, mdc: mdc)
  }

  /// A change for every series of the report that the earlier one has a namesake of, or could have had.
  static func all(in input: ReportInput) -> [Change] {
    guard let request = input.change else { return [] }
    return input.orderedSeries.map { source, series in
      Change(series: series, setting: ComparedSetting(series, in: source), request: request)
    }
  }

  private init(series: SeriesSummary, setting: ComparedSetting, request: ChangeRequest) {
    side = series.side
    condition = series.condition
    earlierName = request.earlier.name
    earlierDate = request.earlier.recordedOn
    now = series.mean
    guard let mean = series.mean else {
      obstacle = "this session has no trial that can be used"
      return
    }
    let sameSide = request.earlier.series.filter { $0.setting.side == setting.side }
    guard
      let earlier = sameSide.min(by: {
        setting.differences(from: $0.setting).count < setting.differences(from: $1.setting).count
      })
    else {
      obstacle = "the earlier report has no result of this side"
      return
    }
    before = earlier.mean
    let differences = setting.differences(from: earlier.setting)
    guard differences.isEmpty else {
      obstacle = "not the same conditions: " + differences.joined(separator: "; ")
      return
    }
    if setting.placement == nil, setting.placementCM == nil {
      remarks.append("The sensor's place was not stated in either session; another place moves the angle by up to 6°.")
    }
    if let a = setting.facts.rater, let b = earlier.setting.facts.rater, a != b {
      remarks.append("The raters differ: \(b) before, \(a) now.")
    }
    take(request, setting: setting, series: series, earlier: earlier, mean: mean)
  }

  private mutating func take(
    _ request: ChangeRequest, setting: ComparedSetting, series: SeriesSummary, earlier: EarlierReport.Series,
    mean: Double
  ) {
    beforeKneeToWall = earlier.kneeToWall
    nowKneeToWall = series.meanKneeToWall
    if let published = request.mdc {
      // Published values are for lunges; other tests have none.
      mdc = setting.test.isLunge ? published.angle : nil
      kneeToWallMDC = setting.test.isLunge ? published.distance : nil
      source = setting.test.isLunge ? published.source : "no MDC is known for this test"
      return
    }
    let sessions = request.baseline.flatMap { report in
      report.series.filter {
        setting.side == $0.setting.side && setting.differences(from: $0.setting).isEmpty
          && $0.setting.facts.sensorPutOnAnew == .yes
      }.map(\.values)
    }
    do {
      mdc = try DetectableChange.own(sessions: sessions, trialsPerScore: series.basisTrials.count)
      let count = sessions.reduce(0) { $0 + $1.count }
      source = "the person's own: \(sessions.count) baseline sessions with the sensor put on anew, \(count) trials"
    } catch {
      obstacle = error.rawValue + "; there are \(sessions.count) such sessions"
    }
  }
}

extension ComparedSetting {
  init(_ series: SeriesSummary, in source: ReportSource) {
    self.init(
      test: source.configuration.test, side: series.side, condition: series.condition, zero: series.zero.rawValue,
      placement: series.placement,
      placementCM: source.configuration.place.belowTuberosity.map { ($0 * 1000).rounded() / 10 },
      surface: source.configuration.place.surface?.rawValue, facts: source.configuration.seriesFacts)
  }
}
