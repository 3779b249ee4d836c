import Motion
import RealModule

/// One part of a standard uncertainty, in the unit of the quantity, with the name that the JSON uses.
public struct Contribution: Hashable, Sendable {
  public var source: Source
  public var sd: Double

  /// Where an uncertainty comes from.
  public enum Source: String, Hashable, Sendable, CaseIterable {
    /// What the filter leaves open of the vertical.
    case filter
    /// The wavering of the leg on the plateau.
    case wavering
    /// The constant error of the accelerometer.
    case accelerometer
    /// How the sensor sits, as declared or as found: its zero, and its twist about the long axis.
    case alignment
    case twist
    /// The inclination as a whole, where it enters a distance.
    case inclination
    /// The pitch of the foot, which its own sensor shows.
    case foot
    /// Surface slope and soft tissue at the sensor's place.
    case placement
    case standingLean = "standing-lean"
    case shank
    case ankleToToe = "ankle-to-toe"
    case kneeDepth = "knee-depth"
    /// The fit of the personal calibration.
    case calibration
  }

  public init(_ source: Source, _ sd: Double) {
    self.source = source
    self.sd = sd
  }
}

extension Sequence<Contribution> {
  /// The combined standard uncertainty of independent contributions.
  public var combined: Double { reduce(0) { $0 + $1.sd * $1.sd }.squareRoot() }
}

/// A knee-to-wall-equivalent distance, m.
public struct DistanceEstimate: Hashable, Sendable {
  /// nil where only a range can be told.
  public var value: Uncertain?
  /// The least and the greatest distance where the sensor's offset is not known.
  public var range: ClosedRange<Double>?

  public init(value: Uncertain? = nil, range: ClosedRange<Double>? = nil) {
    self.value = value
    self.range = range
  }
}

/// d(θ) = p sin θ + q cos θ + c: every model of the distance for one sensor on one leg, for every sample of a stream. Lengths in m.
@frozen
public struct KneeToWallCurve: Hashable, Sendable {
  public var p: Double
  public var q: Double
  public var c: Double

  @inlinable
  public init(p: Double, q: Double, c: Double) {
    self.p = p
    self.q = q
    self.c = c
  }

  /// At an inclination with this sine and cosine, m.
  @inlinable @inline(__always)
  public func distance(sine: Double, cosine: Double) -> Double { p * sine + q * cosine + c }
}

/// From the inclination that a sensor shows to the knee-to-wall-equivalent distance: geometry, offset of the sensor, and what is known of both.
public struct DistanceModel: Hashable, Sendable {
  /// What the distance rests on.
  public enum Basis: Hashable, Sendable {
    /// Limb lengths, and the offset: reading minus inclination of the long axis, rad.
    case lengths(BodyLengths, ContactModel, offset: Uncertain, source: Contribution.Source)
    /// Limb lengths, and an offset of which only bounds are known.
    case bounds(BodyLengths, ContactModel, ClosedRange<Double>)
    /// Wall touches of this person.
    case personal(WallCalibration)
  }

  /// Why there is no distance, in words that say what to do.
  public enum Obstacle: String, Hashable, Sendable, Error {
    case noLengths = "no body lengths: say --height-cm, or --shank-cm with --ankle-to-toe-cm or --foot-cm"
    case noStandingLean =
      "zero is quiet standing, and how the tibia leans there is not known: say --standing-lean-deg, or calibrate with talus calibrate wall"
    case otherZero = "the personal calibration was made under another zero convention"
    case otherPlace = "the personal calibration was made with the sensor at another place on the shank"
    case otherSide = "the personal calibration is of the other leg"
  }

  /// What it rests on.
  public let basis: Basis
  /// nil where only a range can be told.
  public let curve: KneeToWallCurve?

  public init(_ basis: Basis) {
    self.basis = basis
    switch basis {
    case .lengths(let lengths, let contact, let offset, _):
      curve = Self.curve(lengths, contact, offset: offset.value)
    case .bounds: curve = nil
    case .personal(let calibration): curve = calibration.curve
    }
  }

  /// For an inclination that is the long axis' own, with a round knee.
  public static func longAxis(_ lengths: BodyLengths) -> DistanceModel {
    DistanceModel(.lengths(lengths, .roundKnee, offset: Uncertain(0, sd: 0), source: .placement))
  }

  /// The rule for when a distance may be told, and on what basis. It needs the inclination of the tibia's long axis: a personal calibration gives it;
  /// against gravity the sensor's place does; and in quiet standing only a known lean does.
  ///
  /// - Parameters:
  ///   - standingLean: inclination of the tibia's long axis in quiet standing, where it is known.
  ///   - side: the leg, where it is known: another leg's calibration is refused.
  /// - Throws: why there is none.
  public static func choose(
    zero: ZeroConvention, lengths: BodyLengths?, contact: ContactModel, placement: Placement, standingLean: Uncertain?,
    calibration: WallCalibration?, side: Side? = nil
  ) throws(Obstacle) -> DistanceModel {
    if let calibration {
      guard calibration.zero == zero else { throw .otherZero }
      if let side, let calibrated = calibration.side, side != calibrated { throw .otherSide }
      guard calibration.place.agrees(with: placement) else { throw .otherPlace }
      return DistanceModel(.personal(calibration))
    }
    guard let lengths else { throw .noLengths }
    switch zero {
    case .standing:
      guard let standingLean else { throw .noStandingLean }
      // The long axis leans by `standingLean` where the sensor shows zero.
      return DistanceModel(
        .lengths(
          lengths, contact, offset: Uncertain(-standingLean.value, sd: standingLean.sd), source: .standingLean))
    case .gravity, .plumb:
      if let offset = placement.offset {
        return DistanceModel(.lengths(lengths, contact, offset: offset, source: .placement))
      }
      return DistanceModel(.bounds(lengths, contact, placement.offsetRange))
    }
  }

  /// The distance at an inclination that the sensor shows.
  ///
  /// - Parameter constant: what of the inclination's uncertainty is the same for all of a session. A personal calibration was made through the same
  ///   errors and has taken them into its offset: there they do not count again. nil where it is not known: all of it counts.
  public func estimate(inclination: Uncertain, constant: ConstantUncertainty? = nil) -> DistanceEstimate {
    let sine = Double.sin(inclination.value)
    let cosine = Double.cos(inclination.value)
    if case .bounds(let lengths, let contact, let offsets) = basis {
      let ends = [offsets.lowerBound, offsets.upperBound].map {
        Self.curve(lengths, contact, offset: $0).distance(sine: sine, cosine: cosine)
      }
      return DistanceEstimate(range: min(ends[0], ends[1])...max(ends[0], ends[1]))
    }
    guard let curve else { return DistanceEstimate() }
    return DistanceEstimate(
      value: Uncertain(
        curve.distance(sine: sine, cosine: cosine),
        sd: contributions(inclination: inclination, constant: constant).combined))
  }

  /// What each source adds to the uncertainty of the distance, m, to first order; nothing for a range.
  public func contributions(inclination: Uncertain, constant: ConstantUncertainty? = nil) -> [Contribution] {
    switch basis {
    case .bounds: return []
    case .personal(let calibration):
      let slope = calibration.slope(inclination: inclination.value)
      return [
        Contribution(.inclination, abs(slope) * calibration.openSD(inclination, constant)),
        Contribution(.calibration, calibration.sd(inclination: inclination.value)),
      ]
    case .lengths(let lengths, let contact, let offset, let source):
      let axis = inclination.value - offset.value
      let sine = Double.sin(axis)
      let cosine = Double.cos(axis)
      let r = lengths.kneeDepth
      let slope = slope(inclination: inclination.value)
      return [
        Contribution(.inclination, abs(slope) * inclination.sd),
        Contribution(source, abs(slope) * offset.sd),
        Contribution(.shank, abs(sine) * lengths.shank.sd),
        Contribution(.ankleToToe, lengths.ankleToToe.sd),
        Contribution(.kneeDepth, (contact == .fixedPoint ? abs(cosine) : 1) * r.sd),
      ]
    }
  }

  /// What each source adds to the uncertainty of the distance, m: as `contributions`, with the inclination's part taken apart.
  ///
  /// - Parameter parts: what the inclination's uncertainty is made of, rad; see `ConstantUncertainty.contributions(to:commonSD:)`.
  public func contributions(
    inclination: Uncertain, constant: ConstantUncertainty, parts: [Contribution]
  ) -> [Contribution] {
    let slope = abs(slope(inclination: inclination.value))
    return contributions(inclination: inclination, constant: constant).flatMap { whole in
      guard whole.source == .inclination else { return [whole] }
      return parts.map { part in
        guard case .personal(let calibration) = basis else { return Contribution(part.source, slope * part.sd) }
        return Contribution(part.source, slope * calibration.openSD(of: part, at: inclination.value, constant))
      }
    }
  }

  /// ∂d/∂θ at an inclination that the sensor shows, m/rad; zero where only a range is known.
  public func slope(inclination: Double) -> Double {
    switch basis {
    case .bounds: return 0
    case .personal(let calibration): return calibration.slope(inclination: inclination)
    case .lengths(let lengths, let contact, let offset, _):
      let axis = inclination - offset.value
      return lengths.shank.value * Double.cos(axis)
        - (contact == .fixedPoint ? lengths.kneeDepth.value * Double.sin(axis) : 0)
    }
  }

  static func curve(_ lengths: BodyLengths, _ contact: ContactModel, offset: Double) -> KneeToWallCurve {
    let s = Double.sin(offset)
    let c = Double.cos(offset)
    let shank = lengths.shank.value
    let depth = lengths.kneeDepth.value
    let toe = lengths.ankleToToe.value
    return switch contact {
    case .roundKnee: KneeToWallCurve(p: shank * c, q: -shank * s, c: depth - toe)
    case .fixedPoint: KneeToWallCurve(p: shank * c + depth * s, q: depth * c - shank * s, c: -toe)
    }
  }
}
