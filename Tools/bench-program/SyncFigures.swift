import Glibc
import Motion
import Timebase

/// How well two recordings of one event are aligned, on pairs made here and tuned on nowhere: knocks that both feel, and a common rotation, seen by two
/// sensors of other rates (25 to 1000 Hz), mounts, noises and clocks, up to 5 s apart. And pairs that must not be aligned.
enum SyncFigures {
  static func run(pairs count: Int = 120) {
    for (name, make) in [("knock", knocks), ("rotation", turns)] as [(String, (inout Random) -> Event)] {
      for (group, rates) in [
        ("slow", [25.0, 50, 60]), ("usual", [100.0, 128, 200, 250]), ("fast", [400.0, 500, 1000]),
      ] {
        judge(name, group, rates, count, make)
      }
    }
    var refused = (alike: 0, unlike: 0, turning: 0, wrong: 0)
    for seed in 1...count {
      var random = Random(seed: UInt64(7000 + seed))
      let beat = evenKnocks(&random)
      if let error = align(beat, beat, random: &random, rates: [100, 128, 200, 500]) {
        if error > 0.02 { refused.wrong += 1 }
      } else {
        refused.alike += 1
      }
      if align(knocks(&random), knocks(&random), random: &random, rates: [100, 128, 200, 500]) == nil {
        refused.unlike += 1
      }
      if align(turns(&random), turns(&random), random: &random, rates: [100, 128, 200, 500]) == nil {
        refused.turning += 1
      }
    }
    print(
      "timebase.sync.even_knocks_wrong \(refused.wrong) of \(count) (equal knocks at an even beat, one recording cut; \(refused.alike) refused)"
    )
    print("timebase.sync.strangers_refused \(refused.unlike) of \(count) (two recordings of other knocks)")
    print("timebase.sync.strangers_turning_refused \(refused.turning) of \(count) (two recordings of other turns)")
  }

  /// What both sensors feel at an instant (s): the size of the acceleration, m/s², or of the angular rate, rad/s.
  private struct Event {
    var length: Double
    var rest: Double
    var noise: Double
    /// An even beat is cut off in one recording.
    var cut = 0.0
    var size: @Sendable (Double) -> Double
  }

  private static func judge(
    _ name: String, _ group: String, _ rates: [Double], _ count: Int, _ make: (inout Random) -> Event
  ) {
    var errors: [Double] = []
    var refused = 0
    for seed in 1...count {
      var random = Random(seed: UInt64(seed) &+ (name == "knock" ? 4000 : 5000))
      let event = make(&random)
      if let error = align(event, event, random: &random, rates: rates) { errors.append(error) } else { refused += 1 }
    }
    errors.sort()
    func part(_ share: Double) -> String {
      errors.isEmpty ? "nan" : fixed(errors[min(Int(share * Double(errors.count)), errors.count - 1)] * 1e3, 2)
    }
    let what =
      "\(errors.count) of \(count) pairs at \(fixed(rates[0], 0)) to \(fixed(rates[rates.count - 1], 0)) Hz aligned"
    print(
      "timebase.sync.\(name).\(group).error_median \(part(0.5)) ms (\(what), offsets within 5 s, up to 100 ppm apart)")
    print("timebase.sync.\(name).\(group).error_p95 \(part(0.95)) ms (the same)")
    print("timebase.sync.\(name).\(group).error_max \(part(1)) ms (the same)")
    print("timebase.sync.\(name).\(group).refused \(refused) (of \(count): nothing is said of them)")
  }

  /// The error of the offset at the middle of the overlap, s; nil where it was refused.
  private static func align(_ a: Event, _ b: Event, random: inout Random, rates: [Double]) -> Double? {
    func any() -> Double { rates[Int(random.unit() * Double(rates.count)) % rates.count] }
    let (rateA, rateB) = (any(), any())
    let offset = -5 + 10 * random.unit()
    let drift = 1e-4 * (2 * random.unit() - 1)
    let step = 1 / min(max(rateA, rateB), 400)
    let first = record(a, rate: rateA, from: 0, drift: 0, step: step, cut: 0, &random)
    let second = record(b, rate: rateB, from: offset, drift: drift, step: step, cut: b.cut, &random)
    guard let found = try? MotionAlignment.find(first, second, step: step, greatestOffset: 10) else { return nil }
    // At the middle of the overlap, in the second's time.
    let middle = max(0, -found.offset) + found.overlap / 2
    return abs(found.offset - (offset + middle / (1 + drift) - middle))
  }

  /// A sensor's samples, brought to even steps in straight lines as `talus sync` does it.
  private static func record(
    _ event: Event, rate: Double, from start: Double, drift: Double, step: Double, cut: Double, _ random: inout Random
  ) -> [Double] {
    let gain = 0.97 + 0.06 * random.unit()
    let noise = event.noise * (0.3 + 1.4 * random.unit())
    let phase = random.unit() / rate
    var values: [Double] = []
    for number in 0..<Int((event.length - cut) * rate) {
      let time = (phase + Double(number) / rate) / (1 + drift) + start
      // A sensor's own filter: the mean over a sampling interval.
      var sum = 0.0
      for part in 0..<8 { sum += event.size(time + (Double(part) / 8 - 0.4375) / rate) }
      values.append(event.rest + gain * sum / 8 + noise * (random.unit() + random.unit() - 1))
    }
    var even: [Double] = []
    var place = 0.0
    while true {
      let at = (place - phase) * rate
      let index = Int(max(at, 0))
      guard index + 1 < values.count else { return even }
      let share = max(at, 0) - Double(index)
      even.append(values[index] * (1 - share) + values[index + 1] * share)
      place += step
    }
  }

  /// Some knocks of other sizes within ten seconds, each ringing for some hundredths of a second.
  private static func knocks(_ random: inout Random) -> Event {
    let count = 2 + Int(4 * random.unit())
    let all = (0..<count).map { _ in (8 + 10 * random.unit(), 8 + 40 * random.unit(), 0.008 + 0.02 * random.unit()) }
    return Event(length: 30, rest: 9.81, noise: 0.15) { time in
      var size = 0.0
      for (at, height, width) in all where time > at && time < at + 12 * width {
        let passed = (time - at) / width
        size += height * exp(-passed) * abs(sin(2 * passed))
      }
      return size
    }
  }

  /// Equal knocks every two seconds; one recording begins and ends elsewhere.
  private static func evenKnocks(_ random: inout Random) -> Event {
    let at = 3 + random.unit()
    return Event(length: 30, rest: 9.81, noise: 0.1, cut: 4) { time in
      let passed = (time - at - 2 * ((time - at) / 2).rounded(.down)) / 0.02
      return time > at && time < at + 24 && passed < 12 ? 25 * exp(-passed) : 0
    }
  }

  /// Turns of a hand that holds both: some seconds of slow waves that do not repeat.
  private static func turns(_ random: inout Random) -> Event {
    let waves = (0..<5).map { _ in (0.3 + 1.2 * random.unit(), 6.28 * random.unit(), 0.3 + random.unit()) }
    let (from, length) = (8 + 4 * random.unit(), 5 + 5 * random.unit())
    return Event(length: 30, rest: 0.02, noise: 0.02) { time in
      guard time > from && time < from + length else { return 0 }
      var rate = 0.0
      for (frequency, phase, height) in waves { rate += height * sin(6.2832 * frequency * time + phase) }
      return abs(rate) * sin(3.1416 * (time - from) / length)
    }
  }
}
