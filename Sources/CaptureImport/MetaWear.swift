import Motion

/// CSV of the MetaWear and MetaBase apps: one file a sensor, `epoch (ms)` (or `epoc`), the time as text, `elapsed (s)`,
/// then three axes in g or deg/s.
struct MetaWear: CaptureFormat {
  let name = "metawear"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard let first = head.columns.first?.words.first, first == "epoch" || first == "epoc" else {
      return .no(reason: "the first column is not 'epoch (ms)'", at: position)
    }
    guard let axis = head.axes(followedBy: "axis") else {
      return .no(reason: "no columns 'x-axis', 'y-axis', 'z-axis' in g or deg/s", at: position)
    }
    return .yes(reason: "columns '\(head.columns[0].text)' and '\(head.columns[axis.x].text)'")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    try source.pair(file, as: self, options, unit: .said("g", scale: standardGravity)) {
      (_, _, head) throws(ImportError) in
      guard let axes = head.axes(followedBy: "axis") else { return nil }
      var map = ColumnMap(clock: .column(0, secondsPerUnit: 1e-3))
      if case .angularRate? = head.columns[axes.x].unit { map.angularRate = axes } else { map.acceleration = axes }
      return (map, [])
    }
  }
}
