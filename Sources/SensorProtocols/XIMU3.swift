import Motion

/// The x-io x-IMU3: messages that end with LF, as text (`I,TIMESTAMP,…`) or binary (the letter with its top bit set, a 64-bit time in
/// microseconds and 32-bit floats, low byte first, in which LF and DB are stuffed as DB DC and DB DD).
///
/// `I` gives acceleration and angular rate; `Q`, `R`, `A`, `L` and `E` give the orientation, which takes the sensor to an earth
/// frame whose z axis points up (the device's conventions NWU, the default, and ENU); where a setting among the commands says NED, it
/// points down, and the orientation is turned. The acceleration of `L` and `E` lacks gravity and is not read. Magnetic field (`M`) and
/// temperature (`T`) come at rates of their own, and go out with the next sample. An inertial and an orientation message of one time stamp are one sample: which of the two the
/// device sends last is learnt from the first pair, and from then on a sample is given out with that message. All other
/// known messages, commands and replies are frames without a sample.
struct XIMU3Format: FrameFormat {
  let longestFrame = 1024
  let hasChecksum = false

  private var framing = LineFraming(limit: 1024, startsInLine: false)
  /// What the message that `examine` found sound says, for `accept`.
  private var message = XIMU3Message()
  /// The kind of the message that ends a time stamp; `other` before it is known.
  private var closer = Kind.other
  private var hasPaired = false
  /// What the sample under construction holds; `other` when it is empty.
  private var open = Kind.other
  private var openTime: UInt64 = 0
  private var lastTime: UInt64?
  /// The device's earth frame has its z axis down.
  private var isDown = false

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    switch framing.find(head) {
    case .incomplete: return .incomplete
    case .nothing(let count): return .noFrameWithin(count)
    case .line(let text, let length):
      // A binary message may end with the byte of a CR.
      let end = head[0] >= 0x80 ? length - 1 : text
      return read(head, end: end) ? .frame(length: length) : .noFrameWithin(length)
    }
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    switch frame[0] {
    case UInt8(ascii: "{"): tally.count(UInt32(frame[0]), "{ command or reply")
    case UInt8(ascii: "^"): tally.count(UInt32(frame[0]), "^ another sensor's message")
    default:
      let letter = frame[0] & 0x7F
      let name = XIMU3Layout.name(letter)
      tally.count(
        UInt32(frame[0]),
        "\(Character(Unicode.Scalar(letter))) \(name ?? "unknown")" + (frame[0] < 0x80 ? ", text" : ", binary"),
        isKnown: name != nil)
    }
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard message.kind != .other else {
      if frame[0] == UInt8(ascii: "{"), let convention = ximu3Convention(frame) { isDown = convention == 2 }
      return
    }
    guard message.kind != .addition else {
      message.add(to: &draft.sample)
      return
    }
    let time = message.time
    if open != .other && (time != openTime || message.kind == open) {
      if message.kind == open && !hasPaired { closer = open }
      close(&draft, into: &samples)
    }
    if open != .other {
      hasPaired = true
      closer = message.kind
    } else if closer != .other && message.kind != closer && lastTime == time {
      hasPaired = true
      closer = message.kind
    }
    draft.add(arrived: arrived)
    message.fill(&draft.sample, isDown: isDown)
    open = message.kind
    openTime = time
    if message.kind == closer { close(&draft, into: &samples) }
  }

  mutating func finish(draft: inout SampleDraft, into samples: inout [SensorSample]) {
    if open != .other { close(&draft, into: &samples) }
  }

  private mutating func close(_ draft: inout SampleDraft, into samples: inout [SensorSample]) {
    draft.emit(into: &samples)
    lastTime = openTime
    open = .other
  }

  /// Reads the message in `0 ..< end` into `message`; false when it is none.
  private mutating func read(_ head: Span<UInt8>, end: Int) -> Bool {
    message.kind = .other
    guard end > 0 else { return false }
    if head[0] == UInt8(ascii: "{") { return isObject(head, end) }
    guard head[0] == UInt8(ascii: "^") else { return readMessage(head, 0, end) }
    // A multiplexed message, behind its channel, belongs to another sensor on the device's port.
    let isMessage = end > 2 && (head[2] == UInt8(ascii: "{") || readMessage(head, 2, end))
    message.kind = .other
    return isMessage
  }

  private func isObject(_ head: Span<UInt8>, _ end: Int) -> Bool {
    for index in 0..<end where head[index] < 0x20 { return false }
    return end >= 2 && head[end - 1] == UInt8(ascii: "}")
  }

  private mutating func readMessage(_ head: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard let layout = XIMU3Layout(head[start] & 0x7F) else { return false }
    return head[start] >= 0x80 ? readBinary(head, start, end, layout) : readText(head, start, end, layout)
  }

  private mutating func readBinary(_ head: Span<UInt8>, _ start: Int, _ end: Int, _ layout: XIMU3Layout) -> Bool {
    var bytes = XIMU3Unstuffed(from: start + 1, to: end)
    var time: UInt64 = 0
    for shift in 0..<8 {
      guard let byte = bytes.next(head) else { return false }
      time |= UInt64(byte) << UInt64(8 * shift)
    }
    guard time < XIMU3Message.timeLimit else { return false }
    guard !layout.isText else {
      while bytes.next(head) != nil {}
      return !bytes.isBroken
    }
    for index in 0..<layout.count {
      var word: UInt32 = 0
      for shift in 0..<4 {
        guard let byte = bytes.next(head) else { return false }
        word |= UInt32(byte) << UInt32(8 * shift)
      }
      let value = Double(Float(bitPattern: word))
      guard value.isFinite else { return false }
      message.set(index, value)
    }
    guard bytes.next(head) == nil, !bytes.isBroken else { return false }
    return message.take(layout, time)
  }

  private mutating func readText(_ head: Span<UInt8>, _ start: Int, _ end: Int, _ layout: XIMU3Layout) -> Bool {
    guard end >= start + 3, head[start + 1] == UInt8(ascii: ",") else { return false }
    var index = start + 2
    var time: UInt64 = 0
    while index < end, head[index] >= UInt8(ascii: "0"), head[index] <= UInt8(ascii: "9") {
      time = time &* 10 &+ UInt64(head[index] &- UInt8(ascii: "0"))
      guard time < XIMU3Message.timeLimit else { return false }
      index &+= 1
    }
    guard index > start + 2 else { return false }
    if layout.isText { return index == end || head[index] == UInt8(ascii: ",") }
    for slot in 0..<layout.count {
      guard index < end, head[index] == UInt8(ascii: ",") else { return false }
      let begin = index &+ 1
      index = begin
      while index < end, head[index] != UInt8(ascii: ",") { index &+= 1 }
      guard index &- begin <= 20, let value = lineNumber(head, from: begin, to: index) else { return false }
      message.set(slot, value)
    }
    return index == end && message.take(layout, time)
  }

  /// What a message brings.
  enum Kind { case other, inertial, orientation, addition }
}
