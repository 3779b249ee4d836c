import AnkleKinematics
import LungeTest
import Motion
import TestKit
import Testing

@Suite struct VerdictTests {
  /// Rest 2 s, out 1.2 s, hold 2 s (3.2 s to 5.2 s), back 1.2 s, rest 2 s.
  private func script(hold: Double = 2) -> LungeScript {
    var script = LungeScript()
    script.noise = 0.05
    script.stay(2)
    script.lunge(to: 38, hold: hold)
    script.stay(2)
    return script
  }

  private func onlyTrial(
    _ samples: [InclinationSample], _ setting: TrialSetting = TrialSetting(), gap: ClosedRange<Double>? = nil
  ) throws -> Trial {
    var stage = TrialStage(setting)
    var told: [Trial] = []
    var last: SessionTime?
    for sample in samples where !(gap.map { $0.contains(sample.time.seconds) } ?? false) {
      if let gap, let last, last.seconds < gap.lowerBound, sample.time.seconds > gap.upperBound {
        stage.noteGap(from: last, to: sample.time)
      }
      last = sample.time
      if let trial = stage.update(sample) { told.append(trial) }
    }
    while let trial = stage.finish() { told.append(trial) }
    try #require(told.count == 1)
    return told[0]
  }

  @Test(arguments: [10.0, 100, 1000])
  func aGapOnThePlateauSpoilsTheTrial(rate: Double) throws {
    let trial = try onlyTrial(script().samples(rate: rate), gap: 4.0...4.35)
    #expect(trial.reasons == .gap && trial.verdict == .invalid && trial.kind == .trial)
  }

  @Test func oneLostFrameOnThePlateauIsAttention() throws {
    let trial = try onlyTrial(script().samples(rate: 100), gap: 4.001...4.025)
    #expect(trial.reasons == .gap && trial.verdict == .attention)
  }

  @Test(arguments: [2.4...2.7, 5.8...6.1], [10.0, 100, 1000])
  func aGapElsewhereIsAttention(gap: ClosedRange<Double>, rate: Double) throws {
    let trial = try onlyTrial(script().samples(rate: rate), gap: gap)
    #expect(trial.reasons == .gap && trial.verdict == .attention)
    #expect(abs(trial.endRangeDegrees - 38) < 0.3)
  }

  @Test func aGapWithoutAPlateauSpoilsTheTrial() throws {
    let trial = try onlyTrial(script(hold: 0).samples(rate: 100), gap: 2.9...3.2)
    #expect(trial.reasons == [.gap, .noPlateau] && trial.verdict == .invalid)
  }

  @Test func aGapAtRestIsNotTheTrials() throws {
    let trial = try onlyTrial(script().samples(rate: 100), gap: 1.0...1.3)
    #expect(trial.reasons == [] && trial.verdict == .valid)
  }

  @Test func anUnannouncedHoleIsAGap() throws {
    let samples = script().samples(rate: 100).filter { !(4.0...4.7).contains($0.time.seconds) }
    let trial = try onlyTrial(samples)
    #expect(trial.reasons == .gap && trial.verdict == .invalid)
  }

  @Test func aLongGapEndsTheMovement() throws {
    var script = script(hold: 8)
    script.lunge(to: 37, hold: 1)
    script.stay(2)
    let samples = script.samples(rate: 100).filter { !(5.0...9.5).contains($0.time.seconds) }
    let told = movements(samples)
    #expect(told.first?.verdict == .invalid)
    #expect(told.first?.reasons.contains(.unfinished) == true)
    #expect(told.counted.last?.reasons == [])
    #expect(abs((told.last?.endRangeDegrees ?? 0) - 37) < 0.3)
  }

  @Test(arguments: [(4.0, Verdict.invalid), (5.8, .attention), (1.0, .valid)])
  func saturation(at time: Double, verdict: Verdict) throws {
    let samples = script().samples(rate: 100).map { sample in
      var sample = sample
      if abs(sample.time.seconds - time) < 0.02 { sample.flags.insert(.saturated) }
      return sample
    }
    let trial = try onlyTrial(samples)
    #expect(trial.verdict == verdict)
    #expect(trial.reasons == (verdict == .valid ? [] : .saturated))
  }

  @Test func notConvergedIsInvalid() throws {
    let samples = script().samples(rate: 100).map { sample in
      var sample = sample
      if sample.time.seconds < 2.6 { sample.flags.insert(.notConverged) }
      return sample
    }
    let trial = try onlyTrial(samples)
    #expect(trial.reasons == .notConverged && trial.verdict == .invalid)
  }

  @Test func anAssumedMountIsNeverBetterThanAttention() throws {
    let trial = try onlyTrial(script().samples(rate: 100), TrialSetting(mountAssumed: true))
    #expect(trial.reasons == .mountAssumed && trial.verdict == .attention)
  }

  @Test func theFrontalTiltIsMeasuredFromStanding() throws {
    var script = script()
    script.frontalPerDegree = -4.5 / 38
    let straight = try onlyTrial(script.samples(rate: 100))
    #expect(straight.reasons == [])
    script.frontalPerDegree = -6.0 / 38
    let trial = try onlyTrial(script.samples(rate: 100))
    #expect(trial.reasons == .frontalTilt && trial.verdict == .attention)
    #expect(abs(trial.frontalTilt * degreesPerRadian - 6) < 0.1)
  }

  @Test func anUnfinishedMovementIsInvalidAndTold() throws {
    let samples = script().samples(rate: 100).filter { $0.time.seconds < 4.5 }
    let trial = try onlyTrial(samples)
    #expect(trial.reasons == .unfinished && trial.verdict == .invalid && trial.kind == .trial)
  }

  @Test func aTrialWaitsForRestAndNotLonger() throws {
    // Quiet at once after the return: told within a second. Never quiet: told after the settle time.
    func delay(_ unrest: Double) throws -> Double {
      var script = LungeScript()
      script.stay(2)
      script.lunge(to: 38, hold: 1)
      for i in 0..<40 { script.move(to: i % 2 == 0 ? unrest : 0, in: 0.2) }
      var stage = TrialStage(TrialSetting(practice: 0))
      for sample in script.samples(rate: 100) {
        if let trial = stage.update(sample) { return sample.time.seconds(since: trial.end) }
      }
      throw Missing()
    }
    let quiet = try delay(0)
    #expect(quiet < 1)
    let unquiet = try delay(3)
    #expect(1.2 < unquiet && unquiet < 1.7)
  }

  struct Missing: Error {}

  @Test func nonsenseSamplesAreCountedAndChangeNothing() {
    let clean = script().samples(rate: 100)
    let expected = movements(clean)
    var stage = TrialStage(TrialSetting())
    var told: [Trial] = []
    var planted: UInt64 = 0
    for (i, sample) in clean.enumerated() {
      if i % 7 == 3 {
        var bad = sample
        switch i % 6 {
        case 0: bad.inclination = .nan
        case 1: bad.inclination = .infinity
        case 2: bad.inclinationSD = -.infinity
        case 3: bad.frontalTilt = -.infinity
        case 4: bad.inclination = 1e300
        default: bad.time = SessionTime(nanoseconds: sample.time.nanoseconds - 1_000_000_000)
        }
        if i > 0 {
          planted += 1
          if let trial = stage.update(bad) { told.append(trial) }
        }
      }
      if let trial = stage.update(sample) { told.append(trial) }
    }
    while let trial = stage.finish() { told.append(trial) }
    #expect(stage.ignoredSamples == planted)
    #expect(told == expected)
  }

  @Test func extremeTimesDoNotTrap() {
    var stage = TrialStage(TrialSetting())
    for time in [Int64.min, Int64.min + 1, -1, 0, 1, Int64.max / 2, Int64.max - 1, Int64.max, Int64.max] {
      stage.noteGap(from: SessionTime(nanoseconds: .max), to: SessionTime(nanoseconds: .min))
      _ = stage.update(
        InclinationSample(
          time: SessionTime(nanoseconds: time), inclination: 0.1, inclinationSD: 0.01, frontalTilt: 0))
    }
    while stage.finish() != nil {}
  }

  @Test func noiseOfAnySizeNeverMakesANumberThatIsNone() {
    for seed in UInt64(0)..<40 {
      var random = RandomSource(seed: seed)
      var stage = TrialStage(TrialSetting(distance: BodyLengths(height: 1.7).map { .longAxis($0) }))
      var time: Int64 = 0
      var value = 0.0
      var told: [Trial] = []
      for _ in 0..<4_000 {
        time += Int64(random.unit() * random.unit() * 2e8)
        value = 0.97 * value + 0.15 * gauss(&random)
        let sample = InclinationSample(
          time: SessionTime(nanoseconds: time), inclination: value, inclinationSD: random.unit(),
          frontalTilt: gauss(&random), flags: .init(rawValue: UInt8(truncatingIfNeeded: random.next() >> 62)))
        if random.unit() < 0.003 {
          stage.noteGap(from: SessionTime(nanoseconds: time - 1), to: SessionTime(nanoseconds: time))
        }
        if let trial = stage.update(sample) { told.append(trial) }
      }
      while let trial = stage.finish() { told.append(trial) }
      for trial in told {
        let numbers = [
          trial.endRange.value, trial.endRange.sd, trial.commonSD, trial.baseline, trial.peakRate, trial.frontalTilt,
        ]
        #expect(numbers.allSatisfy { $0.isFinite }, "seed \(seed)")
        #expect(trial.start <= trial.end, "seed \(seed)")
        if let a = trial.plateauStart, let b = trial.plateauEnd {
          #expect(trial.start <= a && a < b && b <= trial.end, "seed \(seed)")
        }
      }
    }
  }
}
