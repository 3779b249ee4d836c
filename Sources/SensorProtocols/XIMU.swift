import Motion

/// The first x-IMU of x-io: packets whose bytes carry seven bits each; the byte with its top bit set ends one. Unpacked, a packet is a
/// header, data (words high byte first) and the sum of both.
///
/// Header 09 gives calibrated angular rate (1/16 °/s), acceleration (1/2048 g) and magnetic field (1/2048 G); header 0A the quaternion
/// (1/32768), and 07 battery and thermometer (1/256 °C), whose temperature goes out with the next sample. Raw words (08) have no unit without
/// the device's registers and are not read, nor are other sound packets.
struct XIMUFormat: FrameFormat {
  let longestFrame = 32
  let hasChecksum = true

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    let limit = min(head.count, longestFrame)
    var last = 0
    while last < limit, head[last] < 0x80 { last &+= 1 }
    guard last < limit else { return limit == longestFrame ? .noFrame : .incomplete }
    let length = last &+ 1
    let decoded = (8 &* length &- 1) / 9
    // The rule gives one byte more than the sevens hold for some lengths that no packet has.
    guard decoded >= 2, 8 &* decoded <= 7 &* length, decoded == expectedLength(unpacked(head, 0)) ?? decoded else {
      return .noFrame
    }
    var sum: UInt8 = 0
    for index in 0..<(decoded &- 1) { sum &+= unpacked(head, index) }
    guard sum == unpacked(head, decoded &- 1) else { return .badCheck }
    return .frame(length: length)
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    let header = unpacked(frame, 0)
    let name: String? =
      switch header {
      case 0x00: "error"
      case 0x01: "command"
      case 0x03: "register"
      case 0x05: "date and time"
      case 0x06: "raw battery and thermometer"
      case 0x07: "battery and thermometer"
      case 0x08: "raw inertial and magnetic"
      case 0x09: "inertial and magnetic"
      case 0x0A: "quaternion"
      default: nil
      }
    tally.count(
      UInt32(header), "\(hexadecimal(UInt32(header), bytes: 1)) \(name ?? "unknown")", isKnown: name != nil)
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    switch unpacked(frame, 0) {
    case 0x07:
      draft.sample.temperature = word(frame, at: 3) / 256
      draft.sample.fields.insert(.temperature)
    case 0x09:
      draft.add(arrived: arrived)
      draft.sample.angularRate = vector(frame, at: 1) * ximuAngularRateUnit
      draft.sample.acceleration = vector(frame, at: 7) * ximuAccelerationUnit
      draft.sample.magneticField = vector(frame, at: 13) * ximuMagneticUnit
      draft.sample.fields.formUnion([.acceleration, .angularRate, .magneticField])
      if isAtEnd(frame, from: 1, words: 6) { draft.sample.flags.insert(.saturated) }
      draft.emit(into: &samples)
    case 0x0A:
      draft.add(arrived: arrived)
      draft.sample.orientation = ximuOrientation(
        Quaternion(
          w: word(frame, at: 1) / 32768, x: word(frame, at: 3) / 32768, y: word(frame, at: 5) / 32768,
          z: word(frame, at: 7) / 32768))
      draft.sample.fields.insert(.orientation)
      draft.emit(into: &samples)
    default: break
    }
  }

  /// Bytes of an unpacked packet with that header, where they are known. Nil: any length.
  private func expectedLength(_ header: UInt8) -> Int? {
    switch header {
    case 0x05: 8
    case 0x06, 0x07: 6
    case 0x08, 0x09: 20
    case 0x0A: 10
    case 0x00...0x04, 0x0B...0x10: nil
    default: 0
    }
  }

  /// Byte `index` of the unpacked packet: bits 8n to 8n + 7 of the sevens in a row.
  @inline(__always)
  private func unpacked(_ frame: Span<UInt8>, _ index: Int) -> UInt8 {
    let bit = 8 &* index
    let offset = bit % 7
    let pair = UInt16(frame[bit / 7] & 0x7F) << 7 | UInt16(bit / 7 &+ 1 < frame.count ? frame[bit / 7 &+ 1] & 0x7F : 0)
    // With an offset of 6 seven bits of the next byte are needed; with 0 only one of them.
    return UInt8(truncatingIfNeeded: pair >> UInt16(6 &- offset))
  }

  private func word(_ frame: Span<UInt8>, at index: Int) -> Double {
    Double(Int16(truncatingIfNeeded: Int(unpacked(frame, index)) << 8 | Int(unpacked(frame, index &+ 1))))
  }

  private func vector(_ frame: Span<UInt8>, at index: Int) -> Vector3 {
    Vector3(word(frame, at: index), word(frame, at: index &+ 2), word(frame, at: index &+ 4))
  }

  private func isAtEnd(_ frame: Span<UInt8>, from start: Int, words: Int) -> Bool {
    for index in 0..<words {
      let value = word(frame, at: start &+ 2 &* index)
      if value == 32767 || value == -32768 { return true }
    }
    return false
  }
}

let ximuAngularRateUnit = radiansPerDegree / 16
let ximuAccelerationUnit = standardGravity / 2048
/// 1/2048 G, µT.
let ximuMagneticUnit = 100.0 / 2048

/// The device's quaternion is understood as taking the earth to the sensor, the opposite of what its maker's published filters hold;
/// this is the way back. No capture with both a quaternion and an acceleration was at hand to confirm it.
private func ximuOrientation(_ sent: Quaternion) -> Quaternion { sent.conjugate }
