import CSerial
import Glibc

/// Ends or wakes an ingest loop from any thread. Both may be called before the loop runs; it then acts on them at its first step.
public final class LoopControl: Sendable {
  /// An eventfd. A stop request adds `cserial_stop` to its counter and a wake-up adds 1, so the counter itself says what was asked for,
  /// and a signal handler can ask, too.
  let descriptor: Int32

  public init() throws(LinkError) {
    var made: Int32 = -1
    let failure = cserial_event_fd(&made)
    guard failure == 0 else { throw .system(path: "eventfd", action: "opening", errorNumber: failure) }
    descriptor = made
  }

  deinit { close(descriptor) }

  /// The loop delivers what has arrived, then ends.
  public func stop() { add(cserial_stop) }

  /// The loop calls its handler's `woken`.
  public func wake() { add(1) }

  private func add(_ amount: UInt64) {
    withUnsafeBytes(of: amount) { _ = write(descriptor, $0.baseAddress, $0.count) }
  }

  /// What was asked for since the last call.
  func take() -> (stop: Bool, wake: Bool) {
    var sum: UInt64 = 0
    guard read(descriptor, &sum, 8) == 8 else { return (false, false) }
    return (sum >= cserial_stop, sum % cserial_stop != 0)
  }
}

/// While this value lives, the first SIGINT, SIGTERM or SIGHUP stops the loop in good order, and a second one of the same kind ends the
/// program as if Talus had not asked for it. At its end the former handling is back.
/// Made and ended on one thread.
///
/// A signal that the program was started to ignore (nohup, a shell's background job) stays ignored.
public struct StopSignals: ~Copyable {
  // The signal handler writes to its descriptor.
  private let control: LoopControl

  /// Throws when another value of this kind lives.
  public init(stopping control: LoopControl) throws(LinkError) {
    let failure = cserial_stop_signals_install(control.descriptor)
    guard failure == 0 else { throw .system(path: "signals", action: "taking over", errorNumber: failure) }
    self.control = control
  }

  deinit {
    cserial_stop_signals_remove()
    _ = control
  }

  /// The number of the signal that came, if one did.
  public var received: Int32? {
    let number = cserial_stop_signals_received()
    return number == 0 ? nil : number
  }
}
