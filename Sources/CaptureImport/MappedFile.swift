import Glibc

/// A file's bytes as the kernel maps them: nothing is copied, and a file larger than memory can be read.
///
/// The file must not be shortened by another program while it is mapped: reading past its new end would end this
/// process (SIGBUS). Recordings only grow, and captures are finished files.
///
/// The mapping is only read, so that threads may share it.
public struct MappedFile: ~Copyable, @unchecked Sendable {
  /// Why a file could not be opened or mapped.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    /// The path as it was given.
    public let path: String
    /// The system's error number; `EISDIR` for a folder.
    public let errno: Int32

    public init(path: String, errno: Int32) {
      self.path = path
      self.errno = errno
    }

    /// The path and the system's words for the error.
    public var description: String { "\(path): \(String(cString: strerror(errno)))" }
  }

  private let address: UnsafeMutableRawPointer?
  /// Size in bytes when it was opened.
  public let count: Int

  /// Opens and maps the file for reading.
  ///
  /// - Throws: `Failure` with the error of open, fstat or mmap; `EISDIR` for a folder, `EINVAL` for what is neither
  ///   file nor folder (a pipe or a device has no size to map).
  public init(path: String) throws(Failure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure(path: path, errno: Glibc.errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(path: path, errno: Glibc.errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw Failure(path: path, errno: EISDIR)
    default: throw Failure(path: path, errno: EINVAL)
    }
    let size = Int(status.st_size)
    guard size > 0 else {  // an empty mapping is an error to mmap, an empty file is none
      self.address = nil
      self.count = 0
      return
    }
    guard let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED else {
      throw Failure(path: path, errno: Glibc.errno)
    }
    _ = madvise(mapped, size, MADV_SEQUENTIAL)
    self.address = mapped
    self.count = size
  }

  deinit {
    if let address { munmap(address, count) }
  }

  /// Gives the memory of the whole pages in a range back to the system: a file that is read once from its beginning to its end then never takes
  /// more memory than what is being looked at.
  public borrowing func release(_ range: Range<Int>) {
    let page = 4096
    let start = max(range.lowerBound, 0) & ~(page - 1)
    let end = min(range.upperBound, count) & ~(page - 1)
    guard let address, start < end else { return }
    _ = madvise(address + start, end - start, MADV_DONTNEED)
  }

  /// The same for all that lies before a place, where a reader comes by that only goes forward: in large pieces, so that it may say every place.
  ///
  /// - Parameter released: up to where that was done already; 0 at first.
  @inline(__always)
  public borrowing func release(before place: Int, released: inout Int) {
    if place < released { released = 0 }  // A second walk.
    guard place &- released >= 4 << 20 else { return }
    release(released..<place)
    released = place
  }

  /// Calls `body` with all bytes of the file; they are valid only during the call.
  public borrowing func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = UnsafeBufferPointer(start: address?.assumingMemoryBound(to: UInt8.self), count: count)
    return try body(bytes.span)
  }
}
