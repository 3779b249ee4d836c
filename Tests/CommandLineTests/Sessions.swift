import Foundation
import TestKit

/// The lines that a live run and a replay have in common.
func engineLines(_ output: [UInt8]) -> [Substring] {
  String(decoding: output, as: UTF8.self).split(separator: "\n").filter { line in
    ["reading", "trial", "gap", "marker"].contains { line.hasPrefix("{\"class\":\"\($0)\"") }
  }
}

/// Inputs that the program itself makes.
enum Session {
  static let imuLines = "lines:t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps"

  /// Simulates a session; answers the path of its files without their endings.
  static func simulate(in folder: Folder, stem: String = "s", _ options: [String] = []) async throws -> String {
    let arguments = [Program.talus, "simulate", "-o", folder.path, "--stem", stem] + options
    let ended = try await Program(arguments).end()
    guard ended.status == 0 else { throw Trouble("simulate: \(ended.errors)") }
    return folder(stem)
  }

  /// The simulated samples as lines of numbers: what a maker's board with its own sketch prints.
  static func plainLines(fromCSV path: String) throws -> String {
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
    return rows.map { row in
      let values = row.split(separator: ",").map { Double($0) ?? 0 }
      let scaled =
        [values[0] * 1000] + values[1...3].map { $0 / 9.80665 } + values[4...6].map { $0 * 180 / Double.pi }
      return scaled.map { String(format: "%.5f", $0) }.joined(separator: ",") + "\r\n"
    }.joined()
  }

  /// A virtual port that plays a file; the port's name once it is there.
  static func player(_ file: String, _ options: String...) async throws -> (program: Program, port: String) {
    let program = try Program([Program.talus, "replay", file, "--pty"] + options)
    return (program, try await program.firstLine())
  }
}

/// The keys of a table in Samples/json-keys.md, under the heading that names the class.
enum DocumentedKeys {
  static func of(heading: String) throws -> Set<String> {
    let file = SharedData.projectFolder.appending(path: "Samples/json-keys.md")
    var keys: Set<String> = []
    var isInside = false
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("#") { isInside = line.contains(heading) }
      guard isInside, line.hasPrefix("| `") else { continue }
      let cell = line.dropFirst(2).split(separator: "|")[0]
      for (index, part) in cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      where index % 2 == 1 { keys.insert(String(part)) }
    }
    guard !keys.isEmpty else { throw Trouble("no keys under \(heading)") }
    return keys
  }
}
