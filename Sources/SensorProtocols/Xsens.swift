import Motion

/// The messages of Xsens (Movella) MTi sensors: `FA BUS ID LENGTH DATA SUM`, where a length of FF means that two more bytes,
/// high byte first, hold it, and all bytes after FA add up to zero.
///
/// Motion comes with message 36, MTData2: a list of items, each a 16-bit identifier, a length and values, high byte first.
/// The identifier's lowest four bits say the number format and the earth frame. Which items a message has changes from one to
/// the next, so each is found by its identifier. All other sound messages (acknowledgements, settings, errors, the
/// older MTData) are stepped over as frames.
struct XsensFormat: FrameFormat {
  let longestFrame = 6 + xsensLongestData + 1
  let hasChecksum = true

  /// The packet counter counted on over its wraps, from a start that leaves room to step back.
  private var packets: UInt64 = 1 << 32

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0xFA else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    // A sensor on its own; the other numbers are of sensors behind a bus master.
    guard head[1] == 0xFF else { return .noFrame }
    guard head.count >= 4 else { return .incomplete }
    var start = 4
    var length = Int(head[3])
    if length == 0xFF {
      guard head.count >= 6 else { return .incomplete }
      start = 6
      length = Int(head.bigEndian(UInt16.self, at: 4))
      guard length <= xsensLongestData else { return .noFrame }
    }
    let end = start &+ length
    guard head.count > end else { return .incomplete }
    var sum: UInt8 = 0
    for index in 1...end { sum &+= head[index] }
    return sum == 0 ? .frame(length: end &+ 1) : .badCheck
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    let messages: [UInt8: String] = [
      0x36: "MTData2", 0x32: "MTData", 0x31: "acknowledgement of configuration", 0x11: "acknowledgement of measurement",
      0x42: "error", 0x3E: "wake-up", 0x01: "device identifier", 0x13: "firmware", 0xC1: "output configuration",
    ]
    let name = messages[frame[2]]
    tally.count(
      UInt32(frame[2]), "\(hexadecimal(UInt32(frame[2]), bytes: 1)) \(name ?? "unknown message")", isKnown: name != nil)
    guard frame[2] == xsensMTData2 else { return }
    let items: [UInt16: String] = [
      0x0810: "temperature", 0x1010: "UTC", 0x1020: "packet counter", 0x1060: "sample time, fine",
      0x1070: "sample time, coarse", 0x2010: "quaternion", 0x2020: "rotation matrix", 0x2030: "Euler angles",
      0x3010: "pressure", 0x4010: "velocity increment", 0x4020: "acceleration", 0x4030: "free acceleration",
      0x4040: "acceleration at high rate", 0x5020: "altitude", 0x5030: "altitude above the ellipsoid",
      0x5040: "position",
      0x7010: "satellite position and velocity", 0x7020: "satellites", 0x8020: "angular rate",
      0x8030: "orientation increment", 0x8040: "angular rate at high rate", 0xC020: "magnetic field",
      0xD010: "velocity",
      0xE010: "status, short", 0xE020: "status",
    ]
    let end = frame.count &- 1
    var index = frame[3] == 0xFF ? 6 : 4
    while index &+ 3 <= end {
      let identifier = frame.bigEndian(UInt16.self, at: index)
      let name = items[identifier & 0xFFF0]
      tally.count(
        0x1_0000 | UInt32(identifier), "36 item \(hexadecimal(UInt32(identifier), bytes: 2)) \(name ?? "unknown")",
        isKnown: name != nil)
      index &+= 3 &+ Int(frame[index &+ 2])
    }
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard frame[2] == xsensMTData2 else { return }
    var sample = SensorSample()
    var counter: UInt16?
    let end = frame.count &- 1
    var index = frame[3] == 0xFF ? 6 : 4
    while index < end {
      guard index &+ 3 <= end else { return }
      let identifier = frame.bigEndian(UInt16.self, at: index)
      let length = Int(frame[index &+ 2])
      index &+= 3
      guard length <= end &- index else { return }
      if identifier & 0xFFF0 == 0x1020 && length == 2 {
        counter = frame.bigEndian(UInt16.self, at: index)
      } else {
        Self.read(frame, at: index, length: length, identifier: identifier, into: &sample)
      }
      index &+= length
    }
    guard !sample.fields.isDisjoint(with: xsensMotion) else { return }
    if let counter {
      let step = Int16(bitPattern: counter &- UInt16(truncatingIfNeeded: packets))
      packets &+= UInt64(bitPattern: Int64(step))
      // Where the device sends no clock, its counter is the next best; a sample has room for one of them.
      if !sample.fields.contains(.deviceTime) {
        sample.deviceTicks = packets
        sample.fields.insert(.counter)
      }
    }
    draft.add(arrived: arrived)
    sample.flags.formUnion(draft.sample.flags)
    sample.arrived = draft.sample.arrived
    sample.stream = draft.sample.stream
    draft.sample = sample
    draft.emit(into: &samples)
  }

  /// Adds one item. One whose length does not fit its identifier is left out.
  @inline(__always)
  private static func read(
    _ frame: Span<UInt8>, at index: Int, length: Int, identifier: UInt16, into sample: inout SensorSample
  ) {
    let format = Int(identifier & 3)
    let fits = { (count: Int) in length == count &* xsensWidth(format) }
    func number(_ place: Int) -> Double { xsensNumber(frame, at: index &+ place &* xsensWidth(format), format: format) }
    switch identifier & 0xFFF0 {
    case 0x0810 where fits(1):
      sample.temperature = number(0)
      sample.fields.insert(.temperature)
    case 0x1060 where length == 4:
      sample.deviceTicks = UInt64(frame.bigEndian(UInt32.self, at: index))
      sample.fields.insert(.deviceTime)
    case 0x2010 where fits(4):
      let q = Quaternion(w: number(0), x: number(1), y: number(2), z: number(3))
      sample.orientation = isDown(identifier) ? q.northWestUpFromNorthEastDown : q
      sample.fields.insert(.orientation)
    case 0x2030 where fits(3):
      sample.eulerAngles = Vector3(number(0), number(1), number(2)) * radiansPerDegree
      sample.fields.insert(.eulerAngles)
      if isDown(identifier) && !sample.fields.contains(.orientation) {
        let q = Quaternion(yaw: sample.eulerAngles.z, pitch: sample.eulerAngles.y, roll: sample.eulerAngles.x)
        sample.orientation = q.northWestUpFromNorthEastDown
        sample.fields.insert(.orientation)
      }
    case 0x4020 where fits(3):
      sample.acceleration = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.acceleration)
    case 0x4040 where fits(3) && !sample.fields.contains(.acceleration):
      sample.acceleration = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.acceleration)
    case 0x8020 where fits(3):
      sample.angularRate = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.angularRate)
    case 0x8040 where fits(3) && !sample.fields.contains(.angularRate):
      sample.angularRate = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.angularRate)
    case 0xC020 where fits(3):
      sample.magneticField = Vector3(number(0), number(1), number(2))
      sample.fields.insert(.magneticField)
    case 0xE020 where length == 4:
      // Bits 8 to 13: an axis of the accelerometer or the gyroscope at the end of its range.
      if frame.bigEndian(UInt32.self, at: index) & 0x3F00 != 0 { sample.flags.insert(.saturated) }
    default: break
    }
  }

  /// Whether the item's earth frame is north-east-down; the other two, east-north-up and north-west-up, have z up.
  @inline(__always)
  private static func isDown(_ identifier: UInt16) -> Bool { identifier & 0xC == 0x4 }
}

let xsensMTData2: UInt8 = 0x36
/// The most data bytes that a message can have.
let xsensLongestData = 2048
private let xsensMotion: SensorSample.Fields = [.acceleration, .angularRate, .orientation, .eulerAngles]

/// Bytes of a number: single precision, fixed point 12.20, fixed point 16.32, double precision.
@inline(__always)
private func xsensWidth(_ format: Int) -> Int {
  switch format {
  case 2: 6
  case 3: 8
  default: 4
  }
}

@inline(__always)
private func xsensNumber(_ bytes: Span<UInt8>, at index: Int, format: Int) -> Double {
  switch format {
  case 0: return bytes.bigEndianFloat(at: index)
  case 1: return Double(Int32(bitPattern: bytes.bigEndian(UInt32.self, at: index))) * 0x1p-20
  case 2:
    // The 32 bits of the fraction stand before the 16 of the whole number.
    let fraction = Int64(bytes.bigEndian(UInt32.self, at: index))
    let whole = Int64(Int16(bitPattern: bytes.bigEndian(UInt16.self, at: index &+ 4)))
    return Double(whole << 32 | fraction) * 0x1p-32
  default: return Double(bitPattern: bytes.bigEndian(UInt64.self, at: index))
  }
}
