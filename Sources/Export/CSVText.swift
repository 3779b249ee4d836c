import DecimalText

extension TextBuffer {
  /// A cell of a CSV file (RFC 4180) with text from outside: quoted where a comma, a quote or a line break asks for it.
  ///
  /// Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula and run it. Such a text, also
  /// behind blanks, tabs or in full-width letters, gets an apostrophe in front, which spreadsheets read as "this is text".
  public mutating func append(csvText value: String) {
    let first = value.unicodeScalars.first { !$0.properties.isWhitespace && $0.value >= 0x20 }
    let looksLikeFormula =
      first.map { "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}\u{2212}".unicodeScalars.contains($0) } ?? false
    let needsQuotes =
      looksLikeFormula
      || value.utf8.contains {
        $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ";") || $0 < 0x20
      }
    guard needsQuotes else { return append(text: value) }
    append(byte: UInt8(ascii: "\""))
    if looksLikeFormula { append(byte: UInt8(ascii: "'")) }
    for byte in value.utf8 {
      if byte == UInt8(ascii: "\"") { append(byte: byte) }
      // A NUL ends the file for some readers.
      append(byte: byte == 0 ? UInt8(ascii: " ") : byte)
    }
    append(byte: UInt8(ascii: "\""))
  }
}
