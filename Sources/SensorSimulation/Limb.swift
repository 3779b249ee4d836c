import AnkleKinematics
import Motion
import RealModule

/// Lengths of a leg and its foot, m.
public struct Limb: Hashable, Sendable {
  /// Ankle axis to knee joint centre.
  public var shank: Double
  /// Horizontal distance from the ankle axis to the tip of the big toe, and height of the ankle axis, foot flat.
  public var ankleToToe: Double
  public var ankleHeight: Double
  /// How far the front of the bent knee lies before the knee joint centre.
  public var kneeDepth: Double
  /// The joint of the big toe, about which a foot lifts its heel, lies so far behind the tip of the toe (assumed).
  public var toeLength: Double = 0.07

  /// The mean proportions that `BodyLengths` uses, and an ankle axis at 0.039 of body height above the floor (Drillis and
  /// Contini 1966).
  ///
  /// - Parameter height: body height, m.
  public init(height: Double) {
    shank = 0.246 * height
    ankleToToe = 0.75 * 0.152 * height
    ankleHeight = 0.039 * height
    kneeDepth = 0.055
  }

  /// The ankle axis in foot components from the joint of the big toe.
  var ankleInFoot: Vector3 { Vector3(toeLength - ankleToToe, ankleHeight, 0) }

  /// Where a leg stands and points, rad: what decides, with the inclination, how far its knee reaches.
  struct Stance: Hashable, Sendable {
    /// Turn of the foot and of the shank about the vertical, counter-clockwise seen from above; zero faces the wall.
    var footTurn: Double
    var heading: Double
    var tiltToRight: Double
    /// Heel up positive.
    var footPitch: Double
  }

  /// The toe-to-wall distance (m) at which the knee would touch the wall, negative where the toes would be behind it.
  ///
  /// In space: the shank's long axis points to the wall with the share cos ψ sin θ + sin ψ cos θ sin φ of its length (ψ heading, θ inclination,
  /// φ tilt to the right); the knee's front lies `kneeDepth` before its centre, whichever way it comes.
  func kneeToWall(inclination: Double, _ stance: Stance) -> Double {
    let (sine, cosine) = axisToWall(stance)
    return shank * (sine * Double.sin(inclination) + cosine * Double.cos(inclination)) + offset(stance)
  }

  /// The inclination (rad) at which the knee touches a wall at `distance` (m) before the toe; nil beyond the leg's reach.
  func inclination(kneeToWall distance: Double, _ stance: Stance) -> Double? {
    let (sine, cosine) = axisToWall(stance)
    let share = (distance - offset(stance)) / shank / (sine * sine + cosine * cosine).squareRoot()
    guard abs(share) <= 1 else { return nil }
    return Double.asin(share) - Double.atan2(y: cosine, x: sine)
  }

  /// The factors of sin θ and cos θ in the long axis's share towards the wall.
  private func axisToWall(_ stance: Stance) -> (sine: Double, cosine: Double) {
    (Double.cos(stance.heading), Double.sin(stance.heading) * Double.sin(stance.tiltToRight))
  }

  /// The distance of a shank of no length: ankle, knee depth and toe alone.
  private func offset(_ stance: Stance) -> Double {
    let ankle = ankleInFoot
    let ahead = ankle.x * Double.cos(stance.footPitch) + ankle.y * Double.sin(stance.footPitch)
    return Double.cos(stance.footTurn) * (ahead - toeLength) + kneeDepth
  }
}
