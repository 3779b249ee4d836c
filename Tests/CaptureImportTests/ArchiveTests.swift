import CaptureImport
import Foundation
import Motion
import TestKit
import Testing

@Suite struct ArchiveTests {
  /// Deflated by zlib, with the tables of codes in the data: "Time (s)" and so on cannot be written by hand.
  static func zip(_ files: [String: String], _ more: [String] = []) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "talus-zip-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var script = "import zipfile,sys\nz=zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED)\n"
    for (name, text) in files.sorted(by: { $0.key < $1.key }) {
      try Data(text.utf8).write(to: folder.appending(path: "part"))
      try FileManager.default.moveItem(
        at: folder.appending(path: "part"), to: folder.appending(path: name.replacing("/", with: "-")))
      script += "z.write('\(folder.path)/\(name.replacing("/", with: "-"))','\(name)')\n"
    }
    for line in more { script += line + "\n" }
    script += "z.close()\n"
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, folder.path + "/a.zip"]
    try process.run()
    process.waitUntilExit()
    return Array(try Data(contentsOf: folder.appending(path: "a.zip")))
  }

  static let inertial =
    "Timestamp (us),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n"
    + (0..<500).map { "\(917_428_272 + $0 * 20000),0.\($0 % 7),0.25,0.125,0,1,0\n" }.joined()

  @Test func anArchiveIsTheCaptureOfItsFolders() throws {
    let one = try Self.zip(["session/Leg/Inertial.csv": Self.inertial, "session/Leg/Command.json": "{}"])
    let captures = try readCapture(BytesSource(name: "a.zip", bytes: one))
    #expect(captures.count == 1 && captures[0].format == "ximu3" && captures[0].samples.count == 500)
    #expect(sameData(captures[0], try read(Self.inertial)))
    let two = try Self.zip(["s/Left/Inertial.csv": Self.inertial, "s/Right/Inertial.csv": Self.inertial])
    let source = BytesSource(name: "a.zip", bytes: two)
    #expect(try readCapture(source).map(\.sensor) == ["Left", "Right"])
    #expect(try readCapture(source, options: ImportOptions(sensor: "right")).map(\.sensor) == ["Right"])
  }

  @Test("One table is the capture whatever its ending", arguments: [".csv", ".txt", ".tsv", ".json", ".jsonl"])
  func oneTable(_ ending: String) throws {
    let archive = try Self.zip(["session/table" + ending: Self.inertial, "session/notes.pdf": "no table"])
    #expect(sameData(try read(archive, name: "a.zip"), try read(Self.inertial)))
  }

  @Test("An altered byte of a member is refused, whether it is packed or kept as it is")
  func alteredMembers() throws {
    let packed = try Self.zip(["Inertial.csv": Self.inertial])
    let kept = try Self.zip([:], ["z.writestr(zipfile.ZipInfo('Inertial.csv'), \"\"\"\(Self.inertial)\"\"\")"])
    #expect(sameData(try read(kept, name: "a.zip"), try read(Self.inertial)))
    for whole in [packed, kept] {
      // Neither the head and the name before the content nor the directory behind it.
      for place in stride(from: 60, to: whole.count - 100, by: 211) {
        var altered = whole
        altered[place] ^= 1
        let error = #expect(throws: ImportError.self) { try read(altered, name: "a.zip") }
        #expect(
          error?.description
            == "a.zip: 'Inertial.csv' in the archive is damaged: it is not what was packed; copy or send the archive again"
        )
      }
    }
  }

  @Test func bombsAndDamageEndInARefusal() throws {
    // 600 MB of zeros in 600 kB.
    let bomb = try Self.zip(
      [:], ["f=z.open('a.csv','w')", "for i in range(600): f.write(bytes(1<<20))", "f.close()"])
    #expect(throws: ImportError.self) { try readCapture(BytesSource(name: "a.zip", bytes: bomb)) }
    let whole = try Self.zip(["Inertial.csv": Self.inertial])
    for end in stride(from: 0, to: whole.count, by: 97) {
      _ = try? readCapture(BytesSource(name: "a.zip", bytes: Array(whole.prefix(end))))
    }
    var random = RandomSource(seed: 81)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<4 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = try? readCapture(BytesSource(name: "a.zip", bytes: bytes))
    }
  }
}
