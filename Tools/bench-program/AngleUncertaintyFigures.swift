import AnkleKinematics
import LungeTest
import Motion
import Pipeline
import SensorSimulation

/// Whether the claimed uncertainty of an end range is right, for every way of finding how the sensor sits; and each of its parts by itself.
enum AngleUncertaintyFigures {
  static func run(count: Int, verbose: Bool) {
    for way in Way.allCases { coverage(of: way, count: count, verbose: verbose) }
    parts(count: max(count / 2, 1))
  }

  /// How it becomes known where the sensor's axes point, with what is wrong about it in the sessions.
  private enum Way: String, CaseIterable {
    case declared, pose, functional

    var what: String {
      switch self {
      case .declared: "declared mount with SD 2, 5, 2 deg about anterior, long and lateral axis; zero gravity"
      case .pose: "quiet standing, the mount's way forward with the same spreads; zero standing"
      case .functional: "rocks, random mount; zero standing"
      }
    }

    func configure(_ configuration: inout PipelineConfiguration) {
      configuration.filter = .accurate
      switch self {
      case .declared: break
      case .pose:
        configuration.alignment = .pose
        configuration.zero = .standing
      case .functional:
        configuration.alignment = .functional
        configuration.zero = .standing
        configuration.mountAssumed = true
      }
    }
  }

  /// Standard deviations of a declared mount about the shank's axes x, y and z.
  private static let mountSD = Vector3(2, 5, 2) * radiansPerDegree

  private static func plan(_ way: Way, seed: UInt64) -> SessionPlan {
    var plan = way == .functional ? AngleFigures.calibrating(seed: seed) : SessionPlan.anyone(seed: seed)
    var random = Draws(seed: seed)
    if way == .functional {
      plan.misalignment = Quaternion.anyhow(seed: seed)
    } else {
      plan.misalign(random.normals(mountSD))
    }
    plan.sensor.accelerometer = plan.sensor.accelerometer.withoutConstantErrors
    let bias = SessionRun.wire(of: plan.sensor).staticAngleSD * standardGravity
    plan.sensor.accelerometer.biasSD = Vector3(bias, bias, bias)
    return plan
  }

  private static func coverage(of way: Way, count: Int, verbose: Bool) {
    var all = Coverage()
    var refused = 0
    for seed in 1...UInt64(count) {
      let plan = plan(way, seed: seed)
      let run = SessionRun(plan, configure: way.configure)
      if run.alignment == nil { refused += 1 }
      let zero = way == .declared ? 0 : plan.movement.standingLean
      for case (let found, let truth?) in run.pairs where found.kind == .trial {
        all.take(found, truth.endRange - zero, seed: seed, verbose: verbose)
      }
    }
    all.print(
      "angle.sessions.\(way.rawValue)", "\(way.what); accelerometer bias as the engine claims for the protocol")
    figure(
      "angle.sessions.\(way.rawValue).refused", Double(refused), decimals: 0, "sessions",
      "the same: without an alignment")
  }

  /// One source at a time: what it does to end ranges against the same session without it, and what is claimed for it.
  private static func parts(count: Int) {
    typealias Part = (
      source: Contribution.Source, zero: ZeroConvention, hold: Double?, change: (inout SessionPlan, inout Draws) -> Void
    )
    func bias(_ plan: inout SessionPlan, _ draws: inout Draws) {
      let bias = SessionRun.wire(of: plan.sensor).staticAngleSD * standardGravity
      plan.specimen?.accelerometer.bias = draws.normals(Vector3(bias, bias, bias))
    }
    let all: [Part] = [
      (.accelerometer, .gravity, nil, bias), (.accelerometer, .standing, nil, bias),
      (.accelerometer, .standing, 1, bias), (.accelerometer, .standing, 5, bias),
      (.alignment, .gravity, nil, { $0.misalign(Vector3(0, 0, mountSD.z * $1.normal())) }),
      (.twist, .gravity, nil, { $0.misalign(Vector3(0, mountSD.y * $1.normal(), 0)) }),
    ]
    for part in all {
      var seen = ErrorFigures()
      var claimed = ErrorFigures()
      for seed in 1...UInt64(count) {
        var plan = SessionPlan.anyone(seed: seed)
        if let hold = part.hold {
          plan.movement.events = plan.movement.events?.map { event in
            guard case .movement(var movement) = event else { return event }
            movement.hold = hold
            return .movement(movement)
          }
        }
        plan.sensor.accelerometer = plan.sensor.accelerometer.withoutConstantErrors
        plan.specimen = SensorSpecimen(of: plan.sensor, seed: seed)
        var changed = plan
        var draws = Draws(seed: seed &+ 5)
        part.change(&changed, &draws)
        let configure: (inout PipelineConfiguration) -> Void = {
          $0.filter = .accurate
          guard part.zero == .standing else { return }
          $0.alignment = .pose
          $0.zero = .standing
        }
        let (without, with) = (SessionRun(plan, configure: configure), SessionRun(changed, configure: configure))
        guard let alignment = with.alignment else { continue }
        let constant = ConstantUncertainty(
          accelerometer: SessionRun.wire(of: plan.sensor).staticAngleSD, alignment: alignment)
        for case (let found, let truth?) in with.pairs {
          guard let same = without.pairs.first(where: { $0.truth == truth })?.found else { continue }
          seen.take((found.endRange.value - same.endRange.value) * degreesPerRadian)
          let parts = constant.held(for: found.hold ?? 0).contributions(to: found.endRange, commonSD: found.commonSD)
          claimed.take((parts.first { $0.source == part.source }?.sd ?? 0) * degreesPerRadian)
        }
      }
      let hold = part.hold.map { ".held_\(fixed($0, 0))_s" } ?? ""
      let group = "angle.explain.\(part.source.rawValue).\(part.zero.rawValue)\(hold)"
      figure(
        group + ".seen", seen.sd, decimals: 3, "deg",
        "SD over \(seen.count) end ranges of what this source alone changes")
      figure(group + ".claimed", claimed.rms, decimals: 3, "deg", "the same, what --explain says")
    }
    filterPart(count: count)
    zeroPart(count: count)
  }

  /// What quiet standing gives away as a zero: the truth is the mean lean, and somebody who sways shows another for a second or two.
  private static func zeroPart(count: Int) {
    var (seen, claimed) = (ErrorFigures(), ErrorFigures())
    for seed in 1...UInt64(count) {
      var plan = SessionPlan.anyone(seed: seed)
      plan.sensor.accelerometer = plan.sensor.accelerometer.withoutConstantErrors
      let run = SessionRun(
        plan,
        configure: {
          $0.filter = .accurate
          $0.alignment = .pose
          $0.zero = .standing
        })
      guard let alignment = run.alignment else { continue }
      let up = alignment.shankFromSensor.conjugate.rotate(Vector3(0, 1, 0))
      let lean = ShankAngles(verticalInShank: plan.shankFromSensor.rotate(up)).tibialInclination
      seen.take((lean - plan.movement.standingLean) * degreesPerRadian)
      claimed.take(alignment.zeroSD * degreesPerRadian)
    }
    figure(
      "angle.explain.alignment.standing.seen", seen.rms, decimals: 3, "deg",
      "RMS of \(seen.count) zeros, no constant errors")
    figure("angle.explain.alignment.standing.claimed", claimed.rms, decimals: 3, "deg", "the same, what --explain says")
  }

  /// What no constant error explains: errors of filter and plateau on a sensor without any, against their claim.
  private static func filterPart(count: Int) {
    var (seen, claimed) = (ErrorFigures(), ErrorFigures())
    var held = 0
    for seed in 1...UInt64(count) {
      var plan = SessionPlan.anyone(seed: seed)
      plan.sensor.accelerometer = plan.sensor.accelerometer.withoutConstantErrors
      let run = SessionRun(plan, configure: { $0.filter = .accurate })
      guard let alignment = run.alignment else { continue }
      let constant = ConstantUncertainty(
        accelerometer: SessionRun.wire(of: plan.sensor).staticAngleSD, alignment: alignment)
      for case (let found, let truth?) in run.pairs {
        let parts = constant.held(for: found.hold ?? 0).contributions(to: found.endRange, commonSD: found.commonSD)
        let sd = parts.filter { $0.source == .filter || $0.source == .wavering }.combined
        let error = found.endRange.value - truth.endRange
        seen.take(error * degreesPerRadian)
        claimed.take(sd * degreesPerRadian)
        if abs(error) <= 1.96 * sd { held += 1 }
      }
    }
    figure(
      "angle.explain.filter.seen", seen.rms, decimals: 3, "deg", "RMS over \(seen.count) end ranges, no constant errors"
    )
    figure(
      "angle.explain.filter.claimed", claimed.rms, decimals: 3, "deg",
      "the same, what --explain says of filter and wavering")
    figure(
      "angle.explain.filter.coverage", 100 * Double(held) / Double(max(seen.count, 1)), decimals: 1, "%",
      "the same: within 1.96 claimed SD")
  }
}
