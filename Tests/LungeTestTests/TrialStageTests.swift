import AnkleKinematics
import LungeTest
import Motion
import TestKit
import Testing

@Suite struct TrialStageTests {
  @Test(arguments: allRates)
  func threeHeldLungesAreThreeTrials(rate: Double) throws {
    var script = LungeScript(standing: 4)
    script.noise = 0.1
    script.stay(2)
    for target in [36.0, 38.5, 37.2] {
      script.lunge(to: target, hold: 1.5)
      script.stay(2)
    }
    let told = movements(script.samples(rate: rate, seed: 3, jitter: 0.3))
    #expect(told.count == 3)
    for (trial, truth) in zip(told, script.trials) {
      #expect(trial.kind == .trial)
      #expect(trial.verdict == .valid)
      #expect(abs(trial.endRangeDegrees - truth.endRange) < 0.3)
      #expect(abs(trial.baseline * degreesPerRadian - 4) < 0.3)
      #expect(abs(trial.start.seconds - truth.start) < 0.45)
      #expect(abs(trial.end.seconds - truth.end) < 0.5)
      let hold = try #require(truth.hold)
      #expect(abs(try #require(trial.plateauStart).seconds - hold.lowerBound) < 0.3)
      #expect(abs(try #require(trial.plateauEnd).seconds - hold.upperBound) < 0.3)
      // Peak rate of a movement of least jerk is 15/8 of the mean rate.
      let peakRate = 1.875 * (truth.endRange - 4) / 1.2
      #expect(abs(trial.peakRate * degreesPerRadian / peakRate - 1) < 0.08)
      #expect(trial.endRange.sd >= 0.6 * radiansPerDegree * 0.999)
      #expect(trial.endRange.sd < 0.75 * radiansPerDegree)
    }
    #expect(told.map(\.number) == [1, 2, 3])
  }

  @Test(arguments: allRates, [2.5, 4, 7, 12, 20])
  func rampsHaveNoPlateau(rate: Double, slope: Double) throws {
    var script = LungeScript()
    script.noise = 0.03
    script.stay(2)
    script.ramp(to: 40, rate: slope)
    script.ramp(to: 0, rate: slope)
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    let trial = try #require(told.first)
    #expect(told.count == 1)
    #expect(trial.kind == .trial)
    #expect(trial.plateauStart == nil)
    #expect(trial.reasons.contains(.noPlateau))
    #expect(trial.verdict == .attention)
    // A tenth of a second around the tip of a roof lies below it.
    #expect(abs(trial.endRangeDegrees - 40) < 0.3 + 0.05 * slope)
  }

  @Test(arguments: allRates)
  func touchAndGoIsTheSmoothedPeak(rate: Double) throws {
    var script = LungeScript(standing: 3)
    script.noise = 0.05
    script.stay(2)
    script.lunge(to: 39, hold: 0)
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    let trial = try #require(told.first)
    #expect(told.count == 1 && trial.kind == .trial)
    #expect(trial.reasons == .noPlateau)
    #expect(abs(trial.endRangeDegrees - 39) < 0.3)
  }

  @Test(arguments: allRates)
  func aSlowRampToAHoldIsMeasuredAtTheHold(rate: Double) throws {
    var script = LungeScript(standing: -3)
    script.noise = 0.1
    script.stay(2)
    script.ramp(to: 35, rate: 3)
    let reached = script.duration
    script.stay(2)
    script.move(to: -3, in: 1)
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    let trial = try #require(told.first)
    #expect(told.count == 1 && trial.verdict == .valid)
    #expect(abs(trial.endRangeDegrees - 35) < 0.3)
    #expect(abs(try #require(trial.plateauStart).seconds - reached) < 0.4)
  }

  @Test(arguments: allRates)
  func aKnockAtTheWallDoesNotWin(rate: Double) throws {
    var script = LungeScript()
    script.noise = 0.1
    for knock in [6.0, -6, 9] {
      script.stay(2)
      let contact = script.duration + 1.15
      script.lunge(to: 37, hold: 1.2)
      script.knocks.append(.init(time: contact, angle: knock, duration: 0.08))
      script.knocks.append(.init(time: contact + 0.6, angle: knock, duration: 0.06))
    }
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    #expect(told.count == 3)
    for trial in told {
      #expect(trial.plateauStart != nil)
      #expect(abs(trial.endRangeDegrees - 37) < 0.3)
    }
  }

  @Test(arguments: allRates)
  func aKnockAtRestIsNoMovement(rate: Double) {
    var script = LungeScript()
    script.stay(6)
    script.knocks = [.init(time: 2, angle: 25, duration: 0.1), .init(time: 4, angle: -25, duration: 0.1)]
    #expect(movements(script.samples(rate: rate)).isEmpty)
  }

  @Test(arguments: [25.0, 100, 1000])
  func aKnockInTheFirstSecondsIsNoRestingAngle(rate: Double) {
    var script = LungeScript(standing: 5)
    script.noise = 0.6  // so unsteady that rest is found late
    script.tremor = (1.2, 5)
    script.knocks = [.init(time: 0.3, angle: -11, duration: 0.09)]
    script.stay(3)
    script.lunge(to: 33, hold: 0)
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    #expect(told.count == 1 && told.first?.kind == .trial)
    #expect(abs((told.first?.start.seconds ?? 0) - 3) < 0.6)
  }

  @Test(arguments: allRates)
  func aPauseOnTheWayIsNotEndRange(rate: Double) throws {
    var script = LungeScript()
    script.noise = 0.05
    script.stay(2)
    script.move(to: 22, in: 1)
    script.stay(1.5)
    script.lunge(to: 38, hold: 1)
    script.stay(2)
    script.move(to: 22, in: 1)
    script.stay(1.5)
    script.lunge(to: 39, hold: 0)
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    #expect(told.count == 2)
    #expect(abs(told[0].endRangeDegrees - 38) < 0.3)
    #expect(told[1].plateauStart == nil)
    #expect(abs(told[1].endRangeDegrees - 39) < 0.4)
  }

  @Test(arguments: allRates)
  func brokenOffMovementsAreListedAndNotCounted(rate: Double) {
    var script = LungeScript(standing: 5)
    script.noise = 0.1
    script.stay(2)
    script.move(to: 13.5, in: 0.8)  // too small, though held
    script.stay(1)
    script.move(to: 5, in: 0.8)
    script.stay(2)
    script.move(to: 22, in: 0.8)  // not held, under 20°
    script.move(to: 5, in: 0.8)
    script.stay(2)
    script.lunge(to: 46, hold: 1)
    script.stay(2)
    script.move(to: 28, in: 0.9)  // not held, 23° of 41°
    script.move(to: 5, in: 0.9)
    script.stay(2)
    script.lunge(to: 45, hold: 1)
    script.stay(2)
    script.move(to: 85, in: 1.5)  // kneeling down
    script.stay(3)
    script.move(to: 5, in: 1.5)
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    #expect(told.map(\.kind) == [.aborted, .aborted, .trial, .aborted, .trial, .aborted])
    #expect(told.map(\.number) == [0, 0, 1, 1, 2, 2])
  }

  @Test(arguments: allRates)
  func aSessionMayBeginInTheMiddleOfALunge(rate: Double) throws {
    var script = LungeScript(standing: 2)
    script.lunge(to: 40, hold: 1)
    script.stay(2)
    script.lunge(to: 41, hold: 1)
    script.stay(2)
    for skipped in [0, 0.4, 0.6] {
      let samples = script.samples(rate: rate).filter { $0.time.seconds >= skipped }
      let told = movements(samples)
      #expect(told.count == 2, "first \(skipped) s missing")
      #expect(told.counted.count == 2)
      #expect(abs(told[0].endRangeDegrees - 40) < 0.3)
      #expect(!told[0].reasons.contains(.baselineShift), "rest before was never seen")
    }
  }

  @Test(arguments: allRates)
  func aShiftedRestIsSaid(rate: Double) throws {
    var script = LungeScript(standing: 0)
    script.stay(2)
    script.lunge(to: 38, hold: 1, rest: 3.5)
    script.stay(2)
    script.lunge(to: 40, hold: 1, rest: 9)  // beyond the leave angle: the tibia is never "back"
    script.stay(3)
    script.lunge(to: 42, hold: 1, rest: 10)
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    #expect(told.count == 3 && told.counted.count == 3)
    #expect(told[0].reasons == .baselineShift)
    #expect(told[1].reasons == .baselineShift)
    #expect(told[2].reasons == [])
    #expect(abs(told[2].baseline * degreesPerRadian - 9) < 0.3)
  }

  @Test(arguments: [-12.0, -3, 0, 15, 32, 85], [10.0, 100, 1000])
  func anyStandingAngle(standing: Double, rate: Double) {
    var script = LungeScript(standing: standing)
    script.noise = 0.1
    script.stay(1.5)
    for _ in 0..<3 {
      script.lunge(to: standing + 24, hold: 1)
      script.stay(1.2)
    }
    let told = movements(script.samples(rate: rate))
    #expect(told.counted.count == 3 && told.count == 3)
    for trial in told { #expect(abs(trial.endRangeDegrees - standing - 24) < 0.3) }
  }

  @Test(arguments: [10.0, 100, 1000])
  func kneelingDownFirstDoesNotSwallowTheLunges(rate: Double) {
    var script = LungeScript(standing: 2)
    script.stay(3)
    script.move(to: 25, in: 1.5)
    script.stay(5)
    for _ in 0..<3 {
      script.lunge(to: 44, hold: 1, rest: 25)
      script.stay(2)
    }
    let told = movements(script.samples(rate: rate))
    #expect(told.map(\.kind) == [.aborted, .trial, .trial, .trial])
    for trial in told.counted { #expect(abs(trial.endRangeDegrees - 44) < 0.3) }
  }

  @Test(arguments: [10.0, 100, 1000])
  func lungesWithoutARestBetweenThem(rate: Double) {
    var script = LungeScript(standing: 2)
    script.stay(2)
    for rest in [2.0, 9, 2, 8, 2] { script.lunge(to: 40, hold: 0.9, rest: rest) }
    script.stay(2)
    #expect(movements(script.samples(rate: rate)).counted.count == 5)
  }

  @Test func longHoldsStayTrialsAndPosturesDoNot() throws {
    var script = LungeScript()
    script.noise = 0.1
    script.stay(2)
    script.lunge(to: 38, hold: 30)
    script.stay(2)
    script.lunge(to: 38, hold: 90)
    script.stay(5)
    script.lunge(to: 39, hold: 1)
    script.stay(2)
    let told = movements(script.samples(rate: 100))
    #expect(told.map(\.kind) == [.trial, .aborted, .trial])
    let first = try #require(told.first)
    #expect(try #require(first.plateauEnd).seconds(since: try #require(first.plateauStart)) > 29)
  }

  /// After a minute the bins of a movement are merged in pairs; nothing may be lost or shifted by it.
  @Test(arguments: [100.0, 1000])
  func aMovementOfMoreThanAMinute(rate: Double) throws {
    var script = LungeScript(standing: 2)
    script.noise = 0.1
    script.stay(2)
    script.ramp(to: 20, rate: 1.9)
    script.lunge(to: 38, hold: 57)
    script.stay(2)
    let told = movements(script.samples(rate: rate))
    let trial = try #require(told.first)
    let hold = try #require(script.trials[0].hold)
    #expect(told.count == 1 && trial.kind == .trial && trial.reasons == [])
    #expect(abs(trial.endRangeDegrees - 38) < 0.1)
    #expect(abs(try #require(trial.plateauStart).seconds - hold.lowerBound) < 0.3)
    #expect(abs(try #require(trial.plateauEnd).seconds - hold.upperBound) < 0.3)
  }

  @Test func walkingIsNoSeriesOfTrials() {
    // Shank angle of level walking at 1.8 steps a second: quick swings, no hold.
    var script = LungeScript()
    script.stay(2)
    for _ in 0..<30 {
      script.move(to: 32, in: 0.45)
      script.move(to: -30, in: 0.3)
      script.move(to: 0, in: 0.35)
    }
    script.stay(3)
    script.lunge(to: 38, hold: 1)
    script.stay(2)
    #expect(movements(script.samples(rate: 100)).counted.count == 1)
  }

  @Test func memoryOfALongMovementIsBounded() {
    // Ten minutes without a rest: not one movement, not a trial, and lunges after it are found.
    var script = LungeScript()
    script.stay(2)
    for i in 0..<200 { script.move(to: i % 2 == 0 ? 30 : 24, in: 3) }
    script.move(to: 0, in: 1)
    script.stay(4)
    script.lunge(to: 38, hold: 1)
    script.stay(2)
    let told = movements(script.samples(rate: 100))
    #expect(told.last?.kind == .trial)
    #expect(abs((told.last?.endRangeDegrees ?? 0) - 38) < 0.3)
  }

  @Test func sideIsThatOfTheStart() {
    var script = LungeScript()
    script.stay(2)
    script.lunge(to: 38, hold: 1)
    script.stay(2)
    script.lunge(to: 38, hold: 1)
    script.stay(2)
    var stage = TrialStage(TrialSetting(side: .left))
    var sides: [Side?] = []
    for sample in script.samples(rate: 100) {
      if sample.time == SessionTime(seconds: 3.5) { stage.setSide(.right) }
      if let trial = stage.update(sample) { sides.append(trial.side) }
    }
    while let trial = stage.finish() { sides.append(trial.side) }
    #expect(sides == [.left, .right])
  }

  @Test func distanceFollowsFromTheLengths() throws {
    let lengths = try #require(BodyLengths(height: 1.7))
    var script = LungeScript()
    script.stay(2)
    script.lunge(to: 38, hold: 1)
    script.stay(2)
    let trial = try #require(movements(script.samples(rate: 100), TrialSetting(distance: .longAxis(lengths))).first)
    #expect(trial.kneeToWall == lengths.kneeToWall(inclination: trial.endRange))
    #expect(movements(script.samples(rate: 100)).first?.kneeToWall == nil)
  }

  @Test func progressFollowsTheMovement() throws {
    var script = LungeScript()
    script.stay(2)
    script.lunge(to: 38, hold: 2)
    script.stay(2)
    var stage = TrialStage(TrialSetting())
    #expect(stage.progress == MovementProgress())
    var atHold: MovementProgress?
    for sample in script.samples(rate: 100) {
      _ = stage.update(sample)
      if sample.time == SessionTime(seconds: 5) { atHold = stage.progress }
    }
    let hold = try #require(atHold)
    #expect(hold.isMoving)
    #expect(abs(hold.hold - 1.8) < 0.25)
    #expect(abs(try #require(hold.peak) * degreesPerRadian - 38) < 0.1)
    #expect(!stage.progress.isMoving && stage.progress.hold == 0)
    #expect(stage.progress.trials == 0 && stage.progress.waiting == 1)
  }
}
