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

  /// Which sensor the columns are of, by their names and units; some exports add the absolute value as a fifth. `X (m/s^2)`
  /// alone is with or without gravity: the file's name tells them apart.
  private func sensor(_ head: TableHead, _ file: String) -> Sensor? {
    guard head.columns.count == 4 || head.columns.count == 5, head.headerLine != nil else { return nil }
    let axes = head.columns.dropFirst().prefix(3)
    guard axes.map(\.words.last) == ["x", "y", "z"] else { return nil }
    if head.columns.count == 5, !head.columns[4].words.contains("absolute") { return nil }
    if axes.allSatisfy({ $0.unit == .angularRate(1) && ["gyroscope", "x", "y", "z"].contains($0.words[0]) }) {
      return .gyroscope
    }
    guard axes.allSatisfy({ $0.unit == .acceleration(1) }) else { return nil }
    let named = file.lowercased().contains("linear") || axes.contains { $0.words.contains("linear") }
    return named ? .linearAccelerometer : .accelerometer
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    try source.pair(file, as: self, options, unit: .said("m/s²", scale: 1)) { (name, bytes, head) throws(ImportError) in
      var map = ColumnMap(clock: .column(0, secondsPerUnit: 1))
      let columns = ColumnMap.Triple(x: 1, y: 2, z: 3)
      switch sensor(head, name) {
      case .accelerometer: map.acceleration = columns
      case .gyroscope: map.angularRate = columns
      case .linearAccelerometer:
        throw ImportError(
          .gravityRemoved,
          "this is the linear acceleration: gravity is taken out of it, so there is no vertical to measure from; export Accelerometer and Gyroscope"
        )
      case nil: return nil
      }
      return (map, [])
    }
  }
}
