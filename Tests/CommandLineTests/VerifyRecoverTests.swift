import Foundation
import Glibc
import Testing

@Suite("verify, recover and annotate")
struct VerifyRecoverTests {
  @Test("verify says what is whole and what is not, in its words and in its status")
  func verify() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let whole = stem + ".mcap"
    let bytes = try bytes(of: whole)
    try Data(bytes[..<(bytes.count / 2)]).write(to: URL(filePath: folder("cut.mcap")))
    var altered = bytes
    altered[bytes.count / 2] ^= 4
    try Data(altered).write(to: URL(filePath: folder("altered.mcap")))
    _ = try folder.write("t_s,acc_x\n", to: "no.mcap")
    for (name, state, status) in [
      (whole, "whole", Int32(0)), (folder("cut.mcap"), "cut-off", 65), (folder("altered.mcap"), "damaged", 65),
      (folder("no.mcap"), "refused", 65), (folder("gone.mcap"), "", 66),
    ] {
      let text = try await talus("verify", name)
      #expect(text.status == status)
      #expect(text.text.hasPrefix(state.isEmpty ? "" : "\(name): \(state)"))
      #expect(text.text.isEmpty == state.isEmpty)
      let json = try await talus("verify", name, "--json")
      #expect(json.status == status)
      guard !state.isEmpty else { continue }
      let keys = try DocumentedKeys.of(heading: "`talus verify")
      let object = try jsonObject(json.text)
      #expect(object["state"] as? String == state)
      #expect(Set(object.keys).isSubset(of: keys), "\(object.keys)")
    }
    let several = try await talus("verify", whole, folder("cut.mcap"), "--json")
    #expect(several.status == 1)
    #expect(several.lines.count == 2)
  }

  @Test("a cut recording replays like its recovered one, which is whole")
  func recover() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let bytes = try bytes(of: stem + ".mcap")
    let cut = folder("cut.mcap")
    try Data(bytes[..<(bytes.count * 2 / 3)]).write(to: URL(filePath: cut))
    let whole = folder("whole.mcap")
    let ended = try await talusDone("recover", cut, "-o", whole)
    #expect(ended.errors.contains("entries"))
    #expect(try await talus("verify", whole).status == 0)
    let (before, after) = (try await talusDone("replay", cut), try await talusDone("replay", whole))
    #expect(engineLines(before.output) == engineLines(after.output))
    #expect(engineLines(after.output).count > 300)
    // Neither the input nor a file that is there is lost.
    #expect(try await talus("recover", cut, "-o", cut).status == 64)
    #expect(try await talus("recover", cut, "-o", whole).status == 73)
    #expect(try await talus("recover", cut, "-o", whole, "--overwrite").status == 0)
    #expect(try await talus("recover", folder("gone"), "-o", folder("x.mcap")).status == 66)
    #expect(try await talus("recover", stem + ".csv", "-o", folder("x.mcap")).status == 65)
    #expect(!FileManager.default.fileExists(atPath: folder("x.mcap")))
  }

  /// The recording with each chunk in a zstd frame, as another program would write it anew.
  private func compressed(_ bytes: [UInt8]) -> [UInt8] {
    func integer(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    func read(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    var out = Array(bytes[..<8])
    var offset = 8
    while offset + 9 <= bytes.count - 8, bytes[offset] != 15 {
      let end = offset + 9 + read(offset + 1, 8)
      let isChunk = bytes[offset] == 6
      if isChunk {
        // Start and end time, size and checksum before compression; behind them an empty name and the records.
        let (records, head) = (Array(bytes[(offset + 9 + 40)..<end]), Array(bytes[(offset + 9)..<(offset + 9 + 28)]))
        // One segment that says its size, in blocks that are kept as they are.
        var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xA0] + integer(records.count, 4)
        for start in stride(from: 0, to: records.count, by: 60_000) {
          let stop = min(start + 60_000, records.count)
          frame += integer((stop - start) << 3 | (stop == records.count ? 1 : 0), 3) + records[start..<stop]
        }
        let content = head + integer(4, 4) + Array("zstd".utf8) + integer(frame.count, 8) + frame
        out += [6] + integer(content.count, 8) + content
      } else if bytes[offset] != 7 {
        out += bytes[offset..<end]
      }
      offset = end
    }
    let tail = [15] + integer(4, 8) + integer(0, 4) + [2] + integer(20, 8) + [UInt8](repeating: 0, count: 20)
    return out + tail + Array(bytes[..<8])
  }

  @Test("a recording that another program compressed is verified, recovered and replayed as the plain one")
  func compressedChunks() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let plain = try bytes(of: stem + ".mcap")
    let packed = compressed(plain)
    try Data(packed).write(to: URL(filePath: folder("packed.mcap")))
    let verified = try await talus("verify", folder("packed.mcap"), "--json")
    let (object, before) = (
      try jsonObject(verified.text), try jsonObject(try await talus("verify", stem + ".mcap", "--json").text)
    )
    #expect(verified.status == 0 && object["state"] as? String == "whole", "\(verified.text)")
    #expect(object["compression"] as? String == "zstd" && object["bytes"] as? Int == packed.count)
    #expect(object["entries"] as? Int == before["entries"] as? Int)
    #expect(try await talus("verify", folder("packed.mcap")).text.contains("compressed        with zstd"))
    // A byte inside a chunk is altered: that chunk is left out and said, the others are kept.
    var altered = packed
    altered[packed.count / 2] ^= 8
    try Data(altered).write(to: URL(filePath: folder("altered.mcap")))
    let damaged = try await talus("verify", folder("altered.mcap"), "--json")
    #expect(damaged.status == 65)
    #expect(try jsonObject(damaged.text)["checksum_failures"] as? Int == 1)
    for (name, isWhole) in [("packed", true), ("altered", false)] {
      _ = try await talusDone("recover", folder(name + ".mcap"), "-o", folder(name + "-new.mcap"))
      #expect(try await talus("verify", folder(name + "-new.mcap")).status == 0)
      let lines = engineLines(try await talusDone("replay", folder(name + "-new.mcap")).output)
      let expected = engineLines(try await talusDone("replay", stem + ".mcap").output)
      #expect((lines == expected) == isWhole && lines.count > expected.count / 2)
    }
  }

  @Test("annotate adds to a recording without touching its data; the replay is as before")
  func annotate() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let file = stem + ".mcap"
    chmod(file, 0o640)
    let before = try await talusDone("replay", file)
    let old = try bytes(of: file)
    let link = folder("link.mcap")
    symlink(file, link)
    try await talusDone("annotate", link, "--exclude", "1", "--exclude", "2", "--note", "heel lifted “é”")
    try await talusDone("annotate", file, "--restore", "1", "--side", "left")
    let new = try bytes(of: file)
    let kept = zip(old, new).prefix { $0 == $1 }.count
    #expect(kept > old.count * 9 / 10)
    var status = stat()
    #expect(lstat(file, &status) == 0 && status.st_mode & 0o7777 == 0o640)
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    let facts = try jsonObject(try await talusDone("verify", file, "--json").text)
    let remarks = try #require(facts["remarks"] as? [[String: String]])
    #expect(
      remarks == [
        ["about": "annotation", "exclude": "1", "note": "heel lifted “é”"],
        ["about": "annotation", "exclude": "2", "note": "heel lifted “é”"],
        ["about": "annotation", "side": "left"], ["about": "annotation", "restore": "1"],
      ])
    let readings = { (ended: Ended) in engineLines(ended.output).filter { $0.contains("\"reading\"") } }
    #expect(readings(try await talusDone("replay", file)) == readings(before))
    for wrong in [[], ["--exclude", "0"], ["--exclude", "1", "--restore", "1"]] {
      #expect(try await Program([Program.talus, "annotate", file] + wrong).end().status == 64)
    }
    try Data(new[..<(new.count / 2)]).write(to: URL(filePath: folder("cut.mcap")))
    let refused = try await talus("annotate", folder("cut.mcap"), "--note", "x")
    #expect(refused.status == 65 && refused.errors.contains("talus recover"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasSuffix(".part") })
  }
}
