import Foundation
import TestKit
import Testing

/// A command that cannot work, and what the person has to be told.
struct Refusal: CustomTestStringConvertible, Sendable {
  let arguments: [String]
  let status: Int32
  let words: [String]
  var testDescription: String { arguments.joined(separator: " ") }

  init(_ arguments: String, _ status: Int32, _ words: String...) {
    self.arguments = arguments.split(separator: " ").map(String.init)
    self.status = status
    self.words = words
  }
}

@Suite("Errors that a person can act on")
struct ErrorTests {
  static let protocols = ["witmotion", "rion", "dxl360s", "lines:"]
  static let directions = ["anterior", "posterior", "proximal", "distal"]

  static let refusals = [
    Refusal("stream --port /dev/ttyTALUS9 --protocol witmotion", 69, "/dev/ttyTALUS9", "no such port"),
    Refusal("stream --port /dev/null --protocol witmotion", 69, "/dev/null", "talus devices"),
    Refusal("stream --port FILE --protocol witmotion", 69, "not a serial port"),
    Refusal("stream --port /dev/null --protocol modbus", 64, "modbus", "witmotion", "rion", "dxl360s", "lines:"),
    Refusal(
      "stream --port /dev/null --columns t_ms,ax_g,ay_g,az_g --protocol witmotion", 64, "--columns t_ms", "witmotion"),
    Refusal("stream --port /dev/null --baud 7", 64, "--baud 7", "50 to"),
    Refusal("stream --port /dev/null --rate 100", 64, "--rate", "measured"),
    Refusal("replay FILE --protocol modbus", 64, "modbus", "witmotion", "rion", "dxl360s", "lines:"),
    Refusal("inspect FILE --protocol modbus", 64, "modbus", "witmotion"),
    Refusal("convert FILE --protocol modbus", 64, "modbus", "witmotion"),
    Refusal("report FILE --protocol modbus -o OUT", 64, "modbus", "witmotion"),
    Refusal("simulate --protocol modbus -o OUT", 64, "modbus", "witmotion"),
    Refusal("simulate --sensor xyz -o OUT", 64, "xyz", "wt901"),
    Refusal("replay MISSING.csv", 66, "MISSING.csv", "No such file"),
    Refusal("inspect MISSING.csv", 66, "MISSING.csv", "No such file"),
    Refusal("convert MISSING.csv", 66, "MISSING.csv", "No such file"),
    Refusal("report MISSING.csv -o OUT", 66, "MISSING.csv", "No such file"),
    Refusal("replay PIPE", 66, "neither a file nor a folder", "talus stream"),
    Refusal("inspect BAD", 65, "line 2, column 3"),
    Refusal("replay BAD", 65, "line 2, column 3"),
    Refusal("report BAD -o OUT", 65, "line 2, column 3"),
    Refusal("inspect WORDS", 65, "line 1", "no rows of numbers"),
    Refusal("inspect TABLE", 65, "generic", "ximu3", "phyphox", "line 1"),
    Refusal("inspect BYTES", 65, "byte", "--protocol", "witmotion"),
    Refusal("replay BYTES --protocol witmotion", 65, "--rate"),
    Refusal("inspect EMPTY", 65, "empty"),
    Refusal("inspect .", 65, "folder", "Inertial.csv"),
    Refusal("replay GOOD --zero standing", 64, "zero 'standing'", "--align pose", "--align functional"),
    Refusal("report GOOD -o OUT --zero plumb", 64, "--align pose --zero plumb"),
    Refusal("replay GOOD --zero moon", 64, "moon", "gravity"),
    Refusal("replay GOOD --align functional --zero gravity", 64, "rocks", "--zero standing"),
    Refusal("replay GOOD --align pose --zero gravity", 64, "plumb pose", "--mount"),
    Refusal("replay GOOD --calibration 5..2", 64, "--calibration"),
    Refusal("replay GOOD --align declared --calibration 2..5", 64, "declared axes", "--align functional"),
    Refusal("replay GOOD --wall-calibration FILE", 64, "talus calibrate wall"),
    Refusal("replay GOOD --mount x=up", 64, "x=up", "anterior", "proximal"),
    Refusal("replay GOOD --mount x=proximal,y=distal", 64, "--mount"),
    Refusal("replay GOOD --rate 0", 64, "--rate 0", "give a number from"),
    Refusal("inspect GOOD --rate 0", 64, "--rate 0", "give a number from"),
    Refusal("convert GOOD --rate nan", 64, "--rate nan", "give a number from"),
    Refusal("replay GOOD --height-cm 1.72", 64, "--height-cm 1.72", "50.0 to 250.0 cm"),
    Refusal("replay GOOD --shank-cm nan", 64, "--shank-cm nan", "cm"),
    Refusal("replay GOOD --speed 0", 64, "--speed", "max"),
    Refusal("replay GOOD --filter magic", 64, "magic", "complementary", "kalman"),
    Refusal("replay GOOD --side both", 64, "left", "right"),
    Refusal("replay GOOD --no-such-option", 64, "--no-such-option"),
    Refusal("convert GOOD --to xlsx", 64, "xlsx", "csv"),
    Refusal("convert GOOD -o GOOD", 64, "is the input"),
    Refusal("convert GOOD -o /no-such-folder/x.csv", 73, "/no-such-folder/x.csv", "No such file"),
    Refusal("report GOOD -o FILE", 73, "Not a directory"),
    Refusal("report GOOD --combine a/b -o OUT", 64, "--combine", "without folders"),
  ]

  @Test("the exit status says what kind of trouble it is, and the words what to do", arguments: refusals)
  func refused(_ refusal: Refusal) async throws {
    let folder = try Folder()
    let names = [
      "FILE": try folder.write("x\n", to: "file"),
      "BAD": try folder.write("t_s,ax_g,ay_g,az_g\n0,1,2\n", to: "bad.csv"),
      "WORDS": try folder.write("these are words\nand more of them\n", to: "words.txt"),
      "EMPTY": try folder.write("", to: "empty.csv"), "BYTES": folder("bytes.bin"), "PIPE": folder("pipe"),
      "GOOD": try folder.write("t_s,ax_g,ay_g,az_g\n0,0,1,0\n0.01,0,1,0\n0.02,0,1,0\n", to: "good.csv"),
      "OUT": folder("out"), "TABLE": try folder.write("red,green\n1,2\n3,4\n", to: "table.csv"), ".": folder.path,
    ]
    try Data([0x55, 0x51, 0x00, 0x10, 0x00, 0xff, 0x01, 0x02, 0x00, 0x00, 0x88]).write(
      to: URL(filePath: folder("bytes.bin")))
    _ = mkfifo(folder("pipe"), 0o600)
    let good = try bytes(of: folder("good.csv"))
    let ended = try await Program([Program.talus] + refusal.arguments.map { names[$0] ?? $0 }).end()
    #expect(ended.status == refusal.status, "\(ended.errors)")
    for word in refusal.words { #expect(ended.errors.contains(word), "\(word): \(ended.errors)") }
    #expect(ended.output.isEmpty, "messages belong on standard error")
    #expect(try bytes(of: folder("good.csv")) == good, "the input was changed")
  }

  @Test("a recording that is there is not written over unless that is said")
  func recordingIsKept() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder, ["--duration-s", "7"])
    let kept = try folder.write("precious", to: "kept.mcap")
    let player = try await Session.player(stem + ".mcap", "--speed", "20")
    let refused = try await talus("stream", "--port", player.port, "--protocol", "witmotion", "--record", kept)
    #expect(refused.status == 73)
    #expect(refused.errors.contains("--overwrite"))
    #expect(try bytes(of: kept) == Array("precious".utf8))
    _ = try await player.program.end()
    let second = try await Session.player(stem + ".mcap", "--speed", "20")
    let taken = try await talus(
      "stream", "--port", second.port, "--protocol", "witmotion", "--record", kept, "--overwrite")
    #expect(taken.status == 0)
    #expect(try bytes(of: kept).count > 10_000)
  }
}

@Suite("Help")
struct HelpTests {
  static let commands = [
    "", "devices", "stream", "replay", "report", "inspect", "convert", "simulate", "orient", "sync",
    "calibrate wall", "verify", "recover", "annotate",
  ]

  @Test("every command explains itself with examples whose options exist, in lines of 80 columns", arguments: commands)
  func help(_ command: String) async throws {
    let names = command.split(separator: " ").map(String.init)
    let help = try await Program([Program.talus] + names + ["--help"], environment: ["COLUMNS": "80"]).end()
    #expect(help.status == 0)
    #expect(help.errors.isEmpty)
    let lines = help.text.split(separator: "\n", omittingEmptySubsequences: false)
    // The usage line is made from the options, and not wrapped by the library.
    for line in lines where !line.hasPrefix("USAGE") { #expect(line.count <= 80, "\(line)") }
    let start = try #require(lines.firstIndex(of: "EXAMPLES"), "no examples")
    let section = lines[(start + 1)...].prefix { !$0.isEmpty }
    // A backslash at the end of a line continues the command, as in a shell.
    let text = section.joined(separator: "\n").replacingOccurrences(of: "\\\n", with: " ")
    let examples = text.split(separator: "\n")
    #expect(!examples.isEmpty)
    for example in examples {
      #expect(example.hasPrefix("  talus "), "\(example) is cut in two")
      try await expectParses(String(example))
    }
  }

  /// The example without its comment and its redirection, as its command's own parser sees it.
  private func expectParses(_ example: String) async throws {
    var line = example.trimmingCharacters(in: .whitespaces)
    for mark in [" > ", " | ", " # "] {
      if let end = line.range(of: mark) { line = String(line[..<end.lowerBound]) }
    }
    let parsed = try await Program([
      "sh", "-c", "set -f; \"$0\" \(line.dropFirst("talus ".count)) --help", Program.talus,
    ]).end()
    #expect(parsed.status == 0, "\(line): \(parsed.errors)")
    let options = line.split(separator: " ").filter { $0.hasPrefix("-") }
    for option in options {
      // A pair of flags is shown as --this/--that.
      let places = ["  \(option) ", " \(option)\n", " \(option)/", "/\(option) ", "/\(option)\n"]
      #expect(places.contains { parsed.text.contains($0) }, "\(option) in \(line)")
    }
  }

  @Test("the exit statuses are in the program's help, and the version is a line")
  func statusAndVersion() async throws {
    let help = try await talus("--help")
    for status in [0, 1, 64, 65, 66, 69, 73, 74, 75, 77] { #expect(help.text.contains("\n  \(status) ")) }
    let version = try await talus("--version")
    #expect(version.status == 0)
    #expect(version.lines.count == 1)
  }
}
