import Motion

/// The Bluetooth stream of a Shimmer3. It has no sync mark: what a packet holds is in the answer to an inquiry (`02`), and what its words
/// mean in the answer with the calibrations (`2D`); without both there are packets but no samples.
///
/// Packets are `00`, a 24-bit time (32768 Hz) and the channels; answers follow an acknowledgement `FF`. Where the host has switched
/// checksums on they are checked: one of two bytes when `8B 02` was sent, one of one byte when the inquiry's answer ends with it. A packet that does not follow
/// the one before within 64 periods is taken only when the next one follows it.
struct ShimmerFormat: FrameFormat {
  let longestFrame = 160
  let hasChecksum = false

  private var layout: ShimmerLayout?
  private var calibrations = ShimmerCalibrations()
  private var period: UInt32 = 0
  private var lastTicks: UInt32?
  /// Bytes of checksum behind packets and answers.
  private var checkLength = 0

  init() {}

  mutating func sent(_ bytes: Span<UInt8>) {
    if bytes.count == 2, bytes[0] == 0x8B, bytes[1] <= 2 { checkLength = Int(bytes[1]) }
  }

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == 0xFF else { return head[0] == 0 ? packet(head) : answer(head, from: 0) }
    guard head.count >= 2 else { return .incomplete }
    switch head[1] {
    case 0x02, 0x04, 0x2D, 0x8A: return answer(head, from: 1)
    // The acknowledgement of a command that has no answer.
    default: return .frame(length: 1)
    }
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    let code = frame[0] == 0xFF && frame.count > 1 ? frame[1] : frame[0]
    let name =
      switch code {
      case 0x00: "00 packet"
      case 0x02: "02 answer to an inquiry"
      case 0x04: "04 rate"
      case 0x2D: "2D calibrations"
      case 0x8A: "8A state inside the stream"
      default: "FF acknowledgement"
      }
    tally.count(UInt32(code), name)
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard frame[0] == 0 else {
      take(frame, from: frame[0] == 0xFF ? 1 : 0)
      return
    }
    guard let layout else { return }
    draft.add(arrived: arrived)
    calibrations.fill(frame, 4, layout, &draft.sample)
    guard !draft.sample.fields.isEmpty else {
      draft.abandon()
      return
    }
    draft.sample.deviceTicks = UInt64(shimmerTicks(frame, at: 1))
    draft.sample.fields.insert(.deviceTime)
    if checkLength > 0 { draft.sample.flags.remove(.unchecked) }
    draft.emit(into: &samples)
  }

  private mutating func packet(_ head: Span<UInt8>) -> FrameVerdict {
    guard let layout else { return .noFrame }
    let bare = 4 + layout.size
    let length = bare + checkLength
    guard head.count >= length else { return .incomplete }
    let ticks = shimmerTicks(head, at: 1)
    if checkLength > 0 {
      guard isSound(head, bare) else { return .badCheck }
    } else if let lastTicks, !shimmerFollows(ticks, lastTicks, period: period) {
      guard head.count >= length + 4 else { return .incomplete }
      guard head[length] == 0, shimmerFollows(shimmerTicks(head, at: length + 1), ticks, period: period) else {
        return .noFrame
      }
    }
    lastTicks = ticks
    return .frame(length: length)
  }

  private mutating func answer(_ head: Span<UInt8>, from start: Int) -> FrameVerdict {
    guard head.count > start + 1 else { return isAnswer(head[start]) ? .incomplete : .noFrame }
    let bare: Int
    switch head[start] {
    case 0x02:
      guard head.count > start + 8 else { return .incomplete }
      let channels = Int(head[start + 7])
      guard channels >= 1, channels <= 32 else { return .noFrame }
      bare = start + 9 + channels
    case 0x04: bare = start + 3
    case 0x2D: bare = start + 1 + 4 * ShimmerCalibration.length
    // Answers inside a stream: state, battery.
    case 0x8A where head[start + 1] == 0x71: bare = start + 3
    case 0x8A where head[start + 1] == 0x94: bare = start + 5
    default: return .noFrame
    }
    guard head[start] == 0x02 else {
      guard head.count >= bare + checkLength else { return .incomplete }
      return isSound(head, bare) ? .frame(length: bare + checkLength) : .badCheck
    }
    if checkLength == 2 {
      guard head.count >= bare + 2 else { return .incomplete }
      return isSound(head, bare) ? takeInquiry(head, start, bare, check: 2) : .badCheck
    }
    // Whether there is a checksum of one byte shows behind the answer that all else depends on.
    guard head.count > bare else { return .incomplete }
    let hasCheck = head[bare] == UInt8(truncatingIfNeeded: shimmerChecksum(head, count: bare))
    return takeInquiry(head, start, bare, check: hasCheck ? 1 : 0)
  }

  private mutating func takeInquiry(_ head: Span<UInt8>, _ start: Int, _ bare: Int, check: Int) -> FrameVerdict {
    var found = ShimmerLayout()
    for index in (start + 9)..<bare where !found.append(head[index]) { return .noFrame }
    period = UInt32(head[start + 1]) | UInt32(head[start + 2]) << 8
    guard period > 0, found.size <= 128 else { return .noFrame }
    layout = found
    lastTicks = nil
    checkLength = check
    return .frame(length: bare + check)
  }

  private func isAnswer(_ byte: UInt8) -> Bool { byte == 0x02 || byte == 0x04 || byte == 0x2D || byte == 0x8A }

  private mutating func take(_ frame: Span<UInt8>, from start: Int) {
    guard start < frame.count, frame[start] == 0x2D else { return }
    let length = ShimmerCalibration.length
    calibrations.lowNoise = ShimmerCalibration(frame, at: start + 1, gainUnit: 1)
    calibrations.rate = ShimmerCalibration(frame, at: start + 1 + length, gainUnit: 0.01)
    calibrations.field = ShimmerCalibration(frame, at: start + 1 + 2 * length, gainUnit: 1)
    calibrations.wideRange = ShimmerCalibration(frame, at: start + 1 + 3 * length, gainUnit: 1)
  }

  private func isSound(_ head: Span<UInt8>, _ bare: Int) -> Bool {
    guard checkLength > 0 else { return true }
    let sum = shimmerChecksum(head, count: bare)
    return head[bare] == UInt8(truncatingIfNeeded: sum) && (checkLength == 1 || head[bare + 1] == UInt8(sum >> 8))
  }
}

/// The checksum of a Shimmer3 over the first `count` bytes, filled up with a zero to an even number; sent low byte first.
func shimmerChecksum(_ bytes: Span<UInt8>, count: Int) -> UInt16 {
  var crc: UInt16 = 0xB0CA
  for index in 0..<(count + count % 2) {
    crc = crc >> 8 | crc << 8
    crc ^= UInt16(index < count ? bytes[index] : 0)
    crc ^= (crc & 0xFF) >> 4
    crc ^= crc << 12
    crc ^= (crc & 0xFF) << 5
  }
  return crc
}
