import Motion
import TestKit
import Testing
@testable import Timebase

private func run(_ clock: inout SessionClock, _ samples: [SensorSample]) -> [TimedSample] {
  var timed: [TimedSample] = []
  for sample in samples { clock.admit(sample, into: &timed) }
  clock.finish(into: &timed)
  return timed
}

/// Errors of the session times against the truth after `settling` seconds, with their median taken out, in seconds.
private func errors(_ timed: [TimedSample], _ truth: [Double], settling: Double) -> [Double] {
  let raw = zip(timed, truth).filter { $0.1 > settling }.map { $0.0.time.seconds - $0.1 }.sorted()
  let median = raw[raw.count / 2]
  return raw.map { abs($0 - median) }.sorted()
}

@Suite struct SessionClockTests {
  @Test(arguments: [-200.0, 0, 200], [100.0, 1000])
  func burstsAndStallsDoNotBecomeTime(ppm: Double, rate: Double) {
    let simulated = SimulatedArrivals(rate: rate, ppm: ppm, seconds: 60, seed: 7).make()
    var clock = SessionClock(source: .arrivals(.none, nominalRate: nil))
    let timed = run(&clock, simulated.map(\.sample))
    #expect(timed.count == simulated.count)
    #expect(timed.allSatisfy { $0.gapBefore == nil })
    let error = errors(timed, simulated.map(\.truth), settling: 10)
    #expect(error[error.count * 99 / 100] < 0.002, "p99 \(error[error.count * 99 / 100])")
    #expect(abs(clock.rate! / rate * 1e6 / (1 + ppm * 1e-6) - 1e6) < 300)
  }

  @Test(arguments: [-200.0, 200])
  func aDeviceClockIsFollowed(ppm: Double) {
    let simulated = SimulatedArrivals(
      ppm: ppm, seconds: 120, seed: 3, ticks: { _, t in UInt64(t * 1e6) & 0xFFFF_FFFF }, fields: .deviceTime
    ).make()
    var clock = SessionClock(source: .arrivals(.clock(bits: 32, nanosecondsPerTick: 1000), nominalRate: nil))
    let timed = run(&clock, simulated.map(\.sample))
    let error = errors(timed, simulated.map(\.truth), settling: 10)
    #expect(error[error.count * 99 / 100] < 0.0025, "p99 \(error[error.count * 99 / 100])")
    #expect(timed.allSatisfy { $0.gapBefore == nil })
  }

  @Test(arguments: 1...20)
  func aCounterTellsEveryLossExactly(seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    let lost = Set((0..<30).map { _ in Int.random(in: 20..<2900, using: &random) })
    let simulated = SimulatedArrivals(
      seconds: 30, seed: UInt64(seed), lost: lost, ticks: { number, _ in UInt64(number & 0xFF) }, fields: .counter
    ).make()
    var clock = SessionClock(source: .arrivals(.counter(bits: 8), nominalRate: nil))
    let timed = run(&clock, simulated.map(\.sample))
    let gaps = timed.compactMap(\.gapBefore)
    #expect(gaps.reduce(0) { $0 + ($1.missingSamples ?? 0) } == lost.count)
    #expect(gaps.allSatisfy { $0.cause == .counterJump && $0.start < $0.end })
  }

  @Test func aLongSilenceWithoutCounterIsAGap() {
    let lost = Set(1500..<1600)
    let simulated = SimulatedArrivals(stallShare: 0, seconds: 30, lost: lost).make()
    var clock = SessionClock(source: .arrivals(.none, nominalRate: nil))
    let timed = run(&clock, simulated.map(\.sample))
    let gaps = timed.compactMap(\.gapBefore)
    #expect(gaps.count == 1)
    #expect(abs((gaps.first?.missingSamples ?? 0) - 100) <= 2)
    #expect(gaps.first?.cause == .silence)
    let error = errors(timed, simulated.map(\.truth), settling: 10)
    #expect(error[error.count * 99 / 100] < 0.02)
  }

  @Test func aShortLossWithoutCounterIsFoundByTheDelayThatStays() {
    let lost = Set(1500..<1505)
    let simulated = SimulatedArrivals(stallShare: 0, seconds: 30, lost: lost).make()
    var clock = SessionClock(source: .arrivals(.none, nominalRate: nil))
    let gaps = run(&clock, simulated.map(\.sample)).compactMap(\.gapBefore)
    #expect(gaps.count == 1)
    #expect(abs((gaps.first?.missingSamples ?? 0) - 5) <= 1)
    #expect((gaps.first.map { abs($0.end.seconds - 15) } ?? .infinity) < 1.5)
  }

  /// A hundred samples a second, on time, and one hole; `hold` holds back what came in the hole, to hand it on behind it.
  private func withHole(
    seconds: Double, from: Double = 20, total: Double = 40, ticks: @escaping (Int) -> UInt64 = { UInt64($0) },
    fields: SensorSample.Fields, held: Bool
  ) -> [SensorSample] {
    var samples: [SensorSample] = []
    var random = RandomSource(seed: 9)
    for number in 0..<Int(total * 100) {
      var t = Double(number) / 100
      let number = number
      if t >= from && t < from + seconds {
        if !held { continue }
        t = from + seconds
      }
      var sample = SensorSample(arrived: HostInstant(nanoseconds: Int64((t + 0.002 * random.unit() + 5) * 1e9)))
      if let last = samples.last, sample.arrived < last.arrived { sample.arrived = last.arrived }
      sample.fields = fields
      sample.deviceTicks = ticks(number)
      samples.append(sample)
    }
    return samples
  }

  @Test(arguments: [0.3, 1, 3])
  func aStallIsToldFromASilence(seconds: Double) {
    for (clock, fields) in [
      (DeviceClock.none, SensorSample.Fields()), (.counter(bits: 8), .counter),
    ] {
      var stalled = SessionClock(source: .arrivals(clock, nominalRate: nil))
      let held = run(&stalled, withHole(seconds: seconds, fields: fields, held: true))
      #expect(held.allSatisfy { $0.gapBefore == nil })
      #expect(abs(held.last!.time.seconds - 39.99) < 0.005)
      var silent = SessionClock(source: .arrivals(clock, nominalRate: nil))
      let lost = run(&silent, withHole(seconds: seconds, fields: fields, held: false))
      let gaps = lost.compactMap(\.gapBefore)
      #expect(gaps.count == 1)
      // Three seconds are more than a round of eight bits.
      #expect(gaps.first?.missingSamples == Int(seconds * 100))
      #expect(gaps.first?.cause == (fields.isEmpty ? .silence : .counterJump))
      #expect(abs((gaps.first?.start.seconds ?? 0) - 19.99) < 0.005)
      #expect(abs(lost.last!.time.seconds - 39.99) < 0.005)
    }
  }

  @Test(arguments: [DeviceClock.counter(bits: 16), .counter(bits: 32), .clock(bits: 32, nanosecondsPerTick: 1_000_000)])
  func aRestartedDeviceIsLaidOntoTheArrivals(_ device: DeviceClock) {
    var unit: UInt64 = 1
    var fields = SensorSample.Fields.counter
    if case .clock = device { (unit, fields) = (10, .deviceTime) }
    let samples = withHole(
      seconds: 2, ticks: { UInt64($0 < 2000 ? 5000 + $0 : $0 - 2200) * unit }, fields: fields, held: false)
    var clock = SessionClock(source: .arrivals(device, nominalRate: nil))
    let timed = run(&clock, samples)
    let gaps = timed.compactMap(\.gapBefore)
    #expect(clock.resets == 1)
    #expect(gaps.count == 1)
    #expect(gaps.first?.cause == .reset)
    #expect(gaps.first?.missingSamples == nil)
    #expect(abs((gaps.first?.end.seconds ?? 0) - 22) < 0.005)
    #expect(abs(timed.last!.time.seconds - 39.99) < 0.005)
  }

  @Test(arguments: [
    DeviceClock.none, .counter(bits: 8), .counter(bits: 32), .clock(bits: 32, nanosecondsPerTick: 1_000_000),
  ])
  func anUnpluggedSensorLeavesAGapOfThatCause(_ device: DeviceClock) {
    var fields = SensorSample.Fields()
    var unit: UInt64 = 1
    if case .counter = device { fields = .counter }
    if case .clock = device { (unit, fields) = (10, .deviceTime) }
    // The sensor itself goes on; only the way to it was cut, for five seconds.
    let samples = withHole(seconds: 5, ticks: { UInt64($0) * unit }, fields: fields, held: false)
    var clock = SessionClock(source: .arrivals(device, nominalRate: nil))
    var timed: [TimedSample] = []
    for (index, sample) in samples.enumerated() {
      if index == 2000 { clock.expectGap(.unplugged) }
      clock.admit(sample, into: &timed)
    }
    clock.finish(into: &timed)
    let gaps = timed.compactMap(\.gapBefore)
    #expect(gaps.count == 1)
    #expect(gaps.first?.cause == .unplugged)
    #expect(gaps.first?.missingSamples == 500)
    #expect(abs(timed.last!.time.seconds - 39.99) < 0.01)
  }

  @Test func repeatsAndLateSamplesDoNotMoveTheTime() {
    var samples = withHole(seconds: 0, total: 20, fields: .counter, held: false)
    samples.insert(samples[1000], at: 1001)
    samples.swapAt(1500, 1501)
    samples[1501].arrived = samples[1500].arrived  // the later one overtook it on the way
    var clock = SessionClock(source: .arrivals(.counter(bits: 8), nominalRate: nil))
    let timed = run(&clock, samples)
    #expect(clock.repairs == 2)
    #expect(clock.resets == 0)
    #expect(zip(timed, timed.dropFirst()).allSatisfy { $0.time < $1.time })
    #expect(abs(timed.last!.time.seconds - 19.99) < 0.005)
  }

  @Test func aCoarseDeviceClockGivesEvenTimes() {
    // 200 Hz, and a clock that only shows hundredths of a second.
    let samples = SimulatedArrivals(
      rate: 200, stallShare: 0, seconds: 40, ticks: { _, t in UInt64((t * 100).rounded(.down)) }, fields: .deviceTime
    ).make().map(\.sample)
    var clock = SessionClock(source: .arrivals(.clock(bits: 64, nanosecondsPerTick: 10_000_000), nominalRate: nil))
    let timed = run(&clock, samples)
    #expect(timed.allSatisfy { $0.gapBefore == nil })
    let steps = zip(timed, timed.dropFirst()).dropFirst(2000).map { $1.time.seconds(since: $0.time) }.sorted()
    #expect(abs(steps[steps.count / 100] - 0.005) < 0.001 && abs(steps[steps.count * 99 / 100] - 0.005) < 0.001)
  }

  @Test(arguments: [1, 3, 5, 20])
  func aLossThatNothingCountsIsFoundWhereItWas(lost: Int) {
    let simulated = SimulatedArrivals(stallShare: 0, seconds: 60, lost: Set(4000..<4000 + lost)).make()
    var clock = SessionClock(source: .arrivals(.none, nominalRate: nil))
    let gaps = run(&clock, simulated.map(\.sample)).compactMap(\.gapBefore)
    #expect(gaps.count == 1)
    #expect(gaps.first?.missingSamples == lost)
    #expect((gaps.first.map { abs($0.start.seconds - 39.99) } ?? .infinity) < 0.06)
    #expect((gaps.first.map { abs($0.end.seconds(since: $0.start) - Double(lost + 1) / 100) } ?? .infinity) < 0.002)
  }

  /// The host's instants are those of a monotonic clock, and only their differences count: wherever that clock began, the times are the same.
  @Test(arguments: [Int64(-4_000_000_000_000), 1, 7_777_777_777_777_777])
  func whereTheHostsClockBeganDoesNotMatter(shift: Int64) {
    let samples = SimulatedArrivals(seconds: 30, seed: 8, lost: [1200, 1201]).make().map(\.sample)
    var clock = SessionClock(source: .arrivals(.none, nominalRate: nil))
    let expected = run(&clock, samples)
    var other = SessionClock(source: .arrivals(.none, nominalRate: nil))
    let moved = run(
      &other,
      samples.map {
        var sample = $0
        sample.arrived.nanoseconds += shift
        return sample
      })
    #expect(moved.map(\.time) == expected.map(\.time))
    #expect(moved.map(\.gapBefore) == expected.map(\.gapBefore))
    #expect(other.zero!.nanoseconds - clock.zero!.nanoseconds == shift)
  }

  @Test func twoDevicesAreOnOneTimeThroughTheHost() {
    let a = SimulatedArrivals(ppm: 80, seconds: 600, seed: 11, ticks: { n, _ in UInt64(n) }, fields: .counter)
    let b = SimulatedArrivals(ppm: -120, seconds: 600, seed: 11, ticks: { n, _ in UInt64(n) }, fields: .counter)
    let runs = [a, b].map { simulated in
      let samples = simulated.make()
      var clock = SessionClock(source: .arrivals(.counter(bits: 16), nominalRate: nil))
      let timed = run(&clock, samples.map(\.sample))
      return zip(timed, samples).map { Double(clock.zero!.nanoseconds) * 1e-9 + $0.time.seconds - $1.truth }
    }
    let apart = zip(runs[0], runs[1]).dropFirst(6000).map { abs($0 - $1) }.sorted()
    #expect(apart[apart.count * 99 / 100] < 0.002, "p99 \(apart[apart.count * 99 / 100])")
  }

  @Test func theRateComesWithItsSpread() {
    var clock = SessionClock(source: .arrivals(.none, nominalRate: nil))
    #expect(clock.rate == nil && clock.rateSpread == nil)
    _ = run(&clock, SimulatedArrivals(rate: 100, ppm: 150, seconds: 90).make().map(\.sample))
    #expect(abs(clock.rate! - 100.015) < 3 * clock.rateSpread!)
    #expect(clock.rateSpread! < 0.02)
  }

  @Test(arguments: 1...10)
  func timeNeverRunsBackwardsWhateverArrives(seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    var samples: [SensorSample] = []
    for _ in 0..<5000 {
      var sample = SensorSample(
        arrived: HostInstant(nanoseconds: Int64.random(in: 0...20_000_000_000, using: &random)))
      sample.fields = Bool.random(using: &random) ? .deviceTime : []
      // Wild, standing still, or a step or two to either side.
      switch Int.random(in: 0..<4, using: &random) {
      case 0: sample.deviceTicks = random.next()
      case 1: sample.deviceTicks = samples.last?.deviceTicks ?? 0
      default: sample.deviceTicks = (samples.last?.deviceTicks ?? 5) &+ UInt64.random(in: 0...4, using: &random) &- 2
      }
      if Bool.random(using: &random) { sample.arrived = samples.last?.arrived ?? sample.arrived }
      if Int.random(in: 0..<500, using: &random) == 0 { sample.arrived.nanoseconds = Int64(bitPattern: random.next()) }
      samples.append(sample)
    }
    for source in [
      SessionClock.Source.arrivals(.none, nominalRate: nil), .arrivals(.counter(bits: 16), nominalRate: 50),
      .arrivals(.clock(bits: 64, nanosecondsPerTick: 1000), nominalRate: nil),
      .arrivals(.counter(bits: 3), nominalRate: nil),
      .arrivals(.clock(bits: 16, nanosecondsPerTick: 1_000_000), nominalRate: nil),
      .arrivals(.counter(bits: 64), nominalRate: nil), .rate(100, .counter(bits: 64)),
    ] {
      var clock = SessionClock(source: source)
      let timed = run(&clock, samples)
      #expect(timed.count == samples.count)
      #expect(zip(timed, timed.dropFirst()).allSatisfy { $0.time < $1.time })
      #expect(timed.first?.time == .zero)
    }
  }

  @Test func aSplitRunEqualsAWholeRun() {
    let samples = SimulatedArrivals(seconds: 20, seed: 5, lost: [700, 701, 702]).make().map(\.sample)
    var whole = SessionClock(source: .arrivals(.none, nominalRate: nil))
    let expected = run(&whole, samples)
    for cut in [3, 25, 40, 900] {
      var first = SessionClock(source: .arrivals(.none, nominalRate: nil))
      var timed: [TimedSample] = []
      for sample in samples[..<cut] { first.admit(sample, into: &timed) }
      var second = first
      for sample in samples[cut...] { second.admit(sample, into: &timed) }
      second.finish(into: &timed)
      #expect(timed == expected)
    }
  }

  @Test func withoutArrivalsSamplesFollowTheStatedRate() {
    var clock = SessionClock(source: .rate(50, .none))
    let timed = run(&clock, [SensorSample](repeating: SensorSample(), count: 5))
    #expect(timed.map(\.time.nanoseconds) == [0, 20_000_000, 40_000_000, 60_000_000, 80_000_000])
  }
}

@Suite struct CounterUnwrapTests {
  @Test(arguments: [8, 12, 16, 24, 32, 48, 64])
  func everyWidthCountsOnAcrossItsWrap(bits: Int) {
    let mask: UInt64 = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    for step in [UInt64(1), 3, 7, 100] {
      var unwrap = CounterUnwrap(bits: bits)
      var value = mask &- 10
      #expect(unwrap.step(to: value & mask) == .first)
      for _ in 1...20 {
        value &+= step
        #expect(unwrap.step(to: value & mask) == .forward(step))
      }
    }
  }

  @Test func aLateValueIsToldFromAWrap() {
    var unwrap = CounterUnwrap(bits: 8)
    _ = unwrap.step(to: 250)
    #expect(unwrap.step(to: 2) == .forward(8))
    #expect(unwrap.step(to: 1) == .late(1))
    #expect(unwrap.step(to: 3) == .forward(1))
    #expect(unwrap.step(to: 3) == .none)
    // Two hundred lost samples are a wrap, not a step back of 56.
    #expect(unwrap.step(to: 203) == .forward(200))
  }

  @Test(arguments: [1, 2, 3])
  func aNarrowCounterIsNeverLate(bits: Int) {
    var unwrap = CounterUnwrap(bits: bits)
    _ = unwrap.step(to: 1)
    if case .late(let back) = unwrap.step(to: 0) { #expect(bits == 3 && back == 0) }
  }
}
