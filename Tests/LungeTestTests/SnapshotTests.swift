import LungeTest
import Motion
import TestKit
import Testing

@Suite struct SnapshotTests {
  private static func session(_ rate: Double) -> [InclinationSample] {
    var script = LungeScript(standing: 3)
    script.noise = 0.15
    script.tremor = (0.2, 7)
    script.stay(1)
    for hold in [1.0, 0, 1.4] {
      script.lunge(to: 38, hold: hold)
      script.stay(0.7)
    }
    return script.samples(rate: rate, seed: 9, jitter: 0.5)
  }

  @Test(arguments: [10.0, 100, 500])
  func aCopyContinuesAsTheOriginalWould(rate: Double) {
    let samples = Self.session(rate)
    let whole = movements(samples)
    #expect(whole.count == 3)
    let cuts = stride(from: 0, through: samples.count, by: max(samples.count / 60, 1))
    for cut in cuts {
      var stage = TrialStage(TrialSetting())
      var told: [Trial] = []
      for sample in samples[..<cut] { if let trial = stage.update(sample) { told.append(trial) } }
      var copy = stage
      // The original goes on into something else; the copy must not notice.
      for i in 0..<50 {
        _ = stage.update(
          InclinationSample(
            time: SessionTime(seconds: 1000 + Double(i)), inclination: 1, inclinationSD: 1, frontalTilt: 1))
      }
      for sample in samples[cut...] { if let trial = copy.update(sample) { told.append(trial) } }
      while let trial = copy.finish() { told.append(trial) }
      #expect(told == whole, "cut at \(cut)")
    }
  }

  @Test func whatWasToldIsAPrefixOfWhatWillBe() {
    let samples = Self.session(100)
    let whole = movements(samples)
    var stage = TrialStage(TrialSetting())
    var told: [Trial] = []
    for sample in samples {
      if let trial = stage.update(sample) {
        told.append(trial)
        #expect(told == Array(whole.prefix(told.count)))
      }
    }
  }

  @Test func onlyDifferencesOfTimeMatter() {
    let samples = Self.session(100)
    let shifted = samples.map { sample in
      var sample = sample
      // Ten days on, by whole bins.
      sample.time = SessionTime(nanoseconds: sample.time.nanoseconds + 864_000_000_000_000)
      return sample
    }
    let a = movements(samples)
    let b = movements(shifted)
    #expect(a.count == b.count)
    for (x, y) in zip(a, b) {
      #expect(abs(x.endRange.value - y.endRange.value) < 1e-9)
      #expect(x.reasons == y.reasons)
      #expect(y.start.nanoseconds - x.start.nanoseconds == 864_000_000_000_000)
    }
  }
}
