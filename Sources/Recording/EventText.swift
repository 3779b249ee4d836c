import Motion

/// The events of the log as JSON objects, and back.
enum EventText {
  static func append(_ event: OperatorEvent, to bytes: inout [UInt8]) {
    switch event {
    case .marker(let text):
      bytes.append(contentsOf: #"{"event":"marker","text":"#.utf8)
      appendQuoted(text, to: &bytes)
    case .side(let side):
      bytes.append(contentsOf: #"{"event":"side","side":"#.utf8)
      appendQuoted(side.rawValue, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  static func append(_ remark: Remark, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: #"{"event":"remark","about":"#.utf8)
    appendQuoted(remark.kind, to: &bytes)
    for pair in remark.pairs.pairs {
      bytes.append(UInt8(ascii: ","))
      appendQuoted(pair.key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      appendQuoted(pair.value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  static func append(_ event: LinkEvent, stream: StreamID, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: #"{"event":"link","stream":"#.utf8)
    bytes.append(contentsOf: String(stream.number).utf8)
    bytes.append(contentsOf: #","link":"#.utf8)
    appendQuoted(event.rawValue, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  /// The entry that the object stands for; nil when this version knows none.
  static func entry(_ bytes: Span<UInt8>, at instant: HostInstant) -> LogEntry? {
    guard let fields = FlatObject.parse(bytes), let event = fields["event"] else { return nil }
    switch event {
    case "marker":
      guard let text = fields["text"] else { return nil }
      return .operatorEvent(instant, .marker(text))
    case "side":
      guard let side = fields["side"].flatMap(Side.init(rawValue:)) else { return nil }
      return .operatorEvent(instant, .side(side))
    case "link":
      guard let link = fields["link"].flatMap(LinkEvent.init(rawValue:)),
        let number = fields["stream"].flatMap({ UInt16($0) })
      else { return nil }
      return .link(instant, StreamID(number), link)
    case "remark":
      guard let kind = fields["about"] else { return nil }
      return .remark(instant, Remark(kind: kind, pairs: fields))
    default:
      return nil
    }
  }

  private static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20, 0x7F:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default:
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// A JSON object of texts and plain values, as the events need it: nothing nested.
enum FlatObject {
  /// The object's fields, numbers and words as they are spelled; nil when the bytes are anything else.
  static func parse(_ bytes: Span<UInt8>) -> TextPairs? {
    var i = 0
    var fields: [TextPairs.Pair] = []
    skipSpace(bytes, &i)
    guard take(UInt8(ascii: "{"), bytes, &i) else { return nil }
    skipSpace(bytes, &i)
    if !take(UInt8(ascii: "}"), bytes, &i) {
      repeat {
        skipSpace(bytes, &i)
        guard let key = quoted(bytes, &i) else { return nil }
        skipSpace(bytes, &i)
        guard take(UInt8(ascii: ":"), bytes, &i) else { return nil }
        skipSpace(bytes, &i)
        guard let value = quoted(bytes, &i) ?? word(bytes, &i) else { return nil }
        fields.append(TextPairs.Pair(key: key, value: value))
        skipSpace(bytes, &i)
      } while take(UInt8(ascii: ","), bytes, &i)
      guard take(UInt8(ascii: "}"), bytes, &i) else { return nil }
    }
    skipSpace(bytes, &i)
    return i == bytes.count ? TextPairs(fields) : nil
  }

  private static func take(_ byte: UInt8, _ bytes: Span<UInt8>, _ i: inout Int) -> Bool {
    guard i < bytes.count, bytes[i] == byte else { return false }
    i += 1
    return true
  }

  private static func skipSpace(_ bytes: Span<UInt8>, _ i: inout Int) {
    while i < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[i]) { i += 1 }
  }

  /// A number, or one of true, false and null.
  private static func word(_ bytes: Span<UInt8>, _ i: inout Int) -> String? {
    var text = ""
    while i < bytes.count {
      switch bytes[i] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"):
        text.unicodeScalars.append(Unicode.Scalar(bytes[i]))
        i += 1
      default:
        return text.isEmpty ? nil : text
      }
    }
    return text.isEmpty ? nil : text
  }

  private static func quoted(_ bytes: Span<UInt8>, _ i: inout Int) -> String? {
    guard take(UInt8(ascii: "\""), bytes, &i) else { return nil }
    var text: [UInt8] = []
    while i < bytes.count {
      let byte = bytes[i]
      i += 1
      switch byte {
      case UInt8(ascii: "\""):
        return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape(bytes, &i), let encoded = UTF8.encode(scalar) else { return nil }
        text.append(contentsOf: encoded)
      case 0..<0x20:
        return nil
      default:
        text.append(byte)
      }
    }
    return nil
  }

  private static func escape(_ bytes: Span<UInt8>, _ i: inout Int) -> Unicode.Scalar? {
    guard i < bytes.count else { return nil }
    let byte = bytes[i]
    i += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let first = fourDigits(bytes, &i) else { return nil }
      guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
      // Characters beyond 16 bits come as two escapes.
      guard take(UInt8(ascii: "\\"), bytes, &i), take(UInt8(ascii: "u"), bytes, &i),
        let second = fourDigits(bytes, &i), (0xDC00..<0xE000).contains(second)
      else { return nil }
      return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    default:
      return nil
    }
  }

  private static func fourDigits(_ bytes: Span<UInt8>, _ i: inout Int) -> UInt32? {
    guard bytes.count - i >= 4 else { return nil }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[i])).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
      i += 1
    }
    return value
  }
}
