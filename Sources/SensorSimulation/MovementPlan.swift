import Motion

/// What the person does in a simulated session. Angles in rad, times in s; each lunge differs a little from the plan,
/// as the seed decides.
public struct MovementPlan: Hashable, Sendable {
  /// Lunges to end range.
  public var trials: Int = 3
  /// Tibial inclination at end range, and its standard deviation from lunge to lunge.
  public var target: Double = 38 * radiansPerDegree
  public var targetSD: Double = 0.5 * radiansPerDegree
  /// How long end range is held; 0 turns back at once.
  public var hold: Double = 2
  /// How long the way out and the way back take.
  public var outward: Double = 1.6
  public var homeward: Double = 1.4
  /// Quiet standing before the first movement and after the last one.
  public var standing: Double = 3
  /// Quiet standing between two movements.
  public var rest: Double = 2.5
  /// Inclination of the tibia in quiet standing.
  public var standingLean: Double = 5 * radiansPerDegree
  /// Lunges before the first trial that go three quarters of the way and turn back at once.
  public var practice: Int = 0
  /// Movements among the trials that are broken off after a third of the way.
  public var aborted: Int = 0
  /// Medial tilt and internal rotation (about the vertical) at end range that go with a full lunge: mean; the
  /// standard deviation from lunge to lunge is half of it.
  public var medialTilt: Double = 1 * radiansPerDegree
  public var internalRotation: Double = 3 * radiansPerDegree
  /// Amplitude of the slow sway of the inclination (three waves of 0.2 to 0.9 Hz together); tilt and rotation sway half as much.
  public var sway: Double = 0.15 * radiansPerDegree
  /// Amplitude of the tremor of the inclination (two waves of 8 to 11 Hz together).
  public var tremor: Double = 0.01 * radiansPerDegree
  /// A calibration after the first quiet standing: how often the knee rocks forward, how far beyond standing, and how long each
  /// rock takes. None by default.
  public var rocks: Int = 0
  public var rockAngle: Double = 18 * radiansPerDegree
  public var rockPeriod: Double = 1.6
  /// How far the foot's long axis points outward from the wall's normal; the shank stands as the foot does.
  public var turnOut: Double = 0
  /// How much more the sensor reads for each radian that the ankle bends, for the soft tissue under it: 0.05 is 1.6° at the end
  /// of an ordinary lunge.
  public var softTissue: Double = 0
  /// The foot stands on the floor; otherwise it hangs, the shank stays where it is and the angles asked for are the ankle's.
  public var isLoaded = true
  /// What happens instead of the trials, practice, aborted movements and rocks above, word for word.
  public var events: [ScriptedEvent]? = nil

  /// Every default is an assumption about an ordinary session, not a figure from a study.
  public init() {}

  /// What happens, with the differences from lunge to lunge that the random numbers decide. Practice comes first, then the trials; each
  /// aborted movement comes before a trial that chance chooses.
  func scripted(side: Side, using random: inout RandomStream) -> [ScriptedEvent] {
    if let events { return events }
    let movements = order(using: &random).map { movement(of: $0, using: &random) }
    var script: [ScriptedEvent] = [.stand(standing)]
    if rocks > 0 {
      script += [.rocks(count: rocks, angle: rockAngle, period: rockPeriod, axis: .mediolateral), .stand(max(rest, 1))]
    }
    for (index, movement) in movements.enumerated() {
      if index > 0 { script.append(.stand(rest)) }
      script.append(.movement(movement))
    }
    script.append(.stand(standing))
    return script
  }

  private func order(using random: inout RandomStream) -> [TrueTrial.Kind] {
    var order = [TrueTrial.Kind](repeating: .practice, count: practice)
    var before = [Int](repeating: 0, count: max(trials, 1))
    for _ in 0..<aborted { before[Int(random.uniform() * Double(before.count))] += 1 }
    for (trial, aborted) in before.enumerated() {
      order += [TrueTrial.Kind](repeating: .aborted, count: aborted)
      if trial < trials { order.append(.trial) }
    }
    return order
  }

  private func movement(of kind: TrueTrial.Kind, using random: inout RandomStream) -> ScriptedMovement {
    let (share, held): (Double, Double) =
      switch kind {
      case .trial, .calibration: (1, hold * random.uniform(in: 0.9...1.1))
      case .practice: (0.75, 0)
      case .aborted: (1.0 / 3, 0)
      }
    let fullTarget = random.planNormal(target, sd: targetSD)
    var movement = ScriptedMovement(kind, .angle(standingLean + share * (fullTarget - standingLean)))
    movement.hold = held
    movement.medialTilt = share * random.planNormal(medialTilt, sd: abs(medialTilt) / 2)
    movement.internalRotation = share * random.planNormal(internalRotation, sd: abs(internalRotation) / 2)
    // A shorter way takes less time, though not in proportion.
    let pace = share.squareRoot()
    movement.outward = pace * outward * random.uniform(in: 0.9...1.1)
    movement.homeward = pace * homeward * random.uniform(in: 0.9...1.1)
    return movement
  }
}
