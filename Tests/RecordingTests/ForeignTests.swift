import Files
import Motion
import Testing

@testable import Recording

/// Files as other MCAP writers may lay them out: the format's rules allow more than this project's writer does.
@Suite("Recordings that other programs wrote anew")
struct ForeignTests {
  /// What a writer may do differently.
  struct Style: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var profile = ""
    var library = "mcap go v1.7.0"
    /// Bytes behind the known fields of every record.
    var padding = 0
    var chunked = true
    var crc = true
    var unknown = false
    var summary = true
    var repeated = false
    var dataEndCRC = false
  }

  static let styles = [
    Style(testDescription: "plain"),
    Style(testDescription: "with the profile kept", profile: "talus"),
    Style(testDescription: "with fields that are not known", padding: 7),
    Style(testDescription: "without chunks", chunked: false),
    Style(
      testDescription: "without chunks, with the profile kept and unknown fields", profile: "talus", padding: 3,
      chunked: false),
    Style(testDescription: "without checksums", crc: false),
    Style(testDescription: "with records of unknown types", unknown: true),
    Style(testDescription: "without a summary", summary: false),
    Style(testDescription: "with a checksum of its data", dataEndCRC: true),
    Style(
      testDescription: "everything at once", profile: "ros2", padding: 5, unknown: true, repeated: true,
      dataEndCRC: true),
  ]

  static let log: [LoggedEntry] = (0..<9).map { i in
    let at = HostInstant(nanoseconds: 8_123_456_789 + Int64(i) * 1_000_000)
    return i % 3 == 2
      ? LoggedEntry(.operatorEvent(at, .marker("\(i)")))
      : LoggedEntry(.bytes(stream: StreamID(0), arrived: at, direction: .received), [0x55, 0x51, UInt8(i)])
  }

  static func file(_ style: Style) -> [UInt8] {
    var bytes = Format.magic
    func record(_ opcode: UInt8, _ bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
      bytes.appendRecord(opcode) {
        body(&$0)
        $0 += [UInt8](repeating: 0xEE, count: style.padding)
      }
    }
    record(Opcode.header, &bytes) {
      $0.appendText(style.profile)
      $0.appendText(style.library)
    }
    func unknown(_ bytes: inout [UInt8]) {
      guard style.unknown else { return }
      for opcode: UInt8 in [0x10, 0x7F, 0x80, 0xFF] { record(opcode, &bytes) { $0 += [1, 2, 3] } }
    }
    unknown(&bytes)
    for pairs in SampleLog.header.records {
      record(Opcode.metadata, &bytes) {
        $0.appendText(pairs.name)
        $0.appendPairs(pairs.pairs)
      }
    }
    record(0x09, &bytes) { $0 += [UInt8](repeating: 0, count: 40) }  // an attachment
    let anchor = SampleLog.header.anchor
    for part in 0..<3 {
      var records: [UInt8] = []
      if part == 0 || style.repeated {
        record(Opcode.schema, &records) {
          $0.appendInteger(UInt16(9))
          $0.appendText("any")
          $0.appendText("jsonschema")
          $0.appendText("{}")
        }
        for (id, topic, encoding) in [
          (UInt16(40), "/stream/0/received", Format.bytesEncoding), (41, "/events", "json"),
        ] {
          record(Opcode.channel, &records) {
            $0.appendInteger(id)
            $0.appendInteger(UInt16(id == 41 ? 9 : 0))
            $0.appendText(topic)
            $0.appendText(encoding)
            $0.appendPairs(["made": "elsewhere"])
          }
        }
      }
      unknown(&records)
      for logged in log[(part * 3)..<(part * 3 + 3)] {
        // Data is the last field of a message: nothing can follow it.
        records.appendRecord(Opcode.message) {
          var text: [UInt8] = logged.payload
          if case .operatorEvent(_, let event) = logged.entry { EventText.append(event, to: &text) }
          $0.appendInteger(UInt16(logged.payload.isEmpty ? 41 : 40))
          $0.appendInteger(UInt32(0))
          $0.appendInteger(anchor.logTime(of: logged.entry.instant))
          $0.appendInteger(UInt64(0))
          $0 += text
        }
      }
      if !style.chunked {
        bytes += records
        continue
      }
      record(Opcode.chunk, &bytes) {
        var crc = CRC32()
        crc.update(records.span)
        $0.appendInteger(UInt64(0))
        $0.appendInteger(UInt64.max)
        $0.appendInteger(UInt64(records.count))
        $0.appendInteger(style.crc ? crc.value : 0)
        $0.appendText("")
        $0.appendInteger(UInt64(records.count))
        $0 += records
      }
    }
    var crc = CRC32()
    crc.update(bytes.span)
    record(Opcode.dataEnd, &bytes) { $0.appendInteger(style.dataEndCRC ? crc.value : 0) }
    let summary = UInt64(bytes.count)
    if style.summary {
      record(Opcode.statistics, &bytes) { $0 += [UInt8](repeating: 0, count: 46) }
      unknown(&bytes)
    }
    record(Opcode.footer, &bytes) {
      $0.appendInteger(style.summary ? summary : 0)
      $0.appendInteger(UInt64(0))
      $0.appendInteger(UInt32(0))
    }
    return bytes + Format.magic
  }

  @Test("they are read to the last entry, and nothing in them counts as damage", arguments: styles)
  func isRead(style: Style) throws {
    let bytes = Self.file(style)
    let report = try RecordingReport(bytes.span)
    #expect(report.isWhole, "\(report.end) \(String(describing: report.headDamage))")
    #expect(report.tally.unknownRecords == (style.unknown ? 16 : 0))
    let read = try readLog(bytes)
    #expect(read.log == Self.log)
    #expect(try readHeader(bytes) == SampleLog.header)
    #expect(throws: RecordingAppend.Refusal.foreign) {
      try RecordingAppend.tail(bytes.span, adding: [Remark(kind: "annotation", pairs: [:])], utcNanoseconds: 0)
    }
    // Cut anywhere, what was whole before the cut is still read: of chunks all or nothing.
    for cut in stride(from: 0, to: bytes.count, by: 3) {
      guard let read = try? readLog(Array(bytes[..<cut])) else { continue }
      #expect(read.log == Array(Self.log.prefix(read.log.count)))
      #expect(read.end != .complete)
    }
  }

  @Test("a chunk whose checksum does not hold is left out and said, the others are read")
  func wrongChecksum() throws {
    var bytes = Self.file(Style(testDescription: "", repeated: true))
    // The third byte of the first entry of the second chunk.
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x55, 0x51, 3]) })
    bytes[place + 2] ^= 0x80
    let report = try RecordingReport(bytes.span)
    #expect(report.tally.checksumFailures == 1 && report.damages.count == 1 && !report.isWhole)
    #expect(try readLog(bytes).log == Array(Self.log[..<3] + Self.log[6...]))
  }

  @Test(
    "lengths that no file has are refused or stepped over at once",
    arguments: [UInt64(1) << 63, .max, 1 << 40, 1 << 31])
  func hostileLengths(length: UInt64) throws {
    let bytes = Self.file(Style(testDescription: "", profile: "talus"))
    for place in 8..<(bytes.count - 8) {
      var altered = bytes
      altered.replace(at: place, with: length)
      guard let report = try? RecordingReport(altered.span) else { continue }
      #expect(report.tally.skippedBytes <= altered.count)
    }
  }
}
