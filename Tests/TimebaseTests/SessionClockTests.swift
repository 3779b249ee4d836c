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

  @Test(arguments: 1...10)
  func timeNeverRunsBackwardsWhateverArrives(seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    var samples: [SensorSample] = []
    for _ in 0..<5000 {
      var sample = SensorSample(
        arrived: HostInstant(nanoseconds: Int64.random(in: 0...20_000_000_000, using: &random)))
      sample.fields = Bool.random(using: &random) ? .deviceTime : []
      sample.deviceTicks = random.next()
      samples.append(sample)
    }
    for source in [
      SessionClock.Source.arrivals(.none, nominalRate: nil), .arrivals(.counter(bits: 16), nominalRate: 50),
      .arrivals(.clock(bits: 64, nanosecondsPerTick: 1000), nominalRate: nil), .rate(100, .counter(bits: 64)),
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
  @Test(arguments: [8, 16, 24, 32, 48, 64])
  func everyWidthCountsOnAcrossItsWrap(bits: Int) {
    let mask: UInt64 = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    for step in [UInt64(1), 3, 7] {
      var unwrap = CounterUnwrap(bits: bits)
      var value = mask &- 10
      #expect(unwrap.unwrap(value & mask) == 0)
      for count in 1...20 {
        value &+= step
        #expect(unwrap.unwrap(value & mask) == Int64(count) * Int64(step))
      }
    }
  }

  @Test func aLateSampleIsAStepBack() {
    var unwrap = CounterUnwrap(bits: 8)
    _ = unwrap.unwrap(250)
    #expect(unwrap.unwrap(2) == 8)
    #expect(unwrap.unwrap(1) == 7)
    #expect(unwrap.unwrap(3) == 9)
  }
}
