import Motion

/// What happened between two samples, from the sample and the two before it.
///
/// A sample of a modern inertial sensor is the mean over the interval that it ends (its low-pass and decimation see to that). Through the means of the
/// last three intervals goes one quadratic; on the last interval it gives the rate and the specific force as functions of time, with
/// nothing taken from the future. From it follow, to second order in the angle, the rotation with its coning term and the velocity with
/// its rotation and sculling terms (Savage, "Strapdown inertial navigation integration algorithm design", J. Guid. Control Dyn. 21, 1998;
/// the quadratic in place of his straight line). At 48 Hz these terms are most of what a filter loses against 286 Hz.
struct RowReconstruction: Sendable {
  /// Means of the two intervals before, newest first: rad/s and m/s².
  private var rate1 = Vector3.zero
  private var rate2 = Vector3.zero
  private var force1 = Vector3.zero
  private var force2 = Vector3.zero
  /// How many of them hold.
  private var known = 0
  /// Length of the last interval, s.
  private(set) var usualInterval = 0.0
  /// An interval that is longer than the last one by this factor has rows missing.
  static let longest = 1.6

  /// Turn that goes unseen in a knock, rad for each m/s² by which the force leaves the straight line through the two rows before: 0.4° in one of
  /// 350 m/s² at 286 Hz, as it was seen.
  static let knock = 2e-5

  /// The change over one interval.
  struct Increment {
    /// Rotation vector in the frame at the interval's start, rad.
    var rotation: Vector3
    /// Velocity change by the specific force, in the frame at the interval's start, m/s.
    var velocity: Vector3
    /// Variance of the turn about one axis that the rows do not show, rad². First what the quadratic cannot tell: a tenth of the angle times the
    /// rate's second difference, the order of the next term of the coning integral. At 100 Hz and more it is nothing; a limb sampled at 25 Hz or
    /// less loses most by it. Then a knock, whose turns are over between two rows (`knock`).
    var unseen: Double
  }

  /// Takes the next interval's means.
  ///
  /// - Parameters:
  ///   - rate: mean angular rate, rad/s.
  ///   - force: mean specific force, m/s².
  ///   - interval: its length, s.
  @inline(__always)
  mutating func increment(rate: Vector3, force: Vector3, interval: Double) -> Increment {
    // A late or early row breaks the pattern that the quadratic stands on.
    if interval > Self.longest * usualInterval || interval < 0.6 * usualInterval { known = 0 }
    var bent = Vector3.zero
    var sloped = Vector3.zero
    var bentForce = Vector3.zero
    var slopedForce = Vector3.zero
    var jerk = Vector3.zero
    if known == 2 {
      sloped = (rate - rate1) * interval
      bent = (rate - rate1 * 2 + rate2) * (interval / 2)
      slopedForce = (force - force1) * interval
      jerk = force - force1 * 2 + force2
      bentForce = jerk * (interval / 2)
    } else if known == 1 {
      sloped = (rate - rate1) * interval
      slopedForce = (force - force1) * interval
    }
    let angle = rate * interval
    let pull = force * interval
    rate2 = rate1
    rate1 = rate
    force2 = force1
    force1 = force
    known = min(known + 1, 2)
    usualInterval = interval
    // ω(u) = a + b u + c u² over u in 0...1, whose mean is `angle`; the same for the force.
    let a = angle - sloped * 0.5 - bent * (1.0 / 3)
    let pull0 = pull - slopedForce * 0.5 - bentForce * (1.0 / 3)
    let coning = (a.cross(sloped + bent) + sloped.cross(bent) * 0.2) * (1.0 / 12)
    // ∫ α × f du with α the angle so far, and the second-order term with the means.
    let turned =
      (a * 0.5 + sloped * (1.0 / 6) + bent * (1.0 / 12)).cross(pull0)
      + (a * (1.0 / 3) + sloped * 0.125 + bent * (1.0 / 15)).cross(slopedForce)
      + (a * 0.25 + sloped * 0.1 + bent * (1.0 / 18)).cross(bentForce)
    let twice = angle.cross(angle.cross(pull)) * (1.0 / 6)
    let unseen =
      0.02 * angle.lengthSquared * bent.lengthSquared + Self.knock * Self.knock * jerk.lengthSquared
    return Increment(rotation: angle + coning, velocity: pull + turned + twice, unseen: unseen)
  }

  /// The rows before no longer say anything about the next.
  mutating func interrupt() { known = 0 }
}

extension Quaternion {
  /// This rotation after a small one about its source axes, for a unit quaternion and steps that follow one another: series instead of sine and
  /// cosine below 0.2 rad (error under 1e-13), and one step of Newton's method instead of the root that keeps the length.
  @inline(__always)
  func turned(by rotation: Vector3) -> Quaternion {
    let square = rotation.lengthSquared
    guard square < 0.04 else { return (self * Quaternion(rotationVector: rotation)).normalized }
    let quarter = square * 0.25
    let c = 1 - quarter * (0.5 - quarter * (1.0 / 24 - quarter * (1.0 / 720 - quarter * (1.0 / 40320))))
    let s = 0.5 - quarter * (1.0 / 12 - quarter * (1.0 / 240 - quarter * (1.0 / 10080 - quarter * (1.0 / 725_760))))
    let q = self * Quaternion(w: c, x: rotation.x * s, y: rotation.y * s, z: rotation.z * s)
    let length = 1.5 - 0.5 * q.lengthSquared
    return Quaternion(w: q.w * length, x: q.x * length, y: q.y * length, z: q.z * length)
  }
}
