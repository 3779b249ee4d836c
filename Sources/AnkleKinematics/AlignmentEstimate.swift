import Motion
import RealModule

/// What a calibrating section showed, in sensor components: quiet standing, and the rocks that followed.
public struct CalibrationSection: Hashable, Sendable {
  /// Mean of the upward vertical at rest, unit length.
  public var restVertical: Vector3
  /// How far the vertical strayed at rest, root mean square, rad, and for how long it rested, s.
  public var restSpread: Double
  public var restDuration: Double
  /// Whole rocks, and their mean greatest angle from rest, rad.
  public var rocks = 0
  public var excursion = 0.0
  /// ∫ ω ωᵀ dt over the rocks, without the gyroscope's bias, rad²/s; nil without a gyroscope.
  public var rateMoment: SymmetricMatrix3?
  /// ∫ d dᵀ dt and ∫ d dt of the vertical's displacement d from rest, across the vertical at rest.
  public var pathMoment = SymmetricMatrix3()
  public var pathSum = Vector3.zero
  /// Duration of the rocks, s.
  public var rockDuration = 0.0
  /// The vertical after the rocks; nil where the leg did not come to rest.
  public var verticalAfter: Vector3?
  /// When the rest began, and when the section ended.
  public var start: SessionTime
  public var end: SessionTime

  public init(
    restVertical: Vector3, restSpread: Double, restDuration: Double, start: SessionTime, end: SessionTime
  ) {
    self.restVertical = restVertical
    self.restSpread = restSpread
    self.restDuration = restDuration
    self.start = start
    self.end = end
  }

  var span: ClosedRange<SessionTime> { start...max(start, end) }
}

/// What has to hold for an alignment to be taken. Angles in rad. The values are choices: wide enough for an ordinary leg, and narrow enough that
/// what passes is right within a few degrees about the long axis, where an error counts only in second order.
public struct AlignmentLimits: Hashable, Sendable {
  /// Rocks, at least, and how far they have to go.
  public var rocks = 3
  public var excursion = 8 * radiansPerDegree
  /// The rotation across the axis over the rotation about it, as an angle.
  public var residual = 20 * radiansPerDegree
  /// The mediolateral axis against the horizontal at rest, and the gyroscope's against gravity's.
  public var axisSlope = 20 * radiansPerDegree
  public var gyroscopeAgainstGravity = 20 * radiansPerDegree
  /// Found against declared axes: a declaration names the nearest of a sensor's axes.
  public var declaredDeviation = 40 * radiansPerDegree
  /// The long axis in a pose against a mount that is only assumed: beyond it the assumed way forward has no meaning.
  public var assumedDeviation = 45 * radiansPerDegree
  /// The stance after the rocks against the one before.
  public var changedStance = 4 * radiansPerDegree
  /// Of the displacement's mean over its root mean square: 0.8 for rocks to one side, 0 for rocks to both.
  public var oneSidedness = 0.5

  public init() {}
}

extension Alignment {
  /// The least standard uncertainty of a zero from quiet standing: what sway does to a mean of a second, and what the sensor's own noise adds.
  static let poseFloorSD = 0.3 * radiansPerDegree

  /// From gravity in a pose: the long axis is the vertical there, and forward is where the mount points, made perpendicular to it.
  ///
  /// - Throws: `AlignmentRefusal` when gravity lies far from where the mount expects the long axis.
  public static func pose(
    _ section: CalibrationSection, zero: ZeroConvention, mount: Mount, isAssumed: Bool,
    limits: AlignmentLimits = AlignmentLimits()
  ) throws(AlignmentRefusal) -> Alignment {
    var quality = quality(section, mount)
    quality.rocks = nil
    quality.excursion = nil
    let up = section.restVertical
    let limit = isAssumed ? limits.assumedDeviation : limits.declaredDeviation
    let anterior = mount.shankFromSensor.conjugate.rotate(Vector3(1, 0, 0))
    guard (quality.longAxisDeviation ?? 0) <= limit, let forward = (anterior - up * up.dot(anterior)).normalized else {
      throw AlignmentRefusal(.againstMount, section: section.span, quality: quality)
    }
    return Alignment(
      method: .pose, zero: zero, shankFromSensor: Quaternion(columns: forward, up, forward.cross(up)).conjugate,
      isAssumed: isAssumed, section: section.span, zeroSD: max(section.restSpread, poseFloorSD),
      twistSD: declaredTwistSD, quality: quality)
  }

  /// From rest and rocks: gravity at rest is the long axis, the principal axis of the rotation the mediolateral one, and the way in which the leg
  /// left its rest is forward.
  ///
  /// The mediolateral axis is the eigenvector of ∫ ω ωᵀ dt with the greatest eigenvalue (the first principal component of the angular rate, as by Seel,
  /// Raisch and Schauer, Sensors 14, 2014, for hinge joints); without a gyroscope it is the horizontal perpendicular of the principal direction of gravity's
  /// path. Its sign comes from gravity: forward, the vertical moves to the rear of the sensor. What is left of it along
  /// the vertical at rest is taken off, so that the rest is zero inclination and zero tilt.
  ///
  /// - Parameters:
  ///   - mount: what was declared or assumed.
  ///   - isAssumed: the mount is the device page's: then a contradiction is told, and not a reason to refuse.
  /// - Throws: `AlignmentRefusal` with the reason and all that was measured.
  public static func functional(
    _ section: CalibrationSection, mount: Mount, isAssumed: Bool, limits: AlignmentLimits = AlignmentLimits()
  ) throws(AlignmentRefusal) -> Alignment {
    var quality = quality(section, mount)
    func refuse(_ reason: AlignmentRefusal.Reason) -> AlignmentRefusal {
      AlignmentRefusal(reason, section: section.span, quality: quality)
    }
    let up = section.restVertical
    guard section.excursion >= limits.excursion else { throw refuse(.smallExcursion) }
    guard section.rocks >= limits.rocks else { throw refuse(.tooFewRocks) }
    let path = section.pathMoment.eigen
    let time = max(section.rockDuration, 1e-9)
    let mean = section.pathSum / time
    let rms = (max(path.values.x, 0) / time).squareRoot()
    guard rms > 0, mean.length >= limits.oneSidedness * rms else { throw refuse(.bothWays) }
    // The vertical moves to the rear of the sensor as the sensor leans forward.
    let rear = mean.dot(path.vectors.0) < 0 ? -path.vectors.0 : path.vectors.0
    guard let pathForward = (up * up.dot(rear) - rear).normalized else { throw refuse(.wrongAxis) }
    var right = pathForward.cross(up)
    if let rateMoment = section.rateMoment {
      let rate = rateMoment.eigen
      quality.residual = residual(rate.values)
      let axis = rate.vectors.0.dot(right) < 0 ? -rate.vectors.0 : rate.vectors.0
      quality.axisSlope = Double.asin(min(abs(axis.dot(up)), 1))
      let level = (axis - up * axis.dot(up)).normalized ?? right
      quality.gyroscopeAgainstGravity = angle(level, right)
      guard (quality.axisSlope ?? 0) <= limits.axisSlope,
        (quality.gyroscopeAgainstGravity ?? 0) <= limits.gyroscopeAgainstGravity
      else { throw refuse(.wrongAxis) }
      right = level
    } else {
      quality.residual = residual(path.values)
    }
    let expectedRight = mount.shankFromSensor.conjugate.rotate(Vector3(0, 0, 1))
    quality.mediolateralDeviation = angle(right, expectedRight)
    guard (quality.residual ?? 0) <= limits.residual else { throw refuse(.notPlanar) }
    if let after = section.verticalAfter, angle(after, up) > limits.changedStance { throw refuse(.changedStance) }
    if !isAssumed,
      max(quality.longAxisDeviation ?? 0, quality.mediolateralDeviation ?? 0) > limits.declaredDeviation
    {
      throw refuse(.againstMount)
    }
    let forward = up.cross(right)
    return Alignment(
      method: .functional, zero: .standing,
      shankFromSensor: Quaternion(columns: forward, up, right).conjugate, isAssumed: false, section: section.span,
      zeroSD: max(section.restSpread, poseFloorSD),
      twistSD: max(1 * radiansPerDegree, (quality.residual ?? 0) / Double(section.rocks).squareRoot()),
      quality: quality)
  }

  /// What rest and mount alone tell.
  private static func quality(_ section: CalibrationSection, _ mount: Mount) -> AlignmentQuality {
    var quality = AlignmentQuality()
    quality.restDuration = section.restDuration
    quality.restSpread = section.restSpread
    quality.rocks = section.rocks
    quality.excursion = section.excursion
    quality.longAxisDeviation = angle(
      section.restVertical, mount.shankFromSensor.conjugate.rotate(Vector3(0, 1, 0)))
    quality.restInclinationByMount =
      ShankAngles(verticalInShank: mount.shankFromSensor.rotate(section.restVertical)).tibialInclination
    return quality
  }

  /// Root mean square across the principal axis over the one along it, as an angle.
  private static func residual(_ values: Vector3) -> Double {
    guard values.x > 0 else { return .pi / 2 }
    return Double.atan((max(values.y, 0) + max(values.z, 0)).squareRoot() / values.x.squareRoot())
  }
}

/// Angle between two unit vectors, rad, exact for small ones too.
func angle(_ a: Vector3, _ b: Vector3) -> Double { Double.atan2(y: a.cross(b).length, x: a.dot(b)) }
