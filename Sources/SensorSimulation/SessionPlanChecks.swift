import Motion

extension SessionPlan {
  /// Why a plan cannot be carried out, in words for the person who wrote it.
  public struct Impossible: Error, CustomStringConvertible, Equatable {
    public let description: String
  }

  /// - Throws: `Impossible` for the first value that makes no session.
  public func check() throws(Impossible) {
    func demand(_ fits: Bool, _ text: String) throws(Impossible) {
      if !fits { throw Impossible(description: text) }
    }
    try demand((1...10_000).contains(rate), "the rate must lie between 1 and 10000 Hz")
    for (name, count) in [
      ("trials", movement.trials), ("practice lunges", movement.practice), ("aborted movements", movement.aborted),
    ] {
      try demand((0...10_000).contains(count), "the number of \(name) must lie between 0 and 10000")
    }
    let angles = [
      movement.target, movement.standingLean, movement.medialTilt, movement.internalRotation, movement.rockAngle,
      movement.turnOut,
    ]
    try demand(angles.allSatisfy { abs($0) <= 80 * radiansPerDegree }, "an angle must lie between -80 and 80 degrees")
    for (name, angle) in [
      ("spread of the target", movement.targetSD), ("sway", movement.sway), ("tremor", movement.tremor),
    ] {
      try demand((0...10 * radiansPerDegree).contains(angle), "the \(name) must lie between 0 and 10 degrees")
    }
    for (name, time) in [("outward", movement.outward), ("homeward", movement.homeward)] {
      try demand((0.1...60).contains(time), "the \(name) way must take between 0.1 and 60 s")
    }
    for (name, time) in [("hold", movement.hold), ("standing", movement.standing), ("rest", movement.rest)] {
      try demand((0...600).contains(time), "the \(name) must take between 0 and 600 s")
    }
    try demand((0...100).contains(movement.rocks), "the number of rocks must lie between 0 and 100")
    try demand((0.2...60).contains(movement.rockPeriod), "a rock must take between 0.2 and 60 s")
    try demand(abs(movement.softTissue) <= 0.5, "the soft tissue's share must lie between -0.5 and 0.5")
    for event in movement.events ?? [] { try demand(event.isPossible, "'\(event)' cannot happen in a session") }
    try demand(
      [limb.shank, limb.ankleToToe, limb.ankleHeight, limb.kneeDepth, limb.toeLength].allSatisfy {
        (0.005...1).contains($0)
      },
      "a leg's lengths must lie between 0.5 cm and 1 m")
    try demand((0...600).contains(firstSample), "the first sample must lie between 0 and 600 s")
    try demand((0.1...10_000).contains(sensor.bandwidth ?? 1), "a bandwidth must lie between 0.1 and 10000 Hz")
    try demand((duration ?? 1) > 0 && (duration ?? 1) <= 1_000_000, "the duration must lie between 0 and 1000000 s")
    try demand(sensorPosition.isFinite && sensorPosition.length <= 2, "the sensor must sit within 2 m of the ankle")
    try demand(misalignment.isFinite && misalignment.lengthSquared > 0.25, "the misalignment is not a rotation")
    try demand(
      abs(specimen?.clockError ?? 0) <= 0.1 && (0...0.03).contains(sensor.clockErrorSD),
      "the clock's error must lie between -10 and 10 %, its spread between 0 and 3 %")
    for triad in [sensor.accelerometer, sensor.gyroscope] {
      try demand(
        triad.range > 0 && (2...32).contains(triad.bits ?? 2),
        "a sensor's range must be positive, its width 2 to 32 bits")
    }
    switch sensor.deviceClock {
    case .none: break
    case .counter(let bits): try demand((1...64).contains(bits), "a counter has 1 to 64 bits")
    case .clock(let bits, let nanosecondsPerTick):
      try demand(
        (1...64).contains(bits) && nanosecondsPerTick > 0, "a device clock has 1 to 64 bits and ticks that last")
    }
    try demand(
      (0...0.5).contains(sensor.lossProbability) && (1...10_000).contains(sensor.lossLength),
      "samples can be lost with a probability of 0 to 0.5, 1 to 10000 at a time")
    try demand(
      [arrivals.latency, arrivals.jitter, arrivals.bunching, arrivals.stallDuration].allSatisfy {
        (0...60).contains($0)
      }
        && (0...600).contains(arrivals.stallsPerMinute), "an arrival delay must lie between 0 and 60 s")
  }
}

extension ScriptedEvent {
  /// Whether its numbers lie where a leg's do.
  var isPossible: Bool {
    func time(_ value: Double) -> Bool { (0...600).contains(value) }
    func way(_ value: Double) -> Bool { (0.1...600).contains(value) }
    func angle(_ value: Double) -> Bool { abs(value) <= 80 * radiansPerDegree }
    func acceleration(_ value: Double) -> Bool { abs(value) <= 1000 }
    switch self {
    case .stand(let seconds), .outage(let seconds): return time(seconds)
    case .fidget(let seconds, let amplitude): return time(seconds) && seconds >= 0.2 && angle(amplitude)
    case .rocks(let count, let size, let period, _):
      return (0...100).contains(count) && angle(size) && (0.2...60).contains(period)
    case .knock(let size): return acceleration(size)
    case .slip(let size): return angle(size)
    case .movement(let movement):
      let reaches =
        switch movement.aim {
        case .angle(let size): angle(size)
        case .wall(let distance): abs(distance) <= 1
        }
      return reaches && way(movement.outward) && way(movement.homeward) && time(movement.hold) && time(movement.outage)
        && angle(movement.medialTilt) && angle(movement.internalRotation) && angle(movement.heelLift)
        && angle(movement.slip)
        && acceleration(movement.jolt)
    }
  }
}
