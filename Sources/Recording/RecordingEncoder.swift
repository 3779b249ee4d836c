import Files
import Motion

/// Spells a session's log as the bytes of a recording; does no input or output.
///
/// `output` grows; its owner takes it with `takeOutput` after `flushChunk`, and writes it. What is taken ends with a
/// whole record, so a file cut off between two writes is good to its end.
public struct RecordingEncoder: Sendable {
  /// Encoded and not yet taken. While a chunk is open its end is unfinished.
  public private(set) var output: [UInt8] = []
  /// Entries in the recording.
  public internal(set) var entries: UInt64 = 0
  /// Entries that were left out; the reader sees a jump of the sequence numbers.
  public private(set) var skippedEntries: UInt64 = 0
  /// The first and the last entry's instants.
  public private(set) var firstInstant: HostInstant?
  public private(set) var lastInstant: HostInstant?

  private let anchor: UTCAnchor
  var sequence: UInt32 = 0
  /// Offset of `output` in the file.
  var taken: UInt64 = 0
  /// Where the open chunk's record starts in `output`.
  private var chunkStart: Int?
  private var chunkTimes: ClosedRange<UInt64>?
  var channels: [EncodedChannel] = []
  /// What the summary repeats, spelled as it goes along: chunk indexes, and metadata indexes.
  var chunkIndexes: [UInt8] = []
  var metadataIndexes: [UInt8] = []
  var chunkCount: UInt32 = 0
  var metadataCount: UInt32 = 0
  var times: ClosedRange<UInt64>?
  /// Over the data section, as far as `checked` in `output`.
  var dataCRC = CRC32()
  private var checked = 0
  private var isFinished = false

  /// A chunk is closed at this size, whatever the time.
  private static let chunkSize = 256 << 10

  /// Starts a recording: the head stands in `output` at once.
  public init(_ header: RecordingHeader) {
    anchor = header.anchor
    output.append(contentsOf: Format.magic)
    output.appendRecord(Opcode.header) {
      $0.appendText(Format.profile)
      $0.appendText(header.software + " " + header.softwareVersion)
    }
    for record in header.records { appendMetadata(record) }
  }

  /// How much waits in `output`, in bytes.
  public var pendingBytes: Int { output.count }

  /// Adds bytes that came from a sensor at one instant, or were sent to it.
  public mutating func append(
    bytes: Span<UInt8>, stream: StreamID, arrived: HostInstant, direction: Direction
  ) {
    guard let channel = channel(.bytes(stream, direction)) else { return skipEntry() }
    beginMessage(channel, at: arrived, size: bytes.count)
    bytes.withUnsafeBufferPointer { output.append(contentsOf: $0) }
    endMessage(at: arrived)
  }

  /// Adds what the operator said.
  public mutating func append(_ event: OperatorEvent, at instant: HostInstant) {
    appendEvent(at: instant) { EventText.append(event, to: &$0) }
  }

  /// Adds what happened to a sensor's connection.
  public mutating func append(_ event: LinkEvent, stream: StreamID, at instant: HostInstant) {
    appendEvent(at: instant) { EventText.append(event, stream: stream, to: &$0) }
  }

  /// Adds what was said or found about the session.
  public mutating func append(_ remark: Remark, at instant: HostInstant) {
    appendEvent(at: instant) { EventText.append(remark, to: &$0) }
  }

  /// Counts entries that are left out, so that the recording says so.
  public mutating func skipEntry(_ count: UInt64 = 1) {
    sequence &+= UInt32(truncatingIfNeeded: count)
    skippedEntries += count
  }

  /// Closes the open chunk, if there is one. To be called at least four times a second.
  public mutating func flushChunk() {
    guard let start = chunkStart, let chunkTimes else { return }
    let body = start + Format.recordHead + Format.chunkHead
    let size = UInt64(output.count - body)
    var crc = CRC32()
    crc.update(output.span.extracting(body..<output.count))
    output.replace(at: start + 1, with: size + UInt64(Format.chunkHead))
    var head = start + Format.recordHead
    for value in [chunkTimes.lowerBound, chunkTimes.upperBound, size] {
      output.replace(at: head, with: value)
      head += 8
    }
    output.replace(at: head, with: crc.value)
    output.replace(at: head + 8, with: size)
    appendIndexes(start: start, times: chunkTimes, size: size)
    chunkStart = nil
    chunkCount += 1
    times =
      times.map { min($0.lowerBound, chunkTimes.lowerBound)...max($0.upperBound, chunkTimes.upperBound) } ?? chunkTimes
    self.chunkTimes = nil
    checkData()
  }

  /// Hands over what is encoded; `buffer` is emptied and used for what comes. Closes the open chunk.
  public mutating func takeOutput(into buffer: inout [UInt8]) {
    flushChunk()
    if !isFinished { checkData() }
    taken += UInt64(output.count)
    checked = 0
    swap(&buffer, &output)
    output.removeAll(keepingCapacity: true)
  }

  /// Ends the recording: what other readers look for at the end of a file. Nothing can be added afterwards.
  public mutating func finish() {
    guard !isFinished else { return }
    flushChunk()
    checkData()  // The head, when there was no chunk.
    isFinished = true
    output.appendRecord(Opcode.dataEnd) { $0.appendInteger(dataCRC.value) }
    appendSummary()
  }

  // MARK: - Messages

  private mutating func appendEvent(at instant: HostInstant, _ body: (inout [UInt8]) -> Void) {
    guard let channel = channel(.events) else { return skipEntry() }
    var text: [UInt8] = []
    body(&text)
    beginMessage(channel, at: instant, size: text.count)
    output.append(contentsOf: text)
    endMessage(at: instant)
  }

  /// The channel's index; nil when all 65535 are taken.
  private mutating func channel(_ meaning: ChannelMeaning) -> Int? {
    if let index = channels.firstIndex(where: { $0.meaning == meaning }) { return index }
    guard channels.count < Int(UInt16.max) else { return nil }
    channels.append(EncodedChannel(id: UInt16(channels.count + 1), meaning: meaning))
    return channels.count - 1
  }

  private mutating func beginMessage(_ index: Int, at instant: HostInstant, size: Int) {
    precondition(!isFinished, "a recording that is finished takes no more entries")
    let start: Int
    if let open = chunkStart {
      start = open
    } else {
      start = output.count
      chunkStart = start
      output.append(Opcode.chunk)
      output.append(contentsOf: repeatElement(0, count: Format.recordHead - 1 + Format.chunkHead))
    }
    if channels[index].inChunk.isEmpty {
      if channels[index].meaning == .events { EncodedChannel.appendEventSchema(to: &output) }
      channels[index].appendRecord(to: &output)
    }
    let time = anchor.logTime(of: instant)
    let offset = output.count - start - Format.recordHead - Format.chunkHead
    channels[index].inChunk.append(EncodedChannel.Place(time: time, offset: UInt64(offset)))
    channels[index].messages += 1
    chunkTimes = chunkTimes.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
    output.append(Opcode.message)
    output.appendInteger(UInt64(22 + size))
    output.appendInteger(channels[index].id)
    output.appendInteger(sequence)
    output.appendInteger(time)
    output.appendInteger(time)
    sequence &+= 1
  }

  private mutating func endMessage(at instant: HostInstant) {
    entries += 1
    if firstInstant == nil { firstInstant = instant }
    lastInstant = instant
    if let chunkStart, output.count - chunkStart >= Self.chunkSize { flushChunk() }
  }

  // MARK: - Data section

  private mutating func appendMetadata(_ record: NamedPairs) {
    let start = output.count
    output.appendRecord(Opcode.metadata) {
      $0.appendText(record.name)
      $0.appendPairs(record.pairs)
    }
    let length = output.count - start
    let offset = taken + UInt64(start)
    metadataIndexes.appendRecord(Opcode.metadataIndex) {
      $0.appendInteger(offset)
      $0.appendInteger(UInt64(length))
      $0.appendText(record.name)
    }
    metadataCount += 1
  }

  /// The message indexes behind a chunk, and the summary's record of both.
  private mutating func appendIndexes(start: Int, times: ClosedRange<UInt64>, size: UInt64) {
    let chunkEnd = output.count
    var places: [UInt8] = []
    for i in channels.indices where !channels[i].inChunk.isEmpty {
      places.appendInteger(channels[i].id)
      places.appendInteger(taken + UInt64(output.count))
      output.appendRecord(Opcode.messageIndex) { bytes in
        bytes.appendInteger(channels[i].id)
        bytes.appendSized32 { bytes in
          for place in channels[i].inChunk {
            bytes.appendInteger(place.time)
            bytes.appendInteger(place.offset)
          }
        }
      }
      channels[i].inChunk.removeAll(keepingCapacity: true)
    }
    let offset = taken + UInt64(start)
    let indexLength = UInt64(output.count - chunkEnd)
    chunkIndexes.appendRecord(Opcode.chunkIndex) {
      $0.appendInteger(times.lowerBound)
      $0.appendInteger(times.upperBound)
      $0.appendInteger(offset)
      $0.appendInteger(UInt64(chunkEnd - start))
      $0.appendInteger(UInt32(places.count))
      $0.append(contentsOf: places)
      $0.appendInteger(indexLength)
      $0.appendText("")
      $0.appendInteger(size)
      $0.appendInteger(size)
    }
  }

  private mutating func checkData() {
    var crc = dataCRC
    crc.update(output.span.extracting(checked..<output.count))
    dataCRC = crc
    checked = output.count
  }

  mutating func appendToOutput(_ body: (inout [UInt8]) -> Void) { body(&output) }
}
