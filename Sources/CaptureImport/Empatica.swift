import Motion

/// `ACC.csv` of Empatica's E4: the start in the first row, the rate in the second, then three whole numbers a row in 1/64 g.
struct Empatica: CaptureFormat {
  let name = "empatica"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    guard head.columns.isEmpty, head.width == 3 else { return .no(reason: "not three numbers a row without a header") }
    guard head.firstRows.count >= 2, head.firstRows[0].count == 3, head.firstRows[1].count == 3,
      Set(head.firstRows[0]).count == 1, Set(head.firstRows[1]).count == 1, head.firstRows[0][0] > 1e9,
      head.firstRows[0][0] < 1e10, ImportOptions.usableRates.contains(head.firstRows[1][0])
    else { return .no(reason: "the first rows are not a start in s since 1970 and a rate, three times each") }
    return .yes(reason: "a start in s since 1970 and a rate in the first two rows")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let rate = try source.withTable(file) { (_, head) throws(ImportError) in
      head.firstRows.count > 1 ? head.firstRows[1].first : nil
    }
    guard let rate else { throw ImportError(.noTime, "no rate in the second row") }
    var map = ColumnMap(clock: .row(rate: options.rate ?? rate))
    map.acceleration = ColumnMap.Triple(x: 0, y: 1, z: 2, scale: standardGravity / 64)
    map.headerRows = 2
    let plan = SensorPlan(
      file: file, map: map, acceleration: .said("1/64 g", scale: standardGravity / 64),
      notes: ["this device has no gyroscope"])
    return try source.read([plan], as: self, options)
  }
}
