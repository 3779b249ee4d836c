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
  private let search: ColumnSearch

  init(_ head: TableHead, file: String, hints: TableHints = TableHints()) {
    self.head = head
    self.file = file
    self.hints = hints
    self.search = ColumnSearch(head)
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
    return plans
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
    if map.acceleration != nil, map.angularRate == nil { notes.append("no gyroscope among the columns") }
    if map.acceleration == nil, map.orientation != nil || map.eulerAngles != nil {
      notes.append("no acceleration with gravity: the sensor's own orientation is all there is")
    }
    for index in companions.indices { companions[index].map.clock = map.clock }
    return SensorPlan(
      name: sensor.name, file: file, map: map, acceleration: unit, rateOfUnknownUnit: unknownRate,
      settlesQuaternion: map.orientation != nil, companions: companions, notes: notes)
  }

  private func scaled(_ vector: SensorColumns.Vector) -> (ColumnMap.Triple, AccelerationUnit) {
    var columns = vector.columns
    var unit: AccelerationUnit
    if let said = vector.unit, columns.scale != 1 || said != "G" {
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

  // MARK: Time

  static let rateKeys = [
    "sampling frequency", "sample frequency", "sample rate", "sampling rate", "samplerate", "update rate",
    "output rate",
    "outputrate", "datarate", "data rate", "acquisition frequency", "capture frame rate", "frame rate", "frequency",
  ]

  private func clock(
    _ sensor: SensorColumns, _ map: ColumnMap, _ bytes: Span<UInt8>, _ options: ImportOptions, _ notes: inout [String]
  ) throws(ImportError) -> ColumnMap.Clock {
    let said = head.preambleRate(after: Self.rateKeys)
    guard let time = search.time(for: sensor.name) else {
      if let rate = options.rate {
        notes.append("no column of time: the row's number and --rate \(rate) give the times")
        return .row(rate: rate)
      }
      if let rate = said {
        notes.append("no column of time: the row's number and the rate of \(rate) Hz that the file says give the times")
        return .row(rate: rate)
      }
      throw ImportError(.noTime, "no column of time and no rate: say --rate HZ")
    }
    if time.isText {
      notes.append("times are read from the text of column '\(head.columns[time.column].text)'")
      return .text(time.column)
    }
    if let seconds = time.secondsPerUnit, options.factor("time") == nil,
      let other = possibleUnit(of: time.column, said: seconds, rate: said, bytes, &notes)
    {
      return .column(time.column, secondsPerUnit: other)
    }
    return try numericClock(
      time.column, time.secondsPerUnit ?? options.factor("time") ?? hints.time, bytes, options, &notes)
  }

  /// The unit (s) that a column's times must be in, where it cannot be the one that is said: the file's own rate is off by a power of ten, or no sensor has
  /// such a rate, and one has it in just one other unit.
  private func possibleUnit(
    of column: Int, said seconds: Double, rate: Double?, _ bytes: Span<UInt8>, _ notes: inout [String]
  ) -> Double? {
    guard let step = medianStep(bytes, column), step > 0 else { return nil }
    let written = 1 / (step * seconds)
    let name = "'\(head.columns[column].text)'"
    let shown = written > 1000 ? written.rounded() : (written * 1000).rounded() / 1000
    for power in [-9, -6, -4, -3, -1, 1, 3, 4, 6, 9] {
      guard let rate else { break }
      var factor = 1.0
      for _ in 0..<abs(power) { factor *= 10 }
      if power < 0 { factor = 1 / factor }
      guard abs(written * factor / rate - 1) < 0.02 else { continue }
      notes.append(
        "the time column \(name) makes it \(shown) samples a second, and the file says \(rate) Hz: its unit is another one than it says, and was taken so that both agree"
      )
      return seconds / factor
    }
    guard rate == nil, written > 20_000 || written < 0.5, let guess = Self.unit(ofStep: step) else { return nil }
    notes.append(
      "the time column \(name) would make it \(shown) samples a second: it was taken in \(guess.name), the only unit in which a sensor samples so (--units time=… says another)"
    )
    return guess.seconds
  }

  /// A sensor for movement samples from 2 to 4000 times a second; in one unit only does a step fall into that.
  private static func unit(ofStep step: Double) -> (seconds: Double, name: String)? {
    switch step {
    case 0.000_25..<0.999: (1, "s")
    case 1: nil  // one a row: milliseconds at 1 kHz, or the row's number
    case 0.999..<500: (1e-3, "ms")
    case 1000..<500_000: (1e-6, "µs")
    case 1_000_000..<500_000_000: (1e-9, "ns")
    default: nil
    }
  }

  /// The clock of a column of numbers whose unit may have to be found from its steps.
  func numericClock(
    _ column: Int, _ secondsPerUnit: Double?, _ bytes: Span<UInt8>, _ options: ImportOptions, _ notes: inout [String]
  ) throws(ImportError) -> ColumnMap.Clock {
    if let seconds = secondsPerUnit { return .column(column, secondsPerUnit: seconds) }
    let name = column < head.columns.count ? "'\(head.columns[column].text)'" : "\(column + 1)"
    guard let step = medianStep(bytes, column) else {
      if options.rate != nil { return .column(column, secondsPerUnit: 1) }
      throw ImportError(.unusableTime, "the unit of the time column \(name) is not said, and one row can't tell")
    }
    let shown = (step * 1e6).rounded() / 1e6
    guard let guess = Self.unit(ofStep: step) else {
      if options.rate != nil { return .column(column, secondsPerUnit: 1) }
      throw ImportError(
        .unusableTime,
        "the unit of the time column \(name) is not said, and its step of \(shown) does not decide it: say --units time=ms, or --rate HZ"
      )
    }
    notes.append("the unit of the time column \(name) is not said; its step of \(shown) makes it \(guess.name)")
    return .column(column, secondsPerUnit: guess.seconds)
  }

  /// The median of the positive steps of a column over the first rows.
  func medianStep(_ bytes: Span<UInt8>, _ column: Int) -> Double? {
    var reader = RowReader(dialect: head.dialect, from: head.dataOffset, to: bytes.count)
    var steps: [Double] = []
    var previous: Double?
    while steps.count < 300, reader.line < 1000, reader.advance(bytes) {
      guard case .number(let value) = reader.value(bytes, column) else { continue }
      if let previous, value > previous { steps.append(value - previous) }
      previous = value
    }
    return steps.isEmpty ? nil : steps.sorted()[steps.count / 2]
  }
}
