import LungeTest
import Motion

/// What an earlier report's JSON file says of its series: as much as a comparison needs.
public struct EarlierReport: Sendable {
  /// One series of it. Angles in rad, distances in m.
  struct Series: Sendable {
    var setting: ComparedSetting
    var mean: Double
    /// Values of the trials that the mean is over.
    var values: [Double]
    var kneeToWall: Double?
    /// Where the report gave no value but bounds.
    var kneeToWallRange: ClosedRange<Double>?
    /// What the distance was computed with; two distances made with other lengths do not tell a change.
    var lengths: [String]
  }

  /// Why a file cannot be compared with, in words.
  public struct Unusable: Error, CustomStringConvertible {
    public let description: String
  }

  /// The file's name.
  public let name: String
  /// When it was recorded, in the file's words.
  let recordedOn: String?
  let series: [Series]

  /// - Throws: `Unusable` for what is no report of this program, or of a version with other keys.
  public init(name: String, bytes: [UInt8]) throws(Unusable) {
    guard let root = JSONValue(bytes) else { throw Unusable(description: "\(name): this is not JSON") }
    guard let version = root["schema_version"]?.number, let list = root["series"] else {
      throw Unusable(
        description: "\(name): this is not the JSON of a report; give the STEM.json that talus report wrote")
    }
    guard version == Double(ReportJSON.schemaVersion) else {
      throw Unusable(
        description: "\(name): its keys are of version \(Int(max(min(version, 1e6), -1e6))), this program reads "
          + "\(ReportJSON.schemaVersion); make the report anew from its recording")
    }
    self.name = name
    self.recordedOn = (root["input"] ?? root["parts"]?.list.first?["input"])?["recorded_on"]?.text
    // One file's conventions, or those of the part that a series names.
    let parts = root["parts"]?.list ?? [root]
    self.series = list.list.compactMap { series in
      let part = parts.first { $0["input"]?["name"]?.text == series["input"]?.text } ?? parts.first
      return Self.series(series, part?["conventions"], part?["body_lengths"])
    }
  }

  private static func series(_ value: JSONValue, _ conventions: JSONValue?, _ lengths: JSONValue?) -> Series? {
    guard let mean = value["mean_deg"]?.number else { return nil }
    var facts = SeriesFacts()
    for field in SeriesFacts.fields {
      guard let known = value["facts"]?[field.key] else { continue }
      // What this version cannot read was not said in its words.
      if let text = known.text ?? known.number.map({ "\($0)" }) { try? facts.set(field.key, text) }
    }
    let test = value["test"]?.text.flatMap(TestProtocol.named) ?? .lunge
    let used = Set((value["basis_trials"]?.list ?? []).compactMap(\.number))
    let values = (value["trials"]?.list ?? []).compactMap { trial -> Double? in
      guard let number = trial["number"]?.number, used.contains(number) else { return nil }
      return trial["measured_deg"]?.number ?? trial["end_range_deg"]?.number
    }
    return Series(
      setting: ComparedSetting(
        test: test, side: value["side"]?.text.flatMap(Side.init),
        condition: value["condition"]?.text.flatMap(KneeCondition.init),
        zero: value["zero"]?.text ?? "", placement: value["placement"]?.text,
        placementCM: conventions?["placement_cm"]?.number, surface: conventions?["placement_surface"]?.text,
        facts: facts),
      mean: mean * radiansPerDegree, values: values.map { $0 * radiansPerDegree },
      kneeToWall: value["mean_ktw_cm"]?.number.map { $0 / 100 },
      kneeToWallRange: value["mean_ktw_low_cm"]?.number.flatMap { low in
        value["mean_ktw_high_cm"]?.number.flatMap { low <= $0 ? low / 100...$0 / 100 : nil }
      },
      lengths: ["shank_cm", "ankle_to_toe_cm", "knee_depth_cm"].compactMap { key in
        lengths?[key]?.number.map { Figures.plain($0, 2) }
      } + [conventions?["wall_calibration"]?.text, conventions?["contact"]?.text].compactMap(\.self))
  }
}

/// All that two series must share before their numbers may be set against each other.
struct ComparedSetting: Sendable {
  var test: TestProtocol
  var side: Side?
  var condition: KneeCondition?
  var zero: String
  var placement: String?
  /// The same as far as it was measured: cm below the tibial tuberosity, and the surface.
  var placementCM: Double?
  var surface: String?
  var facts: SeriesFacts

  /// What differs, in words; empty where they may be compared.
  func differences(from other: ComparedSetting) -> [String] {
    var found: [String] = []
    func check(_ name: String, _ a: String?, _ b: String?) {
      if a != b { found.append("\(name) \(a ?? "not stated") against \(b ?? "not stated")") }
    }
    check("test", test.name, other.test.name)
    check("knee", condition?.rawValue, other.condition?.rawValue)
    check("zero", zero, other.zero)
    check("sensor placement", placement, other.placement)
    check("sensor surface", surface, other.surface)
    check(
      "sensor below the tuberosity", placementCM.map { Figures.plain($0, 1) + " cm" },
      other.placementCM.map { Figures.plain($0, 1) + " cm" })
    if let a = facts.person, let b = other.facts.person, a != b { check("person", a, b) }
    return found + facts.differences(from: other.facts)
  }
}
