import AnkleKinematics
import LungeTest
import Motion
import Testing

private func trial(_ number: Int, _ degrees: Double, _ verdict: Verdict, kind: Trial.Kind = .trial) -> Trial {
  Trial(
    stream: StreamID(0), kind: kind, number: number, side: .left, start: .zero, end: .zero, plateauStart: nil,
    plateauEnd: nil, endRange: Uncertain(degrees * radiansPerDegree, sd: 0.6 * radiansPerDegree), baseline: 0,
    peakRate: 0, frontalTilt: 0, kneeToWall: nil, verdict: verdict, reasons: [])
}

@Suite struct SeriesStatisticsTests {
  @Test func theMeanIsOverTheFirstThreeValidTrials() throws {
    let series = SeriesStatistics(
      [
        trial(1, 30, .attention), trial(2, 36, .valid), trial(3, 50, .invalid), trial(4, 38, .valid),
        trial(4, 90, .valid, kind: .aborted), trial(5, 40, .valid), trial(6, 60, .valid),
      ], bodyLengths: BodyLengths(height: 1.7))
    #expect(series.basis == .valid)
    #expect(series.basisTrials == [2, 4, 5])
    let mean = try #require(series.mean)
    #expect(abs(mean.value * degreesPerRadian - 38) < 1e-9)
    #expect(abs(try #require(series.trialSD) * degreesPerRadian - 2) < 1e-9)
    // 0.6° common to all three, and 2°/√3 between them.
    #expect(abs(mean.sd * degreesPerRadian - (0.36 + 4.0 / 3).squareRoot()) < 1e-9)
    #expect(abs(try #require(series.best) * degreesPerRadian - 60) < 1e-9)
    #expect(abs(try #require(series.kneeToWall).value * 100 - 11.9) < 0.1)
  }

  @Test func withoutAValidTrialTheDoubtfulOnesAreUsedAndSaid() {
    let series = SeriesStatistics([trial(1, 30, .attention), trial(2, 10, .invalid)], bodyLengths: nil)
    #expect(series.basis == .attention)
    #expect(series.basisTrials == [1])
    #expect(series.trialSD == nil)
    #expect(series.kneeToWall == nil)
  }

  @Test func nothingComesOfNothing() {
    let series = SeriesStatistics([trial(1, 10, .invalid)], bodyLengths: nil)
    #expect(series.basis == .none)
    #expect(series.mean == nil && series.best == nil)
  }
}
