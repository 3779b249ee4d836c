import Motion

/// Requests of a Modbus master, as bytes to send.
public enum ModbusRequest {
  /// Asks for `count` registers from `register` on.
  public static func read(address: UInt8, register: UInt16, count: UInt16) -> [UInt8] {
    finished([address, 3, high(register), low(register), high(count), low(count)])
  }

  /// Sets one register.
  public static func write(address: UInt8, register: UInt16, value: UInt16) -> [UInt8] {
    finished([address, 6, high(register), low(register), high(value), low(value)])
  }

  fileprivate static func finished(_ bytes: [UInt8]) -> [UInt8] {
    let crc = modbusChecksum(bytes.span, count: bytes.count)
    return bytes + [low(crc), high(crc)]
  }

  private static func low(_ word: UInt16) -> UInt8 { UInt8(truncatingIfNeeded: word) }
  private static func high(_ word: UInt16) -> UInt8 { UInt8(truncatingIfNeeded: word >> 8) }
}

/// Writes what a wire carries while a Modbus device is asked: the request and its answer, for each sample.
public struct ModbusEncoder: SampleEncoder {
  private let device: ModbusDevice
  private let address: UInt8

  init(_ device: ModbusDevice, address: UInt8) {
    self.device = device
    self.address = address
  }

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.isSuperset(of: device == .stabila ? .inclinationX : [.acceleration, .angularRate]) else {
      return
    }
    let poll = device.poll
    bytes += ModbusRequest.read(address: address, register: poll.register, count: poll.count)
    var reply: [UInt8] = [address, 3, UInt8(2 * poll.count)]
    if device == .stabila {
      append(sample.inclinationX * degreesPerRadian * 100, &reply)
    } else {
      append(sample.acceleration, witMotionAccelerationUnit, &reply)
      append(sample.angularRate, witMotionAngularRateUnit, &reply)
    }
    bytes += ModbusRequest.finished(reply)
  }

  private func append(_ v: Vector3, _ unit: Double, _ bytes: inout [UInt8]) {
    append(v.x / unit, &bytes)
    append(v.y / unit, &bytes)
    append(v.z / unit, &bytes)
  }

  private func append(_ value: Double, _ bytes: inout [UInt8]) {
    bytes.append(bigEndian: Int16(rounded(value, within: -32768...32767)))
  }
}

extension ModbusDevice {
  /// The registers that are asked for live: at 9600 Bd the wire decides the rate, so no more than an angle needs. STABILA's angle, or
  /// acceleration and angular rate.
  var poll: (register: UInt16, count: UInt16) { self == .stabila ? (4051, 1) : (0x34, 6) }
}
