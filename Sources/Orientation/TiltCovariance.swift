import Motion

/// Where a quantity stands in the error state of the `accurate` filter.
enum ErrorState {
  static let count = 18
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
  /// What moves with time, before what stays.
  static let moving = 6
  static let constant = 12
}

/// The error state, or a gain.
typealias ErrorVector = InlineArray<18, Double>

/// What the constant errors do to the tilt over one step: two rows, one a horizontal axis.
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

/// A scalar measurement of three states at most: residual = Σ coefficient × error + noise.
struct ScalarMeasurement: Sendable {
  var states: (Int, Int, Int)
  var coefficients: (Double, Double, Double)
  var residual: Double
  var variance: Double

  /// A measurement of one state by itself.
  static func of(_ state: Int, residual: Double, variance: Double) -> ScalarMeasurement {
    ScalarMeasurement(states: (state, state, state), coefficients: (1, 0, 0), residual: residual, variance: variance)
  }
}

/// What a scalar measurement did: enough to go back over it.
struct MeasurementTrace: Sendable {
  var measurement: ScalarMeasurement
  var gain: ErrorVector
  /// The residual against what was expected, and its variance.
  var innovation: Double
  var innovationVariance: Double
}

/// The covariance of the error state, whole and symmetric, with the two steps of a Kalman filter that use what is zero in them.
struct TiltCovariance: Sendable {
  private var p = InlineArray<324, Double>(repeating: 0)

  init(tilt: Double, velocity: Double, position: Double, bias: Double, scale: Double) {
    for index in 0..<2 {
      self[index, index] = tilt
      self[2 + index, 2 + index] = velocity
      self[4 + index, 4 + index] = position
    }
    for index in 0..<3 { self[6 + index, 6 + index] = bias }
    for index in 0..<9 { self[9 + index, 9 + index] = scale }
  }

  @inline(__always)
  subscript(row: Int, column: Int) -> Double {
    get { p[unchecked: row &* 18 &+ column] }
    set { p[unchecked: row &* 18 &+ column] = newValue }
  }

  /// Mean variance of the tilt about one horizontal axis, rad².
  var tiltVariance: Double { max((self[0, 0] + self[1, 1]) * 0.5, 0) }

  /// A row of the covariance.
  func row(_ row: Int) -> ErrorVector {
    var out = ErrorVector(repeating: 0)
    for column in 0..<18 { out[unchecked: column] = self[row, column] }
    return out
  }

  mutating func widen(_ first: Int, count: Int, by variance: Double) {
    for index in first..<(first + count) { self[index, index] += variance }
  }

  /// A pair of states is known no more than at the start, and independent of the rest.
  mutating func forget(_ first: Int, variance: Double) {
    for index in first..<(first + 2) {
      for other in 0..<18 {
        self[index, other] = 0
        self[other, index] = 0
      }
      self[index, index] = variance
    }
  }

  /// P ← F P Fᵀ: e' = e + J c; v' = v + g T S(e + e')/2 with S(e) = (e₂, −e₁); p' = p + T (v + v')/2; c' = c.
  ///
  /// - Parameters:
  ///   - sensitivity: J.
  ///   - pull: ∫ of the vertical specific force over the step, m/s.
  ///   - time: T, s.
  mutating func predict(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {
    let half = pull * 0.5
    let halfTime = time * 0.5
    for column in 0..<18 {
      var e0 = self[0, column]
      var e1 = self[1, column]
      let o0 = e0
      let o1 = e1
      for index in 0..<12 {
        let value = self[6 &+ index, column]
        e0 += sensitivity.first[unchecked: index] * value
        e1 += sensitivity.second[unchecked: index] * value
      }
      self[0, column] = e0
      self[1, column] = e1
      let dv0 = half * (o1 + e1)
      let dv1 = -half * (o0 + e0)
      let v0 = self[2, column]
      let v1 = self[3, column]
      self[2, column] = v0 + dv0
      self[3, column] = v1 + dv1
      self[4, column] += time * v0 + halfTime * dv0
      self[5, column] += time * v1 + halfTime * dv1
    }
    for row in 0..<6 {
      var e0 = self[row, 0]
      var e1 = self[row, 1]
      let o0 = e0
      let o1 = e1
      for index in 0..<12 {
        let value = self[row, 6 &+ index]
        e0 += sensitivity.first[unchecked: index] * value
        e1 += sensitivity.second[unchecked: index] * value
        self[6 &+ index, row] = value
      }
      self[row, 0] = e0
      self[row, 1] = e1
      let dv0 = half * (o1 + e1)
      let dv1 = -half * (o0 + e0)
      let v0 = self[row, 2]
      let v1 = self[row, 3]
      self[row, 2] = v0 + dv0
      self[row, 3] = v1 + dv1
      self[row, 4] += time * v0 + halfTime * dv0
      self[row, 5] += time * v1 + halfTime * dv1
    }
  }

  /// Takes a scalar measurement and adds what it changes to `change`.
  mutating func measure(_ m: ScalarMeasurement, change: inout ErrorVector) -> MeasurementTrace {
    var column = ErrorVector(repeating: 0)
    let (i, j, k) = m.states
    let (a, b, c) = m.coefficients
    for index in 0..<18 { column[unchecked: index] = a * self[i, index] + b * self[j, index] + c * self[k, index] }
    let spread = a * column[i] + b * column[j] + c * column[k] + m.variance
    let innovation = m.residual - (a * change[i] + b * change[j] + c * change[k])
    var gain = column
    let inverse = 1 / spread
    for index in 0..<18 {
      gain[unchecked: index] = column[unchecked: index] * inverse
      change[unchecked: index] += gain[unchecked: index] * innovation
    }
    for row in 0..<18 {
      let own = gain[unchecked: row]
      for other in 0..<18 { self[row, other] -= own * column[unchecked: other] }
    }
    return MeasurementTrace(
      measurement: m, gain: gain, innovation: innovation, innovationVariance: spread)
  }
}
