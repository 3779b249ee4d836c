import AnkleKinematics
import LungeTest
import Motion

/// The configuration as text pairs, as a recording carries it. Keys name their unit; numbers are the shortest text that gives back the same
/// Double. A key that is not known is left alone, so that a newer program's recording still replays.
extension PipelineConfiguration {
  /// Every setting that was given, in a fixed order.
  public var textPairs: [(key: String, value: String)] {
    var pairs: [(key: String, value: String)] = [
      ("protocol", protocolName), ("filter", filter.rawValue), ("zero", zero.rawValue), ("mount", mount),
      ("mount_assumed", mountAssumed ? "yes" : "no"), ("static_angle_sd_rad", "\(staticAngleSD)"),
    ]
    func add(_ key: String, _ value: String?) { if let value { pairs.append((key, value)) } }
    add("fixed_rate_hz", fixedRate.map { "\($0)" })
    add("side", side?.rawValue)
    add("condition", condition?.rawValue)
    add("placement", placement)
    if alignment != .declared { add("align", alignment.rawValue) }
    if pose != .standing { add("pose", pose.rawValue) }
    add("calibration_ns", calibration.map { "\($0.lowerBound.nanoseconds)..\($0.upperBound.nanoseconds)" })
    add("standing_lean_rad", standingLean.map { "\($0)" })
    add("placement_below_tuberosity_m", place.belowTuberosity.map { "\($0)" })
    add("placement_surface", place.surface?.rawValue)
    if contact != .roundKnee { add("contact", contact.rawValue) }
    add("wall_calibration", wallCalibration?.text)
    if test != .lunge { add("test", test.name) }
    if practice > 0 { add("practice", "\(practice)") }
    for (key, value) in facts.textPairs { add(key, value) }
    for (key, path) in Self.lengthKeys { add(key, self[keyPath: path].map { "\($0)" }) }
    if let foot {
      pairs += [
        ("foot_protocol", foot.protocolName), ("foot_mount", foot.mount),
        ("foot_mount_assumed", foot.mountAssumed ? "yes" : "no"),
        ("foot_static_angle_sd_rad", "\(foot.staticAngleSD)"), ("foot_offset_s", "\(foot.offset)"),
      ]
      add("foot_fixed_rate_hz", foot.fixedRate.map { "\($0)" })
      if foot.drift != 0 { add("foot_drift", "\(foot.drift)") }
    }
    return pairs
  }

  /// - Throws: `Pipeline.Unusable` naming the pair whose value cannot be read.
  public init(textPairs: some Sequence<(key: String, value: String)>) throws(Pipeline.Unusable) {
    self.init()
    let lengths = Self.lengthKeys
    for (key, value) in textPairs {
      switch key {
      case "protocol": protocolName = value
      case "filter": filter = try Self.choice(key, value)
      case "zero": zero = try Self.choice(key, value)
      case "mount": mount = value
      case "mount_assumed": mountAssumed = try Self.flag(key, value)
      case "static_angle_sd_rad": staticAngleSD = try Self.number(key, value)
      case "fixed_rate_hz": fixedRate = try Self.number(key, value)
      case "side": side = try Self.choice(key, value) as Side
      case "condition": condition = try Self.choice(key, value) as KneeCondition
      case "placement": placement = value
      case "align": alignment = try Self.choice(key, value)
      case "pose": pose = try Self.choice(key, value)
      case "calibration_ns": calibration = try Self.section(key, value)
      case "standing_lean_rad": standingLean = try Self.number(key, value)
      case "placement_below_tuberosity_m": place.belowTuberosity = try Self.number(key, value)
      case "placement_surface": place.surface = try Self.choice(key, value) as Placement.Surface
      case "contact": contact = try Self.choice(key, value)
      case "wall_calibration":
        guard let calibration = WallCalibration(text: value) else { throw Self.unknown(key, value) }
        wallCalibration = calibration
      case "test":
        guard let known = TestProtocol.named(value) else { throw Self.unknown(key, value) }
        test = known
      case "practice":
        guard let count = Int(value), (0...99).contains(count) else { throw Self.unknown(key, value) }
        practice = count
      // That there is a foot sensor, and the first word about it.
      case "foot_protocol":
        foot = FootSensor()
        foot?.protocolName = value
      case "foot_mount": foot?.mount = value
      case "foot_mount_assumed": foot?.mountAssumed = try Self.flag(key, value)
      case "foot_static_angle_sd_rad": foot?.staticAngleSD = try Self.number(key, value)
      case "foot_offset_s": foot?.offset = try Self.number(key, value)
      case "foot_drift": foot?.drift = try Self.number(key, value)
      case "foot_fixed_rate_hz": foot?.fixedRate = try Self.number(key, value)
      default:
        if let path = lengths.first(where: { $0.0 == key })?.1 { self[keyPath: path] = try Self.number(key, value) }
        if SeriesFacts.field(key) != nil {
          do { try facts.set(key, value) } catch { throw Pipeline.Unusable(description: error.description) }
        }
      }
    }
  }

  private static var lengthKeys: [(String, WritableKeyPath<PipelineConfiguration, Double?>)] {
    [
      ("height_m", \.height), ("shank_length_m", \.shankLength), ("ankle_to_toe_m", \.ankleToToe),
      ("foot_length_m", \.footLength), ("knee_depth_m", \.kneeDepth),
    ]
  }

  private static func choice<T: RawRepresentable<String>>(
    _ key: String, _ value: String
  ) throws(Pipeline.Unusable) -> T {
    guard let choice = T(rawValue: value) else { throw unknown(key, value) }
    return choice
  }

  private static func section(
    _ key: String, _ value: String
  ) throws(Pipeline.Unusable) -> ClosedRange<SessionTime> {
    let ends = value.split(separator: ".", omittingEmptySubsequences: true).compactMap { Int64($0) }
    guard ends.count == 2, ends[0] <= ends[1] else { throw unknown(key, value) }
    return SessionTime(nanoseconds: ends[0])...SessionTime(nanoseconds: ends[1])
  }

  private static func flag(_ key: String, _ value: String) throws(Pipeline.Unusable) -> Bool {
    guard value == "yes" || value == "no" else { throw unknown(key, value) }
    return value == "yes"
  }

  private static func unknown(_ key: String, _ value: String) -> Pipeline.Unusable {
    Pipeline.Unusable(description: "the recording's setting '\(key)' has the unknown value '\(value)'")
  }

  private static func number(_ key: String, _ value: String) throws(Pipeline.Unusable) -> Double {
    guard let number = Double(value), number.isFinite else {
      throw Pipeline.Unusable(description: "the recording's setting '\(key)' is no number: '\(value)'")
    }
    return number
  }
}
