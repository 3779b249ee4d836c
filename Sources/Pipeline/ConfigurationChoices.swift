import AnkleKinematics
import LungeTest
import Motion

/// A choice that went against an earlier word, such as the recording's. Reports mark it.
public struct ConfigurationOverride: Hashable, Sendable, CustomStringConvertible {
  /// The setting's name, such as `side`.
  public var setting: String
  /// What was said before.
  public var recorded: String
  /// What is used.
  public var used: String

  public init(setting: String, recorded: String, used: String) {
    self.setting = setting
    self.recorded = recorded
    self.used = used
  }

  public var description: String { "\(setting): \(used) instead of \(recorded)" }
}

/// What a user said about a session by options: everything may be left unsaid. One place decides what an option changes, for live, replay
/// and report alike.
public struct ConfigurationChoices: Hashable, Sendable {
  public var filter: PipelineConfiguration.Filter?
  public var zero: PipelineConfiguration.Zero?
  public var mount: String?
  public var side: Side?
  public var condition: KneeCondition?
  public var placement: String?
  public var fixedRate: Double?
  public var alignment: AlignmentMethod?
  public var pose: AlignmentPose?
  public var calibration: ClosedRange<SessionTime>?
  /// rad
  public var standingLean: Double?
  public var place = Placement()
  public var contact: ContactModel?
  public var wallCalibration: WallCalibration?
  /// Standard uncertainty of the accelerometer's constant error, as an angle, rad.
  public var staticAngleSD: Double?
  public var test: TestProtocol?
  public var practice: Int?
  /// What else was said of the series.
  public var facts = SeriesFacts()
  /// Lengths in metres.
  public var height: Double?
  public var shankLength: Double?
  public var ankleToToe: Double?
  public var footLength: Double?
  public var kneeDepth: Double?
  /// Of a sensor on the foot.
  public var footMount: String?

  public init() {}

  /// Changes the configuration where something was said.
  ///
  /// - Returns: what was said against an earlier word.
  public func apply(to configuration: inout PipelineConfiguration) -> [ConfigurationOverride] {
    var overrides: [ConfigurationOverride] = []
    func note(_ setting: String, _ recorded: String, _ used: String) {
      overrides.append(ConfigurationOverride(setting: setting, recorded: recorded, used: used))
    }
    func take<T: Equatable>(_ name: String, _ chosen: T?, _ current: inout T?, _ text: (T) -> String) {
      guard let chosen, chosen != current else { return }
      if let earlier = current { note(name, text(earlier), text(chosen)) }
      current = chosen
    }
    func centimetres(_ value: Double) -> String { "\((value * 1000).rounded() / 10) cm" }
    if let filter, filter != configuration.filter {
      note("filter", configuration.filter.rawValue, filter.rawValue)
      configuration.filter = filter
    }
    applyAlignment(to: &configuration, note)
    if let mount {
      if mount != configuration.mount && !configuration.mountAssumed {
        note("mount", configuration.mount, mount)
      }
      configuration.mount = mount
      configuration.mountAssumed = false
    }
    take("side", side, &configuration.side) { $0.rawValue }
    take("condition", condition, &configuration.condition) { $0.rawValue }
    take("placement", placement, &configuration.placement) { $0 }
    take("distance below the tuberosity", place.belowTuberosity, &configuration.place.belowTuberosity, centimetres)
    take("placement surface", place.surface, &configuration.place.surface) { $0.rawValue }
    take("standing lean", standingLean, &configuration.standingLean) {
      "\(($0 * degreesPerRadian * 10).rounded() / 10)°"
    }
    take("wall calibration", wallCalibration, &configuration.wallCalibration) { "\($0.touches) touches" }
    if let contact { configuration.contact = contact }
    if let staticAngleSD { configuration.staticAngleSD = staticAngleSD }
    if let test, test != configuration.test {
      if configuration.test != .lunge { note("test", configuration.test.name, test.name) }
      configuration.test = test
    }
    if let practice { configuration.practice = practice }
    for field in SeriesFacts.fields {
      guard let chosen = field.text(facts), chosen != field.text(configuration.facts) else { continue }
      if let earlier = field.text(configuration.facts) { note(field.title.lowercased(), earlier, chosen) }
      try? configuration.facts.set(field.key, chosen)
    }
    take("height", height, &configuration.height, centimetres)
    take("shank length", shankLength, &configuration.shankLength, centimetres)
    take("ankle to toe", ankleToToe, &configuration.ankleToToe, centimetres)
    take("foot length", footLength, &configuration.footLength, centimetres)
    take("knee depth", kneeDepth, &configuration.kneeDepth, centimetres)
    if let fixedRate { configuration.fixedRate = fixedRate }
    return overrides + applyFoot(to: &configuration)
  }

  /// Changes what is said of the sensor on the foot, where there is one.
  ///
  /// - Returns: what was said against an earlier word.
  public func applyFoot(to configuration: inout PipelineConfiguration) -> [ConfigurationOverride] {
    guard let footMount, let before = configuration.foot else { return [] }
    configuration.foot?.mount = footMount
    configuration.foot?.mountAssumed = false
    guard !before.mountAssumed && before.mount != footMount else { return [] }
    return [ConfigurationOverride(setting: "foot mount", recorded: before.mount, used: footMount)]
  }

  /// Method, pose, zero and section belong together: a new method brings its own zero, and an old section is none of its business.
  private func applyAlignment(
    to configuration: inout PipelineConfiguration,
    _ note: (_ setting: String, _ recorded: String, _ used: String) -> Void
  ) {
    let before = configuration
    if let alignment { configuration.alignment = alignment }
    if let pose { configuration.pose = pose }
    if alignment != nil && alignment != before.alignment { configuration.calibration = nil }
    if let calibration { configuration.calibration = calibration }
    if let zero {
      configuration.zero = zero
    } else if alignment != nil || pose != nil {
      configuration.zero = AlignmentSetting.impliedZero(configuration.alignment, pose: configuration.pose)
    }
    if configuration.alignment != before.alignment {
      note("align", before.alignment.rawValue, configuration.alignment.rawValue)
    }
    if configuration.zero != before.zero { note("zero", before.zero.rawValue, configuration.zero.rawValue) }
    if let old = before.calibration, configuration.calibration != old {
      let words = configuration.calibration.map { "\($0.lowerBound.seconds)..\($0.upperBound.seconds) s" }
      note("calibration", "\(old.lowerBound.seconds)..\(old.upperBound.seconds) s", words ?? "to be found")
    }
  }

  /// What is wrong with a word about a session, for the person who gave it.
  public struct Unusable: Error, CustomStringConvertible {
    public let description: String
  }

  /// Takes one word about a session in by its key, as manifests and annotations carry them.
  ///
  /// - Returns: false for a key that is none of these.
  /// - Throws: `Unusable` for a text that the key cannot have.
  public mutating func set(_ key: String, _ text: String) throws(Unusable) -> Bool {
    func choice<T: RawRepresentable<String> & CaseIterable>() throws(Unusable) -> T {
      guard let value = T(rawValue: text) else {
        throw Unusable(
          description: "\(key): '\(text)' cannot be meant; say \(T.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return value
    }
    func centimetres() throws(Unusable) -> Double {
      guard let value = Double(text), (1...250).contains(value) else {
        throw Unusable(description: "\(key): '\(text)' is no length in cm")
      }
      return value / 100
    }
    switch key {
    case "side": side = try choice() as Side
    case "condition": condition = try choice() as KneeCondition
    case "placement": placement = text
    case "test":
      guard let known = TestProtocol.named(text) else {
        throw Unusable(
          description: "test: there is no '\(text)'; say \(TestProtocol.all.map(\.name).joined(separator: ", "))")
      }
      test = known
    case "practice":
      guard let count = Int(text), (0...99).contains(count) else {
        throw Unusable(description: "practice: '\(text)' is no number of lunges")
      }
      practice = count
    case "height_cm": height = try centimetres()
    case "shank_cm": shankLength = try centimetres()
    case "ankle_to_toe_cm": ankleToToe = try centimetres()
    case "foot_cm": footLength = try centimetres()
    case "knee_depth_cm": kneeDepth = try centimetres()
    default:
      guard SeriesFacts.field(key) != nil else { return false }
      do { try facts.set(key, text) } catch { throw Unusable(description: error.description) }
    }
    return true
  }
}
