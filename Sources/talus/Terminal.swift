import ArgumentParser
import CSerial
import Glibc

/// Writes a line to standard error.
func printError(_ line: String) {
  writeAll(STDERR_FILENO, Array((line + "\n").utf8).span)
}

/// Writes all bytes; false when the other end is gone or the disk is full (errno says which).
@discardableResult
func writeAll(_ descriptor: Int32, _ bytes: Span<UInt8>) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var start = 0
    while start < buffer.count {
      let count = write(descriptor, buffer.baseAddress! + start, buffer.count - start)
      if count > 0 {
        start += count
      } else if count < 0 && errno == EAGAIN {
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
      } else if count < 0 && errno != EINTR {
        return false
      }
    }
    return true
  }
}

/// Writes a command's whole answer to standard output, or ends the program: quietly when the reader has gone, and with the reason
/// when the disk behind it is full.
func writeOutput(_ bytes: Span<UInt8>) throws {
  guard !writeAll(STDOUT_FILENO, bytes) else { return }
  if errno == EPIPE { throw ExitCode(ExitStatus.success.rawValue) }
  throw failure(.inputOutput, "standard output: \(String(cString: strerror(errno)))")
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
