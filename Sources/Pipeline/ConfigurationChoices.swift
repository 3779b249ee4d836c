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
  /// Lengths in metres.
  public var height: Double?
  public var shankLength: Double?
  public var ankleToToe: Double?
  public var footLength: Double?
  public var kneeDepth: Double?

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
    if let zero { configuration.zero = zero }
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
    take("height", height, &configuration.height, centimetres)
    take("shank length", shankLength, &configuration.shankLength, centimetres)
    take("ankle to toe", ankleToToe, &configuration.ankleToToe, centimetres)
    take("foot length", footLength, &configuration.footLength, centimetres)
    take("knee depth", kneeDepth, &configuration.kneeDepth, centimetres)
    if let fixedRate { configuration.fixedRate = fixedRate }
    return overrides
  }
}
