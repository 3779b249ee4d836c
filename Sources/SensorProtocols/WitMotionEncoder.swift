import Motion

/// Writes the frames of one WitMotion cycle: one for each quantity that the sample has, in ascending order of type.
public struct WitMotionEncoder: SampleEncoder {
  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    let fields = sample.fields
    if fields.contains(.deviceTime) {
      let time = witMotionTimeFields(milliseconds: sample.deviceTicks)
      append(
        0x50, time.0, time.1, time.2, time.3, time.4, time.5, time.6, time.7, into: &bytes)
    }
    let temperature = fields.contains(.temperature) ? word(sample.temperature, 0.01) : 0
    if fields.contains(.acceleration) {
      append(0x51, sample.acceleration, witMotionAccelerationUnit, temperature, into: &bytes)
    }
    if fields.contains(.angularRate) {
      append(0x52, sample.angularRate, witMotionAngularRateUnit, temperature, into: &bytes)
    }
    if fields.contains(.eulerAngles) { append(0x53, sample.eulerAngles, witMotionAngleUnit, 0, into: &bytes) }
    if fields.contains(.magneticField) { append(0x54, sample.magneticField, 1, temperature, into: &bytes) }
    if fields.contains(.orientation) {
      let q = sample.orientation
      append(
        0x59, words: word(q.w, 0x1p-15), word(q.x, 0x1p-15), word(q.y, 0x1p-15), word(q.z, 0x1p-15), into: &bytes)
    }
  }

  private func word(_ value: Double, _ unit: Double) -> Int16 {
    Int16(rounded(value / unit, within: -32768...32767))
  }

  private func append(_ type: UInt8, _ v: Vector3, _ unit: Double, _ fourth: Int16, into bytes: inout [UInt8]) {
    append(type, words: word(v.x, unit), word(v.y, unit), word(v.z, unit), fourth, into: &bytes)
  }

  private func append(
    _ type: UInt8, words a: Int16, _ b: Int16, _ c: Int16, _ d: Int16, into bytes: inout [UInt8]
  ) {
    append(type, low(a), high(a), low(b), high(b), low(c), high(c), low(d), high(d), into: &bytes)
  }

  private func append(
    _ type: UInt8, _ b0: UInt8, _ b1: UInt8, _ b2: UInt8, _ b3: UInt8, _ b4: UInt8, _ b5: UInt8, _ b6: UInt8,
    _ b7: UInt8, into bytes: inout [UInt8]
  ) {
    let start = bytes.count
    bytes.append(0x55)
    bytes.append(type)
    bytes.append(b0)
    bytes.append(b1)
    bytes.append(b2)
    bytes.append(b3)
    bytes.append(b4)
    bytes.append(b5)
    bytes.append(b6)
    bytes.append(b7)
    var sum: UInt8 = 0
    for index in start..<bytes.count { sum &+= bytes[index] }
    bytes.append(sum)
  }

  private func low(_ word: Int16) -> UInt8 { UInt8(truncatingIfNeeded: word) }
  private func high(_ word: Int16) -> UInt8 { UInt8(truncatingIfNeeded: word >> 8) }
}
