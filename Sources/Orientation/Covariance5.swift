import Motion

/// The covariance of two tilt errors and three biases, with the steps that the Kalman filter takes. Blocks: tilt with tilt (a, b; b, c),
/// each tilt with the biases (a vector), and the biases among themselves (symmetric).
struct Covariance5: Sendable {
  private var t00 = 0.0
  private var t01 = 0.0
  private var t11 = 0.0
  private var c0 = Vector3.zero
  private var c1 = Vector3.zero
  private var bxx = 0.0
  private var bxy = 0.0
  private var bxz = 0.0
  private var byy = 0.0
  private var byz = 0.0
  private var bzz = 0.0

  init() {}

  init(tiltVariance: Double, biasVariance: Double) {
    t00 = tiltVariance
    t11 = tiltVariance
    bxx = biasVariance
    byy = biasVariance
    bzz = biasVariance
  }

  /// Standard deviation about one horizontal axis: the root of the mean of both.
  var tiltSD: Double { (max(t00 + t11, 0) / 2).squareRoot() }

  mutating func widenTilt(by variance: Double) {
    t00 += variance
    t11 += variance
  }

  private func biasTimes(_ v: Vector3) -> Vector3 {
    Vector3(
      bxx * v.x + bxy * v.y + bxz * v.z, bxy * v.x + byy * v.y + byz * v.z, bxz * v.x + byz * v.y + bzz * v.z)
  }

  /// P ← A P Aᵀ + Q with A = [[1, −rows dt], [0, 1]].
  mutating func predict(rows: (Vector3, Vector3), interval dt: Double, tiltNoise: Double, biasNoise: Double) {
    let r0 = rows.0 * -dt
    let r1 = rows.1 * -dt
    let b0 = biasTimes(r0)
    let b1 = biasTimes(r1)
    t00 += 2 * c0.dot(r0) + b0.dot(r0) + tiltNoise
    t01 += c0.dot(r1) + c1.dot(r0) + b0.dot(r1)
    t11 += 2 * c1.dot(r1) + b1.dot(r1) + tiltNoise
    c0 += b0
    c1 += b1
    bxx += biasNoise
    byy += biasNoise
    bzz += biasNoise
  }

  /// A scalar measurement of one tilt error; adds what it changes.
  mutating func measureTilt(
    _ axis: Int, residual: Double, variance: Double, tilt: inout (Double, Double), bias: inout Vector3
  ) {
    let own = axis == 0 ? t00 : t11
    let innovation = residual - (axis == 0 ? tilt.0 : tilt.1)
    let scale = 1 / (own + variance)
    let k0 = (axis == 0 ? t00 : t01) * scale
    let k1 = (axis == 0 ? t01 : t11) * scale
    let column = axis == 0 ? c0 : c1
    let kb = column * scale
    tilt.0 += k0 * innovation
    tilt.1 += k1 * innovation
    bias += kb * innovation
    let h0 = axis == 0 ? t00 : t01
    let h1 = axis == 0 ? t01 : t11
    t00 -= k0 * h0
    t01 -= k0 * h1
    t11 -= k1 * h1
    c0 -= column * k0
    c1 -= column * k1
    bxx -= kb.x * column.x
    bxy -= kb.x * column.y
    bxz -= kb.x * column.z
    byy -= kb.y * column.y
    byz -= kb.y * column.z
    bzz -= kb.z * column.z
  }

  /// Measurements of the three biases, one after the other.
  mutating func measureBias(
    residual: Vector3, variance: Double, tilt: inout (Double, Double), bias: inout Vector3
  ) {
    for axis in 0..<3 {
      let column: Vector3
      let own: Double
      let innovation: Double
      switch axis {
      case 0: (column, own, innovation) = (Vector3(bxx, bxy, bxz), bxx, residual.x - bias.x)
      case 1: (column, own, innovation) = (Vector3(bxy, byy, byz), byy, residual.y - bias.y)
      default: (column, own, innovation) = (Vector3(bxz, byz, bzz), bzz, residual.z - bias.z)
      }
      let scale = 1 / (own + variance)
      let h0 = axis == 0 ? c0.x : axis == 1 ? c0.y : c0.z
      let h1 = axis == 0 ? c1.x : axis == 1 ? c1.y : c1.z
      let kb = column * scale
      tilt.0 += h0 * scale * innovation
      tilt.1 += h1 * scale * innovation
      bias += kb * innovation
      t00 -= h0 * h0 * scale
      t01 -= h0 * h1 * scale
      t11 -= h1 * h1 * scale
      c0 -= kb * h0
      c1 -= kb * h1
      bxx -= kb.x * column.x
      bxy -= kb.x * column.y
      bxz -= kb.x * column.z
      byy -= kb.y * column.y
      byz -= kb.y * column.z
      bzz -= kb.z * column.z
    }
  }
}
