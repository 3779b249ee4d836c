import AnkleKinematics
import Motion
import Orientation

/// Samples to the upward vertical in the sensor frame, by the road that the sensor's quantities allow: through the filter for an IMU, past it for
/// a sensor that measures or fuses angles itself.
public struct AttitudeStage: Sendable {
  /// What is known of the vertical at one sample.
  public struct Attitude {
    /// Upward vertical in sensor components; nil while it is not known.
    public var vertical: Vector3?
    /// Standard deviation of its tilt error, rad, without the constant errors of the sensor; NaN where the device does not say.
    public var tiltSD: Double
    /// The vertical has been found.
    public var isConverged: Bool
    /// Which road the sample took, where that matters to a reader.
    public var flags: Reading.Flags
    /// Takes sensor components to earth components (z up); nil where only the vertical is known.
    var filtered: Quaternion?
    /// Two angles hardly tell the vertical from its mirror image here; see `FoldWatch`.
    var isNearFold = false

    /// Takes sensor components to earth components (z up, heading arbitrary); nil while the vertical is not known.
    public var earthFromSensor: Quaternion? { filtered ?? vertical.map { Quaternion(from: $0, to: Vector3(0, 0, 1)) } }
  }

  private enum Road: Sendable {
    case complementary
    case kalman
    case accurate
    case gravity
    case inclinometer
    case deviceFused
  }

  private let filter: PipelineConfiguration.Filter
  private var road: Road?
  // All filters lie here side by side: inside the road's cases, every sample would move its filter out and in again.
  private var complementary = ComplementaryFilter()
  private var kalman = KalmanFilter()
  private var gravity = GravityFilter()
  private var accurate = AccurateFilter()

  /// - Parameter filter: the filter for sensors with an accelerometer and a gyroscope; others have their own road.
  public init(filter: PipelineConfiguration.Filter) { self.filter = filter }

  /// Takes the next sample.
  ///
  /// - Parameter interval: seconds since the previous sample.
  public mutating func update(_ sample: borrowing SensorSample, interval: Double) -> Attitude {
    let fields = sample.fields
    let flags = sample.flags
    choose(fields)
    let usable = !flags.contains(.implausible)
    // A clipped acceleration points the wrong way; the gyroscope carries the filter over it.
    let acceleration =
      usable && fields.contains(.acceleration) && !flags.contains(.saturated) ? sample.acceleration : nil
    let rate = usable && fields.contains(.angularRate) ? sample.angularRate : nil
    switch road {
    case .accurate:
      return attitude(accurate.update(acceleration: acceleration, angularRate: rate, interval: interval), flags: [])
    case .kalman:
      return attitude(kalman.update(acceleration: acceleration, angularRate: rate, interval: interval), flags: [])
    case .complementary:
      return attitude(
        complementary.update(acceleration: acceleration, angularRate: rate, interval: interval), flags: [])
    case .gravity:
      return attitude(
        gravity.update(acceleration: acceleration, angularRate: nil, interval: interval), flags: .quasiStatic)
    case .inclinometer:
      guard usable, !fields.isDisjoint(with: [.inclinationX, .inclinationY]) else { return .unknown }
      let vertical = verticalFromInclinometer(x: sample.inclinationX, y: sample.inclinationY)
      var attitude = Attitude(vertical: vertical, tiltSD: 0, isConverged: true, flags: .quasiStatic)
      attitude.isNearFold = vertical.z < FoldWatch.nearness
      return attitude
    case .deviceFused:
      guard usable, let vertical = fusedVertical(sample) else { return .unknown }
      let sd = fields.contains(.tiltSD) ? sample.tiltSD : .nan
      return Attitude(vertical: vertical, tiltSD: sd, isConverged: true, flags: .deviceFused)
    case nil:
      return .unknown
    }
  }

  /// The road is chosen by the first sample that says anything; a gyroscope that shows up later still counts. Without a gyroscope the device's own
  /// orientation, which had one, is better than the acceleration alone.
  private mutating func choose(_ fields: SensorSample.Fields) {
    switch road {
    case .accurate, .kalman, .complementary: return
    default: break
    }
    if fields.contains([.acceleration, .angularRate]) {
      road =
        switch filter {
        case .complementary: .complementary
        case .kalman: .kalman
        case .accurate: .accurate
        }
    } else if road == nil {
      if !fields.isDisjoint(with: [.orientation, .eulerAngles]) {
        road = .deviceFused
      } else if fields.contains(.acceleration) {
        road = .gravity
      } else if !fields.isDisjoint(with: [.inclinationX, .inclinationY]) {
        road = .inclinometer
      }
    }
  }

  private func attitude(_ estimate: OrientationEstimate, flags: Reading.Flags) -> Attitude {
    Attitude(
      vertical: estimate.earthFromSensor.verticalInSource, tiltSD: estimate.tiltSD, isConverged: estimate.isConverged,
      flags: flags, filtered: estimate.earthFromSensor)
  }

  /// The vertical from the device's own fusion. Roll and pitch give it without any Euler order in play: gravity has no heading.
  private func fusedVertical(_ sample: borrowing SensorSample) -> Vector3? {
    if sample.fields.contains(.orientation) {
      return sample.orientation.isFinite ? sample.orientation.normalized.verticalInSource : nil
    }
    guard sample.fields.contains(.eulerAngles), sample.eulerAngles.isFinite else { return nil }
    return Quaternion(yaw: 0, pitch: sample.eulerAngles.y, roll: sample.eulerAngles.x).verticalInSource
  }
}

extension AttitudeStage.Attitude {
  static var unknown: Self { Self(vertical: nil, tiltSD: .nan, isConverged: false, flags: []) }
}
