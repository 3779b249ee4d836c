import Motion
import RealModule

/// A rigid body at one instant: attitude, place and their exact derivatives. A chain of joints is built link by link.
public struct RigidFrame: Hashable, Sendable {
  /// Takes body components (x anterior, y proximal, z right) to earth components (z up; x is where the wall is).
  public var earthFromBody: Quaternion
  /// Angular rate in body components, rad/s.
  public var angularRate: Vector3 = .zero
  /// Angular acceleration in body components, rad/s².
  public var angularAcceleration: Vector3 = .zero
  /// Where the body's origin is, m, and how it accelerates, m/s², in earth components.
  public var origin: Vector3 = .zero
  public var acceleration: Vector3 = .zero

  /// At rest, upright and facing the wall: anterior is earth x, proximal earth z, right earth −y.
  static let upright = RigidFrame(
    earthFromBody: Quaternion(columns: Vector3(1, 0, 0), Vector3(0, 0, 1), Vector3(0, -1, 0)))

  init(earthFromBody: Quaternion) { self.earthFromBody = earthFromBody }

  /// The next link: turned about `axis` (unit length, the same in both bodies' components) by a joint angle.
  ///
  /// With n the axis and q the angle: ω' = Rᵀω + n q̇ and α' = Rᵀα + n q̈ + Rᵀω × n q̇.
  func turned(about axis: Vector3, by angle: TrajectoryState) -> RigidFrame {
    let turn = Quaternion(rotationVector: axis * angle.value)
    let carried = turn.conjugate.rotate(angularRate)
    var next = self
    next.earthFromBody = earthFromBody * turn
    next.angularRate = carried + axis * angle.rate
    next.angularAcceleration =
      turn.conjugate.rotate(angularAcceleration) + axis * angle.acceleration + carried.cross(axis * angle.rate)
    return next
  }

  /// The same body with its origin at another of its points, in body components, m.
  func moved(to point: Vector3) -> RigidFrame {
    moved(to: point, along: .zero, by: .constant(0))
  }

  /// An origin that moves in the body: from `point` along `axis` (unit length) by a displacement.
  ///
  /// Besides α × r + ω × (ω × r) it feels 2 ω × ṙ (Coriolis) and r̈.
  func moved(to point: Vector3, along axis: Vector3, by displacement: TrajectoryState) -> RigidFrame {
    let r = point + axis * displacement.value
    let felt =
      angularAcceleration.cross(r) + angularRate.cross(angularRate.cross(r))
      + 2 * angularRate.cross(axis * displacement.rate) + axis * displacement.acceleration
    var next = self
    next.origin += earthFromBody.rotate(r)
    next.acceleration += earthFromBody.rotate(felt)
    return next
  }

  /// What an accelerometer at the origin feels, in body components, m/s²: its acceleration, and the earth's pull as an
  /// upward push of standard gravity.
  public var specificForce: Vector3 {
    earthFromBody.conjugate.rotate(acceleration + Vector3(0, 0, standardGravity))
  }
}
