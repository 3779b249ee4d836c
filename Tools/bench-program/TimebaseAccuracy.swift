import DecimalText
import Glibc
import Motion
import Timebase

/// Accuracy and cost of the recovered session time, on simulated devices whose true sampling instants are known.
///
/// Arrivals are handed over in bunches of 16 ms after up to 1 ms of travel; one bunch in a hundred is held back by a stall of 200 ms. Errors are
/// against the true instants, with one constant (their median) taken out: the least delay of the way is not observable.
enum TimebaseAccuracy {
  /// - Parameters:
  ///   - captures: a folder of real captures; nil for none.
  ///   - part: `accuracy`, `ways`, `losses`, `sync` or `cost`; nil for all.
  static func run(captures: String?, part: String?) {
    func wants(_ name: String) -> Bool { part == nil || part == name }
    if wants("accuracy") {
      for rate in [100.0, 1000] {
        for (name, source, fields) in sources { accuracy(rate: rate, name: name, source: source, fields: fields) }
      }
      alignment()
    }
    if wants("ways") { ways() }
    if wants("losses") {
      losses()
      wraps()
      LossFigures.run()
      if let captures { RealLossFigures.run(captures: captures) }
    }
    if wants("sync") { SyncFigures.run() }
    if wants("cost") { cost() }
  }

  private static let sources: [(String, SessionClock.Source, SensorSample.Fields)] = [
    ("clock", .arrivals(.clock(bits: 32, nanosecondsPerTick: 1000), nominalRate: nil), .deviceTime),
    ("counter", .arrivals(.counter(bits: 16), nominalRate: nil), .counter),
    ("plain", .arrivals(.none, nominalRate: nil), []),
  ]

  /// Clock errors: none, a beat that no session is long enough for, the beat of a minute between 10 ms and bunches of 16 ms, and faster ones.
  private static let errors = [0.0, 5, 37, 120, -200]

  /// Worst of several devices for each clock error: p99 from 2, 10 and 60 s on, jitter of intervals, and the time after which the error stays under
  /// 1 ms but for one sample in a hundred.
  private static func accuracy(rate: Double, name: String, source: SessionClock.Source, fields: SensorSample.Fields) {
    var all = Figures()
    for ppm in errors {
      var worst = Figures()
      // Seeds that nothing was chosen by.
      for seed in 101...108 {
        let device = SimulatedDevice(rate: rate, ppm: ppm, fields: fields, seed: UInt64(seed))
        worst.take(Figures(device.run(seconds: 180, source: source), rate: rate))
      }
      report("timebase.\(name)_\(Int(rate))hz.\(fixed(ppm, 0))ppm", worst, "worst of 8 runs of 180 s, bunches of 16 ms")
      all.take(worst)
    }
    report("timebase.\(name)_\(Int(rate))hz.worst", all, "worst of all clock errors")
  }

  private static func report(_ group: String, _ worst: Figures, _ what: String) {
    print("\(group).error_p99_from_2s \(fixed(worst.soon * 1e3, 3)) ms (\(what); aim under 1)")
    print("\(group).error_p99_from_10s \(fixed(worst.early * 1e3, 3)) ms (the same)")
    print("\(group).error_p99_from_60s \(fixed(worst.settled * 1e3, 3)) ms (the same)")
    print("\(group).error_p99_with_start \(fixed(worst.whole * 1e3, 3)) ms (the same, from the first sample on)")
    print(
      "\(group).interval_jitter_p99 \(fixed(worst.jitter * 1e6, 2)) us (intervals against the true ones, from 10 s)")
    print("\(group).convergence \(fixed(worst.convergence, 0)) s (until 99 % of each second is within 1 ms)")
    print("\(group).false_gaps \(worst.gaps) (nothing was lost)")
    fflush(nil)
  }

  /// Other ways of arriving: one by one, USB frames, Bluetooth-like travel, low rates.
  private static func ways() {
    let ways: [(rate: Double, bunch: Double, travel: Double, words: String)] = [
      (100, 0.0001, 0.0002, "one by one"), (100, 0.0001, 0.003, "one by one, up to 3 ms of travel"),
      (100, 0.001, 0.001, "frames of 1 ms"), (100, 0.004, 0.001, "bunches of 4 ms"),
      (1000, 0.001, 0.001, "frames of 1 ms"), (50, 0.016, 0.001, "bunches of 16 ms"),
      (25, 0.016, 0.001, "bunches of 16 ms"), (99.3, 0.016, 0.001, "bunches of 16 ms"),
      (100, 0.05, 0.005, "bunches of 50 ms, up to 5 ms of travel"),
    ]
    for (number, way) in ways.enumerated() {
      var worst = Figures()
      for ppm in [37.0, -120] {
        for seed in 111...114 {
          var device = SimulatedDevice(rate: way.rate, ppm: ppm, fields: .counter, seed: UInt64(seed))
          (device.bunch, device.travel) = (way.bunch, way.travel)
          let run = device.run(seconds: 180, source: .arrivals(.counter(bits: 16), nominalRate: nil))
          worst.take(Figures(run, rate: way.rate))
        }
      }
      report("timebase.way_\(number + 1)", worst, "\(fixed(way.rate, 1)) Hz, \(way.words), 37 and -120 ppm")
    }
  }

  /// Figures of one run, or the worst of several, in s.
  private struct Figures {
    var settled = 0.0
    var early = 0.0
    var soon = 0.0
    var whole = 0.0
    var jitter = 0.0
    var convergence = 0.0
    var gaps = 0

    init() {}

    init(_ run: (truth: [Double], timed: [TimedSample], zero: Double), rate: Double) {
      let (truth, timed, _) = run
      let errors = zip(timed, truth).map { $0.time.seconds - $1 }
      let constant = sorted(errors.indices.filter { truth[$0] > 60 }.map { errors[$0] }).middle
      func p99(after seconds: Double) -> Double {
        sorted(errors.indices.filter { truth[$0] > seconds }.map { abs(errors[$0] - constant) }).p99
      }
      settled = p99(after: 60)
      early = p99(after: 10)
      soon = p99(after: 2)
      whole = p99(after: -1)
      let intervals = (1..<timed.count).map {
        abs(timed[$0].time.seconds(since: timed[$0 - 1].time) - (truth[$0] - truth[$0 - 1]))
      }
      jitter = sorted(Array(intervals.dropFirst(Int(10 * rate)))).p99
      convergence = TimebaseAccuracy.convergence(errors, truth, constant)
      gaps = timed.filter { $0.gapBefore != nil }.count
    }

    mutating func take(_ other: Figures) {
      settled = max(settled, other.settled)
      early = max(early, other.early)
      soon = max(soon, other.soon)
      whole = max(whole, other.whole)
      jitter = max(jitter, other.jitter)
      convergence = max(convergence, other.convergence)
      gaps += other.gaps
    }
  }

  /// The end of the last second of the first minute and a half in which not 99 % of the errors were under 1 ms.
  private static func convergence(_ errors: [Double], _ truth: [Double], _ constant: Double) -> Double {
    var good = 0.0
    var second = 0
    var inSecond: [Double] = []
    for (error, instant) in zip(errors, truth) where instant < 90 {
      if Int(instant) != second {
        if sorted(inSecond).p99 > 0.001 { good = Double(second + 1) }
        second = Int(instant)
        inSecond.removeAll(keepingCapacity: true)
      }
      inSecond.append(abs(error - constant))
    }
    return good
  }

  /// Two devices over an hour, without any constant taken out: their times are put on the host's clock.
  private static func alignment() {
    for (name, source, fields) in sources {
      let a = SimulatedDevice(rate: 100, ppm: 80, fields: fields, seed: 5).run(seconds: 3600, source: source)
      let b = SimulatedDevice(rate: 100, ppm: -120, fields: fields, seed: 6).run(seconds: 3600, source: source)
      func errors(_ run: (truth: [Double], timed: [TimedSample], zero: Double)) -> [Double] {
        zip(run.timed, run.truth).map { $0.time.seconds + run.zero - $1 }
      }
      let difference = zip(errors(a), errors(b)).dropFirst(1000).map { abs($0 - $1) }
      print(
        "timebase.\(name).two_devices_p99 \(fixed(sorted(Array(difference)).p99 * 1e3, 3)) ms (+80 and -120 ppm, one hour, no constant removed)"
      )
    }
  }

  /// Frames deleted at random places of a stream with a counter: gaps whose place and count are exact.
  private static func losses() {
    var random = Random(seed: 99)
    var expected = 0
    var exact = 0
    for bits in [8, 16, 32] {
      for seed in 1...10 {
        var device = SimulatedDevice(rate: 100, ppm: 60, fields: .counter, seed: UInt64(seed))
        device.lost = Set((0..<60).map { _ in 100 + Int(random.unit() * 5800) })
        let run = device.run(seconds: 60, source: .arrivals(.counter(bits: bits), nominalRate: nil))
        let numbers = (0..<6000).filter { !device.lost.contains($0) }
        for (index, number) in numbers.enumerated() where index > 0 {
          let missing = number - numbers[index - 1] - 1
          let found = run.timed[index].gapBefore?.missingSamples ?? 0
          if missing > 0 || found > 0 {
            expected += 1
            if missing == found { exact += 1 }
          }
        }
      }
    }
    print(
      "timebase.counter.gaps_exact \(exact) of \(expected) (60 deletions at random places, 30 runs, place and count)")
  }

  /// Every width, across its wrap, without loss, with loss before, at and after it.
  private static func wraps() {
    var right = 0
    var tried = 0
    for bits in [8, 12, 16, 24, 32, 48, 64] {
      for lostAt in -6...6 {
        for lostCount in [0, 1, 5, 40] {
          tried += 1
          var device = SimulatedDevice(rate: 100, ppm: 0, fields: .counter, seed: UInt64(tried))
          let wrap = 900
          device.firstTick = (bits == 64 ? 0 : 1 << UInt64(bits)) &- UInt64(wrap)
          device.bits = bits
          device.lost = Set(wrap + lostAt..<wrap + lostAt + lostCount)
          let run = device.run(seconds: 20, source: .arrivals(.counter(bits: bits), nominalRate: nil))
          let gaps = run.timed.compactMap(\.gapBefore)
          let isRight = lostCount == 0 ? gaps.isEmpty : gaps.count == 1 && gaps[0].missingSamples == lostCount
          if isRight { right += 1 }
        }
      }
    }
    print(
      "timebase.counter.wraps_right \(right) of \(tried) (8 to 64 bits; 0, 1, 5 or 40 samples lost around the wrap)")
  }

  private static func cost() {
    for rate in [100.0, 1000] {
      for (name, source, fields) in sources {
        let samples = SimulatedDevice(rate: rate, ppm: 50, fields: fields, seed: 3).make(seconds: 200_000 / rate)
          .map(\.sample)
        let time = median(of: 7) {
          var clock = SessionClock(source: source)
          var output: [TimedSample] = []
          output.reserveCapacity(512)
          for sample in samples {
            clock.admit(sample, into: &output)
            if output.count >= 256 { output.removeAll(keepingCapacity: true) }
          }
        }
        print(
          "timebase.\(name)_\(Int(rate))hz.cost \(fixed(time / Double(samples.count), 1)) ns/sample (processor time, median of 7 runs over \(samples.count) samples)"
        )
      }
    }
  }

  private static func sorted(_ values: [Double]) -> Sorted { Sorted(values: values.sorted()) }

  private struct Sorted {
    var values: [Double]
    var middle: Double { values.isEmpty ? 0 : values[values.count / 2] }
    var p99: Double { values.isEmpty ? 0 : values[values.count * 99 / 100] }
  }
}

/// SplitMix64, seeded: the same figures in every run.
struct Random {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

  /// Uniform in 0 ..< 1.
  mutating func unit() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }
}

private struct SimulatedDevice {
  var rate: Double
  /// How much faster than the host's clock its own runs, in parts per million.
  var ppm: Double
  var fields: SensorSample.Fields
  var seed: UInt64
  var lost: Set<Int> = []
  var firstTick: UInt64 = 0
  var bits = 64
  /// Readings come this far apart, and a sample needs up to so long to become readable, s.
  var bunch = 0.016
  var travel = 0.001

  func make(seconds: Double) -> [(truth: Double, sample: SensorSample)] {
    var random = Random(seed: seed)
    let start = Int64(random.unit() * 1e15)
    let phase = random.unit() * bunch
    var stalledBunch = -1.0
    var newest = -1.0
    var result: [(Double, SensorSample)] = []
    for number in 0..<Int(seconds * rate) {
      let truth = Double(number) / rate / (1 + ppm * 1e-6)
      let ready = truth + travel * random.unit()
      var slot = max(((ready - phase) / bunch).rounded(.up), stalledBunch)
      if slot > newest {
        if random.unit() < 0.01 {
          slot += (0.2 / bunch).rounded(.up)
          stalledBunch = slot
        }
        newest = slot
      }
      guard !lost.contains(number) else { continue }
      var sample = SensorSample(arrived: HostInstant(nanoseconds: start + Int64((phase + slot * bunch) * 1e9)))
      sample.fields = fields
      if fields.contains(.deviceTime) {
        sample.deviceTicks = UInt64(Double(number) / rate * 1e6) & 0xFFFF_FFFF
      } else if fields.contains(.counter) {
        sample.deviceTicks = firstTick &+ UInt64(number)
        if bits < 64 { sample.deviceTicks &= (1 << UInt64(bits)) - 1 }
      }
      result.append((truth, sample))
    }
    return result
  }

  /// `zero`: where session time zero lies on the host's clock, in seconds after the simulation's start.
  func run(
    seconds: Double, source: SessionClock.Source
  ) -> (truth: [Double], timed: [TimedSample], zero: Double) {
    let samples = make(seconds: seconds)
    var random = Random(seed: seed)
    let start = Int64(random.unit() * 1e15)
    var clock = SessionClock(source: source)
    var timed: [TimedSample] = []
    for one in samples { clock.admit(one.sample, into: &timed) }
    clock.finish(into: &timed)
    let zero = clock.zero.map { Double($0.nanoseconds - start) * 1e-9 } ?? 0
    return (samples.map(\.truth), timed, zero)
  }
}
