/// A vector of three `Double` components. The frame and the unit are those of the property that holds it.
///
/// A plain struct of scalars: it was measured as fast as SIMD types for the filters here, and its
/// layout has no padding, so samples stay small.
@frozen
public struct Vector3: Hashable, Sendable {
  public var x: Double
  public var y: Double
  public var z: Double

  @inlinable
  public init(_ x: Double, _ y: Double, _ z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// The zero vector.
  @inlinable public static var zero: Vector3 { Vector3(0, 0, 0) }

  /// Squared Euclidean length.
  @inlinable public var lengthSquared: Double { x * x + y * y + z * z }

  /// Euclidean length.
  @inlinable public var length: Double { lengthSquared.squareRoot() }

  /// Whether no component is NaN or infinite.
  @inlinable public var isFinite: Bool {
    // Zero times a number is zero, zero times infinity or NaN is NaN: one comparison for all three.
    0 * x + 0 * y + 0 * z == 0
  }

  /// The vector scaled to length one; `nil` when it is too short or not finite to have a direction.
  @inlinable
  public var normalized: Vector3? {
    let length = self.length
    guard length > 1e-12, length.isFinite else { return nil }
    return self / length
  }

  /// Scalar product.
  @inlinable
  public func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

  /// Right-handed cross product.
  @inlinable
  public func cross(_ other: Vector3) -> Vector3 {
    Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  @inlinable public static func + (a: Vector3, b: Vector3) -> Vector3 { Vector3(a.x + b.x, a.y + b.y, a.z + b.z) }
  @inlinable public static func - (a: Vector3, b: Vector3) -> Vector3 { Vector3(a.x - b.x, a.y - b.y, a.z - b.z) }
  @inlinable public static prefix func - (a: Vector3) -> Vector3 { Vector3(-a.x, -a.y, -a.z) }
  @inlinable public static func * (a: Vector3, s: Double) -> Vector3 { Vector3(a.x * s, a.y * s, a.z * s) }
  @inlinable public static func * (s: Double, a: Vector3) -> Vector3 { a * s }
  @inlinable public static func / (a: Vector3, s: Double) -> Vector3 { Vector3(a.x / s, a.y / s, a.z / s) }
  @inlinable public static func += (a: inout Vector3, b: Vector3) { a = a + b }
  @inlinable public static func -= (a: inout Vector3, b: Vector3) { a = a - b }
}
