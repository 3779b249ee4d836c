import Motion
import SensorProtocols
import TestKit
import Testing

@testable import Pipeline

@Suite("The same input gives the same output")
struct DeterminismTests {
  @Test("cutting the bytes of an arrival changes nothing", arguments: spokenProtocols)
  func cuts(name: String) throws {
    let session = try EncodedSession(name) { $0.movement.trials = 2 }
    let whole = try session.run().emissions.fingerprint
    #expect(whole.count > 1000)
    for seed in 1...3 as ClosedRange<UInt64> {
      var random = RandomSource(seed: seed)
      var cut = session
      cut.arrivals = session.arrivals.flatMap { instant, bytes in
        ChunkCutter.random(bytes, atMost: seed == 1 ? 1 : 40, using: &random).map { (instant, Array($0)) }
      }
      #expect(cut.arrivals.count > session.arrivals.count)
      #expect(try cut.run().emissions.fingerprint == whole, "cut with seed \(seed)")
    }
  }

  @Test("merging two arrivals is another input, and changes times", arguments: ["witmotion"])
  func merges(name: String) throws {
    let session = try EncodedSession(name) {
      $0.movement.trials = 1
      $0.arrivals = .immediate
    }
    var merged = session
    merged.arrivals = stride(from: 0, to: session.arrivals.count - 1, by: 2).map {
      (session.arrivals[$0 + 1].instant, session.arrivals[$0].bytes + session.arrivals[$0 + 1].bytes)
    }
    #expect(try merged.run().emissions.fingerprint != session.run().emissions.fingerprint)
  }

  @Test("a copy is a snapshot: it goes on as the original does, and neither disturbs the other")
  func copies() throws {
    let session = try EncodedSession(seed: 5)
    let whole = try session.run().emissions.fingerprint
    var engine = try Pipeline(session.configuration)
    var emissions: [Emission] = []
    let half = session.arrivals.count / 2 + 3
    for (instant, bytes) in session.arrivals[..<half] {
      engine.receive(bytes.span, arrived: instant, into: &emissions)
    }
    var copy = engine
    var copied = emissions
    // The copy is led astray, and a second one then goes the right way: the bytes must not have reached the first.
    var astray = engine
    var junk: [Emission] = []
    for _ in 0..<50 {
      astray.receive([0x55, 0x51, 1, 2, 3].span, arrived: session.arrivals[half].instant, into: &junk)
    }
    for (instant, bytes) in session.arrivals[half...] {
      engine.receive(bytes.span, arrived: instant, into: &emissions)
      copy.receive(bytes.span, arrived: instant, into: &copied)
    }
    engine.finish(into: &emissions)
    copy.finish(into: &copied)
    #expect(emissions.fingerprint == whole)
    #expect(copied.fingerprint == whole)
    #expect(copy.counters == engine.counters)
    #expect(astray.counters != engine.counters)
  }

  @Test("what was said is never revised: after any arrival it is a prefix of the whole run", arguments: spokenProtocols)
  func prefixes(name: String) throws {
    let session = try EncodedSession(name, seed: 3) { $0.movement.trials = 2 }
    let whole = try session.run().emissions.fingerprint
    var engine = try Pipeline(session.configuration)
    var said: [Emission] = []
    for (index, (instant, bytes)) in session.arrivals.enumerated() {
      engine.receive(bytes.span, arrived: instant, into: &said)
      if index % 97 == 0 { #expect(whole.starts(with: said.fingerprint)) }
    }
    #expect(!said.isEmpty && said.count <= whole.count)
  }

  @Test("an event lies between the same readings, wherever the arrivals around it are cut")
  func events() throws {
    let session = try EncodedSession { $0.movement.trials = 1 }
    func run(size: Int) throws -> [[UInt64]] {
      var engine = try Pipeline(session.configuration)
      var emissions: [Emission] = []
      for (index, (instant, bytes)) in session.arrivals.enumerated() {
        for chunk in ChunkCutter.even(bytes, size: size) {
          engine.receive(Array(chunk).span, arrived: instant, into: &emissions)
        }
        if index == 200 { engine.receive(OperatorEvent.marker("here"), into: &emissions) }
        if index == 210 { engine.receive(OperatorEvent.side(.left), into: &emissions) }
      }
      engine.finish(into: &emissions)
      #expect(emissions.trials.allSatisfy { $0.side == .left })
      return emissions.fingerprint
    }
    let whole = try run(size: 4096)
    #expect(whole.contains { $0[0] == 4 })
    #expect(try run(size: 7) == whole)
  }
}
