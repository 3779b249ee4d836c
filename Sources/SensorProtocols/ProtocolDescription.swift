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
  /// Serial speeds to try, the usual one first.
  public let bauds: [Int]
  /// Parity and stop bits.
  public let characters: CharacterFormat
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
  /// Why the magnetic field is not in µT, in words; nil where it is, or where there is none.
  public let fieldUnit: String?
  /// What has to be sent for samples to come; nil for devices that send on their own.
  public let dialogue: DeviceDialogue?
  /// The page in the folder Hardware.
  public let hardwarePage: String
  private let decoder: @Sendable (StreamID) -> any FrameDecoder
  private let encoder: (@Sendable () -> any SampleEncoder)?

  public init(
    name: String, summary: String, bauds: [Int], characters: CharacterFormat = CharacterFormat(), hasChecksum: Bool,
    clock: DeviceClock, nominalRate: Double?,
    measurement: Measurement, usualMount: String, staticAngleSDDegrees: Double, accelerationRange: Double? = nil,
    angularRateRange: Double? = nil, fieldUnit: String? = nil, dialogue: DeviceDialogue? = nil, hardwarePage: String,
    decoder: @escaping @Sendable (StreamID) -> any FrameDecoder, encoder: (@Sendable () -> any SampleEncoder)?
  ) {
    self.name = name
    self.summary = summary
    self.bauds = bauds
    self.characters = characters
    self.hasChecksum = hasChecksum
    self.clock = clock
    self.nominalRate = nominalRate
    self.measurement = measurement
    self.usualMount = usualMount
    self.staticAngleSDDegrees = staticAngleSDDegrees
    self.accelerationRange = accelerationRange
    self.angularRateRange = angularRateRange
    self.fieldUnit = fieldUnit
    self.dialogue = dialogue
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

/// What a serial line adds to the eight bits of a byte.
public struct CharacterFormat: Hashable, Sendable, CustomStringConvertible {
  /// A bit that makes the number of ones in a byte even, or odd.
  public enum Parity: String, Hashable, Sendable, CaseIterable {
    case none = "N"
    case even = "E"
    case odd = "O"
  }

  /// The bit behind the eight of a byte, or none.
  public var parity: Parity
  /// One or two.
  public var stopBits: Int

  public init(parity: Parity = .none, stopBits: Int = 1) {
    self.parity = parity
    self.stopBits = stopBits
  }

  /// The format that a text such as `8N1` or `8E1` names; nil for other texts. Every sensor in scope has eight data bits.
  public init?(_ text: String) {
    let parts = text.uppercased().map(String.init)
    guard parts.count == 3, parts[0] == "8", let parity = Parity(rawValue: parts[1]), let bits = Int(parts[2]),
      bits == 1 || bits == 2
    else { return nil }
    self.init(parity: parity, stopBits: bits)
  }

  public var description: String { "8\(parity.rawValue)\(stopBits)" }
}
