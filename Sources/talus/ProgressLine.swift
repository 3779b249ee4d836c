import Files
import Glibc

/// A line on a terminal's standard error that says how far long work is; nothing elsewhere.
final class ProgressLine {
  private let isShown = Terminal.isTerminal(STDERR_FILENO)
  private var last: Int64 = 0
  private var text = ""

  func show(_ text: String) {
    guard isShown else { return }
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let tenths = Int64(now.tv_sec) * 10 + Int64(now.tv_nsec) / 100_000_000
    guard tenths != last, text != self.text else { return }
    last = tenths
    self.text = text
    writeAll(Array("\r\u{1B}[2K\(text)".utf8).span, to: STDERR_FILENO)
  }

  func clear() {
    guard isShown, !text.isEmpty else { return }
    text = ""
    writeAll(Array("\r\u{1B}[2K".utf8).span, to: STDERR_FILENO)
  }
}
