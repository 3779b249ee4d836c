import Motion
import SensorProtocols
import TestKit
import Testing

@testable import Pipeline

@Suite("Damaged input")
struct DamageTests {
  /// What may happen to bytes on their way.
  enum Damage: String, CaseIterable {
    case flippedBits, lostBytes, insertedJunk, lostStretches, onlyJunk
  }

  static func damaged(_ bytes: [UInt8], _ damage: Damage, _ random: inout RandomSource) -> [UInt8] {
    switch damage {
    case .flippedBits:
      return bytes.map { random.unit() < 0.005 ? $0 ^ (1 << UInt8.random(in: 0...7, using: &random)) : $0 }
    case .lostBytes: return bytes.filter { _ in random.unit() > 0.005 }
    case .insertedJunk:
      return bytes.flatMap { random.unit() < 0.003 ? [$0, UInt8.random(in: 0...255, using: &random)] : [$0] }
    case .lostStretches: return random.unit() < 0.02 ? [] : bytes
    case .onlyJunk: return bytes.map { _ in UInt8.random(in: 0...255, using: &random) }
    }
  }

  @Test(
    "nothing traps, the counters add up after every arrival, and time only goes forward",
    arguments: spokenProtocols, Damage.allCases)
  func survives(name: String, damage: Damage) throws {
    var session = try EncodedSession(name, seed: 11) {
      $0.movement.trials = 1
      $0.arrivals = .usb16msStalls
    }
    let sent = session.arrivals.reduce(0) { $0 + $1.bytes.count }
    var random = RandomSource(seed: 17)
    session.arrivals = session.arrivals.map { ($0.instant, Self.damaged($0.bytes, damage, &random)) }
    var engine = try Pipeline(session.configuration)
    var emissions: [Emission] = []
    var received = 0
    for (instant, bytes) in session.arrivals {
      engine.receive(bytes.span, arrived: instant, into: &emissions)
      received += bytes.count
      let counters = engine.counters.bytes
      #expect(counters.bytesIn == UInt64(received))
      #expect(counters.bytesIn == counters.framed + counters.skipped + counters.held)
      #expect(counters.held <= 1024)
    }
    engine.finish(into: &emissions)
    let counters = engine.counters
    #expect(counters.bytes.bytesIn == counters.bytes.framed + counters.bytes.skipped + counters.bytes.held)
    #expect(UInt64(emissions.readings.count) == counters.samples)
    #expect(emissions.readings.count <= sent)
    Self.checkOrder(emissions)
    Self.checkGaps(emissions, counters)
    if damage != .onlyJunk {
      #expect(counters.samples > 500)
      #expect(damage == .lostStretches || counters.bytes.skipped > 0)
    }
  }

  static func checkOrder(_ emissions: [Emission]) {
    let times = emissions.readings.map(\.time)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// What the counters say of gaps is what was said of each, and each ends at the reading behind it.
  static func checkGaps(_ emissions: [Emission], _ counters: SessionCounters) {
    let gaps = emissions.gaps
    #expect(counters.gaps == UInt64(gaps.count))
    #expect(counters.missingSamples == UInt64(gaps.reduce(0) { $0 + ($1.missingSamples ?? 0) }))
    let lengths = gaps.map { $0.end.nanoseconds - $0.start.nanoseconds }
    #expect(counters.gapNanoseconds == lengths.reduce(0, +))
    #expect(counters.longestGapNanoseconds == lengths.max() ?? 0)
    for (emission, next) in zip(emissions, emissions.dropFirst()) {
      guard case .gap(let gap) = emission else { continue }
      guard case .reading(let reading) = next else {
        Issue.record("after a gap comes \(next)")
        continue
      }
      // A loss that only shows later has its place set back; the reading that it is told with carries the flag.
      #expect(gap.start < gap.end && gap.end <= reading.time && reading.flags.contains(.afterGap))
    }
  }

  @Test("a silence of two seconds is one gap of about 200 samples; the readings around it keep their times")
  func silence() throws {
    var session = try EncodedSession(seed: 2) {
      $0.sensor = .perfect
      $0.sensor.deviceClock = .none
    }
    let origin = session.arrivals[0].instant
    session.arrivals.removeAll { (10.0..<12.0).contains($0.instant.seconds(since: origin)) }
    let (emissions, engine) = try session.run()
    #expect(emissions.gaps.count == 1)
    let gap = try #require(emissions.gaps.first)
    #expect(abs((gap.missingSamples ?? 0) - 200) <= 3)
    #expect(abs(gap.end.seconds(since: gap.start) - 2) < 0.05)
    #expect(gap.cause == .silence)
    #expect(engine.counters.gaps == 1)
    let last = try #require(emissions.readings.last)
    let end = try #require(session.truth.truth.last)
    #expect(abs(last.time.seconds(since: end.time)) < 0.03)
  }

  @Test("an unplugged port gives its gap that cause")
  func unplugged() throws {
    let session = try EncodedSession(seed: 2)
    var engine = try Pipeline(session.configuration)
    var emissions: [Emission] = []
    let origin = session.arrivals[0].instant
    var isOut = false
    for (instant, bytes) in session.arrivals {
      let time = instant.seconds(since: origin)
      if (8.0..<11.0).contains(time) {
        if !isOut { engine.receive(.unplugged, into: &emissions) }
        isOut = true
      } else {
        engine.receive(bytes.span, arrived: instant, into: &emissions)
      }
    }
    engine.finish(into: &emissions)
    #expect(emissions.gaps.map(\.cause) == [.unplugged])
  }
}
