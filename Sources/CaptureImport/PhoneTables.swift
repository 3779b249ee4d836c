import Motion

/// Text of AndroSensor: `ACCELEROMETER X (m/s²);…`, gravity and linear acceleration beside it, `Time since start in ms`.
struct AndroSensor: CaptureFormat {
  let name = "androsensor"
  let usualMount: String? = "y=proximal,z=anterior"

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    guard let column = head.columns.first(where: { $0.text.hasPrefix("ACCELEROMETER X") }) else {
      return .no(
        reason: "no column 'ACCELEROMETER X …'", at: head.headerLine.map { ImportError.Position(line: $0) })
    }
    return .yes(reason: "column '\(column.text)' in line \(head.headerLine ?? 0)")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    try readTable(file, of: source, options, TableHints(acceleration: ("m/s²", 1), angularRate: 1))
  }
}

/// CSV of SensorLog for iOS: `loggingTime(txt)`, then what each of the phone's frameworks says, `accelerometerAcceleration…(G)`
/// in g and `gyroRotation…` or `motionRotationRate…(rad/s)`.
struct SensorLog: OneTableFormat {
  let name = "sensorlog"
  let usualMount: String? = "y=proximal,z=anterior"

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let known = head.columns.first {
      $0.text.hasPrefix("accelerometerAcceleration") || $0.text.hasPrefix("motionUserAcceleration")
    }
    guard let known else {
      return .no(
        reason: "no column 'accelerometerAccelerationX…'", at: head.headerLine.map { ImportError.Position(line: $0) })
    }
    return .yes(reason: "column '\(known.text)' in line \(head.headerLine ?? 0)")
  }

  func plan(
    _ head: TableHead, _ file: String, _ bytes: Span<UInt8>, _ options: ImportOptions
  ) throws(ImportError) -> SensorPlan {
    func triple(_ prefix: String, scale: Double) -> ColumnMap.Triple? {
      let columns = ["X", "Y", "Z"].compactMap { axis in
        head.columns.firstIndex { $0.text.hasPrefix(prefix + axis) }
      }
      return columns.count == 3 ? ColumnMap.Triple(x: columns[0], y: columns[1], z: columns[2], scale: scale) : nil
    }
    func numeric(_ prefixes: [String]) -> Int? {
      prefixes.lazy.compactMap { prefix in
        head.columns.indices.first {
          head.columns[$0].text.hasPrefix(prefix) && $0 < head.isNumeric.count && head.isNumeric[$0]
        }
      }.first
    }
    var notes = ["recorded on iOS, which says of gravity where it pulls: the acceleration's sign is turned around"]
    var map = ColumnMap(clock: .row(rate: 1))
    if let time = numeric([
      "accelerometerTimestamp_sinceReboot", "motionTimestamp_sinceReboot", "loggingTime", "locationTimestamp_since1970",
    ]) {
      map.clock = .column(time, secondsPerUnit: 1)
    } else if let text = head.columns.firstIndex(where: { $0.text.hasPrefix("loggingTime") }) {
      map.clock = .text(text)
    } else if let rate = options.rate {
      map.clock = .row(rate: rate)
    } else {
      throw ImportError(.noTime, "none of the app's columns of time is there: say --rate HZ")
    }
    map.angularRate = triple("gyroRotation", scale: 1) ?? triple("motionRotationRate", scale: 1)
    var companions: [SensorPlan.Companion] = []
    if let raw = triple("accelerometerAcceleration", scale: -standardGravity) {
      map.acceleration = raw
    } else if let user = triple("motionUserAcceleration", scale: -standardGravity),
      let gravity = triple("motionGravity", scale: -standardGravity)
    {
      map.acceleration = user
      var other = ColumnMap(clock: map.clock)
      other.acceleration = gravity
      companions = [SensorPlan.Companion(file: file, map: other, quantity: .gravity)]
    } else {
      throw ImportError(
        .gravityRemoved,
        "gravity is taken out of motionUserAcceleration and no column gives it back: log the accelerometer")
    }
    if map.angularRate == nil { notes.append("no gyroscope among the columns") }
    return SensorPlan(
      file: file, map: map, acceleration: .said("G", scale: standardGravity), companions: companions, notes: notes)
  }
}

/// CSV of Physics Toolbox: `time,gFx,gFy,gFz,TgF` (or `gFTotal`), g-force in g, with `wx,wy,wz` in rad/s where the gyroscope was
/// logged.
struct PhysicsToolbox: CaptureFormat {
  let name = "physics-toolbox"
  let usualMount: String? = "y=proximal,z=anterior"

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    guard column(head, "gfx") != nil, column(head, "gfy") != nil, column(head, "gfz") != nil else {
      return .no(
        reason: "no columns 'gFx', 'gFy', 'gFz'", at: head.headerLine.map { ImportError.Position(line: $0) })
    }
    return .yes(reason: "columns 'gFx', 'gFy', 'gFz' in line \(head.headerLine ?? 0)")
  }

  private func column(_ head: TableHead, _ name: String) -> Int? {
    head.columns.firstIndex { $0.text.lowercased().filter { $0 != " " }.hasPrefix(name) }
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let plan = try source.withTable(file) { (bytes, head) throws(ImportError) in
      guard let x = column(head, "gfx"), let y = column(head, "gfy"), let z = column(head, "gfz") else {
        throw ImportError(.unknownFormat, "no columns 'gFx', 'gFy', 'gFz'")
      }
      var notes: [String] = []
      var map = ColumnMap(clock: .row(rate: options.rate ?? 1))
      if let time = column(head, "time") {
        map.clock =
          time < head.isNumeric.count && head.isNumeric[time]
          ? try TablePlanner(head, file: file).numericClock(time, options.factor("time"), bytes, options, &notes)
          : .text(time)
      } else if options.rate == nil {
        throw ImportError(.noTime, "no column 'time' and no rate: say --rate HZ")
      }
      map.acceleration = ColumnMap.Triple(x: x, y: y, z: z, scale: standardGravity)
      if let x = column(head, "wx"), let y = column(head, "wy"), let z = column(head, "wz") {
        map.angularRate = ColumnMap.Triple(x: x, y: y, z: z)
      } else {
        notes.append("no gyroscope among the columns")
      }
      return SensorPlan(file: file, map: map, acceleration: .said("g", scale: standardGravity), notes: notes)
    }
    return try source.read([plan], as: self, options)
  }
}

extension CaptureFormat {
  /// Reads a table whose columns say what they are, with what the format knows beyond that.
  func readTable(
    _ file: String, of source: some CaptureSource, _ options: ImportOptions, _ hints: TableHints
  ) throws(ImportError) -> [Capture] {
    let plans = try source.withTable(file) { (bytes, head) throws(ImportError) in
      try TablePlanner(head, file: file, hints: hints).plans(bytes, options)
    }
    return try source.read(plans, as: self, options)
  }
}
