import Motion

/// A test that this sensor can do: what it measures, how often, and what speaks against a trial. A row of a table, not a kind of code.
public struct TestProtocol: Hashable, Sendable {
  /// Which angle the trials of a test are judged by.
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    /// Inclination of the tibia at end range, against the zero convention.
    case tibialInclination = "tibial-inclination"
    /// Angle of the ankle at end range: shank minus foot. It needs a sensor on each.
    case ankleAngle = "ankle-angle"
    /// Greatest tilt of the tibia out of the sagittal plane, against rest.
    case frontalTilt = "frontal-tilt"
    /// Change of tibial inclination from rest to end range.
    case inclinationChange = "tibial-inclination-change"
  }

  /// The name for `--test`.
  public let name: String
  /// A report's heading.
  public let title: String
  /// Which angle counts.
  public let quantity: Quantity
  /// What the number is, with the direction that counts as positive.
  public let measures: String
  /// What the test says about the series by itself; nil where the user has to say it.
  public let condition: KneeCondition?
  public let loading: SeriesFacts.Loading?
  public let activity: SeriesFacts.Activity?
  /// How many valid trials a side the result rests on.
  public let trials: Int
  /// How it is done, and what makes a trial invalid or doubtful, in plain words.
  public let instruction: String
  public let invalid: String
  /// The reasons that are doubts in this test.
  public let doubts: Trial.Reasons
  /// +1, or −1 where the angle becomes smaller on the way to end range.
  public let sense: Double
  /// Excursions that count, rad; see `SegmentationParameters`.
  public let minimumExcursion: Double
  public let minimumUnheldExcursion: Double
  public let greatestExcursion: Double

  /// Whether it is the lunge whose angle published values of the weight-bearing lunge test are about.
  public var isLunge: Bool { quantity == .tibialInclination }

  /// The segmentation's limits for this test.
  public var parameters: SegmentationParameters {
    var parameters = SegmentationParameters()
    parameters.minimumExcursion = minimumExcursion * radiansPerDegree
    parameters.minimumUnheldExcursion = minimumUnheldExcursion * radiansPerDegree
    parameters.greatestExcursion = greatestExcursion * radiansPerDegree
    // What is noticed must be smaller than what counts.
    parameters.enterAngle = min(parameters.enterAngle, 0.75 * parameters.minimumExcursion)
    parameters.leaveAngle = min(parameters.leaveAngle, 0.5 * parameters.minimumExcursion)
    return parameters
  }

  /// The test of that name; nil where there is none.
  public static func named(_ name: String) -> TestProtocol? { all.first { $0.name == name } }

  /// The test where none is named: a weight-bearing lunge whose knee condition is the user's word.
  public static let lunge = TestProtocol(
    name: "wblt", title: "Weight-bearing lunge", quantity: .tibialInclination,
    measures: "tibial inclination at end range, forward positive", condition: nil, loading: .weighted, activity: nil,
    trials: 3, instruction: lungeInstruction,
    invalid: lungeInvalid, doubts: lungeDoubts, sense: 1, minimumExcursion: 10, minimumUnheldExcursion: 20,
    greatestExcursion: 70)

  private static let lungeInstruction =
    "Foot flat, second toe and heel on a line towards the wall, knee over the second toe. Lean forward slowly as far as the heel stays down, hold for a second, come back, stand still."
  private static let lungeInvalid =
    "invalid: samples missing or clipped at end range, the filter not settled, the return not recorded, a standing tibia that would lie or hang. Doubtful: no hold, heel lifted (foot sensor), tibia tilted sideways or turned, resting angle changed, flung instead of led."
  private static let lungeDoubts: Trial.Reasons = [
    .mountAssumed, .mountContradicted, .noPlateau, .gap, .saturated, .notConverged, .frontalTilt, .baselineShift,
    .unfinished, .axialRotation, .tooFast, .heelLift, .resynchronised, .uncertaintyUnknown,
  ]
  /// What is doubtful wherever a sensor measures.
  private static let dataDoubts: Trial.Reasons = [
    .mountAssumed, .gap, .saturated, .notConverged, .baselineShift, .unfinished, .resynchronised, .uncertaintyUnknown,
  ]

  /// The table.
  public static let all: [TestProtocol] = [
    lunge,
    TestProtocol(
      name: "wblt-knee-bent", title: "Weight-bearing lunge, knee bent", quantity: .tibialInclination,
      measures: "tibial inclination at end range, forward positive", condition: .kneeBent, loading: .weighted,
      activity: nil, trials: 3, instruction: lungeInstruction, invalid: lungeInvalid, doubts: lungeDoubts, sense: 1,
      minimumExcursion: 10, minimumUnheldExcursion: 20, greatestExcursion: 70),
    TestProtocol(
      name: "wblt-knee-straight", title: "Weight-bearing lunge, knee straight", quantity: .tibialInclination,
      measures: "tibial inclination at end range, forward positive", condition: .kneeStraight, loading: .weighted,
      activity: nil, trials: 3,
      instruction:
        "Step back with the leg to be measured, heel down, knee straight, foot pointing forward. Lean forward slowly, hold for a second, come back.",
      invalid: lungeInvalid, doubts: lungeDoubts, sense: 1, minimumExcursion: 8, minimumUnheldExcursion: 14,
      greatestExcursion: 60),
    TestProtocol(
      name: "unweighted-active", title: "Dorsiflexion without weight, active", quantity: .ankleAngle,
      measures: "ankle angle (shank minus foot) at end range, dorsiflexion positive; needs a sensor on shank and foot",
      condition: nil, loading: .unweighted, activity: .active, trials: 3,
      instruction:
        "Sitting or lying, leg supported, foot free. Pull the toes up as far as they go, hold for a second, let go.",
      invalid: "as every test; no hold is a doubt, and a sideways tilt is not looked at.",
      doubts: dataDoubts.union([.noPlateau, .tooFast]), sense: 1, minimumExcursion: 5, minimumUnheldExcursion: 8,
      greatestExcursion: 90),
    TestProtocol(
      name: "unweighted-passive", title: "Dorsiflexion without weight, passive", quantity: .ankleAngle,
      measures: "ankle angle (shank minus foot) at end range, dorsiflexion positive; needs a sensor on shank and foot",
      condition: nil, loading: .unweighted, activity: .passive, trials: 3,
      instruction:
        "Leg supported, muscles loose. The examiner moves the foot to end range, holds it for a second, lets go.",
      invalid: "as every test; no hold is a doubt, and a sideways tilt is not looked at.",
      doubts: dataDoubts.union([.noPlateau, .tooFast]), sense: 1, minimumExcursion: 5, minimumUnheldExcursion: 8,
      greatestExcursion: 90),
    TestProtocol(
      name: "plantarflexion", title: "Plantarflexion", quantity: .ankleAngle,
      measures:
        "ankle angle (foot minus shank) at end range, plantarflexion positive; needs a sensor on shank and foot",
      condition: nil, loading: .unweighted, activity: nil, trials: 3,
      instruction: "Sitting or lying, foot free. Point the toes away as far as they go, hold for a second, let go.",
      invalid: "as every test; no hold is a doubt, and a sideways tilt is not looked at.",
      doubts: dataDoubts.union([.noPlateau, .tooFast]), sense: -1, minimumExcursion: 8, minimumUnheldExcursion: 12,
      greatestExcursion: 110),
    TestProtocol(
      name: "single-leg-squat", title: "Single-leg squat", quantity: .frontalTilt,
      measures: "greatest sideways tilt of the tibia against standing, medial positive", condition: nil,
      loading: .weighted, activity: .active, trials: 5,
      instruction: "Standing on one leg, squat as far as is comfortable and come up again, at an even pace.",
      invalid: "as every test; no hold is needed, and the sideways tilt is the result, not a doubt.",
      doubts: dataDoubts.union(.mountContradicted), sense: 1, minimumExcursion: 8, minimumUnheldExcursion: 10,
      greatestExcursion: 80),
    TestProtocol(
      name: "terminal-knee-flexion", title: "Terminal knee flexion", quantity: .inclinationChange,
      measures: "change of tibial inclination from rest to end range; the thigh must not move", condition: nil,
      loading: .unweighted, activity: nil, trials: 3,
      instruction:
        "Lying prone or standing with the thigh still. Bring the heel towards the buttock as far as it goes, hold, let go.",
      invalid:
        "as every test; no hold is a doubt. A thigh that moves adds to the angle, and a sensor on the shank cannot see it.",
      doubts: dataDoubts.union([.noPlateau, .tooFast]), sense: 1, minimumExcursion: 30, minimumUnheldExcursion: 40,
      greatestExcursion: 175),
  ]
}
