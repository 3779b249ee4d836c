import LungeTest
import Motion
import SensorSimulation

/// Each reason of a verdict: how often it is seen when it is there, and how often it is said of lunges that are as they should be.
enum VerdictAccuracy {
  /// What is wrong with the fault's lunge.
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
    Fault(reason: .frontalTilt, what: "7 deg of medial tilt", lunge: { $0.medialTilt = 7 * radiansPerDegree }),
    Fault(
      reason: .axialRotation, what: "13 deg of internal rotation",
      lunge: { $0.internalRotation = 13 * radiansPerDegree }),
    Fault(reason: .noPlateau, what: "no hold", lunge: { $0.hold = 0 }),
    Fault(reason: .baselineShift, what: "the sensor slips by 4 deg", lunge: { $0.slip = 4 * radiansPerDegree }),
    Fault(reason: .gap, what: "0.4 s without samples in the hold", lunge: { $0.outage = 0.4 }),
    Fault(
      reason: .saturated, what: "a jolt of 60 m/s2 at a range of 2 g", lunge: { $0.jolt = 60 },
      plan: {
        $0.sensor = .mpu6050
        $0.sensor.bandwidth = 200
      }),
    Fault(reason: .tooFast, what: "out in 0.35 s", lunge: { $0.outward = 0.35 }),
    Fault(
      reason: .notConverged, what: "the lunge begins 0.05 s after the first sample",
      plan: { plan in
        if case .stand? = plan.movement.events?.first { plan.movement.events?[0] = .stand(0.05) }
      }, number: 0),
    Fault(
      reason: .resynchronised, what: "30 bytes destroyed in the hold", plan: { $0.sensor = .wt901 }, isDamaged: true),
    Fault(
      reason: .unfinished, what: "the session ends in the hold",
      plan: { plan in plan.duration = fourLunges.dropLast(2).reduce(0) { $0 + $1 } + plan.movement.standing + 1.5 + 1 },
      number: 3),
  ]

  /// Length of each lunge and each rest of the four, s.
  private static let fourLunges: [Double] = Array(repeating: [1.5 + 2 + 1.3, 2.5], count: 4).flatMap { $0 }

  static func run(count: Int, verbose: Bool) {
    var clean: [UInt32: Int] = [:]
    var cleanCount = 0
    for fault in faults {
      var (seen, present) = (0, 0)
      for seed in 1...UInt64(count) {
        let run = session(fault, seed: seed)
        let lunges = run.truth.script.filter { $0.kind == .trial }
        for (index, truth) in lunges.enumerated() {
          let found = run.trials.first { run.matches($0, truth) }
          if index == fault.number {
            present += 1
            if found?.reasons.contains(fault.reason) == true {
              seen += 1
            } else if verbose {
              print(
                "# \(name(fault.reason)) seed \(seed) not seen: \(found.map { "\($0.kind) \($0.reasons.rawValue)" } ?? "no movement")"
              )
            }
          } else if let found, index < fault.number || fault.reason != .notConverged {
            cleanCount += 1
            for (reason, _) in Trial.Reasons.names where found.reasons.contains(reason) {
              clean[reason.rawValue, default: 0] += 1
              if verbose { print("# \(name(fault.reason)) seed \(seed) lunge \(index): false \(name(reason))") }
            }
          }
        }
      }
      figure(
        "sessions.verdicts.\(name(fault.reason)).seen", 100 * Double(seen) / Double(present), decimals: 1, "%",
        "of \(present) lunges with \(fault.what)")
    }
    for fault in faults {
      let alarms = clean[fault.reason.rawValue, default: 0]
      figure(
        "sessions.verdicts.\(name(fault.reason)).false", 100 * Double(alarms) / Double(cleanCount), decimals: 2, "%",
        "of \(cleanCount) lunges without it")
    }
  }

  private static func name(_ reason: Trial.Reasons) -> String {
    Trial.Reasons.names.first { $0.0 == reason }.map { "\($0.1)" } ?? "unknown"
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
      plan,
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
