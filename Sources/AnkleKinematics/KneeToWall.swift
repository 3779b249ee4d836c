import Motion
import RealModule

/// A quantity with its standard uncertainty (one standard deviation), both in the same unit.
@frozen
public struct Uncertain: Hashable, Sendable {
  public var value: Double
  public var sd: Double

  @inlinable
  public init(_ value: Double, sd: Double) {
    self.value = value
    self.sd = sd
  }
}

/// What touches the wall.
public enum ContactModel: String, Hashable, Sendable, CaseIterable {
  /// The front of the bent knee is round about the knee's centre: the wall is touched wherever it is foremost.
  case roundKnee = "round-knee"
  /// One point fixed to the tibia, such as the tuberosity, before the long axis by the knee's depth at the knee's height.
  case fixedPoint = "fixed-point"
}

/// The lengths of leg and foot that the knee-to-wall geometry needs, in metres, each with its standard uncertainty.
public struct BodyLengths: Hashable, Sendable {
  /// Ankle axis to knee joint centre, L.
  public var shank: Uncertain
  /// Horizontal distance from the ankle axis to the tip of the big toe, f.
  public var ankleToToe: Uncertain
  /// How far the front of the bent knee lies before the knee joint centre when it touches a wall, r.
  public var kneeDepth: Uncertain

  public init(shank: Uncertain, ankleToToe: Uncertain, kneeDepth: Uncertain) {
    self.shank = shank
    self.ankleToToe = ankleToToe
    self.kneeDepth = kneeDepth
  }

  /// Lengths as far as they were measured; what is missing is estimated from body height, or from foot length.
  ///
  /// Proportions of height: shank 0.246 H and foot length 0.152 H (Drillis and Contini 1966, as tabulated by Winter); the ankle
  /// axis lies at 0.75 of foot length from the toe tip (generic OpenSim model gait2392). The SDs of the estimates (1.4 cm
  /// for the shank, 0.9 cm for foot length, 0.02 for the share, 0.7 cm for the knee) are assumptions, those of the tape (0.5, 0.3, 0.5 cm) too.
  ///
  /// - Parameters: all in metres.
  /// - Returns: nil when neither the measured lengths nor the height suffice.
  public init?(
    height: Double? = nil, shank: Double? = nil, ankleToToe: Double? = nil, foot: Double? = nil,
    kneeDepth: Double? = nil
  ) {
    guard let shankLength = shank.map({ Uncertain($0, sd: 0.005) }) ?? height.map({ Uncertain(0.246 * $0, sd: 0.014) })
    else { return nil }
    let toe: Uncertain
    if let ankleToToe {
      toe = Uncertain(ankleToToe, sd: 0.003)
    } else if let footLength = foot.map({ Uncertain($0, sd: 0.003) })
      ?? height.map({ Uncertain(0.152 * $0, sd: 0.009) })
    {
      let fromShare = 0.02 * footLength.value
      let fromFoot = 0.75 * footLength.sd
      toe = Uncertain(0.75 * footLength.value, sd: (fromShare * fromShare + fromFoot * fromFoot).squareRoot())
    } else {
      return nil
    }
    self.shank = shankLength
    self.ankleToToe = toe
    self.kneeDepth = kneeDepth.map { Uncertain($0, sd: 0.005) } ?? Uncertain(0.055, sd: 0.007)
  }

  /// The toe-to-wall distance (m) at which the knee would touch the wall with the tibia inclined by `inclination` (rad).
  ///
  /// Planar geometry with the foot flat and a round knee: the knee's front reaches L sin θ + r before the ankle axis and the toe
  /// f, so d = L sin θ + r − f. Negative where the toes would have to lie behind the wall. The uncertainty is propagated to first
  /// order; ∂d/∂θ = L cos θ, ∂d/∂L = sin θ, ∂d/∂r = 1, ∂d/∂f = −1.
  @inlinable
  public func kneeToWall(inclination: Uncertain) -> Uncertain {
    let sine = Double.sin(inclination.value)
    let fromAngle = shank.value * Double.cos(inclination.value) * inclination.sd
    let fromShank = sine * shank.sd
    let variance =
      fromAngle * fromAngle + fromShank * fromShank + ankleToToe.sd * ankleToToe.sd + kneeDepth.sd * kneeDepth.sd
    return Uncertain(shank.value * sine + kneeDepth.value - ankleToToe.value, sd: variance.squareRoot())
  }

  /// The same distance (m) alone, for every sample of a stream, which has the sine already; see `kneeToWall(inclination:)`.
  @inlinable
  public func kneeToWallDistance(sineOfInclination sine: Double) -> Double {
    shank.value * sine + kneeDepth.value - ankleToToe.value
  }

  /// The same for a contact point that is fixed to the tibia: d = L sin θ + a cos θ − f, with a the knee's depth.
  ///
  /// For an exact inclination of the long axis, m.
  public func kneeToWall(inclination: Double, contact: ContactModel) -> Double {
    DistanceModel.curve(self, contact, offset: 0).distance(
      sine: Double.sin(inclination), cosine: Double.cos(inclination))
  }

  /// The inclination (rad) at which the contact touches a wall at `distance` (m) before the toe; nil beyond the leg's reach. For a fixed point
  /// d + f = R sin(θ + φ) with R² = L² + a² and tan φ = a/L.
  public func inclination(kneeToWall distance: Double, contact: ContactModel) -> Double? {
    guard contact == .fixedPoint else { return inclination(kneeToWall: distance) }
    let a = kneeDepth.value
    let reach = (shank.value * shank.value + a * a).squareRoot()
    let sine = (distance + ankleToToe.value) / reach
    guard abs(sine) <= 1 else { return nil }
    return Double.asin(sine) - Double.atan2(y: a, x: shank.value)
  }

  /// The inclination (rad) at which the knee touches a wall at `distance` (m) before the toe; nil beyond the leg's reach.
  public func inclination(kneeToWall distance: Double) -> Double? {
    let sine = (distance + ankleToToe.value - kneeDepth.value) / shank.value
    guard abs(sine) <= 1 else { return nil }
    return Double.asin(sine)
  }
}
