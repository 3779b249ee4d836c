import Files

/// Checks of records outside chunks.
enum RecordCheck {
  /// Whether the Header record is whole and says that another program wrote the file: by its profile, or by its
  /// library where a tool kept the profile. One that is damaged does not count: messages outside chunks have no
  /// checksum, and are only taken from other programs.
  static func isForeign(_ bytes: Span<UInt8>) -> Bool {
    guard let place = RecordPlace(at: Format.magic.count, limit: bytes.count, of: bytes), place.opcode == Opcode.header
    else { return false }
    var fields = FieldReader(place.content, of: bytes)
    guard let profile = fields.text(of: bytes), let library = fields.text(of: bytes) else { return false }
    if profile == Format.profile { return library.utf8.count < 100 && library.contains("mcap") }
    return ["", "ros1", "ros2"].contains(profile)
  }

  /// Whether the lengths inside a metadata or message-index record fill it exactly.
  ///
  /// - Parameter mayExceed: more may follow: fields that a later version of MCAP adds.
  static func agrees(_ place: RecordPlace, _ bytes: Span<UInt8>, mayExceed: Bool) -> Bool {
    var fields = FieldReader(place.content, of: bytes)
    if place.opcode == Opcode.messageIndex {
      guard fields.integer(UInt16.self, of: bytes) != nil else { return false }
    } else {
      guard fields.block(of: bytes) != nil else { return false }
    }
    return fields.block(of: bytes) != nil && (mayExceed || fields.offset == fields.end)
  }

  static func isZero(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    for i in range where bytes[i] != 0 { return false }
    return true
  }

  /// Where the next chunk begins whose lengths agree and whose checksum holds.
  ///
  /// - Parameters:
  ///   - mayExceed: fields may follow that are not known.
  ///   - budget: how many bytes may be checksummed; what is used is taken off.
  static func nextChunk(after offset: Int, _ bytes: Span<UInt8>, mayExceed: Bool, budget: inout Int) -> Int? {
    var start = offset + 1
    let last = bytes.count - Format.recordHead - Format.chunkHead
    while start <= last {
      defer { start += 1 }
      guard bytes[start] == Opcode.chunk, let place = RecordPlace(at: start, limit: bytes.count, of: bytes),
        let chunk = ChunkPlace(place, of: bytes, mayExceed: mayExceed), chunk.compression.isEmpty, chunk.crc != 0
      else { continue }
      guard budget >= chunk.records.count else { return nil }
      budget -= chunk.records.count
      if chunk.isIntact(in: bytes) { return start }
    }
    return nil
  }
}

/// Checks of what stands behind the data.
enum SummaryCheck {
  /// Whether the file ends with a footer and the magic; of one that another program wrote, with the magic.
  static func isFinished(_ bytes: Span<UInt8>, isOwn: Bool) -> Bool {
    hasMagic(bytes) && (!isOwn || last(bytes) != nil)
  }

  /// The footer, which ends where the closing magic begins; nil when there is none.
  ///
  /// - Parameter dataEnd: where the records of the summary begin.
  static func footer(_ bytes: Span<UInt8>, behind dataEnd: Int) -> RecordPlace? {
    guard hasMagic(bytes) else { return nil }
    if let footer = last(bytes) { return footer }
    // One with fields that are not known is longer, and only found in its turn.
    let end = bytes.count - Format.magic.count
    var offset = dataEnd
    while let place = RecordPlace(at: offset, limit: end, of: bytes) {
      if place.opcode == Opcode.footer { return place.end == end ? place : nil }
      offset = place.end
    }
    return nil
  }

  /// Whether the summary's checksum holds, where it has one.
  static func isIntact(_ bytes: Span<UInt8>, _ footer: RecordPlace) -> Bool {
    var fields = FieldReader(footer.content, of: bytes)
    guard let start = fields.integer(UInt64.self, of: bytes), fields.integer(UInt64.self, of: bytes) != nil else {
      return false
    }
    let end = fields.offset
    guard let crc = fields.integer(UInt32.self, of: bytes) else { return false }
    if crc == 0 || start == 0 { return true }
    guard start <= UInt64(footer.start) else { return false }
    var actual = CRC32()
    actual.update(bytes.extracting(Int(start)..<end))
    return actual.value == crc
  }

  private static func hasMagic(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= Format.magic.count + Format.tail
      && RecordingReader.isRecording(bytes.extracting(bytes.count - Format.magic.count..<bytes.count))
  }

  /// A footer of the length that this version knows.
  private static func last(_ bytes: Span<UInt8>) -> RecordPlace? {
    let end = bytes.count - Format.magic.count
    guard let place = RecordPlace(at: bytes.count - Format.tail, limit: end, of: bytes), place.end == end,
      place.opcode == Opcode.footer
    else { return nil }
    return place
  }
}
