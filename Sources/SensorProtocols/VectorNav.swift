import Motion

/// VectorNav VN-100, VN-200 and VN-300: binary messages and text lines, which may follow one another in one stream.
///
/// A binary message is `FA`, one byte or more that say which groups it has (bit 7: another such byte follows), a mask of 16 bits for each
/// group, low byte first, that says which fields (bit 15: another such mask follows), the fields, low byte first, and a
/// CRC, high byte first, over all after FA. Its length is in no field: it follows from the masks.
/// Text lines are read by `VectorNavLine`.
///
/// The maker's body frame has x forward, y right and z down, and a level sensor at rest reports −9.8 m/s² on z: that is the specific force,
/// up, in a frame whose z axis points down, so nothing changes its sign. Orientations are against north-east-down
/// and are turned to z up.
struct VectorNavFormat: FrameFormat {
  let longestFrame = vectorNavLongestFrame
  let hasChecksum = true

  private var best = BestMessage()
  private var line = VectorNavLine()

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    switch head[0] {
    case 0xFA: return examineBinary(head)
    case UInt8(ascii: "$"): return line.examine(head)
    default: return .noFrame
    }
  }

  private func examineBinary(_ head: Span<UInt8>) -> FrameVerdict {
    var groups = VectorNavGroups()
    switch groups.readHeader(head) {
    case .incomplete: return .incomplete
    case .noFrame: return .noFrame
    case .complete: break
    }
    let length = groups.headerLength &+ groups.payloadLength &+ 2
    guard length &+ statusSurplus <= longestFrame else { return .noFrame }
    guard head.count >= length else { return .incomplete }
    var crc: UInt16 = 0
    for index in 1..<length { crc = vectorNavCRC(crc, head[index]) }
    if crc == 0 { return .frame(length: length) }
    guard groups.hasStatus else { return .badCheck }
    guard head.count >= length &+ statusSurplus else { return .incomplete }
    for index in length..<(length &+ statusSurplus) { crc = vectorNavCRC(crc, head[index]) }
    return crc == 0 ? .frame(length: length &+ statusSurplus) : .badCheck
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    guard frame[0] == 0xFA else {
      let name = printableText(frame, from: 0, to: 6)
      let code = frame.count > 5 ? UInt32(frame[3]) << 16 | UInt32(frame[4]) << 8 | UInt32(frame[5]) : 0
      tally.count(code, name, isKnown: VectorNavLine.isKnown(frame))
      return
    }
    var groups = VectorNavGroups()
    guard case .complete = groups.readHeader(frame) else { return }
    var code: UInt32 = 2_166_136_261
    var name = "FA"
    for index in 1..<groups.headerLength {
      code = (code ^ UInt32(frame[index])) &* 16_777_619
      name += " " + hexadecimal(UInt32(frame[index]), bytes: 1)
    }
    tally.count(code, name + " binary")
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    var sample = SensorSample()
    if frame[0] == 0xFA {
      Self.readBinary(frame, into: &sample)
    } else {
      line.read(frame, into: &sample)
    }
    guard best.takes(sample.fields) else { return }
    draft.emit(sample, arrived: arrived, into: &samples)
  }

  private static func readBinary(_ frame: Span<UInt8>, into sample: inout SensorSample) {
    var groups = VectorNavGroups()
    guard case .complete = groups.readHeader(frame) else { return }
    var index = groups.headerLength
    var maskAt = groups.groupBytes &+ 1
    let isStatusTemperature = frame.count > groups.headerLength &+ groups.payloadLength &+ 2
    for group in 0..<24 where groups.bits & (1 << UInt32(group)) != 0 {
      var first = 0
      var mask: UInt16
      repeat {
        mask = frame.littleEndian(UInt16.self, at: maskAt)
        maskAt &+= 2
        for bit in 0..<15 where mask & (1 << UInt16(bit)) != 0 {
          if isStatusTemperature && group == 2 && first &+ bit == 0 {
            readField(frame, at: index, group: 2, field: 4, into: &sample)
            index &+= statusSurplus
          } else {
            readField(frame, at: index, group: group, field: first &+ bit, into: &sample)
          }
          index &+= vectorNavSize(group: group, field: first &+ bit)
        }
        first &+= 16
      } while mask & 0x8000 != 0
    }
  }
}

/// Lets one kind of message make the samples. Up to three binary messages and a text line can tell the same moment, and two samples of
/// one moment would count as two moments.
///
/// What can become an angle ranks first, then whether the device says when: acceleration with angular rate, before
/// a fused orientation, before either alone; with a time before without. As soon as a better kind has come, lesser ones make no sample.
private struct BestMessage: Sendable {
  private var best = 0

  /// Whether a message with these quantities makes a sample; false also when nothing in it tells of motion.
  @inline(__always)
  mutating func takes(_ fields: SensorSample.Fields) -> Bool {
    var rank = 0
    if fields.contains([.acceleration, .angularRate]) {
      rank = 6
    } else if !fields.isDisjoint(with: [.orientation, .eulerAngles]) {
      rank = 4
    } else if !fields.isDisjoint(with: [.acceleration, .angularRate]) {
      rank = 2
    }
    guard rank > 0 else { return false }
    if fields.contains(.deviceTime) { rank += 1 }
    guard rank >= best else { return false }
    best = rank
    return true
  }
}

/// The most bytes that a message is believed to have: what a corrupted mask may cost before the next frame is looked for.
let vectorNavLongestFrame = 1024
/// Bytes by which a message is longer when field 0 of its IMU group is a temperature; see `VectorNavGroups.hasStatus`.
private let statusSurplus = 2
let microteslasPerGauss = 100.0

/// One step of the CRC that VectorNav uses, from its interface document; a message with its CRC behind it gives zero.
@inline(__always)
func vectorNavCRC(_ crc: UInt16, _ byte: UInt8) -> UInt16 {
  var crc = crc >> 8 | crc << 8
  crc ^= UInt16(byte)
  crc ^= (crc & 0xFF) >> 4
  crc ^= crc << 12
  crc ^= (crc & 0xFF) << 5
  return crc
}
