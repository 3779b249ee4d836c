import Motion

/// The vertical from an accelerometer alone: its low-passed direction, right as long as the leg moves slowly. The tilt error is
/// the movement's horizontal acceleration over gravity; the claim follows what the length of the acceleration shows of it.
public struct GravityFilter: OrientationFilter {
  /// What the filter is tuned with; the defaults suit a shin-mounted sensor.
  public struct Parameters: Hashable, Sendable {
    /// Time constant of the low-pass, s. Larger: quieter, and later.
    public var timeConstant = 0.1
    /// Standard deviation at rest, rad.
    public var restSD = 0.2 * radiansPerDegree

    public init() {}
  }

  /// The tuning it was made with.
  public let parameters: Parameters
  private var mean = Vector3.zero
  private var deviation = 0.0
  private var age = 0.0
  private var hasStarted = false

  public init(_ parameters: Parameters = Parameters()) {
    self.parameters = parameters
  }

  public mutating func update(
    acceleration: Vector3?, angularRate: Vector3?, interval: Double
  ) -> OrientationEstimate {
    let interval = interval.isFinite && interval > 0 ? interval : 0
    if let acceleration, acceleration.isUsableAcceleration {
      if hasStarted {
        age += interval
        let share = interval / (interval + min(age, parameters.timeConstant))
        let excess = (acceleration - mean).length / standardGravity
        mean += (acceleration - mean) * share
        deviation += (min(excess * excess, 1) - deviation) * share
      } else {
        hasStarted = true
        mean = acceleration
      }
    }
    guard let vertical = mean.normalized else {
      return OrientationEstimate(earthFromSensor: .identity, tiltSD: .pi, isConverged: false)
    }
    let excess = mean.length / standardGravity - 1
    let variance = parameters.restSD * parameters.restSD + excess * excess + deviation / 4
    return OrientationEstimate(
      earthFromSensor: Quaternion(from: vertical, to: Vector3(0, 0, 1)), tiltSD: variance.squareRoot(),
      isConverged: hasStarted)
  }
}
