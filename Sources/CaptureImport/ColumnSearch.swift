/// The columns of one sensor in a table, as the names tell them.
struct SensorColumns {
  /// Three columns of one vector.
  struct Vector {
    var columns: ColumnMap.Triple
    /// As messages name them.
    var names: String
    /// As the file says it; nil when it does not.
    var unit: String?
  }

  /// What tells the sensor from others of the table; empty where there is one.
  var name: String
  var acceleration: Vector?
  /// An acceleration without gravity.
  var linear: Vector?
  /// The gravity that was taken out of it.
  var gravity: Vector?
  var angularRate: Vector?
  var magneticField: Vector?
  /// w, x, y, z.
  var quaternion: [Int]?
  /// Roll, pitch, yaw, with the factor to radians.
  var eulerAngles: ColumnMap.Triple?
  /// Column and factor to radians of an inclinometer's x and y axis.
  var inclination: [(column: Int, scale: Double)?] = [nil, nil]
  var temperature: Int?

  /// Whether an angle can be made from it, or could if gravity were in it.
  var holdsAnything: Bool {
    acceleration != nil || linear != nil || quaternion != nil || eulerAngles != nil
      || inclination.contains { $0 != nil }
  }
}

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
    var group: String
  }

  private let head: TableHead
  private(set) var sensors: [SensorColumns] = []
  private(set) var times: [TimeColumn] = []

  init(_ head: TableHead) {
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
    if sensors.count == 1 { sensors[0].temperature = temperature }
  }

  /// The time column of a sensor: one of its own, else the first that says its unit, else the first; numbers before text.
  func time(for sensor: String) -> TimeColumn? {
    let own = times.filter { !$0.group.isEmpty && sensor.hasPrefix($0.group) }
    let candidates = own.isEmpty ? times : own
    return candidates.first { $0.secondsPerUnit != nil } ?? candidates.first { !$0.isText } ?? candidates.first
  }

  private static let timeWords: Set = [
    "time", "timestamp", "timestamps", "elapsed", "epoch", "epoc", "datetime", "chiptime", "clocktime", "date", "yyyy",
  ]

  private static func time(_ name: ColumnName, _ column: Int, isNumeric: Bool) -> TimeColumn? {
    guard !name.words.contains(where: ColumnWords.axes.contains) else { return nil }
    var unit: Double?
    if case .time(let seconds)? = name.unit { unit = seconds } else if name.unit != nil { return nil }
    var words = name.words
    let isTime = words.contains(where: timeWords.contains) || words == ["t"] || words == ["seconds"] || words == ["sec"]
    guard isTime, !words.contains("location"), !words.contains("utc") || isNumeric else { return nil }
    if unit == nil, isNumeric {
      for word in words {
        if case .time(let seconds)? = ColumnName.unit(spelled: word), word != "s" || word == words.last {
          unit = seconds
        }
      }
      if name.unitText == "txt" { return nil }
    }
    words.removeAll { timeWords.contains($0) || ColumnWords.idle.contains($0) || $0 == "unix" || $0 == "logging" }
    return TimeColumn(column: column, secondsPerUnit: unit, isText: !isNumeric, group: words.joined(separator: " "))
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
    sensors = Self.merged(found).filter(\.holdsAnything)
  }

  private static func name(of key: Key, _ repeats: Bool) -> String {
    repeats ? (key.group.isEmpty ? "\(key.turn + 1)" : "\(key.group) \(key.turn + 1)") : key.group
  }

  private func fill(_ sensor: inout SensorColumns, _ key: Key, _ columns: [Int?]) {
    let numbers = columns.compactMap { $0 }
    switch key.quantity {
    // Of several accelerometers on one sensor the first in the table is taken: the low-noise one where there are two.
    case .acceleration: if sensor.acceleration == nil { sensor.acceleration = vector(numbers) }
    case .linear: sensor.linear = sensor.linear ?? vector(numbers)
    case .gravity: sensor.gravity = sensor.gravity ?? vector(numbers)
    case .angularRate: sensor.angularRate = sensor.angularRate ?? vector(numbers)
    case .magneticField: sensor.magneticField = sensor.magneticField ?? vector(numbers)
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

  private func vector(_ columns: [Int]) -> SensorColumns.Vector {
    let names = columns.map { "'\(head.columns[$0].text)'" }.joined(separator: ", ")
    var triple = ColumnMap.Triple(x: columns[0], y: columns[1], z: columns[2])
    let units = columns.map { head.columns[$0].unit }
    guard units[0] == units[1], units[1] == units[2] else {
      return SensorColumns.Vector(columns: triple, names: names, unit: nil)
    }
    switch units[0] {
    case .acceleration(let scale)?, .angularRate(let scale)?, .magneticField(let scale)?: triple.scale = scale
    default: return SensorColumns.Vector(columns: triple, names: names, unit: nil)
    }
    return SensorColumns.Vector(columns: triple, names: names, unit: head.columns[columns[0]].unitText)
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
