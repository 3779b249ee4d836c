import Motion
import RealModule

// From the events of a script to its trajectories.
extension LungeScript {
  /// What is known of a movement before the trajectories are complete, s.
  private struct Planned {
    var kind: TrueTrial.Kind
    var start: Double
    var top: Double
    var fall: Double
    var end: Double
  }

  mutating func perform(_ events: [ScriptedEvent], side: Side, seed: UInt64) throws(SessionPlan.Impossible) {
    // Medial is to the right on the left leg; internal rotation turns the left shank clockwise seen from above.
    let medial: Double = side == .left ? 1 : -1
    var random = RandomStream(seed: seed, purpose: .fidgeting)
    var planned: [Planned] = []
    var time = 0.0
    for event in events {
      switch event {
      case .stand(let seconds): time += seconds
      case .fidget(let seconds, let amplitude): fidget(&time, seconds, amplitude, using: &random)
      case .rocks(let count, let angle, let period, let axis):
        for _ in 0..<count { planned.append(rock(&time, angle: angle, period: period, axis: axis)) }
      case .movement(let movement): planned.append(try perform(movement, &time, medial: medial))
      case .knock(let acceleration):
        jolt(at: time + 0.05, acceleration)
        time += 0.5
      case .slip(let angle):
        sensorShift.move(at: time, duration: 0.3, to: sensorShift.resting + angle)
        time += 0.3
      case .outage(let seconds):
        outages.append(time..<time + seconds)
        time += seconds
      }
    }
    duration = time
    movements = planned.map { truth(of: $0) }
  }

  private mutating func perform(
    _ movement: ScriptedMovement, _ time: inout Double, medial: Double
  ) throws(SessionPlan.Impossible) -> Planned {
    let tilt = medial * movement.medialTilt
    let turn = heading.resting - medial * movement.internalRotation
    let (target, outward, homeward) = (
      try dorsiflexion(of: movement, tiltToRight: tilt, heading: turn), movement.outward, movement.homeward
    )
    let (start, top) = (time, time + outward)
    let fall = top + movement.hold
    let (home, straight) = (dorsiflexion.resting, heading.resting)
    let blend: Double? = movement.isEven ? min(0.3, outward / 4) : nil
    dorsiflexion.move(at: start, duration: outward, to: target, blend: blend)
    tiltToRight.move(at: start, duration: outward, to: tilt)
    heading.move(at: start, duration: outward, to: turn)
    dorsiflexion.move(at: fall, duration: homeward, to: home)
    tiltToRight.move(at: fall, duration: homeward, to: 0)
    heading.move(at: fall, duration: homeward, to: straight)
    if movement.heelLift != 0 {
      // The heel comes up where the ankle gives no more, and is down again before the leg is back.
      heelLift.move(at: start + 0.6 * outward, duration: 0.4 * outward, to: movement.heelLift)
      heelLift.move(at: fall, duration: 0.4 * homeward, to: 0)
    }
    if movement.jolt != 0 { jolt(at: top - 0.02, movement.jolt) }
    if movement.slip != 0 {
      sensorShift.move(at: fall, duration: min(0.3, homeward), to: sensorShift.resting + movement.slip)
    }
    if movement.outage > 0 {
      let middle = movement.hold > 0 ? (top + fall) / 2 : (start + top) / 2
      outages.append(middle - movement.outage / 2..<middle + movement.outage / 2)
    }
    time = fall + homeward
    return Planned(kind: movement.kind, start: start, top: top, fall: fall, end: time)
  }

  private func dorsiflexion(
    of movement: ScriptedMovement, tiltToRight: Double, heading: Double
  ) throws(SessionPlan.Impossible) -> Double {
    switch movement.aim {
    case .angle(let angle): return angle
    case .wall(let distance):
      let stance = Limb.Stance(
        footTurn: footTurn, heading: heading, tiltToRight: tiltToRight, footPitch: movement.heelLift)
      guard isLoaded, let inclination = limb.inclination(kneeToWall: distance, stance) else {
        throw SessionPlan.Impossible(description: "the knee does not reach a wall that far before the toe")
      }
      return inclination - movement.heelLift
    }
  }

  private mutating func rock(
    _ time: inout Double, angle: Double, period: Double, axis: ScriptedEvent.RockAxis
  ) -> Planned {
    let half = period / 2
    func swing(_ trajectory: inout Trajectory) {
      let home = trajectory.resting
      trajectory.move(at: time, duration: half, to: home + angle)
      trajectory.move(at: time + half, duration: half, to: home)
    }
    switch axis {
    case .mediolateral: swing(&dorsiflexion)
    case .frontal: swing(&tiltToRight)
    case .long: swing(&heading)
    }
    defer { time += period }
    return Planned(kind: .calibration, start: time, top: time + half, fall: time + half, end: time + period)
  }

  /// Moves of about 0.7 s to places that chance decides, and back to standing.
  private mutating func fidget(
    _ time: inout Double, _ seconds: Double, _ amplitude: Double, using random: inout RandomStream
  ) {
    let (home, upright) = (dorsiflexion.resting, tiltToRight.resting)
    let count = max(Int((seconds / 0.7).rounded()), 2)
    let each = seconds / Double(count)
    for index in 1...count {
      let isLast = index == count
      dorsiflexion.move(
        at: time, duration: each, to: isLast ? home : home + amplitude * random.uniform(in: -1...1))
      tiltToRight.move(
        at: time, duration: each, to: isLast ? upright : upright + amplitude / 2 * random.uniform(in: -1...1))
      time += each
    }
  }

  /// The sensor on its soft tissue is thrown forward and rings at 22 Hz, and pitches by half a degree for each 10 m/s²: both assumed.
  private mutating func jolt(at time: Double, _ acceleration: Double) {
    let frequency = 2 * Double.pi * 22
    sensorThrow.jolts.append(
      Trajectory.Jolt(
        start: time, amplitude: acceleration / (frequency * frequency), angularFrequency: frequency, decay: 25))
    sensorShift.jolts.append(
      Trajectory.Jolt(
        start: time, amplitude: acceleration * 0.05 * radiansPerDegree, angularFrequency: frequency, decay: 25))
  }

  private func truth(of movement: Planned) -> TrueTrial {
    let held = movement.fall > movement.top
    let range = held ? (movement.top, movement.fall) : (movement.start, movement.end)
    let steps = min(max(Int(((range.1 - range.0) * 1000).rounded()), 1), 5000)
    let times = (0...steps).map { range.0 + (range.1 - range.0) * Double($0) / Double(steps) }
    func value(_ angle: (Double) -> Double) -> Double {
      held
        ? times.reduce(0) { $0 + angle($1) } / Double(times.count)
        : times.reduce(-.infinity) { max($0, angle($1)) }
    }
    return TrueTrial(
      kind: movement.kind, start: SessionTime(seconds: movement.start), end: SessionTime(seconds: movement.end),
      plateauStart: held ? SessionTime(seconds: movement.top) : nil,
      plateauEnd: held ? SessionTime(seconds: movement.fall) : nil,
      endRange: value { inclination(at: $0).value },
      dorsiflexion: value { inclination(at: $0).value - footPitch(at: $0).value },
      heelLift: isLoaded ? heelLift.state(at: movement.top).value : 0,
      kneeToWall: value { kneeToWall(at: $0) })
  }
}
