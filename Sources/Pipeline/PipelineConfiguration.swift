import AnkleKinematics
import LungeTest
import Motion

/// Everything that decides what the engine makes of its input. A recording carries it as text pairs, so that a replay
/// runs the very same engine.
public struct PipelineConfiguration: Hashable, Sendable {
  /// Which filter turns samples into orientation.
  public enum Filter: String, Hashable, Sendable, CaseIterable {
    case complementary
    case kalman
    case accurate
  }

  /// What zero degrees means.
  public typealias Zero = ZeroConvention

  /// The wire protocol's name in the catalogue; empty for captures that are samples.
  public var protocolName: String = ""
  /// The rate at which samples are taken to follow one another, Hz, where neither bytes nor arrivals carry a time.
  public var fixedRate: Double? = nil
  public var filter: Filter = .accurate
  public var zero: Zero = .gravity
  /// The mount's text.
  public var mount: String = "y=proximal,z=anterior"
  /// The mount is the device page's default, not the user's word.
  public var mountAssumed: Bool = true
  /// How it is found where the sensor's axes point, and from which pose.
  public var alignment: AlignmentMethod = .declared
  public var pose: AlignmentPose = .standing
  /// Where in the session that is found; nil to look for it.
  public var calibration: ClosedRange<SessionTime>? = nil
  /// Inclination of the tibia's long axis in quiet standing, rad, where somebody measured it.
  public var standingLean: Double? = nil
  /// Standard uncertainty of the accelerometer's constant error, as an angle, rad: it depends on the class of device.
  public var staticAngleSD: Double = 0.6 * radiansPerDegree
  public var side: Side? = nil
  public var condition: KneeCondition? = nil
  /// Where on the shank the sensor sits, in the user's words.
  public var placement: String? = nil
  /// The same as far as it was measured.
  public var place = Placement()
  /// What touches the wall.
  public var contact: ContactModel = .roundKnee
  /// This person's wall touches.
  public var wallCalibration: WallCalibration? = nil
  /// The person's lengths as they were given, in metres; see `BodyLengths` for what they mean together.
  public var height: Double? = nil
  public var shankLength: Double? = nil
  public var ankleToToe: Double? = nil
  public var footLength: Double? = nil
  public var kneeDepth: Double? = nil

  /// What is done.
  public var test: TestProtocol = .lunge
  /// How many lunges of each side are practice: the first ones do not count.
  public var practice: Int = 0
  /// What else is known of the series.
  public var facts = SeriesFacts()

  /// The second sensor, on the foot; nil in a session of one.
  public var foot: FootSensor? = nil

  /// What decides what is made of a foot sensor's input.
  public struct FootSensor: Hashable, Sendable {
    /// As for the shank.
    public var protocolName: String = ""
    public var fixedRate: Double? = nil
    /// In the foot's frame proximal is up and anterior towards the toes. Without the user's word: as on the shin, and slid down onto the
    /// back of the foot.
    public var mount: String = "y=posterior,z=proximal"
    public var mountAssumed: Bool = true
    public var staticAngleSD: Double = 0.6 * radiansPerDegree
    /// Seconds to add to the foot's time zero to make it the shank's. For inputs with times of their own, which share no clock.
    public var offset: Double = 0
    /// How much faster the foot's clock runs than the shank's, relative, where that was found: it is taken out. Zero at one host.
    public var drift: Double = 0

    public init() {}
  }

  public init() {}

  /// Whether the knee is bent, as it was said or as the test implies.
  public var kneeCondition: KneeCondition? { condition ?? test.condition }

  /// The facts, with what the test implies where nothing else was said.
  public var seriesFacts: SeriesFacts {
    var facts = facts
    facts.loading = facts.loading ?? test.loading
    facts.activity = facts.activity ?? test.activity
    return facts
  }

  /// The lengths that follow from what was given; nil when they do not suffice.
  public var bodyLengths: BodyLengths? {
    BodyLengths(height: height, shank: shankLength, ankleToToe: ankleToToe, foot: footLength, kneeDepth: kneeDepth)
  }

  /// The alignment after the rules of what goes with what.
  ///
  /// - Throws: what contradicts itself, in words.
  public func alignmentSetting() throws(AlignmentSetting.Unusable) -> AlignmentSetting {
    try AlignmentSetting(
      method: alignment, pose: pose, zero: zero, isMountAssumed: mountAssumed, section: calibration)
  }

  /// The model of the knee-to-wall-equivalent distance.
  ///
  /// - Throws: why there is none.
  public func distanceModel() throws(DistanceModel.Obstacle) -> DistanceModel {
    try DistanceModel.choose(
      zero: zero, lengths: bodyLengths, contact: contact, placement: place,
      standingLean: standingLean.map { Uncertain($0, sd: Self.standingLeanSD) }, calibration: wallCalibration,
      side: side)
  }

  /// Standard uncertainty of a standing lean that somebody measured, rad. An assumption.
  public static let standingLeanSD = 1.0 * radiansPerDegree
}
