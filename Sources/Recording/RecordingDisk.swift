import Files
import Glibc

/// A recording's file as the system has it. It holds no state but the descriptor: the threads that use it look after the rest.
struct RecordingDisk: Sendable {
  let path: String
  /// Negative when the file could not be created.
  let descriptor: Int32
  /// The error number of that, or 0.
  let creationError: Int32

  init(creating path: String, overwriting: Bool) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (overwriting ? O_TRUNC : O_EXCL), 0o666)
    creationError = descriptor < 0 ? errno : 0
  }

  /// Writes all bytes; the error number, or 0.
  ///
  /// - Parameter written: is told of each piece that the kernel has taken.
  func write(_ bytes: [UInt8], _ written: (Int) -> Void) -> Int32 {
    writeAll(bytes.span, to: descriptor, written: written)
  }

  func sync() -> Int32 {
    guard fdatasync(descriptor) != 0 else { return 0 }
    // Pipes and devices cannot be synced, and need not.
    return errno == EINVAL || errno == EROFS ? 0 : errno
  }

  /// Makes the file's name safe too. Not all file systems can: then the file is as safe as they make it.
  func syncFolder() {
    let cut = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folderDescriptor >= 0 else { return }
    fsync(folderDescriptor)
    Glibc.close(folderDescriptor)
  }

  func close() -> Int32 { Glibc.close(descriptor) == 0 ? 0 : errno }
}
