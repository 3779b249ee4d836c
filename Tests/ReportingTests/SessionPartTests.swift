import CaptureImport
import Foundation
import Motion
import Recording
import Replay
import Reporting
import TestKit
import Testing

/// Reports of a part of a recorded session.
@Suite struct SessionPartTests {
  /// The sample with three lunges, with markers put before its second and its third one.
  static func marked() throws -> (folder: String, input: SessionInput) {
    let file = try MappedFile(path: SharedData.projectFolder.path + "/Samples/lunge-left.mcap")
    let bytes: [UInt8] = try file.withBytes { bytes in
      let header = try RecordingReader.readHeader(bytes)
      var encoder = RecordingEncoder(header)
      var begin: HostInstant?
      var left = [("second", 10.0), ("third", 18.0)]
      _ = try RecordingReader.forEachEntry(in: bytes) { entry, payload in
        guard case .bytes(let stream, let arrived, let direction) = entry else { return }
        let origin = begin ?? arrived
        begin = origin
        if let next = left.first, arrived.seconds(since: origin) > next.1 {
          encoder.append(.marker(next.0), at: arrived)
          left.removeFirst()
        }
        encoder.append(bytes: payload, stream: stream, arrived: arrived, direction: direction)
      }
      encoder.finish()
      var output: [UInt8] = []
      encoder.takeOutput(into: &output)
      return output
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "talus-part-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "marked.mcap").path
    try Data(bytes).write(to: URL(filePath: path))
    return (folder.path, try SessionInput.open(path))
  }

  @Test func markersAndTimesBoundAReport() throws {
    let (folder, input) = try Self.marked()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try SessionReport.source(input)
    let all = whole.series.flatMap(\.trials)
    #expect(all.count == 3)
    func trials(_ part: SessionPart) throws -> [SessionTime] {
      let source = try SessionReport.source(input, part: part)
      #expect(source.notes.contains { $0.hasPrefix("the part from") })
      return source.series.flatMap(\.trials).map(\.start)
    }
    // A part's trials are those of the whole session, to the bit.
    #expect(try trials(SessionPart(end: .marker("second"))) == [all[0].start])
    #expect(try trials(SessionPart(start: .marker("second"), end: .marker("third"))) == [all[1].start])
    #expect(try trials(SessionPart(start: .marker("third"))) == [all[2].start])
    let (first, last) = (all[0].end.seconds + 0.1, all[1].end.seconds + 0.1)
    #expect(try trials(SessionPart(start: .time(first), end: .time(last))) == [all[1].start])
    #expect(throws: SessionInput.Unusable.self) { try trials(SessionPart(start: .marker("fourth"))) }
    // The markers in the other order hold nothing.
    #expect(throws: SessionInput.Unusable.self) {
      try trials(SessionPart(start: .marker("third"), end: .marker("second")))
    }
  }
}
