import Foundation
import Glibc
import TestKit
import Testing

/// What a test needs of the machine, and the words for a skip.
enum Machine {
  static let isRoot = geteuid() == 0
  static let needsRoot: Comment = "needs root: it makes device nodes, mounts, or acts for another user"

  static func has(_ tool: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/\(tool)", X_OK) == 0
    }
  }

  /// Whether a mount of one's own can be made; a container may forbid it even to root.
  static func canMount() async throws -> Bool {
    guard isRoot, has("unshare") else { return false }
    return try await Program(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).end().status == 0
  }

  /// Both ends of a pipe. By its name, because only `open` keeps a descriptor from programs that other tests start.
  static func pipe(in folder: Folder) throws -> (read: Int32, write: Int32) {
    guard mkfifo(folder("pipe"), 0o600) == 0 else { throw Trouble("mkfifo") }
    let read = open(folder("pipe"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    let write = open(folder("pipe"), O_WRONLY | O_CLOEXEC)
    guard read >= 0, write >= 0, fcntl(read, F_SETFL, 0) == 0 else { throw Trouble("opening a pipe") }
    return (read, write)
  }

  /// A copy of the program where every user may run it. Another program makes it: a descriptor that this one wrote with would be
  /// inherited by a program that another test starts just then, and a file that is open for writing cannot be run.
  static func copyForEveryone(in folder: Folder) async throws -> String {
    chmod(folder.path, 0o755)
    guard try await Program(["cp", Program.talus, folder("talus")]).end().status == 0 else { throw Trouble("cp") }
    chmod(folder("talus"), 0o755)
    return folder("talus")
  }

  /// The command line of a user without rights.
  static let asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]
}

@Suite("Ports that others use or own")
struct PortAccessTests {
  @Test("a second stream on the port is refused with 75 and the holder's process, and disturbs nothing")
  func busy() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "16"])
    // Slowly enough that a busy machine starts the second program while the first still reads.
    let player = try await Session.player(stem + ".mcap", "--speed", "1")
    let first = try Program([
      Program.talus, "stream", "--port", player.port, "--protocol", "witmotion", "--record", folder("r.mcap"),
    ])
    try await first.wait(for: "100 readings") { engineLines(first.output).count > 100 }
    let second = try await talus(
      "stream", "--port", player.port, "--protocol", "witmotion", "--record", folder("2.mcap"))
    #expect(second.status == 75)
    #expect(second.errors.contains("\(first.processID)"), "\(second.errors)")
    #expect(second.errors.contains("talus"))
    #expect(second.output.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder("2.mcap")), "a refused stream leaves no file")
    // Listening for an unknown sensor respects the lock as well.
    #expect(try await talus("stream", "--port", player.port).status == 75)
    let ended = try await first.end()
    #expect(ended.status == 0)
    let counters = try jsonObject(try #require(ended.lines.last))
    #expect(counters["bytes_in"] as? Int == (try bytes(of: stem + ".bin").count))
    #expect(counters["skipped"] as? Int == 0)
  }

  @Test(
    "a user without rights is refused in the same way", .enabled(if: Machine.isRoot, Machine.needsRoot),
    .enabled(if: Machine.has("setpriv"), "needs setpriv"))
  func busyForNobody() async throws {
    let folder = try Folder()
    let program = try await Machine.copyForEveryone(in: folder)
    let stem = try await Session.simulate(in: folder, ["--duration-s", "16"])
    let player = try await Session.player(stem + ".mcap", "--speed", "1", "--loop")
    chown(player.port, 65534, 65534)
    let first = try Program(
      Machine.asNobody + [program, "stream", "--port", player.port, "--protocol", "witmotion"])
    try await first.wait(for: "100 readings") { engineLines(first.output).count > 100 }
    // The same user sees who it is; so does root, whom TIOCEXCL does not stop.
    for user in [Machine.asNobody, []] {
      let second = try await Program(user + [program, "stream", "--port", player.port, "--protocol", "witmotion"]).end()
      #expect(second.status == 75)
      #expect(second.errors.contains("\(first.processID)"), "\(second.errors)")
    }
    first.send(SIGTERM)
    #expect(try await first.end().status == 0)
  }

  @Test(
    "a port of a group that the user is not in is answered with 77 and the command that helps",
    .enabled(if: Machine.isRoot, Machine.needsRoot), .enabled(if: Machine.has("setpriv"), "needs setpriv"))
  func otherGroup() async throws {
    let folder = try Folder()
    let program = try await Machine.copyForEveryone(in: folder)
    let group = try #require(getgrnam("dialout"), "this machine has no group dialout").pointee.gr_gid
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let player = try await Session.player(stem + ".mcap", "--speed", "8")
    chown(player.port, 0, group)
    chmod(player.port, 0o660)
    let ended = try await Program(
      Machine.asNobody + [program, "stream", "--port", player.port, "--protocol", "witmotion"]
    ).end()
    #expect(ended.status == 77)
    #expect(ended.errors.contains("sudo usermod -aG dialout nobody"), "\(ended.errors)")
    #expect(ended.errors.contains("log in again"))
    // A node that only its owner may open is no matter of groups.
    chmod(player.port, 0o600)
    let closed = try await Program(
      Machine.asNobody + [program, "stream", "--port", player.port, "--protocol", "witmotion"]
    ).end()
    #expect(closed.status == 77)
    #expect(!closed.errors.contains("usermod"))
    #expect(closed.errors.contains("Hardware/udev"))
    player.program.send(SIGTERM)
    #expect(try await player.program.end().status == 0)
  }
}

@Suite("Locales, paths, pipes and disks")
struct SurroundingsTests {
  @Test("the bytes are the same in every locale")
  func locales() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--trials", "1", "--duration-s", "8"])
    var german = ["LC_ALL": "de_DE.UTF-8"]
    // A German locale writes a comma for the decimal point. It is made here, because few machines have it.
    if Machine.has("localedef") {
      _ = try await Program(["localedef", "-i", "de_DE", "-f", "UTF-8", folder("de_DE.UTF-8")]).end()
      german["LOCPATH"] = folder.path
    }
    for command in [["replay"], ["convert"], ["inspect"], ["inspect", "--json"]] {
      let arguments = [Program.talus] + command + [stem + ".mcap"]
      let plain = try await Program(arguments, environment: ["LC_ALL": "C"]).end()
      let local = try await Program(arguments, environment: german).end()
      #expect(plain.status == 0)
      #expect(plain.output == local.output, "\(command)")
      #expect(plain.errors == local.errors, "\(command)")
    }
    for (name, environment) in [("c", ["LC_ALL": "C"]), ("de", german)] {
      let ended = try await talus(
        "report", stem + ".csv", "-o", folder(name), "--height-cm", "172.5", environment: environment)
      #expect(ended.status == 0)
    }
    for ending in ["html", "json", "csv"] {
      #expect(try bytes(of: folder("c/s." + ending)) == bytes(of: folder("de/s." + ending)))
    }
  }

  @Test("paths with blanks and letters of any script work everywhere")
  func paths() async throws {
    let folder = try Folder("talus Übung 測定")
    let stem = try await Session.simulate(in: folder, stem: "Knöchel links 1", ["--trials", "1", "--duration-s", "8"])
    let player = try await Session.player(stem + ".mcap", "--speed", "8")
    let recording = folder("Aufnahme né 2.mcap")
    let stream = try await talus(
      "stream", "--port", player.port, "--protocol", "witmotion", "--record", recording, "--placement", "Mitte „Bein“ é"
    )
    #expect(stream.status == 0)
    #expect(stream.errors.contains(recording))
    let replay = try await talusDone("replay", recording)
    #expect(engineLines(replay.output) == engineLines(stream.output))
    #expect(try jsonObject(replay.lines[0])["placement"] as? String == "Mitte „Bein“ é")
    let report = try await talusDone("report", recording, "-o", folder("Berichte ü"))
    #expect(report.text == folder("Berichte ü/Aufnahme né 2.html") + "\n")
    let page = try jsonObject(String(decoding: bytes(of: folder("Berichte ü/Aufnahme né 2.json")), as: UTF8.self))
    #expect((page["input"] as? [String: Any])?["name"] as? String == "Aufnahme né 2.mcap")
    try await talusDone("convert", recording, "-o", folder("ä b.csv"))
    #expect(try jsonObject(try await talusDone("inspect", folder("ä b.csv"), "--json").text)["samples"] as? Int == 801)
  }

  @Test("a reader that closes early ends replay and convert without a word", arguments: ["replay", "convert"])
  func earlyReader(command: String) async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "120"])
    let ends = try Machine.pipe(in: folder)
    let program = try Program([Program.talus, command, stem + ".mcap"], output: ends.write)
    close(ends.write)
    var some = [UInt8](repeating: 0, count: 100)
    #expect(read(ends.read, &some, some.count) > 0)
    close(ends.read)
    let ended = try await program.end(within: 10)
    #expect(ended.status == 0)
    #expect(!ended.errors.lowercased().contains("pipe"))
    #expect(!ended.errors.contains("talus:"), "\(ended.errors)")
  }

  @Test("a live session whose reader goes away ends as by Ctrl-C, with a whole recording")
  func earlyReaderLive() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "20"])
    let player = try await Session.player(stem + ".mcap", "--speed", "4")
    let ends = try Machine.pipe(in: folder)
    let stream = try Program(
      [Program.talus, "stream", "--port", player.port, "--protocol", "witmotion", "--record", folder("r.mcap")],
      output: ends.write)
    close(ends.write)
    var some = [UInt8](repeating: 0, count: 1000)
    #expect(read(ends.read, &some, some.count) > 0)
    close(ends.read)
    let ended = try await stream.end(within: 10)
    #expect(ended.status == 0)
    #expect(ended.errors.contains("samples in"))
    let facts = try jsonObject(try await talusDone("inspect", folder("r.mcap"), "--json").text)
    #expect(facts["ending"] as? String == "complete")
  }

  @Test("what standard output does not take is said, and is no success")
  func fullOutput() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "8"])
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    defer { close(full) }
    for command in [["convert"], ["inspect"], ["inspect", "--json"], ["replay"], ["replay", "--speed", "4"]] {
      let ended = try await Program([Program.talus] + command + [stem + ".mcap"], output: full).end(within: 10)
      #expect(ended.status == 74, "\(command)")
      #expect(ended.errors.contains("No space left"), "\(command): \(ended.errors)")
    }
  }

  @Test(
    "a full disk stops the recording, is said, and the stream goes on",
    .enabled("needs to be allowed to mount a small disk") { try await Machine.canMount() })
  func fullDisk() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "24"])
    let player = try await Session.player(stem + ".mcap", "--speed", "8")
    // 64 KiB of disk; the mount is seen by this one program only.
    mkdir(folder("disk"), 0o700)
    let command = """
      mount -t tmpfs -o size=64k none "$1" && "$0" stream --port "$2" --protocol witmotion --record "$1/r.mcap"
      status=$?
      "$0" inspect "$1/r.mcap" --json > "$1/../facts" || exit 99
      exit $status
      """
    let ended = try await Program([
      "unshare", "--mount", "sh", "-c", command, Program.talus, folder("disk"), player.port,
    ]).end()
    #expect(ended.errors.contains("No space left on device"), "\(ended.errors)")
    #expect(ended.errors.contains("entries could not be kept"))
    // Every reading of the session is there.
    #expect(engineLines(ended.output).count >= 2401)
    #expect(ended.status == 0)
    let facts = try jsonObject(String(decoding: bytes(of: folder("facts")), as: UTF8.self))
    #expect((facts["samples"] as? Int ?? 0) > 200)
    #expect((facts["samples"] as? Int ?? 0) < 2401)
  }
}
