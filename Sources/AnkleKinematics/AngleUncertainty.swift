import Motion
import RealModule

/// The standard uncertainty of an inclination that is the same for all samples of a session: the constant errors of the accelerometer and of the
/// alignment, rad.
public struct ConstantUncertainty: Hashable, Sendable {
  /// Of the accelerometer's constant error, as an angle: it depends on the class of device.
  public var accelerometer: Double
  /// Of the alignment's zero, and of its twist about the long axis.
  public var zero: Double
  public var twist: Double
  /// Zero was found with this very sensor: its constant error counts only as far as it changes with the inclination.
  public var isZeroMeasured: Bool
  /// A filter with a gyroscope made the vertical.
  public var isFiltered = false
  /// How much of what the accelerometer's error changes between zero and an inclination shows there, 0 to 1.
  public private(set) var turnShare = 1.0

  public init(accelerometer: Double, zero: Double, twist: Double, isZeroMeasured: Bool) {
    self.accelerometer = accelerometer
    self.zero = zero
    self.twist = twist
    self.isZeroMeasured = isZeroMeasured
  }

  public init(accelerometer: Double, alignment: Alignment) {
    self.accelerometer = accelerometer
    zero = alignment.zeroSD
    twist = alignment.twistSD
    isZeroMeasured = alignment.method == .pose || alignment.method == .functional
    isFiltered = alignment.isFiltered
  }

  /// The same for an inclination that was held for some seconds before it was read.
  ///
  /// A filter with a gyroscope carries the vertical of the rest over, error and all, and takes the accelerometer's new one on within seconds. Of
  /// the full change the default filter shows 0.51, 0.56, 0.85, 0.97 and 1.05 at the median of holds of 0.7, 1, 2, 3 and 5 s
  /// (simulated lunges); the share here is the straight line through these, up to 1.
  public func held(for seconds: Double) -> ConstantUncertainty {
    var held = self
    if isFiltered { held.turnShare = min(0.35 + 0.23 * max(seconds, 0), 1) }
    return held
  }

  /// The accelerometer's part at an inclination whose sine and cosine are given.
  ///
  /// A bias tilts the vertical by its component across it. Where zero was measured, what counts is how far that direction has turned since:
  /// |t(θ) − t(0)| = 2 sin(θ/2), so its square is 2 − 2 cos θ.
  @inlinable @inline(__always)
  public func accelerometerVariance(cosine: Double) -> Double {
    accelerometer * accelerometer * (isZeroMeasured ? turnShare * turnShare * (2 - 2 * cosine) : 1)
  }

  /// The alignment's part. A twist ε reads atan2(sin θ cos ε, cos θ): less by ½ ε² sin θ cos θ; the standard deviation of ε² is √2 times ε's variance.
  @inlinable @inline(__always)
  public func alignmentVariance(sine: Double, cosine: Double) -> Double {
    let second = sine * cosine * twist * twist
    return zero * zero + 0.5 * second * second
  }

  /// Of both.
  @inlinable @inline(__always)
  public func variance(sine: Double, cosine: Double) -> Double {
    accelerometerVariance(cosine: cosine) + alignmentVariance(sine: sine, cosine: cosine)
  }

  /// Of both, at an angle in rad.
  public func variance(at angle: Double) -> Double { variance(sine: Double.sin(angle), cosine: Double.cos(angle)) }

  /// What is left of the constant errors in the difference of two inclinations of one session, rad²: an accelerometer's bias counts as far as its
  /// direction has turned between them, |t(θ) − t(θ₀)| = 2 sin(|θ − θ₀| / 2). A zero that was declared is the same in both; one that was measured is
  /// another one in another session.
  public func differenceVariance(from reference: Double, to inclination: Double) -> Double {
    let accelerometer = accelerometer * accelerometer * (2 - 2 * Double.cos(inclination - reference))
    return accelerometer + (isZeroMeasured ? zero * zero : 0)
  }

  /// What an end range's combined uncertainty is made of, in the order of the road: filter, wavering, accelerometer, alignment, twist.
  ///
  /// - Parameter commonSD: the part of `inclination.sd` that the samples of the plateau share, rad; what is beyond it is the leg's wavering.
  public func contributions(to inclination: Uncertain, commonSD: Double) -> [Contribution] {
    let sine = Double.sin(inclination.value)
    let cosine = Double.cos(inclination.value)
    let shared = commonSD * commonSD
    let second = sine * cosine * twist * twist
    return [
      Contribution(.filter, max(shared - variance(sine: sine, cosine: cosine), 0).squareRoot()),
      Contribution(.wavering, max(inclination.sd * inclination.sd - shared, 0).squareRoot()),
      Contribution(.accelerometer, accelerometerVariance(cosine: cosine).squareRoot()),
      Contribution(.alignment, zero),
      Contribution(.twist, 0.5.squareRoot() * abs(second)),
    ]
  }
}
