import LungeTest
import Motion
import TestKit
import Testing

/// For each reason: how often it is named when it is there, and when it is not. Sizes are drawn: 1.15 to 2 times the limit when it is there, none to 0.85
/// times the limit when it is not, at rates from 10 Hz to 1 kHz, with noise and tremor.
@Suite struct VerdictFigures {
  private struct Case {
    var name: String
    var reason: Trial.Reasons
    /// Builds one session of one trial and damages it by a share of the limit.
    var make: (_ share: Double, _ random: inout RandomSource) -> [InclinationSample]
  }

  private static func script(_ random: inout RandomSource, out: Double = 1.3, hold: Double = 1.5) -> LungeScript {
    var script = LungeScript(standing: 8 * random.unit())
    script.noise = 0.02 + 0.15 * random.unit()
    script.tremor = (0.2 * random.unit(), 5 + 5 * random.unit())
    script.stay(2)
    script.lunge(to: script.standing + 24 + 12 * random.unit(), out: out, hold: hold)
    script.stay(2.5)
    return script
  }

  private static func rate(_ random: inout RandomSource) -> Double {
    [10, 25, 50, 100, 200, 400, 1000][Int(random.next() % 7)]
  }

  /// A change that grows with the way out.
  private static func along(
    _ limit: Double, _ path: WritableKeyPath<InclinationSample, Double>
  ) -> (Double, inout RandomSource) -> [InclinationSample] {
    { share, random in
      let script = script(&random)
      let (low, high) = (script.standing, script.trials[0].endRange)
      let noise = 0.1 * radiansPerDegree
      return script.samples(rate: rate(&random), seed: random.next()).map { sample in
        var sample = sample
        let way = (sample.inclination * degreesPerRadian - low) / (high - low)
        sample[keyPath: path] = share * limit * way * radiansPerDegree + noise * gauss(&random)
        return sample
      }
    }
  }

  private static func flagged(
    _ change: @escaping (inout InclinationSample, Double) -> Void
  ) -> (Double, inout RandomSource) -> [InclinationSample] {
    { share, random in
      let script = script(&random)
      // Inside the trial, or at rest before it.
      let at = share > 1 ? 2.3 + 3 * random.unit() : 0.4 + random.unit()
      return script.samples(rate: rate(&random), seed: random.next()).map { sample in
        var sample = sample
        if abs(sample.time.seconds - at) < 0.06 { change(&sample, at) }
        return sample
      }
    }
  }

  private static var cases: [Case] {
    [
      Case(name: "frontal tilt", reason: .frontalTilt, make: along(5, \.frontalTilt)),
      Case(name: "axial rotation", reason: .axialRotation, make: along(10, \.axialRotation)),
      Case(name: "heel lift", reason: .heelLift, make: along(2, \.footPitch)),
      Case(name: "no plateau", reason: .noPlateau) { share, random in
        let script = script(&random, hold: share > 1 ? 0 : 0.9 + random.unit())
        return script.samples(rate: rate(&random), seed: random.next())
      },
      Case(name: "baseline shift", reason: .baselineShift) { share, random in
        var script = LungeScript(standing: 5)
        script.noise = 0.02 + 0.15 * random.unit()
        script.stay(2)
        script.lunge(to: 36, hold: 1.5, rest: 5 + 2 * share)
        script.stay(2.5)
        return script.samples(rate: rate(&random), seed: random.next())
      },
      Case(name: "gap", reason: .gap) { share, random in
        let script = script(&random)
        let at = share > 1 ? 2.4 + 2.5 * random.unit() : 0.3 + 0.5 * random.unit()
        return script.samples(rate: rate(&random), seed: random.next()).filter {
          !(at..<(at + 0.7)).contains($0.time.seconds)
        }
      },
      Case(name: "saturation", reason: .saturated, make: flagged { sample, _ in sample.flags.insert(.saturated) }),
      Case(
        name: "resynchronisation", reason: .resynchronised,
        make: flagged { sample, _ in sample.flags.insert(.resynchronised) }),
      Case(
        name: "not converged", reason: .notConverged,
        make: flagged { sample, _ in sample.flags.insert(.notConverged) }),
      Case(name: "too fast", reason: .tooFast) { share, random in
        var script = LungeScript(standing: 4)
        script.stay(2)
        // A movement of least jerk peaks at 15/8 of its mean rate.
        script.lunge(to: 38, out: 34 * 1.875 / (130 * share.clamped(0.4, 2)), hold: 1.2)
        script.stay(2.5)
        return script.samples(rate: rate(&random), seed: random.next())
      },
      Case(name: "uncertainty unknown", reason: .uncertaintyUnknown) { share, random in
        script(&random).samples(rate: rate(&random), seed: random.next()).map { sample in
          var sample = sample
          if share > 1 { sample.inclinationSD = .nan }
          return sample
        }
      },
      Case(name: "unfinished", reason: .unfinished) { share, random in
        script(&random).samples(rate: rate(&random), seed: random.next()).filter {
          share <= 1 || $0.time.seconds < 4.2
        }
      },
    ]
  }

  @Test func everyReasonIsNamedWhenItIsThereAndOnlyThen() {
    for one in Self.cases {
      var (seen, there, alarms, absent) = (0, 0, 0, 0)
      for seed in UInt64(1)...60 {
        var random = RandomSource(seed: seed &* 7919)
        for isThere in [true, false] {
          let share = isThere ? 1.15 + 0.85 * random.unit() : 0.85 * random.unit()
          let told = movements(one.make(share, &random)).filter { $0.kind == .trial }
          let isNamed = told.contains { $0.reasons.contains(one.reason) }
          if isThere {
            there += 1
            seen += isNamed ? 1 : 0
          } else {
            absent += 1
            alarms += isNamed ? 1 : 0
          }
        }
      }
      print("verdict: \(one.name): seen \(seen) of \(there), false alarms \(alarms) of \(absent)")
      #expect(Double(seen) >= 0.95 * Double(there), "\(one.name)")
      #expect(Double(alarms) <= 0.05 * Double(absent), "\(one.name)")
    }
  }
}

extension Double {
  fileprivate func clamped(_ low: Double, _ high: Double) -> Double { min(max(self, low), high) }
}
