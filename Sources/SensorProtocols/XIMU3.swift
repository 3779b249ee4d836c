import Motion

/// The x-io x-IMU3: messages that end with LF, as text (`I,TIMESTAMP,…`) or binary (the letter with its top bit set, a 64-bit time in
/// microseconds and 32-bit floats, low byte first, in which LF and DB are stuffed as DB DC and DB DD).
///
/// `I` gives acceleration and angular rate; `Q`, `R`, `A`, `L` and `E` give the orientation, which takes the sensor to an earth
/// frame whose z axis points up (the device's conventions NWU, the default, and ENU). The acceleration of `L` and `E`
/// lacks gravity and is not read. An inertial and an orientation message of one time stamp are one sample: which of the two the
/// device sends last is learnt from the first pair, and from then on a sample is given out with that message. All other
/// known messages, commands and replies are frames without a sample.
struct XIMU3Format: FrameFormat {
  let longestFrame = 1024
  let hasChecksum = false

  private var framing = LineFraming(limit: 1024, startsInLine: false)
  /// What the message that `examine` found sound says, for `accept`.
  private var message = Message()
  /// The kind of the message that ends a time stamp; `other` before it is known.
  private var closer = Kind.other
  private var hasPaired = false
  /// What the sample under construction holds; `other` when it is empty.
  private var open = Kind.other
  private var openTime: UInt64 = 0
  private var lastTime: UInt64?

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
      let name = Layout.name(letter)
      tally.count(
        UInt32(frame[0]),
        "\(Character(Unicode.Scalar(letter))) \(name ?? "unknown")" + (frame[0] < 0x80 ? ", text" : ", binary"),
        isKnown: name != nil)
    }
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard message.kind != .other else { return }
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
    message.fill(&draft.sample)
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
    guard let layout = Layout(head[start] & 0x7F) else { return false }
    return head[start] >= 0x80 ? readBinary(head, start, end, layout) : readText(head, start, end, layout)
  }

  private mutating func readBinary(_ head: Span<UInt8>, _ start: Int, _ end: Int, _ layout: Layout) -> Bool {
    var bytes = Unstuffed(from: start + 1, to: end)
    var time: UInt64 = 0
    for shift in 0..<8 {
      guard let byte = bytes.next(head) else { return false }
      time |= UInt64(byte) << UInt64(8 * shift)
    }
    guard time < Message.timeLimit else { return false }
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

  private mutating func readText(_ head: Span<UInt8>, _ start: Int, _ end: Int, _ layout: Layout) -> Bool {
    guard end >= start + 3, head[start + 1] == UInt8(ascii: ",") else { return false }
    var index = start + 2
    var time: UInt64 = 0
    while index < end, head[index] >= UInt8(ascii: "0"), head[index] <= UInt8(ascii: "9") {
      time = time &* 10 &+ UInt64(head[index] &- UInt8(ascii: "0"))
      guard time < Message.timeLimit else { return false }
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

  fileprivate enum Kind { case other, inertial, orientation }
}

/// Gives the bytes of a stuffed body one by one.
private struct Unstuffed {
  private var index: Int
  private let end: Int
  /// A DB was not followed by DC or DD.
  private(set) var isBroken = false

  init(from start: Int, to end: Int) {
    index = start
    self.end = end
  }

  mutating func next(_ bytes: Span<UInt8>) -> UInt8? {
    guard index < end, !isBroken else { return nil }
    let byte = bytes[index]
    index &+= 1
    guard byte == 0xDB else { return byte }
    guard index < end, bytes[index] == 0xDC || bytes[index] == 0xDD else {
      isBroken = true
      return nil
    }
    index &+= 1
    return bytes[index &- 1] == 0xDC ? 0x0A : 0xDB
  }
}

/// What follows the time stamp of a message.
private struct Layout {
  let letter: UInt8
  /// So many numbers.
  let count: Int
  /// Or any text or bytes.
  let isText: Bool

  init?(_ letter: UInt8) {
    let count: Int
    switch letter {
    case UInt8(ascii: "I"): count = 6
    case UInt8(ascii: "M"), UInt8(ascii: "H"), UInt8(ascii: "A"), UInt8(ascii: "B"): count = 3
    case UInt8(ascii: "Q"), UInt8(ascii: "U"): count = 4
    case UInt8(ascii: "R"): count = 9
    case UInt8(ascii: "L"), UInt8(ascii: "E"): count = 7
    case UInt8(ascii: "T"): count = 1
    case UInt8(ascii: "W"): count = 2
    // Serial accessory, notification, error.
    case UInt8(ascii: "S"), UInt8(ascii: "N"), UInt8(ascii: "F"): count = 0
    // Newer firmware has further letters; the message is known by its shape, and not read.
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): count = 0
    default: return nil
    }
    self.letter = letter
    self.count = count
    isText = count == 0
  }

  /// What the letter stands for; nil where it is not known.
  static func name(_ letter: UInt8) -> String? {
    switch letter {
    case UInt8(ascii: "I"): "inertial"
    case UInt8(ascii: "M"): "magnetometer"
    case UInt8(ascii: "H"): "high-g accelerometer"
    case UInt8(ascii: "Q"): "quaternion"
    case UInt8(ascii: "R"): "rotation matrix"
    case UInt8(ascii: "A"): "Euler angles"
    case UInt8(ascii: "L"): "linear acceleration"
    case UInt8(ascii: "E"): "earth acceleration"
    case UInt8(ascii: "U"): "AHRS status"
    case UInt8(ascii: "T"): "temperature"
    case UInt8(ascii: "B"): "battery"
    case UInt8(ascii: "W"): "RSSI"
    case UInt8(ascii: "S"): "serial accessory"
    case UInt8(ascii: "N"): "notification"
    case UInt8(ascii: "F"): "error"
    default: nil
    }
  }
}

/// One message's numbers.
private struct Message {
  /// Nine years of microseconds. The time stamps of half a binary message are usually larger.
  static let timeLimit: UInt64 = 1 << 48

  var kind = XIMU3Format.Kind.other
  var time: UInt64 = 0
  private var letter: UInt8 = 0
  private var a = Vector3.zero
  private var b = Vector3.zero
  private var c = Vector3.zero

  mutating func set(_ index: Int, _ value: Double) {
    switch index {
    case 0: a.x = value
    case 1: a.y = value
    case 2: a.z = value
    case 3: b.x = value
    case 4: b.y = value
    case 5: b.z = value
    case 6: c.x = value
    case 7: c.y = value
    default: c.z = value
    }
  }

  mutating func take(_ layout: Layout, _ time: UInt64) -> Bool {
    self.time = time
    letter = layout.letter
    switch letter {
    case UInt8(ascii: "I"): kind = .inertial
    case UInt8(ascii: "Q"), UInt8(ascii: "R"), UInt8(ascii: "A"), UInt8(ascii: "L"), UInt8(ascii: "E"):
      kind = .orientation
    default: kind = .other
    }
    return true
  }

  func fill(_ sample: inout SensorSample) {
    sample.deviceTicks = time
    sample.fields.insert(.deviceTime)
    switch letter {
    case UInt8(ascii: "I"):
      sample.angularRate = a * radiansPerDegree
      sample.acceleration = b * standardGravity
      sample.fields.formUnion([.acceleration, .angularRate])
    case UInt8(ascii: "A"):
      sample.eulerAngles = a * radiansPerDegree
      sample.fields.insert(.eulerAngles)
    case UInt8(ascii: "R"):
      sample.orientation = ximu3Orientation(rows: a, b, c)
      sample.fields.insert(.orientation)
    default:
      sample.orientation = Quaternion(w: a.x, x: a.y, y: a.z, z: b.x)
      sample.fields.insert(.orientation)
    }
  }
}

/// The rotation with these rows; a quaternion of length zero, which is flagged implausible, when they are no rotation.
private func ximu3Orientation(rows x: Vector3, _ y: Vector3, _ z: Vector3) -> Quaternion {
  // Four printed decimals and the device's single precision stay far inside these limits.
  func isUnit(_ v: Vector3) -> Bool { abs(v.lengthSquared - 1) < 0.05 }
  guard isUnit(x), isUnit(y), isUnit(z), abs(x.dot(y)) < 0.05, abs(x.dot(z)) < 0.05, abs(y.dot(z)) < 0.05,
    x.cross(y).dot(z) > 0
  else { return Quaternion(w: 0, x: 0, y: 0, z: 0) }
  return Quaternion(columns: Vector3(x.x, y.x, z.x), Vector3(x.y, y.y, z.y), Vector3(x.z, y.z, z.z))
}
