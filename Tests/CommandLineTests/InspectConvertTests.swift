import Foundation
import TestKit
import Testing

@Suite("Inspect and convert")
struct InspectConvertTests {
  static let counterKeys: Set<String> = ["bytes_in", "framed", "skipped", "held", "checksum_failures"]
  static let keys: Set<String> = ["kind", "protocol", "samples", "rate_hz", "duration_s", "gaps", "counters"]

  private func facts(_ arguments: String...) async throws -> [String: Any] {
    let ended = try await Program([Program.talus, "inspect"] + arguments + ["--json"]).end()
    guard ended.status == 0 else { throw Trouble(ended.errors) }
    let facts = try jsonObject(ended.text)
    #expect(Self.keys.isSubset(of: facts.keys))
    let counters = try #require(facts["counters"] as? [String: Int])
    #expect(Self.counterKeys.isSubset(of: counters.keys))
    #expect(counters["bytes_in"] == (counters["framed"] ?? 0) + (counters["skipped"] ?? 0) + (counters["held"] ?? 0))
    return facts
  }

  @Test("a recording, its raw bytes and its samples as CSV tell the same story")
  func threeForms() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "10"])
    let size = try bytes(of: stem + ".bin").count
    let recording = try await facts(stem + ".mcap")
    #expect(recording["kind"] as? String == "recording")
    #expect(recording["protocol"] as? String == "witmotion")
    #expect(recording["ending"] as? String == "complete")
    let raw = try await facts(stem + ".bin", "--protocol", "witmotion", "--rate", "100")
    #expect(raw["kind"] as? String == "raw-bytes")
    let capture = try await facts(stem + ".csv")
    #expect(capture["protocol"] is NSNull)
    for facts in [recording, raw, capture] {
      #expect(facts["samples"] as? Int == 1001)
      #expect(facts["gaps"] as? Int == 0)
      #expect(abs((facts["rate_hz"] as? Double ?? 0) - 100) < 0.2)
      #expect(abs((facts["duration_s"] as? Double ?? 0) - 10) < 0.02)
    }
    for facts in [recording, raw] { #expect((facts["counters"] as? [String: Int])?["bytes_in"] == size) }
    // Without a rate the bytes have no time, and nothing is made up.
    let untimed = try await facts(stem + ".bin", "--protocol", "witmotion")
    #expect(untimed["rate_hz"] is NSNull)
    #expect(untimed["duration_s"] is NSNull)
    #expect(untimed["samples"] as? Int == 1001)
  }

  @Test("raw lines with a time column need no rate: the times are those of the lines")
  func linesWithTime() async throws {
    let folder = try Folder()
    let rows = (0..<100).map { "\($0 * 20),0.01,1,0.0\($0 % 7)\r\n" }.joined()
    let path = try folder.write(rows, to: "board.log")
    let facts = try await facts(path, "--protocol", "lines:t_ms,ax_g,ay_g,az_g")
    // The first line may be the rest of one, and is never taken.
    #expect(facts["samples"] as? Int == 99)
    #expect(facts["gaps"] as? Int == 0)
    #expect(abs((facts["rate_hz"] as? Double ?? 0) - 50) < 0.01)
    #expect(abs((facts["duration_s"] as? Double ?? 0) - 1.96) < 1e-9)
  }

  @Test("plain lines: columns are named, learned from their names or from the numbers, and said to be so")
  func columns() async throws {
    let folder = try Folder()
    // A slow swing about x with its rate in °/s, 50 Hz.
    let rows = (0..<200).map { index -> String in
      let angle = 0.5 * sin(0.06 * Double(index))
      let rate = -0.5 * 3 * cos(0.06 * Double(index)) * 180 / .pi
      return
        "\(20 * index),0.00\(index % 3),\(String(format: "%.4f,%.4f,%.3f", cos(angle), sin(angle), rate)),0.1,0.0\r\n"
    }
    let bare = try folder.write(rows.joined(), to: "bare.log")
    let map = "t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps"
    for arguments in [["--columns", map], ["--protocol", "lines"], ["--protocol", "lines:" + map]] {
      let ended = try await Program([Program.talus, "inspect", bare, "--json"] + arguments).end()
      let facts = try jsonObject(ended.text)
      #expect(facts["protocol"] as? String == "lines:" + map, "\(arguments)")
      #expect(
        (facts["notes"] as? [String] ?? []).contains { $0.contains("from the numbers alone") }
          == (arguments[1] == "lines"))
    }
    let converted = try await Program([Program.talus, "convert", bare, "--protocol", "lines"]).end()
    #expect(converted.status == 0 && converted.errors.contains("learned from the numbers alone: check them"))
    #expect(converted.text.split(separator: "\n").count == 200)
    let ambiguous = try await Program([Program.talus, "inspect", bare, "--columns", map, "--protocol", "rion"]).end()
    #expect(ambiguous.status == 64 && ambiguous.errors.contains("plain lines"))
    let unknown = try folder.write(String(repeating: "16384,12,-300\r\n", count: 100), to: "raw.log")
    let refused = try await Program([Program.talus, "inspect", unknown, "--protocol", "lines"]).end()
    #expect(refused.status == 65 && refused.errors.contains("could not be learned"))
  }

  @Test(
    "fused on board: a filter is refused with the reason, and an ambiguous word asks for the order",
    arguments: ["replay", "report", "orient"])
  func fused(command: String) async throws {
    let folder = try Folder()
    let lines = String(repeating: "Orientation: 12.00, -0.44, 1.25\r\n", count: 60)
    let path = try folder.write(lines, to: "fused.txt")
    let more = command == "report" ? ["-o", folder("reports")] : []
    let unnamed = try await Program([Program.talus, command, path] + more).end()
    #expect(unnamed.status != 0 && unnamed.errors.contains("--protocol orientation:heading,pitch,roll"))
    let named = ["--protocol", "orientation:heading,pitch,roll", "--rate", "50"] + more
    let refused = try await Program([Program.talus, command, path, "--filter", "kalman"] + named).end()
    #expect(refused.status != 0 && refused.errors.contains("fused the orientation itself"), "\(refused.errors)")
    if command == "replay" {
      let ended = try await Program([Program.talus, command, path] + named).end()
      let readings = ended.text.split(separator: "\n").filter { $0.contains("\"reading\"") }
      #expect(ended.status == 0 && readings.count >= 59 && readings.allSatisfy { $0.contains("device-fused") })
    }
  }

  @Test("bytes that are no frames are counted, and the counters add up")
  func damagedBytes() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    var raw = try bytes(of: stem + ".bin")
    raw[1000] ^= 0x10
    raw.insert(contentsOf: [1, 2, 3, 0x55], at: 22 * 200)
    raw.removeLast(5)
    try Data(raw).write(to: URL(filePath: folder("damaged.bin")))
    let facts = try await facts(folder("damaged.bin"), "--protocol", "witmotion", "--rate", "100")
    let counters = try #require(facts["counters"] as? [String: Int])
    #expect(counters["bytes_in"] == raw.count)
    #expect(counters["checksum_failures"] ?? 0 >= 1)
    #expect(counters["skipped"] ?? 0 >= 15)
    #expect((797...801).contains(facts["samples"] as? Int ?? 0))
  }

  @Test("convert writes a header and one row a sample, the same to a file and to standard output")
  func csv() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let printed = try await talusDone("convert", stem + ".mcap", "--to", "csv")
    let rows = printed.lines
    #expect(rows.count == 802)
    #expect(rows[0].hasPrefix("t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps"))
    let columns = rows[0].split(separator: ",").count
    for row in rows.dropFirst() {
      let cells = row.split(separator: ",", omittingEmptySubsequences: false)
      #expect(cells.count == columns)
      #expect(cells[..<7].allSatisfy { Double($0) != nil })
    }
    let written = try await talusDone("convert", stem + ".mcap", "--to", "csv", "-o", folder("x.csv"))
    #expect(written.output.isEmpty)
    #expect(try bytes(of: folder("x.csv")) == printed.output)
    // What it writes it reads, with the same numbers.
    let again = try await talusDone("convert", folder("x.csv"))
    #expect(again.lines.count == 802)
    #expect(again.lines[400].split(separator: ",")[..<7] == rows[400].split(separator: ",")[..<7])
  }

  @Test("an inclinometer's file has its angles, and empty cells or no columns for what it does not measure")
  func inclinometer() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8", "--protocol", "rion"])
    let printed = try await talusDone("convert", stem + ".mcap")
    let names = printed.lines[0].split(separator: ",")
    #expect(
      names.prefix(7) == ["t_s", "acc_x_mps2", "acc_y_mps2", "acc_z_mps2", "gyr_x_radps", "gyr_y_radps", "gyr_z_radps"])
    let cells = printed.lines[5].split(separator: ",", omittingEmptySubsequences: false)
    #expect(cells[1...6].allSatisfy { $0.isEmpty })
    #expect(cells[7...].contains { Double($0) != nil })
  }

  @Test("inspect counts the kinds of message with their rates, and says when the first and the last sample was")
  func messages() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    for file in [stem + ".mcap", stem + ".bin"] {
      let facts = try await facts(file, "--rate", "100")
      let messages = try #require(facts["messages"] as? [[String: Any]])
      #expect(messages.compactMap { $0["name"] as? String } == ["55 51 acceleration", "55 52 angular rate"])
      #expect(messages.allSatisfy { $0["count"] as? Int == 801 && $0["known"] as? Bool == true })
      #expect(messages.allSatisfy { abs(($0["rate_hz"] as? Double ?? 0) - 100) < 0.5 })
      #expect(facts["unknown_messages"] as? Int == 0)
      #expect(facts["first_time_s"] as? Double == 0)
      #expect(abs((facts["last_time_s"] as? Double ?? 0) - 8) < 0.02)
    }
    #expect((try await facts(stem + ".bin", "--rate", "100"))["confidence"] as? Double ?? 0 > 0.99)
  }

  @Test("bytes without a time become a table whose times are empty, and nothing has to be said")
  func noTimes() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let table = try await talusDone("convert", stem + ".bin", "--to", "csv")
    #expect(table.lines.count == 802)
    #expect(table.lines.dropFirst().allSatisfy { $0.hasPrefix(",") })
    let timed = try await talusDone("convert", stem + ".bin", "--to", "csv", "--rate", "100")
    #expect(timed.lines[2].hasPrefix("0.01"))
    // A device clock gives times and a column of its own.
    let lines = try folder.write(
      (0..<50).map { "Q,\(1_000_000 + $0 * 10_000),1.0000,0.0000,0.0000,0.0000\n" }.joined(), to: "q.txt")
    let clocked = try await talusDone("convert", lines, "--to", "csv")
    #expect(clocked.lines[0].contains(",qw,qx,qy,qz,counter,flags"), "\(clocked.lines[0])")
    #expect(
      clocked.lines[2].hasPrefix("0.01") && clocked.lines[2].contains(",1010000,unchecked"), "\(clocked.lines[2])")
  }

  @Test("a port is inspected like a file, for as long as is said")
  func port() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let raw = try bytes(of: stem + ".bin")
    let pty = try PtyPair()
    let program = try Program([Program.talus, "inspect", pty.path, "--json", "--seconds", "2"])
    try await program.wait(for: "listening") { program.errors.contains("listening") }
    try await Task.sleep(for: .milliseconds(500))
    pty.write(raw[..<6600])
    let ended = try await program.end()
    #expect(ended.status == 0, "\(ended.errors)")
    let facts = try jsonObject(ended.text)
    #expect(facts["kind"] as? String == "port" && facts["protocol"] as? String == "witmotion")
    #expect(facts["confidence"] as? Double ?? 0 > 0.9)
    #expect((facts["samples"] as? Int ?? 0) >= 299)
    #expect((facts["messages"] as? [[String: Any]])?.count == 2)
  }
}
