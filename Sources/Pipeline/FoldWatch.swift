import Motion

/// Two angles above the horizontal leave open whether a sensor's third axis points up or down: it is taken to point up. Where it comes near the
/// horizontal while the leg leans, it may have gone through, and what follows is the mirror image of what is true until it comes back there. Nobody
/// can tell from the angles, so what follows is not believed until then. An upright leg may stand near it: how the mount says forward is signed holds.
struct FoldWatch: Sendable {
  private var isNear = false
  private var isBeyond = false

  /// So near to the horizontal, as the sine of 3°: what a slow inclinometer steps over.
  static let nearness = 0.052
  /// A leg that leans by less is upright, rad.
  private static let upright = 10 * radiansPerDegree

  /// - Parameters:
  ///   - isNear: the third axis comes near the horizontal, and its sign matters to the inclination.
  ///   - inclination: of the tibia, rad.
  /// - Returns: whether the axis may point down.
  mutating func update(isNear near: Bool, inclination: Double) -> Bool {
    let wasNear = isNear
    isNear = near && abs(inclination) > Self.upright
    if wasNear && !isNear { isBeyond.toggle() }
    return isNear || isBeyond
  }
}
