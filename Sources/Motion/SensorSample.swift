/// What one sensor reported for one moment, in SI units and in the sensor's own frame S.
///
/// A decoder or an importer fills it; only the quantities named in `fields` hold a value. Angles are in
/// radians, and no field is ever filled in, repeated or corrected by anything but the sensor itself.
@frozen
public struct SensorSample: Sendable, Equatable {
  /// Which quantities of a sample hold a value.
  @frozen
  public struct Fields: OptionSet, Hashable, Sendable {
    public var rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    @inlinable public static var acceleration: Fields { Fields(rawValue: 1 << 0) }
    @inlinable public static var angularRate: Fields { Fields(rawValue: 1 << 1) }
    @inlinable public static var magneticField: Fields { Fields(rawValue: 1 << 2) }
    @inlinable public static var orientation: Fields { Fields(rawValue: 1 << 3) }
    @inlinable public static var eulerAngles: Fields { Fields(rawValue: 1 << 4) }
    @inlinable public static var inclinationX: Fields { Fields(rawValue: 1 << 5) }
    @inlinable public static var inclinationY: Fields { Fields(rawValue: 1 << 6) }
    @inlinable public static var temperature: Fields { Fields(rawValue: 1 << 7) }
    @inlinable public static var counter: Fields { Fields(rawValue: 1 << 8) }
    @inlinable public static var deviceTime: Fields { Fields(rawValue: 1 << 9) }
    @inlinable public static var tiltSD: Fields { Fields(rawValue: 1 << 10) }
  }

  /// What is doubtful about a sample. A flag travels with the data to every reading and trial made from it.
  @frozen
  public struct Flags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// A component lies at the end of the sensor's declared range.
    @inlinable public static var saturated: Flags { Flags(rawValue: 1 << 0) }
    /// All quantities repeat the previous sample to the bit: the sensor, or a bridge, sent old data again.
    @inlinable public static var stale: Flags { Flags(rawValue: 1 << 1) }
    /// A value that no working sensor on a leg gives: all zero, a quaternion that has not unit length.
    @inlinable public static var implausible: Flags { Flags(rawValue: 1 << 2) }
    /// The frame that carried it has no checksum.
    @inlinable public static var unchecked: Flags { Flags(rawValue: 1 << 3) }
    /// Bytes were lost or rejected between the previous sample and this one.
    @inlinable public static var afterLoss: Flags { Flags(rawValue: 1 << 4) }
  }

  /// What the sample holds, and what is doubtful about it.
  public var fields: Fields
  public var flags: Flags
  /// Which of the session's sensors this is.
  public var stream: StreamID
  /// When the last byte of the sample reached the host. Meaningless for samples that came from a file without arrivals.
  public var arrived: HostInstant
  /// The device's own clock or sample counter, as it was sent: `DeviceClock` of the protocol says its width and unit.
  public var deviceTicks: UInt64
  /// Specific force, m/s²: at rest it points up with length `standardGravity`.
  public var acceleration: Vector3
  /// Angular rate, rad/s, right-hand rule.
  public var angularRate: Vector3
  /// Magnetic flux density, µT, or the device's own unit where it has no other.
  public var magneticField: Vector3
  /// Orientation fused on board: takes sensor components to the device's earth frame, z up.
  public var orientation: Quaternion
  /// Euler angles as the device sent them: x roll, y pitch, z yaw, in rad.
  public var eulerAngles: Vector3
  /// Angles of an inclinometer's x and y axes above the horizontal, in rad.
  public var inclinationX: Double
  public var inclinationY: Double
  /// Temperature, °C.
  public var temperature: Double
  /// Standard uncertainty that the device states for the tilt of its own orientation, rad.
  public var tiltSD: Double

  /// A sample without any quantity.
  @inlinable
  public init(stream: StreamID = StreamID(0), arrived: HostInstant = HostInstant(nanoseconds: 0)) {
    self.fields = []
    self.flags = []
    self.stream = stream
    self.arrived = arrived
    self.deviceTicks = 0
    self.acceleration = .zero
    self.angularRate = .zero
    self.magneticField = .zero
    self.orientation = .identity
    self.eulerAngles = .zero
    self.inclinationX = 0
    self.inclinationY = 0
    self.temperature = 0
    self.tiltSD = 0
  }
}

/// One sensor of a session: 0 for the only one, or the first.
@frozen
public struct StreamID: Hashable, Comparable, Sendable {
  public var number: UInt16
  @inlinable public init(_ number: UInt16) { self.number = number }
  @inlinable public static func < (a: StreamID, b: StreamID) -> Bool { a.number < b.number }
}

/// What a protocol's or a file's device ticks mean.
public enum DeviceClock: Hashable, Sendable {
  /// The device sends neither a clock nor a counter.
  case none
  /// A sample counter of so many bits that goes up by one per sample.
  case counter(bits: Int)
  /// A clock of so many bits; `nanosecondsPerTick` is its unit.
  case clock(bits: Int, nanosecondsPerTick: Int64)
}

extension SensorSample {
  /// Whether every quantity repeats the earlier sample's. Only samples with an acceleration or an angular rate can: their noise
  /// exceeds their resolution, while the rounded angles of an inclinometer at rest repeat rightly.
  @inlinable
  public func repeats(_ earlier: SensorSample) -> Bool {
    guard !fields.isDisjoint(with: [.acceleration, .angularRate]) else { return false }
    let told: Fields = [.counter, .deviceTime]
    // A quantity that a sample does not name has the same empty value in both.
    return acceleration == earlier.acceleration && angularRate == earlier.angularRate
      && fields.subtracting(told) == earlier.fields.subtracting(told)
      && eulerAngles == earlier.eulerAngles && orientation == earlier.orientation
      && magneticField == earlier.magneticField && inclinationX == earlier.inclinationX
      && inclinationY == earlier.inclinationY && temperature == earlier.temperature
  }
}
