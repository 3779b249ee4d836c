import CSerial
import Foundation
import Glibc
import Synchronization

/// A pseudo-terminal: the test holds the device's end (the master), the code under test opens `path`.
///
/// The slave starts as the kernel makes it, cooked and echoing, so that a test sees whether the code under test sets it up.
public final class PtyPair: Sendable {
  /// What the code under test opens.
  public let path: String
  private let master: Int32
  private let isOpen = Mutex(true)

  public init() throws {
    var descriptor: Int32 = -1
    var name = [CChar](repeating: 0, count: 128)
    let failure = cserial_open_pseudo_terminal(&descriptor, &name, name.count)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
    master = descriptor
    path = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit { hangUp() }

  /// Pulls the plug. What the other side has not read by then is lost, as the kernel empties a terminal that hangs up.
  public func hangUp() {
    isOpen.withLock { open in
      if open { close(master) }
      open = false
    }
  }

  /// Sends bytes as the device does; answers how many were taken before the time was up.
  @discardableResult
  public func write(_ bytes: some Collection<UInt8>, within seconds: Double = 5) -> Int {
    let all = [UInt8](bytes)
    let deadline = Date(timeIntervalSinceNow: seconds)
    var written = 0
    while written < all.count, Date() < deadline {
      let count = all[written...].withUnsafeBufferPointer { Glibc.write(master, $0.baseAddress, $0.count) }
      if count > 0 {
        written += count
      } else if count < 0 && errno != EAGAIN && errno != EINTR {
        break
      } else {
        wait(for: Int16(POLLOUT), until: deadline)
      }
    }
    return written
  }

  /// What the other side wrote: up to `count` bytes, fewer when the time is up.
  public func read(_ count: Int, within seconds: Double = 5) -> [UInt8] {
    let deadline = Date(timeIntervalSinceNow: seconds)
    var bytes: [UInt8] = []
    while bytes.count < count, Date() < deadline {
      var part = [UInt8](repeating: 0, count: count - bytes.count)
      let got = Glibc.read(master, &part, part.count)
      if got > 0 {
        bytes += part[..<got]
      } else if got < 0 && errno != EAGAIN && errno != EINTR {
        break
      } else {
        wait(for: Int16(POLLIN), until: deadline)
      }
    }
    return bytes
  }

  /// The terminal's settings, as the kernel has them now. (Asked through the master, which shows the slave's.)
  public var settings: [UInt32] {
    var now = cserial_settings()
    guard cserial_get_settings(master, &now) == 0 else { return [] }
    let control = withUnsafeBytes(of: now.cc) { $0.map(UInt32.init) }
    return [now.iflag, now.oflag, now.cflag, now.lflag, now.input_baud, now.output_baud, UInt32(now.line)] + control
  }

  private func wait(for events: Int16, until deadline: Date) {
    var wish = pollfd(fd: master, events: events, revents: 0)
    // A hang-up is reported at once and for ever; the pause keeps that from turning into a busy loop.
    if poll(&wish, 1, Int32(max(1, min(100, deadline.timeIntervalSinceNow * 1000)))) > 0, wish.revents & events == 0 {
      usleep(1000)
    }
  }
}
