import CaptureImport
import Recording

/// A recording's file, unpacked where another program compressed its chunks, for what looks at it as a file.
public struct RecordingBytes: ~Copyable {
  /// What is to be read.
  public let file: MappedFile
  /// Bytes of the file that was named.
  public let size: Int
  /// The method by which its chunks are compressed; nil for plain ones.
  public let compression: String?
  private let unpacked: UnpackedFile?

  /// - Throws: `MappedFile.Failure` when it cannot be opened, `RecordingRefusal` when it is compressed and cannot be unpacked,
  ///   `SessionInput.Unusable` when there is no place for that. Whether it is a recording is left to the reader.
  public init(path: String) throws {
    let found = try Self.unpack(path)
    file = try MappedFile(path: found.copy?.path ?? path)
    size = found.size
    compression = found.method
    unpacked = found.copy
  }

  private static func unpack(_ path: String) throws -> (size: Int, method: String?, copy: UnpackedFile?) {
    let given = try MappedFile(path: path)
    do throws(RecordingRefusal) {
      try given.withBytes { bytes throws(RecordingRefusal) in _ = try RecordingReader.readHeader(bytes) }
    } catch {
      if case .compressed(let method) = error { return (given.count, method, try UnpackedFile(given)) }
    }
    return (given.count, nil, nil)
  }
}
