import Motion

/// MIP, the packets of MicroStrain (LORD, HBK) inertial sensors: `75 65 SET LENGTH`, fields of `LENGTH TYPE DATA` where the length
/// counts itself and the type, and two bytes of Fletcher's checksum over all before them. Numbers have the high byte first.
///
/// Motion comes in set 80 (sensors, and the complementary filter of older models) and set 82 (the estimation filter). Which fields a packet
/// has is a setting, and one stream can mix packets with different fields, some without a time. Field types from D0 on mean the
/// same in every set. Packets of other sets, replies, and packets without motion are stepped over as frames.
///
/// The vehicle frame has z down; a level sensor at rest reports −1 g on z, which is the specific force, so nothing changes its sign.
/// Orientations are against north-east-down and are turned to z up.
struct MicroStrainFormat: FrameFormat {
  let longestFrame = 4 + 255 + 2
  let hasChecksum = true

  /// A packet of set 80 with acceleration or angular rate has come: the estimation filter's packets tell the same moments again, later,
  /// and make no samples any more.
  private var hasInertial = false
  /// A packet with the reference time has come: satellite time, which counts from elsewhere, is not taken any more.
  private var hasReferenceTime = false

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0x75 else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    guard head[1] == 0x65 else { return .noFrame }
    guard head.count >= 4 else { return .incomplete }
    let end = 4 &+ Int(head[3])
    guard head.count >= end &+ 2 else { return .incomplete }
    let (first, second) = microStrainChecksum(head, from: 0, to: end)
    return first == head[end] && second == head[end &+ 1] ? .frame(length: end &+ 2) : .badCheck
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    let set = frame[2]
    let names: [UInt16: String] = [
      0x8004: "acceleration", 0x8005: "angular rate", 0x8006: "magnetic field", 0x8007: "rotation increment",
      0x8008: "velocity increment", 0x8009: "rotation matrix", 0x800A: "quaternion", 0x800C: "Euler angles",
      0x8012: "satellite time", 0x8014: "temperature", 0x8017: "pressure", 0x8203: "quaternion", 0x8205: "Euler angles",
      0x8204: "rotation matrix", 0x8206: "gyroscope bias", 0x820A: "uncertainty of the angles",
      0x820D: "acceleration without gravity", 0x820E: "angular rate", 0x8210: "filter status", 0x8211: "satellite time",
      0x8213: "gravity", 0x821C: "acceleration",
    ]
    let shared: [UInt8: String] = [
      0xD0: "source", 0xD1: "ticks", 0xD3: "satellite time", 0xD4: "time since the last", 0xD5: "reference time",
      0xD6: "reference time since the last",
    ]
    let end = frame.count &- 2
    var index = 4
    while index &+ 2 <= end {
      let type = frame[index &+ 1]
      let code = UInt16(set) << 8 | UInt16(type)
      let name = set < 0x80 ? (type == 0xF1 ? "acknowledgement" : "command or answer") : names[code] ?? shared[type]
      tally.count(
        UInt32(code), "\(hexadecimal(UInt32(code), bytes: 2)) \(name ?? "unknown field")", isKnown: name != nil)
      index &+= max(2, Int(frame[index]))
    }
    if end == 4 { tally.count(UInt32(set) << 16, "\(hexadecimal(UInt32(set), bytes: 1)) empty packet") }
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    let set = frame[2]
    guard set == 0x80 || set == 0x82 else { return }
    var sample = SensorSample()
    var satelliteTime: UInt64?
    var increments = Increments()
    let end = frame.count &- 2
    var index = 4
    while index < end {
      let length = Int(frame[index])
      // Fields that do not fill the packet exactly are of no known kind, whatever the checksum says.
      guard length >= 2, length <= end &- index else { return }
      let type = frame[index &+ 1]
      let data = frame.extracting(index &+ 2..<index &+ length)
      if type >= 0xD0 { increments.takeTime(data, type: type) }
      if type >= 0xD0 || (set == 0x80 && type == 0x12) || (set == 0x82 && type == 0x11) {
        Self.readTime(data, type: type, satelliteTime: &satelliteTime, into: &sample)
      } else if set == 0x80 {
        if !increments.take(data, type: type) { Self.readSensor(data, type: type, into: &sample) }
      } else {
        Self.readFilter(data, type: type, into: &sample)
      }
      index &+= length
    }
    increments.fill(&sample)
    if sample.fields.contains(.deviceTime) {
      hasReferenceTime = true
    } else if let satelliteTime, !hasReferenceTime {
      sample.deviceTicks = satelliteTime
      sample.fields.insert(.deviceTime)
    }
    let isInertial = !sample.fields.isDisjoint(with: [.acceleration, .angularRate])
    if set == 0x80 && isInertial { hasInertial = true }
    guard isInertial || !sample.fields.isDisjoint(with: [.orientation, .eulerAngles]), set == 0x80 || !hasInertial
    else {
      return
    }
    draft.emit(sample, arrived: arrived, into: &samples)
  }

  /// A time in nanoseconds: since the device started, or since the beginning of GPS time (week and seconds of the week).
  private static func readTime(
    _ data: Span<UInt8>, type: UInt8, satelliteTime: inout UInt64?, into sample: inout SensorSample
  ) {
    switch type {
    case 0xD5 where data.count == 8:
      sample.deviceTicks = data.bigEndian(UInt64.self, at: 0)
      sample.fields.insert(.deviceTime)
    case 0xD3 where data.count == 12, 0x11 where data.count == 12, 0x12 where data.count == 12:
      let seconds = Double(bitPattern: data.bigEndian(UInt64.self, at: 0))
      guard seconds >= 0 && seconds < 1e7 else { return }
      let week = UInt64(data.bigEndian(UInt16.self, at: 8))
      satelliteTime = week &* 604_800_000_000_000 &+ UInt64((seconds * 1e9).rounded())
    default: break
    }
  }

  /// Set 80.
  private static func readSensor(_ data: Span<UInt8>, type: UInt8, into sample: inout SensorSample) {
    switch type {
    case 0x04 where data.count == 12:
      sample.acceleration = data.bigEndianVector(at: 0) * standardGravity
      sample.fields.insert(.acceleration)
    case 0x05 where data.count == 12:
      sample.angularRate = data.bigEndianVector(at: 0)
      sample.fields.insert(.angularRate)
    case 0x06 where data.count == 12:
      sample.magneticField = data.bigEndianVector(at: 0) * microteslasPerGauss
      sample.fields.insert(.magneticField)
    case 0x09 where data.count == 36:
      setMatrix(data, of: &sample)
    case 0x0A where data.count == 16: setQuaternion(data, of: &sample)
    case 0x0C where data.count == 12: setAngles(data, of: &sample)
    case 0x14 where data.count == 12:
      // Lowest, highest and mean since power-on.
      sample.temperature = data.bigEndianFloat(at: 8)
      sample.fields.insert(.temperature)
    default: break
    }
  }

  /// Set 82, whose fields end with a word of validity: zero while the filter has no answer. Its acceleration is in m/s².
  private static func readFilter(_ data: Span<UInt8>, type: UInt8, into sample: inout SensorSample) {
    guard data.count >= 2, data.bigEndian(UInt16.self, at: data.count &- 2) != 0 else { return }
    switch type {
    case 0x03 where data.count == 18: setQuaternion(data, of: &sample)
    case 0x04 where data.count == 38: setMatrix(data, of: &sample)
    case 0x05 where data.count == 14: setAngles(data, of: &sample)
    case 0x0A where data.count == 14:
      let angles = data.bigEndianVector(at: 0)
      sample.set(tiltSD: max(angles.x, angles.y))
    case 0x0E where data.count == 14:
      sample.angularRate = data.bigEndianVector(at: 0)
      sample.fields.insert(.angularRate)
    case 0x1C where data.count == 14:
      sample.acceleration = data.bigEndianVector(at: 0)
      sample.fields.insert(.acceleration)
    default: break
    }
  }

  /// The matrix takes north-east-down to the sensor, row after row: its rows are the sensor's axes.
  private static func setMatrix(_ data: Span<UInt8>, of sample: inout SensorSample) {
    guard !sample.fields.contains(.orientation),
      let q = Quaternion(
        rotationColumns: data.bigEndianVector(at: 0), data.bigEndianVector(at: 12), data.bigEndianVector(at: 24))
    else { return }
    sample.orientation = q.northWestUpFromNorthEastDown
    sample.fields.insert(.orientation)
  }

  private static func setQuaternion(_ data: Span<UInt8>, of sample: inout SensorSample) {
    let vector = data.bigEndianVector(at: 4)
    sample.orientation =
      Quaternion(w: data.bigEndianFloat(at: 0), x: vector.x, y: vector.y, z: vector.z).northWestUpFromNorthEastDown
    sample.fields.insert(.orientation)
  }

  /// Roll, pitch and yaw in rad, and the orientation that they mean where no quaternion came before.
  private static func setAngles(_ data: Span<UInt8>, of sample: inout SensorSample) {
    let angles = data.bigEndianVector(at: 0)
    sample.eulerAngles = angles
    sample.fields.insert(.eulerAngles)
    guard !sample.fields.contains(.orientation) else { return }
    sample.orientation =
      Quaternion(yaw: angles.z, pitch: angles.y, roll: angles.x).northWestUpFromNorthEastDown
    sample.fields.insert(.orientation)
  }
}

/// The increments of rotation (rad) and velocity (g s) of a packet, and the time that they grew over where the packet says it: without, they are
/// no rates.
private struct Increments {
  private var rotation: Vector3?
  private var velocity: Vector3?
  private var seconds = 0.0

  /// Takes a field of set 80; false for one of another kind.
  mutating func take(_ data: Span<UInt8>, type: UInt8) -> Bool {
    guard data.count == 12 else { return false }
    switch type {
    case 0x07: rotation = data.bigEndianVector(at: 0)
    case 0x08: velocity = data.bigEndianVector(at: 0)
    default: return false
    }
    return true
  }

  mutating func takeTime(_ data: Span<UInt8>, type: UInt8) {
    guard data.count == 8 else { return }
    if type == 0xD4 { seconds = Double(bitPattern: data.bigEndian(UInt64.self, at: 0)) }
    if type == 0xD6 { seconds = Double(data.bigEndian(UInt64.self, at: 0)) * 1e-9 }
  }

  /// Sets the mean rates where the packet has none of its own.
  func fill(_ sample: inout SensorSample) {
    guard seconds > 1e-4, seconds < 1 else { return }
    if let velocity, !sample.fields.contains(.acceleration) {
      sample.acceleration = velocity * (standardGravity / seconds)
      sample.fields.insert(.acceleration)
    }
    if let rotation, !sample.fields.contains(.angularRate) {
      sample.angularRate = rotation / seconds
      sample.fields.insert(.angularRate)
    }
  }
}

/// Fletcher's checksum of the bytes from `start` to before `end`: the sum, and the sum of the sums.
@inline(__always)
func microStrainChecksum(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> (UInt8, UInt8) {
  var first: UInt8 = 0
  var second: UInt8 = 0
  for index in start..<end {
    first &+= bytes[index]
    second &+= first
  }
  return (first, second)
}
