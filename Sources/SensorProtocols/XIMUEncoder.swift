import Motion

/// Writes packets of calibrated acceleration, angular rate and magnetic field (header 09). A sample without acceleration or angular rate gives
/// nothing; a missing field counts as zero.
public struct XIMUEncoder: SampleEncoder {
  private var packet: [UInt8] = []

  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.isSuperset(of: [.acceleration, .angularRate]) else { return }
    packet.removeAll(keepingCapacity: true)
    packet.append(0x09)
    append(sample.angularRate, ximuAngularRateUnit)
    append(sample.acceleration, ximuAccelerationUnit)
    append(sample.fields.contains(.magneticField) ? sample.magneticField : .zero, ximuMagneticUnit)
    packet.append(packet.reduce(0, &+))
    // Seven bits a byte, the first bit first; what is left of the last byte is zero.
    let count = (8 * packet.count + 6) / 7
    for index in 0..<count {
      var seven: UInt8 = 0
      for bit in (7 * index)..<(7 * index + 7) {
        let isSet = bit / 8 < packet.count && packet[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0
        seven = seven << 1 | (isSet ? 1 : 0)
      }
      bytes.append(index == count - 1 ? seven | 0x80 : seven)
    }
  }

  private mutating func append(_ v: Vector3, _ unit: Double) {
    for value in [v.x, v.y, v.z] { packet.append(bigEndian: Int16(rounded(value / unit, within: -32768...32767))) }
  }
}
