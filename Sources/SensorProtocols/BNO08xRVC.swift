import Motion
import RealModule

/// The UART-RVC mode of the BNO080, BNO085 and BNO086: frames of 19 bytes, `AA AA INDEX`, yaw, pitch, roll in 0.01°, acceleration
/// x y z in mg (16-bit words, low byte first), three more bytes, and the sum of all bytes between the header and itself.
///
/// The words pitch and roll do not mean here what they mean elsewhere. In the frame that the data sheet prints (pitch −1.10°,
/// roll 20.85°, acceleration −371, −20, 977 mg) roll tilts the x axis and pitch the y axis: pitch turns about x and roll
/// about y, and pitch, which ends at ±90°, is the middle one of the three turns. The orientation is made by that rule, yaw about z,
/// then pitch about x, then roll about y; `eulerAngles` holds the numbers under the device's own names.
struct BNO08xRVCFormat: FrameFormat {
  let longestFrame = bno08xFrameLength
  let hasChecksum = true

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0xAA else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    guard head[1] == 0xAA else { return .noFrame }
    guard head.count >= bno08xFrameLength else { return .incomplete }
    var sum: UInt8 = 0
    for index in 2..<18 { sum &+= head[index] }
    guard sum == head[18] else { return .badCheck }
    // The sum alone lets one damaged frame in 256 pass; the angles have ranges.
    guard abs(Int(littleEndianInt16(head, at: 3))) <= 180_00, abs(Int(littleEndianInt16(head, at: 5))) <= 90_00,
      abs(Int(littleEndianInt16(head, at: 7))) <= 180_00
    else { return .badCheck }
    return .frame(length: bno08xFrameLength)
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    draft.add(arrived: arrived)
    draft.sample.deviceTicks = UInt64(frame[2])
    let yaw = Double(littleEndianInt16(frame, at: 3))
    let pitch = Double(littleEndianInt16(frame, at: 5))
    let roll = Double(littleEndianInt16(frame, at: 7))
    draft.sample.eulerAngles = Vector3(roll, pitch, yaw) * bno08xAngleUnit
    draft.sample.orientation = bno08xOrientation(eulerAngles: draft.sample.eulerAngles)
    let x = littleEndianInt16(frame, at: 9)
    let y = littleEndianInt16(frame, at: 11)
    let z = littleEndianInt16(frame, at: 13)
    draft.sample.acceleration = Vector3(Double(x), Double(y), Double(z)) * bno08xAccelerationUnit
    if min(x, y, z) == .min || max(x, y, z) == .max { draft.sample.flags.insert(.saturated) }
    draft.sample.fields = [.counter, .eulerAngles, .orientation, .acceleration]
    draft.emit(into: &samples)
  }
}

let bno08xFrameLength = 19
/// 0.01°, rad.
let bno08xAngleUnit = 0.01 * radiansPerDegree
/// 1 mg, m/s².
let bno08xAccelerationUnit = 0.001 * standardGravity

/// The rotation from the sensor to the device's earth frame (z up) for its angles in rad: x roll, y pitch, z yaw.
func bno08xOrientation(eulerAngles: Vector3) -> Quaternion {
  Quaternion(rotationVector: Vector3(0, 0, eulerAngles.z)) * Quaternion(rotationVector: Vector3(eulerAngles.y, 0, 0))
    * Quaternion(rotationVector: Vector3(0, eulerAngles.x, 0))
}

/// Writes UART-RVC frames. Without acceleration a sample gives nothing. Angles come from `eulerAngles`, else from the orientation, else they are
/// those of the acceleration, with a yaw of zero. A sample without a counter continues the last one.
public struct BNO08xRVCEncoder: SampleEncoder {
  private var index: UInt8 = 0

  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.contains(.acceleration) else { return }
    if sample.fields.contains(.counter) { index = UInt8(truncatingIfNeeded: sample.deviceTicks) }
    let angles: Vector3
    if sample.fields.contains(.eulerAngles) {
      angles = sample.eulerAngles
    } else if sample.fields.contains(.orientation) {
      let q = sample.orientation.normalized
      let yaw = Double.atan2(y: 2 * (q.w * q.z - q.x * q.y), x: 1 - 2 * (q.x * q.x + q.z * q.z))
      angles = Self.tilt(q.verticalInSource, yaw: yaw)
    } else {
      angles = Self.tilt(sample.acceleration.normalized ?? Vector3(0, 0, 1), yaw: 0)
    }
    let start = bytes.count
    bytes.append(0xAA)
    bytes.append(0xAA)
    bytes.append(index)
    append(min(max(angles.z, -.pi), .pi) / bno08xAngleUnit, into: &bytes)
    append(min(max(angles.y, -.pi / 2), .pi / 2) / bno08xAngleUnit, into: &bytes)
    append(min(max(angles.x, -.pi), .pi) / bno08xAngleUnit, into: &bytes)
    append(sample.acceleration.x / bno08xAccelerationUnit, into: &bytes)
    append(sample.acceleration.y / bno08xAccelerationUnit, into: &bytes)
    append(sample.acceleration.z / bno08xAccelerationUnit, into: &bytes)
    for _ in 0..<3 { bytes.append(0) }
    var sum: UInt8 = 0
    for place in (start + 2)..<bytes.count { sum &+= bytes[place] }
    bytes.append(sum)
    index &+= 1
  }

  private static func tilt(_ up: Vector3, yaw: Double) -> Vector3 {
    Vector3(.atan2(y: -up.x, x: up.z), .asin(min(max(up.y, -1), 1)), yaw)
  }

  private func append(_ value: Double, into bytes: inout [UInt8]) {
    bytes.append(littleEndian: Int16(rounded(value, within: -32768...32767)))
  }
}
