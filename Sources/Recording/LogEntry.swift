import Motion

/// One entry of a session's log: the engine's whole input is these but for the remarks, in order.
///
/// The bytes of a `.bytes` entry are not in it; they are handed over beside it, so that nothing is copied.
public enum LogEntry: Hashable, Sendable {
  /// Bytes that came from a sensor together, or went to it.
  case bytes(stream: StreamID, arrived: HostInstant, direction: Direction)
  /// The operator said something.
  case operatorEvent(HostInstant, OperatorEvent)
  /// A sensor's connection changed.
  case link(HostInstant, StreamID, LinkEvent)
  /// Something was said or found about the session: no input of the engine.
  case remark(HostInstant, Remark)

  /// When it happened, on the host's monotonic clock.
  public var instant: HostInstant {
    switch self {
    case .bytes(_, let arrived, _): arrived
    case .operatorEvent(let instant, _): instant
    case .link(let instant, _, _): instant
    case .remark(let instant, _): instant
    }
  }
}
