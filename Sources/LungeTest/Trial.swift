import AnkleKinematics
import Motion

/// Whether the knee was bent or straight: two different tests, which are never averaged or compared as one.
public enum KneeCondition: String, Hashable, Sendable, CaseIterable {
  case kneeBent = "knee-bent"
  case kneeStraight = "knee-straight"
}

/// How far a trial can be trusted. Never a statement about the patient.
public enum Verdict: String, Hashable, Sendable, CaseIterable {
  case valid
  case attention
  case invalid
}

/// One excursion of the tibia to end range and back. A plain value: nothing in it is allocated.
public struct Trial: Hashable, Sendable {
  /// What is doubtful about a trial.
  public struct Reasons: OptionSet, Hashable, Sendable {
    public var rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// The mount was not said: the device page's default was used.
    public static let mountAssumed = Reasons(rawValue: 1 << 0)
    /// End range was touched and left: no plateau of half a second.
    public static let noPlateau = Reasons(rawValue: 1 << 1)
    /// Samples are missing inside the trial.
    public static let gap = Reasons(rawValue: 1 << 2)
    /// The sensor's range ended inside the trial.
    public static let saturated = Reasons(rawValue: 1 << 3)
    /// The filter had not converged when the trial began.
    public static let notConverged = Reasons(rawValue: 1 << 4)
    /// The tibia left the sagittal plane by more than 5°.
    public static let frontalTilt = Reasons(rawValue: 1 << 5)
    /// The resting angle before and after differ by more than 2°: the sensor slipped, or drift.
    public static let baselineShift = Reasons(rawValue: 1 << 6)
    /// The session ended before the tibia had come back.
    public static let unfinished = Reasons(rawValue: 1 << 7)
    /// The tibia turned about its long axis by more than 10°.
    public static let axialRotation = Reasons(rawValue: 1 << 8)
    /// The way out was so fast that momentum, not the ankle, may have set end range; or the sensor has no gyroscope and nothing was held.
    public static let tooFast = Reasons(rawValue: 1 << 9)
    /// A sensor on the foot saw the heel rise by 2° or more.
    public static let heelLift = Reasons(rawValue: 1 << 10)
    /// Bytes were damaged inside the trial, and the frames' grid was lost and found again.
    public static let resynchronised = Reasons(rawValue: 1 << 11)
    /// The device fused the angle itself and does not say how uncertain it is.
    public static let uncertaintyUnknown = Reasons(rawValue: 1 << 12)
    /// A person took the trial out of the result after the session.
    public static let excluded = Reasons(rawValue: 1 << 13)

    /// The reasons in words of the JSON lines and reports, in a fixed order.
    public static let names: [(Reasons, StaticString)] = [
      (.mountAssumed, "mount-assumed"), (.noPlateau, "no-plateau"), (.gap, "gap"), (.saturated, "saturated"),
      (.notConverged, "not-converged"), (.frontalTilt, "frontal-tilt"), (.baselineShift, "baseline-shift"),
      (.unfinished, "unfinished"), (.axialRotation, "axial-rotation"), (.tooFast, "too-fast"),
      (.heelLift, "heel-lift"), (.resynchronised, "resynchronised"), (.uncertaintyUnknown, "uncertainty-unknown"),
      (.excluded, "excluded"),
    ]
  }

  /// What kind of movement it was.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A lunge to end range.
    case trial
    /// Too small, too short or broken off: listed, never counted.
    case aborted
    /// A try before the trials: not all the way, or named so beforehand.
    case practice
    /// It belongs to the calibration of the sensor, such as rocking the knee.
    case calibration
  }

  /// The sensor that saw it.
  public var stream: StreamID
  /// Whether it counts.
  public var kind: Kind
  /// 1 for the first trial of the session; other movements have the number of the trial before them.
  public var number: Int
  public var side: Side?
  /// When the tibia left its resting angle, and when it was back.
  public var start: SessionTime
  public var end: SessionTime
  /// The plateau that end range was taken from; both nil without one.
  public var plateauStart: SessionTime?
  public var plateauEnd: SessionTime?
  /// Tibial inclination at end range, rad, with its standard uncertainty: the median over the plateau, or the smoothed peak.
  public var endRange: Uncertain
  /// The part of `endRange.sd` that the trials of a session share, rad: constant errors of sensor and filter. It does not
  /// average away in a mean over trials.
  public var commonSD: Double
  /// The resting inclination before the movement, rad.
  public var baseline: Double
  /// Greatest inclination rate on the way out, rad/s.
  public var peakRate: Double
  /// Greatest deviation from the resting frontal tilt, rad: medial positive, or its size where the side is not known.
  public var frontalTilt: Double
  /// Greatest rotation about the tibia's long axis since the start, rad: internal positive, or its size where the side is not known; nil where it was not measured.
  public var axialRotation: Double?
  /// Pitch of the foot at end range against the start, heel up positive, rad; nil without a sensor on the foot.
  public var heelLift: Double?
  /// Ankle dorsiflexion at end range, rad: tibial inclination minus the foot's pitch; nil without a sensor on the foot.
  public var dorsiflexion: Double?
  /// Their standard uncertainties, rad; nil where they are not known.
  public var heelLiftSD: Double?
  public var dorsiflexionSD: Double?
  /// The knee-to-wall-equivalent distance, m; nil without body lengths.
  public var kneeToWall: Uncertain?
  /// The least and the greatest distance, m, where the sensor's place leaves a range; there is no value then.
  public var kneeToWallRange: ClosedRange<Double>?
  public var verdict: Verdict
  public var reasons: Reasons

  /// Without `commonSD` all of end range's uncertainty counts as shared, which never makes a mean look better than it is.
  public init(
    stream: StreamID, kind: Kind, number: Int, side: Side?, start: SessionTime, end: SessionTime,
    plateauStart: SessionTime?, plateauEnd: SessionTime?, endRange: Uncertain, baseline: Double, peakRate: Double,
    frontalTilt: Double, kneeToWall: Uncertain?, verdict: Verdict, reasons: Reasons, commonSD: Double? = nil,
    axialRotation: Double? = nil,
    heelLift: Double? = nil, dorsiflexion: Double? = nil
  ) {
    self.stream = stream
    self.kind = kind
    self.number = number
    self.side = side
    self.start = start
    self.end = end
    self.plateauStart = plateauStart
    self.plateauEnd = plateauEnd
    self.endRange = endRange
    self.commonSD = min(commonSD ?? endRange.sd, endRange.sd)
    self.baseline = baseline
    self.peakRate = peakRate
    self.frontalTilt = frontalTilt
    self.axialRotation = axialRotation
    self.heelLift = heelLift
    self.dorsiflexion = dorsiflexion
    self.kneeToWall = kneeToWall
    self.kneeToWallRange = nil
    self.verdict = verdict
    self.reasons = reasons
  }

  /// How long the end position was held, s; nil without a plateau.
  public var hold: Double? { plateauStart.flatMap { start in plateauEnd.map { $0.seconds(since: start) } } }

  /// From leaving rest to being back, s.
  public var duration: Double { end.seconds(since: start) }

  /// The number that a test judges the trial by, rad.
  public func measured(_ quantity: TestProtocol.Quantity) -> Uncertain {
    switch quantity {
    case .tibialInclination, .ankleAngle: endRange
    case .frontalTilt: Uncertain(frontalTilt, sd: endRange.sd)
    case .inclinationChange: Uncertain(endRange.value - baseline, sd: endRange.sd)
    }
  }
}
