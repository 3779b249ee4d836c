import Motion

/// Writes one binary message a sample with fields of the common group: what the sample has of time since start-up, angles, quaternion,
/// angular rate, acceleration, and magnetic field with temperature.
public struct VectorNavEncoder: SampleEncoder {
  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    let fields = sample.fields
    guard !fields.isDisjoint(with: [.acceleration, .angularRate, .orientation, .eulerAngles]) else { return }
    var mask: UInt16 = 0
    if fields.contains(.deviceTime) { mask |= 1 << 0 }
    if fields.contains(.eulerAngles) { mask |= 1 << 3 }
    if fields.contains(.orientation) { mask |= 1 << 4 }
    if fields.contains(.angularRate) { mask |= 1 << 5 }
    if fields.contains(.acceleration) { mask |= 1 << 8 }
    if fields.contains([.magneticField, .temperature]) { mask |= 1 << 10 }
    let start = bytes.count
    bytes.append(0xFA)
    bytes.append(0x01)
    bytes.append(littleEndian: mask)
    if fields.contains(.deviceTime) { bytes.append(littleEndian: sample.deviceTicks) }
    if fields.contains(.eulerAngles) {
      let angles = sample.eulerAngles * degreesPerRadian
      bytes.append(littleEndian: Vector3(angles.z, angles.y, angles.x))
    }
    if fields.contains(.orientation) {
      let q = sample.orientation.northEastDownFromNorthWestUp
      bytes.append(littleEndian: Vector3(q.x, q.y, q.z))
      bytes.append(littleEndianFloat: q.w)
    }
    if fields.contains(.angularRate) { bytes.append(littleEndian: sample.angularRate) }
    if fields.contains(.acceleration) { bytes.append(littleEndian: sample.acceleration) }
    if fields.contains([.magneticField, .temperature]) {
      bytes.append(littleEndian: sample.magneticField / microteslasPerGauss)
      bytes.append(littleEndianFloat: sample.temperature)
      // Pressure, which a sample has not.
      bytes.append(littleEndianFloat: 0)
    }
    var crc: UInt16 = 0
    for index in (start + 1)..<bytes.count { crc = vectorNavCRC(crc, bytes[index]) }
    bytes.append(bigEndian: crc)
  }
}

/// Commands to a VectorNav sensor, as bytes to send.
public enum VectorNavCommand {
  /// Sets a register, for example 6 (kind of text line) or 7 (lines a second) or 75 (binary output).
  public static func write(register: Int, _ values: String) -> [UInt8] {
    command("VNWRG,\(register < 10 ? "0" : "")\(register),\(values)")
  }

  /// Asks for a register.
  public static func read(register: Int) -> [UInt8] { command("VNRRG,\(register < 10 ? "0" : "")\(register)") }

  /// Stops or starts what the sensor sends on its own.
  public static func streaming(_ on: Bool) -> [UInt8] { command("VNASY,\(on ? 1 : 0)") }

  /// Keeps the settings over a restart.
  public static var save: [UInt8] { command("VNWNV") }
  public static var restart: [UInt8] { command("VNRST") }
  /// Makes the present orientation zero: from then on angles are no longer against gravity.
  public static var zeroOrientation: [UInt8] { command("VNTAR") }

  private static func command(_ text: String) -> [UInt8] {
    let xor = text.utf8.reduce(0 as UInt8, ^)
    let digits = Array("0123456789ABCDEF".utf8)
    return [UInt8(ascii: "$")] + Array(text.utf8)
      + [UInt8(ascii: "*"), digits[Int(xor >> 4)], digits[Int(xor & 15)], 0x0D, 0x0A]
  }
}
