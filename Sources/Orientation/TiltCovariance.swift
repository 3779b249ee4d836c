import Motion

/// Where a quantity stands in the error state of the `accurate` filter.
enum ErrorState {
  static let count = 19
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
  /// By how much longer the gyroscope delays its samples than the accelerometer, s.
  static let lead = 18
  /// What moves with time stands before this, and what stays behind it.
  static let moving = 6
}

/// The error state, or a gain.
typealias ErrorVector = InlineArray<19, Double>

/// What the constant errors do over one step: to the tilt in two rows, one a horizontal axis; and the lead to the velocity.
struct TiltSensitivity: Sendable {
  var first = InlineArray<12, Double>(repeating: 0)
  var second = InlineArray<12, Double>(repeating: 0)
  /// ∫ R (ω × f): change of the horizontal velocity per lead, m/s².
  var late = (x: 0.0, y: 0.0)

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

/// A scalar measurement of four states at most: residual = Σ coefficient × error + noise.
struct ScalarMeasurement: Sendable {
  var states: (Int, Int, Int, Int)
  var coefficients: (Double, Double, Double, Double)
  var residual: Double
  var variance: Double

  /// A measurement of one state by itself.
  static func of(_ state: Int, residual: Double, variance: Double) -> ScalarMeasurement {
    ScalarMeasurement(
      states: (state, state, state, state), coefficients: (1, 0, 0, 0), residual: residual, variance: variance)
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
  private var p = InlineArray<361, Double>(repeating: 0)

  init(tilt: Double, velocity: Double, position: Double, bias: Double, scale: Double, lead: Double) {
    var s = p.mutableSpan
    for index in 0..<2 {
      s[unchecked: index &* 19 &+ index] = tilt
      s[unchecked: (2 + index) &* 19 &+ 2 + index] = velocity
      s[unchecked: (4 + index) &* 19 &+ 4 + index] = position
    }
    for index in 0..<3 { s[unchecked: (6 + index) &* 19 &+ 6 + index] = bias }
    for index in 0..<9 { s[unchecked: (9 + index) &* 19 &+ 9 + index] = scale }
    s[unchecked: 360] = lead
  }

  /// Mean variance of the tilt about one horizontal axis, rad².
  var tiltVariance: Double { max((p[0] + p[20]) * 0.5, 0) }

  /// Mean variance of the bias of one axis, (rad/s)².
  var biasVariance: Double { max((p[120] + p[140] + p[160]) * (1.0 / 3), 0) }

  /// A row of the covariance.
  mutating func row(_ row: Int) -> ErrorVector {
    let s = p.mutableSpan
    var out = ErrorVector(repeating: 0)
    for column in 0..<19 { out[unchecked: column] = s[unchecked: row &* 19 &+ column] }
    return out
  }

  mutating func widen(_ first: Int, count: Int, by variance: Double) {
    var s = p.mutableSpan
    for index in first..<(first + count) { s[unchecked: index &* 19 &+ index] += variance }
  }

  /// A pair of states is known no more than at the start, and independent of the rest.
  mutating func forget(_ first: Int, variance: Double) {
    var s = p.mutableSpan
    for index in first..<(first + 2) {
      for other in 0..<19 {
        s[unchecked: index &* 19 &+ other] = 0
        s[unchecked: other &* 19 &+ index] = 0
      }
      s[unchecked: index &* 19 &+ index] = variance
    }
  }

  /// P ← F P Fᵀ: e' = e + J c; v' = v + g T S(e + e')/2 + L δ with S(e) = (e₂, −e₁); p' = p + T (v + v')/2; c' = c.
  ///
  /// - Parameters:
  ///   - sensitivity: J.
  ///   - pull: ∫ of the vertical specific force over the step, m/s.
  ///   - time: T, s.
  mutating func predict(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {
    var s = p.mutableSpan
    let half = pull * 0.5
    let halfTime = time * 0.5
    let late = sensitivity.late
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
      for column in 0..<19 {
        let value = s[unchecked: (6 &+ index) &* 19 &+ column]
        e0[unchecked: column] += a * value
        e1[unchecked: column] += b * value
      }
    }
    for column in 0..<19 {
      let lead = s[unchecked: 342 &+ column]
      let dv0 = half * (2 * s[unchecked: 19 &+ column] + e1[unchecked: column]) + late.x * lead
      let dv1 = late.y * lead - half * (2 * s[unchecked: column] + e0[unchecked: column])
      s[unchecked: column] += e0[unchecked: column]
      s[unchecked: 19 &+ column] += e1[unchecked: column]
      s[unchecked: 76 &+ column] += time * s[unchecked: 38 &+ column] + halfTime * dv0
      s[unchecked: 95 &+ column] += time * s[unchecked: 57 &+ column] + halfTime * dv1
      s[unchecked: 38 &+ column] += dv0
      s[unchecked: 57 &+ column] += dv1
    }
    for row in 0..<6 {
      var e0 = s[unchecked: row &* 19]
      var e1 = s[unchecked: row &* 19 &+ 1]
      let o0 = e0
      let o1 = e1
      for index in 0..<12 {
        let value = s[unchecked: row &* 19 &+ 6 &+ index]
        e0 += first[unchecked: index] * value
        e1 += second[unchecked: index] * value
        s[unchecked: (6 &+ index) &* 19 &+ row] = value
      }
      let lead = s[unchecked: row &* 19 &+ 18]
      s[unchecked: 342 &+ row] = lead
      s[unchecked: row &* 19] = e0
      s[unchecked: row &* 19 &+ 1] = e1
      let dv0 = half * (o1 + e1) + late.x * lead
      let dv1 = late.y * lead - half * (o0 + e0)
      let v0 = s[unchecked: row &* 19 &+ 2]
      let v1 = s[unchecked: row &* 19 &+ 3]
      s[unchecked: row &* 19 &+ 2] = v0 + dv0
      s[unchecked: row &* 19 &+ 3] = v1 + dv1
      s[unchecked: row &* 19 &+ 4] += time * v0 + halfTime * dv0
      s[unchecked: row &* 19 &+ 5] += time * v1 + halfTime * dv1
    }
  }

  /// Takes a scalar measurement and adds what it changes to `change`.
  mutating func measure(_ m: ScalarMeasurement, change: inout ErrorVector) -> MeasurementTrace {
    let column = projected(m)
    let trace = Self.weigh(m, column, change: &change)
    var s = p.mutableSpan
    let gains = trace.gain.span
    let along = column.span
    for row in 0..<19 {
      let own = gains[unchecked: row]
      for other in 0..<19 { s[unchecked: row &* 19 &+ other] -= own * along[unchecked: other] }
    }
    return trace
  }

  /// Two scalar measurements, one after the other, in one pass over the covariance.
  mutating func measurePair(
    _ m: ScalarMeasurement, _ n: ScalarMeasurement, change: inout ErrorVector
  ) -> (MeasurementTrace, MeasurementTrace) {
    let column = projected(m)
    let trace = Self.weigh(m, column, change: &change)
    // What the second finds after the first.
    var next = projected(n)
    let shared =
      n.coefficients.0 * column[n.states.0] + n.coefficients.1 * column[n.states.1]
      + n.coefficients.2 * column[n.states.2] + n.coefficients.3 * column[n.states.3]
    for index in 0..<19 { next[unchecked: index] -= trace.gain[unchecked: index] * shared }
    let after = Self.weigh(n, next, change: &change)
    var s = p.mutableSpan
    let gains = trace.gain.span
    let nextGains = after.gain.span
    let along = column.span
    let nextAlong = next.span
    for row in 0..<19 {
      let own = gains[unchecked: row]
      let second = nextGains[unchecked: row]
      for other in 0..<19 {
        s[unchecked: row &* 19 &+ other] -= own * along[unchecked: other] + second * nextAlong[unchecked: other]
      }
    }
    return (trace, after)
  }

  /// P h.
  @inline(__always)
  private mutating func projected(_ m: ScalarMeasurement) -> ErrorVector {
    let s = p.mutableSpan
    var column = ErrorVector(repeating: 0)
    let (i, j, k, l) = m.states
    let (a, b, c, d) = m.coefficients
    for index in 0..<19 {
      column[unchecked: index] =
        a * s[unchecked: i &* 19 &+ index] + b * s[unchecked: j &* 19 &+ index] + c * s[unchecked: k &* 19 &+ index]
        + d * s[unchecked: l &* 19 &+ index]
    }
    return column
  }

  /// Gain and innovation, for P h.
  @inline(__always)
  private static func weigh(
    _ m: ScalarMeasurement, _ column: ErrorVector, change: inout ErrorVector
  ) -> MeasurementTrace {
    let (i, j, k, l) = m.states
    let (a, b, c, d) = m.coefficients
    let spread =
      a * column[unchecked: i] + b * column[unchecked: j] + c * column[unchecked: k] + d * column[unchecked: l]
      + m.variance
    let innovation =
      m.residual
      - (a * change[unchecked: i] + b * change[unchecked: j] + c * change[unchecked: k] + d * change[unchecked: l])
    var gain = ErrorVector(repeating: 0)
    let inverse = 1 / spread
    var gains = gain.mutableSpan
    var changes = change.mutableSpan
    let along = column.span
    for index in 0..<19 {
      let one = along[unchecked: index] * inverse
      gains[unchecked: index] = one
      changes[unchecked: index] += one * innovation
    }
    return MeasurementTrace(measurement: m, gain: gain, innovation: innovation, innovationVariance: spread)
  }
}
