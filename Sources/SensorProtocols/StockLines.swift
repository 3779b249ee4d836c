import Motion

/// The labelled lines of stock sketches and libraries for boards with a small IMU: i2cdevlib, Adafruit, SparkFun, Razor AHRS and others.
/// What each looks like and means is in `StockLine.all`.
///
/// A line is taken only when it fits one of them whole. Lines of bare numbers do not say what they are and belong to
/// `lines:COLUMNS`; the word `Orientation:` is printed with four different orders of its numbers and is read only with the order
/// that the user has named. Acceleration and angular rate that come on two lines are one sample.
struct StockLinesFormat: FrameFormat {
  let longestFrame = 256
  let hasChecksum = false

  private let lines: [StockLine]
  private var framing = LineFraming(limit: 256, startsInLine: false)
  private var isFirst = true
  private var numbers = StockNumbers()
  /// The line that `examine` found, for `accept`; nil for an empty one.
  private var found: StockLine.Meaning?
  /// An acceleration waits for the angular rate that this sketch prints after it.
  private var isWaiting = false
  private var printsNoRate = false

  init(_ lines: [StockLine] = StockLine.all) { self.lines = lines }

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    switch framing.find(head) {
    case .incomplete: return .incomplete
    case .nothing(let count):
      isFirst = false
      return .noFrameWithin(count)
    case .line(let text, let length):
      // The rest of a line that was joined in its middle can begin with this letter and look like another one.
      let mayBeRest = isFirst && head[0] == UInt8(ascii: "X")
      isFirst = false
      guard !mayBeRest else { return .noFrameWithin(length) }
      var start = 0
      var end = text
      while start < end, isStockBlank(head[start]) { start &+= 1 }
      while end > start, isStockBlank(head[end &- 1]) { end &-= 1 }
      found = nil
      if start == end { return .frame(length: length) }
      for line in lines where line.matches(head, from: start, to: end, into: &numbers) {
        guard line.meaning.isSound(numbers) else {
          // A verdict of a wrong check goes on at the next byte; the rest of this line must not be looked at.
          return .noFrameWithin(length)
        }
        found = line.meaning
        return .frame(length: length)
      }
      return .noFrameWithin(length)
    }
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    guard found != nil else {
      tally.count(0, "empty line")
      return
    }
    // The words before the first number tell the line.
    var end = 0
    var code: UInt32 = 2_166_136_261
    while end < frame.count, frame[end] < UInt8(ascii: "0") || frame[end] > UInt8(ascii: "9"),
      frame[end] != UInt8(ascii: "-")
    {
      code = (code ^ UInt32(frame[end])) &* 16_777_619
      end &+= 1
    }
    let name = printableText(frame, from: 0, to: end)
    tally.count(code, name.isEmpty ? "line" : name)
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard let meaning = found, meaning != .quiet else { return }
    if isWaiting && (!meaning.isRateAlone || draft.lostBytes > 0) {
      if meaning.isAccelerationAlone && draft.lostBytes == 0 { printsNoRate = true }
      isWaiting = false
      draft.emit(into: &samples)
    }
    draft.add(arrived: arrived)
    meaning.fill(numbers, &draft.sample)
    if meaning.isRateAlone { printsNoRate = false }
    if meaning.isAccelerationAlone && !printsNoRate {
      isWaiting = true
      return
    }
    isWaiting = false
    draft.emit(into: &samples)
  }

  mutating func finish(draft: inout SampleDraft, into samples: inout [SensorSample]) {
    if isWaiting { draft.emit(into: &samples) }
    isWaiting = false
  }
}

@inline(__always)
private func isStockBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

/// The numbers of a line, from the left.
struct StockNumbers {
  private var values: InlineNumbers = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
  private typealias InlineNumbers = (
    Double, Double, Double, Double, Double, Double, Double, Double, Double, Double, Double, Double
  )
  private(set) var count = 0

  mutating func removeAll() { count = 0 }

  /// False when there is no room.
  mutating func append(_ value: Double) -> Bool {
    switch count {
    case 0: values.0 = value
    case 1: values.1 = value
    case 2: values.2 = value
    case 3: values.3 = value
    case 4: values.4 = value
    case 5: values.5 = value
    case 6: values.6 = value
    case 7: values.7 = value
    case 8: values.8 = value
    case 9: values.9 = value
    case 10: values.10 = value
    case 11: values.11 = value
    default: return false
    }
    count += 1
    return true
  }

  subscript(index: Int) -> Double {
    switch index {
    case 0: values.0
    case 1: values.1
    case 2: values.2
    case 3: values.3
    case 4: values.4
    case 5: values.5
    case 6: values.6
    case 7: values.7
    case 8: values.8
    case 9: values.9
    case 10: values.10
    default: values.11
    }
  }

  func vector(_ index: Int) -> Vector3 { Vector3(self[index], self[index + 1], self[index + 2]) }

  func quaternion(_ index: Int) -> Quaternion {
    Quaternion(w: self[index], x: self[index + 1], y: self[index + 2], z: self[index + 3])
  }
}

extension StockLine {
  /// Whether the text is this line. In a pattern `#` stands for a number, a blank for any number of blanks and tabs, `~` for at least
  /// one; all else for itself.
  func matches(_ text: Span<UInt8>, from start: Int, to end: Int, into numbers: inout StockNumbers) -> Bool {
    numbers.removeAll()
    var index = start
    for position in 0..<pattern.count {
      let byte = pattern[position]
      switch byte {
      case UInt8(ascii: "#"):
        let begin = index
        while index < end, isOfNumber(text[index]) { index &+= 1 }
        guard index > begin, index &- begin <= 20, let value = lineNumber(text, from: begin, to: index),
          numbers.append(value)
        else { return false }
      case UInt8(ascii: " "), UInt8(ascii: "~"):
        let begin = index
        while index < end, isStockBlank(text[index]) { index &+= 1 }
        if byte == UInt8(ascii: "~") && index == begin { return false }
      default:
        guard index < end, text[index] == (byte == StockLine.literalHash ? UInt8(ascii: "#") : byte) else {
          return false
        }
        index &+= 1
      }
    }
    return index == end
  }

  @inline(__always)
  private func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "e"):
      true
    default: false
    }
  }
}
