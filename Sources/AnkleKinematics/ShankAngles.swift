import Motion
import RealModule

/// The shank's attitude against gravity, rad.
@frozen
public struct ShankAngles: Hashable, Sendable {
  /// Angle of the tibia's long axis from the vertical in the sagittal plane; forward (knee over toes) positive. −π to π.
  public var tibialInclination: Double
  /// Angle of the tibia's long axis out of the sagittal plane; to the subject's right positive. −π/2 to π/2.
  public var tiltToRight: Double
  /// Sine of the inclination, which the vertical gives without a trigonometric function.
  public var sineOfInclination: Double
  /// Its cosine.
  public var cosineOfInclination: Double

  /// From the upward vertical in shank components (unit length; B: x anterior, y proximal, z right).
  ///
  /// The vertical is all that gravity tells, so no Euler order and no heading enters. Leaning forward by θ lowers the
  /// anterior axis: its vertical component is −sin θ, the proximal axis has cos θ. The second angle is
  /// measured from the sagittal plane, so it stays exact at every inclination.
  @inlinable
  public init(verticalInShank up: Vector3) {
    let inPlane = (up.x * up.x + up.y * up.y).squareRoot()
    self.tibialInclination = Self.angle(opposite: -up.x, adjacent: up.y)
    self.tiltToRight = Self.angle(opposite: -up.z, adjacent: inPlane)
    self.sineOfInclination = inPlane > 0 ? -up.x / inPlane : 0
    self.cosineOfInclination = inPlane > 0 ? up.y / inPlane : 1
  }

  /// The angle whose tangent is the ratio, in its quadrant. In the right half plane, where a tibia is, the function of
  /// one argument is as exact and costs half as much.
  @inlinable @inline(__always)
  static func angle(opposite: Double, adjacent: Double) -> Double {
    adjacent > 0 ? Double.atan(opposite / adjacent) : Double.atan2(y: opposite, x: adjacent)
  }

  /// Tilt of the tibia towards the other leg, positive: the frontal tilt mirrored by side.
  @inlinable
  public func medialTilt(side: Side) -> Double {
    side == .left ? tiltToRight : -tiltToRight
  }
}

/// The upward vertical in sensor components, from an inclinometer's two angles above the horizontal (rad).
///
/// Each axis measures the sine of its own elevation, whatever the other does; the third component is upward, which
/// holds while the housing is not upside down. Angles that no attitude allows together (their sines' squares
/// exceed one by rounding) are scaled back to the horizon. A missing y angle counts as level.
@inlinable
public func verticalFromInclinometer(x: Double, y: Double) -> Vector3 {
  let sx = Double.sin(x)
  let sy = Double.sin(y)
  let square = sx * sx + sy * sy
  if square >= 1 {
    let scale = 1 / square.squareRoot()
    return Vector3(sx * scale, sy * scale, 0)
  }
  return Vector3(sx, sy, (1 - square).squareRoot())
}
