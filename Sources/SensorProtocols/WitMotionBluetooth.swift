import Motion

/// WitMotion's Bluetooth form: frames of 20 bytes, `55 61` with acceleration, angular rate and angles as nine 16-bit words, low byte
/// first, in the scales of the standard protocol, and `55 71` with eight registers that were asked for.
///
/// There is no checksum. A frame is taken by its shape, its pitch within ±90°, and, where its data look like a head, by the head of
/// the frame behind it. What a register reply says (magnetic field, temperature, quaternion) goes out with the next `55 61`, which brings its own
/// acceleration, angular rate and angles.
struct WitMotionBluetoothFormat: FrameFormat {
  let longestFrame = 22
  let hasChecksum = false

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0x55 else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    guard isHead(head, at: 0) else { return .noFrame }
    guard head.count >= witMotionBluetoothLength else { return .incomplete }
    if head[1] == 0x61 {
      let pitch = Int(littleEndianInt16(head, at: 16))
      guard abs(pitch) <= 16384 else { return .noFrame }
    }
    // A head inside the data is either data, or the next frame after bytes were lost: only what follows tells.
    var holdsHead = false
    for index in 2..<19 where isHead(head, at: index) { holdsHead = true }
    guard holdsHead else { return .frame(length: witMotionBluetoothLength) }
    guard head.count >= longestFrame else { return .incomplete }
    return isHead(head, at: witMotionBluetoothLength) ? .frame(length: witMotionBluetoothLength) : .noFrame
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    if frame[1] == 0x61 {
      tally.count(0x61, "55 61 acceleration, angular rate, angles")
    } else {
      let start = UInt32(frame[2]) | UInt32(frame[3]) << 8
      tally.count(0x71_0000 | start, "55 71 registers from \(hexadecimal(start, bytes: 1))")
    }
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard frame[1] == 0x61 else {
      let first = Int(frame.littleEndian(UInt16.self, at: 2))
      WitMotionRegisters.read(
        frame, RegisterWords(first: first, count: 8, start: 4, isHighFirst: false), into: &draft.sample)
      return
    }
    draft.add(arrived: arrived)
    draft.sample.acceleration = vector(frame, at: 2) * witMotionAccelerationUnit
    draft.sample.angularRate = vector(frame, at: 8) * witMotionAngularRateUnit
    draft.sample.eulerAngles = vector(frame, at: 14) * witMotionAngleUnit
    draft.sample.fields.formUnion([.acceleration, .angularRate, .eulerAngles])
    var word = 2
    while word < 14 {
      let value = littleEndianInt16(frame, at: word)
      if value == .max || value == .min { draft.sample.flags.insert(.saturated) }
      word &+= 2
    }
    draft.emit(into: &samples)
  }

  @inline(__always)
  private func isHead(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    bytes[index] == 0x55 && (bytes[index &+ 1] == 0x61 || bytes[index &+ 1] == 0x71)
  }

  @inline(__always)
  private func vector(_ frame: Span<UInt8>, at index: Int) -> Vector3 {
    Vector3(
      Double(littleEndianInt16(frame, at: index)), Double(littleEndianInt16(frame, at: index &+ 2)),
      Double(littleEndianInt16(frame, at: index &+ 4)))
  }
}

let witMotionBluetoothLength = 20

/// Writes `55 61` frames. A sample without acceleration or angular rate gives nothing; missing Euler angles count as zero.
public struct WitMotionBluetoothEncoder: SampleEncoder {
  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.isSuperset(of: [.acceleration, .angularRate]) else { return }
    bytes.append(0x55)
    bytes.append(0x61)
    append(sample.acceleration, witMotionAccelerationUnit, &bytes)
    append(sample.angularRate, witMotionAngularRateUnit, &bytes)
    append(sample.fields.contains(.eulerAngles) ? sample.eulerAngles : .zero, witMotionAngleUnit, &bytes)
  }

  private func append(_ v: Vector3, _ unit: Double, _ bytes: inout [UInt8]) {
    append(v.x / unit, &bytes)
    append(v.y / unit, &bytes)
    append(v.z / unit, &bytes)
  }

  private func append(_ value: Double, _ bytes: inout [UInt8]) {
    let word = rounded(value, within: -32768...32767)
    bytes.append(UInt8(truncatingIfNeeded: word))
    bytes.append(UInt8(truncatingIfNeeded: word >> 8))
  }
}
