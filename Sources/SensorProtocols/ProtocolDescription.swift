import Motion

/// What the program knows about a wire protocol before a byte has arrived.
public struct ProtocolDescription: Sendable {
  /// What its samples can become an angle from.
  public enum Measurement: String, Hashable, Sendable, CaseIterable {
    /// Specific force, and usually an angular rate: the filter makes the angle.
    case imu
    /// Angles against gravity that the device made.
    case inclination
    /// An orientation that the device fused, and nothing that it was made from.
    case orientation
  }

  /// The name for `--protocol`.
  public let name: String
  /// One line for a person.
  public let summary: String
  /// Serial speeds to try, the usual one first; all with 8 data bits, no parity, 1 stop bit.
  public let bauds: [Int]
  /// Without a checksum, damage shows only where it breaks the shape; samples are flagged `.unchecked`.
  public let hasChecksum: Bool
  /// What `deviceTicks` mean in samples that have them.
  public let clock: DeviceClock
  /// Samples a second as the device leaves the factory; nil where nothing general can be said.
  public let nominalRate: Double?
  public let measurement: Measurement
  /// The mount that is taken when the user names none, and that the device page shows.
  public let usualMount: String
  /// Standard uncertainty of a resting angle from the sensor's constant errors, degrees: an assumption for the class of device, not a
  /// figure of its maker.
  public let staticAngleSDDegrees: Double
  /// Ends of the range, m/s² and rad/s, where the protocol fixes them: beyond them a component is flagged saturated.
  public let accelerationRange: Double?
  public let angularRateRange: Double?
  /// The page in the folder Hardware.
  public let hardwarePage: String
  private let decoder: @Sendable (StreamID) -> any FrameDecoder
  private let encoder: (@Sendable () -> any SampleEncoder)?

  public init(
    name: String, summary: String, bauds: [Int], hasChecksum: Bool, clock: DeviceClock, nominalRate: Double?,
    measurement: Measurement, usualMount: String, staticAngleSDDegrees: Double, accelerationRange: Double? = nil,
    angularRateRange: Double? = nil, hardwarePage: String,
    decoder: @escaping @Sendable (StreamID) -> any FrameDecoder, encoder: (@Sendable () -> any SampleEncoder)?
  ) {
    self.name = name
    self.summary = summary
    self.bauds = bauds
    self.hasChecksum = hasChecksum
    self.clock = clock
    self.nominalRate = nominalRate
    self.measurement = measurement
    self.usualMount = usualMount
    self.staticAngleSDDegrees = staticAngleSDDegrees
    self.accelerationRange = accelerationRange
    self.angularRateRange = angularRateRange
    self.hardwarePage = hardwarePage
    self.decoder = decoder
    self.encoder = encoder
  }

  /// The static uncertainty in rad, as the engine takes it.
  public var staticAngleSD: Double { staticAngleSDDegrees * radiansPerDegree }

  /// A fresh decoder. Whoever owns it calls it once a chunk, so that it is no existential per sample.
  public func makeDecoder(stream: StreamID = StreamID(0)) -> any FrameDecoder { decoder(stream) }

  /// A fresh encoder; nil for a protocol that is only read.
  public func makeEncoder() -> (any SampleEncoder)? { encoder?() }
}
