import Motion
import RealModule

/// The frames of RION (`68`) and BWSENSING (`77`) inclinometers: `HEADER LENGTH ADDRESS COMMAND DATA SUM`. The length counts
/// itself and all after it; the sum is that of all bytes between the header and itself.
///
/// Angles come with command 84, as packed decimal digits with the sign in the first nibble: S XXX.YY in three bytes or
/// S XXX.YYYY in four. The same command has fields of different width and addresses of different size, and only the
/// length tells which; see `RionForm`. All other sound frames (replies to commands, echoes of them) are stepped over as frames.
struct RionFormat: FrameFormat {
  /// What the digits of command 84 are.
  enum Content: Hashable, Sendable {
    case angles
    /// The TL740 in its standard-2 mode: accelerations of the x and y axes, S0.XXX g.
    case accelerations
  }

  let longestFrame = rionLongestLength + 1
  let hasChecksum = true
  private let content: Content

  init(_ content: Content = .angles) { self.content = content }

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0x68 || head[0] == 0x77 else { return .noFrame }
    guard head.count >= 2 else { return .incomplete }
    let length = Int(head[1])
    // The longest is that of a BW-IMU50, which is not read.
    guard length >= 4 && length <= 0x13 || length == rionLongestLength && head[0] == 0x77 else { return .noFrame }
    guard head.count > length else { return .incomplete }
    var sum: UInt8 = 0
    for index in 1..<length { sum &+= head[index] }
    guard sum == head[length] else { return .badCheck }
    if let form = RionForm(head), !form.hasOnlyDigits(head) { return .badCheck }
    return .frame(length: length + 1)
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    let length = frame.count
    // The command stands behind an address of one, two or four bytes; its place is sure only in frames that are known.
    let place = RionForm(frame)?.commandPlace ?? 3
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
    guard let form = RionForm(frame) else { return }
    draft.add(arrived: arrived)
    draft.sample.inclinationX = inclination(form, frame, field: 0)
    draft.sample.fields.insert(.inclinationX)
    if form.hasBoth {
      draft.sample.inclinationY = inclination(form, frame, field: 1)
      draft.sample.fields.insert(.inclinationY)
    }
    if form.hasTemperature {
      draft.sample.temperature = form.temperature(frame)
      draft.sample.fields.insert(.temperature)
    }
    draft.emit(into: &samples)
  }

  /// Rad, signed as the device signs it. An acceleration is the sine of the angle that its axis rises by; beyond 1 g it tells of none, and the
  /// sample is flagged.
  private func inclination(_ form: RionForm, _ frame: Span<UInt8>, field: Int) -> Double {
    let digits = form.digits(frame, field: field)
    switch content {
    case .angles: return digits / (form.width == 3 ? 100 : 10_000) * radiansPerDegree
    case .accelerations: return Double.asin(digits / 1000)
    }
  }
}

/// The length of a BW-IMU50's frames.
let rionLongestLength = 0x2F
