import ArgumentParser
import CSerial
import DecimalText
import Files
import Glibc
import LiveView
import Motion
import SerialLink
import Synchronization

/// The end of the house that a person or a program sees: shows what the hub holds until the session is over.
///
/// Runs on the main thread, and is the only one that writes to standard output. In a terminal it draws a steady view and reads keys; into a pipe it
/// writes lines as soon as they are there.
final class OutputSession: Sendable {
  private let hub: OutputHub
  private let showsView: Bool
  private let ending = Mutex<Ending>(Ending())

  private struct Ending: Sendable {
    var summary: SessionSummary?
    var failure: (ExitStatus, String)?
  }

  /// Time between two pictures, ms.
  private static let framePeriod: Int32 = 50

  init(hub: OutputHub, showsView: Bool) {
    self.hub = hub
    self.showsView = showsView
  }

  /// The engine's thread is done.
  func end(with summary: SessionSummary) {
    ending.withLock { $0.summary = summary }
    hub.finish()
  }

  /// The engine's thread cannot go on.
  func end(failing status: ExitStatus, _ message: String, summary: SessionSummary? = nil) {
    ending.withLock {
      $0.failure = (status, message)
      $0.summary = summary
    }
    hub.finish()
  }

  /// Shows until the session has ended.
  ///
  /// - Parameters:
  ///   - signals: Ctrl-C and SIGTERM, as they come.
  ///   - onKey: what to do with a key, in a terminal.
  ///   - onStop: a signal asks for the end, or nobody reads any more.
  func run(signals: borrowing StopSignals, onKey: (UInt8) -> Void, onStop: () -> Void) {
    if showsView { runView(signals, onKey: onKey, onStop: onStop) } else { runLines(signals, onStop: onStop) }
  }

  /// Says how it ended.
  func close() throws {
    let ending = ending.withLock { $0 }
    ending.summary?.print()
    if let (status, message) = ending.failure { throw failure(status, message) }
  }

  // MARK: Lines

  private func runLines(_ signals: borrowing StopSignals, onStop: () -> Void) {
    var buffer = TextBuffer(capacity: 1 << 16)
    var hasReader = true
    while true {
      var wait = pollfd(fd: hub.wake, events: Int16(POLLIN), revents: 0)
      poll(&wait, 1, 100)
      if signals.received != nil { onStop() }
      let goesOn = hub.take(&buffer)
      let error = hasReader ? writeAll(buffer.bytes.span, to: STDOUT_FILENO) : 0
      if error != 0 {
        // Nobody reads any more: the session ends as by Ctrl-C, and the recording is kept. A full disk is not as quiet as a reader
        // who has seen enough: lines are missing that somebody counts on.
        if error != EPIPE {
          let reason = "standard output: \(String(cString: strerror(error)))"
          ending.withLock { $0.failure = (.inputOutput, reason) }
        }
        hasReader = false
        onStop()
      }
      if !goesOn { return }
    }
  }

  // MARK: View

  private func runView(_ signals: borrowing StopSignals, onKey: (UInt8) -> Void, onStop: () -> Void) {
    let keyboard = Keyboard()
    let unicode = Terminal.showsUnicode
    let colour = Terminal.wantsColour
    show("\u{1B}[?1049h\u{1B}[?25l")
    defer {
      show("\u{1B}[?25h\u{1B}[?1049l")
      keyboard.restore()
    }
    var shown: [String] = []
    while !hub.isFinished {
      var wait = pollfd(fd: keyboard.isReadable ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0)
      if poll(&wait, 1, Self.framePeriod) > 0 { keyboard.read(onKey) }
      if signals.received != nil { onStop() }
      let size = Terminal.size(STDOUT_FILENO)
      let view = TerminalView(columns: size.columns, rows: size.rows, colour: colour, unicode: unicode)
      let lines = view.lines(hub.live, now: HostClock.now())
      // Only what changed is written: the view stands still, also over a slow line.
      var text = ""
      for (row, line) in lines.enumerated() where row >= shown.count || shown[row] != line {
        text += "\u{1B}[\(row + 1);1H\u{1B}[2K" + line
      }
      if shown.count > lines.count { text += "\u{1B}[J" }
      shown = lines
      show(text)
    }
  }

  private func show(_ text: String) {
    writeAll(Array(text.utf8).span, to: STDOUT_FILENO)
  }
}

/// The terminal's keys one by one, without echo; Ctrl-C stays a signal.
private final class Keyboard {
  private var saved = termios()
  let isReadable: Bool

  init() {
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &saved) == 0 else {
      isReadable = false
      return
    }
    isReadable = true
    var single = saved
    single.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &single)
  }

  func read(_ onKey: (UInt8) -> Void) {
    var keys = [UInt8](repeating: 0, count: 32)
    let count = Glibc.read(STDIN_FILENO, &keys, keys.count)
    guard count > 0 else { return }
    // An escape sequence is an arrow or function key: nothing here.
    if keys[0] == 0x1B { return }
    for key in keys[..<count] { onKey(key) }
  }

  func restore() {
    if isReadable { tcsetattr(STDIN_FILENO, TCSANOW, &saved) }
  }
}
