import LungeTest
import Motion
import SensorSimulation

/// Which movements become trials, over sessions with practice, aborted lunges, touch-and-go, slow ramps, knocks and tremor
/// (`SessionPlan.mixed`), both legs; and what segmentation alone does to end range.
enum TrialAccuracy {
  static func run(count: Int, verbose: Bool) {
    var exactSessions = 0
    var exactSides = 0
    var fast = (exact: 0, of: 0)
    var calm = (exact: 0, of: 0)
    var kinds: [String: Int] = [:]
    var plateaus = (ramps: 0, onRamps: 0, touches: 0, onTouches: 0, held: 0, missed: 0, unclear: 0)
    var held = ErrorFigures()
    var touched = ErrorFigures()
    for seed in 1...UInt64(count) {
      var isExact = true
      var rate = 0.0
      for side in [Side.left, .right] {
        let plan = SessionPlan.mixed(seed: seed, side: side)
        rate = plan.rate
        let run = SessionRun(plan)
        let faults = self.faults(run)
        for (fault, where_) in faults {
          kinds[fault, default: 0] += 1
          if verbose {
            print("# seed \(seed) \(side.rawValue) \(fixed(plan.rate, 0)) Hz \(plan.sensor.name): \(fault) \(where_)")
          }
        }
        if verbose && !faults.isEmpty {
          for truth in run.truth.script { print("#   \(truth.kind.rawValue) \(words(truth))") }
          for found in run.trials {
            print(
              "#   found \(found.kind.rawValue) \(words(found)), baseline \(fixed(found.baseline * degreesPerRadian, 1))"
            )
          }
        }
        if faults.isEmpty { exactSides += 1 } else { isExact = false }
        for case (let found, let truth?) in run.pairs where truth.kind == .trial && found.kind == .trial {
          let isPlateau = found.plateauStart != nil
          let slow = MovementTruth(truth, in: run.truth).slowTime
          if slow >= 0.7 {
            plateaus.held += 1
            if !isPlateau { plateaus.missed += 1 }
          } else if slow > 0.4 {
            plateaus.unclear += 1
          } else if truth.end.seconds(since: truth.start) > 7 {
            plateaus.ramps += 1
            if isPlateau { plateaus.onRamps += 1 }
          } else {
            plateaus.touches += 1
            if isPlateau { plateaus.onTouches += 1 }
          }
          let isWrong = slow >= 0.7 ? !isPlateau : slow <= 0.4 && isPlateau
          if verbose && isWrong {
            print(
              "# seed \(seed) \(side.rawValue) \(fixed(plan.rate, 0)) Hz \(plan.sensor.name) at \(fixed(truth.start.seconds, 1)) s: plateau \(isPlateau), slow for \(fixed(slow, 2)) s"
            )
          }
        }
        segmentation(of: run.truth, &held, &touched, seed: seed, verbose: verbose)
      }
      if isExact { exactSessions += 1 }
      if rate > 10 {
        fast.of += 1
        fast.exact += isExact ? 1 : 0
      } else {
        // What a rate of 10 Hz costs without a tremor that it takes for slow movement.
        calm.of += 1
        let isExact = [Side.left, .right].allSatisfy { side in
          var plan = SessionPlan.mixed(seed: seed, side: side)
          plan.movement.tremor = 0
          return faults(SessionRun(plan)).isEmpty
        }
        calm.exact += isExact ? 1 : 0
      }
    }
    let sessions = "\(count) sessions of two legs, 3 to 5 trials a leg, 10 Hz to 1 kHz"
    func share(_ part: Int, _ whole: Int) -> Double { 100 * Double(part) / Double(max(whole, 1)) }
    figure(
      "sessions.trials.exact", share(exactSessions, count), decimals: 1, "%",
      "\(sessions): exactly the true trials on both legs")
    figure("sessions.trials.exact_legs", share(exactSides, 2 * count), decimals: 1, "%", "the same, leg by leg")
    figure(
      "sessions.trials.exact_above_10_hz", share(fast.exact, fast.of), decimals: 1, "%",
      "the same, of the \(fast.of) sessions at 20 Hz and more alone")
    figure(
      "sessions.trials.exact_at_10_hz", share(exactSessions - fast.exact, calm.of), decimals: 1, "%",
      "the same, of the \(calm.of) sessions at 10 Hz alone")
    figure(
      "sessions.trials.exact_at_10_hz_calm", share(calm.exact, calm.of), decimals: 1, "%",
      "those again, without tremor")
    for (name, number) in kinds.sorted(by: { $0.key < $1.key }) {
      figure("sessions.trials." + name, Double(number), decimals: 0, "movements", "the same")
    }
    figure(
      "sessions.trials.ramp_plateaus", Double(plateaus.onRamps), decimals: 0, "trials",
      "plateaus found on \(plateaus.ramps) ramps of 3 to 6 deg/s without a hold, slower than 2 deg/s for 0.4 s at most")
    figure(
      "sessions.trials.touch_plateaus", Double(plateaus.onTouches), decimals: 0, "trials",
      "plateaus found on \(plateaus.touches) lunges that touch and go, slower than 2 deg/s for 0.4 s at most")
    figure(
      "sessions.trials.missed_plateaus", Double(plateaus.missed), decimals: 0, "trials",
      "no plateau found on \(plateaus.held) that were slower than 2 deg/s for 0.7 s and longer")
    figure(
      "sessions.trials.unclear_plateaus", Double(plateaus.unclear), decimals: 0, "trials",
      "in between, where sway decides whether there is half a second below 2 deg/s: not judged")
    figure(
      "sessions.segmentation.bias", held.mean, decimals: 3, "deg",
      "end range of \(held.count) held lunges from the true inclination, without sensor or filter")
    figure("sessions.segmentation.p95", held.size(share: 0.95), decimals: 3, "deg", "the same: 95 % are below")
    figure("sessions.segmentation.largest", held.largest, decimals: 3, "deg", "the same")
    figure(
      "sessions.segmentation.touch_p95", touched.size(share: 0.95), decimals: 3, "deg",
      "the smoothed peak of \(touched.count) lunges without a hold: 95 % are below")
  }

  /// What keeps a leg's movements from being exactly its true trials, and where.
  private static func faults(_ run: SessionRun) -> [(String, String)] {
    var faults: [(String, String)] = []
    for truth in run.truth.trials where truth.kind == .trial {
      let found = run.trials.filter { $0.kind == .trial && run.matches($0, truth) }.count
      if found == 0 {
        let other = run.trials.first { run.matches($0, truth) }
        faults.append((other.map { "trial_taken_for_\($0.kind.rawValue)" } ?? "trial_missed", words(truth)))
      }
      if found > 1 { faults.append(("trial_split", words(truth))) }
    }
    for found in run.trials where found.kind == .trial {
      let truths = run.truth.trials.filter { run.matches(found, $0) }
      let place = words(found)
      if truths.isEmpty { faults.append(("trial_from_nothing", place)) }
      if let other = truths.first, !truths.contains(where: { $0.kind == .trial }) {
        faults.append(("\(other.kind.rawValue)_taken_for_trial", words(other) + ", " + place))
      }
    }
    return faults
  }

  private static func words(_ found: Trial) -> String {
    "found \(fixed(found.start.seconds, 1)) to \(fixed(found.end.seconds, 1)) s, \(fixed(found.endRange.value * degreesPerRadian, 1)) deg, held \(fixed(found.hold ?? 0, 2)) s"
  }

  private static func words(_ truth: TrueTrial) -> String {
    "truly \(fixed(truth.start.seconds, 1)) to \(fixed(truth.end.seconds, 1)) s, \(fixed(truth.endRange * degreesPerRadian, 1)) deg, held \(fixed(truth.plateauEnd.map { $0.seconds(since: truth.plateauStart!) } ?? 0, 2)) s"
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
