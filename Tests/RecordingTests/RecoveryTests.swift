import Motion
import TestKit
import Testing

@testable import Recording

@Suite("Checking, recovering and adding to recordings")
struct RecoveryTests {
  private func recover(_ bytes: [UInt8]) throws -> (bytes: [UInt8], outcome: RecordingRecovery.Outcome) {
    var written: [UInt8] = []
    let outcome = try RecordingRecovery.recover(bytes.span, source: "x.mcap") { piece in
      piece.withUnsafeBufferPointer { written.append(contentsOf: $0) }
    }
    return (written, outcome)
  }

  private func withoutRecovery(_ log: [LoggedEntry]) -> [LoggedEntry] {
    log.filter { if case .remark(_, let remark) = $0.entry { remark.kind != "recovery" } else { true } }
  }

  @Test("a cut recording becomes a whole one with every entry of its whole chunks, in the same chunks")
  func cut() throws {
    var random = RandomSource(seed: 41)
    let log = SampleLog.random(count: 60, atMost: 40, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 7)
    for cut in stride(from: encoded.headSize, to: encoded.bytes.count, by: 37) {
      let recovered = try recover(Array(encoded.bytes[..<cut]))
      let read = try readLog(recovered.bytes)
      #expect(read.end == .complete)
      #expect(withoutRecovery(read.log) == Array(log.prefix(encoded.chunkEnds.last { $0.offset <= cut }?.entries ?? 0)))
      #expect(try readHeader(recovered.bytes) == SampleLog.header)
      #expect(recovered.outcome.bytes == recovered.bytes.count)
      let report = try RecordingReport(recovered.bytes.span)
      #expect(report.isWhole && report.remarks.last?.pairs["source"] == "x.mcap")
      // The recovery's own remark stands in the last chunk, or in one of its own.
      let chunks = encoded.chunkEnds.count { $0.offset <= cut }
      #expect(read.tally.chunks == max(chunks, 1))
    }
  }

  @Test("a chunk that was altered is left out, and the entries that it held stay missing")
  func altered() throws {
    var random = RandomSource(seed: 42)
    let log = SampleLog.random(count: 30, atMost: 40, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 10)
    var bytes = encoded.bytes
    bytes[encoded.chunkEnds[1].offset - 3] ^= 1
    let report = try RecordingReport(bytes.span)
    #expect(!report.isWhole && report.headDamage == nil)
    #expect(report.tally.checksumFailures == 1 && report.damages.count == 1)
    #expect(report.damages[0].reason == "the checksum of a chunk does not hold")
    let recovered = try recover(bytes)
    let read = try readLog(recovered.bytes)
    #expect(read.end == .complete)
    #expect(withoutRecovery(read.log) == Array(log[..<10] + log[20...]))
    #expect(read.tally.missingEntries == 10 && recovered.outcome.missingEntries == 10)
  }

  @Test("a recording without its head keeps its log, and says that the head is lost")
  func headless() throws {
    var random = RandomSource(seed: 43)
    let log = SampleLog.random(count: 30, atMost: 40, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 10)
    for damaged in [Array(encoded.bytes[64...]), [UInt8](repeating: 0xAA, count: 300) + encoded.bytes[300...]] {
      let report = try RecordingReport(damaged.span)
      #expect(report.header == nil && report.headDamage != nil && !report.isWhole)
      let recovered = try recover(damaged)
      #expect(recovered.outcome.isHeadLost && recovered.outcome.entries == 30)
      let header = try readHeader(recovered.bytes)
      #expect(header.configuration.isEmpty)
      let read = try readLog(recovered.bytes)
      #expect(withoutRecovery(read.log).map(\.payload) == log.map(\.payload))
      // The log's times are those of the calendar: they move together.
      let shift = SampleLog.header.anchor.utcNanoseconds &- SampleLog.header.anchor.host.nanoseconds
      #expect(
        withoutRecovery(read.log).map(\.entry.instant.nanoseconds) == log.map { $0.entry.instant.nanoseconds &+ shift })
    }
  }

  @Test("what is no recording is neither checked nor recovered")
  func refused() {
    #expect(throws: RecordingRefusal.notMCAP) { try RecordingReport(Array("t_s,acc_x\n".utf8).span) }
    #expect(throws: RecordingRefusal.notMCAP) { try RecordingReport([UInt8]().span) }
    #expect(throws: RecordingRefusal.notMCAP) { try recover([UInt8](repeating: 6, count: 4000)) }
  }

  @Test("remarks are added behind the data: what was there stays byte for byte, and the file is whole")
  func added() throws {
    var random = RandomSource(seed: 44)
    for (count, dropping) in [(0, false), (40, false), (40, true)] {
      let log = SampleLog.random(count: count, atMost: 40, using: &random)
      var bytes = EncodedLog(log, entriesInChunk: 9).bytes
      if dropping {
        var encoder = RecordingEncoder(SampleLog.header)
        encoder.skipEntry(5)
        encoder.append(.marker("after a gap"), at: HostInstant(nanoseconds: 1))
        encoder.finish()
        encoder.takeOutput(into: &bytes)
      }
      let before = try readLog(bytes)
      var expected = before.log
      for round in 1...3 {
        let remark = Remark(kind: "annotation", pairs: ["exclude": "\(round)", "note": "heel \"lifted\"\nä"])
        let utc = 1_800_000_000_000_000_000 + Int64(round)
        let (kept, tail) = try RecordingAppend.tail(bytes.span, adding: [remark], utcNanoseconds: utc)
        #expect(kept > 0 && kept <= bytes.count)
        bytes = bytes[..<kept] + tail
        let anchor = SampleLog.header.anchor
        let now = HostInstant(nanoseconds: utc - anchor.utcNanoseconds + anchor.host.nanoseconds)
        expected.append(LoggedEntry(.remark(now, remark)))
        let read = try readLog(bytes)
        #expect(read.log == expected)
        #expect(read.end == .complete)
        #expect(read.tally.missingEntries == before.tally.missingEntries)
      }
      #expect(
        RecordingReader.remarks(in: bytes.span, anchor: SampleLog.header.anchor).suffix(3).map { $0.pairs["exclude"] }
          == ["1", "2", "3"])
      if !dropping {
        // The same as if all had been written at once.
        let encoded = EncodedLog(expected, entriesInChunk: 9)
        #expect(try readLog(encoded.bytes).log == expected)
      }
    }
  }

  @Test("nothing is added to what is not whole")
  func notAdded() throws {
    var random = RandomSource(seed: 45)
    let encoded = EncodedLog(SampleLog.random(count: 20, atMost: 40, using: &random), entriesInChunk: 9)
    let remark = Remark(kind: "annotation", pairs: [:])
    for cut in stride(from: 0, to: encoded.bytes.count, by: 41) {
      #expect(throws: RecordingAppend.Refusal.self) {
        try RecordingAppend.tail(Array(encoded.bytes[..<cut]).span, adding: [remark], utcNanoseconds: 0)
      }
    }
  }
}
