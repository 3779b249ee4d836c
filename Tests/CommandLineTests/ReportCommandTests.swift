import Foundation
import TestKit
import Testing

@Suite("Reports from the command line")
struct ReportCommandTests {
  static let threeTrials = ["--trials", "3", "--hold-s", "2", "--duration-s", "24"]
  private static let needsData = Comment(rawValue: SharedData.absent)

  private func json(_ path: String) throws -> [String: Any] {
    try jsonObject(String(decoding: bytes(of: path), as: UTF8.self))
  }

  private func series(_ report: [String: Any]) -> [[String: Any]] { report["series"] as? [[String: Any]] ?? [] }

  @Test("a recording's report has the documented keys, and its angles are those of the replay to the digit")
  func equalsReplay() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, Self.threeTrials)
    let report = try await talusDone(
      "report", stem + ".mcap", "-o", folder("out"), "--condition", "knee-bent", "--placement", "mid shank")
    #expect(report.text == folder("out/s.html") + "\n")
    let page = try json(folder("out/s.json"))
    #expect(page["schema_version"] as? Int == 1)
    let series = try #require(series(page).first)
    // Inches, hands and the foot's uncertainties are there only where there is something to say.
    let optional: Set = [
      "mean_ktw_in", "mean_ktw_u_in", "mean_ktw_hands", "mean_ktw_u_hands", "mean_ktw_low_in", "mean_ktw_high_in",
      "mean_ktw_low_hands", "mean_ktw_high_hands", "heel_lift_sd_deg", "dorsiflexion_sd_deg",
    ]
    #expect(Set(series.keys).union(optional) == (try DocumentedKeys.of(heading: "### `series`")).union(optional))
    #expect(series["side"] as? String == "right")
    #expect(series["condition"] as? String == "knee-bent")
    #expect(series["placement"] as? String == "mid shank")
    #expect(series["zero"] as? String == "gravity")
    let quality = try #require(page["quality"] as? [String: Any])
    for key in ["bytes_in", "framed", "skipped", "held", "checksum_failures", "gaps", "gap_list", "notes", "flags"] {
      #expect(quality[key] != nil, "\(key)")
    }
    let replay = try await talusDone("replay", stem + ".mcap", "--condition", "knee-bent")
    let live = try replay.lines.filter { $0.contains("\"class\":\"trial\"") }.map(jsonObject)
    let trials = (series["trials"] as? [[String: Any]] ?? []) + (series["other_movements"] as? [[String: Any]] ?? [])
    #expect(live.filter { $0["kind"] as? String == "trial" }.count == 3)
    #expect(trials.count == live.count)
    let trialKeys = try DocumentedKeys.of(heading: "A trial")
    for trial in trials {
      #expect(Set(trial.keys).union(optional) == trialKeys.union(optional))
      let same = try #require(live.first { $0["start_s"] as? Double == trial["start_s"] as? Double })
      #expect(NSDictionary(dictionary: trial) == NSDictionary(dictionary: same.filter { $0.key != "class" }))
    }
    // The numbers as they are spelled, not only as they are read.
    let text = String(decoding: try bytes(of: folder("out/s.json")), as: UTF8.self).filter { $0 != " " }
    for line in replay.lines where line.contains("\"class\":\"trial\"") {
      let spelled = try #require(line.firstMatch(of: /"end_range_deg":[-0-9.]+/)?.0)
      #expect(text.contains(spelled))
    }
    let html = String(decoding: try bytes(of: folder("out/s.html")), as: UTF8.self)
    #expect(html.contains("<svg"))
    #expect(!html.contains("src=\"http") && !html.contains("href=\"http"), "the page needs the network")
  }

  @Test("the mean is over the first three valid trials, and truth is within its uncertainty")
  func meanAndTruth() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--trials", "4", "--hold-s", "2", "--sensor", "perfect"])
    try await talusDone("report", stem + ".csv", "-o", folder("out"), "--mount", "y=proximal,z=anterior")
    let series = try #require(series(try json(folder("out/s.json"))).first)
    let trials = try #require(series["trials"] as? [[String: Any]])
    let valid = trials.filter { $0["verdict"] as? String != "invalid" }.prefix(3)
    #expect(valid.count == 3)
    let angles = valid.compactMap { $0["end_range_deg"] as? Double }
    let mean = try #require(series["mean_deg"] as? Double)
    #expect(abs(angles.reduce(0, +) / 3 - mean) < 0.0015)
    #expect(series["basis_trials"] as? [Int] == valid.compactMap { $0["number"] as? Int })
    let truth = try String(contentsOfFile: stem + ".trials.csv", encoding: .utf8).split(separator: "\n")
    let column = try #require(truth[0].split(separator: ",").firstIndex { $0.contains("end_range") })
    for (row, angle) in zip(truth.dropFirst(), angles) {
      let real = try #require(Double(row.split(separator: ",")[column]))
      #expect(abs(real - angle) < 0.6, "a perfect sensor's angle")
    }
  }

  @Test("an option overrides the recording, and is marked so")
  func overrides() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--trials", "1", "--duration-s", "9"])
    let note = try await talusDone(
      "report", stem + ".mcap", "-o", folder("out"), "--side", "left", "--height-cm", "180", "--filter",
      "complementary",
      "--mount", "y=proximal,x=right")
    #expect(note.status == 0)
    let page = try json(folder("out/s.json"))
    let conventions = try #require(page["conventions"] as? [String: Any])
    let overrides = try #require(conventions["overrides"] as? [[String: String]])
    let said = Dictionary(uniqueKeysWithValues: overrides.map { ($0["setting"] ?? "", $0) })
    #expect(said["side"]?["recorded"] == "right")
    #expect(said["side"]?["used"] == "left")
    #expect(said["height"]?["recorded"] == "170.0 cm")
    #expect(said["height"]?["used"] == "180.0 cm")
    #expect(said["filter"]?["used"] == "complementary")
    #expect(conventions["filter"] as? String == "complementary")
    #expect(series(page).first?["side"] as? String == "left")
    let plain = try await talusDone("report", stem + ".mcap", "-o", folder("plain"))
    #expect(plain.status == 0)
    let untouched = try #require(try json(folder("plain/s.json"))["conventions"] as? [String: Any])
    #expect((untouched["overrides"] as? [Any])?.isEmpty == true)
  }

  @Test("one bad file among good ones is said and left out; the good ones are written")
  func oneBadFile() async throws {
    let folder = try Folder()
    _ = try await Session.simulate(in: folder, stem: "a", ["--duration-s", "8"])
    _ = try await Session.simulate(in: folder, stem: "b", ["--duration-s", "8", "--seed", "2"])
    let bad = try folder.write("t_s,ax_g,ay_g,az_g\n0,1,2\n", to: "bad.csv")
    let ended = try await talus(
      "report", folder("a.mcap"), bad, folder("none.csv"), folder("b.csv"), "-o", folder("out"))
    #expect(ended.status == 1)
    #expect(ended.errors.contains("bad.csv, line 2, column 3"))
    #expect(ended.errors.contains("none.csv: No such file"))
    #expect(ended.errors.contains("2 of 4 inputs left out"))
    #expect(ended.text == folder("out/a.html") + "\n" + folder("out/b.html") + "\n")
    for name in ["a.html", "a.json", "a.csv", "b.html", "b.json", "b.csv"] {
      #expect(try bytes(of: folder("out/" + name)).count > 100)
    }
  }

  @Test("a folder stands for what lies in it, and two inputs of one stem get two reports")
  func wholeFolder() async throws {
    let folder = try Folder()
    _ = try await Session.simulate(in: folder, stem: "a", ["--duration-s", "8"])
    let captures = try Folder()
    for name in ["a.mcap", "a.csv"] {
      try FileManager.default.copyItem(atPath: folder(name), toPath: captures(name))
    }
    _ = try captures.write("no capture", to: "notes.md")
    let ended = try await talusDone("report", captures.path, "-o", folder("out"))
    #expect(ended.lines.count == 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("out")).sorted()
    #expect(names == ["a-2.csv", "a-2.html", "a-2.json", "a.csv", "a.html", "a.json"])
    let again = try await talusDone("report", captures.path, "-o", folder("again"))
    #expect(again.status == 0)
    for name in names { #expect(try bytes(of: folder("out/" + name)) == bytes(of: folder("again/" + name)), "\(name)") }
    let nothing = try Folder()
    let empty = try await talus("report", nothing.path, "-o", folder("out"))
    #expect(empty.status == 66)
    #expect(empty.errors.contains("no capture"))
  }

  @Test("an input is never replaced by its own report")
  func inputIsKept() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let before = try bytes(of: stem + ".csv")
    for name in [stem + ".csv", folder.path + "/./s.csv"] {
      let ended = try await talus("report", name, "-o", folder.path)
      #expect(ended.status == 64)
      #expect(ended.errors.contains("is an input"))
      #expect(try bytes(of: stem + ".csv") == before)
    }
  }

  @Test("--combine sets left beside right")
  func combined() async throws {
    let folder = try Folder()
    _ = try await Session.simulate(in: folder, stem: "l", Self.threeTrials + ["--side", "left", "--target-deg", "42"])
    _ = try await Session.simulate(in: folder, stem: "r", Self.threeTrials + ["--side", "right", "--seed", "3"])
    try await talusDone(
      "report", folder("l.mcap"), folder("r.mcap"), "-o", folder("out"), "--combine", "visit", "--condition",
      "knee-bent")
    let page = try json(folder("out/visit.json"))
    #expect(series(page).compactMap { $0["side"] as? String }.sorted() == ["left", "right"])
    #expect((page["parts"] as? [Any])?.count == 2)
    let comparison = try #require((page["comparisons"] as? [[String: Any]])?.first)
    #expect(Set(comparison.keys) == (try DocumentedKeys.of(heading: "`comparisons`")))
    let left = try #require(comparison["left_deg"] as? Double)
    let right = try #require(comparison["right_deg"] as? Double)
    let difference = try #require(comparison["left_minus_right_deg"] as? Double)
    #expect(abs(left - right - difference) < 0.0015)
    #expect((2.0...6.0).contains(difference))
    #expect(comparison["obstacle"] is NSNull)
  }

  @Test(
    "files that vendors' software wrote become reports, and replay and inspect read them too",
    .enabled(if: SharedData.isPresent, needsData),
    arguments: [
      ("ximu3/Left Lower Leg", "ximu3", "Left Lower Leg"),
      ("xsens_mtmanager/S02-Trial-Walk-1-000_00B40C44.txt", "xsens-mtmanager", "S02-Trial-Walk-1-000_00B40C44"),
      ("phyphox/comma_gait", "phyphox", "comma_gait"),
    ])
  func vendors(path: String, format: String, stem: String) async throws {
    let folder = try Folder()
    let input = SharedData.folder.appending(path: "csv/" + path).path
    try await talusDone(
      "report", input, "-o", folder("out"), "--side", "left", "--mount", "x=proximal,z=anterior")
    let page = try json(folder("out/\(stem).json"))
    let facts = try #require(page["input"] as? [String: Any])
    #expect(facts["format"] as? String == format)
    #expect(facts["rate_hz"] as? Double ?? 0 > 20)
    let inspected = try jsonObject(try await talusDone("inspect", input, "--json").text)
    #expect(inspected["kind"] as? String == format)
    let replay = try await talusDone("replay", input)
    let readings = replay.lines.filter { $0.contains("\"class\":\"reading\"") }
    #expect(readings.count == inspected["samples"] as? Int)
    #expect(readings.contains { !$0.contains("\"tibial_inclination_deg\":null") })
  }
}
