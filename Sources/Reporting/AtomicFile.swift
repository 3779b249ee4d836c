import Glibc

/// Files that are there whole or not at all.
public enum AtomicFile {
  /// Why a file could not be written, in words for the person who asked for it.
  public struct Failure: Error, CustomStringConvertible {
    public let path: String
    /// What was tried, such as `create`.
    public let step: String
    /// The system's error number.
    public let code: Int32

    public var description: String {
      "cannot \(step) \(path): \(String(cString: strerror(code)))"
    }
  }

  /// Where a file that is to appear under a name has to be renamed to: the name itself, or what it links to. Nil where there is something that is
  /// no file, such as /dev/null or a pipe: that is written into, and not replaced.
  public static func replaceable(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    guard status.st_mode & S_IFMT == S_IFREG else { return status.st_mode & S_IFMT == S_IFDIR ? path : nil }
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Writes the bytes to a new file beside `path`, syncs it, and renames it to the name: a reader sees the old file or the
  /// new one, and a full disk leaves the old one as it was.
  public static func write(_ bytes: [UInt8], to name: String) throws(Failure) {
    guard let path = replaceable(name) else { return try writeInto(name, bytes) }
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    var temporary = ""
    var descriptor: Int32 = -1
    // Exclusive: two writers at once, or a file that a killed run left behind, are stepped around.
    for attempt in 0..<64 {
      temporary = "\(path[..<slash]).talus-\(getpid())-\(attempt).part"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor >= 0 || errno != EEXIST { break }
    }
    guard descriptor >= 0 else { throw Failure(path: path, step: "create", code: errno) }
    var failure = writeAll(bytes, to: descriptor)
    if failure == 0 && fsync(descriptor) != 0 { failure = errno }
    if close(descriptor) != 0 && failure == 0 { failure = errno }
    if failure == 0 && rename(temporary, path) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(temporary)
      throw Failure(path: path, step: "write", code: failure)
    }
  }

  /// Writes the bytes into what is there: a device or a pipe.
  private static func writeInto(_ path: String, _ bytes: [UInt8]) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(path: path, step: "open", code: errno) }
    var failure = writeAll(bytes, to: descriptor)
    if close(descriptor) != 0 && failure == 0 { failure = errno }
    guard failure == 0 else { throw Failure(path: path, step: "write", code: failure) }
  }

  /// - Returns: zero, or the error number.
  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let written = Glibc.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
        if written > 0 {
          offset += written
        } else if written == 0 {
          return EIO
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}
