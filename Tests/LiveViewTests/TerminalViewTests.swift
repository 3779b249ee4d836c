import AnkleKinematics
import Motion
import Pipeline
import Testing

@testable import LiveView

@Suite("Terminal view")
struct TerminalViewTests {
  @Test("no line is wider than the terminal, and no more rows than it has", arguments: States.names)
  func fits(name: String) {
    let state = States.named(name)
    for columns in 20...200 {
      for rows in [6, 7, 12, 13, 14, 16, 18, 24, 30, 60] {
        for unicode in [true, false] {
          let lines = screen(state, columns, rows, unicode: unicode)
          #expect(lines.count <= rows)
          // Every character of the view fills one cell.
          #expect(lines.allSatisfy { $0.count <= columns }, "\(columns) x \(rows)")
        }
      }
    }
  }

  @Test("a distance is shown with its uncertainty, and none is shown without a model")
  func distance() throws {
    var state = States.named("steady")
    let lines = screen(state, 100, 30)
    let line = try #require(lines.first { $0.contains("KTW-equivalent") })
    #expect(line.firstMatch(of: /KTW-equivalent \d+\.\d ± \d\.\d cm \(\d+\.\d in\)/) != nil, "\(line)")
    state.distanceModel = nil
    #expect(!screen(state, 100, 30).joined().contains("KTW-equivalent"))
  }

  @Test(
    "whatever the size, the angle is there in figures of some kind", arguments: [(20, 6), (40, 12), (80, 24), (30, 9)])
  func alwaysTheAngle(columns: Int, rows: Int) {
    let lines = screen(States.named("steady"), columns, rows)
    let large = LargeFigures.rows("7").map(\.description)
    let isLarge = large.allSatisfy { row in lines.contains { $0.contains(row) } }
    #expect(isLarge || lines.contains { $0.contains("37.5") }, "\(lines)")
  }

  @Test("without Unicode there is only ASCII", arguments: States.names)
  func onlyASCII(name: String) {
    var state = States.named(name)
    state.source = "/dev/ttyUSB0 Müller"
    state.conventions += " placement: über dem Knöchel"
    let lines = screen(state, 100, 30, unicode: false)
    #expect(lines.joined().unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
    #expect(lines.joined().contains("M?ller"))
  }

  @Test("control characters of names and paths never reach the terminal", arguments: [true, false])
  func controlCharacters(unicode: Bool) {
    let hostile = "a\u{1B}[2J\u{07}b\u{9B}31m\r\nc\u{7F}\u{202E}d\u{2066}"
    var state = LiveState(source: hostile, conventions: hostile, recording: hostile, keys: hostile)
    for trouble in [nil, hostile] {
      state.trouble = trouble
      for line in screen(state, 120, 30, unicode: unicode) {
        for scalar in line.unicodeScalars {
          #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
          // Format characters turn the direction of what follows them.
          #expect(scalar.properties.generalCategory != .format)
        }
      }
    }
  }

  @Test("there is colour only when it is asked for, and it changes no character", arguments: States.names)
  func colour(name: String) {
    let state = States.named(name)
    let bare = screen(state, 80, 24)
    #expect(!bare.joined().contains("\u{1B}"))
    let coloured = screen(state, 80, 24, colour: true)
    #expect(coloured.joined().contains("\u{1B}["))
    let sequence = /\u{1B}\[[0-9;]*m/
    #expect(coloured.map { $0.replacing(sequence, with: "") } == bare)
    // Every line ends as it began: nothing leaks into the next.
    for line in coloured where line.contains("\u{1B}") {
      let sequences = line.matches(of: sequence).map { String($0.0) }
      #expect(sequences.last == "\u{1B}[0m")
    }
  }

  @Test("the large figures read as what they are")
  func figures() {
    func drawn(_ text: String) -> [String] {
      (0..<LargeFigures.height).map { row in
        text.map { LargeFigures.rows($0)[row].description }.joined(separator: " ")
      }
    }
    #expect(
      drawn("0123456789") == [
        "█▀▀█   ▄█ ▀▀▀█ ▀▀▀█ █  █ █▀▀▀ █▀▀▀ ▀▀▀█ █▀▀█ █▀▀█",
        "█  █    █    █    █ █  █ █    █       █ █  █ █  █",
        "█  █    █ █▀▀▀  ▀▀█ ▀▀▀█ ▀▀▀█ █▀▀█    █ █▀▀█ ▀▀▀█",
        "█  █    █ █       █    █    █ █  █    █ █  █    █",
        "█▄▄█    █ █▄▄▄ ▄▄▄█    █ ▄▄▄█ █▄▄█    █ █▄▄█ ▄▄▄█",
      ])
    #expect(drawn("-.°") == ["       █▀█", "       ▀▀▀", "▀▀▀       ", "          ", "     ▄    "])
    for figure in "0123456789-.° " {
      let rows = LargeFigures.rows(figure)
      #expect(rows.count == LargeFigures.height)
      #expect(Set(rows.map(\.description.count)).count == 1, "\(figure) is not a rectangle")
    }
    let shapes = "0123456789".map { LargeFigures.rows($0).map(\.description) }
    #expect(Set(shapes).count == 10)
  }

  @Test("figures of an angle stand still while it changes")
  func steadyFigures() {
    let places = [3.4, 37.5, -8.1, -12.3].map { degrees -> Int? in
      var state = States.named("steady")
      state.reading = States.reading(degrees: degrees)
      // The degree sign's lower half is the last thing drawn in the second row of the figures.
      let row = screen(state, 80, 24).first { $0.hasSuffix("▀▀▀ ") }
      return row.map(\.count)
    }
    #expect(Set(places).count == 1 && places[0] != nil, "\(places)")
  }
}

@Suite("States of the view")
struct ViewStateTests {
  func text(_ name: String, _ columns: Int = 100, _ rows: Int = 30, age: Double? = 0.012) -> String {
    screen(States.named(name), columns, rows, age: age).joined(separator: "\n")
  }

  @Test("waiting and finding the vertical show no figure, and say what to do")
  func beforeTheAngle() {
    #expect(text("waiting", age: nil).contains("waiting for the first sample"))
    #expect(text("not converged").contains("keep the leg still"))
    for name in ["waiting", "not converged"] { #expect(!text(name).contains("█")) }
  }

  @Test("doubts stand beside the angle, losses below it")
  func doubts() {
    #expect(text("gap").contains("after a gap"))
    #expect(text("gap").contains("3 gaps") && text("gap").contains("217 missing"))
    #expect(text("saturated").contains("beyond the sensor's range") && text("saturated").contains("9 saturated"))
    #expect(!text("steady").contains("after a gap") && !text("steady").contains("saturated"))
    #expect(text("steady").contains("± 0.6°"))
  }

  @Test("trouble with the recording is said in place of its name")
  func trouble() {
    #expect(text("trouble").contains("recording stopped: No space left on device"))
    #expect(!text("trouble").contains("visit.mcap"))
    #expect(text("steady").contains("recording visit.mcap"))
    // A long port name must not push it off the screen.
    var state = States.named("long names")
    state.trouble = "recording stopped: No space left on device"
    #expect(screen(state, 80, 24)[0].contains("recording stopped"))
  }

  @Test(
    "a live session without a recording says so; a replay speaks neither of a recording nor of a newest sample's age")
  func replay() {
    var state = States.named("steady")
    state.recording = nil
    #expect(screen(state, 80, 24)[0].contains("not recording"))
    #expect(!text("replay").contains("recording"))
    #expect(!text("replay").contains("ago"))
    #expect(text("replay").contains("replay of lunge-left.mcap"))
  }

  @Test("of many trials the newest are shown, with their verdicts; the table never hides the footer")
  func manyTrials() {
    for rows in [18, 24, 40] {
      let lines = screen(States.named("many trials"), 100, rows)
      #expect(lines.count == rows)
      #expect(lines.contains { $0.contains("12345 samples") })
      let shown = lines.filter { $0.contains("valid") || $0.contains("attention") || $0.contains("broken off") }
      // What is no trial has no verdict.
      #expect(shown.last?.contains("broken off") == true && shown.last?.contains("valid") == false)
      #expect(shown.count >= min(3, rows - 17))
    }
    #expect(States.named("many trials").trials.count == 32)
  }

  @Test("an old newest sample is a warning")
  func age() {
    let state = States.named("steady")
    let coloured = screen(state, 100, 30, colour: true, age: 4.2).joined()
    #expect(coloured.contains("\u{1B}[33m4.2 s ago"))
    #expect(screen(state, 100, 30, age: 0.012).joined().contains("12 ms ago"))
  }
}
