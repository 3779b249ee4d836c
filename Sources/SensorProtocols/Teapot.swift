import Motion

/// The packet of the i2cdevlib "teapot" demonstration for the MPU-6050: `24 02`, the quaternion of the sensor's own motion processor as
/// four 16-bit words, high byte first (1/16384), `00`, a counter, CR LF.
///
/// There is no checksum; a quaternion that has not about unit length is refused, as from a misaligned buffer. The quaternion
/// takes the sensor to an earth frame with z up: the library's own gravity vector is the third row of its matrix.
struct TeapotFormat: FrameFormat {
  let longestFrame = 14
  let hasChecksum = false

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0x24 else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    guard head[1] == 0x02 else { return .noFrame }
    guard head.count >= 14 else { return .incomplete }
    guard head[10] == 0, head[12] == 0x0D, head[13] == 0x0A else { return .noFrame }
    let norm = quaternion(head).lengthSquared
    return norm > 0.9 && norm < 1.1 ? .frame(length: 14) : .badCheck
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    draft.add(arrived: arrived)
    draft.sample.orientation = quaternion(frame)
    draft.sample.deviceTicks = UInt64(frame[11])
    draft.sample.fields = [.orientation, .counter]
    draft.emit(into: &samples)
  }

  private func quaternion(_ frame: Span<UInt8>) -> Quaternion {
    Quaternion(w: word(frame, at: 2), x: word(frame, at: 4), y: word(frame, at: 6), z: word(frame, at: 8))
  }

  private func word(_ frame: Span<UInt8>, at index: Int) -> Double {
    Double(Int16(truncatingIfNeeded: Int(frame[index]) << 8 | Int(frame[index + 1]))) / 16384
  }
}

/// Writes teapot packets. A sample without orientation gives nothing; one without a counter continues the last one.
public struct TeapotEncoder: SampleEncoder {
  private var counter: UInt8 = 0

  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.contains(.orientation) else { return }
    if sample.fields.contains(.counter) { counter = UInt8(truncatingIfNeeded: sample.deviceTicks) }
    let q = sample.orientation
    bytes.append(0x24)
    bytes.append(0x02)
    append(q.w, &bytes)
    append(q.x, &bytes)
    append(q.y, &bytes)
    append(q.z, &bytes)
    bytes.append(0)
    bytes.append(counter)
    bytes.append(0x0D)
    bytes.append(0x0A)
    counter &+= 1
  }

  private func append(_ value: Double, _ bytes: inout [UInt8]) {
    let word = rounded(value * 16384, within: -32768...32767)
    bytes.append(UInt8(truncatingIfNeeded: word >> 8))
    bytes.append(UInt8(truncatingIfNeeded: word))
  }
}
