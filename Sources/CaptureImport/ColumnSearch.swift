/// What the names of a table's columns say they hold.
struct ColumnSearch {
  enum Quantity: Equatable {
    case acceleration
    case angularRate
    case magneticField
  }

  /// Three columns of one vector of one sensor.
  struct Vector {
    var columns: ColumnMap.Triple
    /// As messages name them.
    var names: String
    /// As the file says it; nil when it does not.
    var unit: String?
  }

  private struct Part {
    var quantity: Quantity
    var axis: Int
    /// The other words of the name: which sensor, which of several instruments.
    var group: String
    var column: Int
  }

  private let head: TableHead
  private var parts: [Part] = []
  /// Columns of an acceleration without gravity.
  private(set) var gravityRemoved: [String] = []
  /// Axis (0 for x), column, factor to radians.
  private(set) var inclination: [(axis: Int, column: Int, scale: Double)] = []
  private(set) var temperature: Int?
  /// w, x, y, z.
  private(set) var quaternion: [Int]?
  private(set) var time: (column: Int, secondsPerUnit: Double?)?

  private static let accelerationWords: Set = ["acc", "accel", "accelerometer", "acceleration", "a", "accelerometers"]
  private static let rateWords: Set = ["gyr", "gyro", "gyroscope", "gyroscopes", "omega", "w", "angvel"]
  private static let fieldWords: Set = ["mag", "magn", "magnetometer", "magnetic", "m"]
  private static let removedWords: Set = ["free", "linear", "lin", "user", "freeacc", "linacc"]
  private static let idleWords: Set = [
    "cal", "calibrated", "axis", "imu", "sensor", "data", "angular", "velocity", "rate",
  ]

  init(_ head: TableHead) {
    self.head = head
    var quaternionColumns = [Int?](repeating: nil, count: 4)
    for (column, name) in head.columns.enumerated() {
      if let time = Self.time(name, isNumeric: column < head.isNumeric.count && head.isNumeric[column]) {
        // The first column of time, unless a later one says its unit and it does not.
        if self.time == nil || (self.time?.secondsPerUnit == nil && time.secondsPerUnit != nil) {
          self.time = (column, time.secondsPerUnit)
        }
        continue
      }
      if let component = Self.quaternionComponent(name.words) {
        if quaternionColumns[component] == nil { quaternionColumns[component] = column }
        continue
      }
      if name.words.first == "incl" || name.words.first == "inclination", case .angle(let scale)? = name.unit,
        let axis = Self.axes.firstIndex(of: name.words.last ?? ""), axis < 2
      {
        inclination.append((axis, column, scale))
        continue
      }
      if name.unit == .temperature, temperature == nil {
        temperature = column
        continue
      }
      if let part = Self.part(name, column) {
        if part.group == "gravity removed" { gravityRemoved.append(name.text) } else { parts.append(part) }
      }
    }
    let all = quaternionColumns.compactMap { $0 }
    if all.count == 4 { quaternion = all }
  }

  private static let axes = ["x", "y", "z"]

  private static func time(_ name: ColumnName, isNumeric: Bool) -> (secondsPerUnit: Double?, Void)? {
    guard isNumeric, !name.words.contains(where: axes.contains) else { return nil }
    var unit: Double?
    if case .time(let seconds)? = name.unit { unit = seconds } else if name.unit != nil { return nil }
    let words = Set(name.words)
    let isTime =
      !words.isDisjoint(with: ["time", "timestamp", "timestamps", "elapsed", "epoch", "epoc"])
      || name.words == ["t"] || name.words == ["seconds"] || name.words == ["sec"]
    guard isTime else { return nil }
    if unit == nil, let last = name.words.last, case .time(let seconds)? = ColumnName.unit(spelled: last) {
      unit = seconds
    }
    return (unit, ())
  }

  private static func quaternionComponent(_ words: [String]) -> Int? {
    guard let last = words.last else { return nil }
    let isNamed = words.contains("quat") || words.contains("quaternion") || words.contains("q")
    if ["q0", "q1", "q2", "q3"].contains(last) { return Int(last.dropFirst()) }
    if words.count == 1, ["qw", "qx", "qy", "qz"].contains(last) {
      return ["qw", "qx", "qy", "qz"].firstIndex(of: last)
    }
    return isNamed ? ["w", "x", "y", "z"].firstIndex(of: last) ?? ["0", "1", "2", "3"].firstIndex(of: last) : nil
  }

  private static func part(_ name: ColumnName, _ column: Int) -> Part? {
    var words = name.words
    // ax, wy, mz, gx: a letter and an axis in one word.
    if let last = words.last, last.count == 2, axes.contains(String(last.suffix(1))) {
      var letter = String(last.prefix(1))
      if letter == "g" {
        // gx in g is an acceleration; without a unit it is most likely a rate, and is refused for its missing unit.
        if case .acceleration? = name.unit { letter = "a" } else { letter = "gyr" }
      }
      if ["a", "w", "m", "gyr"].contains(letter) {
        words.removeLast()
        words += [letter, String(last.suffix(1))]
      }
    }
    let axisWords = words.filter(axes.contains)
    guard axisWords.count == 1, let axis = axes.firstIndex(of: axisWords[0]) else { return nil }
    let isAcceleration = words.contains(where: accelerationWords.contains)
    let isRate =
      words.contains(where: rateWords.contains)
      || (words.contains("angular") && (words.contains("velocity") || words.contains("rate")))
    let isField = words.contains(where: fieldWords.contains)
    let others = words.filter {
      !axes.contains($0) && !accelerationWords.contains($0) && !rateWords.contains($0) && !fieldWords.contains($0)
        && !idleWords.contains($0)
    }
    let group = others.joined(separator: " ")
    var quantity: Quantity?
    switch (isAcceleration, isRate, isField) {
    case (true, false, false): quantity = .acceleration
    case (false, true, false): quantity = .angularRate
    case (false, false, true): quantity = .magneticField
    case (false, false, false) where others.isEmpty:
      // An axis alone is what its unit says.
      switch name.unit {
      case .acceleration?: quantity = .acceleration
      case .angularRate?: quantity = .angularRate
      case .magneticField?: quantity = .magneticField
      default: break
      }
    default: break
    }
    guard let quantity else { return nil }
    if quantity == .acceleration, words.contains(where: removedWords.contains) {
      return Part(quantity: quantity, axis: axis, group: "gravity removed", column: column)
    }
    return Part(quantity: quantity, axis: axis, group: group, column: column)
  }

  /// Whether there is anything that an angle can be made from, or could if gravity were in it.
  var holdsAnything: Bool {
    parts.contains { $0.quantity == .acceleration } || !inclination.isEmpty || quaternion != nil
      || !gravityRemoved.isEmpty
  }

  /// The columns that were recognised, as the file names them.
  var names: [String] {
    var columns = parts.filter { $0.quantity != .magneticField }.map(\.column) + inclination.map(\.column)
    columns += quaternion ?? []
    return columns.sorted().map { "'\(head.columns[$0].text)'" } + gravityRemoved.map { "'\($0)'" }
  }

  /// The vector of this quantity, if the table has one.
  ///
  /// - Throws: `severalSensors` when it has more, `unusableUnit` when its three columns disagree about the unit.
  func vector(_ quantity: Quantity) throws(ImportError) -> Vector? {
    var groups: [(name: String, columns: [Int?])] = []
    for part in parts where part.quantity == quantity {
      let place = groups.firstIndex { $0.name == part.group } ?? groups.count
      if place == groups.count { groups.append((part.group, [nil, nil, nil])) }
      if groups[place].columns[part.axis] == nil { groups[place].columns[part.axis] = part.column }
    }
    let whole = groups.filter { !$0.columns.contains(nil) }
    guard whole.count <= 1 else {
      let names = whole.map { "'\($0.name)'" }.joined(separator: ", ")
      throw ImportError(
        .severalSensors, "\(whole.count) sensors side by side (\(names)); Talus reads tables of one sensor so far")
    }
    guard let columns = whole.first?.columns.compactMap({ $0 }), columns.count == 3 else { return nil }
    let names = columns.map { "'\(head.columns[$0].text)'" }.joined(separator: ", ")
    let units = columns.map { head.columns[$0].unit }
    guard units[0] == units[1], units[1] == units[2] else {
      throw ImportError(.unusableUnit, "\(names) have different units")
    }
    var triple = ColumnMap.Triple(x: columns[0], y: columns[1], z: columns[2])
    switch (quantity, units[0]) {
    case (.acceleration, .acceleration(let scale)?), (.angularRate, .angularRate(let scale)?),
      (.magneticField, .magneticField(let scale)?):
      triple.scale = scale
      return Vector(columns: triple, names: names, unit: head.columns[columns[0]].unitText)
    default:
      return Vector(columns: triple, names: names, unit: nil)
    }
  }
}
