import Motion

/// The Bluetooth stream of a Shimmer3. It has no sync mark: what a packet holds is in the answer to an inquiry (`02`), and what its words
/// mean in the answer with the calibrations (`2D`); without both there are packets but no samples.
///
/// Packets are `00`, a time (see `ShimmerClock`) and the channels; answers follow an acknowledgement `FF`. How many bytes a time has
/// is told by the firmware's version (`2F`), else by the second packet. Where the host has switched checksums on they are
/// checked: one of two bytes when `8B 02` was sent, one of one byte when the inquiry's answer ends with it. A packet that does not
/// follow the one before in time is taken only when two more follow it by a period each.
struct ShimmerFormat: FrameFormat {
  let longestFrame = 160
  let hasChecksum = false

  private var layout: ShimmerLayout?
  private var calibrations = ShimmerCalibrations()
  private var clock = ShimmerClock()
  private var isWidthKnown = false
  /// Bytes of checksum behind packets and answers.
  private var checkLength = 0

  init() {}

  mutating func sent(_ bytes: Span<UInt8>) {
    if bytes.count == 2, bytes[0] == 0x8B, bytes[1] <= 2 { checkLength = Int(bytes[1]) }
  }

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    let verdict = look(head)
    switch verdict {
    case .frame, .incomplete: break
    default: clock.lose()
    }
    return verdict
  }

  private mutating func look(_ head: Span<UInt8>) -> FrameVerdict {
    // The state comes inside the stream as well, without an acknowledgement.
    guard head[0] == 0xFF else {
      return head[0] == 0 ? packet(head) : head[0] == 0x8A ? answer(head, from: 0) : .noFrame
    }
    guard head.count >= 2 else { return .incomplete }
    switch head[1] {
    case 0x02, 0x04, 0x2D, 0x2F, 0x8A: return answer(head, from: 1)
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
      case 0x2F: "2F firmware"
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
    guard let layout, let ticks = clock.ticks else { return }
    draft.add(arrived: arrived)
    calibrations.fill(frame, 1 + clock.width, layout, &draft.sample)
    guard !draft.sample.fields.isEmpty else {
      draft.abandon()
      return
    }
    draft.sample.deviceTicks = UInt64(ticks)
    draft.sample.fields.insert(.deviceTime)
    if checkLength > 0 { draft.sample.flags.remove(.unchecked) }
    draft.emit(into: &samples)
  }

  private mutating func packet(_ head: Span<UInt8>) -> FrameVerdict {
    guard let layout else { return .noFrame }
    if !isWidthKnown {
      // The longer form decides, whichever it is: what is looked at must not depend on how much is there. A checksum needs no second packet.
      let packets = checkLength > 0 ? 1 : 2
      guard head.count >= packets * (4 + layout.size + checkLength) else { return .incomplete }
      guard let width = width(head, layout) else { return .noFrame }
      clock.width = width
      isWidthKnown = true
    }
    let bare = 1 + clock.width + layout.size
    let length = bare + checkLength
    guard head.count >= length else { return .incomplete }
    let time = clock.read(head, at: 1)
    if checkLength > 0 {
      guard isSound(head, bare) else { return .badCheck }
    } else if clock.ticks != nil, !clock.fits(time) {
      guard head.count >= 2 * length + 1 + clock.width else { return .incomplete }
      let next = clock.read(head, at: length + 1)
      guard head[length] == 0, head[2 * length] == 0, clock.isNext(next, time),
        clock.isNext(clock.read(head, at: 2 * length + 1), next)
      else { return .noFrame }
    }
    clock.take(time)
    return .frame(length: length)
  }

  /// Bytes of a time: those by which a packet of the same form follows.
  private func width(_ head: Span<UInt8>, _ layout: ShimmerLayout) -> Int? {
    for width in [3, 2] {
      var clock = clock
      clock.width = width
      let bare = 1 + width + layout.size
      if checkLength > 0 ? isSound(head, bare) : isNext(head, at: bare, after: clock.read(head, at: 1), clock) {
        return width
      }
    }
    return nil
  }

  private func isNext(_ head: Span<UInt8>, at index: Int, after time: UInt32, _ clock: ShimmerClock) -> Bool {
    head[index] == 0 && clock.follows(clock.read(head, at: index + 1), time)
  }

  private mutating func answer(_ head: Span<UInt8>, from start: Int) -> FrameVerdict {
    guard head.count > start + 1 else { return start == 1 || head[start] == 0x8A ? .incomplete : .noFrame }
    let bare: Int
    switch head[start] {
    case 0x02:
      guard head.count > start + 8 else { return .incomplete }
      let channels = Int(head[start + 7])
      guard channels >= 1, channels <= 32 else { return .noFrame }
      bare = start + 9 + channels
    case 0x04: bare = start + 3
    case 0x2D: bare = start + 1 + 4 * ShimmerCalibration.length
    case 0x2F: bare = start + 7
    // Answers inside a stream: state, battery.
    case 0x8A where head[start + 1] == 0x71: bare = start + 3
    case 0x8A where head[start + 1] == 0x94: bare = start + 5
    default: return .noFrame
    }
    guard head[start] == 0x02 else {
      guard head.count >= bare + checkLength else { return .incomplete }
      if head[start] == 0x2D, !ShimmerCalibrations.arePossible(head, at: start + 1) { return .noFrame }
      if head[start] == 0x2F, !(1...3).contains(head[start + 1]) || head[start + 2] != 0 { return .noFrame }
      return isSound(head, bare) ? .frame(length: bare + checkLength) : .badCheck
    }
    if checkLength == 2 {
      guard head.count >= bare + 2 else { return .incomplete }
      return isSound(head, bare) ? takeInquiry(head, start, bare, check: 2) : .badCheck
    }
    // Whether there is a checksum of one byte shows behind the answer that all else depends on.
    guard head.count > bare else { return .incomplete }
    let hasCheck = head[bare] == UInt8(truncatingIfNeeded: shimmerChecksum(head, count: bare))
    // In a damaged stream this may be anything: behind an answer stands the next one, or a packet.
    if !hasCheck, clock.ticks != nil, head[bare] != 0, head[bare] != 0xFF { return .noFrame }
    return takeInquiry(head, start, bare, check: hasCheck ? 1 : 0)
  }

  private mutating func takeInquiry(_ head: Span<UInt8>, _ start: Int, _ bare: Int, check: Int) -> FrameVerdict {
    var found = ShimmerLayout()
    for index in (start + 9)..<bare where !found.append(head[index]) { return .noFrame }
    let period = UInt32(head[start + 1]) | UInt32(head[start + 2]) << 8
    // Two packets and the head of a third have to fit into what may be waited for.
    guard period > 0, found.size <= 70 else { return .noFrame }
    layout = found
    clock.period = period
    clock.restart()
    checkLength = check
    return .frame(length: bare + check)
  }

  private mutating func take(_ frame: Span<UInt8>, from start: Int) {
    guard start < frame.count else { return }
    if frame[start] == 0x2F {
      // Kind (1 BtStream, 3 LogAndStream) and version: the first with times of three bytes are 0.8 and 0.6.
      let version = Int(frame[start + 4]) << 16 | Int(frame[start + 3]) << 8 | Int(frame[start + 5])
      clock.width = version >= (frame[start + 1] == 1 ? 8 : 6) ? 3 : 2
      isWidthKnown = true
    }
    guard frame[start] == 0x2D else { return }
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
