import Motion
import RealModule

/// Rotation of the shank about its own long axis, from the gyroscope: the integral of the rate's component along the axis, which knows no Euler
/// order and no singular attitude.
///
/// The start is arbitrary, and the gyroscope's bias, which is learnt at every rest, lets it drift: only differences over a few seconds mean
/// anything. Over a movement out and back with a sideways part, it includes the solid angle that the long axis went around, well below
/// a degree for a lunge.
public struct AxialRotation: Sendable {
  /// A rest: the rate stays within this of its mean, rad/s, and the vertical within this of its own, for this long, s.
  static let quietRate = 3 * radiansPerDegree
  static let quietTilt = 0.4 * radiansPerDegree
  static let quietTime = 0.6
  /// Once a bias is known, a steady rate that differs more from it is a turn of the leg, rad/s.
  static let greatestChange = 1.5 * radiansPerDegree

  private var bias: Vector3?
  private var meanRate = Vector3.zero
  private var meanVertical = Vector3.zero
  private var age = 0.0
  private var quiet = 0.0
  private var angle = 0.0

  public init() {}

  /// Takes the next sample.
  ///
  /// - Parameters:
  ///   - rate: angular rate in sensor components, rad/s; nil where it is missing or not to be used.
  ///   - vertical: upward vertical in sensor components.
  ///   - longAxis: the shank's long axis, proximal, in sensor components.
  ///   - interval: seconds since the previous sample.
  /// - Returns: rad, right-handed about the axis, since an arbitrary start; NaN before the bias was seen at rest, and without a gyroscope.
  @inline(__always)
  public mutating func update(rate: Vector3?, vertical: Vector3, longAxis: Vector3, interval: Double) -> Double {
    guard let rate, rate.isFinite else { return .nan }
    age += interval
    let share = min(interval / min(max(age, 1e-9), 0.4), 1)
    meanRate += (rate - meanRate) * share
    meanVertical += (vertical - meanVertical) * share
    let isQuiet =
      (rate - meanRate).lengthSquared < Self.quietRate * Self.quietRate
      && (vertical - meanVertical).lengthSquared < Self.quietTilt * Self.quietTilt
    quiet = isQuiet ? quiet + interval : 0
    if quiet > Self.quietTime {
      if let known = bias {
        // Slowly, so that a short pause at the end of a turn does not become the bias.
        if (meanRate - known).lengthSquared < Self.greatestChange * Self.greatestChange {
          bias = known + (meanRate - known) * min(interval / 0.5, 1)
        }
      } else {
        bias = meanRate
      }
    }
    guard let bias else { return .nan }
    angle += (rate - bias).dot(longAxis) * interval
    return angle
  }
}
