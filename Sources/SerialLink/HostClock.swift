import CSerial
import Glibc
import Motion

/// The host's monotonic clock (CLOCK_MONOTONIC): it never runs backwards and stands still while the machine sleeps.
public enum HostClock {
  /// This instant.
  public static func now() -> HostInstant { HostInstant(nanoseconds: read(CLOCK_MONOTONIC)) }

  static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

extension UTCAnchor {
  /// Ties the host's clock to the calendar now. The calendar clock is read between two readings of the monotonic one; of a few tries
  /// the tightest is kept, and its middle is the instant. On an idle machine that is good to well under a microsecond, against the
  /// host's own clock: how far that is from true UTC, only the host's time service knows, and the kernel is asked for what it said.
  public static func take() -> UTCAnchor {
    var best = UTCAnchor(host: HostInstant(nanoseconds: 0), utcNanoseconds: 0)
    var tightest = Int64.max
    for _ in 0..<8 {
      let before = HostClock.read(CLOCK_MONOTONIC)
      let utc = HostClock.read(CLOCK_REALTIME)
      let width = HostClock.read(CLOCK_MONOTONIC) &- before
      if width < tightest {
        tightest = width
        best = UTCAnchor(host: HostInstant(nanoseconds: before &+ width / 2), utcNanoseconds: utc)
      }
    }
    var error: Int64 = 0
    if cserial_clock_error(&error) == 0, error < Int64.max / 2000 {
      best.uncertaintyNanoseconds = error * 1000 + tightest / 2
    }
    return best
  }
}
