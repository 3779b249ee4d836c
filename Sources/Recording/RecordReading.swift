import Files

/// Reads MCAP's values one after another from a part of the bytes; nil where they run over its end.
struct FieldReader {
  private(set) var offset: Int
  let end: Int

  /// `range` is cut to what the bytes have.
  init(_ range: Range<Int>, of bytes: Span<UInt8>) {
    end = min(range.upperBound, bytes.count)
    offset = min(range.lowerBound, end)
  }

  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self, of bytes: Span<UInt8>) -> T? {
    let size = MemoryLayout<T>.size
    guard end - offset >= size, end <= bytes.count else { return nil }
    defer { offset += size }
    return bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
  }

  /// Where the bytes lie that follow a length of 32 bits.
  mutating func block(of bytes: Span<UInt8>) -> Range<Int>? {
    guard let length = integer(UInt32.self, of: bytes), end - offset >= Int(length) else { return nil }
    defer { offset += Int(length) }
    return offset..<offset + Int(length)
  }

  /// A string; nil also when it is not UTF-8.
  mutating func text(of bytes: Span<UInt8>) -> String? {
    guard let range = block(of: bytes) else { return nil }
    return bytes.extracting(range).withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
  }

  /// A map of texts.
  mutating func pairs(of bytes: Span<UInt8>) -> TextPairs? {
    guard let range = block(of: bytes) else { return nil }
    var inner = FieldReader(range, of: bytes)
    var pairs: [TextPairs.Pair] = []
    while inner.offset < inner.end {
      guard let key = inner.text(of: bytes), let value = inner.text(of: bytes) else { return nil }
      pairs.append(TextPairs.Pair(key: key, value: value))
    }
    return TextPairs(pairs)
  }
}

/// Where a record lies.
struct RecordPlace {
  var opcode: UInt8
  var start: Int
  var end: Int

  var content: Range<Int> { start + Format.recordHead..<end }

  /// The record at `offset`; nil when it runs over `limit`.
  init?(at offset: Int, limit: Int, of bytes: Span<UInt8>) {
    guard offset >= 0, offset < limit, limit <= bytes.count else { return nil }
    var fields = FieldReader(offset..<limit, of: bytes)
    guard let opcode = fields.integer(UInt8.self, of: bytes), let length = fields.integer(UInt64.self, of: bytes),
      length <= UInt64(limit - fields.offset)
    else { return nil }
    self.opcode = opcode
    self.start = offset
    self.end = fields.offset + Int(length)
  }
}

/// A chunk's head, and where its records lie.
struct ChunkPlace {
  var uncompressedSize: UInt64
  /// 0 when there is none.
  var crc: UInt32
  var compression: String
  var records: Range<Int>

  /// Nil when the lengths do not agree with one another.
  ///
  /// - Parameter mayExceed: fields may follow that are not known.
  init?(_ place: RecordPlace, of bytes: Span<UInt8>, mayExceed: Bool) {
    var fields = FieldReader(place.content, of: bytes)
    guard fields.integer(UInt64.self, of: bytes) != nil, fields.integer(UInt64.self, of: bytes) != nil,
      let uncompressedSize = fields.integer(UInt64.self, of: bytes),
      let crc = fields.integer(UInt32.self, of: bytes),
      // No method has a long name; on a hostile file, copying long ones again and again would take for ever.
      let name = fields.block(of: bytes), name.count <= 32,
      let compression = bytes.extracting(name).withUnsafeBufferPointer({ String(validating: $0, as: UTF8.self) }),
      let size = fields.integer(UInt64.self, of: bytes),
      size == UInt64(fields.end - fields.offset) || mayExceed && size < UInt64(fields.end - fields.offset),
      !compression.isEmpty || size == uncompressedSize
    else { return nil }
    self.uncompressedSize = uncompressedSize
    self.crc = crc
    self.compression = compression
    self.records = fields.offset..<fields.offset + Int(size)
  }

  /// Whether the records are the bytes that the checksum was made of.
  func isIntact(in bytes: Span<UInt8>) -> Bool {
    guard crc != 0 else { return true }
    var actual = CRC32()
    actual.update(bytes.extracting(records))
    return actual.value == crc
  }
}
