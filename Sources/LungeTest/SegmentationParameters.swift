import Motion

/// The limits by which inclination over time becomes movements, plateaus and verdicts.
///
/// Angles in rad, times in s, rates in rad/s; the defaults are written in degrees. Where a published value or a
/// definition of this project exists it is named; the others are working values, checked by the random battery of
/// the tests, not by a study.
public struct SegmentationParameters: Hashable, Sendable {
  // MARK: Leaving and reaching rest

  /// How far above rest the tibia must be for a movement to begin. Standing sway reaches 1° to 3°, the smallest counted
  /// movement 10°. Larger: small movements are not listed any more.
  public var enterAngle = 6 * radiansPerDegree
  /// How long it must stay there. A knock against the leg is shorter. Larger: later detection, no other effect on a lunge.
  public var enterTime = 0.15
  /// How close to rest the tibia must come for the movement to end. Below `enterAngle`, which makes the hysteresis.
  /// Larger: incomplete returns end a movement earlier.
  public var leaveAngle = 4 * radiansPerDegree
  /// How long it must stay there. Larger: two lunges with hardly a rest between them become one.
  public var leaveTime = 0.1
  /// Start and end of a movement are dated to where the tibia was this close to rest. Larger: shorter movements.
  public var onsetAngle = 1.5 * radiansPerDegree

  // MARK: The resting angle

  /// Greatest rate, over `plateauTime`, at which the tibia counts as resting. Below `plateauRate`, so that the slowest lunge
  /// does not drag the resting angle along. Larger: quicker to find rest, easier to mislead.
  public var restRate = 1.5 * radiansPerDegree
  /// Greatest detrended SD over `plateauTime` at rest. Larger: unsteady people find rest sooner.
  public var restSD = 0.7 * radiansPerDegree
  /// How many seconds of rest the resting angle is averaged over. Larger: steadier, follows a change of posture later.
  public var restMemory = 4.0
  /// A resting angle that differs by more than `baselineShiftLimit` is adopted after so long. Larger: posture changes are followed later.
  public var newRestTime = 1.0

  // MARK: Ends other than a return

  /// Share of the excursion that must be undone for a turn upward to begin another movement, or for quiet there to be a
  /// new rest. Larger: incomplete returns are taken for wavering within one movement.
  public var returnShare = 0.6
  /// A level held so long, from which the tibia then rises by `minimumExcursion`, was a new posture (half kneeling, say) and not end
  /// range. Also how long quiet below `minimumExcursion` lasts until it is the new rest. Larger: postures are recognised later.
  public var postureTime = 3.0
  /// A level held for longer than this is a posture. Stretches are held for 30 s, tests for less. Larger: sitting down counts as a hold.
  public var longestHold = 60.0
  /// A movement that lasts longer is ended: walking about, or a lost rest. Larger: more memory of one movement at a coarser step.
  public var longestMovement = 120.0

  // MARK: End range

  /// Greatest rate on a plateau (definition of this project). Larger: slow ramps pass for plateaus.
  public var plateauRate = 2 * radiansPerDegree
  /// Greatest SD about the trend on a plateau (definition of this project). Larger: tremor is accepted, and so is wavering.
  public var plateauSD = 0.7 * radiansPerDegree
  /// Least length of a plateau (definition of this project). Larger: short holds become touch-and-go.
  public var plateauTime = 0.5
  /// The plateau is what is steady within this of the deepest steady level. Larger: an earlier, shallower hold is averaged in.
  public var plateauDepth = 1 * radiansPerDegree
  /// The ends of a plateau are cut back to within this of its median. Larger: more of the flanks are called plateau.
  public var plateauEdge = 0.5 * radiansPerDegree
  /// A steady level is a pause and not end range when the tibia was this much deeper for `overshootTime`. Larger: a pause on
  /// the way can pass for end range.
  public var overshootAngle = 4 * radiansPerDegree
  /// See `overshootAngle`; jolts are shorter. Larger: longer excursions beyond the plateau are taken for jolts.
  public var overshootTime = 0.3
  /// Without a plateau end range is the greatest mean over this time. Larger: lower peaks, less noise.
  public var peakSmoothing = 0.1
  /// A value this far from the median of its surroundings is a jolt and is replaced by that median. Larger: jolts pass.
  public var joltAngle = 1.5 * radiansPerDegree
  /// The surroundings reach this far to either side, and at least to the next value. Larger: longer jolts are removed, and sharp peaks too.
  public var joltReach = 0.1
  /// Time after which the tibia's wavering on a plateau counts as independent, for the uncertainty of end range. Larger:
  /// larger uncertainty.
  public var waveringTime = 0.5

  // MARK: What counts as a trial

  /// Smaller excursions are never trials: weight shifts and steps. Lunges of very stiff ankles reach 15° and more.
  /// Larger: stiff ankles are not counted.
  public var minimumExcursion = 10 * radiansPerDegree
  /// Without a plateau a small excursion cannot be told from a lunge that was broken off; below this it counts only beside others like it.
  /// Larger: fewer broken-off lunges pass, more touch-and-go lunges of stiff ankles are left out.
  public var minimumUnheldExcursion = 20 * radiansPerDegree
  /// Without a firm hold an excursion below this share of the mean of the side's trials so far was broken off. Larger: stricter.
  public var brokenOffShare = 0.6
  /// The same of a movement that was held. Larger: a held lunge that truly went less far is left out.
  public var heldBrokenOffShare = 0.5
  /// Before the first trial: an excursion that stays below this share of those that follow was practice. Held lunges repeat within 5 %
  /// (coefficient of variation, Balsalobre-Fernández 2018). Larger: a stiff first lunge passes for practice.
  public var practiceShare = 0.8
  /// What was held for a shorter time can still be the turn of a lunge that was broken off: it is told from a trial as what was not held is. Larger: a
  /// first trial with a short hold is told later.
  public var firmHold = 0.8
  /// How long what was not held waits for the movement that follows. Larger: a first touch-and-go lunge is told later.
  public var practiceWait = 15.0
  /// How long a held lunge waits for it. Larger: the first trial is told later where the rest before the second is long.
  public var heldPracticeWait = 6.0
  /// Rocks of the knee, three or more before the first trial, are a calibration: each takes no longer than this from rest to rest …
  public var longestRock = 2.0
  /// … and begins within this after the one before, s. Larger: quick touch-and-go lunges are taken for rocks.
  public var longestRockPause = 1.0
  /// Greater excursions are kneeling or lying down, not a lunge with the foot on the floor. Larger: those are counted.
  public var greatestExcursion = 70 * radiansPerDegree
  /// Shorter movements, from rest to rest, are steps of walking or stumbles. Larger: quick lunges are not counted.
  public var minimumDuration = 1.0

  // MARK: Verdicts

  /// How long after the return a trial waits to learn the new resting angle. Larger: later trials, more of them with a known shift.
  public var settleTime = 1.5
  /// Resting angles before and after that differ by more are a shift. Larger: slips of the sensor pass.
  public var baselineShiftLimit = 2 * radiansPerDegree
  /// Greater tilt out of the sagittal plane is named. Larger: valgus and pronation pass.
  public var frontalTiltLimit = 5 * radiansPerDegree
  /// Greater rotation about the tibia's long axis is named. Larger: a sunk arch or a turned-out foot passes.
  public var axialRotationLimit = 10 * radiansPerDegree
  /// The rotation is a gyroscope's integral: so long after the movement's start it is not looked at any more. Larger: drift is taken for rotation.
  public var longestRotation = 10.0
  /// A foot pitched by this at end range has lifted its heel: 0.7 cm, worth a detectable change of distance. Larger: more false gain passes.
  public var heelLiftLimit = 2 * radiansPerDegree
  /// By how much less is measured may still be the limit, in standard uncertainties: of lifts that are as great as the limit, 95 % are named; and
  /// at most, rad: a foot sensor that knows no better than that sees no heel. Larger: more lifts below the limit are named.
  public var heelLiftMargin = 1.645
  public var greatestHeelLiftMargin = 0.6 * radiansPerDegree
  /// A faster way out is named: momentum may carry the knee past what the ankle would hold. A working value; an ordinary lunge of 35° in 1.2 s
  /// peaks at 55°/s. Larger: flung lunges pass.
  public var greatestRate = 130 * radiansPerDegree
  /// The tibia of a person who stands, or kneels on the other knee, leans no further back at rest. Larger: a sensor that is turned round passes
  /// for a leg that moves forward.
  public var greatestLeanBack = 25 * radiansPerDegree
  /// Nor further forward, and no further to a side than `greatestLeanAside`. Larger: a sensor that is upside down or on its side passes.
  public var greatestLeanForward = 55 * radiansPerDegree
  public var greatestLeanAside = 35 * radiansPerDegree
  /// A shorter gap leaves a plateau usable: a lost frame or two do not move the median of half a second. Larger: more lost data are accepted there.
  public var shortGap = 0.1
  /// Time without samples that counts as a gap even where nobody announced one. Larger: holes in files pass unnoticed.
  public var silence = 0.5
  /// After a longer gap nothing is known of posture: a running movement ends, the resting angle is sought anew. Larger: movements are joined across long holes.
  public var longestBridge = 3.0

  public init() {}

  /// The measured pitch, with this standard uncertainty (rad), from which on a heel is said to have lifted, rad.
  func heelLiftDecision(sd: Double) -> Double {
    heelLiftLimit - (sd.isFinite ? min(heelLiftMargin * sd, greatestHeelLiftMargin) : 0)
  }
}
