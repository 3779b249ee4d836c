import Motion
import RealModule

/// One movement of the plan, as it truly happens.
public struct TrueTrial: Hashable, Sendable {
  /// What a movement is meant to be.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A lunge to end range.
    case trial
    /// A lunge before the trials, not all the way.
    case practice
    /// Broken off.
    case aborted
  }

  /// What the movement is meant to be.
  public var kind: Kind
  /// When the tibia leaves standing, and when it is back.
  public var start: SessionTime
  public var end: SessionTime
  /// Between these times nothing moves but sway and tremor; both nil for a movement without a hold.
  public var plateauStart: SessionTime?
  public var plateauEnd: SessionTime?
  /// Mean true tibial inclination over the plateau, or the greatest one without a plateau, rad; both on a grid of
  /// 1 ms, or of 5000 points where that is coarser.
  public var endRange: Double
}

/// The movement of one shank: three angles over time, and what happens when. The same plan, side and seed give the same script.
///
/// The angles are those that gravity defines (`ShankAngles`) and the heading, so truth needs no conversion: inclination
/// forward positive, tilt to the subject's right positive, heading counter-clockwise seen from above. The leg's own
/// words (medial tilt, internal rotation) are mirrored by side here.
public struct LungeScript: Hashable, Sendable {
  public let inclination: AngleTrajectory
  public let tiltToRight: AngleTrajectory
  public let heading: AngleTrajectory
  public let movements: [TrueTrial]
  /// When the last quiet standing ends, s.
  public let duration: Double

  public init(plan: MovementPlan, side: Side, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: .script)
    // Medial is to the right on the left leg; internal rotation turns the left shank clockwise seen from above.
    let medial: Double = side == .left ? 1 : -1
    var inclination = AngleTrajectory(initial: plan.standingLean)
    var tilt = AngleTrajectory(initial: 0)
    var heading = AngleTrajectory(initial: 0)
    inclination.oscillations = Self.sway(plan.sway, using: &random) + Self.tremor(plan.tremor, using: &random)
    tilt.oscillations = Self.sway(plan.sway / 2, using: &random)
    heading.oscillations = Self.sway(plan.sway / 2, using: &random)

    var planned: [(kind: TrueTrial.Kind, start: Double, top: Double, fall: Double, end: Double)] = []
    var time = plan.standing
    for kind in Self.order(plan, using: &random) {
      let (share, hold): (Double, Double) =
        switch kind {
        case .trial: (1, plan.hold * random.uniform(in: 0.9...1.1))
        case .practice: (0.75, 0)
        case .aborted: (1.0 / 3, 0)
        }
      let fullTarget = random.planNormal(plan.target, sd: plan.targetSD)
      let target = plan.standingLean + share * (fullTarget - plan.standingLean)
      let drift = share * medial * random.planNormal(plan.medialTilt, sd: abs(plan.medialTilt) / 2)
      let turn = share * -medial * random.planNormal(plan.internalRotation, sd: abs(plan.internalRotation) / 2)
      // A shorter way takes less time, though not in proportion.
      let pace = share.squareRoot()
      let outward = pace * plan.outward * random.uniform(in: 0.9...1.1)
      let homeward = pace * plan.homeward * random.uniform(in: 0.9...1.1)
      let top = time + outward
      let fall = top + hold
      inclination.move(at: time, duration: outward, to: target)
      tilt.move(at: time, duration: outward, to: drift)
      heading.move(at: time, duration: outward, to: turn)
      inclination.move(at: fall, duration: homeward, to: plan.standingLean)
      tilt.move(at: fall, duration: homeward, to: 0)
      heading.move(at: fall, duration: homeward, to: 0)
      planned.append((kind, time, top, fall, fall + homeward))
      time = fall + homeward + plan.rest
    }
    self.inclination = inclination
    self.tiltToRight = tilt
    self.heading = heading
    self.duration = planned.isEmpty ? plan.standing * 2 : time - plan.rest + plan.standing
    self.movements = planned.map { movement in
      let held = movement.fall > movement.top
      return TrueTrial(
        kind: movement.kind, start: SessionTime(seconds: movement.start), end: SessionTime(seconds: movement.end),
        plateauStart: held ? SessionTime(seconds: movement.top) : nil,
        plateauEnd: held ? SessionTime(seconds: movement.fall) : nil,
        endRange: held
          ? Self.mean(of: inclination, from: movement.top, to: movement.fall)
          : Self.peak(of: inclination, from: movement.start, to: movement.end))
    }
  }

  /// Practice first, then the trials; each aborted movement comes before a trial that the seed chooses.
  private static func order(_ plan: MovementPlan, using random: inout RandomStream) -> [TrueTrial.Kind] {
    var order = [TrueTrial.Kind](repeating: .practice, count: plan.practice)
    var before = [Int](repeating: 0, count: max(plan.trials, 1))
    for _ in 0..<plan.aborted { before[Int(random.uniform() * Double(before.count))] += 1 }
    for (trial, aborted) in before.enumerated() {
      order += [TrueTrial.Kind](repeating: .aborted, count: aborted)
      if trial < plan.trials { order.append(.trial) }
    }
    return order
  }

  private static func sway(_ amplitude: Double, using random: inout RandomStream) -> [AngleTrajectory.Oscillation] {
    [(0.5, 0.2...0.3), (0.3, 0.4...0.6), (0.2, 0.7...0.9)].map {
      wave(share: $0, hertz: $1, amplitude: amplitude, using: &random)
    }
  }

  private static func tremor(_ amplitude: Double, using random: inout RandomStream) -> [AngleTrajectory.Oscillation] {
    [(0.6, 8...9.5), (0.4, 9.5...11)].map { wave(share: $0, hertz: $1, amplitude: amplitude, using: &random) }
  }

  private static func wave(
    share: Double, hertz: ClosedRange<Double>, amplitude: Double, using random: inout RandomStream
  ) -> AngleTrajectory.Oscillation {
    AngleTrajectory.Oscillation(
      amplitude: share * amplitude, angularFrequency: 2 * .pi * random.uniform(in: hertz),
      phase: 2 * .pi * random.uniform())
  }

  private static func grid(from start: Double, to end: Double) -> [Double] {
    let steps = min(max(Int(((end - start) * 1000).rounded()), 1), 5000)
    return (0...steps).map { start + (end - start) * Double($0) / Double(steps) }
  }

  private static func mean(of angle: AngleTrajectory, from start: Double, to end: Double) -> Double {
    let times = grid(from: start, to: end)
    return times.reduce(0) { $0 + angle.state(at: $1).value } / Double(times.count)
  }

  private static func peak(of angle: AngleTrajectory, from start: Double, to end: Double) -> Double {
    grid(from: start, to: end).reduce(-.infinity) { max($0, angle.state(at: $1).value) }
  }
}
