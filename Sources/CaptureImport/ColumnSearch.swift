import Motion

/// What the names of a table's columns say they hold, sensor by sensor.
///
/// A sensor is what the names have beside the quantity and the axis (`left_acc_x` is of `left`); where a table repeats
/// its names, the repetitions are sensors, too.
struct ColumnSearch {
  /// A column that tells time: its factor to seconds where one is said, and whether it is text.
  struct TimeColumn {
    var column: Int
    var secondsPerUnit: Double?
    var isText: Bool
    /// Perhaps only the day: a column beside it tells the time of day.
    var isDate: Bool
    var group: String
  }

  private let head: TableHead
  private(set) var sensors: [SensorColumns] = []
  /// The angular rate of a table that is a gyroscope's alone.
  private(set) var rateAlone: SensorColumns.Vector?
  private(set) var times: [TimeColumn] = []

  /// - Parameter file: the file's name; it tells what columns hold that are called x, y and z alone.
  init(_ head: TableHead, file: String) {
    self.head = head
    var parts: [ColumnWords.Part] = []
    var temperature: Int?
    for (column, name) in head.columns.enumerated() {
      let isNumeric = column < head.isNumeric.count && head.isNumeric[column]
      if let time = Self.time(name, column, isNumeric: isNumeric) {
        times.append(time)
      } else if let part = ColumnWords.part(of: name, column) {
        parts.append(part)
      } else if temperature == nil, name.unit == .temperature {
        temperature = column
      }
    }
    makeSensors(of: parts)
    if sensors.isEmpty, !file.lowercased().contains("mag"), let axes = bareAxes {
      let names = [axes.x, axes.y, axes.z].map { "'\(head.columns[$0].text)'" }.joined(separator: ", ")
      let vector = SensorColumns.Vector(columns: axes, names: names, unit: nil)
      var sensor = SensorColumns(name: "", isBare: true)
      if FileRole.gyroscope.parts(of: file) != nil { sensor.angularRate = vector } else { sensor.acceleration = vector }
      if sensor.holdsAnything { sensors = [sensor] } else { rateAlone = rateAlone ?? vector }
    }
    if sensors.count == 1 { sensors[0].temperature = temperature }
  }

  /// Columns that are called x, y and z and nothing else, in a table with hardly anything but them and a time.
  private var bareAxes: ColumnMap.Triple? {
    let places = ColumnWords.axes.map { axis in
      head.columns.indices.filter { head.columns[$0].words == [axis] && head.columns[$0].unitText == nil }
    }
    guard head.columns.count <= 6, !times.isEmpty, places.allSatisfy({ $0.count == 1 }) else { return nil }
    return ColumnMap.Triple(x: places[0][0], y: places[1][0], z: places[2][0])
  }

  /// The time column of a sensor: one of its own, else the first that says its unit, else the first; numbers before text.
  func time(for sensor: SensorColumns) -> TimeColumn? {
    let own = times.filter { !$0.group.isEmpty && sensor.name.hasPrefix($0.group) }
    // Where each channel has its time before it, the nearest on the left is the sensor's.
    if let first = sensor.acceleration?.columns.x ?? sensor.quaternion?.first, times.count > 2,
      times.contains(where: { $0.column > first }), let near = times.last(where: { $0.column < first })
    {
      return near
    }
    let candidates = own.isEmpty ? times : own
    return candidates.first { $0.secondsPerUnit != nil } ?? candidates.first { !$0.isText }
      ?? candidates.first { !$0.isDate } ?? candidates.first
  }

  private static let timeWords: Set = [
    "time", "timestamp", "timestamps", "elapsed", "epoch", "epoc", "datetime", "chiptime", "clocktime", "date", "yyyy",
    "millis", "micros",
  ]

  private static func time(_ name: ColumnName, _ column: Int, isNumeric: Bool) -> TimeColumn? {
    // A channel's own time (`ACC X Time Series (s)`) has an axis in its name.
    let isSeries = name.words.contains("time") && name.words.contains("series")
    guard isSeries || !name.words.contains(where: ColumnWords.axes.contains) else { return nil }
    var unit: Double?
    if case .time(let seconds)? = name.unit { unit = seconds } else if name.unit != nil { return nil }
    var words = name.words
    let isTime = words.contains(where: timeWords.contains) || words == ["t"] || words == ["seconds"] || words == ["sec"]
    guard isTime, !words.contains("location"), !words.contains("utc") || isNumeric else { return nil }
    // A single letter is a time by its unit, or without any: `T(…)` with another is a temperature.
    if words == ["t"], unit == nil, name.unitText != nil { return nil }
    if unit == nil, isNumeric {
      for word in words {
        if case .time(let seconds)? = ColumnName.unit(spelled: word), word != "s" || word == words.last {
          unit = seconds
        }
      }
      if name.unitText == "txt" { return nil }
    }
    words.removeAll { timeWords.contains($0) || ColumnWords.idle.contains($0) || $0 == "unix" || $0 == "logging" }
    return TimeColumn(
      column: column, secondsPerUnit: unit, isText: !isNumeric, isDate: name.words.contains("date"),
      group: isSeries ? "" : words.joined(separator: " "))
  }

  private struct Key: Hashable {
    var group: String
    var variant: String
    var quantity: ColumnWords.Quantity
    var turn: Int
  }

  private mutating func makeSensors(of parts: [ColumnWords.Part]) {
    var order: [Key] = []
    var columns: [Key: [Int?]] = [:]
    var seen: [String: Int] = [:]
    for part in parts {
      // The same name again is the next sensor of a table that repeats its names.
      let name = "\(part.group)|\(part.variant)|\(part.quantity)|\(part.component)"
      let turn = seen[name, default: 0]
      seen[name] = turn + 1
      let key = Key(group: part.group, variant: part.variant, quantity: part.quantity, turn: turn)
      if columns[key] == nil {
        order.append(key)
        columns[key] = [nil, nil, nil, nil]
      }
      columns[key]?[part.component] = part.column
    }
    let whole = order.filter { key in
      let present = (columns[key] ?? []).prefix(key.quantity.size).count { $0 != nil }
      switch key.quantity {
      case .inclination: return present > 0
      // Roll and pitch make the vertical; yaw is not needed for it.
      case .eulerAngles: return columns[key]?[0] != nil && columns[key]?[1] != nil
      default: return present == key.quantity.size
      }
    }
    let repeats = whole.contains { $0.turn > 0 }
    var names: [String] = []
    for key in whole {
      let name = Self.name(of: key, repeats)
      if !names.contains(name) { names.append(name) }
    }
    var found = names.map { SensorColumns(name: $0) }
    // What has no sensor's name belongs to the only one that has.
    func place(_ key: Key) -> Int { names.firstIndex(of: Self.name(of: key, repeats)) ?? 0 }
    for key in whole { fill(&found[place(key)], key, columns[key] ?? []) }
    let merged = Self.merged(found)
    sensors = merged.filter(\.holdsAnything)
    rateAlone = merged.count == 1 ? merged[0].angularRate : nil
  }

  private static func name(of key: Key, _ repeats: Bool) -> String {
    repeats ? (key.group.isEmpty ? "\(key.turn + 1)" : "\(key.group) \(key.turn + 1)") : key.group
  }

  private func fill(_ sensor: inout SensorColumns, _ key: Key, _ columns: [Int?]) {
    let numbers = columns.compactMap { $0 }
    switch key.quantity {
    // Of several accelerometers on one sensor the first in the table is taken: the low-noise one where there are two.
    case .acceleration: if sensor.acceleration == nil { sensor.acceleration = vector(numbers, .acceleration) }
    case .linear: sensor.linear = sensor.linear ?? vector(numbers, .acceleration)
    case .gravity: sensor.gravity = sensor.gravity ?? vector(numbers, .acceleration)
    case .angularRate: sensor.angularRate = sensor.angularRate ?? vector(numbers, .angularRate)
    case .magneticField: sensor.magneticField = sensor.magneticField ?? vector(numbers, .magneticField)
    case .quaternion: sensor.quaternion = sensor.quaternion ?? numbers
    case .eulerAngles:
      guard sensor.eulerAngles == nil, let roll = columns[0], let pitch = columns[1] else { return }
      var scale = radiansPerDegreeOfFiles
      if case .angle(let said)? = head.columns[roll].unit { scale = said }
      sensor.eulerAngles = ColumnMap.Triple(x: roll, y: pitch, z: columns[2] ?? pitch, scale: scale)
    case .inclination:
      for axis in 0..<2 {
        guard let column = columns[axis], sensor.inclination[axis] == nil else { continue }
        var scale = radiansPerDegreeOfFiles
        if case .angle(let said)? = head.columns[column].unit { scale = said }
        sensor.inclination[axis] = (column, scale)
      }
    }
  }

  /// Three columns, with their unit where they say the same and it is one of the quantity.
  private func vector(_ columns: [Int], _ quantity: ColumnWords.Quantity) -> SensorColumns.Vector {
    let names = columns.map { "'\(head.columns[$0].text)'" }.joined(separator: ", ")
    var vector = SensorColumns.Vector(
      columns: ColumnMap.Triple(x: columns[0], y: columns[1], z: columns[2]), names: names, unit: nil)
    let units = columns.map { head.columns[$0].unit }
    let text = head.columns[columns[0]].unitText
    guard units[0] == units[1], units[1] == units[2] else { return vector }
    switch (quantity, units[0]) {
    case (.acceleration, .acceleration(let scale)?), (.angularRate, .angularRate(let scale)?),
      (.magneticField, .magneticField(let scale)?):
      vector.columns.scale = scale
    // G is gauss, and of an acceleration what others write as g.
    case (.acceleration, .magneticField?) where text == "G": vector.columns.scale = standardGravity
    default: return vector
    }
    vector.unit = text
    return vector
  }

  /// One instrument a name is one sensor where each quantity occurs once: `imu_acc_x` beside `body_gyr_x`.
  private static func merged(_ sensors: [SensorColumns]) -> [SensorColumns] {
    let useful = sensors.filter { $0.holdsAnything || $0.angularRate != nil }
    guard useful.count > 1 else { return sensors }
    func once(_ quantity: (SensorColumns) -> Bool) -> Bool { useful.count(where: quantity) <= 1 }
    guard
      once({ $0.acceleration != nil }), once({ $0.angularRate != nil }), once({ $0.quaternion != nil }),
      once({ $0.linear != nil }), once({ $0.eulerAngles != nil })
    else { return sensors }
    var one = useful.first { $0.acceleration != nil } ?? useful[0]
    one.name = ""
    for other in sensors {
      one.angularRate = one.angularRate ?? other.angularRate
      one.magneticField = one.magneticField ?? other.magneticField
      one.quaternion = one.quaternion ?? other.quaternion
      one.linear = one.linear ?? other.linear
      one.gravity = one.gravity ?? other.gravity
      one.eulerAngles = one.eulerAngles ?? other.eulerAngles
      for axis in 0..<2 where one.inclination[axis] == nil { one.inclination[axis] = other.inclination[axis] }
    }
    return [one]
  }
}

/// Files that give angles without a unit mean degrees.
let radiansPerDegreeOfFiles = Double.pi / 180
