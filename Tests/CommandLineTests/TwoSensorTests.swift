import Foundation
import Glibc
import TestKit
import Testing

@Suite("A session with a second sensor, on the foot")
struct TwoSensorTests {
  private static let mounts = ["--mount", "y=proximal,z=anterior", "--foot-mount", "z=proximal,x=anterior"]

  /// A lunge that both sensors felt; the stems of their files.
  private func simulate(in folder: Folder, protocolName: String = "witmotion") async throws -> (
    shank: String, foot: String
  ) {
    let stem = try await Session.simulate(
      in: folder,
      [
        "--foot-sensor", "wt901", "--side", "left", "--protocol", protocolName, "--scenario",
        "stand 6; lunge 36 heel-lift=4; stand 4",
      ])
    return (stem + ".shank", stem + ".foot")
  }

  private func objects(_ ended: Ended, _ kind: String) throws -> [[String: Any]] {
    try ended.lines.filter { $0.hasPrefix("{\"class\":\"\(kind)\"") }.map(jsonObject)
  }

  @Test("two ports live, and the replay of their recording, print the same lines", arguments: [false, true])
  func liveIsReplay(isNamed: Bool) async throws {
    let folder = try Folder()
    let files = try await simulate(in: folder)
    let shank = try await Session.player(files.shank + ".mcap", "--speed", "2")
    let foot = try await Session.player(files.foot + ".mcap", "--speed", "2")
    // Named, or recognised while the other one is held.
    let names = isNamed ? ["--protocol", "witmotion", "--foot-protocol", "witmotion"] : ["--protocol", "witmotion"]
    let live = try await Program(
      [
        Program.talus, "stream", "--port", shank.port, "--foot-port", foot.port, "--record", folder("r.mcap"),
        "--side", "left",
      ] + names + Self.mounts
    ).end()
    #expect(live.status == 0, "\(live.errors)")
    for player in [shank, foot] { #expect(try await player.program.end().status == 0) }
    let devices = try objects(live, "device")
    #expect(devices.count == 2 && devices[0]["stream"] == nil && devices[1]["stream"] as? Int == 1)
    #expect(devices.map { $0["port"] as? String } == [shank.port, foot.port])
    #expect(devices[1]["mount"] as? String == "x=anterior,z=proximal")
    let keys = Set(devices[1].keys).subtracting(["class", "stream"])
    let documented = try DocumentedKeys.of(heading: "`device`").union(DocumentedKeys.of(heading: "Of the foot"))
    #expect(keys.isSubset(of: documented), "\(keys.subtracting(documented))")
    let counters = try objects(live, "counters")
    #expect(counters.map { $0["stream"] as? Int } == [nil, 1])
    for (index, file) in [files.shank, files.foot].enumerated() {
      #expect(counters[index]["bytes_in"] as? Int == (try bytes(of: file + ".bin").count))
      #expect(counters[index]["framed"] as? Int == counters[index]["bytes_in"] as? Int)
      // Without a counter a delay that lasts is now and then taken for a loss where the host stalls.
      withKnownIssue("a stall of the host is taken for a loss", isIntermittent: true) {
        #expect(counters[index]["gaps"] as? Int == 0)
      }
    }
    let readings = try objects(live, "reading")
    #expect(readings.count == counters[0]["samples"] as? Int)
    #expect(readings.filter { $0["dorsiflexion_deg"] is Double && $0["foot_pitch_deg"] is Double }.count > 200)
    for speed in [["--speed", "10"], ["--speed", "max"]] {
      let replay = try await Program([Program.talus, "replay", folder("r.mcap")] + speed).end()
      #expect(replay.status == 0)
      #expect(engineLines(replay.output) == engineLines(live.output), "\(speed)")
      #expect(replay.lines.suffix(2) == live.lines.suffix(2), "the counters differ")
    }
    let facts = try jsonObject(try await talusDone("inspect", folder("r.mcap"), "--json").text)
    let footFacts = try #require(facts["foot"] as? [String: Any])
    #expect(facts["samples"] as? Int == counters[0]["samples"] as? Int)
    #expect(footFacts["samples"] as? Int == counters[1]["samples"] as? Int)
    #expect((facts["rate_sd_hz"] as? Double ?? 0) > 0 && (footFacts["rate_sd_hz"] as? Double ?? 0) > 0)
    let rows = try await talusDone("convert", folder("r.mcap"), "--foot-sensor").lines.count
    #expect(rows - 1 == counters[1]["samples"] as? Int)
  }

  @Test("one of two that is unplugged does not stop the other, live and replayed", arguments: ["foot", "shank"])
  func unplugged(lost: String) async throws {
    let folder = try Folder()
    let files = try await simulate(in: folder)
    let shank = try await Session.player(files.shank + ".mcap", "--speed", "2")
    let foot = try await Session.player(files.foot + ".mcap", "--speed", "2")
    let stream = try Program(
      [
        Program.talus, "stream", "--port", shank.port, "--foot-port", foot.port, "--record", folder("r.mcap"),
        "--protocol", "witmotion", "--foot-protocol", "witmotion",
      ] + Self.mounts)
    try await stream.wait(for: "300 readings") { engineLines(stream.output).count > 300 }
    let (gone, left) = lost == "foot" ? (foot, shank) : (shank, foot)
    gone.program.send(SIGKILL)
    let live = try await stream.end()
    #expect(live.status == 0)
    #expect(live.errors.contains(lost == "foot" ? "the foot sensor was unplugged" : "the sensor was unplugged"))
    #expect(try await left.program.end().status == 0)
    let counters = try objects(live, "counters")
    let whole = try bytes(of: (lost == "foot" ? files.shank : files.foot) + ".bin").count
    #expect(counters[lost == "foot" ? 0 : 1]["bytes_in"] as? Int == whole)
    #expect((counters[lost == "foot" ? 1 : 0]["bytes_in"] as? Int ?? whole) < whole - 1000)
    if lost == "foot" {
      #expect(try objects(live, "reading").last?["flags"] as? [String] == ["two-sensor", "foot-missing"])
    }
    let replay = try await talus("replay", folder("r.mcap"))
    #expect(engineLines(replay.output) == engineLines(live.output))
    #expect(replay.lines.suffix(2) == live.lines.suffix(2))
  }

  @Test("two recordings, or two captures, of one session are joined by replay and report")
  func files() async throws {
    let folder = try Folder()
    let files = try await simulate(in: folder)
    // Both recordings are stamped by one clock: nothing has to be said.
    let replay = try await Program(
      [Program.talus, "replay", files.shank + ".mcap", "--foot", files.foot + ".mcap"]
    ).end()
    #expect(replay.status == 0)
    #expect(replay.errors.contains("by the clock of the computer that recorded both"), "\(replay.errors)")
    let trial = try #require(try objects(replay, "trial").first)
    #expect(abs((trial["heel_lift_deg"] as? Double ?? 0) - 4) < 0.5)
    #expect(abs((trial["dorsiflexion_deg"] as? Double ?? 0) - 36) < 1)
    #expect(try objects(replay, "device").count == 2 && objects(replay, "counters").count == 2)
    let offset = try #require(try objects(replay, "device").last?["offset_s"] as? Double)
    // Files without a common clock: the offset is said.
    let captures = try await Program(
      [
        Program.talus, "replay", files.shank + ".csv", "--foot", files.foot + ".csv", "--foot-offset", "\(offset)",
      ] + Self.mounts
    ).end()
    let other = try #require(try objects(captures, "trial").first)
    #expect(abs((other["heel_lift_deg"] as? Double ?? 0) - (trial["heel_lift_deg"] as? Double ?? 9)) < 0.1)
    // Nothing that both felt, and nothing said: no guess.
    let refused = try await talus("replay", files.shank + ".csv", "--foot", files.foot + ".csv")
    #expect(refused.status == 65 && refused.errors.contains("--foot-offset"))
    let report = try await Program(
      [Program.talus, "report", files.shank + ".mcap", "--foot", files.foot + ".mcap", "-o", folder("out")]
    ).end()
    #expect(report.status == 0)
    let page = try jsonObject(try String(contentsOfFile: folder("out/s.shank.json"), encoding: .utf8))
    let quality = try #require(page["quality"] as? [String: Any])
    let samples = try objects(replay, "counters")[1]["samples"] as? Int
    #expect((quality["foot"] as? [String: Any])?["samples"] as? Int == samples)
    #expect((page["conventions"] as? [String: Any])?["foot_offset_s"] as? Double == offset)
    let html = try String(contentsOfFile: folder("out/s.shank.html"), encoding: .utf8)
    #expect(html.contains("Foot sensor: samples"))
  }

  @Test("what cannot be meant is refused before anything is opened")
  func refusals() async throws {
    let folder = try Folder()
    let port = try PtyPair()
    for (arguments, words) in [
      (["stream", "--port", port.path, "--foot-port", port.path], "this is the shank's port"),
      (["stream", "--port", port.path, "--foot-mount", "x=anterior,z=proximal"], "--foot-port"),
      (["stream", "--port", port.path, "--foot-port", "/dev/none", "--foot-mount", "up"], "--foot-mount"),
      (["replay", "a.csv", "--foot-offset", "1"], "--foot FILE"),
      (["report", "a.csv", "b.csv", "-o", folder.path, "--foot", "c.csv"], "one input"),
    ] {
      let ended = try await Program([Program.talus] + arguments).end()
      #expect(ended.status == 64 && ended.errors.contains(words), "\(arguments): \(ended.errors)")
    }
  }
}
