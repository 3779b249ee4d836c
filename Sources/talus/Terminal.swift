import ArgumentParser
import CSerial
import Files
import Glibc

/// Writes a line to standard error.
func printError(_ line: String) {
  writeAll(Array((line + "\n").utf8).span, to: STDERR_FILENO)
}

/// Writes a command's answer, or a part of it, to standard output, or ends the program: quietly when the reader has gone, and with the reason
/// when the disk behind it is full.
func writeOutput(_ bytes: Span<UInt8>) throws {
  let error = writeAll(bytes, to: STDOUT_FILENO)
  if error == EPIPE { throw ExitCode(ExitStatus.success.rawValue) }
  guard error == 0 else { throw failure(.inputOutput, "standard output: \(String(cString: strerror(error)))") }
}

/// What the terminal at the other end can do.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Colour is for terminals whose user has not turned it off (no-color.org).
  static var wantsColour: Bool {
    guard let name = environment("TERM"), name != "dumb" else { return false }
    return environment("NO_COLOR") == nil
  }

  /// Whether the locale is one of UTF-8.
  static var showsUnicode: Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = environment(name) else { continue }
      let upper = value.uppercased()
      return upper.contains("UTF-8") || upper.contains("UTF8")
    }
    return false
  }

  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// Columns and rows; 80 by 24 where the terminal does not say.
  static func size(_ descriptor: Int32) -> (columns: Int, rows: Int) {
    var columns: UInt16 = 0
    var rows: UInt16 = 0
    guard cserial_window_size(descriptor, &columns, &rows) == 0, columns > 0, rows > 0 else { return (80, 24) }
    return (Int(columns), Int(rows))
  }
}
