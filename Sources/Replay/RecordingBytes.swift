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
  /// The copy that holds what was unpacked; nil for plain ones. The file is gone with it.
  let unpacked: UnpackedFile?

  /// - Throws: `MappedFile.Failure` when it cannot be opened, `RecordingRefusal` when it is compressed and cannot be unpacked,
  ///   `SessionInput.Unusable` when there is no place for that. Whether it is a recording is left to the reader.
  public init(path: String) throws {
    let given = try MappedFile(path: path)
    let (count, method) = (given.count, Self.compression(given))
    let copy = method == nil ? nil : try UnpackedFile(given)
    file = try Self.readable(given, copy)
    size = count
    compression = method
    unpacked = copy
  }

  private static func readable(_ given: consuming MappedFile, _ copy: UnpackedFile?) throws -> MappedFile {
    guard let copy else { return given }
    return try MappedFile(path: copy.path)
  }

  private static func compression(_ file: borrowing MappedFile) -> String? {
    do {
      try file.withBytes { bytes throws(RecordingRefusal) in _ = try RecordingReader.readHeader(bytes) }
    } catch {
      if case .compressed(let method) = error { return method }
    }
    return nil
  }
}
