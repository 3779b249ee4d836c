import Motion

/// Where a quantity stands in the error state of the `accurate` filter.
enum ErrorState {
  @inline(__always) static var count: Int { 18 }
  /// Tilt error about the two horizontal earth axes, rad.
  static let tilt = 0
  /// Horizontal velocity, m/s.
  static let velocity = 2
  /// Horizontal position, m.
  static let position = 4
  /// Gyroscope bias, rad/s.
  static let bias = 6
  /// Gyroscope scale and axis errors: a 3×3 matrix row by row, no unit.
  static let scale = 9
  /// What moves with time stands before this, and what stays behind it.
  static let moving = 6
}

/// The error state, or a gain.
typealias ErrorVector = InlineArray<18, Double>

/// A matrix over the error state, row by row.
typealias ErrorMatrix = InlineArray<324, Double>

/// What the constant errors do over one step: to the tilt in two rows, one a horizontal axis.
struct TiltSensitivity: Sendable {
  var first = InlineArray<12, Double>(repeating: 0)
  var second = InlineArray<12, Double>(repeating: 0)

  /// Adds a row of samples: the error −R (δb + δM ω) dt of the rotation.
  ///
  /// - Parameters:
  ///   - rows: the first two rows of earthFromSensor.
  ///   - rate: angular rate, rad/s.
  @inline(__always)
  mutating func add(rows: (Vector3, Vector3), rate: Vector3, interval: Double) {
    let r0 = rows.0 * -interval
    let r1 = rows.1 * -interval
    Self.add(r0, rate, to: &first)
    Self.add(r1, rate, to: &second)
  }

  @inline(__always)
  private static func add(_ r: Vector3, _ rate: Vector3, to row: inout InlineArray<12, Double>) {
    row[0] += r.x
    row[1] += r.y
    row[2] += r.z
    row[3] += r.x * rate.x
    row[4] += r.x * rate.y
    row[5] += r.x * rate.z
    row[6] += r.y * rate.x
    row[7] += r.y * rate.y
    row[8] += r.y * rate.z
    row[9] += r.z * rate.x
    row[10] += r.z * rate.y
    row[11] += r.z * rate.z
  }
}

/// A measurement of one state by itself.
struct ScalarMeasurement: Sendable {
  var state: Int
  var residual: Double
  var variance: Double
}

/// The movement's pseudo-measurement for both horizontal axes: residual = pull S e + damping v + spring p + noise.
struct MovementMeasurement: Sendable {
  /// Vertical specific force, m/s².
  var pull: Double
  /// 1/s and 1/s².
  var damping: Double
  var spring: Double
  var residual: (x: Double, y: Double)
  /// Of the noise of each axis, (m/s²)².
  var variance: Double
}

/// What it did.
struct MovementTrace: Sendable {
  var measurement: MovementMeasurement
  /// The gains of its two rows.
  var first: ErrorVector
  var second: ErrorVector
  var innovation: (Double, Double)
  /// The inverse of the innovation's covariance.
  var information: (xx: Double, xy: Double, yy: Double)
}

/// What a scalar measurement did: enough to go back over it.
struct MeasurementTrace: Sendable {
  var measurement: ScalarMeasurement
  var gain: ErrorVector
  /// The residual against what was expected, and its variance.
  var innovation: Double
  var innovationVariance: Double
}
