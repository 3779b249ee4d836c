import LungeTest
import Motion
import SensorSimulation
import TestKit
import Testing

@testable import Pipeline

/// A lunge with a sensor on the shank and one on the back of the foot, whose heel rises with it.
private struct TwoSensorSession {
  var shank: EncodedSession
  var foot: EncodedSession
  var configuration: PipelineConfiguration

  /// - Parameter lift: rise of the heel at end range, rad.
  init(lift: Double, seed: UInt64 = 4, footName: String = "witmotion") throws {
    func plan(_ plan: inout SessionPlan, clockError: Double) {
      plan.movement.targetSD = 0
      var lunge = ScriptedMovement(.trial, .angle(38 * radiansPerDegree))
      lunge.heelLift = lift
      plan.movement.events = [.stand(3), .movement(lunge), .stand(2.5), .movement(lunge), .stand(3)]
      plan.specimen = SensorSpecimen(of: plan.sensor, seed: seed)
      plan.specimen?.clockError = clockError
    }
    shank = try EncodedSession(seed: seed) { plan(&$0, clockError: 80e-6) }
    foot = try EncodedSession(footName, seed: seed) {
      $0 = $0.onFoot(sensor: $0.sensor, mount: $0.mount)
      plan(&$0, clockError: -120e-6)
    }
    configuration = shank.configuration
    var setting = PipelineConfiguration.FootSensor()
    setting.protocolName = foot.configuration.protocolName
    setting.mount = foot.configuration.mount
    setting.mountAssumed = false
    configuration.foot = setting
  }

  /// The log: what arrived, in order; the shank's first at one instant.
  var log: [(stream: StreamID, arrival: EncodedSession.Arrival)] {
    let both =
      shank.arrivals.map { (stream: StreamID(0), arrival: $0) }
      + foot.arrivals.map { (stream: StreamID(1), arrival: $0) }
    return both.sorted {
      ($0.arrival.instant, $0.stream) < ($1.arrival.instant, $1.stream)
    }
  }

  func run(
    _ drops: (StreamID, Double) -> Bool = { _, _ in false }, unplugAt: Double? = nil, pieces: Int? = nil
  ) throws -> (emissions: [Emission], engine: Pipeline) {
    var engine = try Pipeline(configuration)
    var emissions: [Emission] = []
    let origin = shank.arrivals[0].instant
    var isOut = false
    for (stream, (instant, bytes)) in log where !drops(stream, instant.seconds(since: origin)) {
      if let unplugAt, !isOut, instant.seconds(since: origin) >= unplugAt {
        isOut = true
        engine.receive(.unplugged, of: StreamID(1), into: &emissions)
      }
      if isOut && stream.number == 1 { continue }
      var start = 0
      while start < bytes.count {
        let end = min(start + (pieces ?? bytes.count), bytes.count)
        engine.receive(Array(bytes[start..<end]).span, from: stream, arrived: instant, into: &emissions)
        start = end
      }
    }
    engine.finish(into: &emissions)
    return (emissions, engine)
  }
}

@Suite("A session with a sensor on the shank and one on the foot")
struct TwoSensorTests {
  @Test(
    "the shank's angles and times are those of the shank alone; dorsiflexion is shank minus foot", arguments: [0, 2, 5])
  func angles(lift degrees: Double) throws {
    let session = try TwoSensorSession(lift: degrees * radiansPerDegree)
    let alone = try session.shank.run()
    let (emissions, engine) = try session.run()
    let (both, one) = (emissions.readings, alone.emissions.readings)
    #expect(both.map(\.time) == one.map(\.time))
    #expect(both.map(\.tibialInclination.bitPattern) == one.map(\.tibialInclination.bitPattern))
    #expect(both.allSatisfy { $0.flags.contains(.twoSensor) } && one.allSatisfy { !$0.flags.contains(.twoSensor) })
    #expect(engine.footCounters?.samples == UInt64(session.foot.truth.samples.count))
    #expect(engine.footCounters?.gaps == 0)
    var known = 0
    for (reading, truth) in zip(both, session.shank.truth.truth) where reading.time.seconds > 3 {
      #expect(reading.flags.contains(.footMissing) == reading.footPitch.isNaN)
      guard reading.footPitch.isFinite else { continue }
      known += 1
      #expect(reading.dorsiflexion == reading.tibialInclination - reading.footPitch)
      #expect(abs(reading.footPitch - truth.footPitch) < 1.0 * radiansPerDegree, "at \(reading.time.seconds) s")
      let error = reading.dorsiflexion - truth.dorsiflexion
      #expect(abs(error - (reading.tibialInclination - truth.tibialInclination)) < 1.0 * radiansPerDegree)
    }
    #expect(known > both.count - 400)
  }

  @Test("how an arrival's bytes are cut changes nothing")
  func cuts() throws {
    let session = try TwoSensorSession(lift: 0.05)
    let whole = try session.run().emissions
    for size in [1, 7, 50] { #expect(try session.run(pieces: size).emissions.fingerprint == whole.fingerprint) }
  }

  @Test("a foot stream that falls silent, or is unplugged, leaves the shank's as it was, and dorsiflexion unknown")
  func lostFoot() throws {
    let session = try TwoSensorSession(lift: 0.05)
    let alone = try session.shank.run().emissions.readings
    let silent = try session.run({ stream, time in stream.number == 1 && time > 6 }).emissions.readings
    let unplugged = try session.run(unplugAt: 6).emissions.readings
    for readings in [silent, unplugged] {
      #expect(readings.map(\.tibialInclination.bitPattern) == alone.map(\.tibialInclination.bitPattern))
      let late = readings.filter { $0.time.seconds > 6.1 }
      #expect(late.allSatisfy { $0.dorsiflexion.isNaN && $0.flags.contains(.footMissing) })
      #expect(readings.contains { (3.0...5.9).contains($0.time.seconds) && $0.dorsiflexion.isFinite })
    }
  }

  @Test("an interruption of the foot's stream is its gap, told in order, and passes")
  func interruption() throws {
    let session = try TwoSensorSession(lift: 0)
    let (emissions, engine) = try session.run({ stream, time in stream.number == 1 && (6.0..<8.0).contains(time) })
    let gaps = emissions.gaps
    #expect(gaps.map(\.stream) == [StreamID(1)])
    #expect(engine.counters.gaps == 0 && engine.footCounters?.gaps == 1)
    let gap = try #require(gaps.first)
    #expect(abs(gap.start.seconds - 6) < 0.05 && abs(gap.end.seconds - 8) < 0.05)
    let place = try #require(emissions.firstIndex { if case .gap = $0 { true } else { false } })
    // The foot's clock needs a third of a second to be sure of it.
    #expect(Array(emissions[..<place]).readings.allSatisfy { $0.time.seconds < gap.end.seconds + 0.6 })
    // The last one may lie behind the foot's last.
    for reading in emissions.readings.dropLast(2) where reading.time.seconds > 9 && reading.dorsiflexion.isNaN {
      Issue.record("no dorsiflexion at \(reading.time.seconds) s"); break
    }
  }

  @Test("a shank that falls silent does not take the foot's counters with it")
  func lostShank() throws {
    let session = try TwoSensorSession(lift: 0)
    let (emissions, engine) = try session.run({ stream, time in stream.number == 0 && time > 6 })
    #expect(engine.footCounters?.samples == UInt64(session.foot.truth.samples.count))
    #expect(emissions.readings.allSatisfy { $0.time.seconds < 6.1 })
  }

  @Test("the configuration of two sensors goes through text")
  func text() throws {
    let configuration = try TwoSensorSession(lift: 0).configuration
    #expect(try PipelineConfiguration(textPairs: configuration.textPairs) == configuration)
    #expect(!PipelineConfiguration().textPairs.contains { $0.key.hasPrefix("foot_protocol") })
  }
}
