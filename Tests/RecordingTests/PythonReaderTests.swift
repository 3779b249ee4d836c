import Foundation
import Motion
import TestKit
import Testing

@testable import Recording

/// The Python environment that Tools/setup-python makes.
enum PythonTools {
  static let interpreter = SharedData.projectFolder.appending(path: ".build/python/bin/python3").path

  static var hasMCAP: Bool {
    FileManager.default.isExecutableFile(atPath: interpreter)
      && (try? run("import mcap.reader, mcap.writer", [])) != nil
  }

  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs a script and returns what it printed.
  static func run(_ script: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: interpreter)
    process.arguments = ["-c", script] + arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(description: String(decoding: complaints, as: UTF8.self)) }
    return String(decoding: printed, as: UTF8.self)
  }
}

@Suite(
  "The mcap package of Python agrees about recordings",
  .enabled("needs the Python package mcap in .build/python, which Tools/test sets up") { PythonTools.hasMCAP })
struct PythonReaderTests {
  @Test("it reads every message in order, verifies the checksums, and finds metadata, statistics and indexes")
  func pythonReads() throws {
    let folder = try RecordingFileTests.Folder()
    var random = RandomSource(seed: 31)
    let log = SampleLog.random(count: 200, atMost: 80, using: &random)
    let encoded = EncodedLog(log, entriesInChunk: 17)
    try Data(encoded.bytes).write(to: URL(filePath: folder.path + "/a.mcap"))
    let printed = try PythonTools.run(
      """
      import json, sys
      from mcap.reader import NonSeekingReader, SeekingReader
      from mcap.stream_reader import StreamReader
      from mcap.records import Chunk, DataEnd, Footer, ChunkIndex, MetadataIndex
      path = sys.argv[1]
      out = {"messages": [], "topics": {}}
      for record in StreamReader(open(path, "rb"), emit_chunks=False, validate_crcs=True).records: pass
      reader = NonSeekingReader(open(path, "rb"), validate_crcs=True)
      for schema, channel, message in reader.iter_messages(log_time_order=False):
          out["messages"].append([channel.topic, message.sequence, message.log_time, message.publish_time,
              message.data.hex(), schema.name if schema else ""])
          out["topics"][channel.topic] = channel.message_encoding
      seeking = SeekingReader(open(path, "rb"), validate_crcs=True)
      by_time = [m.sequence for s, c, m in seeking.iter_messages()]
      out["in_time"] = by_time
      summary = seeking.get_summary()
      out["header"] = [seeking.get_header().profile, seeking.get_header().library]
      out["statistics"] = [summary.statistics.message_count, summary.statistics.chunk_count,
          summary.statistics.channel_count, summary.statistics.metadata_count, summary.statistics.schema_count,
          summary.statistics.message_start_time, summary.statistics.message_end_time]
      out["counts"] = {summary.channels[i].topic: n for i, n in summary.statistics.channel_message_counts.items()}
      out["metadata"] = [[m.name, list(m.metadata.items())] for m in seeking.iter_metadata()]
      raw = open(path, "rb").read()
      for index in summary.chunk_indexes:
          assert raw[index.chunk_start_offset] == 6
          for channel, offset in index.message_index_offsets.items(): assert raw[offset] == 7
      assert len(summary.metadata_indexes) == len(out["metadata"])
      for index in summary.metadata_indexes: assert raw[index.offset] == 12
      print(json.dumps(out))
      """, [folder.path + "/a.mcap"])
    let told = try #require(try JSONSerialization.jsonObject(with: Data(printed.utf8)) as? [String: Any])
    let messages = try #require(told["messages"] as? [[Any]])
    #expect(messages.count == log.count)
    let times = log.map { SampleLog.header.anchor.logTime(of: $0.entry.instant) }
    for (i, message) in messages.enumerated() {
      #expect(message[1] as? Int == i)
      #expect(message[2] as? UInt64 == times[i])
      #expect(message[3] as? UInt64 == times[i])
      let hex = try #require(message[4] as? String)
      switch log[i].entry {
      case .bytes(let stream, _, let direction):
        #expect(message[0] as? String == "/stream/\(stream.number)/\(direction.rawValue)")
        #expect(hex == log[i].payload.map { String(format: "%02x", $0) }.joined())
      case .operatorEvent, .link, .remark:
        #expect(message[0] as? String == "/events")
        #expect(message[5] as? String == "talus.event")
      }
    }
    #expect(told["in_time"] as? [Int] == times.indices.sorted { (times[$0], $0) < (times[$1], $1) })
    #expect(told["header"] as? [String] == ["talus", "talus 0.1.0"])
    let topics = try #require(told["topics"] as? [String: String])
    #expect(topics["/events"] == "json" && topics["/stream/0/received"] == "application/octet-stream")
    let statistics = try #require(told["statistics"] as? [UInt64])
    #expect(statistics == [200, 12, UInt64(topics.count), 7, 1, times.min() ?? 0, times.max() ?? 0])
    let counts = try #require(told["counts"] as? [String: Int])
    #expect(counts.values.reduce(0, +) == 200)
    let metadata = try #require(told["metadata"] as? [[Any]])
    #expect(metadata.map { $0[0] as? String } == SampleLog.header.records.map(\.name))
    #expect(
      (metadata[1][1] as? [[String]]) == [
        ["protocol", "witmotion"], ["filter", "kalman"], ["a", "1"], ["empty", ""],
      ])
  }

  @Test("events are JSON that Python reads to the letter")
  func events() throws {
    let folder = try RecordingFileTests.Folder()
    let log = SampleLog.markers.map { LoggedEntry(.operatorEvent(HostInstant(nanoseconds: 1), .marker($0))) }
    try Data(EncodedLog(log, entriesInChunk: 99).bytes).write(to: URL(filePath: folder.path + "/a.mcap"))
    let printed = try PythonTools.run(
      """
      import json, sys
      from mcap.reader import make_reader
      for s, c, m in make_reader(open(sys.argv[1], "rb")).iter_messages():
          print(json.loads(m.data)["text"].encode().hex())
      """, [folder.path + "/a.mcap"])
    #expect(
      printed
        == SampleLog.markers.map { $0.utf8.map { String(format: "%02x", $0) }.joined() + "\n" }.joined())
  }

  @Test("a recording that Python wrote anew is read; compressed it is unpacked; foreign files are refused")
  func pythonWrites() throws {
    let folder = try RecordingFileTests.Folder()
    var random = RandomSource(seed: 32)
    let log = SampleLog.random(count: 100, atMost: 80, using: &random)
    try Data(EncodedLog(log, entriesInChunk: 9).bytes).write(to: URL(filePath: folder.path + "/a.mcap"))
    _ = try PythonTools.run(
      """
      import sys
      from mcap.reader import NonSeekingReader
      from mcap.writer import Writer, CompressionType
      folder = sys.argv[1]
      def copy(name, metadata, **options):
          profile = options.pop("profile", "")
          writer = Writer(folder + "/" + name, **options)
          writer.start(profile=profile)
          reader = NonSeekingReader(open(folder + "/a.mcap", "rb"))
          records = list(NonSeekingReader(open(folder + "/a.mcap", "rb")).iter_metadata())
          if metadata == "first":
              for m in records: writer.add_metadata(m.name, m.metadata)
          channels = {}
          extra = writer.register_channel("/notes", "text", 0)
          for schema, channel, message in reader.iter_messages(log_time_order=False):
              if channel.id not in channels:
                  sid = writer.register_schema(schema.name, schema.encoding, schema.data) if schema else 0
                  channels[channel.id] = writer.register_channel(channel.topic, channel.message_encoding, sid)
                  writer.add_message(extra, message.log_time, b"not ours", message.log_time)
              writer.add_message(channels[channel.id], message.log_time, message.data, message.publish_time, message.sequence)
          if metadata == "last":
              for m in reversed(records): writer.add_metadata(m.name, dict(reversed(m.metadata.items())))
          writer.finish()
      copy("first.mcap", "first", compression=CompressionType.NONE, chunk_size=2000)
      copy("last.mcap", "last", compression=CompressionType.NONE)
      copy("unchunked.mcap", "first", use_chunking=False)
      copy("profile.mcap", "first", use_chunking=False, profile="talus")
      copy("zstd.mcap", "first", compression=CompressionType.ZSTD)
      copy("lz4.mcap", "last", compression=CompressionType.LZ4)
      copy("foreign.mcap", "none", compression=CompressionType.NONE)
      """, [folder.path])
    for name in ["first.mcap", "last.mcap", "unchunked.mcap", "profile.mcap"] {
      let read = try readLog(folder.bytes(name))
      #expect(read.log == log, "\(name)")
      #expect(read.end == .complete, "\(name)")
      #expect(read.tally.otherMessages >= 5)
      #expect(try readHeader(folder.bytes(name)).devices == SampleLog.header.devices)
    }
    #expect(try readHeader(folder.bytes("first.mcap")) == SampleLog.header)
    #expect(throws: RecordingRefusal.compressed("zstd")) { try readHeader(folder.bytes("zstd.mcap")) }
    #expect(throws: RecordingRefusal.compressed("lz4")) { try readHeader(folder.bytes("lz4.mcap")) }
    #expect(throws: RecordingRefusal.noSession) { try readHeader(folder.bytes("foreign.mcap")) }
    for name in ["zstd.mcap", "lz4.mcap"] {
      let packed = try folder.bytes(name)
      func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
        var plain: [UInt8] = []
        try RecordingUnpacking.unpack(bytes.span) { piece in piece.withUnsafeBufferPointer { plain += $0 } }
        return plain
      }
      let read = try readLog(try unpacked(packed))
      #expect(read.log == log && read.end == .complete, "\(name)")
      // Damage inside a chunk costs that chunk and is counted; nothing traps wherever it lies.
      var random = RandomSource(seed: 33)
      for _ in 0..<100 {
        var damaged = packed
        for _ in 0..<3 {
          damaged[Int.random(in: 8..<packed.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        if let plain = try? unpacked(damaged) { _ = try? readLog(plain) }
      }
    }
  }
}
