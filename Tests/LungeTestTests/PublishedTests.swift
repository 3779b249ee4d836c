import LungeTest
import Motion
import Testing

@Suite struct PublishedTests {
  @Test func studentsTIsTheTables() {
    for (freedom, value) in [(1, 12.706), (5, 2.571), (30, 2.042), (40, 2.021), (60, 2.000), (120, 1.980)] {
      #expect(abs(DetectableChange.studentT(freedom) - value) < 0.0006)
    }
    #expect(DetectableChange.studentT(0) == .infinity)
  }

  @Test func theOwnMDCNeedsTwoSessionsAndSixTrials() {
    #expect(throws: DetectableChange.Obstacle.tooFewSessions) {
      try DetectableChange.own(sessions: [[1, 2, 3, 4, 5, 6]], trialsPerScore: 3)
    }
    #expect(throws: DetectableChange.Obstacle.tooFewTrials) {
      try DetectableChange.own(sessions: [[1, 2], [1, 2, 3]], trialsPerScore: 3)
    }
  }

  @Test func theOwnMDCIsThatOfTheMeansAndNeverLessThanWithin() throws {
    // Means 30, 32, 31: s = 1, t(2) = 4.3027.
    let apart = try DetectableChange.own(sessions: [[30, 30, 30], [32, 32, 32], [31, 31, 31]], trialsPerScore: 3)
    #expect(abs(apart - 4.3027 * 2.0.squareRoot()) < 1e-3)
    // Means agree by chance; within s = 2 over 4 degrees of freedom, three trials a score.
    let alike = try DetectableChange.own(sessions: [[28, 30, 32], [28, 30, 32]], trialsPerScore: 3)
    #expect(abs(alike - 2.7764 * 2.0.squareRoot() * 2 / 3.0.squareRoot()) < 1e-3)
  }

  @Test func thereAreTwoSentences() {
    #expect(DetectableChange.words(change: 6.1, mdc: 4.7) == "beyond MDC")
    #expect(DetectableChange.words(change: -6.1, mdc: 4.7) == "beyond MDC")
    #expect(DetectableChange.words(change: 4.7, mdc: 4.7) == "not distinguishable from measurement noise")
  }

  private func facts(age: Double?, sex: SeriesFacts.Sex? = .female) -> SeriesFacts {
    var facts = SeriesFacts()
    facts.age = age
    facts.sex = sex
    return facts
  }

  @Test func distancesAreComparedOnlyAfterACalibration() throws {
    func norm(_ facts: SeriesFacts, personal: Bool = true) throws -> Norms.Distance {
      try Norms.distance(test: .lunge, facts: facts, condition: .kneeBent, isPersonal: personal)
    }
    #expect(abs(try norm(facts(age: 64)).mean - 0.08) < 1e-9)
    #expect(abs(try norm(facts(age: 29.5, sex: .male)).percentile15 - 0.072) < 1e-9)
    #expect(throws: Norms.Obstacle.notCalibrated) { try norm(facts(age: 64), personal: false) }
    #expect(throws: Norms.Obstacle.child) { try norm(facts(age: 17)) }
    #expect(throws: Norms.Obstacle.noAge) { try norm(facts(age: nil)) }
    #expect(throws: Norms.Obstacle.noSex) { try norm(facts(age: 40, sex: nil)) }
    #expect(Norms.mcBride.words.contains("secondary source, unverified"))
  }

  @Test func anglesAreComparedOnlyAtTheirPlaceAndKnee() throws {
    func norm(_ condition: KneeCondition?, _ below: Double?, zero: String = "gravity") throws -> Norms.Angle {
      try Norms.angle(
        test: .lunge, facts: facts(age: 30), condition: condition, zero: zero, belowTuberosity: below, isOnFront: true)
    }
    #expect(abs(try norm(.kneeBent, 0.15).mean * degreesPerRadian - 44.9) < 1e-9)
    #expect(throws: Norms.Obstacle.noPlacement) { try norm(.kneeBent, nil) }
    #expect(throws: Norms.Obstacle.otherPlacement) { try norm(.kneeBent, 0.07) }
    #expect(throws: Norms.Obstacle.kneeStraight) { try norm(.kneeStraight, 0.15) }
    #expect(throws: Norms.Obstacle.noCondition) { try norm(nil, 0.15) }
    #expect(throws: Norms.Obstacle.otherZero) { try norm(.kneeBent, 0.15, zero: "standing") }
  }

  @Test func factsKeepWhatWasSaidAndRefuseWhatCannotBeMeant() throws {
    var facts = SeriesFacts()
    try facts.set("pain", "6.5")
    try facts.set("back_foot", "heel raised")
    #expect(facts.pain == 6.5 && facts.textPairs.map(\.key) == ["back_foot", "pain"])
    #expect(throws: SeriesFacts.Unusable.self) { try facts.set("pain", "11") }
    #expect(throws: SeriesFacts.Unusable.self) { try facts.set("footwear", "boots") }
    #expect(throws: SeriesFacts.Unusable.self) { try facts.set("shoes", "shod") }
    var other = facts
    other.pain = 2
    #expect(facts.differences(from: other).isEmpty)
    other.footwear = .shod
    #expect(facts.differences(from: other) == ["footwear not stated against shod"])
  }
}
