import AnkleKinematics
import Motion

/// What was published about healthy people and about screening: numbers with their source, never a judgement.
public enum Norms {
  /// Where a number is from.
  public struct Source: Hashable, Sendable {
    public let citation: String
    /// The paper itself was not read: a report has to say so.
    public let isUnverified: Bool

    /// The citation as it is printed.
    public var words: String { citation + (isUnverified ? " (secondary source, unverified)" : "") }
  }

  /// Knee-to-wall distances of one sex and age group, m.
  public struct Distance: Hashable, Sendable {
    public let ages: ClosedRange<Int>
    public let sex: SeriesFacts.Sex
    public let mean: Double
    /// The bounds of the published percentile categories.
    public let percentile15: Double
    public let percentile25: Double
  }

  /// Tibial inclinations at end range of one place of the instrument, rad.
  public struct Angle: Hashable, Sendable {
    public let condition: KneeCondition
    /// How far below the tibial tuberosity the instrument was, m, with what is taken for the same place.
    public let belowTuberosity: ClosedRange<Double>
    public let mean: Double
    public let sd: Double
    public let people: String
    public let source: Source
  }

  /// A value that was published as a boundary in some group.
  public struct Screening: Hashable, Sendable {
    public let condition: KneeCondition
    /// rad
    public let inclination: Double
    public let group: String
    public let source: Source
  }

  /// Distances by age and sex.
  public static let mcBride = Source(
    citation: "McBride et al. 2026, 899 adults in Canada, Spain and Iran", isUnverified: true)
  /// Angles by place.
  public static let hall = Source(
    citation: "Hall and Docherty 2017, J Sci Med Sport 20:618-21, inclinometer", isUnverified: false)
  /// Healthy differences between the sides.
  public static let hoch = Source(
    citation: "Hoch and McKeon 2011, Man Ther 16:516-9, 35 healthy adults, tape", isUnverified: true)
  /// Detectable differences between the sides of patients.
  public static let chisholm = Source(
    citation: "Chisholm et al. 2012, Physiother Can 64:347-55, 53 patients, tape", isUnverified: false)
  /// Knee bent against straight.
  public static let baumbach = Source(
    citation: "Baumbach et al. 2014, BMC Musculoskelet Disord 15:246, 20 volunteers", isUnverified: false)
  /// Sides that differ.
  public static let rabin = Source(citation: "Rabin et al. 2015, 64 recruits", isUnverified: false)

  /// The table of distances.
  public static let distances: [Distance] = {
    func row(_ ages: ClosedRange<Int>, male: (Double, Double, Double), female: (Double, Double, Double)) -> [Distance] {
      [(SeriesFacts.Sex.male, male), (.female, female)].map { sex, values in
        Distance(
          ages: ages, sex: sex, mean: values.0 / 100, percentile15: values.1 / 100, percentile25: values.2 / 100)
      }
    }
    return row(18...29, male: (11.0, 7.2, 8.0), female: (11.3, 9.0, 9.8))
      + row(30...39, male: (11.2, 7.3, 8.8), female: (11.4, 7.6, 9.8))
      + row(40...49, male: (11.0, 7.7, 8.0), female: (10.4, 7.8, 8.6))
      + row(50...59, male: (10.4, 7.0, 7.5), female: (9.5, 7.0, 7.5))
      + row(60...69, male: (9.5, 6.4, 7.0), female: (8.0, 5.8, 7.0))
      + row(70...79, male: (7.4, 5.0, 5.8), female: (6.5, 4.0, 5.0))
      + row(80...120, male: (6.6, 4.8, 5.0), female: (5.7, 4.7, 5.0))
  }()

  /// The table of angles.
  public static let angles: [Angle] = [
    Angle(
      condition: .kneeBent, belowTuberosity: -0.02...0.03, mean: 39.0 * radiansPerDegree, sd: 4.6 * radiansPerDegree,
      people: "50 people, inclinometer at the tibial tuberosity", source: hall),
    Angle(
      condition: .kneeBent, belowTuberosity: 0.12...0.18, mean: 44.9 * radiansPerDegree, sd: 5.5 * radiansPerDegree,
      people: "50 people, inclinometer 15 cm below the tibial tuberosity", source: hall),
  ]

  /// The table of screening values.
  public static let screenings: [Screening] = [
    Screening(
      condition: .kneeBent, inclination: 36.5 * radiansPerDegree,
      group: "junior elite basketball players, patellar tendinopathy within a year",
      source: Source(citation: "Backman and Danielson 2011", isUnverified: false)),
    Screening(
      condition: .kneeStraight, inclination: 30 * radiansPerDegree,
      group: "“weight-bearing equinus” with the knee extended, people with diabetes",
      source: Source(citation: "Searle et al. 2018", isUnverified: false)),
  ]

  /// Why a result stands without a norm.
  public enum Obstacle: String, Error, Hashable, Sendable {
    case otherTest = "none is known for this test"
    case child = "none is known for people under 18"
    case noAge = "the age was not stated (--age)"
    case noSex = "the sex was not stated (--sex), and the distances were published for women and men"
    case notWeighted = "published values are for weight-bearing lunges"
    case shod = "published values are for bare feet"
    case noCondition = "it was not stated whether the knee was bent or straight (--condition)"
    case noResult = "there is no result"
    case notCalibrated =
      "the distance is computed, not touched: only a personal calibration (talus calibrate wall) makes it comparable with tape measurements"
    case noPlacement = "the sensor's place on the shin was not stated, and it moves the angle by up to 6°"
    case otherPlacement = "none is known for this place of the sensor; it moves the angle by up to 6°"
    case otherZero = "published angles are against gravity, this one is not"
    case kneeStraight = "none is known for the straight knee at this place"
  }

  /// What all norms ask of a series.
  static func check(_ test: TestProtocol, _ facts: SeriesFacts) throws(Obstacle) {
    guard test.isLunge else { throw .otherTest }
    guard facts.loading != .unweighted else { throw .notWeighted }
    guard facts.footwear != .shod else { throw .shod }
    guard let age = facts.age else { throw .noAge }
    guard age >= 18 else { throw .child }
  }

  /// The distances of people of this age and sex.
  ///
  /// - Parameter isPersonal: the distance rests on this person's wall touches.
  public static func distance(
    test: TestProtocol, facts: SeriesFacts, condition: KneeCondition?, isPersonal: Bool
  ) throws(Obstacle) -> Distance {
    try check(test, facts)
    guard let condition else { throw .noCondition }
    guard condition == .kneeBent else { throw .kneeStraight }
    guard isPersonal else { throw .notCalibrated }
    let found = distances.first { $0.sex == facts.sex && $0.ages.contains(Int(facts.age ?? 0)) }
    guard let found else { throw .noSex }
    return found
  }

  /// The angles that were measured at this place under this condition.
  public static func angle(
    test: TestProtocol, facts: SeriesFacts, condition: KneeCondition?, zero: String, place: Placement
  ) throws(Obstacle) -> Angle {
    try check(test, facts)
    guard let condition else { throw .noCondition }
    guard zero != "standing" else { throw .otherZero }
    guard let below = place.belowTuberosity else { throw .noPlacement }
    guard place.surface == nil || place.surface == .anterior || place.surface == .anteromedial else {
      throw .otherPlacement
    }
    let found = angles.first { $0.condition == condition && $0.belowTuberosity.contains(below) }
    guard let found else { throw condition == .kneeStraight ? .kneeStraight : .otherPlacement }
    return found
  }

  /// The screening values that were published for such a lunge.
  public static func screening(
    test: TestProtocol, facts: SeriesFacts, condition: KneeCondition?, zero: String
  ) -> [Screening] {
    guard test.isLunge, zero != "standing", facts.loading != .unweighted, facts.age.map({ $0 >= 14 }) ?? true else {
      return []
    }
    return screenings.filter { $0.condition == condition }
  }
}
