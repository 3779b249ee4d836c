/// Checks of records outside chunks.
enum RecordCheck {
  /// Whether the Header record is whole and names none, or another well-known, profile. One that is damaged does not
  /// count: messages outside chunks have no checksum, and are only taken from other programs.
  static func isForeign(_ bytes: Span<UInt8>) -> Bool {
    guard let place = RecordPlace(at: Format.magic.count, limit: bytes.count, of: bytes), place.opcode == Opcode.header
    else { return false }
    var fields = FieldReader(place.content, of: bytes)
    guard let profile = fields.text(of: bytes), fields.text(of: bytes) != nil, fields.offset == fields.end
    else { return false }
    return ["", "ros1", "ros2"].contains(profile)
  }

  /// Whether the lengths inside a metadata or message-index record fill it exactly.
  static func agrees(_ place: RecordPlace, _ bytes: Span<UInt8>) -> Bool {
    var fields = FieldReader(place.content, of: bytes)
    if place.opcode == Opcode.messageIndex {
      guard fields.integer(UInt16.self, of: bytes) != nil else { return false }
    } else {
      guard fields.block(of: bytes) != nil else { return false }
    }
    return fields.block(of: bytes) != nil && fields.offset == fields.end
  }

  static func isZero(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    for i in range where bytes[i] != 0 { return false }
    return true
  }

  /// Where the next chunk begins whose lengths agree and whose checksum holds.
  ///
  /// - Parameter budget: how many bytes may be checksummed; what is used is taken off.
  static func nextChunk(after offset: Int, _ bytes: Span<UInt8>, budget: inout Int) -> Int? {
    var start = offset + 1
    let last = bytes.count - Format.recordHead - Format.chunkHead
    while start <= last {
      defer { start += 1 }
      guard bytes[start] == Opcode.chunk, let place = RecordPlace(at: start, limit: bytes.count, of: bytes),
        let chunk = ChunkPlace(place, of: bytes), chunk.compression.isEmpty, chunk.crc != 0
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
  /// Whether the file ends with a footer and the magic.
  static func isFinished(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= Format.magic.count + Format.tail else { return false }
    let magic = bytes.extracting(bytes.count - Format.magic.count..<bytes.count)
    guard RecordingReader.isRecording(magic), let footer = footer(bytes) else { return false }
    return footer.opcode == Opcode.footer
  }

  /// Whether the summary's checksum holds, where it has one.
  static func isIntact(_ bytes: Span<UInt8>) -> Bool {
    guard let footer = footer(bytes) else { return false }
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

  private static func footer(_ bytes: Span<UInt8>) -> RecordPlace? {
    let end = bytes.count - Format.magic.count
    guard let place = RecordPlace(at: bytes.count - Format.tail, limit: end, of: bytes), place.end == end
    else { return nil }
    return place
  }
}
