import DecimalText

/// The columns of a table that are read, and what the current row has in them.
struct RowValues: Sendable {
  /// The columns in order.
  let columns: [Int]
  /// Their numbers; NaN where there is none.
  fileprivate(set) var numbers: [Double]
  /// The first of the columns whose cell is text in place of a number; nil where none is.
  fileprivate(set) var textColumn: Int?
  /// The place among `columns` of the one whose cell is wanted as it stands.
  let watched: Int?
  /// That cell.
  fileprivate(set) var watchedCell = Cell(start: 0, end: 0)

  /// - Parameters:
  ///   - columns: which columns; in any order, and one may be named twice.
  ///   - watched: a column whose cell is wanted as it stands.
  init(columns: [Int], watched: Int?) {
    let sorted = Set(columns).sorted()
    self.columns = sorted
    numbers = [Double](repeating: .nan, count: sorted.count)
    self.watched = watched.flatMap { sorted.firstIndex(of: $0) }
  }

  /// Takes the numbers of a row that was cut into cells.
  ///
  /// - Parameter text: a column that may hold text.
  mutating func take(_ reader: RowReader, _ bytes: Span<UInt8>, mayBeText text: Int?) {
    textColumn = nil
    for place in columns.indices {
      let column = columns[place]
      if place == watched {
        watchedCell = column < reader.cells.count ? reader.cells[column] : Cell(start: 0, end: 0)
      }
      switch column == text ? .missing : reader.value(bytes, column) {
      case .number(let value): numbers[place] = value
      case .missing: numbers[place] = .nan
      case .text:
        numbers[place] = .nan
        if textColumn == nil { textColumn = column }
      }
    }
  }
}

extension RowReader {
  /// Reads the next row's numbers in one pass, without cutting it into cells; false, with nothing changed, where the row is not plain: a cell
  /// that is read is empty, quoted or no number, a number is longer than usual, a row is short. Then `advance` reads it.
  ///
  /// - Parameter limit: a line end stands at this place or before it, and behind `position`.
  mutating func advancePlainly(_ bytes: Span<UInt8>, limit: Int, _ values: inout RowValues) -> Bool {
    guard case .each(let separator) = dialect.separator, limit < bytes.count, position <= limit,
      [9, 32, 44, 59, 124].contains(separator), separator != dialect.mark
    else { return false }
    let mark = dialect.mark
    let last = values.columns.count &- 1
    var index = position
    var column = 0
    for place in values.columns.indices {
      let wanted = values.columns[place]
      while column < wanted {
        // Passed over: a cell ends with its separator; a quote may hide one.
        var byte = bytes[unchecked: index]
        while byte != separator {
          if byte == 10 || byte == 13 || byte == UInt8(ascii: "\"") { return false }
          index &+= 1
          byte = bytes[unchecked: index]
        }
        index &+= 1
        column &+= 1
      }
      if separator != 32 { while bytes[unchecked: index] == 32 { index &+= 1 } }
      let start = index
      let number = scanDecimal(bytes, at: &index, mark: mark)
      if number.isNaN { return false }
      if place == values.watched { values.watchedCell = Cell(start: start, end: index) }
      values.numbers[place] = number
      let byte = bytes[unchecked: index]
      if byte == separator {
        index &+= 1
        column &+= 1
      } else if place < last || (byte != 10 && byte != 13) {
        return false
      }
    }
    index = Self.lineEnd(bytes, from: index, limit: limit)
    values.textColumn = nil
    row = Cell(start: position, end: index)
    line &+= 1
    position = index
    stepOverLineEnd(bytes, min(end, bytes.count))
    return true
  }

  /// The first CR or LF at or behind `index`; there is one at `limit` at the latest.
  @inline(__always)
  private static func lineEnd(_ bytes: Span<UInt8>, from start: Int, limit: Int) -> Int {
    var index = start
    // Eight bytes at a time: a byte that is zero after the letter was taken out of it borrows from its highest bit.
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    while index &+ 8 <= limit {
      let word = bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      let (feed, carriage) = (word ^ (10 &* ones), word ^ (13 &* ones))
      let found = ((feed &- ones) & ~feed | (carriage &- ones) & ~carriage) & highs
      if found != 0 { break }
      index &+= 8
    }
    while bytes[unchecked: index] != 10, bytes[unchecked: index] != 13 { index &+= 1 }
    return index
  }
}
