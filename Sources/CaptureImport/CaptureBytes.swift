import Glibc

/// The bytes of one file of a capture, held open for as long as samples may be read from it: mapped from disk, or in memory.
public final class CaptureBytes: Sendable {
  private enum Storage: ~Copyable, Sendable {
    case mapped(MappedFile)
    case array([UInt8])
  }

  private let storage: Storage

  /// Bytes in memory.
  public init(_ array: [UInt8]) {
    storage = .array(array)
  }

  /// A file on disk.
  ///
  /// - Throws: `MappedFile.Failure` when it can't be opened.
  public init(path: String) throws(MappedFile.Failure) {
    storage = .mapped(try MappedFile(path: path))
  }

  /// Calls `body` with all bytes; they are valid only during the call.
  public func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .mapped(let file): return try file.withBytes(body)
    case .array(let array): return try body(array.span)
    }
  }

  /// Says that the bytes of this range were read: their memory is given back. Reading them again takes them from the file anew.
  func release(_ range: Range<Int>) {
    switch storage {
    case .mapped(let file): file.release(range)
    case .array: break
    }
  }
}
