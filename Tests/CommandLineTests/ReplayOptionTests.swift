import Foundation
import Glibc
import Testing

@Suite("What a replay can be asked for")
struct ReplayOptionTests {
  @Test("a window shows the very lines that the whole run has there")
  func window() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--trials", "1"])
    let whole = engineLines(try await talusDone("replay", stem + ".mcap").output)
    func time(_ line: Substring) -> Double? {
      line.contains("\"reading\"") ? try? jsonObject(line)["t_s"] as? Double : nil
    }
    let part = engineLines(try await talusDone("replay", stem + ".mcap", "--from", "2.5", "--to", "6").output)
    let times = part.compactMap(time)
    #expect(times == whole.compactMap(time).filter { $0 >= 2.5 && $0 <= 6 } && times.count > 300)
    let first = try #require(whole.firstIndex { $0 == part[0] })
    #expect(Array(whole[first..<(first + part.count)]) == part)
    // From somewhere to the end: with the trial, whose lines come late.
    let rest = engineLines(try await talusDone("replay", stem + ".mcap", "--from", "4").output)
    #expect(rest == Array(whole.suffix(rest.count)) && rest.count > 300)
    #expect(rest.contains { $0.contains("\"trial\"") })
    let none = try await talusDone("replay", stem + ".mcap", "--from", "9999")
    #expect(engineLines(none.output).isEmpty)
    for wrong in [["--from", "-1"], ["--from", "5", "--to", "4"], ["--to", "nan"], ["--pty", "--from", "1"]] {
      #expect(try await Program([Program.talus, "replay", stem + ".mcap"] + wrong).end().status == 64, "\(wrong)")
    }
  }

  @Test("a loop begins again, with its own device line, until nobody reads")
  func loop() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let program = try Program([Program.talus, "replay", stem + ".mcap", "--loop"])
    try await program.wait(for: "three rounds") {
      String(decoding: program.output, as: UTF8.self).components(separatedBy: "\"class\":\"counters\"").count > 3
    }
    program.send(SIGINT)
    let ended = try await program.end()
    #expect(ended.status == 0)
    let rounds = ended.text.components(separatedBy: "{\"class\":\"device\"").dropFirst()
    #expect(rounds.count > 3)
    #expect(Set(rounds.dropLast()).count == 1, "every round says the same")
  }

  @Test("other settings than the recording's are marked in front of the numbers")
  func recomputed() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let plain = try await talusDone("replay", stem + ".mcap")
    #expect(!plain.text.contains("recomputed"))
    let other = try await talusDone(
      "replay", stem + ".mcap", "--filter", "complementary", "--mount", "y=distal,z=anterior")
    let line = try jsonObject(other.lines[1])
    #expect(line["class"] as? String == "recomputed")
    #expect(Set(line.keys).subtracting(["class"]) == (try DocumentedKeys.of(heading: "`recomputed`")))
    let overrides = try #require(line["overrides"] as? [[String: String]])
    #expect(overrides.map { $0["setting"] } == ["filter", "mount"])
    #expect(overrides[0] == ["setting": "filter", "recorded": "accurate", "used": "complementary"])
    #expect(engineLines(other.output) != engineLines(plain.output))
  }

  @Test("a recording says who and when in codes, and shows it")
  func person() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let player = try await Session.player(stem + ".mcap", "--speed", "20", "--loop")
    let file = folder("r.mcap")
    let stream = try Program([
      Program.talus, "stream", "--port", player.port, "--protocol", "witmotion", "--record", file, "--person", "P-017",
      "--visit", "2, after 6 weeks", "--session-note", "ä \"tape\"",
    ])
    // More than one round: the port plays in a loop.
    try await stream.wait(for: "2000 readings") { engineLines(stream.output).count > 2000 }
    // The folder goes away, and the session does not.
    try FileManager.default.removeItem(atPath: file)
    try await stream.wait(for: "message") { stream.errors.contains("was removed while it is being recorded") }
    stream.send(SIGINT)
    let ended = try await stream.end()
    #expect(ended.status == 0)
    let rescued = folder("rescued-1-r.mcap")
    #expect(ended.errors.contains(rescued))
    let text = try await talusDone("verify", rescued).text
    #expect(text.contains("P-017") && text.contains("2, after 6 weeks") && text.contains("ä \"tape\""))
    #expect(engineLines(try await talusDone("replay", rescued).output) == engineLines(ended.output))
  }
}
