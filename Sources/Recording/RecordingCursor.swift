import Files
import Motion

/// An entry of a recording, and where the bytes of a `.bytes` entry lie in the file (empty for others).
public struct RecordedEntry: Hashable, Sendable {
  public var entry: LogEntry
  public var payload: Range<Int>
}

/// Steps through a recording's entries in the order of the file.
///
/// Every call gets the same bytes that the cursor was made for. A chunk's checksum is verified before its first entry
/// is handed over.
public struct RecordingCursor: Sendable {
  /// What was counted so far.
  public private(set) var tally = RecordingTally()
  /// How the recording ended; nil while there may be more.
  public private(set) var end: RecordingEnd?
  /// The first places where something did not agree; `tally` counts all of them.
  public private(set) var damages: [RecordingDamage] = []

  private let anchor: UTCAnchor
  /// Not certainly made by another program: then what this project's writer never writes is damage.
  private let isOwn: Bool
  /// The file ends as a finished one does.
  private let isFinished: Bool
  private var channels: [UInt16: ChannelMeaning] = [:]
  private var offset = Format.magic.count
  /// The records of the open chunk that are still to come; empty outside chunks.
  private var inChunk = 0..<0
  private(set) var expectedSequence: UInt32 = 0
  private var dataCRC = CRC32()
  /// Bytes that the search for a whole chunk may still checksum: bounds the work on hostile files.
  private var searchBudget: Int

  /// Bounds what a hostile file can make grow.
  private static let mostDamages = 100

  private enum Step {
    case entry(RecordedEntry)
    case nothing
    case ended
  }

  /// Nothing before this byte is read again.
  public var position: Int { inChunk.isEmpty ? offset : inChunk.lowerBound }

  /// Starts before the first entry. The anchor is that of the recording's header.
  public init(_ bytes: Span<UInt8>, anchor: UTCAnchor) {
    self.anchor = anchor
    isOwn = !RecordCheck.isForeign(bytes)
    isFinished = SummaryCheck.isFinished(bytes, isOwn: isOwn)
    searchBudget = bytes.count
    dataCRC.update(bytes.extracting(0..<min(offset, bytes.count)))
  }

  /// The next entry; nil at the end, and `end` says what that was.
  public mutating func next(in bytes: Span<UInt8>) -> RecordedEntry? {
    while end == nil {
      switch inChunk.isEmpty ? stepInFile(bytes) : stepInChunk(bytes) {
      case .entry(let entry): return entry
      case .nothing: break
      case .ended: return nil
      }
    }
    return nil
  }

  // MARK: - Inside a chunk

  private mutating func stepInChunk(_ bytes: Span<UInt8>) -> Step {
    guard let place = RecordPlace(at: inChunk.lowerBound, limit: inChunk.upperBound, of: bytes) else {
      tally.skippedBytes += inChunk.count
      noteDamage(inChunk.lowerBound, "a record runs over the end of its chunk")
      inChunk = 0..<0
      return .nothing
    }
    inChunk = place.end..<inChunk.upperBound
    return take(place, bytes)
  }

  /// A schema, channel or message; other records are passed over.
  private mutating func take(_ place: RecordPlace, _ bytes: Span<UInt8>) -> Step {
    var fields = FieldReader(place.content, of: bytes)
    switch place.opcode {
    case Opcode.channel:
      guard let id = fields.integer(UInt16.self, of: bytes), fields.integer(UInt16.self, of: bytes) != nil,
        let topic = fields.text(of: bytes), let encoding = fields.text(of: bytes)
      else {
        noteDamage(place.start, "a channel record is too short")
        return .nothing
      }
      if channels[id] == nil { channels[id] = ChannelMeaning(topic: topic, encoding: encoding) }
      return .nothing
    case Opcode.message:
      guard let id = fields.integer(UInt16.self, of: bytes), let sequence = fields.integer(UInt32.self, of: bytes),
        let time = fields.integer(UInt64.self, of: bytes), fields.integer(UInt64.self, of: bytes) != nil
      else {
        noteDamage(place.start, "a message record is too short")
        return .nothing
      }
      return message(channels[id], sequence, anchor.instant(ofLogTime: time), fields.offset..<fields.end, bytes)
    default:
      if place.opcode > Opcode.dataEnd { tally.unknownRecords += 1 }
      return .nothing
    }
  }

  private mutating func message(
    _ channel: ChannelMeaning?, _ sequence: UInt32, _ instant: HostInstant, _ data: Range<Int>, _ bytes: Span<UInt8>
  ) -> Step {
    if isOwn {
      let jump = sequence &- expectedSequence
      // A jump back would come out as nearly 2^32: it is no count of lost entries.
      if jump < 1 << 31 { tally.missingEntries += UInt64(jump) }
      expectedSequence = sequence &+ 1
    }
    guard let channel else {
      tally.otherMessages += 1
      return .nothing
    }
    switch channel {
    case .bytes(let stream, let direction):
      tally.entries += 1
      return .entry(
        RecordedEntry(entry: .bytes(stream: stream, arrived: instant, direction: direction), payload: data))
    case .events:
      guard let entry = EventText.entry(bytes.extracting(data), at: instant) else {
        tally.otherMessages += 1
        return .nothing
      }
      tally.entries += 1
      return .entry(RecordedEntry(entry: entry, payload: data.upperBound..<data.upperBound))
    }
  }

  // MARK: - Outside chunks

  private mutating func stepInFile(_ bytes: Span<UInt8>) -> Step {
    guard let place = RecordPlace(at: offset, limit: bytes.count, of: bytes) else {
      if offset >= bytes.count { return endWith(.truncated(afterBytes: bytes.count)) }
      return search(bytes, isCut: !isFinished, "a record runs over the end of the file")
    }
    switch place.opcode {
    case Opcode.chunk:
      return openChunk(place, bytes)
    case Opcode.dataEnd:
      return endData(place, bytes)
    case Opcode.header where !isOwn || place.start == Format.magic.count:
      pass(place, bytes)
    case Opcode.metadata, Opcode.messageIndex:
      guard RecordCheck.agrees(place, bytes, mayExceed: !isOwn) else {
        return search(bytes, isCut: false, "the lengths in a record do not agree")
      }
      pass(place, bytes)
    case 0:
      // A disk that lost power may leave zeros where data was to come.
      return search(bytes, isCut: RecordCheck.isZero(offset..<bytes.count, bytes), "a record has type 0")
    default:
      guard !isOwn || place.opcode >= Opcode.firstPrivate else {
        return search(bytes, isCut: false, "a record that does not belong here")
      }
      pass(place, bytes)
      return take(place, bytes)
    }
    return .nothing
  }

  private mutating func openChunk(_ place: RecordPlace, _ bytes: Span<UInt8>) -> Step {
    guard let chunk = ChunkPlace(place, of: bytes, mayExceed: !isOwn) else {
      return search(bytes, isCut: false, "the lengths in a chunk do not agree")
    }
    pass(place, bytes)
    guard chunk.compression.isEmpty else {
      tally.skippedBytes += place.end - place.start
      noteDamage(place.start, "a chunk is marked as compressed with \(chunk.compression)")
      return .nothing
    }
    guard chunk.isIntact(in: bytes) else {
      tally.checksumFailures += 1
      tally.skippedBytes += place.end - place.start
      noteDamage(place.start, "the checksum of a chunk does not hold")
      return .nothing
    }
    tally.chunks += 1
    inChunk = chunk.records
    return .nothing
  }

  private mutating func endData(_ place: RecordPlace, _ bytes: Span<UInt8>) -> Step {
    var fields = FieldReader(place.content, of: bytes)
    guard place.content.count == 4 || !isOwn, let crc = fields.integer(UInt32.self, of: bytes) else {
      return search(bytes, isCut: false, "the lengths in a record do not agree")
    }
    guard isFinished, let footer = SummaryCheck.footer(bytes, behind: place.end) else {
      tally.skippedBytes += bytes.count - place.end
      return endWith(.truncated(afterBytes: place.end))
    }
    if damages.isEmpty && crc != 0 && crc != dataCRC.value {
      noteDamage(place.start, "the checksum of the file does not hold: something outside the chunks was altered")
    }
    if !SummaryCheck.isIntact(bytes, footer) {
      noteDamage(place.end, "the checksum of the summary does not hold; the log before it is not concerned")
    }
    return endWith(.complete)
  }

  private mutating func pass(_ place: RecordPlace, _ bytes: Span<UInt8>) {
    if isFinished && damages.isEmpty {
      var crc = dataCRC
      crc.update(bytes.extracting(place.start..<place.end))
      dataCRC = crc
    }
    offset = place.end
  }

  // MARK: - Damage

  private mutating func noteDamage(_ offset: Int, _ reason: String) {
    tally.damagedPlaces += 1
    if damages.count < Self.mostDamages { damages.append(RecordingDamage(offset: offset, reason: reason)) }
  }

  /// Goes on at the next whole chunk behind `offset`, found by its checksum; ends when there is none.
  ///
  /// - Parameter isCut: what stands here is what a cut leaves, no damage, if nothing follows.
  private mutating func search(_ bytes: Span<UInt8>, isCut: Bool, _ reason: String) -> Step {
    let found = RecordCheck.nextChunk(after: offset, bytes, mayExceed: !isOwn, budget: &searchBudget)
    if found != nil || !isCut { noteDamage(offset, reason) }
    tally.skippedBytes += (found ?? bytes.count) - offset
    guard let found else { return endWith(.truncated(afterBytes: offset)) }
    offset = found
    return .nothing
  }

  private mutating func endWith(_ regular: RecordingEnd) -> Step {
    end = damages.first.map { .damaged(offset: $0.offset, reason: $0.reason) } ?? regular
    return .ended
  }
}
