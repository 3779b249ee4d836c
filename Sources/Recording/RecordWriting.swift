/// The spelling of MCAP's values.
extension [UInt8] {
  mutating func appendInteger(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  mutating func appendText(_ text: String) {
    appendInteger(UInt32(truncatingIfNeeded: text.utf8.count))
    append(contentsOf: text.utf8)
  }

  /// A map of texts.
  mutating func appendPairs(_ pairs: TextPairs) {
    appendSized32 { bytes in
      for pair in pairs.pairs {
        bytes.appendText(pair.key)
        bytes.appendText(pair.value)
      }
    }
  }

  /// What `body` appends, behind its length in 32 bits.
  mutating func appendSized32(_ body: (inout [UInt8]) -> Void) {
    let start = count
    appendInteger(UInt32(0))
    body(&self)
    replace(at: start, with: UInt32(truncatingIfNeeded: count - start - 4))
  }

  /// A record whose content is what `body` appends.
  mutating func appendRecord(_ opcode: UInt8, _ body: (inout [UInt8]) -> Void) {
    let start = count
    append(opcode)
    appendInteger(UInt64(0))
    body(&self)
    replace(at: start + 1, with: UInt64(count - start - Format.recordHead))
  }

  /// Writes the value over the bytes at `index`.
  mutating func replace(at index: Int, with value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { source in
      for i in 0..<source.count { self[index + i] = source[i] }
    }
  }
}
