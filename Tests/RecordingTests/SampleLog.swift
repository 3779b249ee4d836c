import Motion
import Recording
import TestKit

/// A log as a test writes it and gets it back.
struct LoggedEntry: Equatable {
  var entry: LogEntry
  var payload: [UInt8]

  init(_ entry: LogEntry, _ payload: [UInt8] = []) {
    self.entry = entry
    self.payload = payload
  }

  static func == (a: LoggedEntry, b: LoggedEntry) -> Bool {
    // Texts equal as Swift sees them may still differ in their bytes.
    if case .operatorEvent(_, .marker(let x)) = a.entry, case .operatorEvent(_, .marker(let y)) = b.entry {
      guard Array(x.utf8) == Array(y.utf8) else { return false }
    }
    return a.entry == b.entry && a.payload == b.payload
  }
}

enum SampleLog {
  static let header = RecordingHeader(
    anchor: UTCAnchor(host: HostInstant(nanoseconds: 8_123_456_789), utcNanoseconds: 1_790_000_000_123_456_789),
    configuration: ["protocol": "witmotion", "filter": "kalman", "a": "1", "empty": ""],
    calibration: ["gyro_bias": "0.01 0.02 0.03"], person: ["pseudonym": "P-017 ä😀", "height_cm": "172"],
    devices: [
      StreamID(0): DeviceIdentity(
        name: "WT901", vendor: "WitMotion", product: "HWT", serialNumber: "A1", port: "/dev/ttyUSB0"),
      StreamID(300): DeviceIdentity(),
    ],
    software: "talus", softwareVersion: "0.1.0")

  static let markers = [
    "start", "", "quote \" and \\", "line\nfeed\tand\u{1}\u{7F}", "ä e\u{301} 😀 \u{2028}", "{\"event\":1}",
  ]

  /// Entries of every kind; times tie, and go back now and then.
  static func random(count: Int, atMost: Int, using random: inout RandomSource) -> [LoggedEntry] {
    var time: Int64 = 8_123_456_789
    return (0..<count).map { _ in
      time += Int64.random(in: -200_000...5_000_000, using: &random) / 1000 * 1000
      let instant = HostInstant(nanoseconds: time)
      let stream = StreamID([0, 1, 300, 65535].randomElement(using: &random) ?? 0)
      switch Int.random(in: 0..<12, using: &random) {
      case 0: return LoggedEntry(.operatorEvent(instant, .marker(markers.randomElement(using: &random) ?? "")))
      case 1: return LoggedEntry(.operatorEvent(instant, .side(Bool.random(using: &random) ? .left : .right)))
      case 3 where count % 2 == 0:
        let pairs: TextPairs = ["note": markers.randomElement(using: &random) ?? "", "b": "2", "a": "\(time)"]
        return LoggedEntry(.remark(instant, Remark(kind: "annotation", pairs: pairs)))
      case 2: return LoggedEntry(.link(instant, stream, LinkEvent.allCases.randomElement(using: &random) ?? .opened))
      default:
        let size = Int.random(in: 0...atMost, using: &random)
        let payload = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        let direction: Direction = Int.random(in: 0..<5, using: &random) == 0 ? .sent : .received
        return LoggedEntry(.bytes(stream: stream, arrived: instant, direction: direction), payload)
      }
    }
  }
}

/// A recording made by the encoder, and where its chunks lie.
struct EncodedLog {
  var bytes: [UInt8] = []
  var header: RecordingHeader
  var log: [LoggedEntry]
  /// For every chunk: the offset behind it, and how many entries are in the file up to there.
  var chunkEnds: [(offset: Int, entries: Int)] = []
  var headSize = 0

  /// - Parameter entriesInChunk: a chunk is closed after so many.
  init(_ log: [LoggedEntry], header: RecordingHeader = SampleLog.header, entriesInChunk: Int, finishing: Bool = true) {
    self.log = log
    self.header = header
    var encoder = RecordingEncoder(header)
    var buffer: [UInt8] = []
    func take(_ encoder: inout RecordingEncoder, _ bytes: inout [UInt8]) {
      encoder.takeOutput(into: &buffer)
      bytes += buffer
    }
    take(&encoder, &bytes)
    headSize = bytes.count
    for (i, logged) in log.enumerated() {
      switch logged.entry {
      case .bytes(let stream, let arrived, let direction):
        encoder.append(bytes: logged.payload.span, stream: stream, arrived: arrived, direction: direction)
      case .operatorEvent(let instant, let event): encoder.append(event, at: instant)
      case .link(let instant, let stream, let event): encoder.append(event, stream: stream, at: instant)
      case .remark(let instant, let remark): encoder.append(remark, at: instant)
      }
      if (i + 1) % entriesInChunk == 0 || i + 1 == log.count {
        take(&encoder, &bytes)
        // What follows a chunk is its indexes: the chunk itself ends where its own length says.
        let start = chunkEnds.last.map { Self.skipIndexes(bytes, from: $0.offset) } ?? headSize
        chunkEnds.append((start + 9 + Self.length(bytes, start), i + 1))
      }
    }
    if finishing {
      encoder.finish()
      take(&encoder, &bytes)
    }
  }

  static func length(_ bytes: [UInt8], _ record: Int) -> Int {
    (0..<8).reduce(0) { $0 | Int(bytes[record + 1 + $1]) << (8 * $1) }
  }

  static func skipIndexes(_ bytes: [UInt8], from offset: Int) -> Int {
    var offset = offset
    while offset < bytes.count, bytes[offset] == 0x07 { offset += 9 + length(bytes, offset) }
    return offset
  }
}

/// Reads all entries of a recording.
func readLog(_ bytes: [UInt8], allowingDamagedHead: Bool = false) throws -> (
  log: [LoggedEntry], end: RecordingEnd, tally: RecordingTally
) {
  var log: [LoggedEntry] = []
  let (end, tally) = try RecordingReader.forEachEntry(in: bytes.span, allowingDamagedHead: allowingDamagedHead) {
    entry, payload in
    log.append(LoggedEntry(entry, payload.withUnsafeBufferPointer { Array($0) }))
  }
  return (log, end, tally)
}

/// The header of a recording.
func readHeader(_ bytes: [UInt8], allowingDamage: Bool = false) throws -> RecordingHeader {
  try RecordingReader.readHeader(bytes.span, allowingDamage: allowingDamage)
}

func isRecording(_ bytes: [UInt8]) -> Bool { RecordingReader.isRecording(bytes.span) }
