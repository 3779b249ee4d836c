import Motion

/// Writes one packet of set 80 a sample: what the sample has of reference time, acceleration, angular rate, magnetic field, quaternion, Euler
/// angles and temperature.
public struct MicroStrainEncoder: SampleEncoder {
  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    let fields = sample.fields
    guard !fields.isDisjoint(with: [.acceleration, .angularRate, .orientation, .eulerAngles]) else { return }
    let start = bytes.count
    bytes.append(0x75)
    bytes.append(0x65)
    bytes.append(0x80)
    bytes.append(0)
    if fields.contains(.deviceTime) {
      field(0xD5, 8, into: &bytes)
      bytes.append(bigEndian: sample.deviceTicks)
    }
    if fields.contains(.acceleration) {
      field(0x04, 12, into: &bytes)
      bytes.append(bigEndian: sample.acceleration / standardGravity)
    }
    if fields.contains(.angularRate) {
      field(0x05, 12, into: &bytes)
      bytes.append(bigEndian: sample.angularRate)
    }
    if fields.contains(.magneticField) {
      field(0x06, 12, into: &bytes)
      bytes.append(bigEndian: sample.magneticField / microteslasPerGauss)
    }
    if fields.contains(.orientation) {
      let q = sample.orientation.northEastDownFromNorthWestUp
      field(0x0A, 16, into: &bytes)
      bytes.append(bigEndianFloat: q.w)
      bytes.append(bigEndian: Vector3(q.x, q.y, q.z))
    }
    if fields.contains(.eulerAngles) {
      field(0x0C, 12, into: &bytes)
      bytes.append(bigEndian: sample.eulerAngles)
    }
    if fields.contains(.temperature) {
      field(0x14, 12, into: &bytes)
      for _ in 0..<3 { bytes.append(bigEndianFloat: sample.temperature) }
    }
    bytes[start + 3] = UInt8(truncatingIfNeeded: bytes.count - start - 4)
    let (first, second) = microStrainChecksum(bytes.span, from: start, to: bytes.count)
    bytes.append(first)
    bytes.append(second)
  }

  private func field(_ type: UInt8, _ count: UInt8, into bytes: inout [UInt8]) {
    bytes.append(count + 2)
    bytes.append(type)
  }
}

/// Commands to a MicroStrain sensor, as bytes to send.
public enum MicroStrainCommand {
  /// Asks whether the device is there.
  public static var ping: [UInt8] { packet(set: 0x01, [[0x02, 0x01]]) }
  /// Stops the stream, so that settings can be made.
  public static var idle: [UInt8] { packet(set: 0x01, [[0x02, 0x02]]) }
  /// Starts the stream.
  public static var resume: [UInt8] { packet(set: 0x01, [[0x02, 0x06]]) }

  /// Chooses the fields of a set's packets, each with the number by which the base rate is divided.
  public static func messageFormat(set: UInt8, _ fields: [(type: UInt8, decimation: UInt16)]) -> [UInt8] {
    var field: [UInt8] = [0, 0x0F, 0x01, set, UInt8(truncatingIfNeeded: fields.count)]
    for one in fields.prefix(80) {
      field.append(one.type)
      field.append(bigEndian: one.decimation)
    }
    field[0] = UInt8(truncatingIfNeeded: field.count)
    return packet(set: 0x0C, [field])
  }

  /// A packet of whole fields, which together have at most 255 bytes.
  public static func packet(set: UInt8, _ fields: [[UInt8]]) -> [UInt8] {
    let payload = fields.flatMap { $0 }.prefix(255)
    var bytes: [UInt8] = [0x75, 0x65, set, UInt8(payload.count)] + payload
    let (first, second) = microStrainChecksum(bytes.span, from: 0, to: bytes.count)
    bytes.append(first)
    bytes.append(second)
    return bytes
  }
}
