import Motion

/// Modbus RTU replies of one device that a master asks: address, function, data, CRC. A reply does not say which registers it
/// holds: only the request that went before does, so a decoder is told what was sent. On a wire that carries both directions
/// the requests are read from it.
struct ModbusFormat: FrameFormat {
  /// A reply with as many registers as a request may ask for here.
  let longestFrame = 5 + 2 * modbusRegisterLimit
  let hasChecksum = true

  private let device: ModbusDevice
  private var address: UInt8
  private var firstRegister = 0
  private var registerCount = 0

  init(_ device: ModbusDevice, address: UInt8) {
    self.device = device
    self.address = address
  }

  mutating func sent(_ bytes: Span<UInt8>) {
    guard bytes.count == 8, modbusChecksumIsGood(bytes, length: 8), bytes[1] == 3 || bytes[1] == 4 else { return }
    takeRequest(bytes)
  }

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == address else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    switch head[1] {
    case 0x03, 0x04:
      guard head.count >= 3 else { return .incomplete }
      let count = Int(head[2])
      // A register number's high byte stands where a reply has its even, non-zero number of bytes.
      let isReply = count > 0 && count % 2 == 0 && count <= 2 * modbusRegisterLimit
      // Once a request is known no other length is waited for: a false head would hold true answers back.
      guard !isReply || registerCount == 0 || count == 2 * registerCount else { return .noFrame }
      return check(head, length: isReply ? 5 + count : 8)
    case 0x06: return check(head, length: 8)
    case 0x83, 0x84, 0x86: return check(head, length: 5)
    default: return .noFrame
    }
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    let function = frame[1]
    if function >= 0x80 {
      tally.count(UInt32(function), "refusal of function \(hexadecimal(UInt32(function & 0x7F), bytes: 1))")
    } else if function == 6 {
      tally.count(6, "06 register set")
    } else if Int(frame[2]) == frame.count &- 5, frame.count != 8 {
      let words = UInt32(frame[2]) / 2
      let first = UInt32(firstRegister)
      let isAsked = words == UInt32(registerCount)
      tally.count(
        0x1_0000 | first << 8 | words,
        "03 \(words) registers" + (isAsked ? " from \(hexadecimal(first, bytes: 2))" : " that nobody asked for"),
        isKnown: isAsked)
    } else {
      tally.count(3, "03 request")
    }
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard frame[1] == 3 || frame[1] == 4 else { return }
    let words = (frame.count - 5) / 2
    guard Int(frame[2]) == 2 * words else {
      takeRequest(frame)
      return
    }
    guard words == registerCount else { return }
    draft.add(arrived: arrived)
    device.read(
      frame, RegisterWords(first: firstRegister, count: words, start: 3, isHighFirst: true), into: &draft.sample)
    if draft.sample.fields.isSubset(of: .temperature) {
      draft.abandon()
    } else {
      draft.emit(into: &samples)
    }
  }

  private mutating func takeRequest(_ bytes: Span<UInt8>) {
    address = bytes[0]
    firstRegister = Int(bytes[2]) << 8 | Int(bytes[3])
    registerCount = Int(bytes[4]) << 8 | Int(bytes[5])
  }

  private func check(_ head: Span<UInt8>, length: Int) -> FrameVerdict {
    guard head.count >= length else { return .incomplete }
    return modbusChecksumIsGood(head, length: length) ? .frame(length: length) : .badCheck
  }
}

/// Devices whose registers are known.
enum ModbusDevice: Hashable, Sendable {
  /// WitMotion WT901C485 and its like.
  case witMotion
  /// WitMotion HWT9053 and HWT9073, whose angles have 32 bits.
  case witMotionPrecise
  /// STABILA TECH 1000 DP.
  case stabila

  /// As it leaves the factory.
  var address: UInt8 { self == .stabila ? 0x20 : 0x50 }

  func read(_ frame: Span<UInt8>, _ words: RegisterWords, into sample: inout SensorSample) {
    guard self == .stabila else {
      WitMotionRegisters.read(frame, words, isPrecise: self == .witMotionPrecise, into: &sample)
      return
    }
    if words.holds(4051, 1) {
      sample.inclinationX = words.signed(frame, 4051) / 100 * radiansPerDegree
      sample.fields.insert(.inclinationX)
    }
  }
}

/// The most registers in one reply that is read: 34 to 54 are 33.
let modbusRegisterLimit = 40

/// CRC-16 of Modbus (polynomial A001, start FFFF) over the first `count` bytes.
func modbusChecksum(_ bytes: Span<UInt8>, count: Int) -> UInt16 {
  var crc: UInt16 = 0xFFFF
  for index in 0..<count {
    crc ^= UInt16(bytes[index])
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
  }
  return crc
}

private func modbusChecksumIsGood(_ bytes: Span<UInt8>, length: Int) -> Bool {
  let crc = modbusChecksum(bytes, count: length - 2)
  return bytes[length - 2] == UInt8(truncatingIfNeeded: crc) && bytes[length - 1] == UInt8(truncatingIfNeeded: crc >> 8)
}
