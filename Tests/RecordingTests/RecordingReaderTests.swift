import Motion
import TestKit
import Testing

@testable import Recording

@Suite("Recordings come back as they were written")
struct RecordingReaderTests {
  @Test("random logs", arguments: 0..<40)
  func roundTrip(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let count = Int.random(in: 0...300, using: &random)
    let log = SampleLog.random(count: count, atMost: 200, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: Int.random(in: 1...50, using: &random))
    #expect(isRecording(encoded.bytes))
    #expect(try readHeader(encoded.bytes) == SampleLog.header)
    let read = try readLog(encoded.bytes)
    #expect(read.log == log)
    #expect(read.end == .complete)
    #expect(read.tally.entries == UInt64(count))
    #expect(read.tally.missingEntries == 0)
    #expect(read.tally.damagedPlaces == 0)
    #expect(read.tally.skippedBytes == 0)
  }

  @Test("bytes of many chunks' size, and instants at the ends of the clock")
  func extremes() throws {
    var random = RandomSource(seed: 7)
    let large = (0..<700_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let instants: [Int64] = [.min, .max, 0, -1, 8_123_456_789]
    let log = instants.map {
      LoggedEntry(
        .bytes(stream: StreamID(2), arrived: HostInstant(nanoseconds: $0), direction: .sent), $0 == 0 ? large : [1])
    }
    let read = try readLog(EncodedLog(log, entriesInChunk: 99).bytes)
    #expect(read.log == log)
    #expect(read.end == .complete)
    // The large entry filled a chunk: it was closed without being asked.
    #expect(read.tally.chunks == 2)
  }

  @Test("pairs keep their order and hold every key once")
  func pairs() throws {
    var pairs: TextPairs = ["z": "1", "a": "2", "m": "3"]
    pairs["a"] = "4"
    pairs["z"] = nil
    pairs["new"] = ""
    #expect(pairs.pairs.map(\.key) == ["a", "m", "new"])
    #expect(pairs["a"] == "4")
    let repeated = ["a", "b", "a"].enumerated().map { TextPairs.Pair(key: $1, value: String($0)) }
    #expect(TextPairs(repeated) == ["a": "2", "b": "1"])
    var header = SampleLog.header
    header.configuration = pairs
    let bytes = EncodedLog([], header: header, entriesInChunk: 1).bytes
    #expect(try readHeader(bytes).configuration.pairs == pairs.pairs)
  }

  @Test("entries that were left out are missing, and counted")
  func skipped() throws {
    var encoder = RecordingEncoder(SampleLog.header)
    var buffer: [UInt8] = []
    for i in 0..<10 {
      if i % 3 == 1 { encoder.skipEntry() } else { encoder.append(.marker("\(i)"), at: HostInstant(nanoseconds: 0)) }
    }
    encoder.finish()
    encoder.takeOutput(into: &buffer)
    let read = try readLog(buffer)
    #expect(read.log.count == 7)
    #expect(read.tally.missingEntries == 3)
    #expect(encoder.skippedEntries == 3)
  }

  @Test("what is no recording is refused with a reason")
  func refusals() {
    #expect(!isRecording([]))
    #expect(!isRecording(Array("t_s,acc_x\n".utf8)))
    #expect(throws: RecordingRefusal.notMCAP) { try readHeader(Array("time,angle\n".utf8)) }
    var later = SampleLog.header
    later.formatVersion = 2
    let bytes = EncodedLog([], header: later, entriesInChunk: 1).bytes
    #expect(throws: RecordingRefusal.laterFormat("2")) { try readHeader(bytes) }
  }

  @Test("events of other spellings are read, foreign ones left alone")
  func eventText() {
    let at = HostInstant(nanoseconds: 3)
    func entry(_ text: String) -> LogEntry? { EventText.entry(Array(text.utf8).span, at: at) }
    #expect(
      entry(#" { "text" : "a\u00e9\ud83d\ude00\/\n" , "event":"marker", "n":-1.5e3, "x":null } "#)
        == .operatorEvent(at, .marker("aé😀/\n")))
    #expect(entry(#"{"event":"link","stream":7,"link":"unplugged"}"#) == .link(at, StreamID(7), .unplugged))
    for text in [
      "", "{", "{}", "[]", #"{"event":"marker"}"#, #"{"event":"tare"}"#, #"{"event":"side","side":"middle"}"#,
      #"{"event":"marker","text":"\ud83d"}"#, #"{"event":"marker","text":"a}"#, #"{"event":"marker","text":{}}"#,
      #"{"event":"link","stream":70000,"link":"opened"}"#, #"{"event":"marker","text":"a"},"#,
    ] {
      #expect(entry(text) == nil, "\(text)")
    }
  }
}
