import Motion

/// The pitch of a foot that carries a sensor of its own, against the stance in which it is flat on the floor.
///
/// How the sensor sits on the slope of the foot's back does not matter: the upward vertical that it sees while the foot rests is the
/// baseline, and the pitch is the turn about the foot's mediolateral axis since then. The mount has to say only where the foot's axes lie,
/// and a few degrees there change the pitch by their cosine. On a level floor the baseline is the same wherever the foot is
/// put, so later rests only improve it; a rest elsewhere replaces it after `newRestTime`.
public struct FootPitch: Sendable {
  /// How far (rad) the vertical may stray while the foot counts as still, and for how long (s) it has to be.
  private static let wander = 1.0 * radiansPerDegree
  private static let stillTime = 0.5
  /// A rest within this angle (rad) of the baseline is the same stance.
  private static let sameStance = 1.5 * radiansPerDegree
  /// Time (s) after which a rest elsewhere is the new baseline: the sensor has slipped, or stands otherwise.
  private static let newRestTime = 3.0
  /// Seconds of rest over which the baseline is averaged.
  private static let memory = 10.0

  /// Standard uncertainty of the flat stance itself, rad: what a foot that stands still does to a mean over its rest. An assumption.
  public static let baselineSD = 0.1 * radiansPerDegree

  private let keepsFirst: Bool
  /// Upward vertical in foot components while the foot is flat; nil until the foot was seen at rest.
  public private(set) var flat: Vector3?
  private var levelling = Quaternion.identity
  private var weight = 0.0
  private var still: (place: Vector3, since: SessionTime, sum: Vector3) = (.zero, .zero, .zero)
  private var last: SessionTime?

  /// - Parameter keepsFirst: the first rest is the baseline for good. For movements of a foot that hangs free: it rests in positions that are
  ///   not flat.
  public init(keepsFirst: Bool = false) { self.keepsFirst = keepsFirst }

  /// Takes the upward vertical in foot components (x anterior, y up, z right; unit length).
  ///
  /// - Parameter isLegAtRest: no movement is running. What the foot does in one is no baseline.
  /// - Returns: foot pitch, rad, heel up positive; NaN until the baseline is known.
  public mutating func update(_ up: Vector3, at time: SessionTime, isLegAtRest: Bool) -> Double {
    let step = last.map { min(max(time.seconds(since: $0), 0), 0.1) } ?? 0
    last = time
    if isLegAtRest && !(keepsFirst && flat != nil) { learn(up, time, step) } else { still.place = .zero }
    guard flat != nil else { return .nan }
    return ShankAngles(verticalInShank: levelling.rotate(up)).tibialInclination
  }

  private mutating func learn(_ up: Vector3, _ time: SessionTime, _ step: Double) {
    // Small angles: the chord is the angle.
    guard (up - still.place).lengthSquared <= Self.wander * Self.wander else {
      still = (up, time, .zero)
      return
    }
    still.sum += up * max(step, 1e-6)
    let lasted = time.seconds(since: still.since)
    guard lasted >= Self.stillTime, let mean = still.sum.normalized else { return }
    guard let flat else { return set(mean, weight: lasted) }
    if (mean - flat).lengthSquared <= Self.sameStance * Self.sameStance {
      weight = min(weight + step, Self.memory)
      set((flat + (up - flat) * min(step / max(weight, step), 1)).normalized ?? flat, weight: weight)
    } else if lasted >= Self.newRestTime {
      set(mean, weight: lasted)
    }
  }

  private mutating func set(_ up: Vector3, weight: Double) {
    flat = up
    self.weight = weight
    levelling = Quaternion(from: up, to: Vector3(0, 1, 0))
  }
}
