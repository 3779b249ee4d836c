/// Looks for what spreadsheets do to numbers under a foreign locale: `1.234.567` for 1.234567, `12. Mar` for 12.3.
enum DestroyedNumbers {
  /// The trouble when cells of a text that has no rows of numbers look like remains of numbers, half of the cells or more.
  static func find(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> ImportError? {
    for separator in [UInt8](arrayLiteral: 9, 59) {
      var reader = RowReader(dialect: Dialect(separator: .each(separator)), from: start, to: end)
      var destroyed = 0
      var cells = 0
      var first: (line: Int, column: Int, text: String)?
      while reader.line < 100, reader.advance(bytes) {
        guard reader.cells.count > 1 else { continue }
        for (column, cell) in reader.cells.enumerated() where !cell.isEmpty {
          cells += 1
          guard isDestroyed(bytes, cell) else { continue }
          destroyed += 1
          if first == nil { first = (reader.line, column + 1, String(reader.text(bytes, cell).prefix(20))) }
        }
      }
      if let first, destroyed * 2 >= cells { return error(first.text, first.line, first.column) }
    }
    return nil
  }

  /// - Throws: `destroyedNumbers` with the place, when cells of the sensor's columns hold such remains.
  static func refuse(_ plan: SensorPlan, in source: some CaptureSource) throws(ImportError) {
    let columns = [plan.map.acceleration, plan.map.angularRate].compactMap { $0 }.flatMap { [$0.x, $0.y, $0.z] }
    guard !columns.isEmpty else { return }
    try source.withTable(plan.file) { (bytes, head) throws(ImportError) in
      var reader = RowReader(dialect: head.dialect, from: head.dataOffset, to: bytes.count, line: head.lineBeforeData)
      var rows = 0
      while rows < 500, reader.advance(bytes) {
        rows += 1
        for column in columns {
          guard column < reader.cells.count, case .text = reader.value(bytes, column),
            isDestroyed(bytes, reader.cells[column])
          else { continue }
          throw error(String(reader.text(bytes, reader.cells[column]).prefix(20)), reader.line, column + 1)
        }
      }
    }
  }

  private static func error(_ text: String, _ line: Int, _ column: Int) -> ImportError {
    ImportError(
      .destroyedNumbers, at: ImportError.Position(line: line, column: column),
      "'\(text)' was a number before a spreadsheet saved this file under another locale; the digits' places are lost: export it again"
    )
  }

  /// Two or more marks of one kind between groups of digits, or digits with the name of a month.
  private static func isDestroyed(_ bytes: Span<UInt8>, _ cell: Cell) -> Bool {
    var (digits, points, commas, letters) = (0, 0, 0, 0)
    for index in cell.start..<max(cell.start, cell.end) {
      switch bytes[index] {
      case 48...57: digits += 1
      case UInt8(ascii: "."), UInt8(ascii: "'"): points += 1
      case UInt8(ascii: ","): commas += 1
      case UInt8(ascii: "-"), UInt8(ascii: "+"), 32: break
      case 65...90, 97...122, 128...: letters += 1
      default: return false
      }
    }
    return digits > 0 && ((max(points, commas) >= 2 && letters == 0) || (letters >= 3 && letters <= 5 && digits <= 6))
  }
}
