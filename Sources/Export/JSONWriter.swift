import DecimalText

/// Writes JSON text (RFC 8259) into a `TextBuffer`: commas, nesting, escapes and numbers that JSON allows.
///
/// The order of calls is the caller's duty: a key before each value inside an object, an end for each begin. Nothing
/// is allocated apart from the buffer's own growth, so a line a sample costs no memory.
public struct JSONWriter: Sendable {
  /// How the text is laid out.
  public enum Layout: Sendable {
    /// Without a space: one object a line.
    case compact
    /// One member a line, two spaces a level, for files that people read too.
    case indented
  }

  /// What has been written so far.
  public private(set) var text: TextBuffer
  private let layout: Layout
  private var depth = 0
  /// One bit a level: whether that level already holds a value, so that the next one needs a comma.
  private var filled: UInt64 = 0
  private var afterKey = false

  public init(layout: Layout = .compact, capacity: Int = 256) {
    self.text = TextBuffer(capacity: capacity)
    self.layout = layout
  }

  /// Takes the buffer's bytes over, to write after them; `TextBuffer.appendJSON` gives them back.
  fileprivate init(takingOver buffer: inout TextBuffer, layout: Layout) {
    self.text = TextBuffer(capacity: 0)
    self.layout = layout
    swap(&text, &buffer)
  }

  fileprivate mutating func giveBack(to buffer: inout TextBuffer) {
    swap(&text, &buffer)
  }

  // MARK: Structure

  /// Objects and arrays open and close in pairs; the commas between their members are written as needed.
  public mutating func beginObject() { begin(UInt8(ascii: "{")) }
  public mutating func endObject() { end(UInt8(ascii: "}")) }
  public mutating func beginArray() { begin(UInt8(ascii: "[")) }
  public mutating func endArray() { end(UInt8(ascii: "]")) }

  /// The name of the next value in an object. A literal: it needs no escapes.
  public mutating func key(_ name: StaticString) {
    separate()
    text.append(byte: quote)
    text.append(name)
    text.append(byte: quote)
    closeKey()
  }

  /// The name of the next value in an object, whatever characters it holds.
  public mutating func key(text name: String) {
    separate()
    append(quoted: name)
    closeKey()
  }

  // MARK: Values

  /// A literal that needs no escapes.
  public mutating func string(_ value: StaticString) {
    separate()
    text.append(byte: quote)
    text.append(value)
    text.append(byte: quote)
  }

  /// A text with any characters; nil becomes `null`.
  public mutating func string(text value: String?) {
    guard let value else { return null() }
    separate()
    append(quoted: value)
  }

  /// A number with exactly so many decimals; nil, NaN and infinities become `null`.
  public mutating func number(_ value: Double?, decimals: Int) {
    guard let value, value.isFinite else { return null() }
    separate()
    text.append(fixed: value, decimals: decimals)
  }

  /// nil becomes `null`.
  public mutating func integer(_ value: (some BinaryInteger)?) {
    guard let value else { return null() }
    separate()
    text.append(integer: value)
  }

  /// Nanoseconds as seconds with six decimals, as session time is printed everywhere; nil becomes `null`.
  public mutating func seconds(nanoseconds: Int64?) {
    guard let nanoseconds else { return null() }
    separate()
    text.append(secondsFromNanoseconds: nanoseconds)
  }

  /// `true` or `false`.
  public mutating func bool(_ value: Bool) {
    separate()
    if value { text.append("true") } else { text.append("false") }
  }

  /// `null`.
  public mutating func null() {
    separate()
    text.append("null")
  }

  // MARK: Members, a key and its value at once

  /// A key and its value. A value that is nil or not finite becomes `null`.
  public mutating func member(_ name: StaticString, word: StaticString) {
    key(name)
    string(word)
  }

  public mutating func member(_ name: StaticString, text value: String?) {
    key(name)
    string(text: value)
  }

  public mutating func member(_ name: StaticString, _ value: Double?, decimals: Int) {
    key(name)
    number(value, decimals: decimals)
  }

  public mutating func member(_ name: StaticString, integer value: (some BinaryInteger)?) {
    key(name)
    integer(value)
  }

  public mutating func member(_ name: StaticString, secondsFromNanoseconds nanoseconds: Int64?) {
    key(name)
    seconds(nanoseconds: nanoseconds)
  }

  public mutating func member(_ name: StaticString, bool value: Bool) {
    key(name)
    bool(value)
  }

  // MARK: Inside

  private let quote = UInt8(ascii: "\"")

  private mutating func begin(_ bracket: UInt8) {
    separate()
    text.append(byte: bracket)
    depth += 1
    precondition(depth < UInt64.bitWidth, "JSON nested deeper than any document of this program")
    filled &= ~(1 << UInt64(depth))
  }

  private mutating func end(_ bracket: UInt8) {
    let wasFilled = filled & (1 << UInt64(depth)) != 0
    depth -= 1
    if wasFilled { breakLine() }
    text.append(byte: bracket)
  }

  /// What has to stand between the value before and the one to come.
  private mutating func separate() {
    if afterKey {
      afterKey = false
      return
    }
    let bit: UInt64 = 1 << UInt64(depth)
    if filled & bit != 0 { text.append(byte: UInt8(ascii: ",")) }
    filled |= bit
    if depth > 0 { breakLine() }
  }

  private mutating func closeKey() {
    text.append(byte: UInt8(ascii: ":"))
    if layout == .indented { text.append(byte: UInt8(ascii: " ")) }
    afterKey = true
  }

  private mutating func breakLine() {
    guard layout == .indented else { return }
    text.append(byte: UInt8(ascii: "\n"))
    for _ in 0..<depth { text.append("  ") }
  }

  private mutating func append(quoted value: String) {
    text.append(byte: quote)
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""): text.append("\\\"")
      case UInt8(ascii: "\\"): text.append("\\\\")
      case UInt8(ascii: "\n"): text.append("\\n")
      case UInt8(ascii: "\r"): text.append("\\r")
      case UInt8(ascii: "\t"): text.append("\\t")
      case 0..<0x20, 0x7F:
        text.append("\\u00")
        text.append(byte: hexadecimal(byte >> 4))
        text.append(byte: hexadecimal(byte & 15))
      default: text.append(byte: byte)
      }
    }
    text.append(byte: quote)
  }

  private func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}

extension TextBuffer {
  /// Appends what `body` writes as JSON. The buffer's memory is moved to the writer and back, never copied.
  @inline(__always)
  public mutating func appendJSON(layout: JSONWriter.Layout = .compact, _ body: (inout JSONWriter) -> Void) {
    var writer = JSONWriter(takingOver: &self, layout: layout)
    body(&writer)
    writer.giveBack(to: &self)
  }
}
