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

  /// A packet with acceleration or angular rate has come: the estimation filter's packets tell the same moments again, later,
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
      0x8206: "gyroscope bias", 0x8210: "filter status", 0x8211: "satellite time",
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
    let end = frame.count &- 2
    var index = 4
    while index < end {
      let length = Int(frame[index])
      // Fields that do not fill the packet exactly are of no known kind, whatever the checksum says.
      guard length >= 2, length <= end &- index else { return }
      let type = frame[index &+ 1]
      let data = frame.extracting(index &+ 2..<index &+ length)
      if type >= 0xD0 || (set == 0x80 && type == 0x12) || (set == 0x82 && type == 0x11) {
        Self.readTime(data, type: type, satelliteTime: &satelliteTime, into: &sample)
      } else if set == 0x80 {
        Self.readSensor(data, type: type, into: &sample)
      } else {
        Self.readFilter(data, type: type, into: &sample)
      }
      index &+= length
    }
    if sample.fields.contains(.deviceTime) {
      hasReferenceTime = true
    } else if let satelliteTime, !hasReferenceTime {
      sample.deviceTicks = satelliteTime
      sample.fields.insert(.deviceTime)
    }
    if !sample.fields.isDisjoint(with: [.acceleration, .angularRate]) {
      hasInertial = true
    } else {
      guard !sample.fields.isDisjoint(with: [.orientation, .eulerAngles]), set == 0x80 || !hasInertial else { return }
    }
    draft.add(arrived: arrived)
    sample.flags.formUnion(draft.sample.flags)
    sample.arrived = draft.sample.arrived
    sample.stream = draft.sample.stream
    draft.sample = sample
    draft.emit(into: &samples)
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
      // The matrix takes earth to sensor components: its rows are the images of the sensor's axes.
      let rows = (data.bigEndianVector(at: 0), data.bigEndianVector(at: 12), data.bigEndianVector(at: 24))
      guard !sample.fields.contains(.orientation), rows.0.isFinite, rows.1.isFinite, rows.2.isFinite else { return }
      let sizes = (rows.0.lengthSquared, rows.1.lengthSquared, rows.2.lengthSquared)
      guard abs(sizes.0 - 1) < 0.1, abs(sizes.1 - 1) < 0.1, abs(sizes.2 - 1) < 0.1 else { return }
      sample.orientation = Quaternion(columns: rows.0, rows.1, rows.2).northWestUpFromNorthEastDown
      sample.fields.insert(.orientation)
    case 0x0A where data.count == 16: setQuaternion(data, of: &sample)
    case 0x0C where data.count == 12: setAngles(data, of: &sample)
    case 0x14 where data.count == 12:
      // Lowest, highest and mean since power-on.
      sample.temperature = data.bigEndianFloat(at: 8)
      sample.fields.insert(.temperature)
    default: break
    }
  }

  /// Set 82, whose fields end with a word of validity: zero while the filter has no answer.
  private static func readFilter(_ data: Span<UInt8>, type: UInt8, into sample: inout SensorSample) {
    switch type {
    case 0x03 where data.count == 18:
      if data.bigEndian(UInt16.self, at: 16) != 0 { setQuaternion(data, of: &sample) }
    case 0x05 where data.count == 14:
      if data.bigEndian(UInt16.self, at: 12) != 0 { setAngles(data, of: &sample) }
    default: break
    }
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
