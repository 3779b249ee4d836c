import ArgumentParser
import DecimalText
import Glibc

/// Where a command's text goes: standard output, or a file that appears under its name only when it is whole.
struct OutputSink: ~Copyable {
  private let path: String?
  private let partial: String
  private let descriptor: Int32
  private var isWhole = false

  /// - Parameter path: nil or `-` for standard output.
  init(_ path: String?) throws {
    guard let path, path != "-" else {
      self.path = nil
      partial = ""
      descriptor = STDOUT_FILENO
      return
    }
    self.path = path
    partial = path + ".partial-\(getpid())"
    descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw failure(.cannotCreate, "\(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    guard path != nil, !isWhole else { return }
    close(descriptor)
    unlink(partial)
  }

  /// Writes what the buffer holds, and empties it.
  ///
  /// - Throws: the exit status, after saying why. A reader of standard output that has gone is a quiet end.
  func write(_ text: inout TextBuffer) throws {
    defer { text.removeAll() }
    guard !writeAll(descriptor, text.bytes.span) else { return }
    if path == nil && errno == EPIPE { throw ExitCode(ExitStatus.success.rawValue) }
    throw failure(.inputOutput, "\(path ?? "standard output"): \(String(cString: strerror(errno)))")
  }

  consuming func finish() throws {
    guard let path else { return }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(partial, path) == 0 else {
      throw failure(.inputOutput, "\(path): \(String(cString: strerror(errno)))")
    }
    isWhole = true
  }
}
