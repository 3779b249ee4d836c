import Foundation
import TestKit
import Testing

/// What is said of a series by options, by a manifest and afterwards, and that every command tells the same trials.
@Suite("Trials and series from the command line")
struct SeriesCommandTests {
  private func json(_ path: String) throws -> [String: Any] {
    try jsonObject(String(decoding: bytes(of: path), as: UTF8.self))
  }

  private func series(_ path: String) throws -> [String: Any] {
    try #require((try json(path)["series"] as? [[String: Any]])?.first)
  }

  private func trials(_ series: [String: Any]) -> [[String: Any]] { series["trials"] as? [[String: Any]] ?? [] }

  /// Every fact, as an option says it and as JSON keeps it.
  static let facts: [(option: [String], key: String, value: String)] = [
    (["--age", "34"], "age", "34"), (["--sex", "female"], "sex", "female"),
    (["--affected-side", "left"], "affected_side", "left"), (["--weight-bearing"], "weight_bearing", "weighted"),
    (["--active"], "activity", "active"), (["--barefoot"], "footwear", "barefoot"),
    (["--back-foot", "heel raised"], "back_foot", "heel raised"), (["--warm-up"], "warm_up", "yes"),
    (["--pain", "3"], "pain", "3"), (["--restriction", "front"], "restriction", "front"),
    (["--rater", "R2"], "rater", "R2"), (["--sensor-put-on-anew"], "sensor_put_on_anew", "yes"),
    (["--hand-cm", "8.4"], "hand_cm", "8.4"), (["--series-note", "after <b>rest</b>"], "note", "after <b>rest</b>"),
  ]

  private func expectFacts(_ series: [String: Any], besides: Set<String> = []) throws {
    let facts = try #require(series["facts"] as? [String: Any])
    for fact in Self.facts where !besides.contains(fact.key) {
      if let number = Double(fact.value) {
        #expect(facts[fact.key] as? Double == number, "\(fact.key)")
      } else {
        #expect(facts[fact.key] as? String == fact.value, "\(fact.key)")
      }
    }
  }

  private func session(_ folder: Folder) async throws -> String {
    try await Session.simulate(
      in: folder,
      ["--side", "left", "--scenario", "stand 2; lunge 30 n=3 rest=1.5 hold=1 out=1 back=1; stand 2"])
  }

  @Test("every fact can be said by options, and the report shows it")
  func byOptions() async throws {
    let folder = try Folder()
    let stem = try await session(folder)
    try await talusDone(
      ["report", stem + ".mcap", "-o", folder("out"), "--height-cm", "170"] + Self.facts.flatMap(\.option))
    try expectFacts(try series(folder("out/s.json")))
    let page = String(decoding: try bytes(of: folder("out/s.html")), as: UTF8.self)
    for words in ["heel raised", "barefoot", "R2", "after &lt;b&gt;rest&lt;/b&gt;"] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("<b>rest</b>"))
  }

  @Test("a manifest says the same, row by row")
  func byManifest() async throws {
    let folder = try Folder()
    let stem = try await session(folder)
    let quoted = Self.facts.map { $0.value.contains(" ") ? "\"\($0.value)\"" : $0.value }
    let table = try folder.write(
      "file,condition," + Self.facts.map(\.key).joined(separator: ",") + "\ns.mcap,knee-straight,"
        + quoted.joined(separator: ",") + "\n", to: "m.csv")
    try await talusDone("report", stem + ".mcap", "-o", folder("out"), "--manifest", table)
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder("out")).first { $0.hasSuffix(".json") })
    let found = try series(folder("out/" + name))
    #expect(found["condition"] as? String == "knee-straight")
    try expectFacts(found)
  }

  @Test("annotate corrects what was said, excludes and restores, and the replay stays as it was")
  func afterwards() async throws {
    let folder = try Folder()
    let stem = try await session(folder)
    let file = stem + ".mcap"
    let before = engineLines(try await talusDone("replay", file).output)
    func report() async throws -> [String: Any] {
      try await talusDone("report", file, "-o", folder("out"))
      return try series(folder("out/s.json"))
    }
    let first = try await report()
    #expect(first["basis_trials"] as? [Int] == [1, 2, 3])
    try await talusDone(
      ["annotate", file, "--side", "right", "--condition", "knee-straight", "--placement", "mid shin"]
        + Self.facts.flatMap(\.option))
    try await talusDone("annotate", file, "--exclude", "2", "--note", "heel lifted")
    try await talusDone("annotate", file, "--trial", "3", "--kind", "practice")
    try await talusDone("annotate", file, "--trial", "1", "--pain", "6")
    let second = try await report()
    #expect(second["side"] as? String == "right" && second["condition"] as? String == "knee-straight")
    #expect(second["placement"] as? String == "mid shin")
    // A note that is made afterwards is a note on the session.
    try expectFacts(second, besides: ["note"])
    #expect(second["basis_trials"] as? [Int] == [1])
    #expect(trials(second).map { $0["number"] as? Int } == [1, 2])
    #expect(trials(second).last?["verdict"] as? String == "invalid")
    #expect((trials(second).last?["reasons"] as? [String])?.contains("excluded") == true)
    #expect(trials(first)[1]["end_range_deg"] as? Double == trials(second)[1]["end_range_deg"] as? Double)
    let notes = (try json(folder("out/s.json"))["quality"] as? [String: Any])?["notes"] as? [String] ?? []
    for words in [
      "Trial 2 was excluded", "heel lifted", "Trial 1: pain 6 of 10", "Trial 3: noted as practice", "after <b>rest</b>",
    ] {
      #expect(notes.contains { $0.contains(words) }, "\(words)")
    }
    try await talusDone("annotate", file, "--restore", "2")
    try await talusDone("annotate", file, "--trial", "3", "--kind", "trial")
    #expect(try await report()["basis_trials"] as? [Int] == [1, 2, 3])
    #expect(engineLines(try await talusDone("replay", file).output) == before)
    for wrong in [["--practice", "2"], ["--test", "wblt"], ["--trial", "1"], ["--pain", "11"], ["--exclude", "0"]] {
      #expect(try await Program([Program.talus, "annotate", file] + wrong).end().status == 64, "\(wrong)")
    }
  }

  @Test("the live run, the replay and the report tell the same trials, to the digit")
  func sameEverywhere() async throws {
    let folder = try Folder()
    let stem = try await session(folder)
    let player = try await Session.player(stem + ".mcap", "--speed", "1")
    let recording = folder("r.mcap")
    let live = try await Program([
      Program.talus, "stream", "--port", player.port, "--protocol", "witmotion", "--record", recording, "--side",
      "left",
      "--condition", "knee-bent", "--height-cm", "170", "--test", "wblt-knee-bent",
    ]).end()
    _ = try await player.program.end()
    #expect(live.status == 0)
    func told(_ lines: [Substring]) -> [Substring] { lines.filter { $0.contains("\"class\":\"trial\"") } }
    let replay = try await talusDone("replay", recording)
    #expect(told(live.lines).count == 3)
    #expect(told(replay.lines) == told(live.lines))
    try await talusDone("report", recording, "-o", folder("out"))
    let series = try series(folder("out/r.json"))
    #expect(series["test"] as? String == "wblt-knee-bent")
    let spelled = String(decoding: try bytes(of: folder("out/r.json")), as: UTF8.self).filter { !$0.isWhitespace }
    for line in told(live.lines) {
      // The whole trial stands in the report as it was told: same keys, same digits.
      let members = try #require(line.firstMatch(of: /"class":"trial",(.*)}/)?.1)
      #expect(spelled.contains(members.filter { !$0.isWhitespace }), "\(line)")
    }
  }

  @Test("practice that was announced is listed, and --practice 0 counts every lunge")
  func practice() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(
      in: folder,
      ["--side", "left", "--scenario", "stand 2; lunge 22 hold=1; stand 2; lunge 36 n=2 rest=2 hold=1; stand 2"])
    func kinds(_ options: String...) async throws -> [String] {
      let replay = try await talusDone(["replay", stem + ".mcap"] + options)
      return try replay.lines.filter { $0.contains("\"class\":\"trial\"") }.map {
        try jsonObject($0)["kind"] as? String ?? ""
      }
    }
    #expect(try await kinds() == ["practice", "trial", "trial"])
    #expect(try await kinds("--practice", "0") == ["trial", "trial", "trial"])
    #expect(try await kinds("--practice", "2") == ["practice", "practice", "trial"])
  }
}
