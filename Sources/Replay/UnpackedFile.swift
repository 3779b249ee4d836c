import CaptureImport
import Files
import Glibc
import Recording

/// A recording whose chunks another program compressed, written anew into a file without a name, which is gone with this value.
final class UnpackedFile: Sendable {
  private let descriptor: Int32

  /// Where it can be opened as long as this value lives.
  var path: String { "/proc/self/fd/\(descriptor)" }

  /// - Throws: `RecordingRefusal` when it cannot be unpacked; `SessionInput.Unusable` when there is no place for it.
  init(_ file: borrowing MappedFile) throws {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/talus-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw Self.noPlace(folder, errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
    let descriptor = descriptor
    try file.withBytes { bytes in
      try RecordingUnpacking.unpack(bytes) { piece in
        let error = writeAll(piece, to: descriptor)
        guard error == 0 else { throw Self.noPlace(folder, error) }
      }
    }
  }

  deinit { close(descriptor) }

  private static func noPlace(_ folder: String, _ error: Int32) -> SessionInput.Unusable {
    SessionInput.Unusable(
      description: "\(folder): no place to unpack a compressed recording: \(String(cString: strerror(error))); "
        + "say another folder with TMPDIR", isUnreadable: true)
  }
}
