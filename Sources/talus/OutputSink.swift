import ArgumentParser
import DecimalText
import Glibc
import Reporting

/// Where a command's text goes: standard output, a file that appears under its name only when it is whole, or a device or pipe that is there.
struct OutputSink: ~Copyable {
  private let path: String?
  /// The file beside it that is renamed in the end, and the name that it then gets; nil where what is there is written into.
  private let partial: String?
  private let target: String
  private let descriptor: Int32
  private var isWhole = false

  /// - Parameters:
  ///   - path: nil or `-` for standard output.
  ///   - model: a file whose permissions the new one gets, if that can be.
  init(_ path: String?, like model: String? = nil) throws {
    guard let path, path != "-" else {
      self.path = nil
      partial = nil
      target = ""
      descriptor = STDOUT_FILENO
      return
    }
    self.path = path
    let replaceable = AtomicFile.replaceable(path)
    target = replaceable ?? path
    partial = replaceable.map { $0 + ".partial-\(getpid())" }
    descriptor =
      partial.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw failure(.cannotCreate, "\(path): \(String(cString: strerror(errno)))")
    }
    var status = stat()
    if partial != nil, let model, stat(model, &status) == 0 {
      _ = fchown(descriptor, status.st_uid, status.st_gid)
      _ = fchmod(descriptor, status.st_mode & 0o7777)
    }
  }

  deinit {
    guard path != nil, !isWhole else { return }
    close(descriptor)
    if let partial { unlink(partial) }
  }

  /// Writes what the buffer holds, and empties it.
  ///
  /// - Throws: the exit status, after saying why. A reader of standard output that has gone is a quiet end.
  func write(_ text: inout TextBuffer) throws {
    defer { text.removeAll() }
    try write(text.bytes.span)
  }

  /// Writes the bytes. Throws as the other one does.
  func write(_ bytes: Span<UInt8>) throws {
    guard !writeAll(descriptor, bytes) else { return }
    if path == nil && errno == EPIPE { throw ExitCode(ExitStatus.success.rawValue) }
    throw failure(.inputOutput, "\(path ?? "standard output"): \(String(cString: strerror(errno)))")
  }

  consuming func finish() throws {
    guard let path else { return }
    let isDone =
      if let partial {
        fsync(descriptor) == 0 && close(descriptor) == 0 && rename(partial, target) == 0
      } else {
        close(descriptor) == 0
      }
    guard isDone else { throw failure(.inputOutput, "\(path): \(String(cString: strerror(errno)))") }
    isWhole = true
  }
}
