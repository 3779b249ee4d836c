import DecimalText

/// How a table separates its cells and writes its numbers.
struct Dialect: Equatable, Sendable {
  enum Separator: Equatable, Sendable {
    /// Each of these bytes separates, so that two in a row hold an empty cell between them.
    case each(UInt8)
    /// Any run of blanks and tabs separates, and blanks at the start of a line do not count.
    case blanks
  }

  var separator: Separator
  /// The decimal mark: a point, or a comma where the separator is another byte.
  var mark: UInt8 = UInt8(ascii: ".")
}

/// Where a cell's text stands in the bytes, without blanks around it and without quotes.
struct Cell: Equatable {
  var start: Int
  var end: Int

  var isEmpty: Bool { start >= end }
}

/// What a cell says as a number.
enum CellValue: Equatable {
  case number(Double)
  /// Empty, `NaN` or `null`: the writer had no value.
  case missing
  /// Text that is no number.
  case text
}

/// Cuts bytes into rows and cells in one pass. It keeps no byte and makes no string; the list of cells is used again
/// for each row, so reading allocates nothing in steady state.
///
/// A line ends with LF, CR LF, CR CR LF (text written twice through a translating layer) or a lone CR. Quotes protect
/// separators inside a cell, a doubled quote stands for one, and a quoted cell ends with its line at the latest: no
/// capture writes line ends inside quotes, and one lost quote must not swallow the rest of a file.
struct RowReader {
  /// A row of more cells than this is cut: no sensor table is that wide, and a hostile one can't fill the memory.
  static let mostCells = 4096

  let dialect: Dialect
  /// The first byte that is not read yet.
  var position: Int
  let end: Int
  /// The line of the current row, from 1.
  var line: Int
  /// The cells of the current row; none for an empty line.
  private(set) var cells: [Cell] = []
  /// The current row's bytes, without its line end.
  var row = Cell(start: 0, end: 0)
  /// Reads from `position`, which begins the line after `line`, up to `end`.
  init(dialect: Dialect, from position: Int, to end: Int, line: Int = 0) {
    self.dialect = dialect
    self.position = position
    self.end = end
    self.line = line
  }

  /// Moves to the next line; false at the end of the bytes.
  mutating func advance(_ bytes: Span<UInt8>) -> Bool {
    let end = min(self.end, bytes.count)
    guard position < end else { return false }
    line &+= 1
    cells.removeAll(keepingCapacity: true)
    let start = position
    switch dialect.separator {
    case .each(let separator): cutAtEach(bytes, separator, end)
    case .blanks: cutAtBlanks(bytes, end)
    }
    row = Cell(start: start, end: position)
    stepOverLineEnd(bytes, end)
    return true
  }

  private static func endsLine(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }

  private mutating func cutAtEach(_ bytes: Span<UInt8>, _ separator: UInt8, _ end: Int) {
    let lineStart = position
    while true {
      // Blanks around a cell are not part of it, except where the blank itself separates.
      while separator != 32, position < end, bytes[position] == 32 { position &+= 1 }
      var cell = Cell(start: position, end: position)
      if position < end, bytes[position] == UInt8(ascii: "\"") {
        cell = quoted(bytes, end)
        while !cell.isEmpty, bytes[cell.start] == 32 { cell.start &+= 1 }
        while !cell.isEmpty, bytes[cell.end &- 1] == 32 { cell.end &-= 1 }
        while position < end, bytes[position] != separator, !Self.endsLine(bytes[position]) { position &+= 1 }
      } else {
        while position < end, bytes[position] != separator, !Self.endsLine(bytes[position]) { position &+= 1 }
        cell.end = position
        while cell.end > cell.start, bytes[cell.end &- 1] == 32 { cell.end &-= 1 }
      }
      let isLast = position >= end || bytes[position] != separator
      if isLast, cells.isEmpty, cell.isEmpty, position == lineStart || separator != 32 { return }
      append(cell)
      if isLast { return }
      position &+= 1
    }
  }

  private mutating func cutAtBlanks(_ bytes: Span<UInt8>, _ end: Int) {
    while true {
      while position < end, bytes[position] == 32 || bytes[position] == 9 { position &+= 1 }
      guard position < end, !Self.endsLine(bytes[position]) else { return }
      if bytes[position] == UInt8(ascii: "\"") {
        append(quoted(bytes, end))
      } else {
        let start = position
        while position < end, bytes[position] != 32, bytes[position] != 9, !Self.endsLine(bytes[position]) {
          position &+= 1
        }
        append(Cell(start: start, end: position))
      }
    }
  }

  /// The text between the quote here and its partner; `position` moves behind it.
  private mutating func quoted(_ bytes: Span<UInt8>, _ end: Int) -> Cell {
    let quote = UInt8(ascii: "\"")
    position &+= 1
    var cell = Cell(start: position, end: position)
    while position < end, !Self.endsLine(bytes[position]) {
      if bytes[position] == quote {
        guard position &+ 1 < end, bytes[position &+ 1] == quote else {
          cell.end = position
          position &+= 1
          return cell
        }
        position &+= 1
      }
      position &+= 1
    }
    cell.end = position
    return cell
  }

  private mutating func append(_ cell: Cell) {
    if cells.count < Self.mostCells { cells.append(cell) }
  }

  mutating func stepOverLineEnd(_ bytes: Span<UInt8>, _ end: Int) {
    guard position < end else { return }
    // At most two CR are looked at, so that a file of nothing but CR is read in linear time.
    var ahead = position
    while ahead < end, ahead &- position < 2, bytes[ahead] == 13 { ahead &+= 1 }
    if ahead < end, bytes[ahead] == 10 {
      position = ahead &+ 1
    } else {
      position &+= 1
    }
  }

  /// The cell's number. A cell that the row does not have is missing.
  func value(_ bytes: Span<UInt8>, _ column: Int) -> CellValue {
    guard column < cells.count else { return .missing }
    let cell = cells[column]
    if let number = parseDecimal(bytes, from: cell.start, to: cell.end, mark: dialect.mark) { return .number(number) }
    if cell.isEmpty || spells(bytes, cell, "nan") || spells(bytes, cell, "-nan") || spells(bytes, cell, "null") {
      return .missing
    }
    return .text
  }

  /// The cell as a whole number of up to 18 digits, which no Double needs to round; nil for anything else.
  func integer(_ bytes: Span<UInt8>, in cell: Cell) -> Int64? {
    let isNegative = !cell.isEmpty && bytes[cell.start] == UInt8(ascii: "-")
    var index = isNegative ? cell.start &+ 1 : cell.start
    guard index < cell.end, cell.end &- index <= 19 else { return nil }
    var value: Int64 = 0
    while index < cell.end {
      let byte = bytes[index]
      guard byte >= 48, byte <= 57 else { return nil }
      let (tens, over) = value.multipliedReportingOverflow(by: 10)
      let (next, beyond) = tens.addingReportingOverflow(Int64(byte &- 48))
      if over || beyond { return nil }
      value = next
      index &+= 1
    }
    return isNegative ? -value : value
  }

  private func spells(_ bytes: Span<UInt8>, _ cell: Cell, _ word: StaticString) -> Bool {
    guard cell.end &- cell.start == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      for index in 0..<letters.count where bytes[cell.start &+ index] | 0x20 != letters[index] | 0x20 { return false }
      return true
    }
  }

  /// The cell as text, for headers; nothing on the way of the samples calls it.
  func text(_ bytes: Span<UInt8>, _ cell: Cell) -> String {
    var letters: [UInt8] = []
    var index = cell.start
    while index < cell.end {
      letters.append(bytes[index])
      let isDoubled = bytes[index] == 34 && index &+ 1 < cell.end && bytes[index &+ 1] == 34
      index &+= isDoubled ? 2 : 1
    }
    // What is not UTF-8 is the older text of one byte a letter.
    return String(validating: letters, as: UTF8.self)
      ?? String(String.UnicodeScalarView(letters.map { Unicode.Scalar($0) }))
  }
}
