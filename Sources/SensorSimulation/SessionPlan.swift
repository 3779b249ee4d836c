import AnkleKinematics
import Motion

/// Everything that decides a simulated session. Equal plans give equal sessions, to the bit on one platform.
public struct SessionPlan: Hashable, Sendable {
  public var seed: UInt64 = 1
  public var side: Side = .right
  public var movement = MovementPlan()
  /// Nominal sample rate, Hz.
  public var rate: Double = 100
  public var sensor: SensorModel = .wt901
  /// One certain device; nil lets the seed draw one from the model's spreads.
  public var specimen: SensorSpecimen? = nil
  /// What carries the sensor. Plans that differ in the sensor alone are sensors of one session.
  public var segment: Segment = .shank
  /// The leg's lengths.
  public var limb: Limb
  /// How the sensor is declared to sit on its segment; on the foot `proximal` is up and `anterior` to the toes.
  public var mount: Mount
  /// How it truly sits, besides the mount: a rotation in shank components, so that (0, 0, −δ) as a rotation vector makes a
  /// sensor read δ too much. Truth does not change with it.
  public var misalignment: Quaternion = .identity
  /// The sensor's place, m: on the shank from the ankle axis in shank components, on the foot from the joint of the big
  /// toe in foot components.
  public var sensorPosition: Vector3
  public var arrivals: ArrivalModel = .usb16ms
  /// When the device takes its first sample, s after session time zero.
  public var firstSample: Double = 0
  /// Length of the session, s; nil ends it with the last quiet standing. A longer one stands on, a shorter one is cut off.
  public var duration: Double? = nil
  public var stream = StreamID(0)
  /// The host's clock at session time zero.
  public var hostOrigin = HostInstant(nanoseconds: 1_000_000_000_000)

  /// A session with the defaults that each property shows.
  ///
  /// - Parameter height: body height, m: it decides where on the shank the sensor sits.
  public init(mount: Mount, side: Side = .right, height: Double = 1.70) {
    self.mount = mount
    self.side = side
    limb = Limb(height: height)
    sensorPosition = Self.sensorPosition(height: height, side: side)
  }

  /// Where a sensor on the shin sits: at 0.62 of the shank's length (0.246 of body height, as in `BodyLengths`) above the ankle axis,
  /// 4 cm before the long axis and 1.5 cm to the medial side. The three figures are assumptions.
  public static func sensorPosition(height: Double, side: Side) -> Vector3 {
    Vector3(0.04, 0.62 * 0.246 * height, side == .left ? 0.015 : -0.015)
  }

  /// The same session seen by another sensor on the instep, a device of its own with an own clock: stream 1.
  ///
  /// Where it sits (6 cm behind the joint of the big toe, 5 cm above the sole) and the slope of the instep, by which it is pitched forward
  /// against its mount (20°), are assumptions.
  public func onFoot(sensor: SensorModel, mount: Mount) -> SessionPlan {
    var plan = self
    plan.segment = .foot
    plan.stream = StreamID(1)
    plan.sensor = sensor
    plan.specimen = nil
    plan.mount = mount
    plan.misalignment = Quaternion(rotationVector: Vector3(0, 0, -20 * radiansPerDegree))
    plan.sensorPosition = Vector3(-0.06, 0.05, 0)
    // It was switched on by another hand, and its samples fall between those of the shank's.
    plan.firstSample = 0.3 + 0.37 / rate
    return plan
  }

  /// What carries a sensor.
  public enum Segment: String, Hashable, Sendable, CaseIterable {
    case shank, foot
  }

  /// Takes sensor components to those of the segment (shank or foot) as the sensor truly sits.
  public var shankFromSensor: Quaternion { (misalignment * mount.shankFromSensor).normalized }
}
