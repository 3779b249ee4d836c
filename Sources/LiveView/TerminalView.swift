import DecimalText
import Export
import LungeTest
import Motion
import Pipeline

/// Draws the live state as one screen of text: a pure function of the state, the size and the terminal's abilities.
public struct TerminalView: Sendable {
  public var columns: Int
  public var rows: Int
  /// Colour and weight; only for terminals that want it.
  public var colour: Bool
  /// Characters beyond ASCII; only for terminals that show UTF-8.
  public var unicode: Bool

  public init(columns: Int, rows: Int, colour: Bool, unicode: Bool) {
    self.columns = max(columns, 20)
    self.rows = max(rows, 6)
    self.colour = colour
    self.unicode = unicode
  }

  /// The screen's lines, none wider than the terminal and no more than it has.
  ///
  /// - Parameter age: seconds since the newest reading's sample was taken; nil before the first.
  public func lines(_ state: LiveState, age: Double?) -> [String] {
    var screen: [Line] = []
    screen.append(header(state))
    screen.append(rule)
    screen += angle(state)
    screen.append(Line())
    screen.append(movement(state))
    screen.append(Line())
    let footer = foot(state, age: age)
    let room = rows - screen.count - footer.count
    if room >= 3 { screen += trials(state, room: room) }
    while screen.count < rows - footer.count { screen.append(Line()) }
    screen += footer
    return screen.prefix(rows).map { $0.clipped(to: columns).text(colour: colour) }
  }

  // MARK: Parts

  private func header(_ state: LiveState) -> Line {
    var line = Line(" Talus  ", .bold).adding(plain(state.source))
    if let rate = state.rate { line = line.adding("  \(number(rate, 1)) Hz") }
    let right: Line
    if let trouble = state.trouble {
      right = Line(plain(trouble), .warning)
    } else if let recording = state.recording {
      right = Line((unicode ? "● " : "* ") + "recording " + plain(recording) + " ", .accent)
    } else {
      right = Line("not recording ", .faint)
    }
    return line.padded(to: columns - right.width).adding(right)
  }

  private var rule: Line { Line(String(repeating: unicode ? "─" : "-", count: columns), .faint) }

  private func angle(_ state: LiveState) -> [Line] {
    var title = Line("  Tibial inclination", .faint)
    if let side = state.side { title = title.adding(Line("   \(side.rawValue) leg", .bold)) }
    var lines = [title, Line()]
    let reading = state.reading
    let degrees = (reading?.tibialInclination ?? .nan) * degreesPerRadian
    guard let reading, degrees.isFinite else {
      let word = reading == nil ? "waiting for the first sample" : "finding the vertical: keep the leg still"
      lines += [Line(), Line(), Line("    " + word, .faint), Line(), Line()]
      return lines
    }
    // A fixed width, so that the figures stand still while they change.
    var text = number(degrees, 1)
    while text.count < 5 { text = " " + text }
    var figures = [String](repeating: "    ", count: LargeFigures.height)
    for character in text + "°" {
      for (row, cells) in LargeFigures.rows(character).enumerated() {
        figures[row] += (unicode ? cells.description : LargeFigures.plain(cells)) + " "
      }
    }
    for (row, cells) in figures.enumerated() {
      var line = Line(cells, .figure)
      if row == LargeFigures.height - 1 { line = line.adding("  " + plusMinus + spread(reading.inclinationSD)) }
      if row == 0 && reading.flags.contains(.afterGap) { line = line.adding(Line("  after a gap", .warning)) }
      if row == 1 && reading.flags.contains(.saturated) {
        line = line.adding(Line("  beyond the sensor's range", .warning))
      }
      lines.append(line)
    }
    return lines
  }

  private func movement(_ state: LiveState) -> Line {
    let progress = state.reading?.progress ?? MovementProgress()
    var line = Line("    ")
    func add(_ name: String, _ value: String) {
      line = line.adding(Line(name + " ", .faint)).adding(Line(value, .bold)).adding("     ")
    }
    add("Peak", progress.peak.map { number($0 * degreesPerRadian, 1) + degree } ?? dash)
    add("Hold", progress.hold > 0 ? number(progress.hold, 1) + " s" : dash)
    add("Trials", "\(progress.trials)")
    if let distance = state.reading?.kneeToWall, distance.isFinite {
      add("KTW-equivalent", (unicode ? "≈ " : "~ ") + number(distance * 100, 1) + " cm")
    }
    return line
  }

  private func trials(_ state: LiveState, room: Int) -> [Line] {
    guard !state.trials.isEmpty else {
      return [Line("    No trial yet: move the knee forward over the toes, hold, and come back.", .faint)]
    }
    var lines = [Line("     Trial   Leg     End range        KTW-eq.       Verdict", .faint)]
    for trial in state.trials.suffix(room - 1) {
      let name = trial.kind == .trial ? "\(trial.number)" : "other"
      let end = number(trial.endRange.value * degreesPerRadian, 1) + " " + plusMinus + spread(trial.endRange.sd)
      let distance = trial.kneeToWall.map {
        number($0.value * 100, 1) + " " + plusMinus + number($0.sd * 100, 1) + " cm"
      }
      var line = Line(
        "     " + pad(name, 8) + pad(trial.side?.rawValue ?? dash, 8) + pad(end, 17) + pad(distance ?? dash, 14))
      line = line.adding(Line(trial.verdict.rawValue, trial.verdict == .valid ? .plain : .warning))
      let reasons = Trial.Reasons.names.filter { trial.reasons.contains($0.0) }.map { ReasonWords.entry($0.0).short }
      if !reasons.isEmpty { line = line.adding(Line("  " + reasons.joined(separator: ", "), .faint)) }
      lines.append(line)
    }
    return lines
  }

  private func foot(_ state: LiveState, age: Double?) -> [Line] {
    let counters = state.counters
    let bytes = counters.bytes
    var loss = Line("  \(counters.samples) samples", .plain)
    let newest = age.map { $0 < 1 ? "\(Int($0 * 1000)) ms" : number($0, 1) + " s" } ?? dash
    loss = loss.adding("   newest ").adding(Line(newest + " ago", (age ?? 0) > 1 ? .warning : .plain))
    func add(_ count: UInt64, _ what: String) {
      loss = loss.adding("   ").adding(Line("\(count) \(what)", count > 0 ? .warning : .plain))
    }
    add(counters.gaps, counters.gaps == 1 ? "gap" : "gaps")
    add(counters.missingSamples, "missing")
    add(bytes.checksumFailures, "bad checksums")
    add(bytes.skipped, "bytes skipped")
    if counters.saturated > 0 { add(counters.saturated, "saturated") }
    return [rule, loss, Line("  " + plain(state.conventions), .faint), Line("  " + plain(state.keys), .faint)]
  }

  // MARK: Words

  private var degree: String { unicode ? "°" : " deg" }
  private var plusMinus: String { unicode ? "± " : "+/- " }
  private var dash: String { unicode ? "–" : "-" }

  private func spread(_ sd: Double) -> String {
    sd.isFinite ? number(sd * degreesPerRadian, 1) + degree : "unknown"
  }

  private func number(_ value: Double, _ decimals: Int) -> String {
    var text = TextBuffer(capacity: 24)
    text.append(fixed: value, decimals: decimals)
    return text.string
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text.count < width ? text + String(repeating: " ", count: width - text.count) : text + " "
  }

  /// Text from outside (paths, names) without control characters: nothing in it moves the cursor.
  private func plain(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar in
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || (!unicode && scalar.value > 0x7E)
          ? "?" : Character(scalar)
      })
  }
}

/// A line in pieces of different looks, whose width is known without looking at escape sequences.
private struct Line {
  enum Look { case plain, bold, faint, accent, warning, figure }
  var pieces: [(text: String, look: Look)] = []

  init(_ text: String = "", _ look: Look = .plain) {
    if !text.isEmpty { pieces = [(text, look)] }
  }

  var width: Int { pieces.reduce(0) { $0 + $1.text.count } }

  func adding(_ text: String) -> Line { adding(Line(text)) }

  func adding(_ other: Line) -> Line {
    var line = self
    line.pieces += other.pieces
    return line
  }

  func padded(to width: Int) -> Line {
    self.width < width ? adding(String(repeating: " ", count: width - self.width)) : self
  }

  func clipped(to width: Int) -> Line {
    var line = Line()
    var left = width
    for piece in pieces where left > 0 {
      line.pieces.append((String(piece.text.prefix(left)), piece.look))
      left -= piece.text.count
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
}
