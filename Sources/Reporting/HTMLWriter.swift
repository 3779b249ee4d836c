import DecimalText

/// Writes HTML that is well-formed XML too, and safe by its types: only literals of this program reach the page as they
/// are, every other text is escaped, and elements are closed by construction.
struct HTMLWriter {
  typealias Attributes = KeyValuePairs<StaticString, String>

  private(set) var text = TextBuffer(capacity: 64 * 1024)

  /// Literal markup of this program.
  mutating func literal(_ markup: StaticString) { text.append(markup) }

  /// Text from anywhere.
  mutating func escaped(_ value: String) {
    // Spans of plain bytes are the rule; the five characters and those that no page may hold are the exception.
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": text.append("&amp;")
      case "<": text.append("&lt;")
      case ">": text.append("&gt;")
      case "\"": text.append("&quot;")
      case "'": text.append("&#39;")
      case "\n", "\t": text.append(byte: UInt8(scalar.value))
      default:
        let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        // Overrides of the writing direction could show a text in another order than it is stored.
        let turnsAround = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        if isControl || turnsAround || scalar.value == 0xFFFE || scalar.value == 0xFFFF {
          text.append("\u{FFFD}")
        } else {
          text.append(contentsOf: UTF8.encode(scalar)!)
        }
      }
    }
  }

  /// A block with content, and a line feed after it.
  mutating func block(_ name: StaticString, _ attributes: Attributes = [:], _ body: (inout HTMLWriter) -> Void) {
    inline(name, attributes, body)
    text.append("\n")
  }

  /// A block that holds one text.
  mutating func block(_ name: StaticString, _ attributes: Attributes = [:], text content: String) {
    block(name, attributes) { $0.escaped(content) }
  }

  /// An element inside a line of text.
  mutating func inline(_ name: StaticString, _ attributes: Attributes = [:], _ body: (inout HTMLWriter) -> Void) {
    open(name, attributes)
    text.append(">")
    body(&self)
    text.append("</")
    text.append(name)
    text.append(">")
  }

  mutating func inline(_ name: StaticString, _ attributes: Attributes = [:], text content: String) {
    inline(name, attributes) { $0.escaped(content) }
  }

  /// An element without content, such as an SVG line.
  mutating func empty(_ name: StaticString, _ attributes: Attributes) {
    open(name, attributes)
    text.append("/>\n")
  }

  private mutating func open(_ name: StaticString, _ attributes: Attributes) {
    text.append("<")
    text.append(name)
    for (key, value) in attributes {
      text.append(" ")
      text.append(key)
      text.append("=\"")
      escaped(value)
      text.append("\"")
    }
  }
}
