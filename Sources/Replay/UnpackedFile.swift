import CaptureImport
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
    guard descriptor >= 0 else { throw Self.noPlace(folder) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
    let descriptor = descriptor
    try file.withBytes { bytes in
      try RecordingUnpacking.unpack(bytes) { piece in
        var done = 0
        while done < piece.count {
          let written = piece.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
          guard written > 0 || errno == EINTR else { throw Self.noPlace(folder) }
          done += max(written, 0)
        }
      }
    }
  }

  deinit { close(descriptor) }

  private static func noPlace(_ folder: String) -> SessionInput.Unusable {
    SessionInput.Unusable(
      description: "\(folder): no place to unpack a compressed recording: \(String(cString: strerror(errno))); "
        + "say another folder with TMPDIR", isUnreadable: true)
  }
}
