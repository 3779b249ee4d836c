import RealModule

/// A Hamilton quaternion, scalar first. A unit quaternion stands for a rotation and is named by what it
/// maps: `earthFromSensor.rotate(v)` takes a vector's sensor components to its earth components.
@frozen
public struct Quaternion: Hashable, Sendable {
  public var w: Double
  public var x: Double
  public var y: Double
  public var z: Double

  @inlinable
  public init(w: Double, x: Double, y: Double, z: Double) {
    self.w = w
    self.x = x
    self.y = y
    self.z = z
  }

  /// The rotation that changes nothing.
  @inlinable public static var identity: Quaternion { Quaternion(w: 1, x: 0, y: 0, z: 0) }

  /// The rotation by the vector's length (rad) about its direction, right-hand rule. Exact for small angles.
  @inlinable @inline(__always)
  public init(rotationVector v: Vector3) {
    let angleSquared = v.lengthSquared
    // sin(a/2)/a and cos(a/2) by their series up to 0.14 rad, which no leg turns between two samples: what is left out is below
    // 1e-18, nothing is divided, and it costs a fraction of the library's functions.
    if angleSquared < 0.02 {
      let q = angleSquared
      let half = 0.5 - q * (1 / 48.0 - q * (1 / 3840.0 - q * (1 / 645_120.0 - q / 185_794_560)))
      let cosine = 1 - q * (0.125 - q * (1 / 384.0 - q * (1 / 46_080.0 - q / 10_321_920)))
      self.init(w: cosine, x: v.x * half, y: v.y * half, z: v.z * half)
    } else {
      let angle = angleSquared.squareRoot()
      let s = Double.sin(angle * 0.5) / angle
      self.init(w: Double.cos(angle * 0.5), x: v.x * s, y: v.y * s, z: v.z * s)
    }
  }

  /// The rotation by `angle` (rad) about `axis` (unit length), right-hand rule.
  @inlinable
  public init(angle: Double, axis: Vector3) {
    self.init(rotationVector: axis * angle)
  }

  /// The shortest rotation that takes the unit vector `from` to the unit vector `to`.
  ///
  /// For opposite vectors the axis is any one across `from`: the choice is fixed, so results repeat.
  public init(from: Vector3, to: Vector3) {
    let c = from.dot(to)
    // The general formula stays good until the vectors are within 1.4e-7 rad of opposite; there the cross product has lost
    // its direction to rounding, and the fixed axis is off by no more than that angle.
    if c < -0.999_999_999_999_99 {
      let across = abs(from.x) < 0.6 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
      let axis = from.cross(across).normalized ?? Vector3(0, 0, 1)
      self.init(w: 0, x: axis.x, y: axis.y, z: axis.z)
    } else {
      let v = from.cross(to)
      self = Quaternion(w: 1 + c, x: v.x, y: v.y, z: v.z).normalized
    }
  }

  /// The rotation whose matrix has these columns: the images of the x, y and z axes (orthonormal, right-handed).
  ///
  /// Shepperd's method (1978): the largest of the four components is taken from the diagonal, so that
  /// nothing is divided by a small number.
  public init(columns x: Vector3, _ y: Vector3, _ z: Vector3) {
    let trace = x.x + y.y + z.z
    let q: Quaternion
    if trace >= max(x.x, y.y, z.z) {
      q = Quaternion(w: 1 + trace, x: y.z - z.y, y: z.x - x.z, z: x.y - y.x)
    } else if x.x >= y.y && x.x >= z.z {
      q = Quaternion(w: y.z - z.y, x: 1 + x.x - y.y - z.z, y: x.y + y.x, z: z.x + x.z)
    } else if y.y >= z.z {
      q = Quaternion(w: z.x - x.z, x: x.y + y.x, y: 1 + y.y - x.x - z.z, z: y.z + z.y)
    } else {
      q = Quaternion(w: x.y - y.x, x: z.x + x.z, y: y.z + z.y, z: 1 + z.z - x.x - y.y)
    }
    self = q.normalized
  }

  /// The intrinsic rotation yaw about z, then pitch about y, then roll about x (rad): the order of most sensors' Euler angles.
  @inlinable
  public init(yaw: Double, pitch: Double, roll: Double) {
    let qz = Quaternion(rotationVector: Vector3(0, 0, yaw))
    let qy = Quaternion(rotationVector: Vector3(0, pitch, 0))
    let qx = Quaternion(rotationVector: Vector3(roll, 0, 0))
    self = qz * qy * qx
  }

  /// Squared norm; 1 for a rotation.
  @inlinable public var lengthSquared: Double { w * w + x * x + y * y + z * z }

  /// Whether no component is NaN or infinite.
  @inlinable public var isFinite: Bool { w.isFinite && x.isFinite && y.isFinite && z.isFinite }

  /// The quaternion scaled to length one; the identity when it has no length.
  @inlinable
  public var normalized: Quaternion {
    @inline(__always) get {
      let n = lengthSquared.squareRoot()
      guard n > 1e-150, n.isFinite else { return .identity }
      return Quaternion(w: w / n, x: x / n, y: y / n, z: z / n)
    }
  }

  /// For a unit quaternion the opposite rotation: `sensorFromEarth` of `earthFromSensor`.
  @inlinable public var conjugate: Quaternion { Quaternion(w: w, x: -x, y: -y, z: -z) }

  /// Rotations in sequence, the right one first: `earthFromSensor * sensorFromShank` is `earthFromShank`.
  @inlinable @inline(__always)
  public static func * (a: Quaternion, b: Quaternion) -> Quaternion {
    Quaternion(
      w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
      x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
      y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
      z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w)
  }

  /// The vector's components in the other frame. The quaternion must have unit length.
  @inlinable @inline(__always)
  public func rotate(_ v: Vector3) -> Vector3 {
    // v + 2 q × (q × v + w v): 18 multiplications less than two quaternion products.
    let q = Vector3(x, y, z)
    let t = 2 * q.cross(v)
    return v + w * t + q.cross(t)
  }

  /// The third row of the rotation's matrix: for `earthFromSensor` the upward vertical in sensor components.
  @inlinable
  public var verticalInSource: Vector3 {
    @inline(__always) get {
      Vector3(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y))
    }
  }
}
