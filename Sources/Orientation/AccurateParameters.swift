import Motion

/// What the `accurate` filter and the smoother are tuned with. All are physical; the defaults suit a consumer inertial sensor on a limb.
public struct AccurateParameters: Hashable, Sendable {
  /// How firmly the limb is held near its place, 1/s: its horizontal motion is taken as p'' + 2 λ p' + λ² p = white noise. Larger: a smaller
  /// space and a firmer vertical, and more error where the limb travels.
  public var confinement = 1.4
  /// How long the movement's residual stays alike, s: its mean square times this is its spectral density. Larger: the movement
  /// is trusted less, and the gyroscope more.
  public var correlationTime = 1.5
  /// The smoother takes the movement's residual to stay alike this many times as long: it has both sides of it to average, and gains less by
  /// trusting the movement early. Larger: calmer, and slower to learn a bias that changes.
  public var smootherCorrelation = 3.0
  /// Time constant of the residual's running mean square, s. Larger: the trust changes more slowly.
  public var adaptationTime = 0.5
  /// White noise of the accelerometer, m/s² · √s. Larger: slower at rest.
  public var accelerationNoise = 0.007
  /// White noise of the gyroscope, rad/√s, with what is left of vibration in it. Larger: the accelerometer is trusted more.
  public var rateNoise = 1.5e-3
  /// Noise that grows with the rate, √s: at a rate w (rad/s) w × `rateShare` is added to `rateNoise` in square.
  public var rateShare = 7e-4
  /// Angular rate of a tremor that rows slower than 20 Hz do not resolve, rad/s: each such row turns by so much that was not there, at random. 0.02° at
  /// 9 Hz is 0.02 rad/s. Larger: at such rates the accelerometer is trusted more.
  public var unresolvedRate = 0.03
  /// Random walk of the gyroscope's bias, rad/s/√s. Larger: the bias is followed faster and less smoothly.
  public var biasWalk = 6e-4
  /// Standard deviation of the bias at the start, rad/s. Larger: a worse sensor is learnt, and motion right at the start hurts more.
  public var initialBiasSD = 0.2
  /// Standard deviation of the gyroscope's scale and axis errors (nine of them), no unit. Larger: they are learnt faster, and wrongly.
  public var scaleSD = 0.004
  /// How much less the accelerometer's samples are delayed than the gyroscope's, s. A gyroscope has a demodulator more: data sheets give
  /// 1.0 ms at every setting of the MPU-6500, MPU-9250 and their successors, 0.98 ms for the open filters of the MPU-6050 and −0.1 to −0.4 ms for its
  /// narrower ones; a sensor that aligns both has 0. Where a data sheet says, declare it. It cannot be learnt: what a limb's movement
  /// does in step with its rate looks the same, and is larger. Larger: the accelerometer is taken to be fresher.
  public var accelerometerLead = 0.001
  /// Time between two Kalman steps, s; a row that is longer is a step of its own. Larger: cheaper, and less exact.
  public var stepTime = 0.028
  /// At rest the rate stays within this of its running mean, rad/s …
  public var restRate = 0.025
  /// … and the acceleration within this of its own, m/s² …
  public var restAcceleration = 0.3
  /// … for this long, s. Larger: rest is found later and more surely.
  public var restTime = 0.45
  /// The mean rate at rest is the bias and no slow turn within this, rad/s, widened by what is not known of the bias.
  public var slowestTurn = 0.009
  /// Standard deviation of the velocity at rest, m/s.
  public var restVelocitySD = 0.01
  /// Standard deviation of the mean rate at rest as a measurement of the bias over one second, rad/s.
  public var restBiasSD = 1e-3
  /// Time constant of the residual's mean, s. What lasts longer is taken for an error of the vertical, and not for movement. Larger: a wrong
  /// vertical is believed longer.
  public var meanTime = 1.0
  /// A mean horizontal acceleration at which the change of velocity is not known at all, m/s²: aliasing, clipping and scale errors grow with an
  /// impact. Larger: impacts are believed more.
  public var impactAcceleration = 300.0
  /// Farther than this from its place the limb has travelled and not swung, m: its place is taken anew. That is a walk, or a place that the filter
  /// has drifted away from. Larger: a walk is taken for an error of the vertical for longer.
  public var reach = 1.5
  /// Standard deviation of the place about which the limb moves, m.
  public var positionSD = 0.3
  /// Share of the covariance's standard deviation that is claimed live. The noise of the model is an upper bound for the movement, so that
  /// the filter stays calm; the claim takes that back. Larger: wider claims.
  public var claimShare = 0.36
  /// The same for the smoother, which averages the bound less.
  public var smootherClaimShare = 0.5
  /// Constant tilt error of a calibrated accelerometer about one axis, rad: no filter sees it, and it is not part of a filter's claim.
  public var staticTiltSD = 0.16 * radiansPerDegree

  public init() {}
}
