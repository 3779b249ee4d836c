import Files
import Motion

/// Adds remarks to a finished recording.
public enum RecordingAppend {
  /// Why nothing can be added.
  public enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no recording at all.
    case notReadable(RecordingRefusal)
    /// It was cut off or altered.
    case notWhole
    /// Another program wrote it.
    case foreign

    public var description: String {
      switch self {
      case .notReadable(let refusal): refusal.description
      case .notWhole: "the recording is not whole; `talus recover` writes one that is, and to that it can be added"
      case .foreign:
        "another program wrote the recording anew; `talus recover` writes one of Talus' own, and to that it can be added"
      }
    }
  }

  /// What to put in place of a finished recording's end.
  ///
  /// - Parameters:
  ///   - remarks: what to add.
  ///   - utcNanoseconds: when they are made, by the calendar.
  /// - Returns: how many of the first bytes stay as they are, and the bytes that follow them.
  /// - Throws: `Refusal`.
  public static func tail(
    _ bytes: Span<UInt8>, adding remarks: [Remark], utcNanoseconds: Int64
  ) throws(Refusal) -> (kept: Int, tail: [UInt8]) {
    let report: RecordingReport
    do { report = try RecordingReport(bytes) } catch { throw .notReadable(error) }
    guard let header = report.header, report.isWhole else { throw .notWhole }
    guard !RecordCheck.isForeign(bytes) else { throw .foreign }
    guard var encoder = RecordingEncoder(continuing: bytes, header, sequence: report.nextSequence) else {
      throw .notWhole
    }
    let kept = Int(encoder.taken)
    let anchor = header.anchor
    // On the session's own clock, so that the calendar time comes out as given.
    let now = HostInstant(nanoseconds: utcNanoseconds &- anchor.utcNanoseconds &+ anchor.host.nanoseconds)
    for remark in remarks { encoder.append(remark, at: now) }
    encoder.finish()
    var tail: [UInt8] = []
    encoder.takeOutput(into: &tail)
    return (kept, tail)
  }
}

extension RecordingEncoder {
  /// Goes on behind the data of a finished recording whose checksums hold; nil where its summary does not say what is needed.
  ///
  /// - Parameter sequence: of the next message.
  init?(continuing bytes: Span<UInt8>, _ header: RecordingHeader, sequence: UInt32) {
    guard let footer = SummaryCheck.footer(bytes, behind: bytes.count) else { return nil }
    var fields = FieldReader(footer.content, of: bytes)
    guard let start = fields.integer(UInt64.self, of: bytes), start > 0, start <= UInt64(footer.start) else {
      return nil
    }
    self.init(header)
    var buffer: [UInt8] = []
    takeOutput(into: &buffer)
    // DataEnd is the last record before the summary.
    let dataEnd = Int(start) - Format.recordHead - 4
    guard let place = RecordPlace(at: dataEnd, limit: footer.start, of: bytes), place.opcode == Opcode.dataEnd,
      place.end == Int(start)
    else { return nil }
    var indexes: (chunks: [UInt8], metadata: [UInt8]) = ([], [])
    var offset = Int(start)
    while let place = RecordPlace(at: offset, limit: footer.start, of: bytes) {
      var fields = FieldReader(place.content, of: bytes)
      switch place.opcode {
      case Opcode.channel:
        guard let id = fields.integer(UInt16.self, of: bytes), fields.integer(UInt16.self, of: bytes) != nil,
          let topic = fields.text(of: bytes), let encoding = fields.text(of: bytes), Int(id) == channels.count + 1,
          let meaning = ChannelMeaning(topic: topic, encoding: encoding)
        else { return nil }
        channels.append(EncodedChannel(id: id, meaning: meaning))
      case Opcode.statistics:
        guard takeStatistics(&fields, bytes) else { return nil }
      case Opcode.chunkIndex: indexes.chunks.append(contentsOf: bytes, from: place)
      case Opcode.metadataIndex: indexes.metadata.append(contentsOf: bytes, from: place)
      default: break
      }
      offset = place.end
    }
    guard offset == footer.start else { return nil }
    chunkIndexes = indexes.chunks
    metadataIndexes = indexes.metadata
    self.sequence = sequence
    taken = UInt64(dataEnd)
    dataCRC = CRC32()
    dataCRC.update(bytes.extracting(0..<dataEnd))
  }

  private mutating func takeStatistics(_ fields: inout FieldReader, _ bytes: Span<UInt8>) -> Bool {
    guard let messages = fields.integer(UInt64.self, of: bytes), fields.integer(UInt16.self, of: bytes) != nil,
      fields.integer(UInt32.self, of: bytes) != nil, fields.integer(UInt32.self, of: bytes) != nil,
      let metadata = fields.integer(UInt32.self, of: bytes), let chunks = fields.integer(UInt32.self, of: bytes),
      let first = fields.integer(UInt64.self, of: bytes), let last = fields.integer(UInt64.self, of: bytes),
      let counts = fields.block(of: bytes)
    else { return false }
    entries = messages
    chunkCount = chunks
    metadataCount = metadata
    times = chunks > 0 && first <= last ? first...last : nil
    var inner = FieldReader(counts, of: bytes)
    while let id = inner.integer(UInt16.self, of: bytes), let count = inner.integer(UInt64.self, of: bytes) {
      guard id > 0, Int(id) <= channels.count else { return false }
      channels[Int(id) - 1].messages = count
    }
    return true
  }
}

extension [UInt8] {
  fileprivate mutating func append(contentsOf bytes: Span<UInt8>, from place: RecordPlace) {
    bytes.extracting(place.start..<place.end).withUnsafeBufferPointer { append(contentsOf: $0) }
  }
}
