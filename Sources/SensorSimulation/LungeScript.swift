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
    /// A rock of the calibration.
    case calibration
  }

  /// What the movement is meant to be.
  public var kind: Kind
  /// When the tibia leaves standing, and when it is back.
  public var start: SessionTime
  public var end: SessionTime
  /// Between these times nothing moves but sway and tremor; both nil for a movement without a hold.
  public var plateauStart: SessionTime?
  public var plateauEnd: SessionTime?
  /// Mean true tibial inclination against gravity over the plateau, or the greatest one without a plateau, rad; both on a grid of
  /// 1 ms, or of 5000 points where that is coarser.
  public var endRange: Double
  /// The same of the ankle's dorsiflexion: inclination less foot pitch.
  public var dorsiflexion: Double
  /// Foot pitch at end range, rad: how far the heel was up.
  public var heelLift: Double
  /// The toe-to-wall distance that the knee reaches at `endRange`, m; NaN where the foot stands on nothing.
  public var kneeToWall: Double
}

/// The movement of one leg: its angles over time, and what happens when. The same plan, side, limb and seed give the same script.
///
/// The angles are those that gravity defines (`ShankAngles`) and the heading, so truth needs no conversion: inclination
/// forward positive, tilt to the subject's right positive, heading counter-clockwise seen from above. The leg's own
/// words (medial tilt, internal rotation, turn-out) are mirrored by side here.
public struct LungeScript: Hashable, Sendable {
  public internal(set) var tiltToRight: Trajectory
  public internal(set) var heading: Trajectory
  public internal(set) var movements: [TrueTrial] = []
  /// When the last quiet standing ends, s.
  public internal(set) var duration: Double = 0
  public let limb: Limb
  /// Where the foot points, rad: the heading at which it stands.
  public let footTurn: Double
  /// The foot stands on the floor; otherwise it hangs.
  public let isLoaded: Bool
  /// Inclination of the tibia in quiet standing, rad: zero of the standing convention.
  public let standingLean: Double
  /// The bend of the ankle, and the heel's part of the inclination.
  var dorsiflexion: Trajectory
  var heelLift = Trajectory()
  /// What the sensor reads too much against the bone besides soft tissue, rad, and how it is thrown forward by jolts, m.
  var sensorShift = Trajectory()
  var sensorThrow = Trajectory()
  /// When nothing gets through, s.
  var outages: [Range<Double>] = []
  private let softTissue: Double

  /// - Throws: `SessionPlan.Impossible` where a wall is beyond the leg's reach.
  public init(plan: MovementPlan, side: Side, limb: Limb, seed: UInt64) throws(SessionPlan.Impossible) {
    var random = RandomStream(seed: seed, purpose: .script)
    // An outward turn of the left foot is counter-clockwise seen from above.
    footTurn = side == .left ? plan.turnOut : -plan.turnOut
    isLoaded = plan.isLoaded
    standingLean = plan.standingLean
    softTissue = plan.softTissue
    self.limb = limb
    dorsiflexion = Trajectory(initial: plan.standingLean)
    tiltToRight = Trajectory()
    heading = Trajectory(initial: footTurn)
    dorsiflexion.oscillations = Self.sway(plan.sway, using: &random) + Self.tremor(plan.tremor, using: &random)
    tiltToRight.oscillations = Self.sway(plan.sway / 2, using: &random)
    heading.oscillations = Self.sway(plan.sway / 2, using: &random)
    let events = plan.scripted(side: side, using: &random)
    try perform(events, side: side, seed: seed)
  }

  /// Tibial inclination against gravity at `time` (s). A shank whose foot hangs is moved by the muscles a little.
  public func inclination(at time: Double) -> TrajectoryState {
    let bend = dorsiflexion.state(at: time)
    guard isLoaded else { return .constant(standingLean) + 0.03 * (bend + .constant(-standingLean)) }
    return bend + heelLift.state(at: time)
  }

  /// Pitch of the foot at `time` (s), heel up positive.
  public func footPitch(at time: Double) -> TrajectoryState {
    isLoaded ? heelLift.state(at: time) : inclination(at: time) + -1 * dorsiflexion.state(at: time)
  }

  /// What the sensor on the shank reads too much against the bone at `time` (s): soft tissue, slips and jolts.
  func sensorError(at time: Double) -> TrajectoryState {
    sensorShift.state(at: time) + softTissue * (dorsiflexion.state(at: time) + .constant(-standingLean))
  }

  /// The toe-to-wall distance that the knee reaches at `time` (s), m; NaN where the foot hangs.
  func kneeToWall(at time: Double) -> Double {
    guard isLoaded else { return .nan }
    return limb.kneeToWall(
      inclination: inclination(at: time).value,
      Limb.Stance(
        footTurn: footTurn, heading: heading.state(at: time).value, tiltToRight: tiltToRight.state(at: time).value,
        footPitch: footPitch(at: time).value))
  }

  private static func sway(_ amplitude: Double, using random: inout RandomStream) -> [Trajectory.Oscillation] {
    [(0.5, 0.2...0.3), (0.3, 0.4...0.6), (0.2, 0.7...0.9)].map {
      wave(share: $0, hertz: $1, amplitude: amplitude, using: &random)
    }
  }

  private static func tremor(_ amplitude: Double, using random: inout RandomStream) -> [Trajectory.Oscillation] {
    [(0.6, 8...9.5), (0.4, 9.5...11)].map { wave(share: $0, hertz: $1, amplitude: amplitude, using: &random) }
  }

  private static func wave(
    share: Double, hertz: ClosedRange<Double>, amplitude: Double, using random: inout RandomStream
  ) -> Trajectory.Oscillation {
    Trajectory.Oscillation(
      amplitude: share * amplitude, angularFrequency: 2 * .pi * random.uniform(in: hertz),
      phase: 2 * .pi * random.uniform())
  }
}
