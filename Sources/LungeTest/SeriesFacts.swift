import Motion

/// What is known of a series besides its numbers. Everything may be unsaid; nothing is guessed.
public struct SeriesFacts: Hashable, Sendable {
  /// Whether the leg bears weight.
  public enum Loading: String, Hashable, Sendable, CaseIterable {
    case weighted
    case unweighted
  }

  /// Whether the person or somebody else moves the joint.
  public enum Activity: String, Hashable, Sendable, CaseIterable {
    case active
    case passive
  }

  /// What is on the foot.
  public enum Footwear: String, Hashable, Sendable, CaseIterable {
    case barefoot
    case shod
  }

  /// Which side is injured or complained of.
  public enum AffectedSide: String, Hashable, Sendable, CaseIterable {
    case left
    case right
    case both
    case none
  }

  /// As norms are split by it.
  public enum Sex: String, Hashable, Sendable, CaseIterable {
    case female
    case male
    case other
  }

  /// Yes or no, where both are worth saying.
  public enum Answer: String, Hashable, Sendable, CaseIterable {
    case yes
    case no
  }

  /// Pseudonym of the person.
  public var person: String?
  /// Years.
  public var age: Double?
  public var sex: Sex?
  public var affectedSide: AffectedSide?
  public var loading: Loading?
  public var activity: Activity?
  public var footwear: Footwear?
  /// Where the other foot stood: heel down, heel raised, kneeling, in the user's words. It changes the result.
  public var backFoot: String?
  public var warmUp: Answer?
  /// 0 to 10.
  public var pain: Double?
  /// Where the restriction is felt: front, back, calf, or the user's words.
  public var restriction: String?
  public var rater: String?
  /// Whether the sensor was put on anew for this session.
  public var sensorPutOnAnew: Answer?
  public var note: String?

  public init() {}

  /// Why a fact cannot be taken, in words for the person who gave it.
  public struct Unusable: Error, CustomStringConvertible {
    public let description: String
  }

  /// One fact: its name in files and options, its words in a report, and how it is read and written.
  public struct Field: Sendable {
    /// The key in recordings, manifests and JSON.
    public let key: String
    /// A report's words.
    public let title: String
    /// What may be said.
    public let choices: String
    /// Whether a series with another value is another series, which must not be compared with it.
    public let isCondition: Bool
    /// Whether JSON writes it as a number.
    public let isNumber: Bool
    public let text: @Sendable (SeriesFacts) -> String?
    /// Takes a text in; false where it cannot be meant.
    let take: @Sendable (inout SeriesFacts, String) -> Bool
  }

  /// The table of all facts, in the order of a report.
  public static let fields: [Field] = [
    words("person", "Person", \.person),
    number("age", "Age", 0...120, \.age),
    choice("sex", "Sex", \.sex),
    choice("affected_side", "Affected side", \.affectedSide),
    choice("weight_bearing", "Weight-bearing", isCondition: true, \.loading),
    choice("activity", "Active or passive", isCondition: true, \.activity),
    choice("footwear", "Footwear", isCondition: true, \.footwear),
    words("back_foot", "Back foot", isCondition: true, \.backFoot),
    choice("warm_up", "Warm-up", \.warmUp),
    number("pain", "Pain, 0 to 10", 0...10, \.pain),
    words("restriction", "Restriction felt", \.restriction),
    words("rater", "Rater", \.rater),
    choice("sensor_put_on_anew", "Sensor put on anew", \.sensorPutOnAnew),
    words("note", "Note", \.note),
  ]

  /// The field of that key; nil where there is none.
  public static func field(_ key: String) -> Field? { fields.first { $0.key == key } }

  /// Takes a fact in by its key. An empty text takes it back.
  public mutating func set(_ key: String, _ text: String) throws(Unusable) {
    guard let field = Self.field(key) else { throw Unusable(description: "there is no fact '\(key)'") }
    guard field.take(&self, text) else {
      throw Unusable(description: "\(key): '\(text)' cannot be meant; say \(field.choices)")
    }
  }

  /// Every fact that was said, in a fixed order.
  public var textPairs: [(key: String, value: String)] {
    Self.fields.compactMap { field in field.text(self).map { (field.key, $0) } }
  }

  /// What differs between two series in what makes a series, in words; empty where they may be compared.
  public func differences(from other: SeriesFacts) -> [String] {
    Self.fields.filter { $0.isCondition && $0.text(self) != $0.text(other) }.map { field in
      "\(field.title.lowercased()) \(field.text(self) ?? "not stated") against \(field.text(other) ?? "not stated")"
    }
  }

  private static func words(
    _ key: String, _ title: String, isCondition: Bool = false,
    _ path: WritableKeyPath<SeriesFacts, String?> & Sendable
  ) -> Field {
    Field(key: key, title: title, choices: "some words", isCondition: isCondition, isNumber: false) {
      $0[keyPath: path]
    } take: { facts, text in
      guard text.utf8.count <= 500 else { return false }
      facts[keyPath: path] = text.isEmpty ? nil : text
      return true
    }
  }

  private static func choice<T: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ title: String, isCondition: Bool = false, _ path: WritableKeyPath<SeriesFacts, T?> & Sendable
  ) -> Field {
    Field(
      key: key, title: title, choices: T.allCases.map(\.rawValue).joined(separator: ", "), isCondition: isCondition,
      isNumber: false
    ) {
      $0[keyPath: path]?.rawValue
    } take: { facts, text in
      let value = T(rawValue: text)
      guard value != nil || text.isEmpty else { return false }
      facts[keyPath: path] = value
      return true
    }
  }

  private static func number(
    _ key: String, _ title: String, _ range: ClosedRange<Double>,
    _ path: WritableKeyPath<SeriesFacts, Double?> & Sendable
  ) -> Field {
    Field(
      key: key, title: title, choices: "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))",
      isCondition: false, isNumber: true
    ) {
      $0[keyPath: path].map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }
    } take: { facts, text in
      let value = Double(text)
      guard text.isEmpty || value.map(range.contains) ?? false else { return false }
      facts[keyPath: path] = value
      return true
    }
  }
}
