import LungeTest
import Motion
import Pipeline

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
  var beforeKneeToWall: KneeToWall?
  var nowKneeToWall: KneeToWall?
  var kneeToWallMDC: Double?
  /// Which MDC was used.
  var source = ""
  /// What a reader has to know about the comparison.
  var remarks: [String] = []

  var difference: Double? { before.flatMap { before in now.map { $0 - before } } }
  /// Where only bounds are known the sensor's unknown offset is the same in both, so that it hardly changes the difference.
  var kneeToWallDifference: Double? {
    beforeKneeToWall.flatMap { before in nowKneeToWall.map { $0.middle - before.middle } }
  }

  /// A distance, or its bounds, m.
  enum KneeToWall: Sendable {
    case value(Double)
    case bounds(ClosedRange<Double>)

    init?(_ value: Double?, _ bounds: ClosedRange<Double>?) {
      guard value != nil || bounds != nil else { return nil }
      self = value.map(Self.value) ?? .bounds(bounds!)
    }

    var middle: Double {
      switch self {
      case .value(let value): value
      case .bounds(let bounds): (bounds.lowerBound + bounds.upperBound) / 2
      }
    }

    var value: Double? { if case .value(let value) = self { value } else { nil } }

    var words: String {
      switch self {
      case .value(let value): Figures.centimetres(value)
      case .bounds(let bounds):
        "\(Figures.plain(bounds.lowerBound * 100, 1)) to \(Figures.centimetres(bounds.upperBound))"
      }
    }
  }

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
      Change(
        series: series, setting: ComparedSetting(series, in: source), lengths: lengths(source.configuration),
        request: request)
    }
  }

  /// What a distance is computed with, as `EarlierReport` reads it.
  private static func lengths(_ configuration: PipelineConfiguration) -> [String] {
    let lengths = configuration.bodyLengths.map { [$0.shank.value, $0.ankleToToe.value, $0.kneeDepth.value] } ?? []
    return lengths.map { Figures.plain($0 * 100, 2) }
      + [configuration.wallCalibration?.text, configuration.contact.rawValue].compactMap(\.self)
  }

  private init(series: SeriesSummary, setting: ComparedSetting, lengths: [String], request: ChangeRequest) {
    side = series.side
    condition = series.condition
    earlierName = request.earlier.name
    earlierDate = request.earlier.recordedOn
    now = series.mean
    guard series.mean != nil else {
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
    if lengths == earlier.lengths {
      beforeKneeToWall = KneeToWall(earlier.kneeToWall, earlier.kneeToWallRange)
      nowKneeToWall = KneeToWall(series.meanKneeToWall, series.meanKneeToWallRange)
    } else if earlier.kneeToWall != nil || earlier.kneeToWallRange != nil {
      remarks.append("The distances were computed with other lengths, and are not compared.")
    }
    take(request, setting: setting, series: series)
  }

  private mutating func take(_ request: ChangeRequest, setting: ComparedSetting, series: SeriesSummary) {
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
