import Motion
import RealModule

/// The cheapest filter: the gyroscope carries the orientation, and the slowly filtered accelerometer corrects its tilt.
///
/// The acceleration is turned into the frame that the gyroscope keeps still, and low-passed there twice (time constant `timeConstant` each).
/// In that frame gravity stands still while the leg moves, and the movement's own acceleration averages out, because a leg that
/// starts and ends at rest has no mean acceleration; the low-passed vector then gives the vertical. The idea of filtering in the
/// almost inertial frame is Laidig and Seel's (VQF, Information Fusion 91, 2023). The gyroscope's bias is taken at rest.
public struct ComplementaryFilter: OrientationFilter {
  /// What the filter is tuned with; the defaults suit a shin-mounted sensor.
  public struct Parameters: Hashable, Sendable {
    /// Time constant of each of the two low-passes, s. Larger: less is taken from the movement's acceleration, and more of the
    /// gyroscope's drift is left.
    public var timeConstant = 1.5
    /// Standard deviation that is left at rest, rad.
    public var restSD = 0.1 * radiansPerDegree
    /// Share of the observed disturbance (rms angle between the momentary acceleration and the vertical) that reaches the estimate.
    public var disturbanceShare = 0.04

    public init() {}
  }

  /// The tuning it was made with.
  public let parameters: Parameters
  /// Takes sensor components to the frame that the gyroscope alone keeps.
  private var carriedFromSensor = Quaternion.identity
  /// The low-passed acceleration in that frame, after one stage and after two, m/s².
  private var once = Vector3.zero
  private var twice = Vector3.zero
  private var bias = Vector3.zero
  private var rest = RestDetector()
  /// Mean square of the momentary disturbance, rad².
  private var disturbance = 0.0
  private var age = 0.0
  private var hasStarted = false
  private var lastRate = Vector3.zero

  public init(_ parameters: Parameters = Parameters()) {
    self.parameters = parameters
  }

  public mutating func update(
    acceleration: Vector3?, angularRate: Vector3?, interval: Double
  ) -> OrientationEstimate {
    let interval = interval.isFinite && interval > 0 ? interval : 0
    let angularRate = angularRate.flatMap { $0.isUsableRate ? $0 : nil }
    if let angularRate {
      // Trapezoid: the rate at the middle of the interval.
      let rate = (angularRate + (hasStarted ? lastRate : angularRate)) * 0.5 - bias
      carriedFromSensor = (carriedFromSensor * Quaternion(rotationVector: rate * interval)).normalized
      lastRate = angularRate
    } else {
      rest.interrupt()
    }
    if let acceleration, acceleration.isUsableAcceleration {
      take(acceleration, angularRate: angularRate, interval: interval)
    } else {
      rest.interrupt()
    }
    guard let vertical = twice.normalized else {
      return OrientationEstimate(earthFromSensor: carriedFromSensor, tiltSD: .pi, isConverged: false)
    }
    let correction = Quaternion(from: vertical, to: Vector3(0, 0, 1))
    let noise = parameters.disturbanceShare * parameters.disturbanceShare * disturbance
    // Until the low-pass has run in, its mean over the short time is all there is.
    let runIn = age < parameters.timeConstant ? noise * parameters.timeConstant / max(age, 0.01) : noise
    let sd = (parameters.restSD * parameters.restSD + runIn).squareRoot()
    return OrientationEstimate(
      earthFromSensor: correction * carriedFromSensor, tiltSD: sd, isConverged: age > 0.2 && sd < 0.06)
  }

  private mutating func take(_ acceleration: Vector3, angularRate: Vector3?, interval: Double) {
    let carried = carriedFromSensor.rotate(acceleration)
    guard hasStarted else {
      hasStarted = true
      once = carried
      twice = carried
      return
    }
    age += interval
    // A plain mean at first, then the exponential one.
    let share = interval / (interval + min(age, parameters.timeConstant))
    once += (carried - once) * share
    twice += (once - twice) * share
    let across = carried.cross(twice)
    let angleSquared = across.lengthSquared / max(carried.lengthSquared * twice.lengthSquared, 1)
    let dev = carried.length / standardGravity - 1
    disturbance += (min(angleSquared + dev * dev, 1) - disturbance) * share
    if let angularRate {
      rest.update(acceleration: acceleration, angularRate: angularRate, interval: interval)
      if rest.isAtRest, let resting = rest.restingRate { take(bias: resting, interval: interval, carried: carried) }
    }
  }

  private mutating func take(bias resting: Vector3, interval: Double, carried: Vector3) {
    let off = resting - bias
    if off.lengthSquared > 0.02 * 0.02 {
      // A bias of more than 1°/s has turned the low-passed vectors away: they begin anew.
      bias = resting
      once = carried
      twice = carried
      age = 0
    } else {
      bias += off * min(1, interval / 0.5)
    }
  }
}
