import Motion

/// What a program does with what its ports deliver. The loop calls it on its own thread, one call at a time.
public protocol IngestHandler: ~Copyable {
  /// Bytes came in. The span is valid during the call only.
  mutating func received(
    _ bytes: Span<UInt8>, from stream: StreamID, arrived: HostInstant, ports: inout IngestPorts)

  /// A port was opened, went away or was closed. `reason` is empty except for `unplugged`.
  mutating func linkChanged(_ event: LinkEvent, of stream: StreamID, at instant: HostInstant, reason: String)

  /// The loop's interval has passed. A tick that could not be kept is left out, not made up for.
  mutating func tick(at instant: HostInstant, ports: inout IngestPorts)

  /// The loop was stopped and has delivered all: a last word to the ports before they are closed.
  mutating func stopping(at instant: HostInstant, ports: inout IngestPorts)

  /// `LoopControl.wake` was called, once or several times.
  mutating func woken(at instant: HostInstant, ports: inout IngestPorts)
}

extension IngestHandler where Self: ~Copyable {
  public mutating func tick(at instant: HostInstant, ports: inout IngestPorts) {}
  public mutating func stopping(at instant: HostInstant, ports: inout IngestPorts) {}
  public mutating func woken(at instant: HostInstant, ports: inout IngestPorts) {}
}

/// Why a loop ended.
public enum IngestEnd: Hashable, Sendable {
  /// It was asked to, by `LoopControl.stop` or a signal.
  case stopped
  /// Every port has gone.
  case allPortsGone
}
