import DecimalText
import Motion

/// Plain lines of numbers whose columns the user has named: what most sketches on a microcontroller print.
///
/// Between two columns stands one comma, semicolon or tab, with or without spaces, or spaces alone; one more at the end of the line is
/// allowed. A line with another number of columns, or with a word, `nan` or `inf` where a number belongs, is stepped
/// over and counted as skipped, not as a checksum failure: there is no checksum that could fail. An empty line is a frame
/// without a sample.
struct NumericLinesFormat: FrameFormat {
  let longestFrame = 512
  let hasChecksum = false

  private let map: ColumnMap
  private let fields: SensorSample.Fields
  private let timeMask: UInt64
  private var framing: LineFraming
  /// The numbers of the line that `examine` found sound, for `accept`.
  private var values: [Double]
  private var isEmptyLine = false

  init(_ map: ColumnMap) {
    self.map = map
    var fields: SensorSample.Fields = []
    if map.hasAcceleration { fields.insert(.acceleration) }
    if map.hasAngularRate { fields.insert(.angularRate) }
    if map.hasInclinationX { fields.insert(.inclinationX) }
    if map.hasInclinationY { fields.insert(.inclinationY) }
    if map.hasMagneticField { fields.insert(.magneticField) }
    if map.hasTemperature { fields.insert(.temperature) }
    if map.hasTime { fields.insert(.deviceTime) }
    self.fields = fields
    timeMask = map.timeWraps ? 0xFFFF_FFFF : .max
    framing = LineFraming(limit: longestFrame)
    values = Array(repeating: 0, count: map.columns.count)
  }

  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict {
    switch framing.find(head) {
    case .incomplete: return .incomplete
    case .nothing(let count): return .noFrameWithin(count)
    case .line(let text, let length):
      var start = 0
      var end = text
      while start < end, isBlank(head[start]) { start &+= 1 }
      while end > start, isBlank(head[end &- 1]) { end &-= 1 }
      isEmptyLine = start == end
      return isEmptyLine || parse(head, from: start, to: end) ? .frame(length: length) : .noFrameWithin(length)
    }
  }

  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) {
    tally.count(isEmptyLine ? 1 : 0, isEmptyLine ? "empty line" : "line of numbers")
  }

  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample]
  ) {
    guard !isEmptyLine else { return }
    draft.add(arrived: arrived)
    draft.sample.fields = fields
    for index in 0..<values.count {
      let value = values[index]
      switch map.columns[index].quantity {
      case .ignored: break
      case .time: draft.sample.deviceTicks = UInt64(value.rounded()) & timeMask
      case .acceleration(let axis): Self.set(&draft.sample.acceleration, axis, value)
      case .angularRate(let axis): Self.set(&draft.sample.angularRate, axis, value)
      case .magneticField(let axis): Self.set(&draft.sample.magneticField, axis, value)
      case .temperature: draft.sample.temperature = value
      case .inclinationX: draft.sample.inclinationX = value
      case .inclinationY: draft.sample.inclinationY = value
      }
    }
    draft.emit(into: &samples)
  }

  /// Reads the columns into `values`; false when the line is not what the map says.
  private mutating func parse(_ line: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    var index = start
    var column = 0
    while index < end {
      guard column < values.count else { return false }
      let begin = index
      while index < end, !isBlank(line[index]), !isMark(line[index]) { index &+= 1 }
      if map.columns[column].quantity != .ignored {
        guard let number = lineNumber(line, from: begin, to: index) else { return false }
        let value = number * map.columns[column].factor
        guard value.isFinite else { return false }
        // Up to 2^53 microseconds (285 years) every tick is an exact number.
        if map.columns[column].quantity == .time && !(value >= 0 && value < 0x1p53) { return false }
        values[column] = value
      }
      column &+= 1
      while index < end, line[index] == 0x20 { index &+= 1 }
      if index < end, isMark(line[index]) { index &+= 1 }
      while index < end, line[index] == 0x20 { index &+= 1 }
    }
    return column == values.count
  }

  /// Separators other than spaces.
  @inline(__always)
  private func isMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == 0x09
  }

  @inline(__always)
  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func set(_ vector: inout Vector3, _ axis: Int, _ value: Double) {
    switch axis {
    case 0: vector.x = value
    case 1: vector.y = value
    default: vector.z = value
    }
  }
}

/// Writes lines for a column map, the names of the columns first. A sample that lacks a quantity of the map gives nothing;
/// ignored columns are written as 0. `deviceTicks` are microseconds.
public struct NumericLinesEncoder: SampleEncoder {
  private let map: ColumnMap
  private var text = TextBuffer()
  private var isBegun = false

  public init(_ map: ColumnMap) { self.map = map }

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    let fields = sample.fields
    guard !map.hasTime || fields.contains(.deviceTime), !map.hasAcceleration || fields.contains(.acceleration),
      !map.hasAngularRate || fields.contains(.angularRate),
      !map.hasMagneticField || fields.contains(.magneticField), !map.hasTemperature || fields.contains(.temperature),
      !map.hasInclinationX || fields.contains(.inclinationX),
      !map.hasInclinationY || fields.contains(.inclinationY)
    else { return }
    text.removeAll()
    if !isBegun {
      text.append(text: map.text)
      text.append("\r\n")
      isBegun = true
    }
    for index in 0..<map.columns.count {
      if index > 0 { text.append(byte: UInt8(ascii: ",")) }
      let column = map.columns[index]
      let value: Double
      switch column.quantity {
      case .ignored: value = 0
      case .time: value = Double(sample.deviceTicks)
      case .acceleration(let axis): value = component(sample.acceleration, axis)
      case .angularRate(let axis): value = component(sample.angularRate, axis)
      case .magneticField(let axis): value = component(sample.magneticField, axis)
      case .temperature: value = sample.temperature
      case .inclinationX: value = sample.inclinationX
      case .inclinationY: value = sample.inclinationY
      }
      text.append(fixed: column.factor == 0 ? 0 : value / column.factor, decimals: column.decimals)
    }
    text.append("\r\n")
    bytes.append(contentsOf: text.bytes)
  }

  private func component(_ vector: Vector3, _ axis: Int) -> Double {
    axis == 0 ? vector.x : axis == 1 ? vector.y : vector.z
  }
}
