import AnkleKinematics
import LungeTest
import Motion
import SensorSimulation

/// Heel lift with a second sensor on the foot: how often a lift of so many degrees is seen, and how often one is said that is not there.
enum HeelLiftAccuracy {
  static func run(count: Int, verbose: Bool) {
    var alarms = (false: 0, of: 0)
    for lift in [2.0, 3, 5] {
      var (seen, present) = (0, 0)
      for seed in 1...UInt64(count) {
        let run = session(lift: lift, seed: seed)
        for (index, truth) in run.truth.script.filter({ $0.kind == .trial }).enumerated() {
          guard let found = run.trials.first(where: { run.matches($0, truth) }) else { continue }
          let isSeen = found.reasons.contains(.heelLift)
          if index % 2 == 1 {
            present += 1
            if isSeen { seen += 1 }
          } else {
            alarms.of += 1
            if isSeen { alarms.false += 1 }
          }
          if verbose && isSeen != (index % 2 == 1) {
            print(
              "# heel lift \(fixed(lift, 0)) deg, seed \(seed), lunge \(index): \(isSeen ? "false alarm" : "not seen")")
          }
        }
      }
      figure(
        "sessions.heel_lift.\(fixed(lift, 0))deg.seen", 100 * Double(seen) / Double(max(present, 1)), decimals: 1, "%",
        "of \(present) lunges whose heel rose by so much")
    }
    figure(
      "sessions.heel_lift.false", 100 * Double(alarms.false) / Double(max(alarms.of, 1)), decimals: 2, "%",
      "of \(alarms.of) lunges with the heel down")
  }

  /// Six lunges, every second with its heel up.
  private static func session(lift: Double, seed: UInt64) -> SessionRun {
    var plan = SessionPlan.anyone(seed: seed)
    var events: [ScriptedEvent] = [.stand(4)]
    for index in 0..<6 {
      var lunge = ScriptedMovement(.trial, .angle(35 * radiansPerDegree))
      if index % 2 == 1 { lunge.heelLift = lift * radiansPerDegree }
      events += [.movement(lunge), .stand(2.5)]
    }
    plan.movement.events = events
    do {
      return SessionRun(plan, foot: plan.onFoot(sensor: plan.sensor, mount: try Mount("z=proximal,x=anterior")))
    } catch {
      give(up: "\(error)")
    }
  }
}
