import CSerial
import Glibc

/// A virtual serial port that this program feeds: whoever opens `path` sees a device. In raw mode from the start, so that no byte is
/// changed or echoed, whether or not the reader sets it up.
public struct PseudoTerminal: ~Copyable, Sendable {
  /// The port's name.
  public let path: String
  /// The descriptor of this program's end.
  public let descriptor: Int32

  public init() throws(LinkError) {
    var master: Int32 = -1
    var name = [CChar](repeating: 0, count: 128)
    let failure = cserial_open_pseudo_terminal(&master, &name, name.count)
    guard failure == 0 else { throw .system(path: "/dev/ptmx", action: "opening a virtual port", errorNumber: failure) }
    descriptor = master
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var settings = cserial_settings()
    if cserial_get_settings(master, &settings) == 0 {
      cserial_make_raw(&settings, 115_200)
      cserial_set_settings(master, &settings)
    }
    // Linux reports the absence of a reader only after one has been there.
    let visitor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    if visitor >= 0 { close(visitor) }
  }

  /// Hangs up. The kernel throws away what the reader has not taken by then.
  deinit { close(descriptor) }

  /// Whether somebody has the port open.
  public var hasReader: Bool {
    var wish = pollfd(fd: descriptor, events: 0, revents: 0)
    var ready: Int32 = 0
    cserial_wait(&wish, 1, 0, &ready)
    return wish.revents & Int16(POLLHUP) == 0
  }

  /// Waits until somebody opens the port; false when nobody did in time. (The kernel does not announce it: it is asked every millisecond.)
  public func waitForReader(within nanoseconds: Int64) -> Bool {
    let deadline = HostClock.now().nanoseconds &+ nanoseconds
    while !hasReader {
      if HostClock.now().nanoseconds >= deadline { return false }
      usleep(1000)
    }
    return true
  }

  /// Hands bytes to the reader; waits while its buffer is full, up to `nanoseconds` in all. Answers how many were taken.
  public mutating func write(_ bytes: Span<UInt8>, within nanoseconds: Int64) -> Int {
    timedWrite(bytes, to: descriptor, within: nanoseconds).written
  }

  /// Takes what the reader wrote, such as poll commands; 0 when there is nothing.
  public mutating func read(into buffer: inout [UInt8]) -> Int {
    max(0, Glibc.read(descriptor, &buffer, buffer.count))
  }
}
