import AnkleKinematics
import Export
import LungeTest
import Motion
import Pipeline
import Replay

/// Runs one input through the engine and collects what a report shows of it.
public enum SessionReport {
  /// - Parameters:
  ///   - part: what of the session is reported.
  ///   - explains: the report says what each trial's uncertainty is made of.
  ///   - progress: called now and then with the share of the input that is behind; returns false to stop.
  /// - Throws: what the input or the engine says of why it cannot be run, or that the part is not in it.
  public static func source(
    _ input: SessionInput, part: SessionPart = SessionPart(), explains: Bool = false,
    progress: (Double) -> Bool = { _ in true }
  ) throws -> ReportSource {
    var follower = PartFollower(part)
    var curve = CurveBuilder()
    var trials: [Trial] = []
    var gaps: [Gap] = []
    var flags: Reading.Flags = []
    var alignments: [AlignmentOutcome] = []
    var explanation = explains ? Explanation(input.configuration) : nil
    var last = SessionTime.zero
    let outcome = try input.run { emissions, step, _ in
      for emission in emissions {
        switch emission {
        case .reading(let reading):
          guard follower.holds(reading.time) else { continue }
          curve.append(reading)
          // Every filter has to find the vertical once; only what comes later says something of the session.
          flags.formUnion(reading.time.seconds < 2 ? reading.flags.subtracting(.notConverged) : reading.flags)
          last = reading.time
        case .trial(let trial): trials.append(trial)
        case .gap(let gap): if follower.holds(gap.end) { gaps.append(gap) }
        case .alignment(let outcome):
          alignments.append(outcome)
          _ = explanation?.take(emission)
        case .marker(let time, let text): follower.mark(text, at: time)
        }
      }
      return progress(step.share)
    }
    try follower.check(input)
    trials.removeAll { !follower.holds($0) }
    let annotations = Annotations(input.annotations)
    var configuration = input.configuration
    annotations.apply(to: &configuration, except: input.overrides)
    annotations.apply(to: &trials, except: input.overrides)
    // An operator may have changed sides in mid-session: each side is a series of its own.
    var sides: [Side?] = []
    for trial in trials where !sides.contains(trial.side) { sides.append(trial.side) }
    if sides.isEmpty { sides = [configuration.side] }
    let series = sides.map { summary($0, trials, configuration) }
    var source = ReportSource(
      name: input.name, format: input.kind, recordedOn: input.recordedOn, rate: outcome.rate, duration: last,
      configuration: configuration, overrides: input.overrides,
      series: series,
      curve: curve.curve, counters: outcome.counters, gaps: gaps, flags: flags, alignments: alignments,
      notes: input.notes + outcome.notes + [follower.note].compactMap { $0 } + annotations.notes)
    if flags.angleIsFiltered, let doubt = outcome.rate.flatMap(RateWords.doubt) {
      source.notes.append(doubt)
    }
    source.explanation = explanation
    source.rateSpread = outcome.rateSpread
    source.utcUncertainty = input.utcUncertainty
    source.foot = outcome.foot
    return source
  }

  private static func summary(
    _ side: Side?, _ movements: [Trial], _ configuration: PipelineConfiguration
  ) -> SeriesSummary {
    let setting = SeriesSetting(
      condition: configuration.kneeCondition, zero: configuration.zero.rawValue, placement: configuration.placement)
    let series = Series(side: side, setting: setting, movements: movements, test: configuration.test)
    let own = movements.filter { $0.side == side }
    return SeriesSummary(
      side: side, condition: configuration.kneeCondition, zero: configuration.zero, placement: configuration.placement,
      quantity: configuration.test.quantity, basis: words(series), basisTrials: series.used, mean: series.mean,
      meanU: series.meanUncertainty,
      trialSD: series.trialSD, best: series.best?.value, meanKneeToWall: series.kneeToWall?.value,
      meanKneeToWallU: series.kneeToWall?.sd, trials: own.filter { $0.kind == .trial },
      otherMovements: own.filter { $0.kind != .trial })
  }

  /// What the mean is taken over, in words.
  private static func words(_ series: Series) -> String {
    let count = ["no", "one", "two", "three", "four", "five"][min(series.used.count, 5)]
    let noun = series.used.count == 1 ? "trial" : "trials"
    return switch series.basis {
    case .valid: "mean of the first \(count) valid \(noun)"
    case .attention: "mean of the first \(count) \(noun), none of them without doubt"
    case .none: "no trial that can be used"
    }
  }
}
