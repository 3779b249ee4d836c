import CSerial
import Glibc

/// Writes to a descriptor that does not block; waits for room, but no longer than `nanoseconds` in all.
///
/// - Returns: how many bytes were taken, and the system's error number where these are not all (`ETIMEDOUT` when time ran out), or 0.
func timedWrite(
  _ bytes: Span<UInt8>, to descriptor: Int32, within nanoseconds: Int64
) -> (written: Int, error: Int32) {
  let deadline = HostClock.now().nanoseconds &+ nanoseconds
  var written = 0
  while written < bytes.count {
    let count = bytes.extracting(written..<bytes.count).withUnsafeBufferPointer {
      Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    if count > 0 {
      written += count
      continue
    }
    let number = count == 0 ? EAGAIN : errno
    guard number == EAGAIN || number == EINTR else { return (written, number) }
    let remaining = deadline &- HostClock.now().nanoseconds
    guard remaining > 0 else { return (written, ETIMEDOUT) }
    var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    var ready: Int32 = 0
    cserial_wait(&wish, 1, remaining, &ready)
  }
  return (written, 0)
}
