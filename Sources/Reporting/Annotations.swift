import LungeTest
import Motion
import Pipeline

/// What was noted about a session afterwards, and what it changes in a report. The recording's data stay as they are, and so do the lines of a replay.
///
/// | key | meaning |
/// |---|---|
/// | `side` | the leg, of the whole session or of `trial` |
/// | `condition`, and every fact of a series | said anew for the whole session |
/// | `exclude`, `restore` | that trial counts no longer, or counts again |
/// | `trial` with `kind` | `practice`: it was none that counts; `trial`: it is what Talus says it is |
/// | `trial` with `pain`, `note` | said of that trial |
///
/// Later ones win. What has no meaning is said and left alone.
struct Annotations {
  private var side: Side?
  private var sides: [Int: Side] = [:]
  private var excluded: Set<Int> = []
  private var practice: Set<Int> = []
  private var choices = ConfigurationChoices()
  /// What was noted, in words.
  private(set) var notes: [String] = []

  init(_ annotations: [[(key: String, value: String)]]) {
    for pairs in annotations { take(pairs) }
  }

  private mutating func take(_ pairs: [(key: String, value: String)]) {
    let number = pairs.first { $0.key == "trial" }.flatMap { Int($0.value) }
    let place = number.map { "Trial \($0): " } ?? ""
    for (key, value) in pairs {
      switch key {
      case "trial", "event": continue
      case "exclude", "restore":
        guard let number = Int(value) else {
          notes.append("The annotation “\(key) \(value)” names no trial and changes nothing.")
          continue
        }
        if key == "exclude" { excluded.insert(number) } else { excluded.remove(number) }
        notes.append(key == "exclude" ? "Trial \(number) was excluded afterwards." : "Trial \(number) was restored.")
      case "kind":
        guard let number, value == "practice" || value == "trial" else { continue }
        if value == "practice" { practice.insert(number) } else { practice.remove(number) }
        notes.append("\(place)noted as \(value) afterwards.")
      case "side":
        guard let side = Side(rawValue: value) else { continue }
        if let number { sides[number] = side } else { self.side = side }
        notes.append("\(place)the side was corrected to \(value) afterwards.")
      case "note": notes.append("\(place)\(value)")
      case "pain" where number != nil: notes.append("\(place)pain \(value) of 10.")
      default:
        let key = key.map { $0 == "-" ? "_" : String($0) }.joined()
        guard (try? choices.set(key, value)) == true else {
          notes.append("The annotation “\(key) \(value)” is not known to this version and changes nothing.")
          continue
        }
        notes.append("\(key.split(separator: "_").joined(separator: " ")) was corrected to \(value) afterwards.")
      }
    }
  }

  /// Changes what was said of the session. What an option of this run says stands.
  func apply(to configuration: inout PipelineConfiguration, except overrides: [ConfigurationOverride]) {
    let before = configuration
    _ = choices.apply(to: &configuration)
    if let side, !overrides.contains(where: { $0.setting == "side" }) { configuration.side = side }
    // How the session was measured cannot be corrected afterwards.
    configuration.test = before.test
    if overrides.contains(where: { $0.setting == "condition" }) { configuration.condition = before.condition }
  }

  /// Changes what counts.
  func apply(to trials: inout [Trial], except overrides: [ConfigurationOverride]) {
    let keepsSide = overrides.contains { $0.setting == "side" }
    for index in trials.indices {
      let number = trials[index].number
      let isTrial = trials[index].kind == .trial
      if !keepsSide, let new = (isTrial ? sides[number] : nil) ?? side { Self.turn(&trials[index], to: new) }
      guard isTrial else { continue }
      if practice.contains(number) { trials[index].kind = .practice }
      if excluded.contains(number) {
        trials[index].reasons.insert(.excluded)
        trials[index].verdict = .invalid
      }
    }
  }

  /// Medial and internal are mirrored with the side.
  private static func turn(_ trial: inout Trial, to side: Side) {
    if let old = trial.side, old != side {
      trial.frontalTilt.negate()
      trial.axialRotation?.negate()
    }
    trial.side = side
  }
}
