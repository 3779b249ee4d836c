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
    guard let axis = axes(head) else {
      return .no(reason: "no columns 'x-axis', 'y-axis', 'z-axis' in g or deg/s", at: position)
    }
    return .yes(reason: "columns '\(head.columns[0].text)' and '\(head.columns[axis.x].text)'")
  }

  private func axes(_ head: TableHead) -> ColumnMap.Triple? {
    let found = ["x", "y", "z"].compactMap { axis in head.columns.firstIndex { $0.words == [axis, "axis"] } }
    guard found.count == 3 else { return nil }
    switch head.columns[found[0]].unit {
    case .acceleration(let scale)?, .angularRate(let scale)?:
      return ColumnMap.Triple(x: found[0], y: found[1], z: found[2], scale: scale)
    default: return nil
    }
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    try source.pair(file, as: self, options, unit: .said("g", scale: standardGravity)) {
      (_, _, head) throws(ImportError) in
      guard let axes = axes(head) else { return nil }
      var map = ColumnMap(clock: .column(0, secondsPerUnit: 1e-3))
      if case .angularRate? = head.columns[axes.x].unit { map.angularRate = axes } else { map.acceleration = axes }
      return (map, [])
    }
  }
}
