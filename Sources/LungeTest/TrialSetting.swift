import AnkleKinematics
import Motion

/// What the trial stage has to know about the session besides its samples.
public struct TrialSetting: Hashable, Sendable {
  public var stream: StreamID
  public var side: Side?
  /// nil where there can be no distance: trials then carry none.
  public var distance: DistanceModel?
  /// The mount is the device page's default, not the user's word.
  public var mountAssumed: Bool
  /// What of an inclination's uncertainty is the same for all of the session; nil while it is not known.
  public var constant: ConstantUncertainty?
  /// What is done.
  public var test: TestProtocol
  /// How many lunges of each side were announced as practice: the first ones do not count.
  public var practice: Int

  public init(
    stream: StreamID = StreamID(0), side: Side? = nil, distance: DistanceModel? = nil, mountAssumed: Bool = false,
    constant: ConstantUncertainty? = nil, test: TestProtocol = .lunge, practice: Int = 0
  ) {
    self.stream = stream
    self.side = side
    self.distance = distance
    self.mountAssumed = mountAssumed
    self.constant = constant
    self.test = test
    self.practice = practice
  }
}

/// Where the tibia is in a movement, for a view that shows it live.
@frozen
public struct MovementProgress: Hashable, Sendable {
  public var isMoving: Bool
  /// Greatest inclination of the running movement, or of the last one, rad; nil before the first.
  public var peak: Double?
  /// How long the present plateau has lasted, s; zero outside a plateau.
  public var hold: Double
  /// Trials so far.
  public var trials: Int

  @inlinable
  public init(isMoving: Bool = false, peak: Double? = nil, hold: Double = 0, trials: Int = 0) {
    self.isMoving = isMoving
    self.peak = peak
    self.hold = hold
    self.trials = trials
  }
}
