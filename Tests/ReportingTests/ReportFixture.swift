import LungeTest
import Motion
import Pipeline
import Reporting
import TestKit

/// What the engine would say about a session, written down by hand: reports are tested for how they show it.
enum ReportFixture {
  /// One movement of the session: its end range in degrees, and what is doubtful about it.
  struct Movement {
    var peak: Double
    var sd = 0.62
    var verdict = Verdict.valid
    var reasons: Trial.Reasons = []
    var kind = Trial.Kind.trial
  }

  static func configuration(side: Side?) -> PipelineConfiguration {
    var configuration = PipelineConfiguration()
    configuration.side = side
    configuration.condition = .kneeBent
    configuration.placement = "anterior tibia, 15 cm below the tuberosity"
    configuration.mountAssumed = false
    configuration.height = 1.75
    configuration.ankleToToe = 0.205
    return configuration
  }

  static func source(
    name: String, side: Side?, movements: [Movement], seed: UInt64 = 1, gaps: [Gap] = [], notes: [String] = []
  ) -> ReportSource {
    var random = RandomSource(seed: seed)
    let configuration = configuration(side: side)
    let rate = 100.0
    var builder = CurveBuilder()
    var trials: [Trial] = []
    var others: [Trial] = []
    let period = 9.0
    let duration = 3 + period * Double(movements.count)
    for index in 0..<Int(duration * rate) {
      let t = Double(index) / rate
      let which = Int((t - 2) / period)
      var angle = 4.0
      if t >= 2, which < movements.count {
        let phase = t - 2 - Double(which) * period
        let plateau = movements[which].reasons.contains(.noPlateau) ? 0.1 : 1.9
        // Out in two seconds, held, back in two: a smooth step each way.
        let out = smoothStep(phase / 2)
        let back = smoothStep((phase - 2 - plateau) / 2)
        angle += (movements[which].peak - 4) * (out - back)
      }
      angle += (random.unit() - 0.5) * 0.35
      let time = SessionTime(seconds: t)
      if gaps.contains(where: { $0.start < time && time < $0.end }) {
        builder.append(time: time, inclination: .nan)
      } else {
        builder.append(time: time, inclination: angle * radiansPerDegree)
      }
    }
    for (index, movement) in movements.enumerated() {
      let start = 2 + period * Double(index)
      let held = !movement.reasons.contains(.noPlateau)
      let sd = movement.sd * radiansPerDegree
      var trial = Trial(
        stream: StreamID(0), kind: movement.kind, number: trials.count + (movement.kind == .trial ? 1 : 0), side: side,
        start: SessionTime(seconds: start), end: SessionTime(seconds: start + 5.9),
        plateauStart: held ? SessionTime(seconds: start + 2) : nil,
        plateauEnd: held ? SessionTime(seconds: start + 3.9) : nil,
        endRange: .init(movement.peak * radiansPerDegree, sd: sd),
        baseline: 4 * radiansPerDegree, peakRate: 41 * radiansPerDegree,
        frontalTilt: (movement.reasons.contains(.frontalTilt) ? 7.3 : -1.4) * radiansPerDegree, kneeToWall: nil,
        verdict: movement.verdict, reasons: movement.reasons)
      trial.kneeToWall = configuration.bodyLengths?.kneeToWall(inclination: trial.endRange)
      if movement.kind == .trial { trials.append(trial) } else { others.append(trial) }
    }
    var counters = SessionCounters()
    counters.samples = UInt64(duration * rate)
    counters.bytes.bytesIn = counters.samples * 44 + 17
    counters.bytes.framed = counters.samples * 44
    counters.bytes.skipped = 17
    counters.bytes.checksumFailures = 1
    counters.gaps = UInt64(gaps.count)
    counters.missingSamples = gaps.reduce(0) { $0 + UInt64($1.missingSamples ?? 0) }
    counters.longestGapNanoseconds = gaps.map { $0.end.nanoseconds - $0.start.nanoseconds }.max() ?? 0
    return ReportSource(
      name: name, format: "recording", recordedOn: "2026-03-14 10:22 UTC", rate: rate,
      duration: SessionTime(seconds: duration), configuration: configuration,
      series: trials.isEmpty && others.isEmpty
        ? [] : [summary(side, configuration, trials, others)],
      curve: builder.curve, counters: counters, gaps: gaps, flags: gaps.isEmpty ? [] : .afterGap, notes: notes)
  }

  /// The mean of the first three valid trials, as the statistics stage takes it.
  private static func summary(
    _ side: Side?, _ configuration: PipelineConfiguration, _ trials: [Trial], _ others: [Trial]
  ) -> SeriesSummary {
    let basis = Array(trials.filter { $0.verdict == .valid }.prefix(3))
    let values = basis.map(\.endRange.value)
    let mean = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    var trialSD: Double?
    if let mean, values.count > 1 {
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      trialSD = (squares / Double(values.count - 1)).squareRoot()
    }
    let u = mean.map { _ in
      let scatter = (trialSD ?? 0) * (trialSD ?? 0) / Double(values.count)
      return (basis[0].endRange.sd * basis[0].endRange.sd + scatter).squareRoot()
    }
    let distance = mean.flatMap { mean in
      configuration.bodyLengths?.kneeToWall(inclination: .init(mean, sd: u ?? 0))
    }
    return SeriesSummary(
      side: side, condition: configuration.condition, zero: .gravity, placement: configuration.placement,
      basis: values.count < 3
        ? "mean of \(values.count) valid trials (fewer than three)" : "mean of the first three valid trials",
      basisTrials: basis.map(\.number), mean: mean, meanU: u, trialSD: trialSD,
      best: trials.filter { $0.verdict == .valid }.map(\.endRange.value).max(), meanKneeToWall: distance?.value,
      meanKneeToWallU: distance?.sd, trials: trials, otherMovements: others)
  }

  private static func smoothStep(_ x: Double) -> Double {
    let t = min(max(x, 0), 1)
    return t * t * t * (10 - 15 * t + 6 * t * t)
  }

  static let gap = Gap(
    stream: StreamID(0), start: SessionTime(seconds: 35.2), end: SessionTime(seconds: 35.9), missingSamples: 69,
    cause: .silence)

  /// The reports that tests and eyes look at.
  enum Example: String, CaseIterable {
    case bothSides, unstated, empty, oneSide, longSession

    var input: ReportInput {
      switch self {
      case .bothSides: ReportFixture.bothSides
      case .unstated: ReportFixture.unstated
      case .empty: ReportFixture.empty
      case .oneSide: ReportFixture.oneSide
      case .longSession: ReportFixture.longSession
      }
    }
  }

  static var oneSide: ReportInput {
    var one = bothSides.sources[0]
    one.overrides = [ConfigurationOverride(setting: "side", recorded: "right", used: "left")]
    return ReportInput(stem: "one-side", title: "one-side", generator: "talus 0.1.0", sources: [one])
  }

  /// More than an hour with 420 trials.
  static var longSession: ReportInput {
    let movements = (0..<420).map { Movement(peak: 34 + Double($0 % 7)) }
    return ReportInput(
      stem: "long", title: "long", generator: "talus 0.1.0",
      sources: [source(name: "long.mcap", side: .right, movements: movements, gaps: [gap])])
  }

  /// Both legs of one person, with one example of most that a report has to show.
  static var bothSides: ReportInput {
    ReportInput(
      stem: "session-both", title: "Session of 14 March, before training", generator: "talus 0.1.0",
      sources: [
        source(
          name: "session-left.mcap", side: .left,
          movements: [
            .init(peak: 36.8), .init(peak: 37.4), .init(peak: 18.2, kind: .aborted), .init(peak: 38.1),
            .init(peak: 38.6, verdict: .attention, reasons: .frontalTilt), .init(peak: 37.9),
          ], gaps: [gap]),
        source(
          name: "session-right.mcap", side: .right,
          movements: [
            .init(peak: 42.2), .init(peak: 41.7, sd: 0.9, verdict: .attention, reasons: .noPlateau),
            .init(peak: 42.9), .init(peak: 43.4),
            .init(peak: 44.0, verdict: .invalid, reasons: [.saturated, .baselineShift]),
          ], seed: 2, notes: ["The first 0.2 s had no acceleration and were left out."]),
      ])
  }

  /// One capture with nothing said about it.
  static var unstated: ReportInput {
    var one = source(
      name: "LTibia_20210820.csv", side: nil,
      movements: [
        .init(peak: 31.2, verdict: .attention, reasons: .mountAssumed), .init(peak: 32.6), .init(peak: 33.1),
        .init(peak: 32.2),
      ])
    one.format = "xsens-dot"
    one.configuration = PipelineConfiguration()
    one.configuration.condition = nil
    one.counters.bytes = .init()
    for index in one.series.indices {
      one.series[index].condition = nil
      one.series[index].placement = nil
      one.series[index].meanKneeToWall = nil
      one.series[index].meanKneeToWallU = nil
      for trial in one.series[index].trials.indices { one.series[index].trials[trial].kneeToWall = nil }
    }
    one.recordedOn = nil
    one.flags = .mountAssumed
    return ReportInput(stem: "LTibia_20210820", title: "LTibia_20210820", generator: "talus 0.1.0", sources: [one])
  }

  /// A capture without any movement.
  static var empty: ReportInput {
    ReportInput(
      stem: "quiet", title: "Quiet standing", generator: "talus 0.1.0",
      sources: [source(name: "quiet.csv", side: .left, movements: [])])
  }
}
