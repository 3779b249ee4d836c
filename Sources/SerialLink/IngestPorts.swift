import Motion

/// The ports of one ingest loop, each under the number of its stream.
public struct IngestPorts: ~Copyable {
  /// One port and the room for what it delivers.
  final class Slot {
    let stream: StreamID
    var port: SerialPort
    /// The kernel hands out at most 4 KiB of a terminal's bytes at once.
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    /// Still to be looked at in this step.
    var isPending = false
    /// What the last read left in `room`, and when.
    var count = 0
    var arrived = HostInstant(nanoseconds: 0)
    var gone: UnplugReason?
    /// What poll said of it.
    var hasHungUp = false

    init(stream: StreamID, port: consuming SerialPort) {
      self.stream = stream
      self.port = port
    }

    deinit { room.deallocate() }
  }

  private(set) var slots: [Slot] = []

  public init() {}

  /// Takes a port in; one that had the same number is closed.
  public mutating func add(_ port: consuming SerialPort, as stream: StreamID) {
    slots.removeAll { $0.stream == stream }
    slots.append(Slot(stream: stream, port: port))
  }

  /// Whether no port is left.
  public var isEmpty: Bool { slots.isEmpty }

  /// The streams whose ports are open.
  public var streams: [StreamID] { slots.map(\.stream) }

  /// Writes to a stream's port, as `SerialPort.write` does; false when the port has gone.
  public mutating func send(_ bytes: Span<UInt8>, to stream: StreamID) throws(LinkError) -> Bool {
    guard let slot = slots.first(where: { $0.stream == stream }) else { return false }
    try slot.port.write(bytes)
    return true
  }

  /// What the driver counted on a stream's port; nil where it does not count, or has gone.
  public func lineErrors(of stream: StreamID) -> LineErrors? {
    slots.first { $0.stream == stream }?.port.lineErrors
  }

  mutating func remove(_ slot: Slot) { slots.removeAll { $0 === slot } }

  mutating func removeAll() { slots.removeAll() }
}
