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

  /// What is unpacked or rewritten for reading is no more than this, bytes.
  static let mostInMemory = 512 << 20

  /// The text in UTF-8, for what is not read window by window: these bytes, or what they say in 16-bit units as a copy in memory.
  func inUTF8() throws(ImportError) -> CaptureBytes {
    return try withBytes { (bytes) throws(ImportError) in
      guard let order = WideText.order(bytes) else { return self }
      guard bytes.count <= Self.mostInMemory else {
        throw ImportError(.notText, "text in 16-bit units (UTF-16), and more of it than 512 MiB: save it as UTF-8")
      }
      var text: [UInt8] = []
      WideText.append(bytes, from: 0, to: bytes.count, order, to: &text)
      return CaptureBytes(text)
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
