import LungeTest
import Motion

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
  /// - Returns: what was said against an earlier word, in words such as `side: right instead of left`; a report marks these.
  public func apply(to configuration: inout PipelineConfiguration) -> [String] {
    var overrides: [String] = []
    func take<T: Equatable>(_ name: String, _ chosen: T?, _ current: inout T?, _ text: (T) -> String) {
      guard let chosen, chosen != current else { return }
      if let earlier = current { overrides.append("\(name): \(text(chosen)) instead of \(text(earlier))") }
      current = chosen
    }
    func centimetres(_ value: Double) -> String { "\((value * 1000).rounded() / 10) cm" }
    if let filter, filter != configuration.filter {
      overrides.append("filter: \(filter.rawValue) instead of \(configuration.filter.rawValue)")
      configuration.filter = filter
    }
    if let zero { configuration.zero = zero }
    if let mount {
      if mount != configuration.mount && !configuration.mountAssumed {
        overrides.append("mount: \(mount) instead of \(configuration.mount)")
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
