import ArgumentParser
import DecimalText
import Files
import Glibc

/// Where a command's text goes: standard output, a file that appears under its name only when it is whole, or a device or pipe that is there.
struct OutputSink: ~Copyable {
  private let path: String?
  /// Nil for standard output.
  private let file: AtomicFile?

  /// - Parameters:
  ///   - path: nil or `-` for standard output.
  ///   - model: a file whose permissions the new one gets, if that can be.
  init(_ path: String?, like model: String? = nil) throws {
    guard let path, path != "-" else {
      self.path = nil
      file = nil
      return
    }
    self.path = path
    do { file = try AtomicFile(path, like: model) } catch { throw failure(.cannotCreate, "\(path): \(error.reason)") }
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
    switch file {
    case .some(let file):
      do { try file.write(bytes) } catch { throw failure(.inputOutput, "\(path ?? ""): \(error.reason)") }
    case .none: try writeOutput(bytes)
    }
  }

  consuming func finish() throws {
    let path = path ?? ""
    guard let file else { return }
    do { try file.finish() } catch { throw failure(.inputOutput, "\(path): \(error.reason)") }
  }
}
