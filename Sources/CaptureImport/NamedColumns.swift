import Motion

/// Any table whose header names its columns in words that people use, with units in the names, in brackets, in a row of
/// their own or in comments above; several sensors side by side are told apart by the rest of their names. It is asked
/// last, and it refuses what it would have to guess.
struct NamedColumns: CaptureFormat {
  let name = "generic"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard !head.columns.isEmpty else {
      return .no(
        reason: "no header: nothing says which column is what", at: ImportError.Position(line: head.lineBeforeData + 1))
    }
    let found = ColumnSearch(head, file: file)
    guard !found.sensors.isEmpty else {
      let names = head.columns.prefix(8).map { "'\($0.text)'" }.joined(separator: ", ")
      return .no(reason: "no acceleration, inclination or orientation among the columns \(names)", at: position)
    }
    let sensors = found.sensors.count == 1 ? "one sensor" : "\(found.sensors.count) sensors"
    return .yes(reason: "\(sensors) by the names of the columns in line \(head.headerLine ?? 0)")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    var plans = try source.withTable(file) { (bytes, head) throws(ImportError) in
      try TablePlanner(head, file: file).plans(bytes, options)
    }
    if plans.count == 1 { try addGyroscope(of: file, source, options, to: &plans[0]) }
    return try source.read(plans, as: self, options)
  }

  /// A file that is named after the accelerometer may have the gyroscope's beside it.
  private func addGyroscope(
    of file: String, _ source: some CaptureSource, _ options: ImportOptions, to plan: inout SensorPlan
  ) throws(ImportError) {
    guard plan.map.acceleration != nil, plan.map.angularRate == nil, plan.companions.isEmpty,
      let partner = try source.partner(of: file, .accelerometer, .gyroscope)
    else { return }
    let found: (map: ColumnMap, unknownUnit: String?)?
    do throws(ImportError) {
      found = try source.withTable(partner) { (bytes, head) throws(ImportError) in
        try TablePlanner(head, file: partner).rateAlone(bytes, options)
      }
    } catch {
      if error.kind == .unknownFormat || error.kind == .notText || error.kind == .empty { return }
      throw error
    }
    guard let found, found.map.clock.isTime, plan.map.clock.isTime else { return }
    plan.companions = [SensorPlan.Companion(file: partner, map: found.map, quantity: .angularRate)]
    plan.rateOfUnknownUnit = found.unknownUnit
    plan.notes.removeAll { $0 == TablePlanner.noGyroscope }
    plan.notes.append("'\(partner)' of the same folder was read with it")
  }
}

/// A table whose columns the user named: `--columns time=1,acc-x=2,…`.
struct ChosenColumns: OneTableFormat {
  let name = "columns"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch { .yes(reason: "--columns") }

  func plan(
    _ head: TableHead, _ file: String, _ bytes: Span<UInt8>, _ options: ImportOptions
  ) throws(ImportError) -> SensorPlan {
    var places: [String: Int] = [:]
    for (key, column) in options.columns.sorted(by: { $0.key < $1.key }) {
      if let place = head.columns.firstIndex(where: { $0.text.lowercased() == column.lowercased() }) {
        places[key] = place
      } else if let number = Int(column), number > 0, number <= max(head.width, head.columns.count) {
        places[key] = number - 1
      } else {
        let names = head.columns.prefix(20).map { "'\($0.text)'" }.joined(separator: ", ")
        throw ImportError(.unusableChoice, "--columns \(key)=\(column): no such column; there are \(names)")
      }
    }
    func triple(_ keys: [String]) throws(ImportError) -> ColumnMap.Triple? {
      let found = keys.compactMap { places[$0] }
      guard !found.isEmpty else { return nil }
      guard found.count == 3 else {
        throw ImportError(.unusableChoice, "--columns: say all of \(keys.joined(separator: ", "))")
      }
      return ColumnMap.Triple(x: found[0], y: found[1], z: found[2])
    }
    var map = ColumnMap(clock: .row(rate: options.rate ?? 1))
    map.acceleration = try triple(["acc-x", "acc-y", "acc-z"])
    map.angularRate = try triple(["gyro-x", "gyro-y", "gyro-z"])
    map.magneticField = try triple(["mag-x", "mag-y", "mag-z"])
    func unit(_ triple: ColumnMap.Triple?) -> ColumnUnit? {
      triple.flatMap { $0.x < head.columns.count ? head.columns[$0.x].unit : nil }
    }
    var acceleration = AccelerationUnit.unsaid(columns: "the acceleration's columns")
    if case .acceleration(let scale)? = unit(map.acceleration) {
      map.acceleration?.scale = scale
      acceleration = .said("the unit of its name", scale: scale)
    }
    var unknown = map.angularRate == nil ? nil : "the gyroscope's columns"
    if case .angularRate(let scale)? = unit(map.angularRate) {
      map.angularRate?.scale = scale
      unknown = nil
    }
    let quaternion = ["quat-w", "quat-x", "quat-y", "quat-z"].compactMap { places[$0] }
    if quaternion.count == 4 {
      map.orientation = .quaternion(quaternion[0], quaternion[1], quaternion[2], quaternion[3])
    }
    if let roll = places["roll"], let pitch = places["pitch"] {
      map.eulerAngles = ColumnMap.Triple(x: roll, y: pitch, z: places["yaw"] ?? pitch, scale: radiansPerDegree)
    }
    let angle = options.factor("angle") ?? radiansPerDegree
    map.inclinationX = places["incl-x"].map { ($0, angle) }
    map.inclinationY = places["incl-y"].map { ($0, angle) }
    guard
      map.acceleration != nil || map.orientation != nil || map.eulerAngles != nil || map.inclinationX != nil
        || map.inclinationY != nil
    else {
      throw ImportError(.unusableChoice, "--columns: say at least acc-x, acc-y, acc-z, or incl-x, or a quaternion")
    }
    var notes = ["the columns are those that you named"]
    if let time = places["time"] {
      var said: Double? = options.factor("time")
      if said == nil, time < head.columns.count, case .time(let seconds)? = head.columns[time].unit { said = seconds }
      let isNumber = time < head.isNumeric.count && head.isNumeric[time]
      map.clock =
        isNumber
        ? try TablePlanner(head, file: file).numericClock(time, said, bytes, options, &notes) : .text(time)
    } else if options.rate == nil {
      guard let rate = head.preambleRate(after: TablePlanner.rateKeys) else {
        throw ImportError(.noTime, "no column of time among --columns and no rate: say time=COLUMN or --rate HZ")
      }
      map.clock = .row(rate: rate)
    }
    return SensorPlan(
      file: file, map: map, acceleration: acceleration, rateOfUnknownUnit: unknown,
      settlesQuaternion: map.orientation != nil, notes: notes)
  }
}
