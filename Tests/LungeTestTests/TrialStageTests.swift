import AnkleKinematics
import Motion
import TestKit
import Testing
@testable import LungeTest

private func degrees(_ angle: Double) -> Double { angle * degreesPerRadian }

@Suite struct TrialStageTests {
  @Test(arguments: [10.0, 25, 50, 100, 200, 500, 1000, 2000])
  func threeLungesAreThreeTrialsAtAnyRate(rate: Double) throws {
    var session = ScriptedSession(standing: 5)
    session.hold(2)
    for target in [36.0, 38, 37.5] {
      session.lunge(to: target)
      session.hold(2.5)
    }
    let trials = run(session.samples(rate: rate))
    #expect(trials.map(\.kind) == [.trial, .trial, .trial])
    #expect(trials.map(\.number) == [1, 2, 3])
    for (found, truth) in zip(trials, session.trials) {
      #expect(abs(degrees(found.endRange.value) - truth.angle) < 0.3)
      #expect(found.verdict == .valid, "\(found.reasons)")
      let start = try #require(found.plateauStart)
      let end = try #require(found.plateauEnd)
      #expect(abs(start.seconds - truth.start) < 0.4 && abs(end.seconds - truth.end) < 0.4)
      #expect(abs(found.start.seconds - (truth.start - 1.5)) < 0.6)
      #expect(abs(found.end.seconds - (truth.end + 1.4)) < 0.6)
      #expect(abs(degrees(found.baseline) - 5) < 0.5)
    }
  }

  @Test(arguments: [2.5, 4, 7, 12, 20])
  func aRampHasNoPlateau(speed: Double) {
    for rate in [25.0, 100, 500] {
      var session = ScriptedSession(standing: 2)
      session.hold(2)
      session.ramp(to: 35, speed: speed)
      session.ramp(to: 2, speed: speed)
      session.hold(2)
      let trials = run(session.samples(rate: rate))
      #expect(trials.count == 1)
      #expect(trials.first?.plateauStart == nil && trials.first?.reasons.contains(.noPlateau) == true)
    }
  }

  @Test func touchAndGoIsReportedByItsPeakAndSaysSo() throws {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.move(to: 37, in: 1.2)
    session.move(to: 4, in: 1.2)
    session.hold(2)
    let trial = try #require(run(session.samples(rate: 100)).first)
    #expect(trial.kind == .trial)
    #expect(trial.plateauStart == nil)
    #expect(trial.reasons == .noPlateau && trial.verdict == .attention)
    #expect(abs(degrees(trial.endRange.value) - 37) < 0.3)
  }

  @Test func aKnockAtTheWallDoesNotWin() throws {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.lunge(to: 38)
    session.hold(2)
    let samples = session.samples(
      rate: 200, knocks: [(session.trials[0].start - 0.05, 9), (session.trials[0].start + 0.8, 12)])
    let trial = try #require(run(samples).first)
    #expect(abs(degrees(trial.endRange.value) - 38) < 0.3)
    #expect(trial.plateauStart != nil)
  }

  @Test func aKnockAtRestIsNoMovement() {
    var session = ScriptedSession(standing: 4)
    session.hold(10)
    #expect(run(session.samples(rate: 200, knocks: [(3, 30), (5, 40), (5.5, -30)])).isEmpty)
  }

  @Test func theDeepestHoldIsEndRange() throws {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.move(to: 30, in: 1)
    session.hold(1.5)
    session.move(to: 38, in: 0.8)
    session.hold(1.2)
    session.move(to: 33, in: 0.5)
    session.hold(1.5)
    session.move(to: 4, in: 1.2)
    session.hold(2)
    let trials = run(session.samples(rate: 100))
    #expect(trials.count == 1)
    #expect(abs(degrees(try #require(trials.first).endRange.value) - 38) < 0.3)
  }

  @Test func aSmallMovementAndABrokenOffOneAreListedNotCounted() {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.move(to: 12.8, in: 0.8)
    session.move(to: 4, in: 0.8)
    session.hold(2)
    session.lunge(to: 38)
    session.hold(2)
    session.move(to: 20, in: 0.8)
    session.move(to: 4, in: 0.8)
    session.hold(2)
    session.lunge(to: 37)
    session.hold(2)
    let trials = run(session.samples(rate: 100))
    #expect(trials.map(\.kind) == [.aborted, .trial, .aborted, .trial])
    #expect(trials.map(\.number) == [0, 1, 1, 2])
  }

  @Test(arguments: [-12.0, 0, 25, 55])
  func anyStandingAngleWillDo(standing: Double) {
    var session = ScriptedSession(standing: standing)
    session.hold(2)
    session.lunge(to: standing + 30)
    session.hold(2)
    let trials = run(session.samples(rate: 100))
    #expect(trials.count == 1)
    #expect(abs(degrees(trials.first?.endRange.value ?? 0) - standing - 30) < 0.3)
  }

  @Test func aSessionMayBeginInTheMiddleOfAMovement() {
    var session = ScriptedSession(standing: 20)
    session.move(to: 38, in: 1)
    session.hold(2)
    session.move(to: 4, in: 1.4)
    session.hold(2)
    session.lunge(to: 36)
    session.hold(2)
    let counted = run(session.samples(rate: 100)).filter { $0.kind == .trial }
    #expect(counted.count == 1)
    #expect(abs(degrees(counted.first?.endRange.value ?? 0) - 36) < 0.3)
  }

  @Test func aNewRestingAngleIsSaid() throws {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.move(to: 38, in: 1.5)
    session.hold(2)
    session.move(to: 7.5, in: 1.4)
    session.hold(3)
    let trial = try #require(run(session.samples(rate: 100)).first)
    #expect(trial.reasons == .baselineShift && trial.verdict == .attention)
  }

  @Test func lossesInThePlateauInvalidateElsewhereTheyAreSaid() throws {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.lunge(to: 38)
    session.hold(2)
    for (gap, verdict) in [((4.0, 4.3), Verdict.invalid), ((2.4, 2.6), .attention)] {
      var stage = TrialStage(TrialSetting())
      var trials: [Trial] = []
      for sample in session.samples(rate: 100) {
        let t = sample.time.seconds
        if t > gap.0 && t < gap.1 { continue }
        if t >= gap.1 && t < gap.1 + 0.01 {
          stage.noteGap(from: SessionTime(seconds: gap.0), to: SessionTime(seconds: gap.1))
        }
        if let trial = stage.update(sample) { trials.append(trial) }
      }
      while let trial = stage.finish() { trials.append(trial) }
      #expect(trials.count == 1)
      #expect(trials.first?.verdict == verdict)
      #expect(trials.first?.reasons.contains(.gap) == (gap.0 > 2.5 ? true : trials.first?.reasons.contains(.gap)))
    }
  }

  @Test func aSessionThatEndsInTheHoldSaysSo() throws {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.move(to: 38, in: 1.5)
    session.hold(2)
    let trials = run(session.samples(rate: 100))
    #expect(trials.count == 1)
    #expect(trials.first?.reasons == .unfinished && trials.first?.verdict == .invalid)
    #expect(abs(degrees(trials.first?.endRange.value ?? 0) - 38) < 0.3)
  }

  @Test func lungesWithoutAFullReturnAreSeparateTrials() {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    for target in [37.0, 38] {
      session.move(to: target, in: 1.2)
      session.hold(1.5)
      session.move(to: 14, in: 1)
    }
    session.move(to: 4, in: 0.8)
    session.hold(2)
    let trials = run(session.samples(rate: 100)).filter { $0.kind == .trial }
    #expect(trials.map { degrees($0.endRange.value).rounded() } == [37, 38])
  }

  @Test func tremorDoesNotBreakAHold() throws {
    var session = ScriptedSession(standing: 4)
    session.tremorDegrees = 0.4
    session.hold(2)
    session.lunge(to: 38)
    session.hold(2)
    let trial = try #require(run(session.samples(rate: 200)).first)
    #expect(trial.plateauStart != nil)
    #expect(abs(degrees(trial.endRange.value) - 38) < 0.3)
  }

  @Test func whatTheSettingSaysIsInTheTrial() throws {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.lunge(to: 38)
    session.hold(2)
    let lengths = try #require(BodyLengths(height: 1.7))
    let trial = try #require(
      run(
        session.samples(rate: 100), setting: TrialSetting(side: .left, bodyLengths: lengths, mountAssumed: true)
      ).first)
    #expect(trial.side == .left)
    #expect(trial.verdict == .attention && trial.reasons == .mountAssumed)
    let distance = try #require(trial.kneeToWall)
    #expect(abs(distance.value * 100 - 11.9) < 0.25)
  }

  @Test func notANumberIsLeftOut() {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    session.lunge(to: 38)
    session.hold(2)
    var samples = session.samples(rate: 100)
    for index in stride(from: 7, to: samples.count, by: 13) { samples[index].inclination = .nan }
    samples[100].frontalTilt = .infinity
    let trials = run(samples)
    #expect(trials.count == 1)
    #expect(abs(degrees(trials.first?.endRange.value ?? 0) - 38) < 0.3)
  }

  @Test func aSplitRunEqualsAWholeRun() {
    var session = ScriptedSession(standing: 4)
    session.hold(2)
    for target in [36.0, 38] {
      session.lunge(to: target)
      session.hold(2)
    }
    let samples = session.samples(rate: 100)
    let whole = run(samples)
    for cut in stride(from: 50, to: samples.count, by: 171) {
      var first = TrialStage(TrialSetting())
      var trials = samples[..<cut].compactMap { first.update($0) }
      var second = first
      trials += samples[cut...].compactMap { second.update($0) }
      while let trial = second.finish() { trials.append(trial) }
      #expect(trials == whole)
    }
  }

  @Test func randomSessionsHaveExactlyTheTrueTrials() {
    var wrong: [UInt64] = []
    var far = 0
    var total = 0
    for seed in UInt64(1)...300 {
      var random = RandomSource(seed: seed)
      func draw(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.unit() }
      var session = ScriptedSession(standing: draw(-4, 12))
      session.seed = seed
      session.swayDegrees = draw(0.05, 0.3)
      session.tremorDegrees = draw(0, 0.2)
      session.noiseDegrees = draw(0.01, 0.1)
      session.hold(draw(1.2, 3))
      for _ in 0..<Int(draw(3, 6)) {
        session.lunge(
          to: session.angle + draw(18, 42), out: draw(0.8, 3), held: draw(0.9, 4), back: draw(0.7, 2.5))
        session.hold(draw(0.8, 3))
      }
      let rate = [10.0, 20, 50, 100, 250, 1000][Int(random.next() % 6)]
      var knocks: [(time: Double, degrees: Double)] = []
      if random.unit() < 0.3 { knocks = session.trials.map { ($0.start + 0.02, draw(-8, 8)) } }
      let trials = run(session.samples(rate: rate, knocks: knocks)).filter { $0.kind == .trial }
      if trials.count != session.trials.count {
        wrong.append(seed)
        continue
      }
      for (found, truth) in zip(trials, session.trials) {
        total += 1
        if abs(degrees(found.endRange.value) - truth.angle) > 0.4 { far += 1 }
      }
    }
    #expect(wrong.count <= 3, "sessions with other trials: seeds \(wrong)")
    #expect(Double(far) <= 0.05 * Double(total), "\(far) of \(total) end ranges off by more than 0.4°")
  }
}
