import Motion

/// Names of columns as boards print them, made into a map.
///
/// A name says the quantity and the axis, and often the unit. Where it says no unit, OpenLog Artemis's own columns have known ones, a line before the
/// names may say it (Arduino's examples do), or the size of the numbers does.
struct ColumnNaming {
  /// Nil when the names make no sample, or leave the unit of an acceleration open.
  let map: ColumnMap?

  /// - Parameters:
  ///   - names: the cells of the line of names.
  ///   - banner: the lines before the first row.
  ///   - physics: what the numbers say.
  init(_ names: [String], banner: [String], _ physics: ColumnPhysics) {
    let plain = names.map { Self.plain($0) }
    let isOpenLog = plain.contains("imudegc") || plain.contains("outputhz") || plain.contains("rtcdate")
    let text = banner.map { $0.lowercased() }.joined(separator: " ")
    var columns = names.map { name in
      // The names that Talus itself knows stand for themselves.
      if let own = ColumnMap.known(name.lowercased()) { return own }
      return Self.column(name, isOpenLog: isOpenLog, banner: text)
    }
    if let time = columns.firstIndex(of: "t_?") { columns[time] = physics.timeName(of: time) ?? "-" }
    for (quantity, sizes) in [("a", physics.accelerationUnit(of:)), ("g", physics.rateUnit(of:))] {
      let places = ["x", "y", "z"].map { axis in columns.firstIndex(of: quantity + axis + "_?") }
      guard let x = places[0], let y = places[1], let z = places[2] else { continue }
      let unit = sizes((x, y, z))
      for (place, axis) in zip([x, y, z], ["x", "y", "z"]) {
        columns[place] = unit.map { quantity + axis + "_" + $0 } ?? "-"
      }
    }
    map = try? ColumnMap(columns.map { $0.hasSuffix("?") ? "-" : $0 }.joined(separator: ","))
  }

  /// Small letters and digits only.
  private static func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// A column's name in a map; `_?` for a unit that is not said, `-` for what is not known.
  private static func column(_ name: String, isOpenLog: Bool, banner: String) -> String {
    let small = name.lowercased()
    let words = plain(name)
    let unit = Self.unit(small)
    switch words {
    case "micros", "timeus", "tus", "timestampus": return "t_us"
    case "millis", "timems", "tms", "timestampms": return "t_ms"
    case "imudegc", "tempc", "temperaturec", "temp", "temperature": return "temp_c"
    default: break
    }
    if words.hasPrefix("time") || words == "t" || words == "ts" {
      return ["s", "ms", "us"].contains(unit) ? "t_" + unit : "t_?"
    }
    guard let (quantity, axis) = quantityAndAxis(small) else { return "-" }
    switch quantity {
    case "a":
      if isOpenLog { return "a\(axis)_mg" }
      if ["g", "mg", "mps2"].contains(unit) { return "a\(axis)_\(unit)" }
      return banner.contains("acceleration in g") ? "a\(axis)_g" : "a\(axis)_?"
    case "g":
      if isOpenLog { return "g\(axis)_dps" }
      if ["dps", "radps"].contains(unit) { return "g\(axis)_\(unit)" }
      return banner.contains("gyroscope in degrees/second") ? "g\(axis)_dps" : "g\(axis)_?"
    case "m": return isOpenLog || unit == "ut" ? "m\(axis)_ut" : "-"
    default: return banner.contains("acceleration in g") ? "a\(axis)_g" : "-"
    }
  }

  /// What stands in brackets, or behind the last underscore: a unit in the words of a map, or what it was.
  private static func unit(_ name: String) -> String {
    var unit = name
    if let open = name.lastIndex(where: { $0 == "(" || $0 == "[" }) {
      unit = String(name[name.index(after: open)...].filter { $0 != ")" && $0 != "]" && $0 != " " })
    } else if let low = name.lastIndex(of: "_") {
      unit = String(name[name.index(after: low)...])
    } else {
      return ""
    }
    switch unit {
    case "m/s2", "m/s^2", "m/s/s", "ms2", "mps2", "mpss", "ms-2": return "mps2"
    case "deg/s", "dps", "degs", "degps", "deg/sec": return "dps"
    case "rad/s", "radps", "rads", "rps": return "radps"
    case "g", "gs": return "g"
    case "sec", "s": return "s"
    default: return unit
    }
  }

  /// The letter of the quantity (`a`, `g`, `m`, or empty where there is only an axis) and of the axis.
  private static func quantityAndAxis(_ name: String) -> (String, Character)? {
    var stem = name
    if let open = stem.firstIndex(where: { $0 == "(" || $0 == "[" }) { stem = String(stem[..<open]) }
    let words = stem.split { !$0.isLetter }.map(String.init)
    guard let first = words.first else { return nil }
    // Together with its axis (`ax`, `accX`), or in words of their own (`acc_x_mps2`, `Gyro X`).
    let axes: [Character] = ["x", "y", "z"]
    var axis: Character?
    var head = first
    if let second = words.dropFirst().first, second.count == 1, let letter = second.first, axes.contains(letter) {
      axis = letter
    } else if let last = first.last, axes.contains(last) {
      axis = last
      head = String(first.dropLast())
    }
    guard let axis else { return nil }
    switch head {
    case "a", "ac", "acc", "accel", "accelerometer", "acceleration": return ("a", axis)
    case "g", "gy", "gyr", "gyro", "gyroscope", "w", "omega", "rate", "rotation": return ("g", axis)
    case "m", "mag", "magn", "magnetometer": return ("m", axis)
    case "": return ("", axis)
    default: return nil
    }
  }
}
