import AnkleKinematics
import Export
import LungeTest
import Motion
import Pipeline

/// Everything that one report is made from. A plain value: two equal inputs give the same bytes.
public struct ReportInput: Sendable {
  /// Name of the files to write, without extension.
  public var stem: String
  /// The heading, in the user's words; usually the capture's name.
  public var title: String
  /// Name and version of the program that made it, such as `talus 0.1.0`.
  public var generator: String
  /// The captures or recordings that it reports: one, or several that belong together, such as left and right.
  public var sources: [ReportSource]
  /// What it is to be compared with.
  public var change: ChangeRequest?

  public init(
    stem: String, title: String, generator: String, sources: [ReportSource], change: ChangeRequest? = nil
  ) {
    self.stem = stem
    self.title = title
    self.generator = generator
    self.sources = sources
    self.change = change
  }

  /// All series with the source that each is from: the stated conditions one after the other, in each left before right.
  var orderedSeries: [(source: ReportSource, series: SeriesSummary)] {
    let all = sources.flatMap { source in source.series.map { (source: source, series: $0) } }
    func rank(_ series: SeriesSummary) -> Int {
      let condition = series.condition.map { $0 == .kneeBent ? 0 : 1 } ?? 2
      let side = series.side.map { $0 == .left ? 0 : 1 } ?? 2
      return condition * 3 + side
    }
    // The offset keeps the given order among equals: the standard sort promises none.
    return all.enumerated().sorted { (rank($0.element.series), $0.offset) < (rank($1.element.series), $1.offset) }
      .map(\.element)
  }
}

/// One sensor's session as a report shows it.
public struct ReportSource: Sendable {
  /// The file's name, without folders.
  public var name: String
  /// The capture format, or `recording`.
  public var format: String
  /// When it was recorded, in words, where the input says so.
  public var recordedOn: String?
  /// Median sample rate, Hz; nil when it is not known.
  public var rate: Double?
  /// How exactly a learned rate is known, Hz, one standard deviation; nil where it was not learned.
  public var rateSpread: Double?
  /// How far the calendar time of the recording may be wrong, s; nil where that is not known.
  public var utcUncertainty: Double?
  /// How the foot's sensor stood at the end; nil without one.
  public var foot: SensorStatus?
  /// From the first sample to the last.
  public var duration: SessionTime
  /// How the numbers were made, as the engine ran.
  public var configuration: PipelineConfiguration
  /// Options that said something else than the recording.
  public var overrides: [ConfigurationOverride]
  public var series: [SeriesSummary]
  public var curve: Curve
  public var counters: SessionCounters
  public var gaps: [Gap]
  /// All flags that any reading carried.
  public var flags: Reading.Flags
  /// What became of the alignment: how it was declared or found, and what was refused before.
  public var alignments: [AlignmentOutcome]
  /// What explains the trials' uncertainty; nil where nobody asked.
  public var explanation: Explanation? = nil
  /// Doubts, repairs and assumptions, in plain words, from the importer and the engine.
  public var notes: [String]

  public init(
    name: String, format: String, recordedOn: String? = nil, rate: Double?, duration: SessionTime,
    configuration: PipelineConfiguration, overrides: [ConfigurationOverride] = [], series: [SeriesSummary],
    curve: Curve,
    counters: SessionCounters, gaps: [Gap] = [], flags: Reading.Flags = [], alignments: [AlignmentOutcome] = [],
    notes: [String] = []
  ) {
    self.name = name
    self.format = format
    self.recordedOn = recordedOn
    self.rate = rate
    self.duration = duration
    self.configuration = configuration
    self.overrides = overrides
    self.series = series
    self.curve = curve
    self.counters = counters
    self.gaps = gaps
    self.flags = flags
    self.alignments = alignments
    self.notes = notes
  }
}

/// The trials of one side under one condition, and what they come to. Angles in rad, distances in m.
public struct SeriesSummary: Sendable {
  public var side: Side?
  public var condition: KneeCondition?
  public var zero: PipelineConfiguration.Zero
  public var placement: String?
  /// What the mean is taken over, in words, such as `mean of the first three valid trials`.
  public var basis: String
  /// Numbers of the trials that the mean is taken over.
  public var basisTrials: [Int]
  /// Mean end range of those trials, and its standard uncertainty; nil without a valid trial.
  public var mean: Double?
  public var meanU: Double?
  /// Standard deviation between those trials; nil for fewer than two.
  public var trialSD: Double?
  /// The same in per cent of the mean; nil where the mean is not positive.
  public var variationPercent: Double? {
    trialSD.flatMap { sd in mean.flatMap { $0 > 0 ? sd / $0 * 100 : nil } }
  }
  /// Greatest end range of a valid trial.
  public var best: Double?
  /// The knee-to-wall-equivalent distance of the mean, and its standard uncertainty; nil without body lengths.
  public var meanKneeToWall: Double?
  public var meanKneeToWallU: Double?
  public var trials: [Trial]
  /// Movements that were no trial: listed, never counted.
  public var otherMovements: [Trial]

  public init(
    side: Side?, condition: KneeCondition?, zero: PipelineConfiguration.Zero, placement: String?, basis: String,
    basisTrials: [Int], mean: Double?, meanU: Double?, trialSD: Double?, best: Double?, meanKneeToWall: Double?,
    meanKneeToWallU: Double?, trials: [Trial], otherMovements: [Trial]
  ) {
    self.side = side
    self.condition = condition
    self.zero = zero
    self.placement = placement
    self.basis = basis
    self.basisTrials = basisTrials
    self.mean = mean
    self.meanU = meanU
    self.trialSD = trialSD
    self.best = best
    self.meanKneeToWall = meanKneeToWall
    self.meanKneeToWallU = meanKneeToWallU
    self.trials = trials
    self.otherMovements = otherMovements
  }

  /// Mean bounds of the distance, m, where the trials of the mean have only ranges.
  var meanKneeToWallRange: ClosedRange<Double>? {
    let ranges = trials.filter(isInMean).compactMap(\.kneeToWallRange)
    guard !ranges.isEmpty else { return nil }
    let count = Double(ranges.count)
    let low = ranges.reduce(0) { $0 + $1.lowerBound } / count
    return low...max(low, ranges.reduce(0) { $0 + $1.upperBound } / count)
  }

  /// Whether the mean is taken over this trial.
  func isInMean(_ trial: Trial) -> Bool { trial.kind == .trial && basisTrials.contains(trial.number) }
}
