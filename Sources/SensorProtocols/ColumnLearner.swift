import Motion

/// Finds out what the columns of plain lines of numbers hold, from the line of names that some boards print first, or from the numbers.
///
/// It sees the beginning of a stream, and keeps a bounded part of it. Names with units settle a column; names without units, and numbers
/// without names, are settled by physics where that is certain (`ColumnPhysics`), and else not at all: a guess would be an invented angle.
public struct ColumnLearner: Sendable {
  /// What the columns were learned from.
  public enum Source: Hashable, Sendable {
    /// This line of names.
    case names(String)
    /// The numbers alone.
    case numbers
  }

  /// What was learned.
  public struct Learned: Sendable {
    /// What each column holds; those that stayed unknown are skipped.
    public let map: ColumnMap
    /// What it was learned from.
    public let source: Source
    /// Lines that fit the map.
    public let rows: Int
    /// Of the bytes since the first such line, the share that lies in them.
    public let share: Double

    /// Where the map comes from, in words.
    public var words: String {
      switch source {
      case .names(let line): "columns \(map.text), learned from the line '\(line)'"
      case .numbers: "columns \(map.text), learned from the numbers alone: check them"
      }
    }
  }

  /// Lines that are kept; of a steady stream no more is needed.
  static let limit = 400
  /// Lines without names that have to be there while more may come.
  static let enough = 100

  private var framing = LineFraming(limit: 512, startsInLine: false)
  private var line: [UInt8] = []
  private var isFirst = true
  private var isFinished = false
  /// The newest lines with letters in them, before the first row.
  private var words: [String] = []
  private var rows: [[Double]] = []
  private var bytesInRows = 0
  private var bytesSince = 0

  public init() {}

  /// Takes the next bytes of the stream.
  public mutating func consume(_ bytes: Span<UInt8>) {
    for index in 0..<bytes.count where rows.count < Self.limit {
      let byte = bytes[index]
      if byte == 0x0A {
        take()
        line.removeAll(keepingCapacity: true)
      } else if line.count < 512 {
        line.append(byte)
      }
    }
  }

  /// The stream has ended.
  public mutating func finish() { isFinished = true }

  private mutating func take() {
    defer { isFirst = false }
    if line.last == 0x0D { line.removeLast() }
    guard !line.isEmpty, line.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 < 0x7F }) else {
      if !rows.isEmpty { bytesSince += line.count + 1 }
      return
    }
    let numbers = numericCells(line.span)
    // A stream is joined in the middle of a line; half a line still looks like one. Names come whole, or not at all.
    if let numbers, !isFirst {
      if rows.first.map({ $0.count == numbers.count }) ?? true {
        rows.append(numbers)
        bytesInRows += line.count + 1
      }
      bytesSince += line.count + 1
    } else if numbers == nil, rows.isEmpty {
      words.append(String(decoding: line, as: UTF8.self))
      if words.count > 8 { words.removeFirst() }
    } else if !rows.isEmpty {
      bytesSince += line.count + 1
    }
  }

  /// What the lines so far say; nil for nothing certain.
  public var learned: Learned? {
    guard let width = rows.first?.count, rows.count >= 6 else { return nil }
    let share = Double(bytesInRows) / Double(max(bytesSince, 1))
    guard share >= 0.9 else { return nil }
    let physics = ColumnPhysics(rows)
    // The newest line with as many cells as the rows have.
    if let names = words.last(where: { columnNames($0).count == width }),
      let map = ColumnNaming(columnNames(names), banner: words, physics).map
    {
      return Learned(map: map, source: .names(names), rows: rows.count, share: share)
    }
    guard rows.count >= Self.enough || isFinished && rows.count >= 30, let map = physics.map else { return nil }
    return Learned(map: map, source: .numbers, rows: rows.count, share: share)
  }
}

/// The numbers of a line, not a number where a cell holds something else, such as a date; nil when it is no row of numbers.
private func numericCells(_ line: Span<UInt8>) -> [Double]? {
  var cells: [Double] = []
  var known = 0
  var index = 0
  func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == 0x09 }
  func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  var end = line.count
  while end > 0, isBlank(line[end - 1]) { end -= 1 }
  while index < end, isBlank(line[index]) { index += 1 }
  while index < end {
    let begin = index
    while index < end, line[index] != 0x20, !isMark(line[index]) { index += 1 }
    if let number = lineNumber(line, from: begin, to: index) {
      cells.append(number)
      known += 1
    } else {
      // A word is no cell of a row of numbers; a date or a time of day is.
      for place in begin..<index
      where line[place] | 0x20 >= UInt8(ascii: "a") && line[place] | 0x20 <= UInt8(ascii: "z") {
        return nil
      }
      cells.append(.nan)
    }
    while index < end, line[index] == 0x20 { index += 1 }
    if index < end, isMark(line[index]) { index += 1 }
    while index < end, line[index] == 0x20 { index += 1 }
  }
  return known >= 3 && cells.count <= ColumnMap.limit && cells.count - known <= 2 ? cells : nil
}

/// The cells of a line of names: between commas, semicolons or tabs where it has any, else between blanks.
func columnNames(_ line: String) -> [String] {
  let isMarked = line.contains { $0 == "," || $0 == ";" || $0 == "\t" }
  var cells = line.split(omittingEmptySubsequences: !isMarked) {
    isMarked ? $0 == "," || $0 == ";" || $0 == "\t" : $0 == " "
  }.map { String($0.drop { $0 == " " }) }
  if cells.last?.isEmpty ?? false { cells.removeLast() }
  return cells
}
