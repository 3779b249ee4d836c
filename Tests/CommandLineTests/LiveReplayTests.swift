import Foundation
import Glibc
import TestKit
import Testing

/// A sensor and how it is streamed in a test.
struct LiveCase: CustomTestStringConvertible, Sendable {
  let protocolName: String
  let filter: String
  let speed: String
  let simulation: [String]
  var testDescription: String { "\(protocolName.prefix(9)), \(filter), \(speed) times as fast" }
}

@Suite("A live session, and its replay")
struct LiveReplayTests {
  /// At the session's own pace, so that its lunge is found.
  static let slow = ["--trials", "1", "--hold-s", "1", "--duration-s", "9"]
  static let short = ["--trials", "1", "--hold-s", "2", "--duration-s", "9"]
  static let cases = [
    LiveCase(protocolName: "witmotion", filter: "accurate", speed: "1", simulation: slow),
    LiveCase(protocolName: "witmotion", filter: "complementary", speed: "8", simulation: short),
    LiveCase(protocolName: "rion", filter: "accurate", speed: "1", simulation: slow),
    LiveCase(protocolName: "dxl360s", filter: "kalman", speed: "8", simulation: short),
    LiveCase(protocolName: Session.imuLines, filter: "complementary", speed: "8", simulation: short),
  ]

  @Test("the replay prints the live run's lines, byte for byte, at any speed", arguments: cases)
  func replayIsLive(_ live: LiveCase) async throws {
    let folder = try Folder()
    let isLines = live.protocolName.hasPrefix("lines:")
    var options = live.simulation
    if !isLines { options += ["--protocol", live.protocolName] }
    let stem = try await Session.simulate(in: folder, options)
    var source = stem + ".mcap"
    var sent = try bytes(of: stem + ".bin").count
    if isLines {
      let text = try Session.plainLines(fromCSV: stem + ".csv")
      source = try folder.write(text, to: "board.txt")
      sent = text.utf8.count
    }
    let player =
      isLines
      ? try await Session.player(source, "--speed", live.speed, "--protocol", live.protocolName)
      : try await Session.player(source, "--speed", live.speed)
    let recording = folder("r.mcap")
    let stream = try await talus(
      "stream", "--port", player.port, "--protocol", live.protocolName, "--filter", live.filter, "--record", recording,
      "--side", "left", "--height-cm", "172")
    #expect(stream.status == 0)
    #expect(stream.errors.contains("unplugged"))
    #expect(stream.errors.contains("bytes: "))
    _ = try await player.program.end()
    try expectLines(stream, sent: sent)
    let lines = engineLines(stream.output)
    #expect(lines.count > 700)
    if live.speed == "1" { #expect(lines.contains { $0.contains("\"class\":\"trial\"") }, "\(stream.errors)") }
    for speed in [["--speed", "20"], ["--speed", "max"], []] {
      let replay = try await Program([Program.talus, "replay", recording] + speed).end()
      #expect(replay.status == 0)
      #expect(engineLines(replay.output) == lines, "\(speed)")
      #expect(replay.lines.last == stream.lines.last, "the counters differ")
    }
  }

  /// Every line is an object whose keys are those that Samples/json-keys.md lists; the device comes first, the counters last and add up.
  private func expectLines(_ stream: Ended, sent: Int) throws {
    let deviceKeys = try DocumentedKeys.of(heading: "`device`")
    let readingKeys = try DocumentedKeys.of(heading: "`reading`")
    let trialKeys = try DocumentedKeys.of(heading: "A trial")
    let otherKeys = try DocumentedKeys.of(heading: "`gap`")
    let alignmentKeys = try DocumentedKeys.of(heading: "`alignment`")
    #expect(stream.output.last == 10)
    let objects = try stream.lines.map(jsonObject)
    #expect(objects.first?["class"] as? String == "device")
    #expect(objects.filter { $0["class"] as? String == "device" }.count == 1)
    for object in objects {
      let keys = Set(object.keys).subtracting(["class"])
      switch object["class"] as? String {
      case "device": #expect(keys == deviceKeys)
      case "reading": #expect(keys == readingKeys)
      case "trial":
        let optional: Set = ["heel_lift_sd_deg", "dorsiflexion_sd_deg"]
        #expect(keys.union(optional) == trialKeys.union(optional))
      case "alignment": #expect(keys.isSubset(of: alignmentKeys) && object["outcome"] as? String == "found")
      case "gap", "counters": #expect(keys.isSubset(of: otherKeys))
      default: Issue.record("no class that is known: \(object)")
      }
    }
    let times = objects.compactMap { $0["class"] as? String == "reading" ? $0["t_s"] as? Double : nil }
    #expect(times.first == 0)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }, "time ran backwards")
    let counters = try #require(objects.last)
    #expect(counters["class"] as? String == "counters")
    func count(_ key: String) -> Int { counters[key] as? Int ?? -1 }
    #expect(count("bytes_in") == sent)
    #expect(count("bytes_in") == count("framed") + count("skipped") + count("held"))
    #expect(count("samples") == times.count)
  }

  @Test("after kill -9 the printed lines and those of the recording are one beginning of the other")
  func killed() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--trials", "2", "--duration-s", "14"])
    let player = try await Session.player(stem + ".mcap", "--speed", "4")
    let recording = folder("r.mcap")
    let stream = try Program([
      Program.talus, "stream", "--port", player.port, "--protocol", "witmotion", "--record", recording,
    ])
    try await stream.wait(for: "700 readings") { engineLines(stream.output).count > 700 }
    stream.send(SIGKILL)
    let ended = try await stream.end()
    #expect(ended.status == nil)
    // A line that the kill cut in two is no line.
    var live = engineLines(ended.output)
    if ended.output.last != 10 { live.removeLast() }
    let replay = try await talus("replay", recording)
    #expect(replay.status == 0)
    #expect(replay.errors.contains("cut off"))
    // The recording's end closes a movement that was still going on in the live run, or that still waited for its resting angle: those lines
    // stand behind the last reading.
    var kept = engineLines(replay.output).filter { !$0.contains("\"unfinished\"") }
    while kept.last?.contains("\"class\":\"trial\"") == true { kept.removeLast() }
    let shared = min(live.count, kept.count)
    #expect(shared > 300)
    #expect(live.prefix(shared) == kept.prefix(shared))
    // 400 samples a second: a quarter of a second, and as much again for a machine that is busy.
    #expect(live.count - kept.count < 200, "\(live.count - kept.count) of \(live.count) lines are lost")
    let facts = try jsonObject(try await talusDone("inspect", recording, "--json").text)
    #expect((facts["ending"] as? String)?.hasPrefix("cut off") == true)
  }

  @Test("Ctrl-C and SIGTERM end the session with a summary and a complete recording", arguments: [SIGINT, SIGTERM])
  func stopped(by signal: Int32) async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--trials", "1", "--duration-s", "12"])
    let player = try await Session.player(stem + ".mcap", "--speed", "4")
    let recording = folder("r.mcap")
    let stream = try Program([
      Program.talus, "stream", "--port", player.port, "--protocol", "witmotion", "--record", recording,
    ])
    try await stream.wait(for: "300 readings") { engineLines(stream.output).count > 300 }
    stream.send(signal)
    let ended = try await stream.end()
    #expect(ended.status == 0)
    #expect(ended.errors.contains("samples in"))
    #expect(ended.errors.contains("recorded "))
    #expect(ended.lines.last?.hasPrefix("{\"class\":\"counters\"") == true)
    let facts = try jsonObject(try await talusDone("inspect", recording, "--json").text)
    #expect(facts["ending"] as? String == "complete")
    let replay = try await talus("replay", recording)
    #expect(engineLines(replay.output) == engineLines(ended.output))
    // The player notices that nobody reads any more, and ends.
    #expect(try await player.program.end().status == 0)
  }

  @Test("silence on the line becomes a gap, live and replayed")
  func gap() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "9"])
    // Two seconds of samples are taken out; the player keeps quiet for half as long.
    let rows = try String(contentsOfFile: stem + ".csv", encoding: .utf8).split(separator: "\n")
    let kept = rows[...400] + rows[601...]
    let player = try await Session.player(
      try folder.write(kept.joined(separator: "\n") + "\n", to: "gap.csv"), "--protocol", "witmotion", "--speed", "2")
    let (stream, replay) = try await streamAndReplay(player, in: folder)
    let gaps = try stream.lines.filter { $0.contains("\"class\":\"gap\"") }.map(jsonObject)
    let longest = gaps.compactMap { gap -> Double? in
      guard let start = gap["start_s"] as? Double, let end = gap["end_s"] as? Double else { return nil }
      return end - start
    }.max()
    #expect((0.8...1.5).contains(longest ?? 0), "\(gaps)")
    #expect(stream.lines.contains { $0.contains("\"after-gap\"") })
    let counters = try jsonObject(try #require(stream.lines.last))
    #expect(counters["gaps"] as? Int == gaps.count)
    #expect(abs((counters["longest_gap_s"] as? Double ?? 0) - (longest ?? 0)) < 2e-6)
    #expect(replay.lines.last == stream.lines.last)
  }

  @Test("noise on the line is counted and stepped over, live and replayed")
  func noise() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "9"])
    var sent = try bytes(of: stem + ".bin")
    for place in [2205, 4405, 9000] { sent[place] ^= 0x40 }
    sent.insert(contentsOf: [0x55, 0x00, 0x13, 0x55, 0x51], at: 22 * 300)
    try Data(sent).write(to: URL(filePath: folder("noisy.bin")))
    let player = try await Session.player(
      folder("noisy.bin"), "--protocol", "witmotion", "--rate", "100", "--speed", "8")
    let (stream, replay) = try await streamAndReplay(player, in: folder)
    let counters = try jsonObject(try #require(stream.lines.last))
    func count(_ key: String) -> Int { counters[key] as? Int ?? -1 }
    #expect(count("bytes_in") == sent.count)
    #expect(count("bytes_in") == count("framed") + count("skipped") + count("held"))
    #expect(count("checksum_failures") >= 3)
    #expect(count("skipped") >= 38)
    #expect((890...901).contains(count("samples")))
    #expect(replay.lines.last == stream.lines.last)
  }

  /// Streams from the player with a recording, and replays that: the engine's lines must be the same.
  private func streamAndReplay(
    _ player: (program: Program, port: String), in folder: Folder
  ) async throws -> (stream: Ended, replay: Ended) {
    let stream = try await talus(
      "stream", "--port", player.port, "--protocol", "witmotion", "--record", folder("r.mcap"))
    #expect(stream.status == 0)
    #expect(try await player.program.end().status == 0)
    let replay = try await talus("replay", folder("r.mcap"))
    #expect(engineLines(replay.output) == engineLines(stream.output))
    return (stream, replay)
  }

  @Test("a sensor whose protocol is not said is heard, and nothing that was heard is lost")
  func listening() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "9"])
    let player = try await Session.player(stem + ".mcap", "--speed", "2")
    let stream = try await talus("stream", "--port", player.port, "--record", folder("r.mcap"))
    #expect(stream.status == 0)
    #expect(stream.errors.contains("witmotion at "))
    let replay = try await talus("replay", folder("r.mcap"))
    #expect(engineLines(replay.output) == engineLines(stream.output))
    #expect(engineLines(stream.output).count > 600)
  }
}
