import ArgumentParser
import CaptureImport
import Glibc
import Recording
import Replay

struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Write what can be checked of a damaged recording as a whole one.",
    discussion: """
      The new file has every entry whose checksum holds, with its bytes, its arrival
      and its order, and the end that other programs look for. The damaged file stays
      as it is. Talus itself reads a recording that was cut off as it is; other MCAP
      programs may not.

      EXAMPLES
        talus recover session.mcap -o session-whole.mcap
      """)

  @Argument(help: "The damaged recording.")
  var file: String

  @Option(name: .short, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @Flag(help: "Replace the file to write, if it is there.")
  var overwrite = false

  func run() throws {
    if let target = FileIdentity(output) {
      if target == FileIdentity(file) {
        throw failure(.usage, "-o \(output): this is the input, which is kept as it is; give another name")
      }
      guard overwrite else {
        throw failure(.cannotCreate, "\(output) exists already; give another name, or --overwrite")
      }
    }
    let source = try open()
    let name = String(file.split(separator: "/").last ?? Substring(file))
    let sink = try OutputSink(output)
    let outcome: RecordingRecovery.Outcome
    do {
      var released = 0
      outcome = try source.file.withBytes { bytes in
        try RecordingRecovery.recover(
          bytes, source: name, passed: { source.file.release(before: $0, released: &released) },
          to: { piece in try sink.write(piece) })
      }
    } catch let error as RecordingRefusal {
      throw failure(.badData, "\(file): \(error.description)")
    }
    try sink.finish()
    printError(
      "talus: \(outcome.entries) entries, \(outcome.bytes) bytes, in \(output)"
        + (outcome.missingEntries > 0 ? "; \(outcome.missingEntries) entries are missing" : ""))
    if outcome.isHeadLost {
      printError(
        "talus: the head is lost: say --protocol, --mount and what else was known when you use the new file")
    }
  }

  private func open() throws -> RecordingBytes {
    do { return try RecordingBytes(path: file) } catch let error as MappedFile.Failure {
      throw failure(.noInput, error.description)
    } catch {
      throw failure(.badData, "\(file): \(error)")
    }
  }
}
