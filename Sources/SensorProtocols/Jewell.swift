import DecimalText
import Motion

/// Jewell TuffTilt inclinometers, in both forms of their lines: `$YXXDR,A,-00.920,D,N,A,-00.210,D,E,C,030.045,C,T-N1212*57` with the XOR
/// of what stands between `$` and `*`, and `$-00.920,-00.210,030.045,N1212` without a checksum.
///
/// As the maker's text has it the first angle is y in the long form and x in the short one. Samples of the short form are flagged
/// `unchecked`.
struct JewellFormat: FrameFormat {
  let longestFrame = 96
  let hasChecksum = false

  private var isLong = false
  private var first = 0.0
  private var second = 0.0
  private var temperature = 0.0

  init() {}

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    guard head[0] == UInt8(ascii: "$") else { return .noFrame }
    let limit = min(head.count, longestFrame)
    var index = 1
    while index < limit, head[index] != 0x0A {
      // Another start, or what no line holds: nothing begins here.
      guard head[index] != UInt8(ascii: "$"), head[index] == 0x0D || (head[index] >= 0x20 && head[index] < 0x7F) else {
        return .noFrame
      }
      index &+= 1
    }
    guard index < limit else { return limit == longestFrame ? .noFrame : .incomplete }
    guard head[index &- 1] == 0x0D else { return .noFrame }
    let end = index &- 1
    isLong = end > 6 && starts(head, "YXXDR,")
    guard isLong else { return readShort(head, end: end) ? .frame(length: index &+ 1) : .noFrame }
    guard end > 10, head[end &- 3] == UInt8(ascii: "*"), readLong(head, end: end &- 3) else { return .noFrame }
    var check: UInt8 = 0
    for place in 1..<(end &- 3) { check ^= head[place] }
    guard let high = hexDigit(head[end &- 2]), let low = hexDigit(head[end &- 1]), check == high << 4 | low else {
      return .badCheck
    }
    return .frame(length: index &+ 1)
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    tally.count(isLong ? 1 : 0, isLong ? "$YXXDR line, with checksum" : "short line")
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    draft.add(arrived: arrived)
    draft.sample.inclinationX = (isLong ? second : first) * radiansPerDegree
    draft.sample.inclinationY = (isLong ? first : second) * radiansPerDegree
    draft.sample.temperature = temperature
    draft.sample.fields = [.inclinationX, .inclinationY, .temperature]
    if isLong { draft.sample.flags.remove(.unchecked) }
    draft.emit(into: &samples)
  }

  /// `YXXDR,A,#,D,N,A,#,D,E,C,#,C,…`
  private mutating func readLong(_ line: Span<UInt8>, end: Int) -> Bool {
    var index = 7
    guard take("A,", line, &index, end), let a = number(line, &index, end), take("D,N,A,", line, &index, end),
      let b = number(line, &index, end), take("D,E,C,", line, &index, end), let c = number(line, &index, end),
      take("C,", line, &index, end)
    else { return false }
    (first, second, temperature) = (a, b, c)
    return true
  }

  /// `#,#,#,SERIAL`
  private mutating func readShort(_ line: Span<UInt8>, end: Int) -> Bool {
    var index = 1
    guard let a = number(line, &index, end), let b = number(line, &index, end), let c = number(line, &index, end),
      index < end
    else { return false }
    while index < end {
      let byte = line[index] | 0x20
      let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      guard isDigit || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) else { return false }
      index &+= 1
    }
    (first, second, temperature) = (a, b, c)
    return true
  }

  /// The number up to the next comma, which is stepped over.
  private func number(_ line: Span<UInt8>, _ index: inout Int, _ end: Int) -> Double? {
    let start = index
    while index < end, line[index] != UInt8(ascii: ",") { index &+= 1 }
    guard index < end, index &- start <= 12, let value = lineNumber(line, from: start, to: index), abs(value) <= 180
    else { return nil }
    index &+= 1
    return value
  }

  private func take(_ text: StaticString, _ line: Span<UInt8>, _ index: inout Int, _ end: Int) -> Bool {
    guard index &+ text.utf8CodeUnitCount <= end else { return false }
    for place in 0..<text.utf8CodeUnitCount where line[index &+ place] != text.utf8Start[place] { return false }
    index &+= text.utf8CodeUnitCount
    return true
  }

  private func starts(_ line: Span<UInt8>, _ text: StaticString) -> Bool {
    var index = 1
    return take(text, line, &index, line.count)
  }

  private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- 55
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- 87
    default: nil
    }
  }
}

/// Writes the long lines, with their checksum. A sample without an x inclination gives nothing; a missing y counts as level, a missing
/// temperature as 0 °C.
public struct JewellEncoder: SampleEncoder {
  private var text = TextBuffer()

  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.contains(.inclinationX) else { return }
    text.removeAll()
    text.append("YXXDR,A,")
    number((sample.fields.contains(.inclinationY) ? sample.inclinationY : 0) * degreesPerRadian, digits: 2)
    text.append(",D,N,A,")
    number(sample.inclinationX * degreesPerRadian, digits: 2)
    text.append(",D,E,C,")
    number(sample.fields.contains(.temperature) ? sample.temperature : 0, digits: 3)
    text.append(",C,T-N0000")
    let check = text.bytes.reduce(0 as UInt8, ^)
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    bytes.append(UInt8(ascii: "$"))
    bytes += text.bytes
    bytes += [UInt8(ascii: "*"), hexadecimal[Int(check >> 4)], hexadecimal[Int(check & 15)], 0x0D, 0x0A]
  }

  /// A number with leading zeros and three decimals; angles carry their sign always.
  private mutating func number(_ value: Double, digits: Int) {
    let thousandths = rounded(value * 1000, within: digits == 2 ? -99_999...99_999 : -999_999...999_999)
    if digits == 2 || thousandths < 0 { text.append(byte: UInt8(ascii: thousandths < 0 ? "-" : "+")) }
    var unit = digits == 2 ? 10_000 : 100_000
    while unit > 0 {
      text.append(byte: UInt8(abs(thousandths) / unit % 10) + UInt8(ascii: "0"))
      if unit == 1000 { text.append(".") }
      unit /= 10
    }
  }
}
