import Motion

/// Formats that write each quantity of one sensor to a file of its own: how the files of a capture are found.
enum FileRole: CaseIterable {
  case accelerometer
  case gyroscope

  /// Words in a file's name, the longer first.
  var words: [String] {
    switch self {
    case .accelerometer:
      [
        "accelerometer", "acceleration", "beschleunigung", "accélération", "accelerazione", "aceleración",
        "versnelling",
        "accel", "acc",
      ]
    case .gyroscope: ["gyroscope", "gyroskop", "giroscopio", "gyro", "gyr", "drehrate"]
    }
  }

  /// Where a name says this role: what stands before the word and behind it; nil where it does not.
  func parts(of name: String) -> (before: String, after: String)? {
    let lower = name.lowercased()
    for word in words {
      guard let range = lower.firstRange(of: word) else { continue }
      return (String(lower[..<range.lowerBound]), String(lower[range.upperBound...]))
    }
    return nil
  }
}

extension CaptureSource {
  /// The file of the folder that has another role beside this one: the same name up to the word of the role. Where
  /// several fit, the one that is also the same behind it.
  func partner(of file: String, _ role: FileRole, _ other: FileRole) throws(ImportError) -> String? {
    guard let mine = role.parts(of: file) else { return nil }
    let candidates = try filesInFolder().filter { name in
      guard name != file, let parts = other.parts(of: name) else { return false }
      return parts.before == mine.before && !name.lowercased().contains("uncal")
    }
    if candidates.count < 2 { return candidates.first }
    let same = candidates.filter { other.parts(of: $0)?.after == mine.after }
    return same.count == 1 ? same[0] : nil
  }

  /// The one plan of an accelerometer's table and a gyroscope's, each with its own columns of time.
  ///
  /// - Parameter table: the table's columns as a map with either acceleration or angular rate in it, and the notes on it.
  func pair(
    _ file: String, as format: some CaptureFormat, _ options: ImportOptions, unit: AccelerationUnit,
    unknownRate: String? = nil,
    _ table: (String, Span<UInt8>, TableHead) throws(ImportError) -> (map: ColumnMap, notes: [String])?
  ) throws(ImportError) -> [Capture] {
    func look(_ file: String) throws(ImportError) -> (map: ColumnMap, notes: [String])? {
      try withTable(file) { (bytes, head) throws(ImportError) in try table(file, bytes, head) }
    }
    /// What the partner is; nil where it is no table of this format.
    func lookBeside(_ partner: String?) throws(ImportError) -> (map: ColumnMap, notes: [String])? {
      guard let partner else { return nil }
      do throws(ImportError) { return try look(partner) } catch {
        if error.kind == .unknownFormat || error.kind == .gravityRemoved || error.kind == .notText { return nil }
        var named = error
        named.file = "\(partner) beside \(label)"
        throw named
      }
    }
    guard let given = try look(file) else { throw ImportError(.unknownFormat, "not a table of this format") }
    let isAccelerometer = given.map.acceleration != nil
    let partner = try partner(
      of: file, isAccelerometer ? .accelerometer : .gyroscope, isAccelerometer ? .gyroscope : .accelerometer)
    let other = try lookBeside(partner)
    let fits = other.map { isAccelerometer ? $0.map.angularRate != nil : $0.map.acceleration != nil } ?? false
    guard isAccelerometer || fits else {
      throw ImportError(
        .unknownFormat, "a gyroscope alone has no vertical, and its folder has no accelerometer file to go with it")
    }
    let first = isAccelerometer ? given : other ?? given
    let firstFile = isAccelerometer ? file : partner ?? file
    var plan = SensorPlan(file: firstFile, map: first.map, acceleration: unit, notes: first.notes)
    if fits, let partner, let other {
      let second = isAccelerometer ? other : given
      plan.companions = [
        SensorPlan.Companion(file: isAccelerometer ? partner : file, map: second.map, quantity: .angularRate)
      ]
      plan.rateOfUnknownUnit = unknownRate
      plan.notes += second.notes.filter { !plan.notes.contains($0) }
      plan.notes.append("'\(partner)' of the same folder was read with it")
    } else {
      plan.notes.append("no gyroscope file beside it: the accelerometer alone")
    }
    return try read([plan], as: format, options)
  }
}

extension TableHead {
  /// The three columns named after the axes, and after a word behind each, whose unit is that of an acceleration or an angular rate.
  func axes(followedBy word: String? = nil) -> ColumnMap.Triple? {
    let found = ["x", "y", "z"].compactMap { axis in
      columns.firstIndex { $0.words == [axis] + (word.map { [$0] } ?? []) }
    }
    guard found.count == 3 else { return nil }
    switch columns[found[0]].unit {
    case .acceleration(let scale)?, .angularRate(let scale)?:
      return ColumnMap.Triple(x: found[0], y: found[1], z: found[2], scale: scale)
    default: return nil
    }
  }
}
