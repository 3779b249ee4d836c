import Foundation
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols
import TestKit
import Testing

/// A protocol and a filter under test.
struct EngineCase: CustomTestStringConvertible, Sendable {
  let protocolName: String
  let filter: PipelineConfiguration.Filter
  var testDescription: String { "\(protocolName.prefix(9)), \(filter.rawValue)" }

  func configuration() throws -> PipelineConfiguration {
    var configuration = PipelineConfiguration(try ProtocolCatalogue.find(protocolName))
    configuration.filter = filter
    configuration.side = .right
    configuration.height = 1.72
    return configuration
  }

  func steps(seconds: Double = 30) throws -> [Step] {
    try MadeSession.steps(ProtocolCatalogue.find(protocolName), seed: 11, seconds: seconds)
  }
}

@Suite("Running a session again")
struct SessionRunTests {
  static let cases = [
    EngineCase(protocolName: "witmotion", filter: .accurate),
    EngineCase(protocolName: "witmotion", filter: .kalman),
    EngineCase(protocolName: "witmotion", filter: .complementary),
    EngineCase(protocolName: "rion", filter: .accurate), EngineCase(protocolName: "dxl360s", filter: .accurate),
    EngineCase(protocolName: "lines:t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps", filter: .complementary),
  ]

  private func whole(_ engine: EngineCase, _ steps: [Step]) throws -> (emissions: [Emission], counters: SessionCounters)
  {
    var pipeline = try Pipeline(engine.configuration())
    var emissions = MadeSession.emissions(steps, &pipeline)
    pipeline.finish(into: &emissions)
    return (emissions, pipeline.counters)
  }

  private func run(_ path: String) throws -> (emissions: [Emission], outcome: SessionInput.Outcome) {
    var emissions: [Emission] = []
    let outcome = try SessionInput.open(path).run { new, _, _ in
      emissions += new
      return true
    }
    return (emissions, outcome)
  }

  @Test("the made-up session has all that a session can have", arguments: cases)
  func sessionIsRich(_ engine: EngineCase) throws {
    let (emissions, counters) = try whole(engine, engine.steps())
    var trials = 0
    var gaps = 0
    var markers = 0
    for emission in emissions {
      switch emission {
      case .trial: trials += 1
      case .gap: gaps += 1
      case .marker: markers += 1
      case .reading, .alignment: break
      }
    }
    #expect(trials >= 2)
    #expect(gaps >= 1)
    #expect(markers == 1)
    #expect(counters.samples > 2800)
    #expect(counters.bytes.bytesIn == counters.bytes.framed + counters.bytes.skipped + counters.bytes.held)
  }

  @Test("a recording's run says what the engine said live, to the bit", arguments: cases)
  func equalsLive(_ engine: EngineCase) throws {
    let steps = try engine.steps()
    let folder = try Folder()
    let path = try folder.write(MadeSession.recording(steps, try engine.configuration()), "r.mcap")
    let (emissions, outcome) = try run(path)
    let live = try whole(engine, steps)
    #expect(said(emissions) == said(live.emissions))
    #expect(outcome.counters == live.counters)
    #expect(outcome.notes.isEmpty)
    #expect(outcome.recording?.end == .complete)
  }

  @Test("cutting the bytes of one arrival differently changes nothing", arguments: cases)
  func cutsDoNotMatter(_ engine: EngineCase) throws {
    let steps = try engine.steps()
    let expected = try whole(engine, steps)
    for (seed, size) in [(1, 1), (2, 5), (3, 17), (4, 1000)] as [(UInt64, Int)] {
      var random = RandomSource(seed: seed)
      var pipeline = try Pipeline(engine.configuration())
      var emissions = MadeSession.emissions(steps, &pipeline) {
        ChunkCutter.random($0, atMost: size, using: &random)
      }
      pipeline.finish(into: &emissions)
      #expect(said(emissions) == said(expected.emissions), "seed \(seed), pieces of up to \(size) bytes")
      #expect(pipeline.counters == expected.counters)
    }
  }

  @Test("a copy of the engine in the middle of a run goes on as the whole run does", arguments: cases)
  func snapshot(_ engine: EngineCase) throws {
    let steps = try engine.steps()
    let expected = try whole(engine, steps)
    for place in [1, steps.count / 3, steps.count / 2, steps.count - 3] {
      var first = try Pipeline(engine.configuration())
      let before = MadeSession.emissions(steps[..<place], &first)
      var copy = first
      var after = MadeSession.emissions(steps[place...], &first)
      first.finish(into: &after)
      // The copy knows nothing of what the original did since.
      var again = MadeSession.emissions(steps[place...], &copy)
      copy.finish(into: &again)
      #expect(said(before + after) == said(expected.emissions), "copied after \(place) steps")
      #expect(said(again) == said(after))
      #expect(copy.counters == expected.counters)
    }
  }

  @Test("session time never runs backwards, and what was said is never said again", arguments: cases)
  func timeRunsForward(_ engine: EngineCase) throws {
    var last = SessionTime(nanoseconds: -1)
    for emission in try whole(engine, engine.steps()).emissions {
      guard case .reading(let reading) = emission else { continue }
      #expect(reading.time > last)
      last = reading.time
    }
  }

  @Test("of a recording that was cut off anywhere, everything before the cut is run, and the cut is said")
  func truncated() throws {
    let engine = Self.cases[0]
    let steps = try engine.steps(seconds: 12)
    let bytes = MadeSession.recording(steps, try engine.configuration())
    let expected = try whole(engine, steps)
    let folder = try Folder()
    var random = RandomSource(seed: 5)
    var runs = 0
    for _ in 0..<40 {
      let size = Int.random(in: 1..<bytes.count, using: &random)
      let path = try folder.write(Array(bytes[..<size]), "cut.mcap")
      let input: SessionInput
      do {
        input = try SessionInput.open(path)
      } catch {
        // Nothing to run before the head is whole.
        #expect(size < 4000, "\(size): \(error)")
        continue
      }
      var emissions: [Emission] = []
      let outcome = try input.run { new, _, _ in
        emissions += new
        return true
      }
      runs += 1
      guard outcome.recording?.end != .complete else { continue }
      #expect(outcome.notes.contains { $0.contains("cut off") }, "\(size): \(outcome.notes)")
      let counted = try input.forEachSample { _ in }
      #expect(counted.end == outcome.recording?.end)
      #expect(counted.counters == outcome.counters.bytes)
      // What waited for more bytes comes out at the end with what is known then: the last few lines may differ.
      let kept = said(emissions)
      let settled = max(0, kept.count - 40)
      #expect(kept[..<settled] == said(expected.emissions)[..<settled], "\(size)")
    }
    #expect(runs > 25)
  }

  @Test("damage in a recording is stepped over and said, and entries that were not kept are counted")
  func damaged() throws {
    let engine = Self.cases[0]
    let steps = try engine.steps(seconds: 12)
    var bytes = MadeSession.recording(steps, try engine.configuration())
    bytes[bytes.count / 2] ^= 0x08
    let folder = try Folder()
    let (emissions, outcome) = try run(folder.write(bytes, "damaged.mcap"))
    #expect(outcome.notes.contains { $0.contains("damaged from byte") }, "\(outcome.notes)")
    #expect(outcome.notes.contains { $0.contains("entries are missing") }, "\(outcome.notes)")
    #expect(outcome.counters.gaps >= 1)
    #expect(emissions.count > 900)
  }

  @Test("a run that is ended early ends the engine as the end of the input does")
  func endedEarly() throws {
    let engine = Self.cases[0]
    let folder = try Folder()
    let path = try folder.write(MadeSession.recording(engine.steps(), try engine.configuration()), "r.mcap")
    var calls = 0
    var readings = 0
    let outcome = try SessionInput.open(path).run { new, progress, _ in
      calls += 1
      readings += new.count { if case .reading = $0 { true } else { false } }
      #expect((0...1).contains(progress.share))
      return calls < 300
    }
    #expect(readings > 100)
    #expect(readings < 2800)
    #expect(outcome.counters.samples == UInt64(readings))
    #expect(outcome.recording == nil)
  }

  @Test("a run over raw bytes and a conversion of them have the same times")
  func rawBytes() throws {
    let engine = try #require(Self.cases.first { $0.protocolName == "rion" })
    var bytes: [UInt8] = []
    for case .bytes(let piece, _) in try engine.steps(seconds: 10) { bytes += piece }
    let folder = try Folder()
    let path = try folder.write(bytes, "dump.bin")
    var choices = ConfigurationChoices()
    choices.fixedRate = 50
    let input = try SessionInput.open(path, protocolName: "rion", choices: choices)
    #expect(input.kind == "raw-bytes")
    var times: [SessionTime] = []
    _ = try input.run { new, _, _ in
      for case .reading(let reading) in new { times.append(reading.time) }
      return true
    }
    var sampled: [SessionTime] = []
    let outcome = try input.forEachSample { sampled.append($0.time) }
    #expect(times == sampled)
    #expect(times.count > 950)
    #expect(times.dropFirst().first == SessionTime(nanoseconds: 20_000_000))
    #expect(outcome.counters.bytesIn == UInt64(bytes.count))
    #expect(outcome.end == nil)
  }

  /// Bytes of a file that are mapped and were looked at count as this process's memory until they are given back.
  @Test("a long recording takes no more memory than a short one")
  func memory() throws {
    let folder = try Folder()
    let header = RecordingHeader(
      anchor: UTCAnchor(host: HostInstant(nanoseconds: 0), utcNanoseconds: 1_790_000_000_000_000_000),
      configuration: ["protocol": "witmotion"], software: "test", softwareVersion: "1")
    var encoder = RecordingEncoder(header)
    let block = [UInt8](repeating: 7, count: 60_000)
    for index in 0..<500 {
      encoder.append(
        bytes: block.span, stream: StreamID(0), arrived: HostInstant(nanoseconds: Int64(index) * 1_000_000),
        direction: .sent)
    }
    encoder.finish()
    var bytes: [UInt8] = []
    encoder.takeOutput(into: &bytes)
    #expect(bytes.count > 29_000_000)
    let input = try SessionInput.open(try folder.write(bytes, "long.mcap"))
    func mapped() throws -> Int {
      // Such a file has no size, which reading it at once would go by.
      let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
      var text: [UInt8] = []
      while let piece = try file.read(upToCount: 1 << 16), !piece.isEmpty { text += piece }
      let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
      guard let place = lines.firstIndex(where: { $0.hasSuffix("long.mcap") }) else { return 0 }
      let row = lines[place...].first { $0.hasPrefix("Rss:") } ?? ""
      return Int(row.split(separator: " ")[1]) ?? 0
    }
    var most = 0
    var count = 0
    _ = try input.run { _, _, _ in
      count += 1
      if count % 100 == 0 { most = max(most, (try? mapped()) ?? .max) }
      return true
    }
    #expect(count > 499)
    // kB; the kernel maps some pages around each that is looked at.
    #expect(most > 0 && most < 8000)
  }
}
