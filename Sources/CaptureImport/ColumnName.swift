/// A unit that a header, a units row or a name's last part can say, with its factor to the inside unit.
enum ColumnUnit: Equatable, Sendable {
  /// Factor to m/s².
  case acceleration(Double)
  /// Factor to rad/s.
  case angularRate(Double)
  /// Factor to seconds.
  case time(Double)
  /// Factor to radians.
  case angle(Double)
  /// Factor to µT.
  case magneticField(Double)
  /// Degrees Celsius.
  case temperature
}

/// A column's header taken apart: its words, and its unit where one is said.
struct ColumnName: Sendable {
  /// As the file has it.
  let text: String
  /// Lower-case words; a change from lower to upper case begins a new one (`AccX` is acc, x).
  let words: [String]
  /// As the file says it, without brackets; nil when nothing is said.
  let unitText: String?
  let unit: ColumnUnit?

  /// - Parameter unitBelow: the cell of a units row below the names; empty when there is none.
  init(_ text: String, unitBelow: String = "") {
    self.text = text
    var name = Substring(text)
    while name.last == " " { name.removeLast() }
    var said = unitBelow.isEmpty ? nil : unitBelow
    if let open = name.lastIndex(where: { $0 == "(" || $0 == "[" }), name.last == ")" || name.last == "]" {
      // `(m/(s^2))` has brackets inside: the unit begins at the first bracket whose partner is the last.
      var start = open
      if name.hasSuffix("))"), let outer = name.firstIndex(of: "(") { start = outer }
      let inside = String(name[name.index(after: start)...].dropLast())
      // `Mat[1][1]` and `time (01:00)` say no unit.
      if Int(inside) == nil {
        said = inside
        name = name[..<start]
      }
    }
    // `IMU Acceleration (m/s^2) X`: a group's unit before the axis.
    if said == nil, let open = name.firstIndex(where: { $0 == "(" || $0 == "[" }),
      let close = name.lastIndex(where: { $0 == ")" || $0 == "]" }), open < close
    {
      let inside = String(name[name.index(after: open)..<close])
      if Self.unit(spelled: inside) != nil {
        said = inside
        name = Substring(String(name[..<open]) + String(name[name.index(after: close)...]))
      }
    }
    // `Acc X in m/s²`
    if said == nil, let last = name.split(separator: " ").last, name.dropLast(last.count).hasSuffix(" in "),
      Self.unit(spelled: String(last)) != nil
    {
      said = String(last)
      name = name.dropLast(last.count + 4)
    }
    if said == nil, let mark = name.lastIndex(of: "_"), mark > name.startIndex {
      let last = String(name[name.index(after: mark)...])
      if let unit = Self.unit(suffix: last) {
        said = last
        self.unit = unit
        self.unitText = said
        self.words = Self.words(of: name[..<mark])
        return
      }
    }
    self.unitText = said
    self.unit = said.flatMap(Self.unit(spelled:))
    self.words = Self.words(of: name)
  }

  private static func words(of name: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var previousWasLower = false
    for letter in name {
      let isWord = letter.isLetter || letter.isNumber
      if !isWord || (letter.isUppercase && previousWasLower), !word.isEmpty {
        words.append(word)
        word = ""
      }
      if isWord { word += letter.lowercased() }
      previousWasLower = letter.isLowercase
    }
    if !word.isEmpty { words.append(word) }
    return words.flatMap(ColumnTongues.english)
  }

  /// Units as headers spell them. A star behind one marks a default calibration; the degree sign of a Chinese system (GBK) reads as `¡ã`, its
  /// µ as `¦Ì`, where each byte is taken for a letter.
  static func unit(spelled text: String) -> ColumnUnit? {
    if text == "G" || text.lowercased() == "gauss" { return .magneticField(100) }
    var spelled = text.lowercased().filter { $0 != " " && $0 != "(" && $0 != ")" }
    if spelled.last == "*" { spelled.removeLast() }
    switch spelled {
    case "m/s^2", "m/s²", "m/s2", "m/s/s", "m.s^-2", "m*s^-2", "ms^-2", "m·s^-2", "mps2", "m/s**2", "m/sec^2", "m/sec2",
      "m/sec²", "ms-2":
      return .acceleration(1)
    case "cm/s^2", "cm/s²", "cm/s2": return .acceleration(0.01)
    case "mm/s^2", "mm/s²", "mm/s2": return .acceleration(0.001)
    case "g", "g's", "gs", "gravity": return .acceleration(standardG)
    case "mg": return .acceleration(standardG / 1000)
    case "rad/s", "rad/sec", "radps", "rads", "rps", "radians/s", "rad.s^-1", "rad·s^-1", "rad/second":
      return .angularRate(1)
    case "deg/s", "deg/sec", "°/s", "°/sec", "º/s", "¡ã/s", "degree/s", "degrees/s", "degrees/sec", "dps", "degps",
      "degs", "d/s", "deg/second":
      return .angularRate(.pi / 180)
    case "mdps", "mdeg/s": return .angularRate(.pi / 180_000)
    case "s", "sec", "second", "seconds": return .time(1)
    case "ms", "msec", "msecs", "millis", "milliseconds", "millisecond": return .time(1e-3)
    case "us", "µs", "μs", "usec", "usecs", "micros", "microsec", "microseconds", "¦ìs": return .time(1e-6)
    case "ns", "nsec", "nanos", "nanoseconds": return .time(1e-9)
    case "deg", "°", "º", "¡ã", "degree", "degrees": return .angle(.pi / 180)
    case "rad", "radians": return .angle(1)
    case "ut", "µt", "μt", "¦ìt", "microt", "microtesla": return .magneticField(1)
    case "degc", "°c", "celsius", "degreescelsius", "℃", "¡æ": return .temperature
    default: return nil
    }
  }

  /// A unit as the last part of a name: fewer spellings, because `accel_g` says one and `mag_a` does not.
  private static func unit(suffix text: String) -> ColumnUnit? {
    switch text.lowercased() {
    case "mps2", "m/s/s", "m/s^2", "m/s2", "radps", "rads", "rad/s", "degps", "degs", "dps", "deg/s", "s", "ms", "us",
      "ns", "deg", "rad", "ut", "microt", "degc", "mg":
      return unit(spelled: text)
    case "g": return .acceleration(standardG)
    case "c": return .temperature
    default: return nil
    }
  }
}

/// Standard gravity under a name that does not need the module's in each row above.
private let standardG = 9.806_65
