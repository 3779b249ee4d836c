import Motion

/// What a filter says at one sample.
@frozen
public struct OrientationEstimate: Hashable, Sendable {
  /// Takes sensor components to earth components (E: z up). Heading is arbitrary and drifts: gravity does not tell it.
  public var earthFromSensor: Quaternion
  /// Standard deviation of the tilt error about one horizontal axis, rad: from the filter's own model, without what is constant in the sensor.
  public var tiltSD: Double
  /// The vertical has been found; before that the estimate is not to be used as a measurement.
  public var isConverged: Bool

  @inlinable
  public init(earthFromSensor: Quaternion, tiltSD: Double, isConverged: Bool) {
    self.earthFromSensor = earthFromSensor
    self.tiltSD = tiltSD
    self.isConverged = isConverged
  }
}

/// A streaming orientation filter: parameters, state and derived coefficients apart, so that a run can be split anywhere. A filter
/// is a plain value; a copy is a snapshot, and a split run equals a whole run to the bit.
public protocol OrientationFilter: Sendable {
  /// What a user may choose.
  associatedtype Parameters: Sendable

  init(_ parameters: Parameters)

  /// Takes the next sample.
  ///
  /// - Parameters:
  ///   - acceleration: specific force in the sensor frame, m/s². Not finite, or saturated: say nil, and the filter goes on by the gyroscope.
  ///   - angularRate: in the sensor frame, rad/s; nil where it cannot be trusted.
  ///   - interval: seconds since the previous sample; anything from the first sample (0) over jitter to a gap.
  mutating func update(acceleration: Vector3?, angularRate: Vector3?, interval: Double) -> OrientationEstimate
}

extension Vector3 {
  /// A specific force that a sensor on a leg can feel: from free fall's edge (1 m/s²) to far beyond any sensor's range.
  var isUsableAcceleration: Bool { isFinite && lengthSquared > 1 && lengthSquared < 1e6 }
  /// An angular rate that a gyroscope can report, below 1000 rad/s.
  var isUsableRate: Bool { isFinite && lengthSquared < 1e6 }
}

/// Rest of the sensor, from the gyroscope and the accelerometer alone: when both stay close to their own running means.
///
/// At rest the gyroscope reads its bias, which both filters take from here.
struct RestDetector: Sendable {
  /// Rest needs the rates to stay within this of their mean, rad/s (2°/s) …
  static let rateLimit = 0.035
  /// … and the acceleration within this of its mean, m/s² …
  static let accelerationLimit = 0.4
  /// … for this long, s.
  static let duration = 1.0
  /// Time constant of the means, s.
  static let meanTime = 0.4
  /// A mean rate beyond this is a slow turn and no bias, rad/s (23°/s). Uncalibrated sensors in everyday use are off by up to 20°/s (the
  /// MPU-6050's specification); what tells a turn from a bias below this is the acceleration, which a turn out of the vertical moves.
  static let biasLimit = 0.4

  private(set) var meanRate = Vector3.zero
  private var meanAcceleration = Vector3.zero
  private var quietTime = 0.0
  private var age = 0.0

  var isAtRest: Bool { quietTime >= Self.duration }

  mutating func update(acceleration: Vector3, angularRate: Vector3, interval: Double) {
    age += interval
    // The running mean starts as a plain mean, so that it does not have to climb from zero.
    let weight = interval / (interval + min(age, Self.meanTime))
    let share = weight.isFinite && weight > 0 ? weight : 1
    meanRate += (angularRate - meanRate) * share
    meanAcceleration += (acceleration - meanAcceleration) * share
    let quiet =
      (angularRate - meanRate).lengthSquared < Self.rateLimit * Self.rateLimit
      && (acceleration - meanAcceleration).lengthSquared < Self.accelerationLimit * Self.accelerationLimit
      && meanRate.lengthSquared < Self.biasLimit * Self.biasLimit
    quietTime = quiet && interval < 0.5 ? quietTime + interval : 0
  }

  /// The stream was interrupted: rest has to be seen anew.
  mutating func interrupt() { quietTime = 0 }
}
