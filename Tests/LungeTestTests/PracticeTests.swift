import LungeTest
import Motion
import TestKit
import Testing

/// What was practice, what was broken off, and when a first trial is told.
@Suite struct PracticeTests {
  private func script(_ lunges: [(share: Double, hold: Double)], rest: Double = 2) -> LungeScript {
    var script = LungeScript(standing: 4)
    script.noise = 0.05
    script.stay(2)
    for lunge in lunges {
      script.lunge(to: 4 + 34 * lunge.share, hold: lunge.hold)
      script.stay(rest)
    }
    return script
  }

  private func kinds(_ lunges: [(Double, Double)], rate: Double = 100, _ setting: TrialSetting = TrialSetting())
    -> [Trial.Kind]
  {
    movements(script(lunges.map { (share: $0.0, hold: $0.1) }).samples(rate: rate), setting).map(\.kind)
  }

  @Test(arguments: allRates)
  func aHeldTryThatGoesLessFarIsPractice(rate: Double) {
    #expect(
      kinds([(0.6, 1.5), (1, 1.5), (0.97, 1.5), (1.02, 1.5)], rate: rate) == [.practice, .trial, .trial, .trial])
    #expect(kinds([(0.5, 0), (0.7, 2), (1, 2), (1, 2)], rate: rate) == [.aborted, .practice, .trial, .trial])
  }

  /// Rocks of the knee, quick and one behind the other, are how a sensor's place is found; without an alignment that asks for them they are no trials
  /// either.
  @Test(arguments: [3, 4, 6], allRates)
  func rocksAreNoTrials(count: Int, rate: Double) {
    var script = LungeScript(standing: 4)
    script.noise = 0.05
    script.stay(2)
    for _ in 0..<count {
      script.lunge(to: 23, out: 0.8, hold: 0, back: 0.8)
      script.stay(0.3)
    }
    script.stay(2.5)
    for _ in 0..<3 {
      script.lunge(to: 38, hold: 2)
      script.stay(2.5)
    }
    let told = movements(script.samples(rate: rate), TrialSetting()).map(\.kind)
    #expect(told == Array(repeating: .calibration, count: count) + [.trial, .trial, .trial])
    // Who says that nothing is practice means what he does.
    let counted = movements(script.samples(rate: rate), TrialSetting(practice: 0)).map(\.kind)
    #expect(!counted.contains(.calibration))
  }

  @Test func twoQuickMovementsAndThreeSlowOnesAreNoRocks() {
    for (count, way, pause) in [(2, 0.8, 0.3), (3, 1.5, 0.3), (3, 0.8, 2.5)] {
      var script = LungeScript(standing: 4)
      script.stay(2)
      for _ in 0..<count {
        script.lunge(to: 36, out: way, hold: 0, back: way)
        script.stay(pause)
      }
      script.stay(2.5)
      for _ in 0..<2 {
        script.lunge(to: 38, hold: 2)
        script.stay(2.5)
      }
      let told = movements(script.samples(rate: 100), TrialSetting()).map(\.kind)
      #expect(!told.contains(.calibration), "\(count) of \(way) s and pauses of \(pause) s: \(told)")
    }
  }

  /// Lunges of one person differ, and stiff ones get looser: that is no practice.
  @Test func whatDiffersLittleIsATrial() {
    #expect(kinds([(0.85, 1.5), (0.95, 1.5), (1, 1.5)]) == [.trial, .trial, .trial])
    #expect(kinds([(1, 1.5), (0.85, 1.5), (0.9, 0)]) == [.trial, .trial, .trial])
  }

  @Test func aHeldMovementHalfWayAfterTheTrialsWasBrokenOff() {
    #expect(kinds([(1, 1.5), (1, 1.5), (0.4, 1.5), (1, 1.5)]) == [.trial, .trial, .aborted, .trial])
  }

  @Test func whoSaysHowManyAreNotCountedWaitsForNothing() {
    #expect(
      kinds([(0.6, 1.5), (1, 1.5), (1, 1.5)], TrialSetting(practice: 0)) == [.trial, .trial, .trial])
    #expect(kinds([(0.9, 1.5), (1, 1.5), (1, 1.5)], TrialSetting(practice: 1)) == [.practice, .trial, .trial])
  }

  @Test(arguments: [(nil as Int?, 6.0), (0, 0.8)])
  func theFirstTrialIsToldInTime(practice: Int?, wait: Double) throws {
    let script = script([(1, 1.5)], rest: 20)
    var stage = TrialStage(TrialSetting(practice: practice))
    var told: (trial: Trial, at: Double)?
    for sample in script.samples(rate: 100) {
      if let trial = stage.update(sample) { told = (trial, sample.time.seconds) }
      if told == nil && practice == nil && sample.time.seconds > 7 { #expect(stage.progress.waiting == 1) }
    }
    let (trial, time) = try #require(told)
    #expect(abs(time - trial.end.seconds - wait) < 0.6)
    #expect(stage.progress.waiting == 0 && stage.progress.trials == 1)
  }

  /// The second trial says that the first was one, and both are told.
  @Test func twoAlikeAreTrials() {
    let script = script([(1, 1.5), (0.98, 1.5)], rest: 2)
    var stage = TrialStage(TrialSetting())
    var told = 0
    for sample in script.samples(rate: 100) where stage.update(sample) != nil { told += 1 }
    #expect(told + (stage.next() == nil ? 0 : 1) == 2)
  }

  @Test func theOtherLegBeginsAnew() {
    let script = script([(0.6, 1.5), (1, 1.5), (0.98, 1.5)])
    var stage = TrialStage(TrialSetting(side: .left))
    var told: [Trial] = []
    for sample in script.samples(rate: 100) {
      if sample.time.seconds > 7.5 { stage.setSide(.right) }
      if let trial = stage.update(sample) { told.append(trial) }
    }
    while let trial = stage.finish() { told.append(trial) }
    #expect(told.map(\.kind) == [.trial, .trial, .trial] && told.map(\.side) == [.left, .right, .right])
  }

  /// A slow smooth turn is steady for a moment, and still nothing is held.
  @Test(arguments: allRates)
  func aSlowTurnIsNoPlateau(rate: Double) throws {
    var script = LungeScript(standing: 4)
    script.noise = 0.03
    script.stay(2)
    script.lunge(to: 38, out: 2, hold: 0, back: 1.6)
    script.stay(2)
    let trial = try #require(movements(script.samples(rate: rate)).first)
    #expect(trial.plateauStart == nil && trial.reasons == .noPlateau)
  }

  /// Half a second is the least hold.
  @Test(arguments: allRates)
  func aShortHoldIsAPlateau(rate: Double) throws {
    var script = LungeScript(standing: 4)
    script.noise = 0.03
    script.stay(2)
    script.lunge(to: 38, hold: 0.7)
    script.stay(2)
    let trial = try #require(movements(script.samples(rate: rate)).first)
    #expect(trial.plateauStart != nil && abs(trial.endRangeDegrees - 38) < 0.3)
  }

  /// The resting angle before a trial is that just before it, however long another one lasted before.
  @Test(arguments: [10.0, 100, 1000])
  func theRestIsTheNewest(rate: Double) throws {
    var script = LungeScript(standing: 4)
    script.stay(8)
    script.move(to: 5.6, in: 0.5)
    script.stay(1.5)
    script.lunge(to: 38, hold: 1, rest: 5.6)
    script.stay(2)
    let trial = try #require(movements(script.samples(rate: rate)).first)
    #expect(abs(trial.baseline * degreesPerRadian - 5.6) < 0.2 && trial.reasons == [])
  }

  /// Nobody stands like that: the sensor is turned round, upside down or on its side.
  @Test(arguments: [-33.0, 100, 175])
  func aMountThatGravityContradictsIsInvalid(standing: Double) {
    var script = LungeScript(standing: standing)
    script.stay(2)
    for _ in 0..<3 {
      script.lunge(to: standing + 30, hold: 1.5)
      script.stay(2)
    }
    let told = movements(script.samples(rate: 100))
    #expect(told.counted.count == 3)
    #expect(told.allSatisfy { $0.reasons.contains(.mountContradicted) && $0.verdict == .invalid })
    let lying = movements(
      script.samples(rate: 100), TrialSetting(test: TestProtocol.named("terminal-knee-flexion")!))
    #expect(lying.allSatisfy { !$0.reasons.contains(.mountContradicted) })
  }
}
