/// The first rows of a text under one dialect, sorted into what stands above the table, its header and its data.
struct HeadRows {
  /// What a row looks like.
  private enum Look {
    case empty
    case comment
    case text
    case data
  }

  private struct Row {
    var line: Int
    var offset: Int
    var look: Look
    /// Cells up to the last one that is not empty.
    var width: Int
    var count: Int
    var numeric: [Bool]
  }

  /// Rows looked at; more say nothing new.
  private static let mostRows = 300

  private var dialect: Dialect
  private let start: Int
  private let end: Int
  private let linesBefore: Int
  private var rows: [Row] = []

  init(_ bytes: Span<UInt8>, dialect: Dialect, from start: Int, to end: Int, linesBefore: Int) {
    self.dialect = dialect
    self.start = start
    self.end = end
    self.linesBefore = linesBefore
    if dialect.separator != .each(44) { self.dialect.mark = decimalMark(bytes) }
    var reader = RowReader(dialect: self.dialect, from: start, to: end, line: linesBefore)
    while rows.count < Self.mostRows {
      let offset = reader.position
      guard reader.advance(bytes) else { break }
      rows.append(Self.look(at: reader, bytes, offset))
    }
  }

  /// The comma is the decimal mark when cells are numbers with it and none is one with a point.
  private func decimalMark(_ bytes: Span<UInt8>) -> UInt8 {
    let (point, comma) = (UInt8(ascii: "."), UInt8(ascii: ","))
    var byComma = RowReader(dialect: Dialect(separator: dialect.separator, mark: comma), from: start, to: end)
    var withComma = 0
    var withPoint = 0
    while byComma.line < Self.mostRows, byComma.advance(bytes) {
      for (column, cell) in byComma.cells.enumerated() {
        var index = cell.start
        while index < cell.end, bytes[index] != comma, bytes[index] != point { index += 1 }
        guard index < cell.end else { continue }
        if bytes[index] == point { withPoint += 1 }
        if bytes[index] == comma, case .number = byComma.value(bytes, column) { withComma += 1 }
      }
    }
    return withComma > 2 && withComma > withPoint ? comma : point
  }

  private static func look(at reader: RowReader, _ bytes: Span<UInt8>, _ offset: Int) -> Row {
    var row = Row(
      line: reader.line, offset: offset, look: .empty, width: 0, count: reader.cells.count,
      numeric: [Bool](repeating: false, count: reader.cells.count))
    var numbers = 0
    var texts = 0
    var missing = 0
    for column in reader.cells.indices {
      switch reader.value(bytes, column) {
      case .number:
        numbers += 1
        row.numeric[column] = true
      case .missing: missing += reader.cells[column].isEmpty ? 0 : 1
      case .text: texts += 1
      }
      if !reader.cells[column].isEmpty { row.width = column + 1 }
    }
    guard row.width > 0 else { return row }
    let first = reader.cells.first { !$0.isEmpty } ?? Cell(start: 0, end: 0)
    let isComment =
      bytes[first.start] == UInt8(ascii: "#")
      || (bytes[first.start] == UInt8(ascii: "/") && first.end - first.start > 1
        && bytes[first.start + 1] == UInt8(ascii: "/"))
    if isComment {
      row.look = .comment
    } else {
      row.look = numbers + missing >= 2 && numbers >= 1 && numbers + missing >= texts ? .data : .text
    }
    return row
  }

  /// The line of the last row that was looked at.
  var lines: Int { rows.last?.line ?? linesBefore }

  /// The cell behind a time of day of the first row when the blank between them belongs to the time (`13:43:09 096`).
  private func clockWithBlank(_ bytes: Span<UInt8>, _ firstData: Int) -> Int? {
    guard dialect.separator == .blanks else { return nil }
    var reader = RowReader(dialect: dialect, from: rows[firstData].offset, to: end)
    guard reader.advance(bytes), reader.cells.count > 1 else { return nil }
    let (time, fraction) = (reader.text(bytes, reader.cells[0]), reader.text(bytes, reader.cells[1]))
    guard time.count(where: { $0 == ":" }) == 2, fraction.count == 3, fraction.allSatisfy(\.isNumber) else {
      return nil
    }
    return 1
  }

  private func headerTooShort(_ line: Int, _ names: Int, _ values: Int) -> ImportError {
    // Commas between the cells and inside of the numbers: `0,4826,0,1644`.
    if dialect.separator == .each(44), values >= 2 * names - 2, values <= 2 * names, names > 2 {
      return ImportError(
        .destroyedNumbers, at: ImportError.Position(line: line),
        "the header has \(names) names and the rows \(values) values: these numbers have decimal commas in a file that separates with commas, so that nothing tells which comma is which; export with semicolons or points"
      )
    }
    return ImportError(
      .unknownFormat, at: ImportError.Position(line: line),
      "the header has \(names) names, the rows below it have \(values) values")
  }

  /// The head of the table in these rows; nil when there is none under this dialect.
  ///
  /// - Throws: `unknownFormat` when its header does not fit its rows.
  func head(_ bytes: Span<UInt8>) throws(ImportError) -> TableHead? {
    // Data begin where two rows of one width follow each other; at the end of the text one row is enough.
    var firstData: Int?
    let full = rows.indices.filter { rows[$0].look != .empty }
    for (place, index) in full.enumerated() where rows[index].look == .data {
      let next = place + 1 < full.count ? rows[full[place + 1]] : nil
      if next == nil || (next?.look == .data && abs((next?.count ?? 0) - rows[index].count) <= 1) {
        firstData = index
        break
      }
    }
    guard let firstData else { return nil }
    let sample = rows[firstData...].filter { $0.look == .data }.prefix(20)
    var numeric = [Bool](repeating: false, count: sample.map(\.numeric.count).max() ?? 0)
    for row in sample { for (column, holds) in row.numeric.enumerated() where holds { numeric[column] = true } }
    var head = TableHead(
      dialect: dialect, dataOffset: rows[firstData].offset, lineBeforeData: rows[firstData].line - 1,
      width: sample.map(\.width).max() ?? 0, isNumeric: numeric)
    head.firstRows = firstNumbers(bytes, firstData)
    let header = headerRows(bytes, above: firstData, width: head.width)
    let names = headerNames(bytes, header, width: head.width)
    // Fixed-width text has runs of blanks between its columns: cut at each blank, a header has empty names in its midst.
    if dialect.separator == .each(32), names.isEmpty || names.dropLast().contains(where: \.text.isEmpty) { return nil }
    head.columns = names
    head.headerLine = header.last.map { rows[$0].line }
    let widestHeader = header.map { rows[$0].width }.max() ?? 0
    let narrowest = sample.map(\.width).min() ?? 0
    if let line = head.headerLine, widestHeader < narrowest {
      if let place = clockWithBlank(bytes, firstData), widestHeader + 1 == narrowest {
        head.columns.insert(ColumnName(""), at: place)
      } else {
        throw headerTooShort(line, widestHeader, narrowest)
      }
    }
    for index in 0..<firstData where !header.contains(index) && rows[index].look != .empty {
      head.preamble.append(TableHead.Preamble(line: rows[index].line, text: lineText(bytes, rows[index])))
    }
    return head
  }

  private func firstNumbers(_ bytes: Span<UInt8>, _ firstData: Int) -> [[Double]] {
    var reader = RowReader(dialect: dialect, from: rows[firstData].offset, to: end)
    var found: [[Double]] = []
    while found.count < 2, reader.advance(bytes), reader.cells.count <= 16 {
      let numbers = reader.cells.indices.compactMap { column -> Double? in
        if case .number(let value) = reader.value(bytes, column) { value } else { nil }
      }
      guard numbers.count == reader.cells.count else { break }
      found.append(numbers)
    }
    return found
  }

  /// The rows of names (and units) straight above the data, from the top.
  private func headerRows(_ bytes: Span<UInt8>, above firstData: Int, width: Int) -> [Int] {
    var found: [Int] = []
    var index = firstData - 1
    while index >= 0, rows[index].look == .empty { index -= 1 }
    while index >= 0, found.count < 4 {
      let row = rows[index]
      guard row.look == .text, row.count >= 2, !lineText(bytes, row).hasPrefix("Format=") else { break }
      // Further up only rows as wide as the lowest: a line of the preamble is narrower, or padded after its value.
      if let lowest = found.first, row.count != rows[lowest].count || row.width * 2 < rows[lowest].width { break }
      found.insert(index, at: 0)
      index -= 1
    }
    // Names inside comments: the nearest comment above that has as many words as the rows have values.
    if found.isEmpty {
      for index in (0..<firstData).reversed() where rows[index].look == .comment && rows[index].count == width {
        return [index]
      }
    }
    return found
  }

  private func headerNames(_ bytes: Span<UInt8>, _ header: [Int], width: Int) -> [ColumnName] {
    var texts = header.map { cellTexts(bytes, rows[$0]) }
    guard !texts.isEmpty else { return [] }
    // A row of units below the names.
    var units: [String] = []
    if texts.count > 1 {
      let said = texts[texts.count - 1].filter { !$0.isEmpty }
      let known = said.filter { ColumnName.unit(spelled: $0) != nil }
      if known.count * 3 >= said.count, known.count > 1 { units = texts.removeLast() }
    }
    let count = texts.map(\.count).max() ?? 0
    return (0..<count).map { column in
      var parts: [String] = []
      for (level, row) in texts.enumerated() {
        var cell = column < row.count ? row[column] : ""
        // A group's name stands over its first column only.
        if level < texts.count - 1, cell.isEmpty { cell = row.prefix(column).last { !$0.isEmpty } ?? "" }
        if !cell.isEmpty { parts.append(cell) }
      }
      let below = column < units.count ? units[column] : ""
      return ColumnName(parts.joined(separator: " "), unitBelow: below)
    }
  }

  private func cellTexts(_ bytes: Span<UInt8>, _ row: Row) -> [String] {
    var reader = RowReader(dialect: dialect, from: row.offset, to: end)
    guard reader.advance(bytes) else { return [] }
    var texts = reader.cells.map { reader.text(bytes, $0) }
    if row.look == .comment, let first = texts.first { texts[0] = String(first.drop { $0 == "#" || $0 == " " }) }
    return texts
  }

  private func lineText(_ bytes: Span<UInt8>, _ row: Row) -> String {
    var reader = RowReader(dialect: dialect, from: row.offset, to: end)
    guard reader.advance(bytes) else { return "" }
    return String(reader.text(bytes, reader.row).prefix(4000))
  }
}
