import Motion

/// An error-state Kalman filter of the tilt, with the gyroscope's bias in its state.
///
/// State: the tilt error about the two horizontal earth axes (rad), and the bias of the three gyroscope axes in the sensor frame
/// (rad/s). Heading has no part: gravity says nothing about it, and in the earth frame its error does not reach the tilt to first order.
///
/// Prediction over an interval dt, with R = earthFromSensor: the tilt error grows by −(R b)₁₂ dt where b is the error of the bias, so the
/// covariance goes by P ← A P Aᵀ + Q with A = [[1, −R₁₂ dt], [0, 1]].
/// Measurement: with the tilt error (e₁, e₂) the acceleration in the estimated earth frame is g (−e₂, e₁, 1) plus the movement's own
/// acceleration, so a₂/g measures e₁ and −a₁/g measures e₂. The two are independent scalar updates.
///
/// The movement's acceleration is no white noise: it lasts as long as the movement, and its mean over a movement that starts and ends at
/// rest is zero. So the acceleration is low-passed twice in the estimated earth frame, where gravity stands still, before it is taken as the
/// measurement. The mean square of what the momentary acceleration shows beyond gravity is followed, and a sample counts only as much
/// as its share of `correlationTime`: many samples of one push are one observation. At rest the running mean of the gyroscope measures the bias.
public struct KalmanFilter: OrientationFilter {
  /// What the filter is tuned with; the defaults suit a shin-mounted sensor.
  public struct Parameters: Hashable, Sendable {
    /// White noise of the angular rate, rad/√s. Larger: the accelerometer is trusted more.
    public var rateNoise = 1e-3
    /// Noise that grows with the rate, for scale and axis errors of the gyroscope that the state does not hold, √s: at a rate w (rad/s) it adds
    /// w × `rateShare` to `rateNoise`. Larger: the accelerometer is trusted more in fast turns.
    public var rateShare = 3e-3
    /// Random walk of the bias, rad/s/√s. Larger: the bias is followed faster and less smoothly.
    public var biasWalk = 2e-4
    /// Standard deviation of the bias at the start, rad/s (1°/s is usual for consumer sensors at power-up).
    public var initialBiasSD = 0.015
    /// Standard deviation of a momentary acceleration at rest, as an angle, rad.
    public var restNoise = 0.01
    /// Time constant of the low-pass of the acceleration, s, twice.
    public var smoothingTime = 0.7
    /// Share of the observed external acceleration that is taken to point sideways. Larger: slower corrections in motion.
    public var externalShare = 0.03
    /// How long an external acceleration keeps its direction, s. Larger: slower corrections.
    public var correlationTime = 0.3
    /// Time constant of the running mean square of the external acceleration, s.
    public var adaptationTime = 1.0
    /// Standard deviation of the running mean of the gyroscope at rest, rad/s, as a measurement of the bias over one second.
    public var restBiasSD = 5e-4

    public init() {}
  }

  /// The tuning it was made with.
  public let parameters: Parameters
  private var earthFromSensor = Quaternion.identity
  private var bias = Vector3.zero
  private var once = Vector3.zero
  private var twice = Vector3.zero
  /// Covariance of (e₁, e₂, b₁, b₂, b₃), the upper triangle row by row.
  private var p = Covariance5()
  private var rest = RestDetector()
  /// Mean square of the external acceleration over gravity's, rad².
  private var external = 0.0
  private var age = 0.0
  private var hasStarted = false
  private var hasConverged = false
  private var lastRate = Vector3.zero

  public init(_ parameters: Parameters = Parameters()) {
    self.parameters = parameters
  }

  public mutating func update(
    acceleration: Vector3?, angularRate: Vector3?, interval: Double
  ) -> OrientationEstimate {
    let interval = interval.isFinite && interval > 0 ? interval : 0
    let acceleration = acceleration.flatMap { $0.isUsableAcceleration ? $0 : nil }
    let angularRate = angularRate.flatMap { $0.isUsableRate ? $0 : nil }
    guard hasStarted else {
      start(acceleration)
      if let angularRate { lastRate = angularRate }
      return estimate
    }
    age += interval
    if let angularRate {
      predict(angularRate, interval: interval)
    } else {
      // Blind: the leg may have turned by anything a leg does.
      p.widenTilt(by: 1.0 * interval * interval + 0.01 * interval)
      rest.interrupt()
    }
    if let acceleration {
      correct(acceleration, angularRate: angularRate, interval: interval)
    } else {
      rest.interrupt()
    }
    return estimate
  }

  private var estimate: OrientationEstimate {
    OrientationEstimate(
      earthFromSensor: earthFromSensor, tiltSD: hasStarted ? p.tiltSD : .pi, isConverged: hasConverged)
  }

  private mutating func start(_ acceleration: Vector3?) {
    guard let acceleration else { return }
    begin(acceleration)
  }

  /// The vertical is taken from here alone; the bias stays what it is.
  private mutating func begin(_ acceleration: Vector3) {
    guard let up = acceleration.normalized else { return }
    let felt = earthFromSensor.rotate(up)
    earthFromSensor = (Quaternion(from: felt, to: Vector3(0, 0, 1)) * earthFromSensor).normalized
    p = Covariance5(tiltVariance: 0.1, biasVariance: parameters.initialBiasSD * parameters.initialBiasSD)
    once = Vector3(0, 0, acceleration.length)
    twice = once
    age = 0
    hasStarted = true
  }

  private mutating func predict(_ angularRate: Vector3, interval: Double) {
    // Trapezoid, with the bias taken out. After a gap the middle of two rates says nothing, and the noise says so.
    let rate = (angularRate + lastRate) * 0.5 - bias
    lastRate = angularRate
    earthFromSensor = (earthFromSensor * Quaternion(rotationVector: rate * interval)).normalized
    var noise =
      (parameters.rateNoise * parameters.rateNoise + parameters.rateShare * parameters.rateShare * rate.lengthSquared)
      * interval
    if interval > 0.25 { noise += rate.lengthSquared * interval * interval + 0.01 * interval * interval }
    p.predict(
      rows: earthFromSensor.horizontalRows, interval: interval, tiltNoise: noise,
      biasNoise: parameters.biasWalk * parameters.biasWalk * interval)
  }

  private mutating func correct(_ acceleration: Vector3, angularRate: Vector3?, interval: Double) {
    let momentary = earthFromSensor.rotate(acceleration)
    let smoothing = interval / (interval + min(age, parameters.smoothingTime))
    once += (momentary - once) * smoothing
    twice += (once - twice) * smoothing
    let earth = twice
    let e1 = earth.y / standardGravity
    let e2 = -earth.x / standardGravity
    // What the accelerometer shows beyond gravity: sideways about the estimate, and in length.
    let off = momentary / standardGravity - Vector3(0, 0, 1)
    let seen = min(off.lengthSquared / 2, 4)
    external += (seen - external) * (interval / (interval + min(age, parameters.adaptationTime)))
    if let angularRate {
      rest.update(acceleration: acceleration, angularRate: angularRate, interval: interval)
    }
    // At rest what points sideways is an error of the estimate, however large, and nothing else.
    let correlation = max(parameters.correlationTime / max(interval, 1e-4), 1)
    let moving = rest.isAtRest ? 0 : parameters.externalShare * max(external, seen) * correlation
    let noise = parameters.restNoise * parameters.restNoise + moving
    var tilt = (0.0, 0.0)
    var turn = Vector3.zero
    p.measureTilt(0, residual: e1, variance: noise, tilt: &tilt, bias: &turn)
    p.measureTilt(1, residual: e2, variance: noise, tilt: &tilt, bias: &turn)
    // The estimate is exp(−e) times the truth, so the found error is turned back in.
    let correction = Quaternion(rotationVector: Vector3(tilt.0, tilt.1, 0))
    earthFromSensor = (correction * earthFromSensor).normalized
    // The smoothed acceleration is kept in the estimated earth frame, so it turns with it.
    once = correction.rotate(once)
    twice = correction.rotate(twice)
    bias += turn
    if rest.isAtRest {
      correctBiasAtRest(interval: interval)
    } else if let guess = rest.betterGuess(than: bias) {
      // Such a bias has turned all away, and the filter begins anew with it.
      bias = guess
      begin(acceleration)
    }
    if !hasConverged { hasConverged = age > 0.1 && p.tiltSD < 1.5 * radiansPerDegree }
  }

  private mutating func correctBiasAtRest(interval: Double) {
    // One sample is its share of the second for which `restBiasSD` holds.
    let variance = parameters.restBiasSD * parameters.restBiasSD / max(interval, 1e-4)
    var tilt = (0.0, 0.0)
    var change = Vector3.zero
    guard let resting = rest.restingRate else { return }
    let residual = resting - bias
    p.measureBias(residual: residual, variance: variance, tilt: &tilt, bias: &change)
    earthFromSensor = (Quaternion(rotationVector: Vector3(tilt.0, tilt.1, 0)) * earthFromSensor).normalized
    bias += change
  }
}

extension Quaternion {
  /// The first two rows of the rotation's matrix: what the horizontal earth axes are in sensor components.
  var horizontalRows: (Vector3, Vector3) {
    (
      Vector3(1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
      Vector3(2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x))
    )
  }
}
