import ArgumentParser
import CaptureImport
import DecimalText
import Export
import Motion
import Recording
import Replay

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Say of recordings what is whole, and what is damaged.",
    discussion: """
      Reads each file to its end and checks every checksum. It ends with 0 when all
      are whole, with 65 or 66 when the only file is not, and with 1 when some of
      several are not. Nothing is written; `talus recover` writes anew what can be
      checked.

      EXAMPLES
        talus verify session.mcap
        talus verify visits/*.mcap --json
      """)

  @Argument(help: ArgumentHelp("Recordings.", valueName: "file"))
  var files: [String]

  @Flag(help: "For programs: one JSON object a line, one line a file.")
  var json = false

  func run() throws {
    var text = TextBuffer()
    var failures: [ExitStatus] = []
    for path in files {
      do {
        let (report, compression) = try Self.report(path)
        if !report.isWhole { failures.append(.badData) }
        if json {
          Self.writeJSON(path, report, compression, to: &text)
        } else {
          Self.writeText(path, report, compression, to: &text)
        }
      } catch let error as MappedFile.Failure {
        printError("talus: \(error)")
        failures.append(.noInput)
      } catch {
        if json {
          text.appendJSON { json in
            json.beginObject()
            json.member("file", text: path)
            json.member("state", text: "refused")
            json.member("reason", text: "\(error)")
            json.endObject()
          }
          text.append("\n")
        } else {
          text.append(text: "\(path): refused: \(error)\n")
        }
        failures.append(.badData)
      }
    }
    try writeOutput(text.bytes.span)
    guard let first = failures.first else { return }
    throw ExitCode(files.count == 1 ? first.rawValue : ExitStatus.someFailed.rawValue)
  }

  /// What is in the file, and the method by which another program compressed it.
  ///
  /// - Throws: as `RecordingBytes` does, and `RecordingRefusal`.
  private static func report(_ path: String) throws -> (RecordingReport, compression: String?) {
    let source = try RecordingBytes(path: path)
    var released = 0
    var report = try source.file.withBytes { bytes in
      try RecordingReport(bytes) { source.file.release(before: $0, released: &released) }
    }
    report.size = source.size
    return (report, source.compression)
  }

  /// In one word.
  private static func state(_ report: RecordingReport) -> String {
    if report.isWhole { return "whole" }
    if case .truncated = report.end, report.headDamage == nil { return "cut-off" }
    return "damaged"
  }

  private static func duration(_ report: RecordingReport) -> Double? {
    report.span.map { $0.upperBound.seconds(since: $0.lowerBound) }
  }

  private static func writeText(
    _ path: String, _ report: RecordingReport, _ compression: String?, to text: inout TextBuffer
  ) {
    func row(_ name: String, _ value: String) {
      text.append(text: "  " + name + String(repeating: " ", count: max(1, 18 - name.count)) + value + "\n")
    }
    let tally = report.tally
    text.append(text: "\(path): \(state(report))\n")
    row("size", "\(report.size) bytes, \(tally.chunks) chunks whose checksum holds")
    if let compression {
      row("compressed", "with \(compression), by another program; bytes below count in it unpacked")
    }
    if let header = report.header {
      row("recorded by", "\(header.software) \(header.softwareVersion)")
      if let day = header.recordedOn { row("recorded on", day) }
      for pair in header.person.pairs { row(pair.key, pair.value) }
    }
    if let duration = duration(report) { row("duration", decimal(duration, 3) + " s") }
    row("entries", "\(tally.entries)")
    for (stream, counts) in report.streams.sorted(by: { $0.key < $1.key }) {
      let device = report.header?.devices[stream]?.port ?? ""
      row(
        "stream \(stream.number)",
        "\(counts.entries) entries, \(counts.received) bytes received, \(counts.sent) sent"
          + (device.isEmpty ? "" : ", from \(device)"))
    }
    if report.events > 0 { row("events", "\(report.events)") }
    for remark in report.remarks {
      row(remark.kind, remark.pairs.pairs.map { "\($0.key): \($0.value)" }.joined(separator: "; "))
    }
    if tally.missingEntries > 0 {
      row("missing", "\(tally.missingEntries) entries: dropped while recording, or lost with the damage")
    }
    if tally.otherMessages > 0 { row("other", "\(tally.otherMessages) messages of other programs or versions") }
    if tally.unknownRecords > 0 { row("unknown", "\(tally.unknownRecords) records of unknown types, stepped over") }
    if let damage = report.headDamage { row("head", damage.description) }
    if case .truncated(let after) = report.end {
      row(
        "cut off",
        "after byte \(after); all before it is good, \(tally.skippedBytes) bytes of an unfinished end are not read")
    }
    for damage in report.damages { row("damage", "at byte \(damage.offset): \(damage.reason)") }
    let more = tally.damagedPlaces - report.damages.count
    if more > 0 { row("", "and at \(more) more places") }
    if tally.damagedPlaces > 0 { row("not read", "\(tally.skippedBytes) bytes") }
    if !report.isWhole { row("next", "talus recover \(path) -o NEW.mcap writes what can be checked") }
  }

  private static func writeJSON(
    _ path: String, _ report: RecordingReport, _ compression: String?, to text: inout TextBuffer
  ) {
    let tally = report.tally
    text.appendJSON { json in
      json.beginObject()
      json.member("file", text: path)
      json.member("state", text: state(report))
      json.member("bytes", integer: report.size)
      json.member("compression", text: compression)
      json.member("chunks", integer: tally.chunks)
      json.member("entries", integer: Int(clamping: tally.entries))
      json.member("missing_entries", integer: Int(clamping: tally.missingEntries))
      json.member("other_messages", integer: Int(clamping: tally.otherMessages))
      json.member("unknown_records", integer: tally.unknownRecords)
      json.member("checksum_failures", integer: tally.checksumFailures)
      json.member("damaged_places", integer: tally.damagedPlaces)
      json.member("skipped_bytes", integer: tally.skippedBytes)
      json.member("duration_s", duration(report), decimals: 6)
      json.member("recorded_on", text: report.header?.recordedOn)
      json.member("head", text: report.headDamage?.description)
      if case .truncated(let after) = report.end {
        json.member("cut_off_at", integer: after)
      }
      json.key("streams")
      json.beginArray()
      for (stream, counts) in report.streams.sorted(by: { $0.key < $1.key }) {
        json.beginObject()
        json.member("stream", integer: Int(stream.number))
        json.member("entries", integer: Int(clamping: counts.entries))
        json.member("received_bytes", integer: Int(clamping: counts.received))
        json.member("sent_bytes", integer: Int(clamping: counts.sent))
        json.endObject()
      }
      json.endArray()
      json.member("events", integer: Int(clamping: report.events))
      json.key("remarks")
      json.beginArray()
      for remark in report.remarks {
        json.beginObject()
        json.member("about", text: remark.kind)
        for pair in remark.pairs.pairs {
          json.key(text: pair.key)
          json.string(text: pair.value)
        }
        json.endObject()
      }
      json.endArray()
      json.key("damages")
      json.beginArray()
      for damage in report.damages {
        json.beginObject()
        json.member("offset", integer: damage.offset)
        json.member("reason", text: damage.reason)
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    text.append("\n")
  }
}
