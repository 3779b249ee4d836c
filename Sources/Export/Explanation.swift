import AnkleKinematics
import DecimalText
import LungeTest
import Motion
import Pipeline

/// Explains the uncertainty of trials, for whoever asked with `--explain`: it follows what the engine says, so that each trial is explained by the
/// alignment that it was measured with.
public struct Explanation: Sendable {
  private let configuration: PipelineConfiguration
  private let distance: DistanceModel?
  private var constant: ConstantUncertainty?

  public init(_ configuration: PipelineConfiguration) {
    self.configuration = configuration
    distance = try? configuration.distanceModel()
  }

  /// Takes note of an alignment; gives the budget of a trial.
  public mutating func take(_ emission: Emission) -> UncertaintyBudget? {
    switch emission {
    case .alignment(.found(let alignment)):
      constant = ConstantUncertainty(accelerometer: configuration.staticAngleSD, alignment: alignment)
      return nil
    case .trial(let trial): return budget(of: trial)
    default: return nil
    }
  }

  /// What the uncertainty of a trial is made of; nil before there is an alignment.
  public func budget(of trial: Trial) -> UncertaintyBudget? {
    constant.map {
      UncertaintyBudget(of: trial, constant: $0, distance: distance, quantity: configuration.test.quantity)
    }
  }
}

extension JSONLines {
  /// Appends the line that explains a trial's uncertainty: class `explanation`, behind the trial's own line.
  public static func append(_ budget: UncertaintyBudget, of trial: Trial, to text: inout TextBuffer) {
    text.appendJSON { json in
      json.beginObject()
      json.member("class", word: "explanation")
      json.member("number", integer: trial.number)
      json.member("kind", text: trial.kind.rawValue)
      json.member("start_s", secondsFromNanoseconds: trial.start.nanoseconds)
      json.members(of: budget)
      json.endObject()
    }
    text.append("\n")
  }
}

extension JSONWriter {
  /// The contributions to each result's uncertainty as objects `source` to one standard deviation, in degrees or centimetres, with four decimals, so
  /// that their squares add up.
  public mutating func members(of budget: UncertaintyBudget) {
    func object(_ name: StaticString, _ contributions: [Contribution], _ factor: Double) {
      guard !contributions.isEmpty else { return }
      key(name)
      beginObject()
      for contribution in contributions {
        key(text: contribution.source.rawValue)
        number(contribution.sd * factor, decimals: 4)
      }
      endObject()
    }
    object("end_range_sd_parts_deg", budget.endRange, degreesPerRadian)
    object("dorsiflexion_sd_parts_deg", budget.dorsiflexion, degreesPerRadian)
    object("ktw_sd_parts_cm", budget.kneeToWall, 100)
  }
}

extension ReasonWords {
  /// Where a contribution to an uncertainty comes from, in a few words.
  public static func source(_ source: Contribution.Source) -> String {
    switch source {
    case .filter: "filter: the vertical under movement"
    case .wavering: "the leg's wavering at end range"
    case .accelerometer: "constant error of the accelerometer"
    case .alignment: "how the sensor sits: its zero"
    case .twist: "how the sensor sits: its twist"
    case .inclination: "inclination"
    case .foot: "foot sensor"
    case .placement: "the sensor's place on the shank"
    case .standingLean: "lean of the tibia in quiet standing"
    case .shank: "length of the shank"
    case .ankleToToe: "ankle to toe"
    case .kneeDepth: "depth of the knee"
    case .calibration: "the personal calibration's fit"
    }
  }

  /// The budget of a trial in lines of text: one a result, then one a contribution.
  public static func lines(_ budget: UncertaintyBudget, of trial: Trial) -> [String] {
    var lines: [String] = []
    func list(_ name: String, _ contributions: [Contribution], _ factor: Double, _ unit: String) {
      guard !contributions.isEmpty else { return }
      lines.append(
        "trial \(trial.number), \(name): ± \(decimal(contributions.combined * factor, 2)) \(unit) (1 SD), of")
      for contribution in contributions {
        lines.append("  \(decimal(contribution.sd * factor, 2)) \(unit)  \(source(contribution.source))")
      }
    }
    list("end range", budget.endRange, degreesPerRadian, "°")
    list("dorsiflexion", budget.dorsiflexion, degreesPerRadian, "°")
    list("knee-to-wall equivalent", budget.kneeToWall, 100, "cm")
    return lines
  }
}
