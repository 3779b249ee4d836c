import Foundation
import Motion
import TestKit
import Testing

@testable import SensorSimulation

@Suite("Clocks, losses and arrivals")
struct TimingTests {
  /// Seconds from the instant of sampling to the arrival, sample by sample.
  func delays(_ session: SimulatedSession) -> [Double] {
    zip(session.truth, session.samples).map {
      Double($1.arrived.nanoseconds - session.plan.hostOrigin.nanoseconds - $0.time.nanoseconds) * 1e-9
    }
  }

  func session(_ arrivals: ArrivalModel, seconds: Double = 60, rate: Double = 100) throws -> SimulatedSession {
    var plan = SessionPlan.still(seconds: seconds, rate: rate, sensor: .perfect)
    plan.arrivals = arrivals
    return try SimulatedSession(plan)
  }

  @Test("Arrivals never go backwards, and none comes before its latency", arguments: ArrivalModel.presets)
  func monotonic(model: ArrivalModel) throws {
    let made = try session(model)
    for (a, b) in zip(made.samples, made.samples.dropFirst()) { #expect(a.arrived <= b.arrived) }
    // Truth is rounded to the nanosecond.
    #expect(delays(made).allSatisfy { $0 >= model.latency - 1e-9 })
  }

  @Test("Immediate arrivals are the instants of sampling")
  func immediate() throws {
    #expect(delays(try session(.immediate)).allSatisfy { $0 >= -1e-9 && $0 <= 2e-9 })
  }

  @Test("The least delay is the latency when nothing bunches, and the jitter has its mean")
  func jitter() throws {
    var model = ArrivalModel(name: "jittery")
    model.latency = 0.01
    model.jitter = 0.001
    let all = delays(try session(model, seconds: 100))
    // The least of 10000 exponentials of mean 1 ms has the mean 0.1 µs.
    #expect(all.min()! - 0.01 < 2e-6)
    let mean = all.reduce(0, +) / Double(all.count)
    #expect(abs(mean - 0.011) < 5e-5)
  }

  @Test("A 16 ms timer hands samples over in bunches, 16 ms or multiples apart")
  func bunching() throws {
    let made = try session(.usb16ms, seconds: 60, rate: 200)
    let instants = made.samples.map(\.arrived.nanoseconds)
    let distinct = Array(Set(instants)).sorted()
    #expect(distinct.count < instants.count / 3 + 10)
    for (a, b) in zip(distinct, distinct.dropFirst()) {
      let periods = Double(b - a) / 16e6
      #expect(abs(periods - periods.rounded()) < 1e-6 && periods > 0.5)
    }
    let all = delays(made)
    // Latency, at most one period, and a jitter whose mean is 0.3 ms.
    #expect(all.max()! < 0.026)
    let mean = all.reduce(0, +) / Double(all.count)
    #expect(abs(mean - 0.0123) < 0.0005)
  }

  @Test("In a stall nothing arrives, and then everything together")
  func stalls() throws {
    var model = ArrivalModel(name: "stalling")
    model.stallsPerMinute = 10
    model.stallDuration = 0.3
    let made = try session(model, seconds: 600)
    var stalls = 0
    for (index, (a, b)) in zip(made.samples, made.samples.dropFirst()).enumerated()
    where b.arrived.seconds(since: a.arrived) > 0.25 {
      stalls += 1
      let together = made.samples[(index + 1)...].prefix { $0.arrived == b.arrived }.count
      #expect(together >= 29)
    }
    // Poisson, 100 less those that run into one another; four standard deviations.
    #expect((60...140).contains(stalls))
    #expect(delays(made).max()! <= 0.3 + 1e-8)
  }

  @Test("A fast device clock counts more ticks than true time has")
  func clockError() throws {
    var plan = SessionPlan.still(seconds: 20, rate: 100, sensor: .perfect)
    var specimen = SensorSpecimen()
    specimen.clockError = 500e-6
    plan.specimen = specimen
    let made = try SimulatedSession(plan)
    for (row, sample) in zip(made.truth, made.samples) {
      let expected: Double = row.time.seconds * 1_000_500
      #expect(abs(Double(sample.deviceTicks) - expected) < 0.51)
    }
    // 20 s of true time are 20.01 s of the device's.
    #expect(made.samples.count == 2002)
  }

  @Test("Sampling jitter has its spread, and time still runs forward")
  func samplingJitter() throws {
    var model = SensorModel.perfect
    model.samplingJitterSD = 0.0005
    let made = try SimulatedSession(.still(seconds: 100, rate: 100, sensor: model))
    #expect(made.truth[0].time == .zero)
    let errors = made.truth.enumerated().dropFirst().map { $1.time.seconds - Double($0) / 100 }
    #expect(abs(standardDeviation(errors) / 0.0005 - 1) < 0.03)
    model.samplingJitterSD = 1
    let wild = try SimulatedSession(.still(seconds: 10, rate: 100, sensor: model))
    for (a, b) in zip(wild.truth, wild.truth.dropFirst()) { #expect(a.time < b.time) }
  }

  @Test("Lost samples leave holes in the counter that add up, and change nothing else")
  func losses() throws {
    var model = SensorModel.wt901
    model.deviceClock = .counter(bits: 16)
    model.firstTick = 65_000
    var plan = SessionPlan.still(seconds: 200, rate: 100, sensor: model)
    plan.specimen = SensorSpecimen()
    let whole = try SimulatedSession(plan)
    #expect(whole.lost == 0 && whole.samples.count == 20_001)
    plan.sensor.lossProbability = 0.01
    plan.sensor.lossLength = 4
    let holed = try SimulatedSession(plan)
    #expect(holed.samples.count + holed.lost == whole.samples.count)
    // Some 190 runs of 4 on average; the SD of their sum is about 62.
    #expect((500...1050).contains(holed.lost))
    var missing = 0
    for (a, b) in zip(holed.samples, holed.samples.dropFirst()) {
      missing += Int((b.deviceTicks &- a.deviceTicks) & 0xFFFF) - 1
    }
    let atTheEnd = Int((whole.samples.last!.deviceTicks &- holed.samples.last!.deviceTicks) & 0xFFFF)
    #expect(missing + atTheEnd == holed.lost)
    #expect(holed.samples.first == whole.samples.first)
    let byTick = Dictionary(
      zip(whole.samples, whole.truth).map { ($0.deviceTicks, ($0, $1)) }, uniquingKeysWith: { first, _ in first })
    for (sample, row) in zip(holed.samples, holed.truth) {
      let twin = try #require(byTick[sample.deviceTicks])
      #expect(twin.0 == sample && twin.1 == row)
    }
  }

  @Test("A clock of few bits wraps")
  func wrapping() throws {
    var model = SensorModel.perfect
    model.deviceClock = .clock(bits: 16, nanosecondsPerTick: 1_000_000)
    model.firstTick = 65_500
    let made = try SimulatedSession(.still(seconds: 1, rate: 100, sensor: model))
    #expect(made.samples.prefix(6).map(\.deviceTicks) == [65_500, 65_510, 65_520, 65_530, 4, 14])
    #expect(made.samples.allSatisfy { $0.fields.contains(.deviceTime) && !$0.fields.contains(.counter) })
  }
}
