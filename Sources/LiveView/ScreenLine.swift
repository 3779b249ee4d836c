/// A line in pieces of different looks, whose width in cells is known without looking at escape sequences.
struct ScreenLine {
  enum Look { case plain, bold, faint, accent, warning, figure }
  var pieces: [(text: String, look: Look)] = []

  init(_ text: String = "", _ look: Look = .plain) {
    if !text.isEmpty { pieces = [(text, look)] }
  }

  var width: Int { pieces.reduce(0) { $0 + Self.cells($1.text) } }

  func adding(_ text: String) -> ScreenLine { adding(ScreenLine(text)) }

  func adding(_ other: ScreenLine) -> ScreenLine {
    var line = self
    line.pieces += other.pieces
    return line
  }

  func padded(to width: Int) -> ScreenLine {
    self.width < width ? adding(String(repeating: " ", count: width - self.width)) : self
  }

  /// What fits into so many cells.
  func clipped(to width: Int) -> ScreenLine {
    var line = ScreenLine()
    var left = width
    for piece in pieces {
      var text = ""
      for character in piece.text {
        left -= Self.cells(character)
        if left < 0 { return text.isEmpty ? line : line.adding(ScreenLine(text, piece.look)) }
        text.append(character)
      }
      line = line.adding(ScreenLine(text, piece.look))
    }
    return line
  }

  /// The parts that fit into so many cells as a whole, with a space between them; one that does not fit is left out.
  static func joined(_ parts: [ScreenLine], margin: Int, space: Int, width: Int) -> ScreenLine {
    var line = ScreenLine(String(repeating: " ", count: margin))
    var isFirst = true
    for part in parts where line.width + (isFirst ? 0 : space) + part.width <= width {
      if !isFirst { line = line.adding(String(repeating: " ", count: space)) }
      line = line.adding(part)
      isFirst = false
    }
    return line
  }

  func text(colour: Bool) -> String {
    guard colour else { return pieces.map(\.text).joined() }
    return pieces.map { piece in
      switch piece.look {
      case .plain: piece.text
      case .bold: "\u{1B}[1m" + piece.text + "\u{1B}[0m"
      case .faint: "\u{1B}[2m" + piece.text + "\u{1B}[0m"
      case .accent: "\u{1B}[36m" + piece.text + "\u{1B}[0m"
      case .warning: "\u{1B}[33m" + piece.text + "\u{1B}[0m"
      case .figure: "\u{1B}[1;36m" + piece.text + "\u{1B}[0m"
      }
    }.joined()
  }

  private static func cells(_ text: String) -> Int { text.reduce(0) { $0 + cells($1) } }

  /// Most characters of East Asia and pictures fill two cells (Unicode Annex 11, the ranges that terminals agree on).
  private static func cells(_ character: Character) -> Int {
    switch character.unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
