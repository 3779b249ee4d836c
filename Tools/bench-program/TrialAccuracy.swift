import LungeTest
import Motion
import SensorSimulation

/// Which movements become trials, over sessions with practice, aborted lunges, touch-and-go, slow ramps, knocks and tremor
/// (`SessionPlan.mixed`), both legs; and what segmentation alone does to end range.
enum TrialAccuracy {
  static func run(count: Int, verbose: Bool) {
    var exactSessions = 0
    var exactSides = 0
    var kinds: [String: Int] = [:]
    var falsePlateaus = (ramps: 0, touches: 0, rampCount: 0, touchCount: 0)
    var missedPlateaus = (missed: 0, of: 0)
    var held = ErrorFigures()
    var touched = ErrorFigures()
    for seed in 1...UInt64(count) {
      var isExact = true
      for side in [Side.left, .right] {
        let plan = SessionPlan.mixed(seed: seed, side: side)
        let run = SessionRun(plan)
        let faults = self.faults(run)
        for fault in faults {
          kinds[fault, default: 0] += 1
          if verbose {
            print("# seed \(seed) \(side.rawValue) \(fixed(plan.rate, 0)) Hz \(plan.sensor.name): \(fault)")
          }
        }
        if faults.isEmpty { exactSides += 1 } else { isExact = false }
        for case (let found, let truth?) in run.pairs where truth.kind == .trial && found.kind == .trial {
          let isPlateau = found.plateauStart != nil
          if truth.plateauStart != nil {
            missedPlateaus.of += 1
            if !isPlateau { missedPlateaus.missed += 1 }
          } else if truth.end.seconds(since: truth.start) > 7 {
            falsePlateaus.rampCount += 1
            if isPlateau { falsePlateaus.ramps += 1 }
          } else {
            falsePlateaus.touchCount += 1
            if isPlateau { falsePlateaus.touches += 1 }
          }
        }
        segmentation(of: run.truth, &held, &touched, seed: seed, verbose: verbose)
      }
      if isExact { exactSessions += 1 }
    }
    let sessions = "\(count) sessions of two legs, 3 to 5 trials a leg, 10 Hz to 1 kHz"
    func share(_ part: Int, _ whole: Int) -> Double { 100 * Double(part) / Double(max(whole, 1)) }
    figure(
      "sessions.trials.exact", share(exactSessions, count), decimals: 1, "%",
      "\(sessions): exactly the true trials on both legs")
    figure("sessions.trials.exact_legs", share(exactSides, 2 * count), decimals: 1, "%", "the same, leg by leg")
    for (name, number) in kinds.sorted(by: { $0.key < $1.key }) {
      figure("sessions.trials." + name, Double(number), decimals: 0, "movements", "the same")
    }
    figure(
      "sessions.trials.ramp_plateaus", Double(falsePlateaus.ramps), decimals: 0, "trials",
      "plateaus found on \(falsePlateaus.rampCount) ramps of 3 to 6 deg/s without a hold")
    figure(
      "sessions.trials.touch_plateaus", Double(falsePlateaus.touches), decimals: 0, "trials",
      "plateaus found on \(falsePlateaus.touchCount) lunges that touch and go")
    figure(
      "sessions.trials.missed_plateaus", Double(missedPlateaus.missed), decimals: 0, "trials",
      "no plateau found on \(missedPlateaus.of) that were held for 1 to 3 s")
    figure(
      "sessions.segmentation.bias", held.mean, decimals: 3, "deg",
      "end range of \(held.count) held lunges from the true inclination, without sensor or filter")
    figure("sessions.segmentation.p95", held.size(share: 0.95), decimals: 3, "deg", "the same: 95 % are below")
    figure("sessions.segmentation.largest", held.largest, decimals: 3, "deg", "the same")
    figure(
      "sessions.segmentation.touch_p95", touched.size(share: 0.95), decimals: 3, "deg",
      "the smoothed peak of \(touched.count) lunges without a hold: 95 % are below")
  }

  /// What keeps a leg's movements from being exactly its true trials.
  private static func faults(_ run: SessionRun) -> [String] {
    var faults: [String] = []
    for truth in run.truth.trials where truth.kind == .trial {
      let found = run.trials.filter { $0.kind == .trial && run.matches($0, truth) }.count
      if found == 0 {
        let other = run.trials.first { run.matches($0, truth) }
        faults.append(other.map { "trial_taken_for_\($0.kind.rawValue)" } ?? "trial_missed")
      }
      if found > 1 { faults.append("trial_split") }
    }
    for found in run.trials where found.kind == .trial {
      let truths = run.truth.trials.filter { run.matches(found, $0) }
      if truths.isEmpty { faults.append("trial_from_nothing") }
      if let other = truths.first, !truths.contains(where: { $0.kind == .trial }) {
        faults.append("\(other.kind.rawValue)_taken_for_trial")
      }
    }
    return faults
  }

  /// The trial stage alone, on the true angles at the instants of sampling.
  private static func segmentation(
    of session: SimulatedSession, _ held: inout ErrorFigures, _ touched: inout ErrorFigures, seed: UInt64, verbose: Bool
  ) {
    var stage = TrialStage(TrialSetting(side: session.plan.side, mountAssumed: false))
    var found: [Trial] = []
    for row in session.truth {
      stage.admit(
        InclinationSample(
          time: row.time, inclination: row.tibialInclination, inclinationSD: 0.1 * radiansPerDegree,
          frontalTilt: row.tiltToRight))
      while stage.hasNews, let trial = stage.next() { found.append(trial) }
    }
    while let trial = stage.finish() { found.append(trial) }
    for truth in session.trials where truth.kind == .trial {
      let middle = (truth.start.seconds + truth.end.seconds) / 2
      guard let trial = found.first(where: { $0.start.seconds < middle && middle < $0.end.seconds }) else { continue }
      let error = (trial.endRange.value - truth.endRange) * degreesPerRadian
      if truth.plateauStart != nil { held.take(error) } else { touched.take(error) }
      if verbose && abs(error) > 0.3 {
        print(
          "# segmentation seed \(seed) \(session.plan.side.rawValue) \(fixed(session.plan.rate, 0)) Hz: \(fixed(error, 2)) deg, \(truth.plateauStart == nil ? "touched" : "held")"
        )
      }
    }
  }
}
