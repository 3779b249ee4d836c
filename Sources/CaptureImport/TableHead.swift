/// What the beginning of a text says about the table in it: how it is cut, what stands before it, its columns, and
/// where its rows begin. Formats decide on this alone.
struct TableHead: Sendable {
  /// One line above the header.
  struct Preamble: Sendable {
    var line: Int
    var text: String
  }

  var dialect: Dialect
  var preamble: [Preamble] = []
  /// The columns in order; empty for a table without a header.
  var columns: [ColumnName] = []
  /// The line of the (last) header row; nil without one.
  var headerLine: Int?
  /// Where the first row of data begins, and the line before it.
  var dataOffset: Int
  var lineBeforeData: Int
  /// Cells of a data row, an empty last one not counted.
  var width: Int
  /// The first rows of data whose cells are all numbers, up to two, of a table of up to 16 columns.
  var firstRows: [[Double]] = []
  /// Which columns hold a number in the first rows.
  var isNumeric: [Bool]

  /// How much of a file is looked at to identify it.
  static let mostBytes = 1 << 16

  /// The column with exactly this name.
  func column(_ name: String) -> Int? { columns.firstIndex { $0.text == name } }

  /// The rate that the preamble gives after one of these keys, such as `Update Rate: 100.0Hz`.
  func preambleRate(after keys: [String]) -> Double? {
    for entry in preamble {
      for key in keys {
        let lower = entry.text.lowercased()
        guard let range = lower.firstRange(of: key.lowercased()) else { continue }
        let digits = lower[range.upperBound...].drop { $0 == ":" || $0 == " " || $0 == "," }
          .prefix { $0.isNumber || $0 == "." }
        if let value = Double(digits), ImportOptions.usableRates.contains(value) { return value }
      }
    }
    return nil
  }
}

extension TableHead {
  /// Looks at the first bytes of a file.
  ///
  /// - Throws: `ImportError` of kind `empty`, `notText` or `unknownFormat` when there is no table.
  static func analyse(_ bytes: Span<UInt8>) throws(ImportError) -> TableHead {
    guard bytes.count > 0 else {
      throw ImportError(
        .empty, "the file is empty: nothing was written to it, or it was not copied whole; copy it again")
    }
    let end = min(bytes.count, mostBytes)
    var start = 0
    if end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { start = 3 }
    try refuseWhatIsNoText(bytes, from: start, to: end)

    // The last line of the part is cut unless the file ends there: leave it out, where there is more than one.
    var cut = end
    if end < bytes.count {
      while cut > start, bytes[cut - 1] != 10, bytes[cut - 1] != 13 { cut -= 1 }
      if cut == start { cut = end }
    }

    var skippedLines = 0
    var candidates: [Dialect] = [9, 59, 44, 124].map { Dialect(separator: .each($0)) }
    candidates += [Dialect(separator: .each(32)), Dialect(separator: .blanks)]
    if let (separator, next) = separatorLine(bytes, from: start, to: cut) {
      candidates = [Dialect(separator: .each(separator))]
      start = next
      skippedLines = 1
    }
    // The first way of cutting that gives rows of numbers is the right one, whatever its header may be.
    var lines = 0
    for candidate in candidates {
      let rows = HeadRows(bytes, dialect: candidate, from: start, to: cut, linesBefore: skippedLines)
      if let head = try rows.head(bytes) { return head }
      lines = max(lines, rows.lines)
    }
    if let error = DestroyedNumbers.find(bytes, from: start, to: cut) { throw error }
    throw ImportError(
      .unknownFormat, at: ImportError.Position(line: 1), "no rows of numbers in the first \(lines) lines")
  }

  private static func refuseWhatIsNoText(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(ImportError) {
    var line = 1
    for index in start..<end {
      let byte = bytes[index]
      if byte == 10 { line += 1 }
      if byte < 32, byte != 9, byte != 10, byte != 13, byte != 12 {
        throw ImportError(
          .notText, at: ImportError.Position(line: line),
          "not a text file: byte \(byte) at offset \(index) does not occur in text")
      }
    }
    var first = start
    while first < end, bytes[first] <= 32 { first += 1 }
    guard first < end else {
      throw ImportError(
        .empty,
        "the file holds nothing but blanks: nothing was written to it, or it was not copied whole; copy it again")
    }
    var second = first + 1
    while second < end, bytes[second] <= 32 { second += 1 }
    let isList = bytes[first] == UInt8(ascii: "[") && second < end && bytes[second] == UInt8(ascii: "{")
    if bytes[first] == UInt8(ascii: "{") || isList {
      throw ImportError(
        .unknownFormat, at: ImportError.Position(line: 1),
        "this is JSON, and not a capture of Movesense ('ArrayAcc' with 'Timestamp')")
    }
    if bytes[first] == UInt8(ascii: "<") {
      throw ImportError(
        .unknownFormat, at: ImportError.Position(line: 1), "this is XML or HTML, not a table of samples")
    }
  }

  /// A first line `sep=;`, quoted or not: the separator, and where the next line begins.
  private static func separatorLine(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> (UInt8, Int)? {
    var reader = RowReader(dialect: Dialect(separator: .each(0)), from: start, to: end)
    guard reader.advance(bytes), let cell = reader.cells.first else { return nil }
    // A blank before the closing line end may be trimmed from the cell; take the bytes behind the sign as they stand.
    let sign = cell.start + 4
    guard sign < reader.row.end, reader.text(bytes, Cell(start: cell.start, end: sign)).lowercased() == "sep=" else {
      return nil
    }
    return (bytes[sign], reader.position)
  }
}
