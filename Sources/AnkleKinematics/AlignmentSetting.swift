import Motion

/// How a session's alignment is to be made, after the rules for what goes with what.
public struct AlignmentSetting: Hashable, Sendable {
  public let method: AlignmentMethod
  public let zero: ZeroConvention
  /// The mount is the device page's.
  public let isMountAssumed: Bool
  /// What has to be looked for; nil where the mount says all.
  public let search: CalibrationSearch?

  /// Why the parts do not go together, in words that say what to do.
  public struct Unusable: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// The zero convention that a method implies where nothing was said.
  public static func impliedZero(_ method: AlignmentMethod, pose: AlignmentPose) -> ZeroConvention {
    switch method {
    case .declared: .gravity
    case .pose: pose == .plumb ? .plumb : .standing
    case .functional, .auto: .standing
    }
  }

  /// Rules: declared axes give `gravity`. Quiet standing and rocks give `standing`, because they take the posture for zero. A plumb surface gives `plumb`, and
  /// `gravity` as well: its vertical is gravity's. `auto` takes what the zero asks for: declared axes for `gravity`, a pose for
  /// `plumb`; for `standing` rocks after the first rest, and without them the rest alone.
  ///
  /// - Parameter section: where in the session the calibration is; nil to find it.
  /// - Throws: `Unusable` for what contradicts itself.
  public init(
    method: AlignmentMethod, pose: AlignmentPose, zero: ZeroConvention, isMountAssumed: Bool,
    section: ClosedRange<SessionTime>?
  ) throws(Unusable) {
    var resolved = method
    if method == .auto {
      if zero == .gravity { resolved = pose == .plumb ? .pose : .declared }
      if zero == .plumb { resolved = .pose }
    }
    let isPlumb = pose == .plumb || zero == .plumb
    switch (resolved, zero) {
    case (.declared, .standing):
      throw Unusable(
        description: "zero 'standing' needs a posture to start from, and declared axes have none: "
          + "say --align pose or --align functional")
    case (.declared, .plumb):
      throw Unusable(
        description: "zero 'plumb' needs the sensor on a plumb surface at the start: say --align pose --zero plumb")
    case (.pose, .gravity) where !isPlumb:
      throw Unusable(
        description: "zero 'gravity' needs declared axes or a plumb pose: quiet standing takes the posture for zero. "
          + "Say --zero standing, or --pose plumb with the sensor on a plumb surface, or --align declared with --mount")
    case (.pose, .standing) where isPlumb:
      throw Unusable(
        description: "zero 'standing' contradicts a pose on a plumb surface: say --zero plumb, or --pose standing")
    case (.functional, .gravity), (.functional, .plumb):
      throw Unusable(
        description: "zero '\(zero.rawValue)' cannot be had from rocks: they take quiet standing for zero. "
          + "Say --zero standing, or --align declared with --mount, or --align pose --pose plumb")
    case (.auto, .standing) where pose == .plumb:
      throw Unusable(description: "zero 'standing' contradicts a pose on a plumb surface: say --zero plumb")
    default: break
    }
    if resolved == .declared, section != nil {
      throw Unusable(
        description: "a calibrating section is of no use to declared axes: say --align functional or --align pose")
    }
    self.method = resolved
    self.zero = zero
    self.isMountAssumed = isMountAssumed
    switch resolved {
    case .declared: search = nil
    case .pose: search = CalibrationSearch(wantsRocks: false, section: section)
    case .functional: search = CalibrationSearch(wantsRocks: true, section: section)
    case .auto: search = CalibrationSearch(wantsRocks: true, settlesForRest: true, section: section)
    }
  }
}
