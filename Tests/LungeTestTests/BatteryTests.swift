import LungeTest
import Motion
import TestKit
import Testing

/// Sessions as people make them, drawn at random, with everything that misleads.
@Suite struct BatteryTests {
  struct Session {
    var script: LungeScript
    var rate: Double
  }

  static func session(_ seed: UInt64) -> Session {
    var random = RandomSource(seed: seed)
    func among(_ a: Double, _ b: Double) -> Double { a + (b - a) * random.unit() }
    let rates: [Double] = [10, 20, 25, 50, 50, 60, 100, 100, 100, 200, 200, 400, 1000]
    let rate = rates[Int(random.next() % UInt64(rates.count))]
    let standing = random.unit() < 0.15 ? among(15, 35) : among(-6, 10)
    let end = standing + among(22, 40)
    var script = LungeScript(standing: standing)
    script.noise = among(0.02, 0.25)
    script.tremor = (random.unit() < 0.4 ? among(0.05, 0.5) : 0, among(4, 11))
    if random.unit() < 0.85 { script.stay(among(0.8, 4)) }
    // Practice below counting size.
    if random.unit() < 0.3 {
      script.move(to: standing + among(4, 8.5), in: among(0.6, 1.2))
      script.stay(among(0, 1))
      script.move(to: standing, in: among(0.6, 1.2))
      script.stay(among(0.5, 2))
    }
    for _ in 0..<(3 + Int(random.next() % 3)) {
      let target = end + among(-2, 2)
      let speed = among(0.8, 2.5)
      switch random.unit() {
      case ..<0.12:
        script.lunge(to: target, out: among(0.7, 1.3), hold: 0, back: among(0.7, 1.3))
      case ..<0.24:
        // A slow ramp to the wall, by hand's breadths.
        script.ramp(to: target - 1, rate: among(2.5, 9))
        script.lunge(to: target, out: 0.5, hold: among(0.9, 3), back: speed)
      case ..<0.34:
        // A pause on the way.
        script.move(to: standing + 0.5 * (target - standing), in: speed)
        script.stay(among(0.3, 1.5))
        script.lunge(to: target, out: among(0.6, 1), hold: among(0.9, 3), back: speed)
      default:
        script.lunge(to: target, out: speed, hold: among(0.8, 4), back: among(0.8, 2))
      }
      if random.unit() < 0.4, let hold = script.trials.last?.hold {
        script.knocks.append(
          .init(
            time: hold.lowerBound + among(-0.1, 0.05), angle: among(-6, 8), duration: among(0.02, 0.09)))
      }
      script.stay(random.unit() < 0.2 ? among(0.15, 0.6) : among(0.8, 4))
      if random.unit() < 0.2 {
        // Broken off before half way, not held.
        let half = standing + among(0.2, 0.5) * (end - standing)
        script.move(to: half, in: among(0.6, 1.2))
        script.move(to: standing, in: among(0.6, 1.2))
        script.stay(among(0.6, 2))
      }
    }
    script.stay(1)
    return Session(script: script, rate: rate)
  }

  @Test func threeHundredSessions() {
    var exact = 0
    var errors: [Double] = []
    var heldErrors: [Double] = []
    var falsePlateaus = 0
    var missedPlateaus = 0
    var touched = 0
    var held = 0
    var failed: [String] = []
    let sessions: UInt64 = 300
    for seed in 1...sessions {
      let session = Self.session(seed)
      let truth = session.script.trials
      let told = movements(session.script.samples(rate: session.rate, seed: seed, jitter: 0.4)).counted
      let matches =
        told.count == truth.count
        && zip(told, truth).allSatisfy {
          $0.start.seconds < $1.end && $0.end.seconds > $1.start
        }
      guard matches else {
        failed.append("seed \(seed) at \(session.rate) Hz: \(told.count) for \(truth.count)")
        continue
      }
      exact += 1
      for (trial, true_) in zip(told, truth) {
        let error = abs(trial.endRangeDegrees - true_.endRange)
        errors.append(error)
        if error > 0.6 {
          print("seed \(seed) at \(session.rate) Hz: end range off by \(error), plateau \(trial.plateauStart != nil)")
        }
        if true_.hold == nil {
          touched += 1
          if trial.plateauStart != nil { falsePlateaus += 1 }
        } else {
          held += 1
          heldErrors.append(error)
          if trial.plateauStart == nil { missedPlateaus += 1 }
        }
      }
    }
    errors.sort()
    let within = errors.count { $0 <= 0.3 }
    print(
      """
      battery: \(exact) of \(sessions) sessions with exactly the true trials; \(errors.count) trials, end range within \
      0.3° in \(within), greatest error \(errors.last ?? 0)°; false plateaus \(falsePlateaus) of \(touched) touched, \
      missed \(missedPlateaus) of \(held) held
      """)
    for line in failed { print("battery failed: \(line)") }
    #expect(Double(exact) >= 0.99 * Double(sessions), "\(failed)")
    #expect(Double(within) >= 0.95 * Double(errors.count))
    #expect(falsePlateaus == 0)
    #expect(Double(missedPlateaus) <= 0.02 * Double(held))
  }

  /// The same with unsteady people: only the number of trials is asked for, end range has no exact truth then.
  @Test func unsteadySessions() {
    var exact = 0
    var failed: [String] = []
    let seeds = 1001...UInt64(1200)
    for seed in seeds {
      var session = Self.session(seed)
      var random = RandomSource(seed: seed &+ 77)
      session.script.sway = (0.3 + 0.9 * random.unit(), 0.1 + 0.4 * random.unit())
      session.script.tremor = (0.3 + 0.6 * random.unit(), 4 + 6 * random.unit())
      for _ in 0..<4 {
        session.script.knocks.append(
          .init(
            time: random.unit() * session.script.duration, angle: 24 * random.unit() - 12,
            duration: 0.03 + 0.07 * random.unit()))
      }
      var samples = session.script.samples(rate: session.rate, seed: seed, jitter: 0.6)
      // Frames are lost now and then.
      samples.removeAll { _ in random.unit() < 0.02 }
      let told = movements(samples).counted
      if told.count == session.script.trials.count {
        exact += 1
      } else {
        failed.append("seed \(seed) at \(session.rate) Hz: \(told.count) for \(session.script.trials.count)")
      }
    }
    print("unsteady battery: \(exact) of \(seeds.count) sessions with exactly the true trials")
    for line in failed { print("battery failed: \(line)") }
    #expect(Double(exact) >= 0.97 * Double(seeds.count), "\(failed)")
  }

  @Test func noPlateauOnAHundredNoisyRamps() {
    for seed in UInt64(1)...100 {
      var random = RandomSource(seed: seed)
      let rate = allRates[Int(random.next() % 6)]
      var script = LungeScript(standing: 5 * random.unit())
      script.noise = 0.05 + 0.15 * random.unit()
      script.stay(2)
      let slope = 3 + 17 * random.unit()
      script.ramp(to: script.standing + 25 + 15 * random.unit(), rate: slope)
      script.ramp(to: script.standing, rate: slope)
      script.stay(2)
      let told = movements(script.samples(rate: rate, seed: seed, jitter: 0.3))
      #expect(told.count == 1 && told[0].plateauStart == nil, "seed \(seed), \(rate) Hz, \(slope)°/s")
    }
  }
}
