import Motion

/// What the person does in a simulated session. Angles in rad, times in s; each lunge differs a little from the plan,
/// as the seed decides.
public struct MovementPlan: Hashable, Sendable {
  /// Lunges to end range.
  public var trials: Int = 3
  /// Tibial inclination at end range, and its standard deviation from lunge to lunge.
  public var target: Double = 38 * radiansPerDegree
  public var targetSD: Double = 0.5 * radiansPerDegree
  /// How long end range is held; 0 turns back at once.
  public var hold: Double = 2
  /// How long the way out and the way back take.
  public var outward: Double = 1.6
  public var homeward: Double = 1.4
  /// Quiet standing before the first movement and after the last one.
  public var standing: Double = 3
  /// Quiet standing between two movements.
  public var rest: Double = 2.5
  /// Inclination of the tibia in quiet standing.
  public var standingLean: Double = 5 * radiansPerDegree
  /// Lunges before the first trial that go three quarters of the way and turn back at once.
  public var practice: Int = 0
  /// Movements among the trials that are broken off after a third of the way.
  public var aborted: Int = 0
  /// Medial tilt and internal rotation (about the vertical) at end range that go with a full lunge: mean; the
  /// standard deviation from lunge to lunge is half of it.
  public var medialTilt: Double = 1 * radiansPerDegree
  public var internalRotation: Double = 3 * radiansPerDegree
  /// Amplitude of the slow sway of the inclination (three waves of 0.2 to 0.9 Hz together); tilt and rotation sway half as much.
  public var sway: Double = 0.15 * radiansPerDegree
  /// Amplitude of the tremor of the inclination (two waves of 8 to 11 Hz together).
  public var tremor: Double = 0.01 * radiansPerDegree

  /// Every default is an assumption about an ordinary session, not a figure from a study.
  public init() {}
}
