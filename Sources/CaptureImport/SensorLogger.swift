import Motion

/// CSV of the Sensor Logger app: one file a quantity, columns `time,seconds_elapsed,z,y,x`, the quantity only in the file's
/// name, `Metadata.csv` beside them.
///
/// `Accelerometer.csv` has gravity taken out; `TotalAcceleration.csv` has it in, or `Gravity.csv` gives it back.
/// `AccelerometerUncalibrated.csv` has it in as well, on iOS in g. iOS says of gravity where it pulls, so all three signs
/// are turned around unless the app was told to standardise.
struct SensorLogger: CaptureFormat {
  let name = "sensor-logger"
  /// As for other phones held upright against the shin.
  let usualMount: String? = "y=proximal,z=anterior"

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let names = head.columns.map(\.text)
    guard names.starts(with: ["time", "seconds_elapsed"]) else {
      return .no(
        reason: "the columns are not 'time', 'seconds_elapsed' and so on",
        at: head.headerLine.map { ImportError.Position(line: $0) })
    }
    if Set(["qw", "qx", "qy", "qz"]).isSubset(of: names) { return .yes(reason: "columns 'seconds_elapsed' and 'qw'") }
    guard Set(["x", "y", "z"]).isSubset(of: names) else {
      return .no(reason: "'seconds_elapsed', but no axes", at: head.headerLine.map { ImportError.Position(line: $0) })
    }
    return .yes(reason: "columns 'time', 'seconds_elapsed', 'z', 'y', 'x'")
  }

  private func map(
    _ file: String, _ source: some CaptureSource
  ) throws(ImportError) -> (map: ColumnMap, axes: ColumnMap.Triple?) {
    try source.withTable(file) { (_, head) throws(ImportError) in
      guard let time = head.column("seconds_elapsed") else {
        throw ImportError(.unknownFormat, "no column 'seconds_elapsed'")
      }
      let map = ColumnMap(clock: .column(time, secondsPerUnit: 1))
      let axes = ["x", "y", "z"].compactMap { head.column($0) }
      return (map, axes.count == 3 ? ColumnMap.Triple(x: axes[0], y: axes[1], z: axes[2]) : nil)
    }
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    if file == "Orientation.csv", try !source.filesInFolder().contains(where: { $0.contains("Accel") }) {
      return try orientation(file, source, options)
    }
    // Whichever file was given, the capture is the folder's.
    var names = try source.filesInFolder()
    if !names.contains(file) { names.append(file) }
    let isIOS = metadata(source, names)
    var notes: [String] = []
    var plan: SensorPlan
    if let total = names.first(where: { $0 == "TotalAcceleration.csv" }) {
      plan = try acceleration(total, source)
    } else if names.contains("Accelerometer.csv"), names.contains("Gravity.csv") {
      plan = try acceleration("Accelerometer.csv", source)
      var gravity = try acceleration("Gravity.csv", source).map
      if isIOS == true { gravity.acceleration?.scale = -1 }
      plan.companions.append(SensorPlan.Companion(file: "Gravity.csv", map: gravity, quantity: .gravity))
    } else if let raw = names.first(where: { $0 == "AccelerometerUncalibrated.csv" }) {
      plan = try acceleration(raw, source)
      plan.acceleration = .unsaid(columns: "the uncalibrated acceleration")
    } else if names.contains("Accelerometer.csv") {
      // Alone it has no gravity, which the length at rest shows; older forms of the app left it in.
      plan = try acceleration("Accelerometer.csv", source)
    } else {
      throw ImportError(
        .unknownFormat,
        "this file has no acceleration with gravity, and its folder has none of TotalAcceleration.csv, Accelerometer.csv with Gravity.csv, AccelerometerUncalibrated.csv"
      )
    }
    switch isIOS {
    case true?:
      plan.map.acceleration?.scale = -1
      notes.append("recorded on iOS, which says of gravity where it pulls: the acceleration's sign is turned around")
    case false?: break
    case nil:
      notes.append(
        "no Metadata.csv says whether an iPhone recorded it, whose acceleration has the opposite sign: taken as it stands"
      )
    }
    if let gyroscope = ["Gyroscope.csv", "GyroscopeUncalibrated.csv"].first(where: names.contains) {
      var (map, axes) = try self.map(gyroscope, source)
      map.angularRate = axes
      plan.companions.append(SensorPlan.Companion(file: gyroscope, map: map, quantity: .angularRate))
    } else {
      notes.append("no gyroscope file beside it: the acceleration alone")
    }
    plan.notes += notes
    return try source.read([plan], as: self, options)
  }

  private func acceleration(_ file: String, _ source: some CaptureSource) throws(ImportError) -> SensorPlan {
    var (map, axes) = try map(file, source)
    guard let axes else { throw ImportError(.unknownFormat, "no axes in \(file)") }
    map.acceleration = axes
    return SensorPlan(file: file, map: map, acceleration: .said("m/s²", scale: 1))
  }

  private func orientation(
    _ file: String, _ source: some CaptureSource, _ options: ImportOptions
  ) throws(ImportError) -> [Capture] {
    var map = try map(file, source).map
    let columns = try source.withTable(file) { (_, head) throws(ImportError) in
      ["qw", "qx", "qy", "qz"].compactMap { head.column($0) }
    }
    guard columns.count == 4 else { throw ImportError(.unknownFormat, "no quaternion in \(file)") }
    map.orientation = .quaternion(columns[0], columns[1], columns[2], columns[3])
    let plan = SensorPlan(
      file: file, map: map, acceleration: .said("m/s²", scale: 1), settlesQuaternion: true,
      notes: ["the phone's own orientation is all there is"])
    return try source.read([plan], as: self, options)
  }

  /// Whether `Metadata.csv` names iOS without standardisation; nil where there is none.
  private func metadata(_ source: some CaptureSource, _ names: [String]) -> Bool? {
    guard names.contains("Metadata.csv") else { return nil }
    let rows = try? source.withBytes(of: "Metadata.csv") { (bytes) throws(ImportError) -> [[String]] in
      var reader = RowReader(dialect: Dialect(separator: .each(44)), from: 0, to: min(bytes.count, 65_536))
      var rows: [[String]] = []
      while rows.count < 2, reader.advance(bytes) {
        if !reader.cells.isEmpty { rows.append(reader.cells.map { reader.text(bytes, $0) }) }
      }
      return rows
    }
    guard let rows, rows.count == 2 else { return nil }
    let values = Dictionary(zip(rows[0], rows[1])) { first, _ in first }
    guard let platform = values["platform"] else { return nil }
    return platform.lowercased() == "ios" && values["standardisation"]?.lowercased() != "true"
  }
}
