import LungeTest
import Motion
import Pipeline
import Replay

/// Runs one input through the engine and collects what a report shows of it.
public enum SessionReport {
  /// - Parameter progress: called now and then with the share of the input that is behind; returns false to stop.
  /// - Throws: what the input or the engine says of why it cannot be run.
  public static func source(
    _ input: SessionInput, progress: (Double) -> Bool = { _ in true }
  ) throws -> ReportSource {
    var curve = CurveBuilder()
    var trials: [Trial] = []
    var gaps: [Gap] = []
    var flags: Reading.Flags = []
    var last = SessionTime.zero
    let outcome = try input.run { emissions, step, _ in
      for emission in emissions {
        switch emission {
        case .reading(let reading):
          curve.append(reading)
          flags.formUnion(reading.flags)
          last = reading.time
        case .trial(let trial): trials.append(trial)
        case .gap(let gap): gaps.append(gap)
        case .marker: break
        }
      }
      return progress(step.share)
    }
    let configuration = input.configuration
    // An operator may have changed sides in mid-session: each side is a series of its own.
    var sides: [Side?] = []
    for trial in trials where !sides.contains(trial.side) { sides.append(trial.side) }
    if sides.isEmpty { sides = [configuration.side] }
    return ReportSource(
      name: input.name, format: input.kind, recordedOn: input.recordedOn, rate: outcome.rate, duration: last,
      configuration: configuration, overrides: input.overrides,
      series: sides.map { side in series(side, trials.filter { $0.side == side }, configuration) },
      curve: curve.curve, counters: outcome.counters, gaps: gaps, flags: flags,
      notes: input.notes + outcome.notes)
  }

  private static func series(
    _ side: Side?, _ movements: [Trial], _ configuration: PipelineConfiguration
  ) -> SeriesSummary {
    let statistics = SeriesStatistics(movements, bodyLengths: configuration.bodyLengths)
    let count = statistics.basisTrials.count
    let basis: String =
      switch statistics.basis {
      case .valid: "mean of the first \(words(count)) valid trial" + (count == 1 ? "" : "s")
      case .attention:
        "mean of the first \(words(count)) trial" + (count == 1 ? "" : "s") + ", none of them without doubt"
      case .none: "no trial that can be used"
      }
    return SeriesSummary(
      side: side, condition: configuration.condition, zero: configuration.zero, placement: configuration.placement,
      basis: basis, basisTrials: statistics.basisTrials, mean: statistics.mean?.value, meanU: statistics.mean?.sd,
      trialSD: statistics.trialSD, best: statistics.best, meanKneeToWall: statistics.kneeToWall?.value,
      meanKneeToWallU: statistics.kneeToWall?.sd, trials: movements.filter { $0.kind == .trial },
      otherMovements: movements.filter { $0.kind != .trial })
  }

  private static func words(_ count: Int) -> String {
    ["no", "one", "two", "three"][min(count, 3)]
  }
}
