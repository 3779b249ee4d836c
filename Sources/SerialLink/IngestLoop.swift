import CSerial
import Glibc
import Motion

/// Waits on all ports at once and hands on what they deliver, on the thread that calls `run`.
///
/// An arrival is stamped right after the read that took the bytes, so a stamp is never earlier than the arrival itself. (Clock recovery
/// leans on the earliest arrivals; a stamp from before the read could claim that bytes came sooner than they did.) All ready ports are
/// read and stamped before any of their bytes are handed on, so one stream's processing does not delay another's stamp, and the stamps
/// of successive calls never run backwards.
public struct IngestLoop: ~Copyable {
  /// The ports, before and between the handler's calls.
  public var ports: IngestPorts
  private let control: LoopControl
  private let tickInterval: Int64?
  /// How long the ports are emptied after a stop, ns. What the kernel holds is read in a hundredth of that; where the handler is slower than the
  /// sensor, a port is never empty.
  private static let lastWords: Int64 = 1_000_000_000

  /// - Parameter tickInterval: nanoseconds from one `tick` to the next; nil for none.
  public init(ports: consuming IngestPorts, control: LoopControl, tickInterval: Int64? = nil) {
    self.ports = ports
    self.control = control
    self.tickInterval = tickInterval.map { max(1, $0) }
  }

  /// Runs until it is stopped or no port is left. Ports that are left when it is stopped are emptied, then closed.
  /// Throws only when the kernel refuses to wait.
  public mutating func run<Handler: IngestHandler & ~Copyable>(
    _ handler: inout Handler
  ) throws(LinkError) -> IngestEnd {
    var watched: [pollfd] = []
    let start = HostClock.now()
    for slot in ports.slots { handler.linkChanged(.opened, of: slot.stream, at: start, reason: "") }
    var nextTick = tickInterval.map { start.nanoseconds &+ $0 }
    while !ports.isEmpty {
      try wait(&watched, until: nextTick)
      let asked = watched[0].revents == 0 ? (stop: false, wake: false) : control.take()
      if asked.wake { handler.woken(at: HostClock.now(), ports: &ports) }
      if asked.stop { for slot in ports.slots { slot.isPending = true } }
      if asked.stop {
        deliver(to: &handler, 1024, until: HostInstant(nanoseconds: HostClock.now().nanoseconds + Self.lastWords))
      } else {
        deliver(to: &handler, 16, until: nil)
      }
      if let due = nextTick, let tickInterval {
        let now = HostClock.now()
        if now.nanoseconds >= due {
          handler.tick(at: now, ports: &ports)
          let following = due &+ tickInterval
          nextTick = following > now.nanoseconds ? following : now.nanoseconds &+ tickInterval
        }
      }
      if asked.stop {
        handler.stopping(at: HostClock.now(), ports: &ports)
        let end = HostClock.now()
        for slot in ports.slots { handler.linkChanged(.closed, of: slot.stream, at: end, reason: "") }
        ports.removeAll()
        return .stopped
      }
    }
    return .allPortsGone
  }

  /// Waits until something happens, and marks the ports to which it did.
  private func wait(_ watched: inout [pollfd], until tick: Int64?) throws(LinkError) {
    watched.removeAll(keepingCapacity: true)
    watched.append(pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0))
    for slot in ports.slots {
      watched.append(pollfd(fd: slot.port.descriptor, events: Int16(POLLIN), revents: 0))
    }
    let patience = tick.map { max(0, $0 &- HostClock.now().nanoseconds) } ?? -1
    var ready: Int32 = 0
    let failure = cserial_wait(&watched, watched.count, patience, &ready)
    guard failure == 0 else { throw .system(path: "poll", action: "waiting", errorNumber: failure) }
    for (index, slot) in ports.slots.enumerated() {
      let said = Int32(watched[index + 1].revents)
      slot.isPending = said != 0
      slot.hasHungUp = said & (POLLHUP | POLLERR | POLLNVAL) != 0
    }
  }

  /// Reads the marked ports until they are empty, but not more than so many times or longer than that: a device that never pauses must not
  /// keep the ticks and the stop request waiting.
  private mutating func deliver<Handler: IngestHandler & ~Copyable>(
    to handler: inout Handler, _ rounds: Int, until end: HostInstant?
  ) {
    for _ in 0..<rounds {
      if let end, HostClock.now() >= end { return }
      // A handler may take ports in or out: what this round walks over stays as it is.
      let slots = ports.slots
      var isIdle = true
      for slot in slots where slot.isPending {
        Self.readOnce(slot)
        if slot.isPending || slot.count > 0 || slot.gone != nil { isIdle = false }
      }
      if isIdle { return }
      for slot in slots {
        if slot.count > 0 {
          let bytes = UnsafeRawBufferPointer(rebasing: slot.room[..<slot.count]).bindMemory(to: UInt8.self)
          handler.received(bytes.span, from: slot.stream, arrived: slot.arrived, ports: &ports)
          slot.count = 0
        }
        if let reason = slot.gone {
          ports.remove(slot)
          handler.linkChanged(.unplugged, of: slot.stream, at: HostClock.now(), reason: reason.description)
          slot.gone = nil
        }
      }
    }
  }

  private static func readOnce(_ slot: IngestPorts.Slot) {
    let outcome = slot.port.read(into: slot.room)
    slot.arrived = HostClock.now()
    switch outcome {
    case .bytes(let count):
      slot.count = count
    case .nothing:
      slot.isPending = false
      // Hung up and empty: it would wake the loop for ever.
      if slot.hasHungUp { slot.gone = .hungUp }
    case .unplugged(let reason):
      slot.isPending = false
      slot.gone = reason
    }
  }
}
