import Motion

/// Rest as the `accurate` filter needs it: rate and acceleration stay close to their running means, and the mean rate can be the bias.
///
/// What is not known of the bias widens the last condition, so that a poor sensor is learnt at its first rest, and a slow lean is not taken for a
/// bias later. A standing person sways: as much as the mean rate wanders, it is no measurement of the bias.
struct StillnessDetector: Sendable {
  /// Time constant of the means, s.
  static let meanTime = 0.3
  /// No bias is larger than this, rad/s (31°/s).
  static let largestBias = 0.55
  /// So long suffices while the vertical has not been found, s.
  static let firstTime = 0.12

  private(set) var meanRate = Vector3.zero
  /// Rate and acceleration stand still, whatever the rate.
  private(set) var isStill = false
  /// And the rate can be the bias.
  private(set) var isAtRest = false
  private(set) var meanAcceleration = Vector3.zero
  private var slowRate = Vector3.zero
  /// Time constant of a slower mean, s: what the rate does between the two is sway.
  static let slowTime = 1.0
  /// Mean square of the sway's rate about one axis, (rad/s)²; at the start that of a standing person.
  private(set) var sway = 1e-4
  private var quietTime = 0.0
  private var restingTime = 0.0
  private var age = 0.0

  @inline(__always)
  mutating func update(
    acceleration: Vector3, angularRate: Vector3, interval: Double, _ parameters: AccurateParameters, _ bias: Vector3,
    _ biasVariance: Double, isFirst: Bool
  ) {
    age += interval
    // A plain mean at first.
    let share = min(interval / min(age, Self.meanTime), 1)
    meanRate += (angularRate - meanRate) * share
    meanAcceleration += (acceleration - meanAcceleration) * share
    let slowShare = min(interval / min(age, Self.slowTime), 1)
    slowRate += (meanRate - slowRate) * slowShare
    sway += ((meanRate - slowRate).lengthSquared * (1.0 / 3) - sway) * interval / (interval + Self.slowTime)
    let turn = min(
      parameters.slowestTurn * parameters.slowestTurn + 9 * biasVariance, Self.largestBias * Self.largestBias)
    let isQuiet =
      (angularRate - meanRate).lengthSquared < parameters.restRate * parameters.restRate
      && (acceleration - meanAcceleration).lengthSquared < parameters.restAcceleration * parameters.restAcceleration
    quietTime = isQuiet ? quietTime + interval : 0
    restingTime = isQuiet && (meanRate - bias).lengthSquared < turn ? restingTime + interval : 0
    isStill = quietTime > parameters.restTime
    isAtRest = restingTime > (isFirst ? Self.firstTime : parameters.restTime)
  }

  /// The stream was interrupted: rest has to be seen anew.
  mutating func interrupt() {
    quietTime = 0
    restingTime = 0
    isStill = false
    isAtRest = false
    age = 0
  }
}
