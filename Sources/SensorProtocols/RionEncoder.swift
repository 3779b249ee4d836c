import Motion
import RealModule

/// Writes RION's frame of three fields (length 0D, address 00) with a third of zero: angles S XXX.YY, or the accelerations of a TL740. A sample
/// without an x inclination gives nothing; a missing y counts as level.
public struct RionEncoder: SampleEncoder {
  private let content: RionFormat.Content

  public init() { content = .angles }

  init(_ content: RionFormat.Content) { self.content = content }

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.contains(.inclinationX) else { return }
    let start = bytes.count
    bytes.append(0x68)
    bytes.append(0x0D)
    bytes.append(0x00)
    bytes.append(0x84)
    append(angle: sample.inclinationX, into: &bytes)
    append(angle: sample.fields.contains(.inclinationY) ? sample.inclinationY : 0, into: &bytes)
    append(angle: 0, into: &bytes)
    var sum: UInt8 = 0
    for index in (start + 1)..<bytes.count { sum &+= bytes[index] }
    bytes.append(sum)
  }

  private func append(angle: Double, into bytes: inout [UInt8]) {
    let value = content == .angles ? angle * degreesPerRadian * 100 : Double.sin(angle) * 1000
    let digits = rounded(value, within: -99_999...99_999)
    let magnitude = abs(digits)
    bytes.append(UInt8(magnitude / 10_000) | (digits < 0 ? 0x10 : 0))
    bytes.append(packed(magnitude / 100 % 100))
    bytes.append(packed(magnitude % 100))
  }

  private func packed(_ twoDigits: Int) -> UInt8 { UInt8(twoDigits / 10 * 16 + twoDigits % 10) }
}

/// The commands of RION and BWSENSING inclinometers with an address of one byte, as bytes to send.
public enum RionCommand {
  /// Whose header and codes to use.
  public enum Maker: UInt8, Hashable, Sendable, CaseIterable {
    case rion = 0x68
    case bwsensing = 0x77
  }

  /// Asks for all angles once, for devices that answer only when asked.
  public static func readAll(_ maker: Maker) -> [UInt8] { command(maker, 0x04, []) }
  /// The same for the models of BWSENSING whose address has two bytes (BWM826, 0000) or four (WM410, WK100, 00000001).
  public static let readAllOfLongAddress: [[UInt8]] = [
    [0x77, 0x05, 0x00, 0x00, 0x04, 0x09], [0x77, 0x07, 0x00, 0x00, 0x00, 0x01, 0x04, 0x0C],
  ]

  /// Makes the device send on its own.
  ///
  /// - Parameter hertz: RION has 5, 15, 25, 35, 50 and 100 Hz, BWSENSING 5, 10, 20, 25, 50 and 100; 0 is answering only when asked.
  /// - Returns: nil for a rate that the maker does not have.
  public static func output(_ maker: Maker, hertz: Int) -> [UInt8]? {
    let rates = maker == .rion ? [0, 5, 15, 25, 35, 50, 100] : [0, 5, 10, 20, 25, 50, 100]
    return rates.firstIndex(of: hertz).map { command(maker, 0x0C, [UInt8($0)]) }
  }

  /// Against gravity (`false`), or with the present position as zero (`true`).
  public static func relativeZero(_ maker: Maker, _ on: Bool) -> [UInt8] { command(maker, 0x05, [on ? 1 : 0]) }

  /// Asks which zero is in force.
  public static func queryZero(_ maker: Maker) -> [UInt8] { command(maker, 0x0D, []) }

  /// Sets the serial speed; the reply still comes at the old one.
  ///
  /// - Returns: nil for a speed that the maker does not have.
  public static func baud(_ maker: Maker, _ baud: Int) -> [UInt8]? {
    let codes: [Int: UInt8] =
      maker == .rion
      ? [9600: 2, 19200: 3, 38400: 4, 115_200: 5] : [2400: 0, 4800: 1, 9600: 2, 19200: 3, 115_200: 4]
    return codes[baud].map { command(maker, 0x0B, [$0]) }
  }

  /// Keeps the settings over a power cycle.
  public static func save(_ maker: Maker) -> [UInt8] { command(maker, 0x0A, []) }

  /// A command to address 0.
  public static func command(_ maker: Maker, _ code: UInt8, _ data: [UInt8]) -> [UInt8] {
    let body = [UInt8(truncatingIfNeeded: data.count + 4), 0x00, code] + data
    return [maker.rawValue] + body + [body.reduce(0, &+)]
  }
}
