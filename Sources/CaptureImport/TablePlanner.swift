import Motion

/// What a format knows beyond what the names of its columns say.
struct TableHints {
  /// Factor to m/s² where the names say no unit, and its name; a negative factor turns a specific force's sign around.
  var acceleration: (unit: String, scale: Double)?
  /// Factor to rad/s where the names say no unit.
  var angularRate: Double?
  /// Factor to seconds where the names say no unit.
  var time: Double?
  /// -1 for devices that say of gravity where it pulls, and not what holds them up.
  var sign = 1.0
  /// Words for the notes about `sign` and other things of the format.
  var notes: [String] = []
}

/// Makes plans for the sensors of a table from what its columns are called.
struct TablePlanner {
  let head: TableHead
  let file: String
  var hints = TableHints()
  let search: ColumnSearch

  init(_ head: TableHead, file: String, hints: TableHints = TableHints()) {
    self.head = head
    self.file = file
    self.hints = hints
    self.search = ColumnSearch(head, file: file)
  }

  /// Whether there is anything that an angle can be made from, or could if gravity were in it.
  var holdsAnything: Bool { !search.sensors.isEmpty }

  /// The plans, one a sensor.
  ///
  /// - Throws: what makes the whole table unusable: no time, gravity removed from all.
  func plans(_ bytes: Span<UInt8>, _ options: ImportOptions) throws(ImportError) -> [SensorPlan] {
    var plans: [SensorPlan] = []
    var trouble: ImportError?
    for sensor in search.sensors {
      do throws(ImportError) {
        plans.append(try plan(sensor, bytes, options))
      } catch {
        if trouble == nil { trouble = error }
      }
    }
    if plans.isEmpty {
      var error =
        trouble ?? ImportError(.unknownFormat, "no acceleration, inclination or orientation among the columns")
      if error.position == nil { error.position = head.headerLine.map { ImportError.Position(line: $0) } }
      throw error
    }
    return RowLabel.split(plans, bytes, head)
  }

  private func plan(
    _ sensor: SensorColumns, _ bytes: Span<UInt8>, _ options: ImportOptions
  ) throws(ImportError) -> SensorPlan {
    var notes = hints.notes
    var map = ColumnMap(clock: .row(rate: 1))
    var unit = AccelerationUnit.said("m/s²", scale: 1)
    var companions: [SensorPlan.Companion] = []
    if let acceleration = sensor.acceleration {
      (map.acceleration, unit) = scaled(acceleration)
    } else if let linear = sensor.linear, let gravity = sensor.gravity {
      var gravityMap = ColumnMap(clock: .row(rate: 1))
      (map.acceleration, unit) = scaled(linear)
      (gravityMap.acceleration, _) = scaled(gravity)
      companions.append(SensorPlan.Companion(file: file, map: gravityMap, quantity: .gravity))
    } else if let linear = sensor.linear, sensor.quaternion == nil, sensor.eulerAngles == nil,
      sensor.inclination.allSatisfy({ $0 == nil })
    {
      throw ImportError(
        .gravityRemoved,
        "gravity is taken out of \(linear.names), so there is no vertical to measure from; export the acceleration with gravity"
      )
    }
    var unknownRate: String?
    if let rate = sensor.angularRate {
      map.angularRate = rate.columns
      if rate.unit == nil {
        if let known = hints.angularRate ?? preambleFactor(of: .angularRate) {
          map.angularRate?.scale = known
        } else {
          unknownRate = rate.names
        }
      }
    }
    if let field = sensor.magneticField, field.unit != nil { map.magneticField = field.columns }
    map.eulerAngles = sensor.eulerAngles
    map.temperature = sensor.temperature
    for axis in 0..<2 {
      guard let (column, scale) = sensor.inclination[axis] else { continue }
      if axis == 0 { map.inclinationX = (column, scale) } else { map.inclinationY = (column, scale) }
    }
    if let q = sensor.quaternion { map.orientation = .quaternion(q[0], q[1], q[2], q[3]) }
    map.clock = try clock(sensor, map, bytes, options, &notes)
    if sensor.isBare { notes.append("nothing says what x, y and z are: they are taken as acceleration") }
    if map.acceleration != nil, map.angularRate == nil { notes.append(Self.noGyroscope) }
    if map.acceleration == nil, map.orientation != nil || map.eulerAngles != nil {
      notes.append("no acceleration with gravity: the sensor's own orientation is all there is")
    }
    for index in companions.indices { companions[index].map.clock = map.clock }
    return SensorPlan(
      name: sensor.name, file: file, map: map, acceleration: unit, rateOfUnknownUnit: unknownRate,
      settlesQuaternion: map.orientation != nil, companions: companions, notes: notes)
  }

  static let noGyroscope = "no gyroscope among the columns"

  /// The angular rate of a table that holds nothing else, and its columns where their unit is not said; nil where there is none.
  func rateAlone(
    _ bytes: Span<UInt8>, _ options: ImportOptions
  ) throws(ImportError) -> (map: ColumnMap, unknownUnit: String?)? {
    guard let rate = search.rateAlone else { return nil }
    var notes: [String] = []
    var map = ColumnMap(clock: .row(rate: 1))
    map.angularRate = rate.columns
    map.clock = try clock(SensorColumns(name: ""), map, bytes, options, &notes)
    return (map, rate.unit == nil ? rate.names : nil)
  }

  private func scaled(_ vector: SensorColumns.Vector) -> (ColumnMap.Triple, AccelerationUnit) {
    var columns = vector.columns
    var unit: AccelerationUnit
    if let said = vector.unit {
      unit = .said(said, scale: columns.scale)
    } else if let (name, scale) = hints.acceleration {
      columns.scale = scale
      unit = .said(name, scale: scale)
    } else if let scale = preambleFactor(of: .acceleration) {
      columns.scale = scale
      unit = .said("the unit above the table", scale: scale)
    } else {
      unit = .unsaid(columns: vector.names)
    }
    columns.scale *= hints.sign
    return (columns, unit)
  }

  /// The factor of a unit that stands in the lines above the table, such as `#  Gyrometer: rad/s`.
  private func preambleFactor(of quantity: ColumnWords.Quantity) -> Double? {
    for entry in head.preamble {
      let lower = entry.text.lowercased()
      let isNamed =
        quantity == .acceleration ? lower.contains("acc") : lower.contains("gyr") || lower.contains("angular")
      if isNamed, let mark = lower.lastIndex(of: ":") {
        let said = entry.text[entry.text.index(after: mark)...]
        switch (quantity, ColumnName.unit(spelled: String(said))) {
        case (.acceleration, .acceleration(let scale)?), (.angularRate, .angularRate(let scale)?): return scale
        default: break
        }
      }
      guard lower.contains("unit") else { continue }
      // `units are seconds/meters/radians`: the SI units by their bases.
      if quantity == .acceleration, lower.contains("meter") || lower.contains("metre") { return 1 }
      if quantity == .angularRate, lower.contains("radian") { return 1 }
      if quantity == .angularRate, lower.contains("degree") { return .pi / 180 }
    }
    return nil
  }
}
