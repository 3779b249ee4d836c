import LungeTest
import Motion
import SensorSimulation

/// Each reason of a verdict: how often it is seen when it is there, and how often it is said of lunges that are as they should be. Whether it is
/// there is decided by what truly happened (`MovementTruth`), not by what was asked for; near a limit neither is.
enum VerdictAccuracy {
  /// What is wrong with one lunge of four.
  private struct Fault {
    let reason: Trial.Reasons
    let what: String
    var lunge: @Sendable (inout ScriptedMovement) -> Void = { _ in }
    var plan: @Sendable (inout SessionPlan) -> Void = { _ in }
    /// Number of the faulty lunge among the four.
    var number = 2
    var isDamaged = false
  }

  private static let faults: [Fault] = [
    Fault(
      reason: .frontalTilt, what: "more than 5.5 deg of sideways tilt",
      lunge: { $0.medialTilt = 7 * radiansPerDegree }),
    Fault(
      reason: .axialRotation, what: "more than 11 deg of axial rotation",
      lunge: { $0.internalRotation = 16 * radiansPerDegree }),
    Fault(reason: .noPlateau, what: "no half second below 2 deg/s", lunge: { $0.hold = 0 }),
    Fault(
      reason: .baselineShift,
      what: "a sensor that slips by 4 deg, or a rest that reads 2.5 deg else after than before against the truth",
      lunge: { $0.slip = 4 * radiansPerDegree }),
    Fault(reason: .gap, what: "0.4 s without samples in the hold", lunge: { $0.outage = 0.4 }),
    Fault(
      reason: .saturated, what: "samples at an end of the range: a jolt of 60 m/s2 at 2 g", lunge: { $0.jolt = 60 },
      plan: {
        $0.sensor = .mpu6050
        $0.sensor.bandwidth = 200
      }),
    Fault(reason: .tooFast, what: "more than 140 deg/s on the way out", lunge: { $0.outward = 0.35 }),
    Fault(
      reason: .notConverged, what: "a first sample in the middle of the way out (named, or not told at all)",
      plan: { plan in plan.firstSample = plan.movement.standing + 0.7 }, number: 0),
    Fault(
      reason: .resynchronised, what: "30 bytes destroyed in the hold", plan: { $0.sensor = .wt901 }, isDamaged: true),
    Fault(
      reason: .unfinished, what: "the session's end in the hold",
      plan: { plan in plan.duration = fourLunges.dropLast(2).reduce(0) { $0 + $1 } + plan.movement.standing + 1.5 + 1 },
      number: 3),
    // No reason of its own: what is asked is whether the angle stays right, or the verdict says that it may not.
    Fault(reason: [], what: "a jolt of 60 m/s2", lunge: { $0.jolt = 60 }),
  ]

  /// Length of each lunge and each rest of the four, s.
  private static let fourLunges: [Double] = Array(repeating: [1.5 + 2 + 1.3, 2.5], count: 4).flatMap { $0 }

  private struct Tally {
    var there = 0
    var seen = 0
    var absent = 0
    var alarms = 0

    mutating func take(isThere: Bool, isNamed: Bool) {
      if isThere {
        there += 1
        seen += isNamed ? 1 : 0
      } else {
        absent += 1
        alarms += isNamed ? 1 : 0
      }
    }
  }

  static func run(count: Int, verbose: Bool) {
    var tallies: [UInt32: Tally] = [:]
    var (wrongAndValid, lunges, joltsWrongAndValid, jolts) = (0, 0, 0, 0)
    for fault in faults {
      for seed in 1...UInt64(count) {
        let run = session(fault, seed: seed)
        for (index, lunge) in run.truth.script.enumerated() where lunge.kind == .trial {
          let truth = MovementTruth(lunge, in: run.truth)
          let found = run.trials.first { run.matches($0, lunge) }
          let isJolt = index == fault.number && lungeHasJolt(fault)
          // After a slip the sensor reads otherwise for good; that is told of the lunge in which it slipped, and of the mean.
          let isAfterSlip = fault.reason == .baselineShift && index > fault.number
          lunges += isAfterSlip ? 0 : 1
          jolts += isJolt ? 1 : 0
          if let found, !isAfterSlip, isWrongAndValid(found, lunge) {
            wrongAndValid += 1
            joltsWrongAndValid += isJolt ? 1 : 0
            if verbose { print("# wrong and valid: \(words(fault, run, index)), \(words(found, lunge, truth))") }
          }
          for reason in faults.map(\.reason) where !reason.isEmpty {
            guard
              let isThere = isThere(
                reason, truth, drift: reason == .baselineShift ? run.drift(over: lunge) : nil,
                isFaulty: index == fault.number, fault)
            else { continue }
            // Where the angle was not known, there may be nothing to tell at all.
            let isNamed = found?.reasons.contains(reason) ?? (reason == .notConverged)
            tallies[reason.rawValue, default: Tally()].take(isThere: isThere, isNamed: isNamed)
            if verbose && isNamed != isThere {
              print(
                "# \(name(reason)) \(isThere ? "not seen" : "false"): \(words(fault, run, index)), \(found.map { words($0, lunge, truth) } ?? "no movement")"
              )
            }
          }
        }
      }
    }
    for fault in faults where !fault.reason.isEmpty {
      let tally = tallies[fault.reason.rawValue, default: Tally()]
      figure(
        "sessions.verdicts.\(name(fault.reason)).seen", 100 * Double(tally.seen) / Double(tally.there), decimals: 1,
        "%", "of \(tally.there) lunges with \(fault.what)")
      figure(
        "sessions.verdicts.\(name(fault.reason)).false", 100 * Double(tally.alarms) / Double(tally.absent), decimals: 2,
        "%", "of \(tally.absent) lunges that are clearly without it")
    }
    figure(
      "sessions.verdicts.wrong_and_valid", Double(wrongAndValid), decimals: 0, "lunges",
      "of \(lunges): valid, and end range further from the truth than 2 deg plus twice the stated uncertainty")
    figure(
      "sessions.verdicts.jolts_wrong_and_valid", Double(joltsWrongAndValid), decimals: 0, "lunges",
      "of \(jolts) with a jolt of 60 m/s2 when the knee meets the wall: the same")
  }

  private static func lungeHasJolt(_ fault: Fault) -> Bool {
    var lunge = ScriptedMovement(.trial, .angle(0.6))
    fault.lunge(&lunge)
    return lunge.jolt > 0
  }

  private static func isWrongAndValid(_ found: Trial, _ truth: TrueTrial) -> Bool {
    let least = 2 * (radiansPerDegree + found.endRange.sd)
    return found.kind == .trial && found.verdict == .valid && abs(found.endRange.value - truth.endRange) > least
  }

  /// Whether a reason is truly there; nil near its limit, and where one fault brings another with it.
  private static func isThere(
    _ reason: Trial.Reasons, _ truth: MovementTruth, drift: Double?, isFaulty: Bool, _ fault: Fault
  ) -> Bool? {
    func beyond(_ value: Double, _ low: Double, _ high: Double) -> Bool? {
      value > high ? true : value < low ? false : nil
    }
    let isIt = isFaulty && fault.reason == reason
    // What is cut off, and what lies before the first sample, was not seen whole.
    if isFaulty, !isIt, fault.reason == .unfinished || fault.reason == .notConverged { return nil }
    switch reason {
    case .frontalTilt: return beyond(truth.frontalTilt, 4.5, 5.5)
    case .axialRotation: return beyond(truth.axialRotation, 9, 11)
    case .noPlateau: return truth.slowTime < 0.4 ? true : truth.slowTime > 0.7 ? false : nil
    case .tooFast: return beyond(truth.peakRate, 120, 140)
    case .saturated: return truth.clipped > 0
    // The reason says drift or slip, and a cheap chip's filter does drift while it gets to know the chip.
    case .baselineShift:
      return isIt ? true : drift.flatMap { beyond(abs($0) * degreesPerRadian, 1.5, 2.5) }
    case .gap: return isFaulty && fault.isDamaged ? nil : isIt
    default: return isIt
    }
  }

  private static func name(_ reason: Trial.Reasons) -> String {
    Trial.Reasons.names.first { $0.0 == reason }.map { "\($0.1)" } ?? "unknown"
  }

  private static func words(_ fault: Fault, _ run: SessionRun, _ lunge: Int) -> String {
    "session of \(name(fault.reason)) seed \(run.truth.plan.seed) \(fixed(run.truth.plan.rate, 0)) Hz \(run.truth.plan.sensor.name) lunge \(lunge)"
  }

  private static func words(_ found: Trial, _ lunge: TrueTrial, _ truth: MovementTruth) -> String {
    func degrees(_ angle: Double) -> String { fixed(angle * degreesPerRadian, 1) }
    let reasons = Trial.Reasons.names.filter { found.reasons.contains($0.0) }.map { "\($0.1)" }
    return
      "\(found.kind.rawValue) \(found.verdict.rawValue) \(reasons), error \(degrees(found.endRange.value - lunge.endRange)) "
      + "sd \(degrees(found.endRange.sd)), tilt \(degrees(found.frontalTilt)) truly \(fixed(truth.frontalTilt, 1)), "
      + "turn \(degrees(found.axialRotation ?? .nan)) truly \(fixed(truth.axialRotation, 1)), "
      + "rate \(degrees(found.peakRate)) truly \(fixed(truth.peakRate, 1)), slow for \(fixed(truth.slowTime, 2)) s, clipped \(truth.clipped)"
  }

  private static func session(_ fault: Fault, seed: UInt64) -> SessionRun {
    var plan = SessionPlan.anyone(seed: seed)
    var random = Draws(seed: seed)
    // Slow enough that an ordinary lunge is none of the faults.
    var events: [ScriptedEvent] = [.stand(plan.movement.standing)]
    for index in 0..<4 {
      var lunge = ScriptedMovement(.trial, .angle((36 + 3 * random.normal()) * radiansPerDegree))
      (lunge.outward, lunge.hold, lunge.homeward) = (1.5, 2, 1.3)
      lunge.medialTilt = max(-3, min(1 + random.normal(), 3)) * radiansPerDegree
      lunge.internalRotation = max(-6, min(3 + 1.5 * random.normal(), 6)) * radiansPerDegree
      if index == fault.number { fault.lunge(&lunge) }
      events += [.movement(lunge), .stand(2.5)]
    }
    plan.movement.events = events
    plan.arrivals = .usb1ms
    fault.plan(&plan)
    return SessionRun(
      plan, keepsCurve: true,
      damage: { pieces, truth in
        guard fault.isDamaged, let start = truth.script[fault.number].plateauStart?.seconds else { return }
        let host = truth.plan.hostOrigin
        let first = pieces.firstIndex { $0.arrived.seconds(since: host) > start + 0.7 } ?? 0
        var left = 30
        for index in first..<pieces.count where left > 0 {
          for byte in pieces[index].bytes.indices where left > 0 {
            pieces[index].bytes[byte] ^= 0xA5
            left -= 1
          }
        }
      })
  }
}
