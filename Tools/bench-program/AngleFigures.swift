import AnkleKinematics
import Glibc
import LungeTest
import Motion
import Pipeline
import SensorSimulation

/// What must not depend on how the sensor sits, and what finds out how it sits.
enum AngleFigures {
  static func run(count: Int, verbose: Bool) {
    invariance(count: min(count, 40))
    functionalAxis(count: count, verbose: verbose)
    badCalibrations(count: max(count / 2, 1), verbose: verbose)
  }

  /// Somebody's session with rocks for a calibration.
  static func calibrating(seed: UInt64, _ change: (inout [ScriptedEvent]) -> Void = { _ in }) -> SessionPlan {
    var plan = SessionPlan.anyone(seed: seed)
    var events = plan.movement.events ?? []
    var draws = Draws(seed: seed &+ 77)
    let angle = (16 + 3 * draws.normal()) * radiansPerDegree
    let period = max(1.6 + 0.25 * draws.normal(), 1)
    events.insert(
      contentsOf: [.rocks(count: 3, angle: max(angle, 0.18), period: period, axis: .mediolateral), .stand(2.5)], at: 1)
    change(&events)
    plan.movement.events = events
    return plan
  }

  /// All that the engine says of samples that carry their own time.
  static func emissions(
    of session: SimulatedSession, sensor turn: Quaternion = .identity, mirrored: Bool = false,
    _ configure: (inout PipelineConfiguration) -> Void
  ) -> [Emission] {
    var configuration = PipelineConfiguration()
    configuration.filter = .accurate
    configuration.side = session.plan.side
    configure(&configuration)
    do {
      var engine = try Pipeline(configuration)
      var output: [Emission] = []
      for (sample, truth) in zip(session.samples, session.truth) {
        var sample = sample
        if mirrored {
          // In the mirror a vector loses its sign across it, and a rotation those in it.
          let (a, w) = (sample.acceleration, sample.angularRate)
          sample.acceleration = Vector3(a.x, a.y, -a.z)
          sample.angularRate = Vector3(-w.x, -w.y, w.z)
        }
        sample.acceleration = turn.rotate(sample.acceleration)
        sample.angularRate = turn.rotate(sample.angularRate)
        engine.receive(TimedSample(time: truth.time, sample: sample), into: &output)
      }
      engine.finish(into: &output)
      return output
    } catch {
      give(up: "\(error)")
    }
  }

  private static func readings(_ emissions: [Emission]) -> [Reading] {
    emissions.compactMap { if case .reading(let reading) = $0 { reading } else { nil } }
  }

  /// The largest difference of the inclinations, degrees; infinite where one has an angle and the other has none.
  private static func difference(_ a: [Emission], _ b: [Emission]) -> Double {
    var worst = 0.0
    for (one, two) in zip(readings(a), readings(b)) where one.tibialInclination.isFinite {
      guard two.tibialInclination.isFinite else { return .infinity }
      worst = max(worst, abs(one.tibialInclination - two.tibialInclination))
    }
    return worst * degreesPerRadian
  }

  /// The largest difference of the frontal tilts that are each other's mirror image, degrees.
  private static func tiltDifference(_ a: [Emission], _ b: [Emission]) -> Double {
    var worst = 0.0
    for (one, two) in zip(readings(a), readings(b)) where one.tibialInclination.isFinite {
      worst = max(worst, abs(one.tiltToRight + two.tiltToRight))
    }
    return worst * degreesPerRadian
  }

  /// The same motion with the same noise, seen by a sensor that sits otherwise: noise and errors turn with it.
  private static func invariance(count: Int) {
    var largest = (random: 0.0, upsideDown: 0.0, mirror: 0.0, mirroredTilt: 0.0, declared: 0.0)
    var compared = 0
    for seed in 1...UInt64(count) {
      do {
        let session = try SimulatedSession(calibrating(seed: seed))
        let functional: (inout PipelineConfiguration) -> Void = { alignByRocks(&$0) }
        let reference = emissions(of: session, functional)
        compared += readings(reference).count
        for other in 0..<4 {
          let turn = Quaternion.anyhow(seed: seed * 100 + UInt64(other))
          largest.random = max(largest.random, difference(reference, emissions(of: session, sensor: turn, functional)))
        }
        let flip = Quaternion(angle: .pi, axis: Vector3(0, 0, 1))
        largest.upsideDown = max(
          largest.upsideDown, difference(reference, emissions(of: session, sensor: flip, functional)))
        let mirror = emissions(of: session, mirrored: true) {
          functional(&$0)
          $0.side = session.plan.side == .left ? .right : .left
        }
        largest.mirror = max(largest.mirror, difference(reference, mirror))
        largest.mirroredTilt = max(largest.mirroredTilt, tiltDifference(reference, mirror))
        // The mount's word turned with the sensor.
        let sensorFromShank = session.plan.mount.shankFromSensor.conjugate
        let declared = emissions(of: session) {
          $0.mount = session.plan.mount.text
          $0.mountAssumed = false
        }
        for text in ["y=distal,z=anterior", "x=proximal,z=posterior", "z=distal,y=left"] {
          let mount = try Mount(text)
          let turned = emissions(of: session, sensor: mount.shankFromSensor.conjugate * sensorFromShank.conjugate) {
            $0.mount = text
            $0.mountAssumed = false
          }
          largest.declared = max(largest.declared, difference(declared, turned))
        }
      } catch {
        give(up: "seed \(seed): \(error)")
      }
    }
    let what = "the same \(count) sessions with their noise, all \(compared) readings compared"
    figure(
      "angle.invariance.random", largest.random, decimals: 6, "deg",
      "largest difference, sensor turned at random: \(what)")
    figure(
      "angle.invariance.upside_down", largest.upsideDown, decimals: 6, "deg", "largest difference, sensor upside down")
    figure(
      "angle.invariance.mirror", largest.mirror, decimals: 6, "deg", "largest difference, motion mirrored left to right"
    )
    figure(
      "angle.invariance.mirror_tilt", largest.mirroredTilt, decimals: 6, "deg",
      "largest difference of the mirrored frontal tilt")
    figure(
      "angle.invariance.declared", largest.declared, decimals: 6, "deg",
      "largest difference, three other declared mounts")
  }

  /// The axes are found by rocks, under the zero that goes with them.
  private static func alignByRocks(_ configuration: inout PipelineConfiguration) {
    configuration.filter = .accurate
    configuration.alignment = .functional
    configuration.zero = .standing
  }

  /// The angle between the mediolateral axis that rocks showed and the true one, over random mounts.
  private static func functionalAxis(count: Int, verbose: Bool) {
    var (axes, zeros) = (ErrorFigures(), ErrorFigures())
    var refused = 0
    for seed in 1...UInt64(count) {
      var plan = calibrating(seed: seed)
      plan.misalignment = Quaternion.anyhow(seed: seed)
      let run = SessionRun(
        plan,
        configure: {
          alignByRocks(&$0)
          $0.mountAssumed = true
        })
      guard let alignment = run.alignment else {
        refused += 1
        if verbose { print("# functional seed \(seed): refused \(run.refusals.map { $0.reason.rawValue })") }
        continue
      }
      let right = plan.shankFromSensor.conjugate.rotate(Vector3(0, 0, 1))
      let found = alignment.shankFromSensor.conjugate.rotate(Vector3(0, 0, 1))
      axes.take(degrees(between: right, found))
      let up = plan.shankFromSensor.conjugate.rotate(Vector3(0, 1, 0))
      let lean = plan.movement.standingLean
      let level = alignment.shankFromSensor.rotate(up)
      zeros.take((ShankAngles(verticalInShank: level).tibialInclination + lean) * degreesPerRadian)
      if verbose && degrees(between: right, found) > 5 {
        print(
          "# functional seed \(seed): axis \(fixed(degrees(between: right, found), 1)) deg off, \(plan.sensor.name)")
      }
    }
    let what = "\(axes.count) sessions with random mounts, people, chips; three rocks"
    figure(
      "angle.functional.axis_mean", axes.meanSize, decimals: 2, "deg", "found against true mediolateral axis, \(what)")
    figure("angle.functional.axis_p95", axes.size(share: 0.95), decimals: 2, "deg", "the same: 95 % are below")
    figure("angle.functional.axis_largest", axes.largest, decimals: 2, "deg", "the same")
    figure("angle.functional.zero_sd", zeros.sd, decimals: 2, "deg", "the same: zero against the mean standing lean")
    figure(
      "angle.functional.refused_good", 100 * Double(refused) / Double(count), decimals: 1, "%",
      "good calibrations that were refused")
  }

  /// Calibrations that went wrong in ways that people find, and whether each was refused before a good one could follow.
  private static func badCalibrations(count: Int, verbose: Bool) {
    typealias Bad = (name: String, what: String, isMountStated: Bool, events: (inout Draws) -> [ScriptedEvent])
    func rocks(_ count: Int, _ angle: Double = 18, _ axis: ScriptedEvent.RockAxis = .mediolateral) -> ScriptedEvent {
      .rocks(count: count, angle: angle * radiansPerDegree, period: 1.6, axis: axis)
    }
    func shuffle(_ draws: inout Draws) -> ScriptedEvent {
      .fidget(duration: 1.5, amplitude: (6 + 2 * abs(draws.normal())) * radiansPerDegree)
    }
    let kinds: [Bad] = [
      (
        "moving", "moving while standing, then rocks", false,
        {
          [
            .fidget(duration: 12, amplitude: (5 + abs($0.normal())) * radiansPerDegree), rocks(3),
            .fidget(duration: 8, amplitude: 0.09),
          ]
        }
      ),
      ("one_rock", "one rock", false, { _ in [.stand(4), rocks(1), .stand(8)] }),
      ("two_rocks", "two rocks", false, { _ in [.stand(4), rocks(2), .stand(8)] }),
      ("small_rocks", "three rocks of 6 degrees", false, { _ in [.stand(4), rocks(3, 6), .stand(8)] }),
      ("long_axis", "turning about the shank's length", false, { _ in [.stand(4), rocks(3, 20, .long), .stand(8)] }),
      (
        "sideways_stated", "rocking to the sides, mount stated", true,
        { _ in [.stand(4), rocks(3, 18, .frontal), .stand(8)] }
      ),
      (
        "sideways_unstated",
        "rocking to the sides, mount not stated: nothing in the data tells it from rocking forward", false,
        { _ in [.stand(4), rocks(3, 18, .frontal), .stand(8)] }
      ),
      (
        "shuffled", "the feet shuffle between the rocks", false,
        { [.stand(4), rocks(1), shuffle(&$0), rocks(1), shuffle(&$0), rocks(1), .stand(8)] }
      ),
    ]
    for kind in kinds {
      var refused = 0
      var reasons: [String: Int] = [:]
      for seed in 1...UInt64(count) {
        var plan = SessionPlan.anyone(seed: seed)
        var draws = Draws(seed: seed)
        plan.movement.events = kind.events(&draws)
        let run = SessionRun(
          plan,
          configure: {
            alignByRocks(&$0)
            $0.mountAssumed = !kind.isMountStated
          })
        if run.alignment == nil { refused += 1 }
        if let first = run.refusals.first { reasons[first.reason.rawValue, default: 0] += 1 }
        if verbose && run.alignment != nil { print("# \(kind.name) seed \(seed): taken") }
      }
      let words = reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      figure(
        "angle.functional.refused.\(kind.name)", 100 * Double(refused) / Double(count), decimals: 1, "%",
        "of \(count): \(kind.what); first reasons: \(words)")
    }
  }

  static func degrees(between a: Vector3, _ b: Vector3) -> Double {
    atan2(a.cross(b).length, a.dot(b)) * degreesPerRadian
  }
}
