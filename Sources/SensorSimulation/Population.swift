import AnkleKinematics
import Motion
import RealModule

// Sessions as they come, for figures over many of them. Every spread below is an assumption about ordinary people and
// rooms, unless a source is named; none is a claim about a population.
extension SessionPlan {
  /// The sensor models that a population carries: chips that measure acceleration and angular rate.
  public static let commonChips: [SensorModel] = [.mpu6050, .bmi160, .bmi270, .lsm6ds3, .lsm6dso, .icm20948, .wt901]

  /// Somebody's session: a person, a leg, a mount, a chip, a rate, a cable; three to five lunges that are held for 1 to 3 s, some
  /// of which meet the wall with a jolt. The sensor sits exactly as its mount says.
  ///
  /// - Parameters:
  ///   - side: the leg; nil lets the seed decide.
  ///   - rates: sample rates to choose from, Hz.
  public static func anyone(seed: UInt64, side: Side? = nil, rates: [Double] = [50, 100, 200, 400]) -> SessionPlan {
    var random = RandomStream(seed: seed, purpose: .population)
    let drawnSide: Side = random.uniform() < 0.5 ? .left : .right
    let height = random.planNormal(1.70, sd: 0.09)
    let mount = Self.commonMounts[random.index(below: Self.commonMounts.count)]
    var plan = SessionPlan(mount: mount, side: side ?? drawnSide, height: height)
    plan.seed = seed
    plan.sensor = Self.commonChips[random.index(below: Self.commonChips.count)]
    plan.rate = rates[random.index(below: rates.count)]
    plan.arrivals = [.usb1ms, .usb16ms, .usb16msStalls, .immediate][random.index(below: 4)]
    plan.movement.standingLean = random.planNormal(4, sd: 2) * radiansPerDegree
    plan.movement.sway = random.uniform(in: 0.1...0.4) * radiansPerDegree
    // At 9 Hz, 0.03° is 0.4 m/s² where the sensor sits.
    plan.movement.tremor = random.uniform(in: 0.0...0.03) * radiansPerDegree
    plan.movement.turnOut = abs(random.planNormal(5, sd: 4)) * radiansPerDegree
    plan.movement.standing = random.uniform(in: 2.5...5)
    let target = random.planNormal(37, sd: 6)
    var events: [ScriptedEvent] = [.stand(plan.movement.standing)]
    for _ in 0..<3 + random.index(below: 3) {
      events += [.movement(random.lunge(to: target)), .stand(random.uniform(in: 2...4))]
    }
    plan.movement.events = events
    return plan
  }

  /// A session of the kinds that a trial stage must tell apart: practice, aborted lunges, touch-and-go, slow ramps, knocks, tremor;
  /// three to five true trials, held or not.
  public static func mixed(seed: UInt64, side: Side, rates: [Double] = [10, 20, 50, 100, 200, 400, 1000]) -> SessionPlan
  {
    var plan = anyone(seed: seed, side: side, rates: rates)
    var random = RandomStream(seed: seed, purpose: .population, stream: StreamID(side == .left ? 1 : 2))
    let lean = plan.movement.standingLean * degreesPerRadian
    let target = random.planNormal(37, sd: 6)
    plan.movement.tremor = random.uniform(in: 0.0...0.06) * radiansPerDegree
    var events: [ScriptedEvent] = [.stand(plan.movement.standing)]
    func rest() -> ScriptedEvent { .stand(random.uniform(in: 2...4)) }
    for _ in 0..<random.index(below: 3) {
      var practice = random.lunge(to: lean + random.uniform(in: 0.45...0.75) * (target - lean))
      practice.kind = .practice
      practice.hold = 0
      events += [.movement(practice), rest()]
    }
    for _ in 0..<3 + random.index(below: 3) {
      if random.uniform() < 0.2 {
        var aborted = random.lunge(to: lean + random.uniform(in: 0.2...0.4) * (target - lean))
        aborted.kind = .aborted
        aborted.hold = 0
        aborted.outward *= 0.6
        aborted.homeward *= 0.6
        events += [.movement(aborted), rest()]
      }
      if random.uniform() < 0.2 { events += [.knock(random.uniform(in: 5...30)), rest()] }
      var lunge = random.lunge(to: target)
      let sort = random.uniform()
      if sort < 0.15 {
        lunge.hold = 0
      } else if sort < 0.3 {
        // Slower than 2°/s it would be a plateau by definition.
        lunge.hold = 0
        lunge.isEven = true
        lunge.outward = (target - lean) / random.uniform(in: 3...6)
      }
      events += [.movement(lunge), rest()]
    }
    plan.movement.events = events
    return plan
  }

  /// How people put a sensor on a shin.
  private static let commonMounts: [Mount] = [
    "y=proximal,z=anterior", "x=proximal,z=anterior", "x=distal,z=anterior", "z=proximal,x=anterior", "y=distal,x=left",
  ].map { text in
    // Each text is one that the tests read.
    try! Mount(text)
  }
}

extension RandomStream {
  /// A whole number of 0 ..< count, each as likely.
  mutating func index(below count: Int) -> Int { min(Int(uniform() * Double(count)), count - 1) }

  /// A lunge to about this dorsiflexion, in degrees.
  mutating func lunge(to target: Double) -> ScriptedMovement {
    var lunge = ScriptedMovement(.trial, .angle(planNormal(target, sd: 0.7) * radiansPerDegree))
    lunge.hold = uniform(in: 1...3)
    lunge.outward = uniform(in: 1...2.5)
    lunge.homeward = uniform(in: 1...2)
    lunge.medialTilt = planNormal(1, sd: 1) * radiansPerDegree
    lunge.internalRotation = planNormal(3, sd: 1.5) * radiansPerDegree
    if uniform() < 0.3 { lunge.jolt = uniform(in: 3...15) }
    return lunge
  }
}
