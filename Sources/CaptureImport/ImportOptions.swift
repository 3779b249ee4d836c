/// What a user can say about a capture that its file does not, or says wrongly.
public struct ImportOptions: Sendable, Equatable {
  /// Samples per second, in place of whatever time the file has.
  public var rate: Double?
  /// The sensor to read, by its name, a part of it that only one has, or its number from 1.
  public var sensor: String?
  /// Which column holds what: a quantity of `columnKeys` and the column's name, or its number from 1.
  public var columns: [String: String]
  /// The unit of a quantity: `acc`, `gyro`, `mag`, `angle` or `time`, and the unit as headers spell it.
  public var units: [String: String]
  /// How many samples of a sensor are held in memory, and judged by.
  public var held = mostSamplesHeld
  /// How many bytes of a text are looked at at a time.
  public var window = 1 << 18

  public init(
    rate: Double? = nil, sensor: String? = nil, columns: [String: String] = [:], units: [String: String] = [:]
  ) {
    self.rate = rate
    self.sensor = sensor
    self.columns = columns
    self.units = units
  }

  /// Rates that a sensor for movement can have, Hz; outside of them a number is a slip.
  public static let usableRates = 0.01...100_000.0

  /// The words of `columns`: what a column can hold.
  public static let columnKeys = [
    "time", "acc-x", "acc-y", "acc-z", "gyro-x", "gyro-y", "gyro-z", "mag-x", "mag-y", "mag-z", "quat-w", "quat-x",
    "quat-y", "quat-z", "roll", "pitch", "yaw", "incl-x", "incl-y",
  ]

  /// The words of `units`.
  public static let unitKeys = ["acc", "gyro", "mag", "angle", "time"]

  /// What is wrong with a text of choices, in words for its writer.
  public struct Unusable: Error, CustomStringConvertible {
    public let description: String
  }

  /// Reads `key=value,key=value`.
  ///
  /// - Throws: `Unusable` for a key that is not among `keys`, or a part without a value.
  public static func pairs(_ text: String, keys: [String]) throws(Unusable) -> [String: String] {
    var found: [String: String] = [:]
    for part in text.split(separator: ",") {
      guard let mark = part.firstIndex(of: "="), mark < part.index(before: part.endIndex) else {
        throw Unusable(description: "'\(part)': say it as \(keys[0])=VALUE")
      }
      let key = part[..<mark].lowercased().filter { $0 != " " }
      guard keys.contains(key) else {
        throw Unusable(description: "'\(key)' is none of \(keys.joined(separator: ", "))")
      }
      found[key] = String(part[part.index(after: mark)...])
    }
    return found
  }

  /// Checks that the units are units of their quantities.
  public func checkUnits() throws(Unusable) {
    for (key, text) in units.sorted(by: { $0.key < $1.key }) where factor(key) == nil {
      throw Unusable(description: "'\(text)' is no unit of \(key) that Talus knows")
    }
  }

  /// The factor to the inside unit that the user gave for a quantity.
  func factor(_ key: String) -> Double? {
    guard let text = units[key] else { return nil }
    switch (key, key == "acc" && text == "G" ? ColumnName.unit(spelled: "g") : ColumnName.unit(spelled: text)) {
    case ("acc", .acceleration(let scale)?), ("gyro", .angularRate(let scale)?), ("mag", .magneticField(let scale)?),
      ("angle", .angle(let scale)?), ("time", .time(let scale)?):
      return scale
    default: return nil
    }
  }
}
