import Motion
import RealModule

/// One touch of the wall: the inclination that the sensor showed, rad, and the toe's distance from the wall by tape, m, with their standard uncertainties.
public struct WallTouch: Hashable, Sendable {
  public var inclination: Uncertain
  public var distance: Uncertain

  /// Uncertainties of a careful touch in one session, assumptions: 0.3° and 1 mm.
  public static let inclinationSD = 0.3 * radiansPerDegree
  public static let distanceSD = 0.001

  public init(inclination: Uncertain, distance: Uncertain) {
    self.inclination = inclination
    self.distance = distance
  }

  /// With the usual uncertainties.
  public init(inclination: Double, distance: Double) {
    self.init(
      inclination: Uncertain(inclination, sd: Self.inclinationSD), distance: Uncertain(distance, sd: Self.distanceSD))
  }
}

/// One person's leg and one sensor's seat on it, from wall touches: d(θ) = L sin(θ − δ) + c.
public struct WallCalibration: Hashable, Sendable {
  /// Leg length L, m; offset δ of the sensor, rad: reading minus inclination of the long axis; constant c = r − f, m.
  public var shank: Double
  public var offset: Double
  public var constant: Double
  /// Of (L, δ, c).
  public var covariance: SymmetricMatrix3
  /// How many touches it rests on.
  public var touches: Int
  /// The convention of the readings: it holds for no other.
  public var zero: ZeroConvention
  /// Two touches or more that agree; nil with one, which cannot be checked.
  public var isConsistent: Bool?
  /// Mean reading of the touches, rad; nil before any.
  public var reference: Double? = nil
  /// Whose leg, and where the sensor sat; nil where it was not said.
  public var side: Side? = nil
  public var place = Placement()

  var curve: KneeToWallCurve {
    KneeToWallCurve(p: shank * Double.cos(offset), q: -shank * Double.sin(offset), c: constant)
  }

  /// The distance at a reading, m.
  public func distance(inclination: Double) -> Double { shank * Double.sin(inclination - offset) + constant }

  /// ∂d/∂θ at a reading, m/rad.
  public func slope(inclination: Double) -> Double { shank * Double.cos(inclination - offset) }

  /// What the fit leaves open of the distance at an exact reading, m.
  public func sd(inclination: Double) -> Double {
    max(covariance.form(gradient(inclination)), 0).squareRoot()
  }

  /// Of the distance by (L, δ, c).
  func gradient(_ inclination: Double) -> Vector3 {
    Vector3(Double.sin(inclination - offset), -slope(inclination: inclination), 1)
  }

  /// What of a reading's uncertainty still counts beside the fit, rad: the touches were read through the same constant errors, and the offset has
  /// taken them in.
  func openSD(_ inclination: Uncertain, _ constant: ConstantUncertainty?) -> Double {
    guard let constant, let reference else { return inclination.sd }
    let all = constant.variance(at: inclination.value)
    let left = constant.differenceVariance(from: reference, to: inclination.value)
    return max(inclination.sd * inclination.sd - all + left, 0).squareRoot()
  }

  /// The same of one part of it.
  func openSD(of part: Contribution, at inclination: Double, _ constant: ConstantUncertainty) -> Double {
    guard let reference else { return part.sd }
    switch part.source {
    case .accelerometer:
      var alone = constant
      alone.zero = 0
      return alone.differenceVariance(from: reference, to: inclination).squareRoot()
    case .alignment: return constant.isZeroMeasured ? constant.zero : 0
    case .twist: return 0
    default: return part.sd
    }
  }

  /// The standard deviation that a sensor's offset has before any touch, rad, with its mean where the place or the lean tells it.
  public static func prior(
    lengths: BodyLengths, zero: ZeroConvention, placement: Placement = Placement(), standingLean: Uncertain? = nil
  ) -> WallCalibration {
    let offset: Uncertain
    switch zero {
    case .standing:
      // A tibia leans a few degrees forward in standing; how far is not known. An assumption.
      offset =
        standingLean.map { Uncertain(-$0.value, sd: $0.sd) } ?? Uncertain(-4 * radiansPerDegree, sd: Placement.offsetSD)
    case .gravity, .plumb:
      let bounds = placement.offsetRange
      offset =
        placement.offset
        ?? Uncertain((bounds.lowerBound + bounds.upperBound) / 2, sd: Placement.offsetSD + bounds.upperBound / 4)
    }
    let toe = lengths.ankleToToe
    let depth = lengths.kneeDepth
    return WallCalibration(
      shank: lengths.shank.value, offset: offset.value, constant: depth.value - toe.value,
      covariance: SymmetricMatrix3(
        diagonal: Vector3(
          lengths.shank.sd * lengths.shank.sd, offset.sd * offset.sd, toe.sd * toe.sd + depth.sd * depth.sd)),
      touches: 0, zero: zero, isConsistent: nil)
  }

  /// The maximum a posteriori fit: Gauss and Newton's method, each step a Kalman update by one touch after the other, which inverts no matrix.
  ///
  /// The reading's own error enters a touch's variance through the slope there.
  public func fitted(to touches: [WallTouch]) -> WallCalibration {
    var estimate = self
    for _ in 0..<12 {
      var next = self
      var state = Vector3(shank, offset, constant)
      let around = Vector3(estimate.shank, estimate.offset, estimate.constant)
      for touch in touches {
        let theta = touch.inclination.value
        let g = estimate.gradient(theta)
        let fromAngle = estimate.slope(inclination: theta) * touch.inclination.sd
        let noise = fromAngle * fromAngle + touch.distance.sd * touch.distance.sd
        let innovation = touch.distance.value - (estimate.distance(inclination: theta) + g.dot(state - around))
        let spread = next.covariance * g
        let variance = g.dot(spread) + noise
        guard variance > 0 else { continue }
        state += spread * (innovation / variance)
        next.covariance.add(outer: spread, weight: -1 / variance)
      }
      next.shank = state.x
      next.offset = state.y
      next.constant = state.z
      next.touches = touches.count
      next.reference =
        touches.isEmpty ? nil : touches.reduce(0) { $0 + $1.inclination.value } / Double(touches.count)
      let step = state - around
      estimate = next
      if abs(step.x) + abs(step.y) + abs(step.z) < 1e-12 { break }
    }
    return estimate
  }
}

/// A personal calibration with the test of its touches.
public struct WallFit: Hashable, Sendable {
  /// How a touch agrees with the others.
  public struct Check: Hashable, Sendable {
    public var touch: WallTouch
    /// The tape's distance minus the one that the other touches predict, m; and the same as an angle, rad.
    public var deviation: Double
    public var angle: Double
    /// The deviation over its own standard deviation.
    public var normalised: Double
  }

  /// What fits all touches best.
  public var calibration: WallCalibration
  /// Empty with one touch, which nothing can be held against.
  public var checks: [Check]

  /// Beyond this a touch is not believed: 1 in 20 good touches is. For two touches 4 to 5 cm apart, it is about 0.7 cm or 1.2°.
  public static let limit = 1.96

  /// More touches than these nobody makes by hand.
  public static let mostTouches = 20

  /// The touch that agrees least, where it agrees so badly that it may be a lifted heel, a slipped sensor or a typing error. With two touches both
  /// deviate alike.
  public var suspect: Check? {
    checks.filter { abs($0.normalised) > Self.limit }.max { abs($0.normalised) < abs($1.normalised) }
  }

  /// Fits, and holds every touch against what the others predict.
  ///
  /// The prediction takes nothing from the prior of the constant, which is far less certain than a touch: only touches can contradict touches.
  public init(prior: WallCalibration, touches: [WallTouch]) {
    calibration = prior.fitted(to: touches)
    checks = []
    guard touches.count > 1 else { return }
    var open = prior
    open.covariance.zz = 1
    for (index, touch) in touches.enumerated() {
      var others = touches
      others.remove(at: index)
      let fit = open.fitted(to: others)
      let theta = touch.inclination.value
      let slope = fit.slope(inclination: theta)
      let deviation = touch.distance.value - fit.distance(inclination: theta)
      let fromAngle = slope * touch.inclination.sd
      let variance =
        fit.covariance.form(fit.gradient(theta)) + fromAngle * fromAngle + touch.distance.sd * touch.distance.sd
      checks.append(
        Check(
          touch: touch, deviation: deviation, angle: slope > 0 ? deviation / slope : .nan,
          normalised: deviation / variance.squareRoot()))
    }
    calibration.isConsistent = suspect == nil
  }
}
