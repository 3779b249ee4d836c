import Motion

/// How it becomes known where the sensor's axes point on the leg.
public enum AlignmentMethod: String, Hashable, Sendable, CaseIterable {
  /// The mount says it.
  case declared
  /// Gravity in a pose gives the long axis, the mount the way forward.
  case pose
  /// Gravity at rest gives the long axis, three rocks of the knee the mediolateral axis; no word of the user is needed.
  case functional
  /// Functional where rest and rocks begin the session, else a pose.
  case auto
}

/// What stands still while an alignment takes its long axis from gravity.
public enum AlignmentPose: String, Hashable, Sendable, CaseIterable {
  /// The person stands quietly.
  case standing
  /// The sensor lies against a plumb surface as it will lie against the leg.
  case plumb
}

/// What zero degrees means. Results under different conventions are never averaged, compared or joined.
public enum ZeroConvention: String, Hashable, Sendable, CaseIterable {
  /// The declared long axis is vertical against gravity.
  case gravity
  /// Quiet standing.
  case standing
  /// The sensor sits as it did on a plumb surface: gravity without the constant errors of the electronics.
  case plumb
}

/// Where the sensor's axes point on the leg, as it was found or declared, and how well that is known. Angles in rad.
public struct Alignment: Hashable, Sendable {
  /// The road that was taken: never `auto`.
  public var method: AlignmentMethod
  public var zero: ZeroConvention
  /// Takes sensor components to shank components (B: x anterior, y proximal, z to the subject's right).
  public var shankFromSensor: Quaternion
  /// The way forward rests on the device page's mount, which nobody has confirmed.
  public var isAssumed: Bool
  /// When what it was found from began and ended; nil for a declared one.
  public var section: ClosedRange<SessionTime>?
  /// Standard uncertainty of the inclination's zero, constant over the session.
  public var zeroSD: Double
  /// Standard uncertainty of the mediolateral axis about the long axis: it matters only in second order.
  public var twistSD: Double
  public var quality: AlignmentQuality
  /// The vertical comes from a filter with a gyroscope.
  public var isFiltered = false

  public init(
    method: AlignmentMethod, zero: ZeroConvention, shankFromSensor: Quaternion, isAssumed: Bool,
    section: ClosedRange<SessionTime>? = nil, zeroSD: Double, twistSD: Double,
    quality: AlignmentQuality = AlignmentQuality()
  ) {
    self.method = method
    self.zero = zero
    self.shankFromSensor = shankFromSensor
    self.isAssumed = isAssumed
    self.section = section
    self.zeroSD = zeroSD
    self.twistSD = twistSD
    self.quality = quality
  }

  /// Standard uncertainties of axes that a person declares by eye: of the zero, and of the twist about the long axis. Both are assumptions.
  public static let declaredSD = 2.0 * radiansPerDegree
  public static let declaredTwistSD = 5.0 * radiansPerDegree

  /// The mount's own word: under `gravity`.
  public static func declared(_ mount: Mount, isAssumed: Bool) -> Alignment {
    Alignment(
      method: .declared, zero: .gravity, shankFromSensor: mount.shankFromSensor, isAssumed: isAssumed,
      zeroSD: declaredSD, twistSD: declaredTwistSD)
  }
}

/// How good an alignment is, as far as it could be measured. Angles in rad; nil where there is nothing to measure.
public struct AlignmentQuality: Hashable, Sendable {
  /// Length of the quiet time, s, and how far the vertical strayed in it, root mean square.
  public var restDuration: Double?
  public var restSpread: Double?
  /// Rocks that were counted, and the mean angle to which they went.
  public var rocks: Int?
  public var excursion: Double?
  /// How far the rotation left one plane: the arc tangent of the root mean square rate (or path) across the axis over the one about it.
  public var residual: Double?
  /// How far the mediolateral axis is from the horizontal at rest.
  public var axisSlope: Double?
  /// Angle between the axes that the gyroscope and gravity's path give.
  public var gyroscopeAgainstGravity: Double?
  /// Angles between the axes that were found and those that the mount makes expect: long axis, and mediolateral axis.
  public var longAxisDeviation: Double?
  public var mediolateralDeviation: Double?
  /// The inclination that the mount alone gives for the rest.
  public var restInclinationByMount: Double?

  public init() {}
}

/// Why a calibrating section was not good enough, with what was measured in it.
public struct AlignmentRefusal: Hashable, Sendable, Error {
  /// The names are those of the JSON lines.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// The leg did not stand still for long enough before it moved.
    case moving
    /// The leg stood differently before and after the rocks.
    case changedStance = "changed-stance"
    /// Fewer than three rocks.
    case tooFewRocks = "too-few-rocks"
    /// The rocks did not go far enough.
    case smallExcursion = "small-excursion"
    /// The rotation had no one axis.
    case notPlanar = "not-planar"
    /// The rocks were about an axis that is not horizontal, or gyroscope and gravity contradict each other.
    case wrongAxis = "wrong-axis"
    /// The leg rocked to both sides of its rest: which way is forward cannot be told.
    case bothWays = "both-ways"
    /// Long axis or mediolateral axis lie elsewhere than the mount says.
    case againstMount = "against-mount"
    /// The session, or the section that was given, ended before there was an alignment.
    case notFound = "not-found"
  }

  /// The first thing that was not good enough.
  public var reason: Reason
  /// Where in the session it was looked for.
  public var section: ClosedRange<SessionTime>
  public var quality: AlignmentQuality

  public init(_ reason: Reason, section: ClosedRange<SessionTime>, quality: AlignmentQuality = AlignmentQuality()) {
    self.reason = reason
    self.section = section
    self.quality = quality
  }
}

/// What the search for an alignment has to say.
public enum AlignmentOutcome: Hashable, Sendable {
  case found(Alignment)
  case refused(AlignmentRefusal)
}
