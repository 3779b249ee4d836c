import AnkleKinematics
import LungeTest
import Motion
import Testing

@Suite struct SeriesTests {
  private func trial(
    _ degrees: Double, _ verdict: Verdict = .valid, side: Side? = .left, number: Int = 1, sd: Double = 0.5,
    common: Double? = 0.4, kind: Trial.Kind = .trial, distance: Uncertain? = nil
  ) -> Trial {
    Trial(
      stream: StreamID(0), kind: kind, number: number, side: side, start: .zero, end: SessionTime(seconds: 3),
      plateauStart: nil, plateauEnd: nil,
      endRange: Uncertain(degrees * radiansPerDegree, sd: sd * radiansPerDegree), baseline: 0, peakRate: 1,
      frontalTilt: 0, kneeToWall: distance, verdict: verdict, reasons: [],
      commonSD: common.map { $0 * radiansPerDegree })
  }

  private func degrees(_ value: Double?) -> Double { (value ?? .nan) * degreesPerRadian }

  @Test func meanOverTheFirstThreeValid() {
    let series = Series(
      side: .left,
      movements: [
        trial(30, .attention, number: 1), trial(36, number: 2), trial(60, side: .right, number: 3),
        trial(20, kind: .aborted), trial(38, number: 4), trial(10, .invalid, number: 5), trial(40, number: 6),
        trial(44, number: 7),
      ])
    #expect(series.basis == .valid)
    #expect(series.used == [2, 4, 6])
    #expect(abs(degrees(series.mean) - 38) < 1e-9)
    #expect(abs(degrees(series.trialSD) - 2) < 1e-9)
    #expect(abs((series.variationPercent ?? 0) - 200 / 38.0) < 1e-9)
    #expect(abs(degrees(series.best?.value) - 44) < 1e-9)
    #expect(series.trials == 6 && series.valid == 4 && series.attention == 1 && series.invalid == 1)
    #expect(series.otherMovements == 1)
    // √(0.4² + 2²/3)
    #expect(abs(degrees(series.meanUncertainty) - (0.16 + 4 / 3.0).squareRoot()) < 1e-9)
  }

  @Test func attentionCountsOnlyWhereNothingIsValid() {
    let assumed = Series(side: .left, movements: [trial(36, .attention), trial(38, .attention), trial(9, .invalid)])
    #expect(assumed.basis == .attention)
    #expect(abs(degrees(assumed.mean) - 37) < 1e-9)
    let mixed = Series(side: .left, movements: [trial(36, .attention), trial(38)])
    #expect(mixed.basis == .valid && mixed.used.count == 1)
    #expect(abs(degrees(mixed.mean) - 38) < 1e-9)
    #expect(mixed.trialSD == nil)
    // One trial: its own uncertainty.
    #expect(abs(degrees(mixed.meanUncertainty) - 0.5) < 1e-9)
    let nothing = Series(side: .left, movements: [trial(9, .invalid)])
    #expect(nothing.basis == .none && nothing.mean == nil && nothing.meanUncertainty == nil && nothing.best == nil)
  }

  @Test func whatIsCommonDoesNotAverageAway() {
    // Three trials that agree by chance: the common 0.4° stays, the own 0.3° go down by √3.
    let series = Series(side: .left, movements: [trial(36), trial(36), trial(36)])
    #expect(abs(degrees(series.meanUncertainty) - (0.16 + 0.09 / 3).squareRoot()) < 1e-9)
    // A trial that does not say what is common counts as all common.
    let unsaid = Series(side: .left, movements: [trial(36, common: nil), trial(36, common: nil)])
    #expect(abs(degrees(unsaid.meanUncertainty) - 0.5) < 1e-9)
  }

  @Test func distanceOnlyWhereAllHaveIt() {
    let a = trial(36, distance: Uncertain(0.10, sd: 0.012))
    let b = trial(38, distance: Uncertain(0.12, sd: 0.012))
    let series = Series(side: .left, movements: [a, b])
    #expect(abs((series.kneeToWall?.value ?? 0) - 0.11) < 1e-12)
    // √(0.012² + 0.0141²/2)
    #expect(abs((series.kneeToWall?.sd ?? 0) - (0.000_144 + 0.000_1).squareRoot()) < 1e-12)
    #expect(Series(side: .left, movements: [a, trial(38)]).kneeToWall == nil)
  }

  @Test func aMeanOfZeroHasNoVariationInPercent() {
    #expect(Series(side: .left, movements: [trial(-3), trial(-5)]).variationPercent == nil)
  }

  @Test func sidesInOrder() {
    let all = Series.bySide([trial(30, side: nil), trial(31, side: .right), trial(32, side: .left)])
    #expect(all.map(\.side) == [.left, .right, nil])
    #expect(Series.bySide([]).isEmpty)
  }
}
