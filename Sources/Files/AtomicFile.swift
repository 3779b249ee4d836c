import Glibc

/// A file that is being written, and appears under its name only when it is whole: a reader sees the old file or the new one, and a full disk
/// leaves the old one as it was. Where there is a device or a pipe under the name, that is written into.
///
/// A value that goes away unfinished leaves nothing behind.
public struct AtomicFile: ~Copyable {
  /// Why a file could not be written, in words for the person who asked for it.
  public struct Failure: Error, CustomStringConvertible {
    /// What was tried.
    public enum Step: String, Sendable {
      case create
      case open
      case write
    }

    /// The file.
    public let path: String
    /// What was tried.
    public let step: Step
    /// The system's error number.
    public let code: Int32

    /// The system's words for it.
    public var reason: String { String(cString: strerror(code)) }

    public var description: String { "cannot \(step.rawValue) \(path): \(reason)" }
  }

  /// What the bytes go to.
  private struct Target {
    /// The file that appears in the end, or what is written into.
    var path: String
    /// The file beside it that is renamed then; nil where what is there is written into.
    var temporary: String?
    var descriptor: Int32
  }

  private let target: Target
  private var isFinished = false

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - name: its path; of a link, the file that it leads to is replaced.
  ///   - model: a file whose owner and permissions the new one gets, if that can be.
  public init(_ name: String, like model: String? = nil) throws(Failure) {
    guard let path = Self.replaceable(name) else {
      let descriptor = open(name, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Failure(path: name, step: .open, code: errno) }
      target = Target(path: name, temporary: nil, descriptor: descriptor)
      return
    }
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    var temporary = ""
    var descriptor: Int32 = -1
    // Exclusive: two writers at once, or a file that a killed run left behind, are stepped around.
    for attempt in 0..<64 {
      temporary = "\(path[..<slash]).talus-\(getpid())-\(attempt).part"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor >= 0 || errno != EEXIST { break }
    }
    guard descriptor >= 0 else { throw Failure(path: path, step: .create, code: errno) }
    target = Target(path: path, temporary: temporary, descriptor: descriptor)
    var status = stat()
    if let model, stat(model, &status) == 0 {
      _ = fchown(descriptor, status.st_uid, status.st_gid)
      _ = fchmod(descriptor, status.st_mode & 0o7777)
    }
  }

  deinit {
    guard !isFinished else { return }
    close(target.descriptor)
    if let temporary = target.temporary { unlink(temporary) }
  }

  /// Writes the next bytes.
  public func write(_ bytes: Span<UInt8>) throws(Failure) {
    let error = writeAll(bytes, to: target.descriptor)
    guard error == 0 else { throw Failure(path: target.path, step: .write, code: error) }
  }

  /// All bytes are written: syncs the file and gives it its name.
  public consuming func finish() throws(Failure) {
    isFinished = true
    var error: Int32 = 0
    if target.temporary != nil && fsync(target.descriptor) != 0 { error = errno }
    if close(target.descriptor) != 0 && error == 0 { error = errno }
    if let temporary = target.temporary {
      if error == 0 && rename(temporary, target.path) != 0 { error = errno }
      if error != 0 { unlink(temporary) }
    }
    guard error == 0 else { throw Failure(path: target.path, step: .write, code: error) }
  }

  /// Writes a whole file at once.
  public static func write(_ bytes: [UInt8], to name: String) throws(Failure) {
    let file = try AtomicFile(name)
    try file.write(bytes.span)
    try file.finish()
  }

  /// Where a file that is to appear under a name has to be renamed to: the name itself, or what it links to. Nil where there is something that is
  /// no file, such as /dev/null or a pipe: that is written into, and not replaced.
  private static func replaceable(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    guard status.st_mode & S_IFMT == S_IFREG else { return status.st_mode & S_IFMT == S_IFDIR ? path : nil }
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
