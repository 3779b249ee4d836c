import Foundation
import TestKit
import Testing

@Suite("Conversions, there and back")
struct ConvertTests {
  @Test("what is written as JSON Lines, or as German spreadsheets want it, is read with the same numbers")
  func thereAndBack() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "12"])
    let plain = try await talusDone("convert", stem + ".csv").output
    #expect(!plain.isEmpty)
    try await talusDone("convert", stem + ".csv", "--to", "jsonl", "-o", folder("a.jsonl"))
    #expect(try await talusDone("convert", folder("a.jsonl")).output == plain)
    try await talusDone("convert", stem + ".csv", "--locale", "de", "-o", folder("de.csv"))
    let german = String(decoding: try bytes(of: folder("de.csv")), as: UTF8.self)
    #expect(german.hasPrefix("t_s;acc_x_mps2;") && german.contains("\n0,000000;") && !german.contains("."))
    #expect(try await talusDone("convert", folder("de.csv")).output == plain)
    // The simulator's file is what convert writes of it, but for the columns that only some inputs have.
    let given = String(decoding: try bytes(of: stem + ".csv"), as: UTF8.self).split(separator: "\n")
    let written = String(decoding: plain, as: UTF8.self).split(separator: "\n")
    #expect(given.count == written.count && written.last?.hasPrefix(given.last ?? "?") == true)
  }

  @Test("a pipe is written into and a link followed: neither is replaced by a file")
  func outputIsNoFile() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "3"])
    let plain = try await talusDone("convert", stem + ".csv").output
    let (pipe, link) = (folder("pipe"), folder("link"))
    try #require(mkfifo(pipe, 0o600) == 0 && symlink(folder("real.csv"), link) == 0)
    let reader = try Program(["cat", pipe])
    try await talusDone("convert", stem + ".csv", "-o", pipe)
    #expect(try await reader.end().output == plain)
    var status = stat()
    #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    _ = FileManager.default.createFile(atPath: folder("real.csv"), contents: Data("old".utf8))
    try await talusDone("convert", stem + ".csv", "-o", link)
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(try bytes(of: folder("real.csv")) == plain)
    // A report's files and a calibration's go the other way.
    let calibration = try Program(["cat", pipe])
    try await talusDone(
      "calibrate", "wall", "--touch", "33=8", "--touch", "39.5=12.1", "--height-cm", "172", "-o", pipe)
    #expect(!(try await calibration.end().output.isEmpty))
    #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
  }

  @Test("a recording becomes the same samples in every format")
  func recording() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let table = try await talusDone("convert", stem + ".mcap", "-o", folder("a.csv"))
    #expect(table.errors.isEmpty, "\(table.errors)")
    try await talusDone("convert", stem + ".mcap", "--to", "jsonl", "-o", folder("a.jsonl"))
    let (csv, lines) = (
      try await talusDone("convert", folder("a.csv")), try await talusDone("convert", folder("a.jsonl"))
    )
    #expect(csv.lines.count == 802)
    // Times, acceleration and angular rate; the device's counter is not in JSON Lines.
    func numbers(_ ended: Ended) -> [[Substring]] {
      ended.lines.dropFirst().map { Array($0.split(separator: ",").prefix(7)) }
    }
    #expect(numbers(csv) == numbers(lines))
  }

  @Test("OpenSim's quaternions become a table and stay what they were")
  func quaternions() async throws {
    let folder = try Folder()
    let rows = (0..<200).map { row in
      let half = Double(row) / 500
      return "\(Double(row) / 100)\t\(cos(half)),\(sin(half)),0.0,0.0\t1.0,0.0,0.0,0.0"
    }
    let storage = try folder.write(
      "DataRate=100.000000\nDataType=Quaternion\nversion=3\nOpenSimVersion=4.1\nendheader\ntime\ttibia_l_imu\tcalcn_l_imu\n"
        + rows.joined(separator: "\n") + "\n", to: "a.sto")
    let asked = try await talus("convert", storage)
    #expect(
      asked.status == 65 && asked.errors.contains("tibia_l_imu") && asked.errors.contains("--sensor"), "\(asked.errors)"
    )
    let table = try await talusDone("convert", storage, "--sensor", "tibia_l_imu", "-o", folder("a.csv"))
    #expect(table.errors.contains("no acceleration in this format"))
    let written = String(decoding: try bytes(of: folder("a.csv")), as: UTF8.self)
    #expect(written.contains("qw,qx,qy,qz"))
    #expect(String(decoding: try await talusDone("convert", folder("a.csv")).output, as: UTF8.self) == written)
    try await talusDone("convert", folder("a.csv"), "--to", "jsonl", "-o", folder("a.jsonl"))
    #expect(String(decoding: try await talusDone("convert", folder("a.jsonl")).output, as: UTF8.self) == written)
  }

  @Test("sto holds the replay's inclination, and no ankle angle that nothing measured")
  func storage() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let storage = try await talusDone(
      "convert", stem + ".mcap", "--to", "sto", "--side", "left", "--mount", "y=proximal,z=anterior")
    let lines = storage.lines
    let head = try #require(lines.firstIndex(of: "endheader"))
    #expect(lines[head + 1] == "time\ttibia_pitch_l")
    #expect(!storage.text.contains("ankle_angle"))
    let rows = lines[(head + 2)...]
    #expect(lines.contains("nRows=\(rows.count)") && lines.contains("nColumns=2") && lines.contains("inDegrees=yes"))
    let replay = try await talusDone("replay", stem + ".mcap", "--side", "left", "--mount", "y=proximal,z=anterior")
    let readings = try replay.lines.filter { $0.contains("\"class\":\"reading\"") }.map(jsonObject).filter {
      $0["tibial_inclination_deg"] is Double
    }
    #expect(readings.count == rows.count)
    for (reading, row) in zip(readings, rows).dropFirst(100) {
      let cells = row.split(separator: "\t").compactMap { Double($0) }
      #expect(abs(cells[1] - (reading["tibial_inclination_deg"] as? Double ?? 999)) < 0.001)
    }
  }

  @Test("two sensors of one table are asked for, and named they give the ankle's angle")
  func shankAndFoot() async throws {
    let folder = try Folder()
    var text = "t_s"
    for name in ["tibia", "foot"] {
      for axis in ["x", "y", "z"] { text += ",\(name)_acc_\(axis)_mps2" }
      for axis in ["x", "y", "z"] { text += ",\(name)_gyr_\(axis)_radps" }
    }
    text += "\n"
    for row in 0..<3000 {
      let phase = max(0, Double(row) / 100 - 5) * 0.8
      let (lean, rate) = (0.35 * (1 - cos(phase)) / 2, 0.35 * 0.8 * sin(phase) / 2)
      // The heel comes up with the lean by a quarter of it; the foot's sensor has z up and x towards the toes.
      let (heel, heelRate) = (lean / 4, rate / 4)
      text += "\(Double(row) / 100),0,\(9.80665 * cos(lean)),\(-9.80665 * sin(lean)),\(rate),0,0"
      text += ",\(-9.80665 * sin(heel)),0,\(9.80665 * cos(heel)),0,\(heelRate),0\n"
    }
    let table = try folder.write(text, to: "lab.csv")
    let asked = try await talus("replay", table)
    #expect(asked.status == 65 && asked.errors.contains("--shank NAME --foot NAME"), "\(asked.errors)")
    #expect(asked.errors.contains("'tibia'") && asked.errors.contains("'foot'"), "\(asked.errors)")
    let mounts = ["--mount", "y=proximal,z=anterior", "--foot-mount", "z=proximal,x=anterior"]
    let storage = try await Program(
      [Program.talus, "convert", table, "--to", "sto", "--side", "left", "--shank", "tibia", "--foot", "foot"] + mounts
    ).end()
    #expect(storage.status == 0, "\(storage.errors)")
    #expect(storage.errors.contains("the clock of the file that holds both"), "\(storage.errors)")
    let lines = storage.lines
    let head = try #require(lines.firstIndex(of: "endheader"))
    #expect(lines[head + 1] == "time\ttibia_pitch_l\tankle_angle_l")
    for line in lines[(head + 2)...].dropFirst(1000) {
      let cells = line.split(separator: "\t").compactMap { Double($0) }
      try #require(cells.count == 3)
      #expect(abs(cells[2] - 0.75 * cells[1]) < 1, "\(line)")
    }
    let same = try await talus("replay", table, "--shank", "tibia", "--foot", "tibia")
    #expect(same.status == 64, "\(same.errors)")
    let none = try await talus("replay", table, "--shank", "tibia", "--foot", "toe")
    #expect(none.status == 65 && none.errors.contains("no sensor 'toe'; there are 'tibia', 'foot'"), "\(none.errors)")
  }

  @Test("a manifest splits a table of both legs, and says what it cannot do")
  func manifest() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(
      in: folder, ["--trials", "6", "--hold-s", "2", "--sensor", "perfect", "--duration-s", "50"])
    let truth = try String(contentsOfFile: stem + ".trials.csv", encoding: .utf8).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let ends = truth.compactMap { Double($0[4]) }
    let middle = ends[2] + 1
    let manifest = try folder.write(
      "file;start_s;end_s;side;condition\ns.csv;0;\(middle);left;knee-bent\ns.csv;\(middle);;right;knee-bent\n",
      to: "parts.csv")
    let report = try await talusDone(
      "report", stem + ".csv", "-o", folder("out"), "--manifest", manifest, "--mount", "y=proximal,z=anterior")
    #expect(report.lines == ["\(folder("out"))/s-left-knee-bent.html", "\(folder("out"))/s-right-knee-bent.html"])
    for (side, part) in [("left", 0..<3), ("right", 3..<6)] {
      let page = try jsonObject(String(decoding: bytes(of: folder("out/s-\(side)-knee-bent.json")), as: UTF8.self))
      let series = try #require((page["series"] as? [[String: Any]])?.first)
      #expect(series["side"] as? String == side)
      let angles = (series["trials"] as? [[String: Any]] ?? []).compactMap { $0["end_range_deg"] as? Double }
      #expect(angles.count == 3)
      for (angle, row) in zip(angles, truth[(truth.startIndex + part.lowerBound)...]) {
        #expect(abs(angle - (Double(row[5]) ?? 999)) < 1.5)
      }
    }
    // A recording keeps its times: the engine runs up to the part.
    let recorded = try folder.write("start_s,end_s,side\n\(middle),,right\n", to: "part.csv")
    try await talusDone("report", stem + ".mcap", "-o", folder("rec"), "--manifest", recorded)
    let page = try jsonObject(String(decoding: bytes(of: folder("rec/s-right.json")), as: UTF8.self))
    let trials = (page["series"] as? [[String: Any]])?.first?["trials"] as? [[String: Any]] ?? []
    #expect(trials.count == 3 && trials.allSatisfy { ($0["start_s"] as? Double ?? 0) >= middle })
    let marked = try folder.write("start_marker,side\nright leg,right\n", to: "marked.csv")
    let refused = try await talus("report", stem + ".mcap", "-o", folder("rec"), "--manifest", marked)
    #expect(refused.status == 65 && refused.errors.contains("no marker 'right leg'"), "\(refused.errors)")
    let onCapture = try await talus("report", stem + ".csv", "-o", folder("rec"), "--manifest", marked)
    #expect(onCapture.status == 65 && onCapture.errors.contains("start_s"), "\(onCapture.errors)")
  }
}
