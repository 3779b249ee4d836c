import Files
import Glibc

/// A file that has no name any more, and is still open.
enum RemovedFile {
  /// Whether the open file has lost its last name.
  static func isRemoved(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 0
  }

  /// Writes the open file's bytes to a new file: in the folder where it was, in the one where the program runs, or in /tmp.
  ///
  /// - Returns: the new file's path; nil when no place takes it.
  static func rescue(_ descriptor: Int32, _ path: String) -> String? {
    let source = open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { return nil }
    defer { close(source) }
    let cut = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = cut.map { String(path[...$0]) } ?? "./"
    let name = cut.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    for place in [folder, "./", "/tmp/"] {
      for attempt in 1...20 {
        let candidate = "\(place)rescued-\(attempt)-\(name)"
        let target = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if target < 0 && errno == EEXIST { continue }
        guard target >= 0 else { break }
        let isWhole = copy(source, target) && fsync(target) == 0
        close(target)
        if isWhole { return candidate }
        unlink(candidate)
        break
      }
    }
    return nil
  }

  private static func copy(_ source: Int32, _ target: Int32) -> Bool {
    guard lseek(source, 0, SEEK_SET) == 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(source, &buffer, buffer.count)
      if count == 0 { return true }
      guard count > 0 else { return false }
      guard writeAll(buffer.span.extracting(0..<count), to: target) == 0 else { return false }
    }
  }
}
