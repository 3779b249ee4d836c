import Motion

/// Why a file is not read at all.
public enum RecordingRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// It does not begin as an MCAP file.
  case notMCAP
  /// An MCAP file, but without the metadata that tie its log to the host's clock.
  case noSession
  /// Another program compressed the chunks; the name is that of the method.
  case compressed(String)
  /// Made by a later version, with this format number.
  case laterFormat(String)
  /// The head is cut off or was altered.
  case damagedHead(offset: Int, reason: String)

  public var description: String {
    switch self {
    case .notMCAP:
      "not an MCAP file: it does not begin with the bytes 89 4D 43 41 50 30 0D 0A; a vendor's capture is looked at with talus inspect"
    case .noSession:
      "an MCAP file, but not a session recording: it has no metadata record \"talus.session\", so nothing in it is a sensor's bytes; "
        + "the program that made it can export the sensor's data as CSV"
    case .compressed(let method):
      "an MCAP file whose chunks are compressed with \(method), and nothing here unpacks that: install its library (libzstd1 for zstd, "
        + "liblz4-1 for lz4), or write the file anew without compression (mcap decompress FILE -o NEW)"
    case .laterFormat(let version):
      "recorded in format \(version), which is later than \(Format.version), the latest that this version reads: use the version of Talus that made it, or a later one"
    case .damagedHead(let offset, let reason):
      "the head of the recording is damaged at byte \(offset): \(reason); talus recover FILE -o NEW.mcap writes what can be checked"
    }
  }
}

/// How far a recording was read.
public enum RecordingEnd: Hashable, Sendable {
  /// To its end, and every checksum holds.
  case complete
  /// The recording was cut off; everything in the first `afterBytes` bytes was read.
  case truncated(afterBytes: Int)
  /// Something was altered: where first, and what. What could be checked was read, the rest was stepped over.
  case damaged(offset: Int, reason: String)
}

/// A place in a file where something does not agree.
public struct RecordingDamage: Hashable, Sendable {
  /// Byte in the file.
  public var offset: Int
  /// What does not agree there, in words.
  public var reason: String
}

/// What reading a recording came to.
public struct RecordingTally: Hashable, Sendable {
  /// Entries handed over.
  public var entries: UInt64 = 0
  /// Entries that the writer dropped or that damage took, as the sequence numbers tell.
  public var missingEntries: UInt64 = 0
  /// Messages that belong to other programs, or to a later version.
  public var otherMessages: UInt64 = 0
  /// Records of a type that this version does not know; they were stepped over.
  public var unknownRecords = 0
  /// Chunks that were read.
  public var chunks = 0
  /// Chunks that were not read because their checksum does not hold.
  public var checksumFailures = 0
  /// Places where something did not agree, the checksum failures among them.
  public var damagedPlaces = 0
  /// Bytes that were stepped over because of damage, or that a cut left without their rest.
  public var skippedBytes = 0

  public init() {}
}

/// Reads recordings out of memory; the caller maps the file. No bytes can make it trap, or take memory out of
/// proportion to the metadata that they hold.
public enum RecordingReader {
  /// Whether the bytes begin as an MCAP file. Eight bytes are enough.
  public static func isRecording(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= Format.magic.count else { return false }
    for i in Format.magic.indices where bytes[i] != Format.magic[i] { return false }
    return true
  }

  /// What the recording says before its log.
  ///
  /// - Parameter allowingDamage: take the head although its checksum does not hold, as far as it can be read.
  public static func readHeader(
    _ bytes: Span<UInt8>, allowingDamage: Bool = false
  ) throws(RecordingRefusal) -> RecordingHeader {
    var scan = try HeaderScan(bytes)
    try scan.run(bytes)
    return try scan.header(allowingDamage: allowingDamage, size: bytes.count)
  }

  /// All remarks, in the order of the file.
  ///
  /// - Parameter passed: is told the byte before which nothing will be read again, as it moves on.
  public static func remarks(
    in bytes: Span<UInt8>, anchor: UTCAnchor, passed: (Int) -> Void = { _ in }
  ) -> [Remark] {
    var remarks: [Remark] = []
    var cursor = RecordingCursor(bytes, anchor: anchor)
    while let next = cursor.next(in: bytes) {
      passed(cursor.position)
      if case .remark(_, let remark) = next.entry { remarks.append(remark) }
    }
    return remarks
  }

  /// Hands every entry to `body` in the order of the file, with the bytes of a `.bytes` entry (no bytes for others).
  ///
  /// - Parameter passed: is told the byte before which nothing will be read again, as it moves on.
  /// - Returns: how far it came, and what was counted.
  public static func forEachEntry(
    in bytes: Span<UInt8>, allowingDamagedHead: Bool = false, passed: (Int) -> Void = { _ in },
    _ body: (LogEntry, Span<UInt8>) throws -> Void
  ) throws -> (end: RecordingEnd, tally: RecordingTally) {
    let header = try readHeader(bytes, allowingDamage: allowingDamagedHead)
    var cursor = RecordingCursor(bytes, anchor: header.anchor)
    while let next = cursor.next(in: bytes) {
      try body(next.entry, bytes.extracting(next.payload))
      passed(cursor.position)
    }
    return (cursor.end ?? .complete, cursor.tally)
  }
}

/// Collects the metadata of the head.
private struct HeaderScan {
  var records: [NamedPairs] = []
  var library = ""
  let isOwn: Bool
  var hasSession = false
  /// The scan met the log, or the end of the data: the head is whole.
  var isWhole = false
  var offset = Format.magic.count

  init(_ bytes: Span<UInt8>) throws(RecordingRefusal) {
    guard RecordingReader.isRecording(bytes) else { throw .notMCAP }
    isOwn = !RecordCheck.isForeign(bytes)
  }

  mutating func run(_ bytes: Span<UInt8>) throws(RecordingRefusal) {
    // Tools that write a file anew may put the metadata behind the log: it is looked for to the end, if need be.
    while let place = RecordPlace(at: offset, limit: bytes.count, of: bytes) {
      var fields = FieldReader(place.content, of: bytes)
      if offset == Format.magic.count && place.opcode != Opcode.header { return }
      switch place.opcode {
      case Opcode.header:
        _ = fields.text(of: bytes)
        library = fields.text(of: bytes) ?? ""
      case Opcode.metadata:
        guard let name = fields.text(of: bytes) else { return }
        guard name.hasPrefix(Format.namePrefix) else { break }
        guard let pairs = fields.pairs(of: bytes), !isOwn || fields.offset == fields.end else { return }
        records.append(NamedPairs(name: name, pairs: pairs))
        if name == Format.session { hasSession = true }
      case Opcode.chunk:
        if let chunk = ChunkPlace(place, of: bytes, mayExceed: !isOwn), !chunk.compression.isEmpty, !isWhole {
          throw .compressed(chunk.compression)
        }
        isWhole = true
        if hasSession { return }
      case Opcode.message:
        isWhole = true
        if hasSession { return }
      case Opcode.dataEnd:
        isWhole = true
        return
      case 0:
        return
      default:
        break
      }
      offset = place.end
    }
  }

  func header(allowingDamage: Bool, size: Int) throws(RecordingRefusal) -> RecordingHeader {
    guard let session = pairs(Format.session) else {
      // A Talus recording begins with its session: without it the rest of a whole file is somebody else's.
      guard isWhole else { throw .damagedHead(offset: offset, reason: "no metadata can be read from here") }
      throw .noSession
    }
    if let version = session["format_version"], let number = Int(version), number > Format.version {
      throw .laterFormat(version)
    }
    guard session["format_version"] == String(Format.version),
      let host = session["anchor_host_ns"].flatMap({ Int64($0) }),
      let utc = session["anchor_utc_ns"].flatMap({ Int64($0) })
    else { throw .damagedHead(offset: Format.magic.count, reason: "talus.session does not hold what it must") }
    if !allowingDamage {
      if let check = pairs(Format.check) {
        guard check["crc32"] == RecordingHeader.check(of: records.filter { $0.name != Format.check }) else {
          throw .damagedHead(offset: Format.magic.count, reason: "the checksum of its metadata does not hold")
        }
      } else if isOwn || !isWhole {
        // The writer of this project always ends the head with the check; other programs need not have one.
        throw .damagedHead(offset: min(offset, size), reason: "its last record, \(Format.check), is not there")
      }
    }
    var header = RecordingHeader(
      anchor: UTCAnchor(
        host: HostInstant(nanoseconds: host), utcNanoseconds: utc,
        uncertaintyNanoseconds: session[Format.anchorUncertainty].flatMap { Int64($0) }),
      configuration: pairs(Format.configuration) ?? [:], calibration: pairs(Format.calibration) ?? [:],
      person: pairs(Format.person) ?? [:], software: session["software"] ?? library,
      softwareVersion: session["software_version"] ?? "")
    for record in records where record.name.hasPrefix(Format.devicePrefix) {
      guard let number = UInt16(record.name.dropFirst(Format.devicePrefix.count)) else { continue }
      header.devices[StreamID(number)] = DeviceIdentity(
        name: record.pairs["name"] ?? "", vendor: record.pairs["vendor"] ?? "",
        product: record.pairs["product"] ?? "", serialNumber: record.pairs["serial_number"] ?? "",
        port: record.pairs["port"] ?? "")
    }
    return header
  }

  private func pairs(_ name: String) -> TextPairs? { records.last { $0.name == name }?.pairs }
}
