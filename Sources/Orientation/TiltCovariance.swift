import Motion

/// The covariance of the error state, whole and symmetric, with the two steps of a Kalman filter that use what is zero in them.
struct TiltCovariance: Sendable {
  private var p = ErrorMatrix(repeating: 0)

  /// Variances of each part.
  init(tilt: Double, velocity: Double, position: Double, bias: Double, scale: Double) {
    for index in 0..<2 {
      self[ErrorState.tilt + index] = tilt
      self[ErrorState.velocity + index] = velocity
      self[ErrorState.position + index] = position
    }
    for index in 0..<3 { self[ErrorState.bias + index] = bias }
    for index in 0..<9 { self[ErrorState.scale + index] = scale }
  }

  /// The variance of one state.
  @inline(__always)
  private(set) subscript(state: Int) -> Double {
    get { p[unchecked: state &* (ErrorState.count &+ 1)] }
    set { p[unchecked: state &* (ErrorState.count &+ 1)] = newValue }
  }

  /// Mean variance of the tilt about one horizontal axis, rad².
  @inline(__always)
  var tiltVariance: Double { max((self[0] + self[1]) * 0.5, 0) }

  /// Mean variance of the bias of one axis, (rad/s)². Inlined, or the whole matrix would be copied for the call at every row.
  @inline(__always)
  var biasVariance: Double {
    max((self[ErrorState.bias] + self[ErrorState.bias + 1] + self[ErrorState.bias + 2]) * (1.0 / 3), 0)
  }

  /// A row of the covariance.
  mutating func row(_ row: Int) -> ErrorVector {
    let s = p.mutableSpan
    var out = ErrorVector(repeating: 0)
    for column in 0..<ErrorState.count { out[unchecked: column] = s[unchecked: row &* ErrorState.count &+ column] }
    return out
  }

  mutating func widen(_ first: Int, count: Int, by variance: Double) {
    for index in first..<(first + count) { self[index] += variance }
  }

  /// Adds `factor` times the square of the scale errors' block to that block: what they gain when less was known of them at first.
  mutating func addSquareOfScale(times factor: Double) {
    let (first, size) = (ErrorState.scale, 9)
    var block = InlineArray<81, Double>(repeating: 0)
    for row in 0..<size {
      for column in 0..<size { block[size * row + column] = p[(first + row) * ErrorState.count + first + column] }
    }
    for row in 0..<size {
      for column in 0..<size {
        var sum = 0.0
        for inner in 0..<size { sum += block[size * row + inner] * block[size * inner + column] }
        p[(first + row) * ErrorState.count + first + column] += factor * sum
      }
    }
  }

  /// A pair of states is known no more than this, and independent of the rest.
  mutating func forget(_ first: Int, variance: Double) {
    var s = p.mutableSpan
    for index in first..<(first + 2) {
      for other in 0..<ErrorState.count {
        s[unchecked: index &* ErrorState.count &+ other] = 0
        s[unchecked: other &* ErrorState.count &+ index] = 0
      }
      s[unchecked: index &* (ErrorState.count &+ 1)] = variance
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
    let n = ErrorState.count
    let moving = ErrorState.moving
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
      for column in 0..<n {
        let value = s[unchecked: (moving &+ index) &* n &+ column]
        e0[unchecked: column] += a * value
        e1[unchecked: column] += b * value
      }
    }
    for column in 0..<n {
      let dv0 = half * (2 * s[unchecked: n &+ column] + e1[unchecked: column])
      let dv1 = -half * (2 * s[unchecked: column] + e0[unchecked: column])
      s[unchecked: column] += e0[unchecked: column]
      s[unchecked: n &+ column] += e1[unchecked: column]
      s[unchecked: 4 &* n &+ column] +=
        time * s[unchecked: 2 &* n &+ column] + halfTime * dv0
      s[unchecked: 5 &* n &+ column] +=
        time * s[unchecked: 3 &* n &+ column] + halfTime * dv1
      s[unchecked: 2 &* n &+ column] += dv0
      s[unchecked: 3 &* n &+ column] += dv1
    }
    for row in 0..<moving {
      let at = row &* n
      let o0 = s[unchecked: at]
      let o1 = s[unchecked: at &+ 1]
      var e0 = o0
      var e1 = o1
      for index in 0..<12 {
        let value = s[unchecked: at &+ moving &+ index]
        e0 += first[unchecked: index] * value
        e1 += second[unchecked: index] * value
        s[unchecked: (moving &+ index) &* n &+ row] = value
      }
      s[unchecked: at] = e0
      s[unchecked: at &+ 1] = e1
      let dv0 = half * (o1 + e1)
      let dv1 = -half * (o0 + e0)
      let v0 = s[unchecked: at &+ 2]
      let v1 = s[unchecked: at &+ 3]
      s[unchecked: at &+ 2] = v0 + dv0
      s[unchecked: at &+ 3] = v1 + dv1
      s[unchecked: at &+ 4] += time * v0 + halfTime * dv0
      s[unchecked: at &+ 5] += time * v1 + halfTime * dv1
    }
  }

  /// Takes a measurement of one state and adds what it changes to `change`.
  mutating func measure(_ m: ScalarMeasurement, change: inout ErrorVector) -> MeasurementTrace {
    var s = p.mutableSpan
    let n = ErrorState.count
    let spread = s[unchecked: m.state &* (n &+ 1)] + m.variance
    let inverse = 1 / spread
    let innovation = m.residual - change[m.state]
    var column = ErrorVector(repeating: 0)
    var gain = ErrorVector(repeating: 0)
    var a = column.mutableSpan
    var g = gain.mutableSpan
    var c = change.mutableSpan
    for index in 0..<n {
      a[unchecked: index] = s[unchecked: m.state &* n &+ index]
      g[unchecked: index] = a[unchecked: index] * inverse
      c[unchecked: index] += g[unchecked: index] * innovation
    }
    for row in 0..<n {
      let own = g[unchecked: row]
      for other in 0..<n { s[unchecked: row &* n &+ other] -= own * a[unchecked: other] }
    }
    return MeasurementTrace(measurement: m, gain: gain, innovation: innovation, innovationVariance: spread)
  }

  /// Takes the movement's pseudo-measurement, both axes at once, and adds what it changes to `change`.
  mutating func measure(_ m: MovementMeasurement, change: inout ErrorVector) -> MovementTrace {
    var s = p.mutableSpan
    let n = ErrorState.count
    var first = ErrorVector(repeating: 0)
    var second = ErrorVector(repeating: 0)
    var a = first.mutableSpan
    var b = second.mutableSpan
    // P Hᵀ, by columns; P is symmetric.
    for index in 0..<n {
      a[unchecked: index] =
        m.pull * s[unchecked: n &+ index]
        + m.damping * s[unchecked: 2 &* n &+ index]
        + m.spring * s[unchecked: 4 &* n &+ index]
      b[unchecked: index] =
        m.damping * s[unchecked: 3 &* n &+ index]
        + m.spring * s[unchecked: 5 &* n &+ index] - m.pull * s[unchecked: index]
    }
    let xx =
      m.pull * a[unchecked: 1] + m.damping * a[unchecked: 2] + m.spring * a[unchecked: 4]
      + m.variance
    let xy = m.pull * b[unchecked: 1] + m.damping * b[unchecked: 2] + m.spring * b[unchecked: 4]
    let yy =
      m.damping * b[unchecked: 3] + m.spring * b[unchecked: 5] - m.pull * b[unchecked: 0]
      + m.variance
    let inverse = 1 / (xx * yy - xy * xy)
    let (ixx, ixy, iyy) = (yy * inverse, -xy * inverse, xx * inverse)
    let x = m.residual.x - (m.pull * change[1] + m.damping * change[2] + m.spring * change[4])
    let y = m.residual.y - (m.damping * change[3] + m.spring * change[5] - m.pull * change[0])
    var firstGain = ErrorVector(repeating: 0)
    var secondGain = ErrorVector(repeating: 0)
    var g = firstGain.mutableSpan
    var h = secondGain.mutableSpan
    var c = change.mutableSpan
    for index in 0..<n {
      g[unchecked: index] = a[unchecked: index] * ixx + b[unchecked: index] * ixy
      h[unchecked: index] = a[unchecked: index] * ixy + b[unchecked: index] * iyy
      c[unchecked: index] += g[unchecked: index] * x + h[unchecked: index] * y
    }
    for row in 0..<n {
      let own = g[unchecked: row]
      let other = h[unchecked: row]
      for column in 0..<n {
        s[unchecked: row &* n &+ column] -= own * a[unchecked: column] + other * b[unchecked: column]
      }
    }
    return MovementTrace(
      measurement: m, first: firstGain, second: secondGain, innovation: (x, y), information: (ixx, ixy, iyy))
  }
}
