import LungeTest
import Motion
import TestKit
import Testing

/// The doubts that need more than the inclination, and movements that are no trials.
@Suite struct DoubtTests {
  /// Rest 2 s, out 1.2 s, hold 2 s, back 1.2 s, rest 2 s, three times.
  private func samples(
    rate: Double = 100, out: Double = 1.2, hold: Double = 2, _ change: (inout InclinationSample, Double) -> Void
  ) -> [InclinationSample] {
    var script = LungeScript()
    script.noise = 0.05
    script.stay(2)
    for _ in 0..<3 {
      script.lunge(to: 38, out: out, hold: hold)
      script.stay(2)
    }
    return script.samples(rate: rate).map { sample in
      var sample = sample
      // The share of the way out, which the other angles go along with.
      change(&sample, sample.inclination * degreesPerRadian / 38)
      return sample
    }
  }

  @Test(arguments: [10.0, 100, 1000], [Side.left, .right])
  func rotationIsMeasuredFromTheStartAndMirrored(rate: Double, side: Side) throws {
    for (turn, isNamed) in [(8.5, false), (-8.5, false), (12, true), (-12, true)] {
      let told = movements(
        samples(rate: rate) { $0.axialRotation = (turn * $1 + 150) * radiansPerDegree }, TrialSetting(side: side))
      #expect(told.count == 3)
      for trial in told {
        #expect(trial.reasons.contains(.axialRotation) == isNamed)
        #expect(trial.verdict == (isNamed ? .attention : .valid))
        let inward = side == .right ? turn : -turn
        #expect(abs(try #require(trial.axialRotation) * degreesPerRadian - inward) < 0.4)
      }
    }
  }

  @Test func withoutAGyroscopeRotationIsNotKnown() {
    for trial in movements(samples { _, _ in }) {
      #expect(trial.axialRotation == nil && trial.heelLift == nil && trial.dorsiflexion == nil)
    }
  }

  @Test(arguments: [10.0, 100])
  func aLiftedHeelIsSeenAndTakenOff(rate: Double) throws {
    for (lift, isNamed) in [(0.0, false), (1.4, false), (2.6, true), (5, true)] {
      let told = movements(samples(rate: rate) { $0.footPitch = (lift * $1 * $1 * $1 + 0.3) * radiansPerDegree })
      #expect(told.count == 3)
      for trial in told {
        #expect(trial.reasons.contains(.heelLift) == isNamed)
        #expect(abs(try #require(trial.heelLift) * degreesPerRadian - lift) < 0.2)
        #expect(abs(try #require(trial.dorsiflexion) * degreesPerRadian - (38 - 0.3 - lift)) < 0.3)
        #expect(trial.verdict == (isNamed ? .attention : .valid))
      }
    }
  }

  @Test func aFlungLungeIsNamed() {
    #expect(movements(samples(out: 0.45, hold: 1) { _, _ in }).allSatisfy { $0.reasons == .tooFast })
    #expect(movements(samples(out: 0.8, hold: 1) { _, _ in }).allSatisfy { $0.reasons == [] })
  }

  @Test func withoutAGyroscopeWhatWasNotHeldIsNoEndRange() {
    let held = movements(samples { sample, _ in sample.flags.insert(.quasiStatic) })
    #expect(held.count == 3 && held.allSatisfy { $0.verdict == .valid })
    let touched = movements(samples(hold: 0) { sample, _ in sample.flags.insert(.quasiStatic) })
    #expect(touched.counted.count == 3)
    #expect(touched.allSatisfy { $0.reasons == [.noPlateau, .tooFast] && $0.verdict == .invalid })
  }

  @Test func resynchronisationInsideIsNamed() {
    let told = movements(
      samples { sample, _ in if abs(sample.time.seconds - 2.9) < 0.006 { sample.flags.insert(.resynchronised) } })
    #expect(told.map(\.reasons) == [.resynchronised, [], []])
  }

  @Test func unknownUncertaintyIsNamed() {
    let told = movements(samples { sample, _ in sample.inclinationSD = .nan })
    #expect(told.count == 3 && told.allSatisfy { $0.reasons == .uncertaintyUnknown && $0.verdict == .attention })
  }

  @Test func tiltIsMedialPositive() {
    for (side, sign) in [(Side.left, 1.0), (.right, -1)] {
      let told = movements(
        samples { $0.frontalTilt = 7 * $1 * radiansPerDegree }, TrialSetting(side: side))
      for trial in told {
        #expect(abs(trial.frontalTilt * degreesPerRadian - 7 * sign) < 0.3)
        #expect(trial.reasons == .frontalTilt)
      }
    }
  }

  @Test func whatIsCalibrationIsNoTrial() {
    var script = LungeScript()
    script.stay(2)
    for _ in 0..<3 { script.lunge(to: 17, out: 0.8, hold: 0, back: 0.8) }
    script.stay(2)
    let calibrated = script.duration
    for _ in 0..<3 {
      script.lunge(to: 36, hold: 1)
      script.stay(2)
    }
    let told = movements(
      script.samples(rate: 100).map { sample in
        var sample = sample
        if sample.time.seconds < calibrated { sample.flags.insert(.calibrating) }
        return sample
      })
    #expect(told.filter { $0.kind == .calibration }.count == 3)
    #expect(told.counted.map(\.number) == [1, 2, 3])
  }

  @Test(arguments: allRates)
  func aTryBeforeTheTrialsIsPractice(rate: Double) {
    var script = LungeScript(standing: 4)
    script.noise = 0.05
    script.stay(2)
    for share in [0.7, 0.76] {
      script.move(to: 4 + 34 * share, in: 1)
      script.move(to: 4, in: 1)
      script.stay(2)
    }
    for _ in 0..<3 {
      script.lunge(to: 38, hold: 1)
      script.stay(2)
    }
    let told = movements(script.samples(rate: rate))
    #expect(told.map(\.kind) == [.practice, .practice, .trial, .trial, .trial])
    #expect(told.map(\.number) == [0, 0, 1, 2, 3])
    #expect(zip(told, told.dropFirst()).allSatisfy { $0.start < $1.start })
  }

  /// The slow turn of a lunge that goes half the way is level for half a second: only what follows says that it was no end range.
  @Test func aSlowTurnHalfWayIsNoTrial() {
    var script = LungeScript(standing: 5)
    script.stay(3)
    script.move(to: 20, in: 1.6)
    script.move(to: 5, in: 1.4)
    script.stay(3)
    for _ in 0..<3 {
      script.lunge(to: 38, out: 1.6, hold: 2, back: 1.4)
      script.stay(2.5)
    }
    let told = movements(script.samples(rate: 100))
    #expect(told.map(\.kind) == [.aborted, .trial, .trial, .trial])
  }

  @Test func touchAndGoAloneAreTrialsAndToldInTime() throws {
    var script = LungeScript()
    script.stay(2)
    for _ in 0..<4 {
      script.lunge(to: 38, hold: 0)
      script.stay(2)
    }
    let samples = script.samples(rate: 100)
    #expect(movements(samples).map(\.kind) == [.trial, .trial, .trial, .trial])
    // One alone waits, but not for ever.
    script = LungeScript()
    script.stay(2)
    script.lunge(to: 38, hold: 0)
    let end = script.duration
    script.stay(40)
    var stage = TrialStage(TrialSetting())
    var told: Double?
    for sample in script.samples(rate: 100) where stage.update(sample) != nil { told = sample.time.seconds }
    #expect(abs(try #require(told) - end - 15) < 0.5)
  }

  @Test func announcedPracticeIsNotCounted() {
    var script = LungeScript()
    script.stay(2)
    for _ in 0..<5 {
      script.lunge(to: 38, hold: 1)
      script.stay(2)
    }
    let told = movements(script.samples(rate: 100), TrialSetting(practice: 2))
    #expect(told.map(\.kind) == [.practice, .practice, .trial, .trial, .trial])
  }
}

/// The other tests of the table, each on a movement that it is made for.
@Suite struct TestProtocolTests {
  private func test(_ name: String) throws -> TestProtocol { try #require(TestProtocol.named(name)) }

  @Test func namesAreUniqueAndEveryTestSaysWhatItIs() {
    #expect(Set(TestProtocol.all.map(\.name)).count == TestProtocol.all.count)
    for test in TestProtocol.all {
      #expect(test.trials >= 3 && !test.measures.isEmpty && !test.invalid.isEmpty && !test.instruction.isEmpty)
    }
  }

  /// The foot moves and the shank does not.
  @Test(arguments: [("unweighted-active", -18.0, 18.0), ("plantarflexion", 45, 45)])
  func theFreeFoot(name: String, pitch: Double, expected: Double) throws {
    var script = LungeScript()
    script.noise = 0.05
    script.stay(2)
    for _ in 0..<3 {
      script.lunge(to: pitch, hold: 1.5)
      script.stay(2)
    }
    let samples = script.samples(rate: 100).map { sample in
      var sample = sample
      sample.footPitch = sample.inclination
      sample.footPitchSD = sample.inclinationSD
      sample.inclination = 0
      return sample
    }
    let told = movements(samples, TrialSetting(test: try test(name)))
    #expect(told.counted.count == 3)
    for trial in told { #expect(abs(trial.endRangeDegrees - expected) < 0.2 && trial.verdict == .valid) }
    let withoutFoot = movements(script.samples(rate: 100), TrialSetting(test: try test(name)))
    #expect(withoutFoot.isEmpty)
  }

  @Test func theSquatIsJudgedByItsTilt() throws {
    var script = LungeScript()
    script.noise = 0.05
    script.frontalPerDegree = -8.0 / 25
    script.stay(2)
    for _ in 0..<5 {
      script.lunge(to: 25, out: 1, hold: 0, back: 1)
      script.stay(1.5)
    }
    let setting = TrialSetting(side: .right, test: try test("single-leg-squat"))
    let told = movements(script.samples(rate: 100), setting)
    #expect(told.counted.count == 5)
    for trial in told {
      #expect(trial.verdict == .valid)
      #expect(abs(trial.measured(.frontalTilt).value * degreesPerRadian - 8) < 0.4)
    }
  }

  @Test func theKneesFlexionIsAChange() throws {
    var script = LungeScript(standing: -85)
    script.noise = 0.05
    script.stay(2)
    for _ in 0..<3 {
      script.lunge(to: 45, out: 2, hold: 1.5, back: 2)
      script.stay(2)
    }
    let told = movements(script.samples(rate: 100), TrialSetting(test: try test("terminal-knee-flexion")))
    #expect(told.counted.count == 3)
    for trial in told { #expect(abs(trial.measured(.inclinationChange).value * degreesPerRadian - 130) < 0.3) }
  }
}
