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
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.contains("partial") })
  }
}
