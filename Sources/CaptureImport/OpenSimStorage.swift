import Motion

/// Orientations as OpenSim stores them (`.sto`): lines `key=value` up to `endheader`, then `time` and a column a sensor, each cell a
/// quaternion of four numbers with commas between them, sensor to earth.
struct OpenSimStorage: CaptureFormat {
  let name = "opensim-sto"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    .no(reason: "no 'DataType=Quaternion' above 'endheader'")
  }

  /// Whether the lines above the table are those of a storage file with orientations in it.
  static func identify(_ bytes: Span<UInt8>) -> Bool { head(bytes)?.type == "quaternion" }

  /// The head of such a table; nil where there is none.
  private static func head(_ bytes: Span<UInt8>) -> (table: TableHead, type: String)? {
    let dialect = Dialect(separator: .each(9))
    var reader = RowReader(dialect: dialect, from: 0, to: min(bytes.count, TableHead.mostBytes))
    var type = ""
    var isInside = true
    while reader.line < 200, reader.advance(bytes) {
      guard let first = reader.cells.first else { continue }
      if isInside {
        let text = reader.text(bytes, first).lowercased()
        if text.hasPrefix("datatype=") { type = text.dropFirst(9).filter { $0 != " " } }
        if text == "endheader" { isInside = false }
        continue
      }
      guard reader.text(bytes, first).lowercased() == "time", reader.cells.count > 1 else { return nil }
      var columns = reader.cells.map { ColumnName(reader.text(bytes, $0)) }
      while columns.last?.text == "" { columns.removeLast() }
      let table = TableHead(
        dialect: dialect, columns: columns, headerLine: reader.line, dataOffset: reader.position,
        lineBeforeData: reader.line, width: columns.count, isNumeric: columns.map { _ in false })
      return (table, type)
    }
    return nil
  }

  /// Reads the sensor that is wanted, or all.
  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let found = try source.withBytes(of: file) { (bytes) throws(ImportError) in
      WideText.withBeginning(of: bytes) { Self.head($0) }
    }
    guard let head = found?.table else { throw ImportError(.unknownFormat, "no head of an OpenSim storage file") }
    let plans = head.columns.indices.dropFirst().map { column in
      var map = ColumnMap(clock: .column(0, secondsPerUnit: 1))
      map.orientation = .packed(column)
      return SensorPlan(
        name: head.columns[column].text, file: file, map: map, acceleration: .said("m/s²", scale: 1),
        notes: [
          "the quaternions are taken as sensor to earth, z up, as the sensors' makers export them before they are turned into a model's frame",
          "no acceleration in this format: the sensors' own orientation is all there is",
        ], head: head)
    }
    return try source.read(plans, as: self, options)
  }
}
