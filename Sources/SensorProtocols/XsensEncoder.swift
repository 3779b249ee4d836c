import Motion

/// Writes one MTData2 message a sample, single precision: the packet counter, and what the sample has of SampleTimeFine, temperature,
/// quaternion, Euler angles, acceleration, angular rate and magnetic field. Orientations are against the frame with z up.
public struct XsensEncoder: SampleEncoder {
  private var counter: UInt16 = 0

  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    let fields = sample.fields
    guard !fields.isDisjoint(with: [.acceleration, .angularRate, .orientation, .eulerAngles]) else { return }
    let start = bytes.count
    bytes.append(0xFA)
    bytes.append(0xFF)
    bytes.append(xsensMTData2)
    bytes.append(0)
    item(0x1020, 2, into: &bytes)
    bytes.append(bigEndian: counter)
    counter &+= 1
    if fields.contains(.deviceTime) {
      item(0x1060, 4, into: &bytes)
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: sample.deviceTicks))
    }
    if fields.contains(.temperature) {
      item(0x0810, 4, into: &bytes)
      bytes.append(bigEndianFloat: sample.temperature)
    }
    if fields.contains(.orientation) {
      item(0x2010, 16, into: &bytes)
      bytes.append(bigEndianFloat: sample.orientation.w)
      bytes.append(bigEndianFloat: sample.orientation.x)
      bytes.append(bigEndianFloat: sample.orientation.y)
      bytes.append(bigEndianFloat: sample.orientation.z)
    }
    if fields.contains(.eulerAngles) { vector(0x2030, sample.eulerAngles * degreesPerRadian, into: &bytes) }
    if fields.contains(.acceleration) { vector(0x4020, sample.acceleration, into: &bytes) }
    if fields.contains(.angularRate) { vector(0x8020, sample.angularRate, into: &bytes) }
    if fields.contains(.magneticField) { vector(0xC020, sample.magneticField, into: &bytes) }
    if sample.flags.contains(.saturated) {
      item(0xE020, 4, into: &bytes)
      // The sample does not say which axis: the first of the accelerometer stands for all.
      bytes.append(bigEndian: UInt32(0x0100))
    }
    bytes[start + 3] = UInt8(truncatingIfNeeded: bytes.count - start - 4)
    var sum: UInt8 = 0
    for index in (start + 1)..<bytes.count { sum &+= bytes[index] }
    bytes.append(0 &- sum)
  }

  private func item(_ identifier: UInt16, _ length: UInt8, into bytes: inout [UInt8]) {
    bytes.append(bigEndian: identifier)
    bytes.append(length)
  }

  private func vector(_ identifier: UInt16, _ value: Vector3, into bytes: inout [UInt8]) {
    item(identifier, 12, into: &bytes)
    bytes.append(bigEndian: value)
  }
}

/// Commands to an Xsens MTi, as bytes to send.
public enum XsensCommand {
  /// Stops the stream, so that settings can be made.
  public static var gotoConfiguration: [UInt8] { message(0x30, []) }
  /// Starts the stream.
  public static var gotoMeasurement: [UInt8] { message(0x10, []) }
  /// Asks for the device's identifier.
  public static var requestDeviceID: [UInt8] { message(0x00, []) }

  /// Chooses the items of MTData2, each with its rate; FFFF asks for the highest.
  public static func outputConfiguration(_ items: [(identifier: UInt16, hertz: UInt16)]) -> [UInt8] {
    var data: [UInt8] = []
    for item in items {
      data.append(bigEndian: item.identifier)
      data.append(bigEndian: item.hertz)
    }
    return message(0xC0, data)
  }

  /// A message to a sensor on its own. Data of more than 2048 bytes is cut off.
  public static func message(_ identifier: UInt8, _ data: [UInt8]) -> [UInt8] {
    let data = data.prefix(xsensLongestData)
    var bytes: [UInt8] = [0xFA, 0xFF, identifier]
    if data.count < 0xFF {
      bytes.append(UInt8(data.count))
    } else {
      bytes.append(0xFF)
      bytes.append(bigEndian: UInt16(data.count))
    }
    bytes += data
    bytes.append(0 &- bytes.dropFirst().reduce(0, &+))
    return bytes
  }
}
