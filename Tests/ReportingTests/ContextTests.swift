import AnkleKinematics
import Foundation
import LungeTest
import Motion
import Pipeline
import TestKit
import Testing

@testable import Reporting

/// What a report sets beside its results.
@Suite struct ContextTests {
  private func earlier(_ input: ReportInput) throws -> EarlierReport {
    try EarlierReport(name: "before.json", bytes: ReportJSON.bytes(input))
  }

  private func with(_ input: ReportInput, mean degrees: Double? = nil, _ change: (inout ReportInput) -> Void = { _ in })
    -> ReportInput
  {
    var input = input
    if let degrees { input.sources[0].series[0].mean = degrees * radiansPerDegree }
    change(&input)
    return input
  }

  private func personal() throws -> WallCalibration {
    let lengths = try #require(BodyLengths(height: 1.75))
    let touches = [(30.0, 0.08), (34, 0.104), (38, 0.127)].map {
      WallTouch(inclination: $0.0 * radiansPerDegree, distance: $0.1)
    }
    return WallCalibration.prior(lengths: lengths, zero: .gravity).fitted(to: touches)
  }

  @Test(arguments: [(30.0, "not distinguishable from measurement noise"), (34.8, "beyond MDC")])
  func aChangeIsHeldAgainstTheMDC(now: Double, words: String) throws {
    var today = with(ReportFixture.oneSide, mean: now)
    today.change = ChangeRequest(earlier: try earlier(with(ReportFixture.oneSide, mean: 30)))
    let change = try #require(Change.all(in: today).first)
    #expect(change.obstacle == nil)
    #expect(change.words == words)
    #expect(String(decoding: ReportHTML.bytes(today), as: UTF8.self).contains(words))
    #expect(String(decoding: ReportJSON.bytes(today), as: UTF8.self).contains(words))
  }

  @Test func unlikeSessionsAreNotCompared() throws {
    let before = try earlier(ReportFixture.oneSide)
    for change: (inout ReportInput) -> Void in [
      { $0.sources[0].series[0].condition = .kneeStraight }, { $0.sources[0].series[0].placement = "elsewhere" },
      { $0.sources[0].configuration.facts.footwear = .shod }, { $0.sources[0].configuration.facts.backFoot = "raised" },
      { $0.sources[0].configuration.place.belowTuberosity = 0.1 },
      { $0.sources[0].configuration.test = .named("single-leg-squat")! },
    ] {
      var today = with(ReportFixture.oneSide, change)
      today.change = ChangeRequest(earlier: before)
      let found = try #require(Change.all(in: today).first)
      #expect(found.obstacle?.contains("not the same conditions") == true)
    }
  }

  @Test func distancesOfOtherLengthsTellNoChange() throws {
    var today = with(ReportFixture.oneSide)
    today.change = ChangeRequest(earlier: try earlier(ReportFixture.oneSide))
    #expect(Change.all(in: today).first?.kneeToWallDifference != nil)
    today.sources[0].configuration.height = 1.70
    let change = try #require(Change.all(in: today).first)
    #expect(change.kneeToWallDifference == nil && change.difference != nil)
    #expect(change.remarks.contains { $0.contains("other lengths") })
  }

  /// Bounds move with the angle, whatever the offset is.
  @Test func aChangeOfBoundsIsThatOfTheirMiddle() throws {
    func bounded(_ low: Double, _ high: Double) -> ReportInput {
      with(ReportFixture.oneSide) { input in
        input.sources[0].series[0].meanKneeToWall = nil
        for index in input.sources[0].series[0].trials.indices {
          input.sources[0].series[0].trials[index].kneeToWall = nil
          input.sources[0].series[0].trials[index].kneeToWallRange = low...high
        }
      }
    }
    var today = bounded(0.05, 0.11)
    today.change = ChangeRequest(earlier: try earlier(bounded(0.02, 0.08)))
    let change = try #require(Change.all(in: today).first)
    #expect(abs((change.kneeToWallDifference ?? 0) - 0.03) < 1e-9 && change.kneeToWallWords == "beyond MDC")
    #expect(change.nowKneeToWall?.value == nil && change.nowKneeToWall?.words == "5.0 to 11.0 cm")
  }

  @Test func aMeanOfUnlikeTrialsSaysSo() throws {
    func remarks(_ peaks: [Double], baselines: [Double] = [4, 4, 4]) -> [String] {
      var series = ReportFixture.oneSide.sources[0].series[0]
      let trial = series.trials[0]
      series.trials = zip(peaks, baselines).enumerated().map { index, values in
        var trial = trial
        (trial.number, trial.verdict, trial.reasons) = (index + 1, .valid, [])
        trial.endRange.value = values.0 * radiansPerDegree
        trial.baseline = values.1 * radiansPerDegree
        return trial
      }
      series.basisTrials = [1, 2, 3]
      let found = Series(side: series.side, movements: series.trials)
      (series.mean, series.trialSD) = (found.mean, found.trialSD)
      return series.remarks
    }
    #expect(remarks([37, 38.5, 36.8]) == [])
    let mixed = remarks([38, 38, 25])
    #expect(mixed.count == 1 && mixed[0].contains("scatter by 7.5°"))
    let climbing = remarks([34, 36, 38.5])
    #expect(climbing.count == 1 && climbing[0].contains("by 4.5° in all"))
    let slipped = remarks([37, 37, 37], baselines: [4, 5, 6.5])
    #expect(slipped.count == 1 && slipped[0].contains("2.5°"))
    var input = ReportFixture.oneSide
    input.sources[0].series[0].trialSD = 5 * radiansPerDegree
    #expect(String(decoding: ReportHTML.bytes(input), as: UTF8.self).contains("scatter by 5.0°"))
  }

  @Test func theOwnMDCNeedsSessionsWithTheSensorPutOnAnew() throws {
    let kept = with(ReportFixture.oneSide)
    let anew = with(ReportFixture.oneSide) { $0.sources[0].configuration.facts.sensorPutOnAnew = .yes }
    var today = kept
    today.change = ChangeRequest(
      earlier: try earlier(kept), baseline: [try earlier(kept), try earlier(kept)], mdc: nil)
    #expect(Change.all(in: today).first?.obstacle?.contains("at least two baseline sessions") == true)
    today.change = ChangeRequest(
      earlier: try earlier(anew), baseline: [try earlier(anew), try earlier(anew)], mdc: nil)
    let change = try #require(Change.all(in: today).first)
    #expect(change.obstacle == nil && (change.mdc ?? 0) > 0 && change.source.contains("2 baseline sessions"))
  }

  @Test func theIndexIsOfPositiveDistancesAndOneAffectedSide() throws {
    var both = ReportFixture.bothSides
    #expect(SideComparison.all(in: both).first?.symmetryIndex == nil)
    for index in both.sources.indices { both.sources[index].configuration.facts.affectedSide = .left }
    both.sources[0].series[0].meanKneeToWall = 0.08
    both.sources[1].series[0].meanKneeToWall = 0.13
    #expect(SideComparison.all(in: both).first?.noIndex?.contains("computed from lengths") == true)
    for index in both.sources.indices { both.sources[index].configuration.wallCalibration = try personal() }
    let index = try #require(SideComparison.all(in: both).first?.symmetryIndex)
    #expect(abs(index - 61.54) < 0.01)
    both.sources[0].series[0].meanKneeToWall = -0.01
    #expect(SideComparison.all(in: both).first?.symmetryIndex == nil)
    #expect(SideComparison.all(in: both).first?.noIndex?.contains("not positive") == true)
  }

  @Test func kneeBentMinusStraightIsItsOwnIndex() throws {
    var input = ReportFixture.bothSides
    for index in input.sources.indices {
      input.sources[index].series[0].side = .left
      input.sources[index].series[0].condition = index == 0 ? .kneeBent : .kneeStraight
      input.sources[index].series[0].mean = (index == 0 ? 39 : 25) * radiansPerDegree
    }
    let knee = try #require(KneeDifference.all(in: input).first)
    #expect(abs(try #require(knee.difference) * degreesPerRadian - 14) < 1e-9)
    #expect(SideComparison.all(in: input).isEmpty)
  }

  @Test func annotationsChangeWhatCountsAndNothingElse() throws {
    var trials = ReportFixture.oneSide.sources[0].series[0].trials
    let before = trials
    var configuration = ReportFixture.configuration(side: .left)
    let annotations = Annotations([
      [("exclude", "2"), ("note", "slipped")], [("exclude", "1")], [("restore", "1")], [("condition", "knee-straight")],
      [("affected-side", "right")], [("pain", "4"), ("trial", "3")], [("exclude", "many")], [("colour", "red")],
    ])
    annotations.apply(to: &configuration, except: [])
    annotations.apply(to: &trials, except: [])
    #expect(configuration.condition == .kneeStraight && configuration.facts.affectedSide == .right)
    #expect(trials.filter { $0.reasons.contains(.excluded) }.map(\.number) == [2])
    #expect(trials.first { $0.number == 2 }?.verdict == .invalid)
    #expect(zip(trials, before).allSatisfy { $0.endRange == $1.endRange && $0.start == $1.start })
    #expect(annotations.notes.contains("Trial 3: pain 4 of 10."))
    #expect(annotations.notes.contains { $0.contains("names no trial") })
    #expect(annotations.notes.contains { $0.contains("colour") })
  }

  @Test func hostileFilesAreRefused() {
    for text in [
      "", "{", "[1,2", "{\"schema_version\":1}", "{\"schema_version\":2,\"series\":[]}", "nul", "{\"a\":\"\\u12\"}",
      String(repeating: "[", count: 100_000), "{\"schema_version\":1e999,\"series\":[]}",
    ] {
      #expect(throws: EarlierReport.Unusable.self) { try EarlierReport(name: "x", bytes: Array(text.utf8)) }
    }
    let good = ReportJSON.bytes(ReportFixture.bothSides)
    var random = RandomSource(seed: 3)
    for _ in 0..<300 {
      var bytes = good
      bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      if random.next() % 2 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      _ = try? EarlierReport(name: "x", bytes: bytes)
    }
  }
}
