import Motion

/// What the `accurate` filter and the smoother are tuned with.
public struct AccurateParameters: Hashable, Sendable {
  public var confinement = 1.4
  public var correlationTime = 1.2
  public var adaptationTime = 0.7
  public var accelerationNoise = 0.05
  public var rateNoise = 1.5e-3
  public var rateShare = 8e-4
  public var biasWalk = 6e-4
  public var initialBiasSD = 0.01
  public var scaleSD = 0.003
  public var stepTime = 0.028
  public var restRate = 0.025
  public var restTime = 0.45
  public var restVelocitySD = 0.01
  public var restBiasSD = 1e-3
  public var positionSD = 0.3

  public var accelerometerLead = 0.001

  /// Constant tilt error of a calibrated accelerometer, rad: no filter sees it, every claim holds it.
  public var staticTiltSD = 0.1 * radiansPerDegree

  public init() {}
}
