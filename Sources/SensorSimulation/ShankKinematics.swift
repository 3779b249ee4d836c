import Motion
import RealModule

/// The shank as a rigid body at one instant. The foot is flat and the ankle axis stays at the origin, so that the shank only
/// rotates about it; there is no soft tissue, no impact and no slip in this model.
public struct ShankKinematics: Hashable, Sendable {
  /// Takes shank components (B: x anterior, y proximal, z right) to earth components (z up; x is where the shank
  /// faces at heading zero).
  public var earthFromShank: Quaternion
  /// Angular rate in shank components, rad/s.
  public var angularRate: Vector3
  /// Angular acceleration in shank components, rad/s².
  public var angularAcceleration: Vector3

  /// Upright and facing x: anterior is earth x, proximal earth z, right earth −y.
  static let upright = Quaternion(columns: Vector3(1, 0, 0), Vector3(0, 0, 1), Vector3(0, -1, 0))

  /// From the three angles, each with its derivatives. The shank is turned by the heading about the vertical, then tilted
  /// to the right about its anterior axis, then inclined forward about its own medio-lateral axis. In this order the
  /// inclination and the tilt are exactly those of `ShankAngles`, whatever the heading.
  ///
  /// Rate and acceleration are the exact derivatives, written out in shank components: with θ inclination, φ tilt and ψ heading,
  /// ω = (φ̇ cos θ − ψ̇ cos φ sin θ, φ̇ sin θ + ψ̇ cos φ cos θ, −ψ̇ sin φ − θ̇).
  public init(inclination: AngleState, tiltToRight: AngleState, heading: AngleState) {
    earthFromShank =
      Quaternion(rotationVector: Vector3(0, 0, heading.value)) * Self.upright
      * Quaternion(rotationVector: Vector3(tiltToRight.value, 0, 0))
      * Quaternion(rotationVector: Vector3(0, 0, -inclination.value))
    let c = Double.cos(inclination.value)
    let s = Double.sin(inclination.value)
    let cosTilt = Double.cos(tiltToRight.value)
    let sinTilt = Double.sin(tiltToRight.value)
    // Rate and acceleration before the inclination: u about anterior, v about proximal, w about right.
    let u = tiltToRight.rate
    let v = heading.rate * cosTilt
    let w = -heading.rate * sinTilt
    let uDot = tiltToRight.acceleration
    let vDot = heading.acceleration * cosTilt - heading.rate * tiltToRight.rate * sinTilt
    let wDot = -heading.acceleration * sinTilt - heading.rate * tiltToRight.rate * cosTilt
    let along = inclination.rate
    angularRate = Vector3(u * c - v * s, u * s + v * c, w - along)
    angularAcceleration = Vector3(
      uDot * c - vDot * s - along * (u * s + v * c),
      uDot * s + vDot * c + along * (u * c - v * s),
      wDot - inclination.acceleration)
  }

  /// The script's shank at `time` (s).
  public init(script: LungeScript, at time: Double) {
    self.init(
      inclination: script.inclination.state(at: time), tiltToRight: script.tiltToRight.state(at: time),
      heading: script.heading.state(at: time))
  }

  /// Specific force at a point that is fixed to the shank, in shank components, m/s²: what an accelerometer feels there.
  ///
  /// `point` is in shank components from the ankle axis, m. The point's acceleration is α × r + ω × (ω × r); the earth's pull is
  /// felt as an upward push of standard gravity.
  public func specificForce(at point: Vector3) -> Vector3 {
    angularAcceleration.cross(point) + angularRate.cross(angularRate.cross(point))
      + earthFromShank.verticalInSource * standardGravity
  }
}
