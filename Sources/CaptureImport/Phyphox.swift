import Motion

/// CSV exports of phyphox: one file a sensor, `Time (s)` and three columns with their units; accelerometer with gravity
/// in m/s², gyroscope in rad/s.
///
/// The two sensors sample at moments of their own. The accelerometer's times are kept, and the gyroscope is interpolated
/// linearly on to them: between two readings of the same sensor 10 or 20 ms apart that is closer than any of the two
/// readings alone. It is never stretched over a hole in the gyroscope's data or beyond its ends.
struct Phyphox: CaptureFormat {
  let name = "phyphox"
  /// A phone held upright against the shin, its screen forward: phones measure y towards their upper edge and z out of
  /// the screen. Only what is assumed when nobody says a mount.
  let usualMount: String? = "y=proximal,z=anterior"

  private enum Sensor: Equatable {
    case accelerometer
    case gyroscope
    case linearAccelerometer
  }

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard head.columns.first?.text == "Time (s)" else {
      return .no(reason: "the first column is not 'Time (s)'", at: position)
    }
    guard let sensor = sensor(head, file) else {
      return .no(reason: "after 'Time (s)' no three columns x, y, z in m/s^2 or rad/s, and nothing else", at: position)
    }
    let columns = head.columns.prefix(4).map { "'\($0.text)'" }.joined(separator: ", ")
    return .yes(reason: "columns \(columns) of the \(sensor)")
  }

  /// Which sensor the four columns are of, by their names and units. `X (m/s^2)` alone is with or without gravity: the
  /// file's name tells them apart.
  private func sensor(_ head: TableHead, _ file: String) -> Sensor? {
    guard head.columns.count == 4, head.headerLine != nil else { return nil }
    let axes = head.columns.dropFirst()
    guard axes.map(\.words.last) == ["x", "y", "z"] else { return nil }
    if axes.allSatisfy({ $0.unit == .angularRate(1) && ["gyroscope", "x", "y", "z"].contains($0.words[0]) }) {
      return .gyroscope
    }
    guard axes.allSatisfy({ $0.unit == .acceleration(1) }) else { return nil }
    let named = file.lowercased().contains("linear acc") || axes.contains { $0.words.contains("linear") }
    return named ? .linearAccelerometer : .accelerometer
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> Capture {
    switch try sensor(of: file, in: source) {
    case .linearAccelerometer:
      throw ImportError(
        .gravityRemoved, file: source.label,
        "this is the linear acceleration: gravity is taken out of it, so there is no vertical to measure from; export Accelerometer and Gyroscope"
      )
    case .gyroscope:
      guard let other = try sibling(of: file, "Gyroscope", "Accelerometer", source),
        try sensor(of: other, in: source) == .accelerometer
      else {
        throw ImportError(
          .unknownFormat, file: source.label,
          "a gyroscope alone has no vertical, and its folder has no accelerometer file to go with it")
      }
      return try joined(accelerometer: other, gyroscope: file, given: file, source)
    case .accelerometer:
      if let other = try sibling(of: file, "Accelerometer", "Gyroscope", source),
        (try? sensor(of: other, in: source)) == .gyroscope
      {
        return try joined(accelerometer: file, gyroscope: other, given: file, source)
      }
      var capture = try one(file, source)
      capture.notes.append("no gyroscope file beside it: the accelerometer alone")
      return capture
    case nil: throw ImportError(.unknownFormat, file: source.label, "not a phyphox table")
    }
  }

  private func sensor(of file: String, in source: some CaptureSource) throws(ImportError) -> Sensor? {
    try source.withTable(file) { (_, head) throws(ImportError) in sensor(head, file) }
  }

  /// The file of the same folder whose name has the one word in place of the other.
  private func sibling(
    of file: String, _ word: String, _ otherWord: String, _ source: some CaptureSource
  ) throws(ImportError) -> String? {
    guard let range = file.firstRange(of: word) else { return nil }
    let wanted = file[..<range.lowerBound] + otherWord + file[range.upperBound...]
    return try source.filesInFolder().first { $0 == wanted }
  }

  private func rows(_ file: String, _ source: some CaptureSource) throws(ImportError) -> (RowsToSamples, Double) {
    try source.withTable(file) { (bytes, head) throws(ImportError) in
      var map = ColumnMap(clock: .column(0, secondsPerUnit: 1))
      let columns = ColumnMap.Triple(x: 1, y: 2, z: 3)
      if sensor(head, file) == .gyroscope { map.angularRate = columns } else { map.acceleration = columns }
      var rows = RowsToSamples(map: map)
      rows.read(bytes, head: head)
      guard let start = rows.startValue else {
        throw ImportError(.noSamples, at: rows.firstUnreadable, "no row could be read")
      }
      return (rows, start)
    }
  }

  private func one(_ file: String, _ source: some CaptureSource) throws(ImportError) -> Capture {
    let (rows, _) = try rows(file, source)
    return try assemble(
      rows, clock: .column(0, secondsPerUnit: 1), format: self, file: file, acceleration: .said("m/s²", scale: 1))
  }

  private func joined(
    accelerometer: String, gyroscope: String, given: String, _ source: some CaptureSource
  ) throws(ImportError) -> Capture {
    let (accelerometerRows, accelerometerStart) = try rows(accelerometer, source)
    let (gyroscopeRows, gyroscopeStart) = try rows(gyroscope, source)
    var capture = try assemble(
      accelerometerRows, clock: .column(0, secondsPerUnit: 1), format: self, file: accelerometer,
      acceleration: .said("m/s²", scale: 1))
    capture.files = [accelerometer, gyroscope]
    capture.rejectedRows += gyroscopeRows.rowsOutOfOrder + gyroscopeRows.unreadableRows
    let other = given == accelerometer ? gyroscope : accelerometer
    capture.notes.append("'\(other)' of the same folder was read with it")
    // Both files count from the start of the experiment; session time begins at the first accelerometer sample.
    let shift = SessionTime(seconds: gyroscopeStart - accelerometerStart).nanoseconds
    let join = GyroscopeJoin(gyroscopeRows.samples, shift: shift)
    join.fill(&capture)
    return capture
  }
}
