/// The commands of WitMotion's standard protocol, as bytes to send: `FF AA REGISTER LOW HIGH`.
///
/// A setting is taken only within about ten seconds after `unlock`, and kept over a restart only after `save`.
public enum WitMotionCommand {
  public static var unlock: [UInt8] { write(register: 0x69, value: 0xB588) }
  public static var save: [UInt8] { write(register: 0x00, value: 0x0000) }
  public static var reboot: [UInt8] { write(register: 0x00, value: 0x00FF) }
  public static var factoryReset: [UInt8] { write(register: 0x00, value: 0x0001) }
  /// Calibrates accelerometer and gyroscope; the device must lie still and level.
  public static var calibrateAtRest: [UInt8] { write(register: 0x01, value: 1) }
  /// Sets the heading to zero; means something with the six-axis algorithm only.
  public static var zeroHeading: [UInt8] { write(register: 0x01, value: 4) }
  /// Makes the present roll and pitch zero: from then on angles are no longer against gravity.
  public static var zeroAngles: [UInt8] { write(register: 0x01, value: 8) }

  /// The algorithm without (`true`) or with the magnetometer.
  public static func sixAxis(_ on: Bool) -> [UInt8] { write(register: 0x24, value: on ? 1 : 0) }

  /// Which frames a cycle has.
  public struct Content: OptionSet, Hashable, Sendable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static var time: Content { Content(rawValue: 0x001) }
    public static var acceleration: Content { Content(rawValue: 0x002) }
    public static var angularRate: Content { Content(rawValue: 0x004) }
    public static var angle: Content { Content(rawValue: 0x008) }
    public static var magneticField: Content { Content(rawValue: 0x010) }
    public static var ports: Content { Content(rawValue: 0x020) }
    public static var pressure: Content { Content(rawValue: 0x040) }
    public static var position: Content { Content(rawValue: 0x080) }
    public static var velocity: Content { Content(rawValue: 0x100) }
    public static var quaternion: Content { Content(rawValue: 0x200) }
    public static var satellites: Content { Content(rawValue: 0x400) }
  }

  /// Chooses which frames the device sends.
  public static func content(_ content: Content) -> [UInt8] { write(register: 0x02, value: content.rawValue) }

  /// Cycles a second that the devices know, Hz, with the code for each. 200 Hz and four frames a cycle need 8800 bytes/s.
  public static let rates: [(hertz: Double, code: UInt16)] = [
    (0.2, 0x1), (0.5, 0x2), (1, 0x3), (2, 0x4), (5, 0x5), (10, 0x6), (20, 0x7), (50, 0x8), (100, 0x9), (200, 0xB),
  ]

  /// - Returns: nil for a rate that the device does not have.
  public static func rate(hertz: Double) -> [UInt8]? {
    rates.first { $0.hertz == hertz }.map { write(register: 0x03, value: $0.code) }
  }

  /// The serial speeds with the code for each.
  public static let bauds: [(baud: Int, code: UInt16)] = [
    (4800, 1), (9600, 2), (19200, 3), (38400, 4), (57600, 5), (115_200, 6), (230_400, 7), (460_800, 8), (921_600, 9),
  ]

  /// - Returns: nil for a speed that the device does not have.
  public static func baud(_ baud: Int) -> [UInt8]? {
    bauds.first { $0.baud == baud }.map { write(register: 0x04, value: $0.code) }
  }

  /// Asks for a register and the three after it; the device answers with a `55 5F` frame.
  public static func read(register: UInt8) -> [UInt8] { write(register: 0x27, value: UInt16(register)) }

  /// Sets a register.
  public static func write(register: UInt8, value: UInt16) -> [UInt8] {
    [0xFF, 0xAA, register, UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }
}
