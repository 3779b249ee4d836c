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
  var isUsableAcceleration: Bool { lengthSquared > 1 && lengthSquared < 1e6 }
  /// An angular rate that a gyroscope can report, below 1000 rad/s. What is not finite is not below anything.
  var isUsableRate: Bool { lengthSquared < 1e6 }
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
  /// Time constant of a second, slower mean of the acceleration, s, and how far the two means may lie apart, m/s² (0.7°): a slow, steady lunge turns
  /// the gravity vector, and its rate is no bias. From 0.5°/s on it is seen.
  static let slowMeanTime = 2.0
  static let driftLimit = 0.12
  /// A mean rate beyond this is no bias of any working gyroscope, rad/s (46°/s): the worst of an MPU-6050 is 20°/s, and warmth adds to that.
  static let biasLimit = 0.8

  private var meanRate = Vector3.zero
  private var meanAcceleration = Vector3.zero
  private var slowMeanAcceleration = Vector3.zero
  private var quietTime = 0.0
  private var age = 0.0

  var isAtRest: Bool { quietTime >= Self.duration }

  /// Until the first rest: the mean rate over what was quiet for so long, s …
  static let guessDuration = 0.25
  /// … where it is more than a person who sways turns, rad/s (2°/s): whoever sways may never rest for as long as `duration`, and the worst gyroscopes are off by
  /// ten times as much.
  static let leastGuess = 0.035
  private var guess: Vector3?
  private var guessSum = Vector3.zero
  private var guessTime = 0.0

  /// What the bias must be by the first quiet moments, when it cannot be what it is taken for, rad/s; nil when it can, or when rest has shown it.
  func betterGuess(than bias: Vector3) -> Vector3? {
    guard restingRate == nil, quietTime >= Self.guessDuration, let guess,
      (guess - bias).lengthSquared > Self.leastGuess * Self.leastGuess
    else { return nil }
    return guess
  }

  /// The gyroscope's bias as rest shows it, rad/s; nil before the first rest. The first value is taken at once where it is
  /// more than sway, else after a `stretch` of quiet moments; what comes later counts only when
  /// rest went on for another `stretch` behind it, because the beginning of a slow movement looks like rest for a while.
  private(set) var restingRate: Vector3?
  /// Length of a stretch of rest over which rates are averaged, s, so that a standing person's sway averages out …
  static let stretch = 2.0
  /// … and for how many seconds of rest the mean over stretches remembers.
  static let memory = 20.0
  private var known = 0.0
  private var candidate: Vector3?
  private var sum = Vector3.zero
  private var sumTime = 0.0

  mutating func update(acceleration: Vector3, angularRate: Vector3, interval: Double) {
    age += interval
    // The running means start as plain means, so that they do not have to climb from zero.
    let share = age > 0 ? min(interval / min(age, Self.meanTime), 1) : 1
    meanRate += (angularRate - meanRate) * share
    meanAcceleration += (acceleration - meanAcceleration) * share
    let slowShare = age > 0 ? min(interval / min(age, Self.slowMeanTime), 1) : 1
    slowMeanAcceleration += (acceleration - slowMeanAcceleration) * slowShare
    let quiet =
      (angularRate - meanRate).lengthSquared < Self.rateLimit * Self.rateLimit
      && (acceleration - meanAcceleration).lengthSquared < Self.accelerationLimit * Self.accelerationLimit
      && (meanAcceleration - slowMeanAcceleration).lengthSquared < Self.driftLimit * Self.driftLimit
      && meanRate.lengthSquared < Self.biasLimit * Self.biasLimit
    quietTime = quiet && interval < 0.5 ? quietTime + interval : 0
    confirm(angularRate, interval)
  }

  private mutating func confirm(_ angularRate: Vector3, _ interval: Double) {
    guard quietTime > 0 else {
      candidate = nil
      sum = .zero
      sumTime = 0
      return
    }
    sum += angularRate * interval
    sumTime += interval
    if restingRate == nil && quietTime >= Self.guessDuration {
      guessSum += angularRate * interval
      guessTime += interval
      guess = guessSum / guessTime
    }
    guard isAtRest else { return }
    if restingRate == nil {
      // All that was quiet so far, where it sways: one second of it may be half of a sway.
      let isLarge = sum.lengthSquared > Self.leastGuess * Self.leastGuess * sumTime * sumTime
      guard isLarge || guessTime >= Self.stretch, let guess else { return }
      restingRate = isLarge ? sum / sumTime : guess
      known = sumTime
    }
    guard sumTime >= Self.stretch else { return }
    if let candidate, let resting = restingRate {
      restingRate = resting + (candidate - resting) * (Self.stretch / (known + Self.stretch))
      known = min(known + Self.stretch, Self.memory)
    }
    candidate = sum / sumTime
    sum = .zero
    sumTime = 0
  }

  /// The stream was interrupted: rest has to be seen anew.
  mutating func interrupt() { quietTime = 0 }
}
