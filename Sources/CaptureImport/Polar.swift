import Motion

/// Text of the Polar Sensor Logger: one file a sensor, `Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]` or
/// `[dps]`. The sensor's own nanoseconds are the time; they count from the year 2000.
struct Polar: CaptureFormat {
  let name = "polar"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    guard let time = time(head), head.axes() != nil else {
      return .no(
        reason: "no column 'sensor timestamp [ns]' with three axes in mg or dps",
        at: head.headerLine.map { ImportError.Position(line: $0) })
    }
    return .yes(reason: "column '\(head.columns[time].text)' and three axes")
  }

  private func time(_ head: TableHead) -> Int? {
    head.columns.firstIndex { $0.words.starts(with: ["sensor", "timestamp"]) && $0.unit == .time(1e-9) }
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    try source.pair(file, as: self, options, unit: .said("mg", scale: standardGravity / 1000)) {
      (_, _, head) throws(ImportError) in
      guard let time = time(head), let axes = head.axes() else { return nil }
      var map = ColumnMap(clock: .column(time, secondsPerUnit: 1e-9))
      if case .angularRate? = head.columns[axes.x].unit { map.angularRate = axes } else { map.acceleration = axes }
      return (map, [])
    }
  }
}
