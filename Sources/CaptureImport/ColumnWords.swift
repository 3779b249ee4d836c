/// Tells from the words of a column's name what the column holds.
enum ColumnWords {
  enum Quantity: Hashable {
    case acceleration
    case linear
    case gravity
    case angularRate
    case magneticField
    case quaternion
    case eulerAngles
    case inclination

    /// Columns that make one value of it.
    var size: Int { self == .quaternion ? 4 : self == .inclination ? 2 : 3 }
  }

  struct Part {
    var quantity: Quantity
    /// x, y, z; of a quaternion w, x, y, z; of angles roll, pitch, yaw.
    var component: Int
    /// The other words of the name: which sensor.
    var group: String
    /// Which of several instruments of one kind on one sensor.
    var variant: String
    var column: Int
  }

  static let axes = ["x", "y", "z"]
  private static let acceleration: Set = ["acc", "accel", "accelerometer", "acceleration", "a", "accelerometers"]
  private static let rate: Set = ["gyr", "gyro", "gyroscope", "gyroscopes", "omega", "w", "angvel", "gyrometer", "as"]
  private static let field: Set = ["mag", "magn", "magnetometer", "magnetic", "m", "magneto"]
  private static let removed: Set = ["free", "linear", "lin", "user", "freeacc", "linacc", "linearacc", "earth"]
  private static let angles = ["roll", "pitch", "yaw"]
  private static let inclination: Set = ["incl", "inclination", "inclinometer", "tilt"]
  /// Words that say nothing about which sensor it is.
  static let idle: Set = [
    "cal", "calibrated", "axis", "imu", "sensor", "data", "angular", "velocity", "rate", "motion", "rotation", "field",
    "total", "of", "the", "value", "orientation", "attitude", "angle", "ang", "euler", "quat", "quaternion",
    "quaternions", "q",
    "static_",
  ]
  /// Instruments of one sensor that measure the same quantity: low noise and wide range.
  private static let variants: Set = ["ln", "wr", "hr", "lr", "highg", "lowg", "high", "low", "noise", "wide", "range"]
  /// Orientation by cameras is the truth of an experiment, not what the sensor said.
  private static let cameras: Set = ["vicon", "optitrack", "qualisys", "mocap", "omc", "truth", "ref", "reference"]

  static func part(of name: ColumnName, _ column: Int) -> Part? {
    var words = split(name)
    // Raw counts of a converter are no quantity.
    if words.contains("uncal") || words.contains("raw") && name.unit == nil { return nil }
    if let angle = angle(words, name, column) { return angle }
    if let quaternion = quaternion(words, column) { return quaternion }
    let axisWords = words.filter(axes.contains)
    guard axisWords.count == 1, let axis = axes.firstIndex(of: axisWords[0]) else { return nil }
    words.removeAll(where: axes.contains)
    let isRate =
      words.contains(where: rate.contains)
      || (words.contains("angular") && (words.contains("velocity") || words.contains("rate")))
      || (words.contains("rotation") && !words.contains("matrix"))
    var isAcceleration = words.contains(where: acceleration.contains)
    // `accelerometerAccelerationX`, `gyroRotationX`: one quantity said twice.
    if isRate, isAcceleration, words.contains("angular") { isAcceleration = false }
    let isField = words.contains(where: field.contains)
    let isGravity = words.contains("gravity") || words.contains("grav")
    let others = words.filter {
      !acceleration.contains($0) && !rate.contains($0) && !field.contains($0) && !idle.contains($0)
        && !removed.contains($0) && $0 != "gravity" && $0 != "grav" && !variants.contains($0)
    }
    var quantity: Quantity?
    switch (isAcceleration, isRate, isField) {
    case (true, false, false):
      // In ROS messages `linear_acceleration.x` is as opposed to angular, and gravity is in it.
      let isLinear = words.contains(where: removed.contains) && !name.text.contains("linear_acceleration.")
      quantity = isLinear ? .linear : .acceleration
    case (false, true, false): quantity = .angularRate
    case (false, false, true): quantity = .magneticField
    case (false, false, false) where isGravity: quantity = .gravity
    case (false, false, false) where others.isEmpty:
      // An axis alone is what its unit says.
      switch name.unit {
      case .acceleration?: quantity = .acceleration
      case .angularRate?: quantity = .angularRate
      case .magneticField?: quantity = .magneticField
      case .angle? where axis < 2: quantity = .inclination
      default: break
      }
    default: break
    }
    guard let quantity else { return nil }
    return Part(
      quantity: quantity, component: axis, group: others.joined(separator: " "),
      variant: words.filter(variants.contains).joined(separator: " "), column: column)
  }

  /// The words, with an axis that is written together with its quantity taken apart: `ax`, `accx`, `gyrox`.
  private static func split(_ name: ColumnName) -> [String] {
    var words: [String] = []
    for word in name.words {
      guard word.count > 1, let last = word.last, axes.contains(String(last)) else {
        words.append(word)
        continue
      }
      var letter = String(word.dropLast())
      if letter == "g" {
        // gx in g is an acceleration; without a unit it is most likely a rate.
        if case .acceleration? = name.unit { letter = "a" } else { letter = "gyr" }
      }
      let known =
        acceleration.contains(letter) || rate.contains(letter) || field.contains(letter)
        || ["gyr", "linacc", "quat", "ang", "angle", "euler", "roll"].contains(letter)
      words += known ? [letter, String(last)] : [word]
    }
    return words
  }

  private static func angle(_ words: [String], _ name: ColumnName, _ column: Int) -> Part? {
    switch name.unit {
    case nil, .angle?: break
    default: return nil
    }
    guard !words.contains(where: cameras.contains) else { return nil }
    func part(_ quantity: Quantity, _ component: Int, without: [String]) -> Part {
      let group = words.filter {
        !idle.contains($0) && !without.contains($0) && !axes.contains($0) && !inclination.contains($0)
      }.joined(separator: " ")
      return Part(quantity: quantity, component: component, group: group, variant: "", column: column)
    }
    if words.contains(where: inclination.contains), let axis = axes.firstIndex(of: words.last ?? ""), axis < 2 {
      return part(.inclination, axis, without: [])
    }
    if let component = angles.firstIndex(where: words.contains) {
      return part(.eulerAngles, component, without: angles)
    }
    let isAngle = words.contains("ang") || words.contains("angle") || words.contains("euler")
    guard isAngle, let axis = axes.firstIndex(of: words.last ?? "") else { return nil }
    return part(.eulerAngles, axis, without: [])
  }

  private static func quaternion(_ words: [String], _ column: Int) -> Part? {
    guard let last = words.last, !words.contains(where: cameras.contains) else { return nil }
    let isNamed = words.contains { ["quat", "quaternion", "quaternions", "q", "orientation", "attitude"].contains($0) }
    var component: Int?
    if ["q0", "q1", "q2", "q3"].contains(last) {
      component = Int(last.dropFirst())
    } else if let short = ["qw", "qx", "qy", "qz"].firstIndex(of: last) {
      component = short
    } else if isNamed {
      component =
        ["w", "x", "y", "z"].firstIndex(of: last) ?? ["0", "1", "2", "3"].firstIndex(of: last)
        ?? (["scalar", "s"].contains(last) ? 0 : nil)
    }
    guard let component else { return nil }
    let group = words.dropLast().filter { !idle.contains($0) }.joined(separator: " ")
    return Part(quantity: .quaternion, component: component, group: group, variant: "", column: column)
  }
}
