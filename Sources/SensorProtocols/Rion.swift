import Motion

/// The frames of RION (`68`) and BWSENSING (`77`) inclinometers: `HEADER LENGTH ADDRESS COMMAND DATA SUM`. The length counts
/// itself and all after it; the sum is that of all bytes between the header and itself.
///
/// Angles come with command 84, as packed decimal digits with the sign in the first nibble: S XXX.YY in three bytes or
/// S XXX.YYYY in four. The same command has fields of different width and addresses of different size, and only the
/// length tells which. All other sound frames (replies to commands, echoes of them) are stepped over as frames.
struct RionFormat: FrameFormat {
  let longestFrame = 0x13 + 1
  let hasChecksum = true

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0x68 || head[0] == 0x77 else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    let length = Int(head[1])
    guard length >= 4 && length <= 0x13 else { return .noFrame }
    guard head.count > length else { return .incomplete }
    var sum: UInt8 = 0
    for index in 1..<length { sum &+= head[index] }
    guard sum == head[length] else { return .badCheck }
    if let form = AngleForm(head), !form.hasOnlyDigits(head) { return .badCheck }
    return .frame(length: length + 1)
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    let length = frame.count
    // The command stands behind an address of one, two or four bytes; its place is sure only in frames that are known.
    let place = AngleForm(frame)?.commandPlace ?? 3
    let command = frame[min(place, length &- 2)]
    let name =
      switch command {
      case 0x81...0x84: "angles"
      case 0x01...0x04: "question"
      case 0x05, 0x0A...0x0D, 0x0F, 0x17, 0x28: "command"
      case 0x85, 0x8A...0x8D, 0x8F, 0x97, 0xA8: "answer to a command"
      default: "unknown"
      }
    let code = UInt32(frame[0]) << 16 | UInt32(frame[1]) << 8 | UInt32(command)
    tally.count(
      code,
      "\(hexadecimal(UInt32(frame[0]), bytes: 1)) \(name) \(hexadecimal(UInt32(command), bytes: 1)), length "
        + hexadecimal(UInt32(frame[1]), bytes: 1), isKnown: name != "unknown")
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard let form = AngleForm(frame) else { return }
    draft.add(arrived: arrived)
    draft.sample.inclinationX = form.angle(frame, field: 0)
    draft.sample.fields.insert(.inclinationX)
    if form.hasBoth {
      draft.sample.inclinationY = form.angle(frame, field: 1)
      draft.sample.fields.insert(.inclinationY)
    }
    if form.hasTemperature {
      // S XXX.YY, as an angle of three bytes.
      let start = form.start + 2 * form.width
      draft.sample.temperature = Double(packedDecimal(frame, at: start, width: 3)) / 100
      draft.sample.fields.insert(.temperature)
    }
    draft.emit(into: &samples)
  }
}

/// Where the angles lie in a frame with command 84.
private struct AngleForm {
  /// Index of the first angle.
  let start: Int
  /// Bytes in an angle.
  let width: Int
  /// Bytes from `start` that are decimal digits, in groups that begin with a sign nibble.
  let thirdWidth: Int
  let hasTemperature: Bool
  /// x and y, as against the answer to a question for x alone.
  var hasBoth = true

  /// Index of the command byte.
  var commandPlace: Int { start - 1 }

  /// Nil when the frame's length has no known form, or when its command is another one.
  init?(_ frame: Span<UInt8>) {
    switch frame[1] {
    // The answer to a question for x alone; one for y alone is a frame without a sample, because it says nothing of x.
    case 0x07 where frame[3] == 0x81:
      self.init(start: 4, width: 3, thirdWidth: 0, hasTemperature: false)
      hasBoth = false
    case 0x08 where frame[3] == 0x81:
      self.init(start: 4, width: 4, thirdWidth: 0, hasTemperature: false)
      hasBoth = false
    // x, y and a third angle: a heading, or zero.
    case 0x0D where frame[3] == 0x84: self.init(start: 4, width: 3, thirdWidth: 3, hasTemperature: false)
    // x and y; what the three bytes behind them hold is not known.
    case 0x0F where frame[3] == 0x84: self.init(start: 4, width: 4, thirdWidth: 0, hasTemperature: false)
    // x, y and a third angle behind an address of two bytes.
    case 0x11 where frame[4] == 0x84: self.init(start: 5, width: 4, thirdWidth: 4, hasTemperature: false)
    // x, y, temperature and battery behind an address of four bytes.
    case 0x13 where frame[6] == 0x84: self.init(start: 7, width: 4, thirdWidth: 3, hasTemperature: true)
    default: return nil
    }
  }

  private init(start: Int, width: Int, thirdWidth: Int, hasTemperature: Bool) {
    self.start = start
    self.width = width
    self.thirdWidth = thirdWidth
    self.hasTemperature = hasTemperature
  }

  func hasOnlyDigits(_ frame: Span<UInt8>) -> Bool {
    isPackedDecimal(frame, at: start, width: width)
      && (!hasBoth || isPackedDecimal(frame, at: start + width, width: width))
      && (thirdWidth == 0 || isPackedDecimal(frame, at: start + 2 * width, width: thirdWidth))
  }

  /// An angle in rad, signed as the device signs it.
  func angle(_ frame: Span<UInt8>, field: Int) -> Double {
    let digits = Double(packedDecimal(frame, at: start + field * width, width: width))
    return digits / (width == 3 ? 100 : 10_000) * radiansPerDegree
  }
}

/// Whether a sign nibble of 0 or 1 and digits stand there.
private func isPackedDecimal(_ bytes: Span<UInt8>, at start: Int, width: Int) -> Bool {
  guard bytes[start] >> 4 <= 1 else { return false }
  for index in start..<(start + width) where bytes[index] & 0x0F > 9 || bytes[index] >> 4 > 9 { return false }
  return true
}

/// The digits as one signed integer, the decimal point left out.
private func packedDecimal(_ bytes: Span<UInt8>, at start: Int, width: Int) -> Int {
  var value = Int(bytes[start] & 0x0F)
  for index in (start + 1)..<(start + width) {
    value = value * 100 + Int(bytes[index] >> 4) * 10 + Int(bytes[index] & 0x0F)
  }
  return bytes[start] >> 4 == 1 ? -value : value
}
