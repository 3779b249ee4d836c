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
  private var increments = XsensIncrements()

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
    increments.begin()
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
      } else if !increments.take(frame, at: index, length: length, identifier: identifier) {
        Self.read(frame, at: index, length: length, identifier: identifier, into: &sample)
      }
      index &+= length
    }
    if let counter {
      let step = Int16(bitPattern: counter &- UInt16(truncatingIfNeeded: packets))
      packets &+= UInt64(bitPattern: Int64(step))
      increments.fill(packets: packets, &sample)
    }
    increments.finish(&sample)
    guard !sample.fields.isDisjoint(with: xsensMotion) else { return }
    if counter != nil {
      // Where the device sends no clock, its counter is the next best; a sample has room for one of them.
      if !sample.fields.contains(.deviceTime) {
        sample.deviceTicks = packets
        sample.fields.insert(.counter)
      }
    }
    draft.emit(sample, arrived: arrived, into: &samples)
  }
}
