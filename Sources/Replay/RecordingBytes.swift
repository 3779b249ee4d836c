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
    let given = try MappedFile(path: path)
    size = given.count
    do throws(RecordingRefusal) {
      try given.withBytes { bytes throws(RecordingRefusal) in _ = try RecordingReader.readHeader(bytes) }
    } catch {
      if case .compressed(let method) = error {
        let copy = try UnpackedFile(given)
        file = try MappedFile(path: copy.path)
        compression = method
        unpacked = copy
        return
      }
    }
    file = given
    compression = nil
    unpacked = nil
  }
}
