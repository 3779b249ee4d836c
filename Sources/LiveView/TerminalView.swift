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
  /// - Parameter now: this instant, for the age of the newest samples; nil where there is none to show.
  public func lines(_ state: LiveState, now: HostInstant?) -> [String] {
    let figures = angle(state)
    // What a small terminal can do without comes last here, and is left out first.
    var spare = rows - 3 - figures.count
    func fits(_ count: Int) -> Bool {
      guard spare >= count else { return false }
      spare -= count
      return true
    }
    let hasFoot = state.foot != nil && fits(1)
    let hasKeys = fits(1)
    let hasTitle = fits(1)
    let hasRules = fits(2)
    let hasConventions = fits(1)
    let isAiry = fits(3)
    let room = spare

    var screen = [header(state)]
    if hasRules { screen.append(rule) }
    if hasTitle { screen.append(title(state)) }
    if isAiry { screen.append(ScreenLine()) }
    screen += figures
    if isAiry { screen.append(ScreenLine()) }
    screen.append(movement(state))
    if isAiry { screen.append(ScreenLine()) }
    if room >= 2 { screen += trials(state, room: room) }
    let footer =
      (hasRules ? [rule] : []) + [losses(state.sensor, state, now, name: "")]
      + (hasFoot ? state.foot.map { [losses($0, state, now, name: "foot sensor: ")] } ?? [] : [])
      + (hasConventions ? [ScreenLine("  " + plain(state.conventions), .faint)] : [])
      + (hasKeys ? [ScreenLine("  " + plain(state.keys), .faint)] : [])
    while screen.count < rows - footer.count { screen.append(ScreenLine()) }
    screen += footer
    return screen.prefix(rows).map { $0.clipped(to: columns).text(colour: colour) }
  }

  // MARK: Parts

  private func header(_ state: LiveState) -> ScreenLine {
    var left = ScreenLine(" Talus  ", .bold).adding(plain(state.source))
    if let rate = state.sensor.rate { left = left.adding("  \(number(rate, 1)) Hz") }
    var right = ScreenLine()
    if let trouble = state.trouble {
      right = ScreenLine(" " + plain(trouble) + " ", .warning)
    } else if let recording = state.recording {
      // A long name gives way to the port's.
      right = ScreenLine((unicode ? " ● " : " * ") + "recording " + plain(recording), .accent)
        .clipped(to: max(columns / 2, 24)).adding(" ")
    } else if state.isLive {
      right = ScreenLine(" not recording ", .faint)
    }
    right = right.clipped(to: columns)
    return left.clipped(to: columns - right.width).padded(to: columns - right.width).adding(right)
  }

  private var rule: ScreenLine { ScreenLine(String(repeating: unicode ? "─" : "-", count: columns), .faint) }

  private func title(_ state: LiveState) -> ScreenLine {
    let title = ScreenLine("  Tibial inclination", .faint)
    guard let side = state.side else { return title }
    return title.adding(ScreenLine("   \(side.rawValue) leg", .bold))
  }

  /// The angle in large figures, or in plain ones where there is no room for those; in their place, what it waits for.
  private func angle(_ state: LiveState) -> [ScreenLine] {
    let reading = state.reading
    let degrees = (reading?.tibialInclination ?? .nan) * degreesPerRadian
    let isSmall = rows < 3 + LargeFigures.height || columns < 36
    guard let reading, degrees.isFinite else {
      let word =
        reading == nil
        ? "waiting for the first sample"
        : reading?.flags.isSuperset(of: [.notConverged]) == false && reading?.flags.contains(.notAligned) == true
          ? state.refused ?? "calibration: stand still, then follow the plan of --align"
          : "finding the vertical: keep the leg still"
      let line = ScreenLine((isSmall ? " " : "    ") + word, .faint)
      return isSmall ? [line] : [ScreenLine(), ScreenLine(), line, ScreenLine(), ScreenLine()]
    }
    let spread = plusMinus + spread(reading.inclinationSD)
    var doubts: [ScreenLine] = []
    if reading.flags.contains(.afterGap) { doubts.append(ScreenLine("after a gap", .warning)) }
    if reading.flags.contains(.saturated) { doubts.append(ScreenLine("beyond the sensor's range", .warning)) }
    // A fixed width, so that the figures stand still while they change.
    var text = number(degrees, 1)
    while text.count < 5 { text = " " + text }
    if isSmall {
      let parts = [ScreenLine(text + degree, .figure), ScreenLine(spread)] + doubts
      return [ScreenLine.joined(parts, margin: 1, space: 2, width: columns)]
    }
    var figures = [String](repeating: text.count > 5 ? " " : "    ", count: LargeFigures.height)
    for character in text + "°" {
      for (row, cells) in LargeFigures.rows(character).enumerated() {
        figures[row] += (unicode ? cells.description : LargeFigures.plain(cells)) + " "
      }
    }
    var lines = figures.map { ScreenLine($0, .figure) }
    for (row, doubt) in doubts.enumerated() { lines[row] = lines[row].adding("  ").adding(doubt) }
    lines[lines.count - 1] = lines[lines.count - 1].adding("  " + spread)
    return lines
  }

  private func movement(_ state: LiveState) -> ScreenLine {
    let progress = state.reading?.progress ?? MovementProgress()
    var parts: [ScreenLine] = []
    func add(_ name: String, _ value: String) {
      parts.append(ScreenLine(name + " ", .faint).adding(ScreenLine(value, .bold)))
    }
    add("Peak", progress.peak.map { number($0 * degreesPerRadian, 1) + degree } ?? dash)
    add("Hold", progress.hold > 0 ? number(progress.hold, 1) + " s" : dash)
    add("Trials", "\(progress.trials)" + (progress.waiting > 0 ? " + \(progress.waiting) waiting" : ""))
    if state.foot != nil {
      // Without the foot's pitch there is no dorsiflexion: nothing takes its place.
      func angle(_ value: Double?) -> String {
        value.flatMap { $0.isFinite ? number($0 * degreesPerRadian, 1) + degree : nil } ?? dash
      }
      add("Dorsiflexion", angle(state.reading?.dorsiflexion))
      add("Foot", angle(state.reading?.footPitch))
    }
    if let distance = state.distance {
      let spread = distance.sd.isFinite ? " " + plusMinus + number(distance.sd * 100, 1) : ""
      add(
        "KTW-equivalent",
        number(distance.value * 100, 1) + spread + " cm"
          + (isNarrow ? "" : " (" + number(distance.value / metresPerInch, 1) + " in)"))
    }
    return ScreenLine.joined(parts, margin: isNarrow ? 1 : 4, space: isNarrow ? 2 : 5, width: columns)
  }

  /// Too narrow for wide margins and the table's lesser columns.
  private var isNarrow: Bool { columns < 72 }

  private func trials(_ state: LiveState, room: Int) -> [ScreenLine] {
    guard !state.trials.isEmpty else {
      let isWaiting = (state.reading?.progress.waiting ?? 0) > 0
      let advice =
        isNarrow
        ? ""
        : isWaiting
          ? ": the next lunge, or a few seconds, tells whether this was practice"
          : ": move the knee forward over the toes, hold, and come back"
      return [ScreenLine((isNarrow ? " " : "    ") + "No trial yet" + advice + ".", .faint)]
    }
    let heading =
      isNarrow ? " Trial End range      Verdict" : "     Trial   Leg     End range        KTW-eq.         Verdict"
    var lines = [ScreenLine(heading, .faint)]
    for trial in state.trials.suffix(room - 1) {
      let name = trial.kind == .trial ? "\(trial.number)" : dash
      let end = number(trial.endRange.value * degreesPerRadian, 1) + " " + plusMinus + spread(trial.endRange.sd)
      let distance =
        trial.kneeToWall.map { number($0.value * 100, 1) + " " + plusMinus + number($0.sd * 100, 1) + " cm" }
        ?? trial.kneeToWallRange.map {
          number($0.lowerBound * 100, 1) + " to " + number($0.upperBound * 100, 1) + " cm"
        }
      var line =
        isNarrow
        ? ScreenLine(" " + pad(name, 6) + pad(end, 15))
        : ScreenLine(
          "     " + pad(name, 8) + pad(trial.side?.rawValue ?? dash, 8) + pad(end, 17) + pad(distance ?? dash, 16))
      guard trial.kind == .trial else {
        lines.append(line.adding(ScreenLine(ReasonWords.kind(trial.kind), .faint)))
        continue
      }
      line = line.adding(ScreenLine(trial.verdict.rawValue, trial.verdict == .valid ? .plain : .warning))
      let reasons = Trial.Reasons.names.filter { trial.reasons.contains($0.0) }.map { ReasonWords.entry($0.0).short }
      if !reasons.isEmpty { line = line.adding(ScreenLine("  " + reasons.joined(separator: ", "), .faint)) }
      lines.append(line)
    }
    return lines
  }

  /// How many samples of a sensor, how old the newest is, and what was lost. Where there is no room for all counters, those that are zero go first.
  private func losses(_ sensor: SensorStatus, _ state: LiveState, _ now: HostInstant?, name: String) -> ScreenLine {
    let counters = sensor.counters
    let bytes = counters.bytes
    var parts = [ScreenLine(name + "\(counters.samples) samples")]
    if state.isLive {
      let age = now.flatMap { now in sensor.newest.map { now.seconds(since: $0) } }
      let newest = age.map { $0 < 1 ? "\(Int($0 * 1000)) ms ago" : number($0, 1) + " s ago" } ?? dash
      parts.append(ScreenLine("newest ").adding(ScreenLine(newest, (age ?? 0) > 1 ? .warning : .plain)))
    } else if let time = state.reading?.time {
      parts.append(ScreenLine("at \(number(time.seconds, 1)) s"))
    }
    let losses: [(count: UInt64, what: String)] = [
      (counters.gaps, counters.gaps == 1 ? "gap" : "gaps"), (counters.missingSamples, "missing"),
      (bytes.checksumFailures, "bad checksums"), (bytes.skipped, "bytes skipped"), (counters.saturated, "saturated"),
    ]
    func words(_ losses: [(count: UInt64, what: String)]) -> [ScreenLine] {
      losses.map { ScreenLine("\($0.count) \($0.what)", $0.count > 0 ? .warning : .plain) }
    }
    let space = isNarrow ? 2 : 3
    let all = parts + words(losses.filter { $0.count > 0 || $0.what != "saturated" })
    let width = all.reduce(1) { $0 + $1.width + space }
    if width <= columns { return ScreenLine.joined(all, margin: 2, space: space, width: columns) }
    let happened = losses.filter { $0.count > 0 }
    // Losses go before the age of the newest sample.
    let rest = happened.isEmpty ? [ScreenLine("no losses")] : words(happened)
    let order = isNarrow ? [parts[0]] + rest + parts.dropFirst() : parts + rest
    return ScreenLine.joined(order, margin: isNarrow ? 1 : 2, space: space, width: columns)
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

  /// Text from outside (paths, names) without control and format characters: nothing in it moves the cursor, or turns the direction of
  /// what follows.
  private func plain(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar in
        let isRefused =
          scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || (!unicode && scalar.value > 0x7E)
          || [.format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        return isRefused ? "?" : Character(scalar)
      })
  }
}
