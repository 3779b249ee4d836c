import Motion
import TestKit
import Testing

@testable import Recording

@Suite("Recordings that were cut off or altered")
struct DamageTests {
  @Test("cut at every byte: every whole chunk before the cut comes back, and nothing else", arguments: [true, false])
  func truncation(finishing: Bool) throws {
    var random = RandomSource(seed: 11)
    let log = SampleLog.random(count: 40, atMost: 40, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 6, finishing: finishing)
    for cut in 0..<encoded.bytes.count {
      let bytes = Array(encoded.bytes[..<cut])
      guard cut >= encoded.headSize else {
        // The head is either refused or whole.
        let header = try? readHeader(bytes)
        #expect(header == nil, "cut at \(cut)")
        continue
      }
      #expect(try readHeader(bytes) == SampleLog.header)
      let expected = encoded.chunkEnds.last { $0.offset <= cut }?.entries ?? 0
      let read = try readLog(bytes)
      #expect(read.log == Array(log[..<expected]), "cut at \(cut)")
      guard case .truncated(let after) = read.end else {
        Issue.record("cut at \(cut): \(read.end)")
        continue
      }
      #expect(after <= cut && after + read.tally.skippedBytes == cut)
      #expect(read.tally.damagedPlaces == 0)
    }
  }

  @Test("zeros that a power loss left behind are a cut")
  func zeroTail() throws {
    var random = RandomSource(seed: 12)
    let log = SampleLog.random(count: 40, atMost: 40, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 10, finishing: false)
    let read = try readLog(encoded.bytes + [UInt8](repeating: 0, count: 4096))
    #expect(read.log == log)
    #expect(read.end == .truncated(afterBytes: encoded.bytes.count))
  }

  @Test("one bit turned in every byte: it is noticed, and no altered byte passes for a good one", arguments: 0..<2)
  func turnedBits(seed: UInt64) throws {
    var random = RandomSource(seed: 13 + seed)
    let log = SampleLog.random(count: 12, atMost: 16, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 4)
    var bytes = encoded.bytes
    for byte in bytes.indices {
      let bit = byte * 8 + Int.random(in: 0..<8, using: &random)
      bytes[bit / 8] ^= 1 << (bit % 8)
      defer { bytes[bit / 8] ^= 1 << (bit % 8) }
      guard let header = try? readHeader(bytes) else { continue }
      #expect(header == SampleLog.header, "bit \(bit)")
      let read = try readLog(bytes)
      #expect(Self.isPart(read.log, of: log), "bit \(bit)")
      #expect(read.end != .complete, "bit \(bit)")
      // At most the one chunk that holds the bit is lost.
      #expect(read.log.count >= log.count - 4, "bit \(bit): \(read.end)")
      #expect(read.log.count + Int(read.tally.missingEntries) == log.count || read.log.last != log.last, "bit \(bit)")
    }
  }

  @Test("many alterations at once, cut and uncut: nothing traps and nothing altered comes out", arguments: 0..<12)
  func manyAlterations(seed: UInt64) throws {
    var random = RandomSource(seed: 100 + seed)
    let log = SampleLog.random(count: 60, atMost: 60, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 5, finishing: seed % 2 == 0)
    for _ in 0..<400 {
      var bytes = encoded.bytes
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let i = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[i] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[i] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.replaceSubrange(i..<min(i + 8, bytes.count), with: [UInt8](repeating: 0xFF, count: 8))
        default: bytes.removeSubrange(i..<min(i + Int.random(in: 1...30, using: &random), bytes.count))
        }
      }
      let header = try? readHeader(bytes)
      #expect(header == nil || header == SampleLog.header)
      // The log is read with the true anchor, also where the head is lost.
      var cursor = RecordingCursor(bytes.span, anchor: SampleLog.header.anchor)
      var read: [LoggedEntry] = []
      while let next = cursor.next(in: bytes.span) { read.append(LoggedEntry(next.entry, Array(bytes[next.payload]))) }
      #expect(Self.isPart(read, of: log))
      #expect(cursor.end != nil)
    }
  }

  @Test("noise behind the magic never traps", arguments: 0..<8)
  func noise(seed: UInt64) {
    var random = RandomSource(seed: 200 + seed)
    for _ in 0..<300 {
      var bytes = Format.magic
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        // Records of likely types with likely and unlikely lengths.
        let size = Int.random(in: 0...80, using: &random)
        bytes.append(UInt8.random(in: 0...16, using: &random))
        bytes.appendInteger(
          Bool.random(using: &random) ? UInt64(size) : random.next() >> UInt64.random(in: 0...63, using: &random))
        for _ in 0..<size { bytes.append(UInt8.random(in: 0...255, using: &random) >> 4) }
      }
      _ = try? readHeader(bytes, allowingDamage: true)
      var cursor = RecordingCursor(bytes.span, anchor: SampleLog.header.anchor)
      while cursor.next(in: bytes.span) != nil {}
      #expect(cursor.end != nil)
      #expect(cursor.tally.skippedBytes <= bytes.count)
    }
  }

  @Test("an altered head is refused, and its log can still be read on request")
  func damagedHead() throws {
    var random = RandomSource(seed: 14)
    let log = SampleLog.random(count: 10, atMost: 10, using: &random)
    var bytes = EncodedLog(log, entriesInChunk: 5).bytes
    let place = try #require(find("witmotion", in: bytes))
    bytes[place] = UInt8(ascii: "W")
    #expect(throws: RecordingRefusal.self) { try readHeader(bytes) }
    #expect(try readHeader(bytes, allowingDamage: true).configuration["protocol"] == "Witmotion")
    let read = try readLog(bytes, allowingDamagedHead: true)
    #expect(read.log == log)
    guard case .damaged = read.end else {
      Issue.record("\(read.end)")
      return
    }
  }

  @Test("messages that stand outside chunks because of damage are not taken, also when the profile is damaged")
  func strayMessages() throws {
    var random = RandomSource(seed: 15)
    let log = SampleLog.random(count: 20, atMost: 30, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 10)
    for letter in ["t", "x"] {
      var bytes = encoded.bytes
      let profile = try #require(find("talus", in: bytes))
      bytes[profile] = Array(letter.utf8)[0]
      bytes.removeSubrange(encoded.headSize..<encoded.headSize + Format.recordHead + Format.chunkHead)
      let read = try readLog(bytes)
      #expect(read.log == Array(log[10...]))
      #expect(read.tally.missingEntries == 10)
      // The chunk, and the summary, whose offsets are wrong now.
      #expect(read.tally.damagedPlaces == 2)
      #expect(read.tally.skippedBytes > 200)
    }
  }

  private func find(_ text: String, in bytes: [UInt8]) -> Int? {
    let text = Array(text.utf8)
    return bytes.indices.first { bytes[$0...].starts(with: text) }
  }

  /// Whether the entries are some of the log's, in its order.
  static func isPart(_ read: [LoggedEntry], of log: [LoggedEntry]) -> Bool {
    var rest = log[...]
    for entry in read {
      guard let index = rest.firstIndex(of: entry) else { return false }
      rest = rest[(index + 1)...]
    }
    return true
  }
}
