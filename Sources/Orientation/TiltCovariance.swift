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
  /// What moves with time stands before this, and what stays behind it.
  static let moving = 6
}

/// The error state, or a gain.
typealias ErrorVector = InlineArray<18, Double>

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

/// The covariance of the error state, whole and symmetric, with the two steps of a Kalman filter that use what is zero in them.
struct TiltCovariance: Sendable {
  private var p = InlineArray<324, Double>(repeating: 0)

  init(tilt: Double, velocity: Double, position: Double, bias: Double, scale: Double) {
    var s = p.mutableSpan
    for index in 0..<2 {
      s[unchecked: index &* 18 &+ index] = tilt
      s[unchecked: (2 + index) &* 18 &+ 2 + index] = velocity
      s[unchecked: (4 + index) &* 18 &+ 4 + index] = position
    }
    for index in 0..<3 { s[unchecked: (6 + index) &* 18 &+ 6 + index] = bias }
    for index in 0..<9 { s[unchecked: (9 + index) &* 18 &+ 9 + index] = scale }
  }

  /// Mean variance of the tilt about one horizontal axis, rad².
  var tiltVariance: Double { max((p[0] + p[19]) * 0.5, 0) }

  /// Mean variance of the bias of one axis, (rad/s)².
  var biasVariance: Double { max((p[114] + p[133] + p[152]) * (1.0 / 3), 0) }

  /// A row of the covariance.
  mutating func row(_ row: Int) -> ErrorVector {
    let s = p.mutableSpan
    var out = ErrorVector(repeating: 0)
    for column in 0..<18 { out[unchecked: column] = s[unchecked: row &* 18 &+ column] }
    return out
  }

  mutating func widen(_ first: Int, count: Int, by variance: Double) {
    var s = p.mutableSpan
    for index in first..<(first + count) { s[unchecked: index &* 18 &+ index] += variance }
  }

  /// A pair of states is known no more than at the start, and independent of the rest.
  mutating func forget(_ first: Int, variance: Double) {
    var s = p.mutableSpan
    for index in first..<(first + 2) {
      for other in 0..<18 {
        s[unchecked: index &* 18 &+ other] = 0
        s[unchecked: other &* 18 &+ index] = 0
      }
      s[unchecked: index &* 18 &+ index] = variance
    }
  }

  /// P ← F P Fᵀ: e' = e + J c; v' = v + g T S(e + e')/2 with S(e) = (e₂, −e₁); p' = p + T (v + v')/2; c' = c.
  ///
  /// - Parameters:
  ///   - sensitivity: J.
  ///   - pull: ∫ of the vertical specific force over the step, m/s.
  ///   - time: T, s.
  mutating func predict(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {
    var s = p.mutableSpan
    let half = pull * 0.5
    let halfTime = time * 0.5
    // Row by row, so that the inner loops run along the rows.
    let first = sensitivity.first.span
    let second = sensitivity.second.span
    var tilt0 = ErrorVector(repeating: 0)
    var tilt1 = ErrorVector(repeating: 0)
    var e0 = tilt0.mutableSpan
    var e1 = tilt1.mutableSpan
    for index in 0..<12 {
      let a = first[unchecked: index]
      let b = second[unchecked: index]
      for column in 0..<18 {
        let value = s[unchecked: (6 &+ index) &* 18 &+ column]
        e0[unchecked: column] += a * value
        e1[unchecked: column] += b * value
      }
    }
    for column in 0..<18 {
      let dv0 = half * (2 * s[unchecked: 18 &+ column] + e1[unchecked: column])
      let dv1 = -half * (2 * s[unchecked: column] + e0[unchecked: column])
      s[unchecked: column] += e0[unchecked: column]
      s[unchecked: 18 &+ column] += e1[unchecked: column]
      s[unchecked: 72 &+ column] += time * s[unchecked: 36 &+ column] + halfTime * dv0
      s[unchecked: 90 &+ column] += time * s[unchecked: 54 &+ column] + halfTime * dv1
      s[unchecked: 36 &+ column] += dv0
      s[unchecked: 54 &+ column] += dv1
    }
    for row in 0..<6 {
      var e0 = s[unchecked: row &* 18]
      var e1 = s[unchecked: row &* 18 &+ 1]
      let o0 = e0
      let o1 = e1
      for index in 0..<12 {
        let value = s[unchecked: row &* 18 &+ 6 &+ index]
        e0 += first[unchecked: index] * value
        e1 += second[unchecked: index] * value
        s[unchecked: (6 &+ index) &* 18 &+ row] = value
      }
      s[unchecked: row &* 18] = e0
      s[unchecked: row &* 18 &+ 1] = e1
      let dv0 = half * (o1 + e1)
      let dv1 = -half * (o0 + e0)
      let v0 = s[unchecked: row &* 18 &+ 2]
      let v1 = s[unchecked: row &* 18 &+ 3]
      s[unchecked: row &* 18 &+ 2] = v0 + dv0
      s[unchecked: row &* 18 &+ 3] = v1 + dv1
      s[unchecked: row &* 18 &+ 4] += time * v0 + halfTime * dv0
      s[unchecked: row &* 18 &+ 5] += time * v1 + halfTime * dv1
    }
  }

  /// Takes a measurement of one state and adds what it changes to `change`.
  mutating func measure(_ m: ScalarMeasurement, change: inout ErrorVector) -> MeasurementTrace {
    var s = p.mutableSpan
    let spread = s[unchecked: m.state &* 19] + m.variance
    let inverse = 1 / spread
    let innovation = m.residual - change[m.state]
    var column = ErrorVector(repeating: 0)
    var gain = ErrorVector(repeating: 0)
    var a = column.mutableSpan
    var g = gain.mutableSpan
    var c = change.mutableSpan
    for index in 0..<18 {
      a[unchecked: index] = s[unchecked: m.state &* 18 &+ index]
      g[unchecked: index] = a[unchecked: index] * inverse
      c[unchecked: index] += g[unchecked: index] * innovation
    }
    for row in 0..<18 {
      let own = g[unchecked: row]
      for other in 0..<18 { s[unchecked: row &* 18 &+ other] -= own * a[unchecked: other] }
    }
    return MeasurementTrace(measurement: m, gain: gain, innovation: innovation, innovationVariance: spread)
  }

  /// Takes the movement's pseudo-measurement, both axes at once, and adds what it changes to `change`.
  mutating func measure(_ m: MovementMeasurement, change: inout ErrorVector) -> MovementTrace {
    var s = p.mutableSpan
    var first = ErrorVector(repeating: 0)
    var second = ErrorVector(repeating: 0)
    var a = first.mutableSpan
    var b = second.mutableSpan
    // P Hᵀ, by columns; P is symmetric.
    for index in 0..<18 {
      a[unchecked: index] =
        m.pull * s[unchecked: 18 &+ index] + m.damping * s[unchecked: 36 &+ index] + m.spring
        * s[unchecked: 72 &+ index]
      b[unchecked: index] =
        m.damping * s[unchecked: 54 &+ index] + m.spring * s[unchecked: 90 &+ index] - m.pull * s[unchecked: index]
    }
    let xx = m.pull * a[unchecked: 1] + m.damping * a[unchecked: 2] + m.spring * a[unchecked: 4] + m.variance
    let xy = m.pull * b[unchecked: 1] + m.damping * b[unchecked: 2] + m.spring * b[unchecked: 4]
    let yy = m.damping * b[unchecked: 3] + m.spring * b[unchecked: 5] - m.pull * b[unchecked: 0] + m.variance
    let inverse = 1 / (xx * yy - xy * xy)
    let (ixx, ixy, iyy) = (yy * inverse, -xy * inverse, xx * inverse)
    let x = m.residual.x - (m.pull * change[1] + m.damping * change[2] + m.spring * change[4])
    let y = m.residual.y - (m.damping * change[3] + m.spring * change[5] - m.pull * change[0])
    var firstGain = ErrorVector(repeating: 0)
    var secondGain = ErrorVector(repeating: 0)
    var g = firstGain.mutableSpan
    var h = secondGain.mutableSpan
    var c = change.mutableSpan
    for index in 0..<18 {
      g[unchecked: index] = a[unchecked: index] * ixx + b[unchecked: index] * ixy
      h[unchecked: index] = a[unchecked: index] * ixy + b[unchecked: index] * iyy
      c[unchecked: index] += g[unchecked: index] * x + h[unchecked: index] * y
    }
    for row in 0..<18 {
      let own = g[unchecked: row]
      let other = h[unchecked: row]
      for column in 0..<18 {
        s[unchecked: row &* 18 &+ column] -= own * a[unchecked: column] + other * b[unchecked: column]
      }
    }
    return MovementTrace(
      measurement: m, first: firstGain, second: secondGain, innovation: (x, y), information: (ixx, ixy, iyy))
  }
}
