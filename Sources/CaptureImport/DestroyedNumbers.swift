/// Looks for what spreadsheets do to numbers under a foreign locale: `1.234.567` for 1.234567, `12. Mar` for 12.3.
extension CaptureSource {
  /// - Throws: `destroyedNumbers` with the place, when cells of the sensor's columns hold such remains.
  func refuseDestroyedNumbers(_ plan: SensorPlan) throws(ImportError) {
    let columns = [plan.map.acceleration, plan.map.angularRate].compactMap { $0 }.flatMap { [$0.x, $0.y, $0.z] }
    guard !columns.isEmpty else { return }
    try withTable(plan.file) { (bytes, head) throws(ImportError) in
      var reader = RowReader(dialect: head.dialect, from: head.dataOffset, to: bytes.count, line: head.lineBeforeData)
      var rows = 0
      while rows < 500, reader.advance(bytes) {
        rows += 1
        for column in columns {
          guard column < reader.cells.count, case .text = reader.value(bytes, column),
            Self.isDestroyed(bytes, reader.cells[column])
          else { continue }
          let text = String(reader.text(bytes, reader.cells[column]).prefix(20))
          throw ImportError(
            .destroyedNumbers, at: ImportError.Position(line: reader.line, column: column + 1),
            "'\(text)' was a number before a spreadsheet saved this file under another locale; the digits' places are lost: export it again"
          )
        }
      }
    }
  }

  /// Two or more marks between groups of digits, or digits with the name of a month.
  private static func isDestroyed(_ bytes: Span<UInt8>, _ cell: Cell) -> Bool {
    var (digits, marks, letters) = (0, 0, 0)
    for index in cell.start..<max(cell.start, cell.end) {
      switch bytes[index] {
      case 48...57: digits += 1
      case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "'"): marks += 1
      case UInt8(ascii: "-"), UInt8(ascii: "+"), 32: break
      case 65...90, 97...122, 128...: letters += 1
      default: return false
      }
    }
    return digits > 0 && ((marks >= 2 && letters == 0) || (letters >= 3 && letters <= 5 && digits <= 6))
  }
}
