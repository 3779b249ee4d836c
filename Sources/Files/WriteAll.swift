import Glibc

/// Writes all bytes; waits where the other end takes none just now.
///
/// - Parameter written: is told of each piece that the kernel has taken.
/// - Returns: the system's error number when the other end is gone or the disk is full, or 0.
@discardableResult
public func writeAll(_ bytes: Span<UInt8>, to descriptor: Int32, written: (Int) -> Void = { _ in }) -> Int32 {
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let count = write(descriptor, buffer.baseAddress! + done, buffer.count - done)
      if count > 0 {
        done += count
        written(count)
      } else if count == 0 {
        return EIO
      } else if errno == EAGAIN {
        // A terminal or pipe that another program has set so that it does not block.
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
