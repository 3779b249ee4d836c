import Motion

/// Writes anew what can be checked of a damaged recording.
public enum RecordingRecovery {
  /// What was kept.
  public struct Outcome: Hashable, Sendable {
    /// Entries in the new recording.
    public var entries: UInt64
    /// Entries that damage took, or that were dropped while recording; the new recording says so too.
    public var missingEntries: UInt64
    /// Bytes in the new recording.
    public var bytes: Int
    /// The head could not be read: the new recording has no configuration, and its calendar time is that of the log.
    public var isHeadLost: Bool
  }

  /// Reads all entries whose checksum holds and hands over the bytes of a whole recording that holds them, piece by piece. Entries keep
  /// their order, their instants, their bytes and their places in chunks; a remark of kind `recovery` says where it comes from.
  ///
  /// - Parameters:
  ///   - source: the damaged file's name, for that remark.
  ///   - passed: is told the byte before which nothing will be read again, as it moves on; the file is walked over twice.
  ///   - write: takes the next bytes of the new file.
  /// - Throws: `RecordingRefusal` for what is no recording; and what `write` throws.
  public static func recover(
    _ bytes: Span<UInt8>, source: String, passed: (Int) -> Void = { _ in }, to write: (Span<UInt8>) throws -> Void
  ) throws -> Outcome {
    let report = try RecordingReport(bytes, passed: passed)
    let head = try RecordingHead(bytes)
    let header = head.header ?? RecordingHeader(anchor: head.anchor, software: "talus", softwareVersion: "recovered")
    var encoder = RecordingEncoder(header)
    var buffer: [UInt8] = []
    var written = 0
    func hand() throws {
      encoder.takeOutput(into: &buffer)
      try write(buffer.span)
      written += buffer.count
    }
    try hand()
    var cursor = RecordingCursor(bytes, anchor: head.anchor)
    var chunks = 0
    var missing: UInt64 = 0
    var last = HostInstant(nanoseconds: 0)
    while let next = cursor.next(in: bytes) {
      if cursor.tally.chunks != chunks || encoder.pendingBytes > Self.piece {
        chunks = cursor.tally.chunks
        try hand()
      }
      if cursor.tally.missingEntries > missing {
        encoder.skipEntry(cursor.tally.missingEntries - missing)
        missing = cursor.tally.missingEntries
      }
      last = next.entry.instant
      switch next.entry {
      case .bytes(let stream, let arrived, let direction):
        encoder.append(bytes: bytes.extracting(next.payload), stream: stream, arrived: arrived, direction: direction)
      case .operatorEvent(let instant, let event): encoder.append(event, at: instant)
      case .link(let instant, let stream, let event): encoder.append(event, stream: stream, at: instant)
      case .remark(let instant, let remark): encoder.append(remark, at: instant)
      }
      passed(cursor.position)
    }
    let entries = encoder.entries
    encoder.append(remark(report, source), at: last)
    encoder.finish()
    try hand()
    return Outcome(entries: entries, missingEntries: missing, bytes: written, isHeadLost: head.header == nil)
  }

  private static let piece = 1 << 20

  private static func remark(_ report: RecordingReport, _ source: String) -> Remark {
    var pairs: TextPairs = [
      "source": source, "source_bytes": String(report.size), "skipped_bytes": String(report.tally.skippedBytes),
      "missing_entries": String(report.tally.missingEntries),
    ]
    if let damage = report.headDamage { pairs["head"] = damage.description }
    switch report.end {
    case .complete: break
    case .truncated(let after): pairs["cut_off_at"] = String(after)
    case .damaged(let offset, let reason): pairs["damaged_at"] = "\(offset): \(reason)"
    }
    return Remark(kind: "recovery", pairs: pairs)
  }
}
