import Motion

/// The framing engine that all protocols share.
///
/// Whole frames are read where they lie in the incoming bytes. Only the head of a frame that a later chunk completes
/// is copied, into a buffer that is allocated once and holds less than two of the longest frames. A frame that fails
/// its check loses one byte and the rest is looked at again, so a true frame inside a false one is found.
public struct FrameReader<Format: FrameFormat>: FrameDecoder {
  private var format: Format
  private var scan: FrameScan
  private var carry: [UInt8]
  /// When each carried byte arrived, so that a frame found late still says when its last byte came.
  private var carryArrivals: [HostInstant]
  private var carryCount = 0
  private let longest: Int

  /// - Parameters:
  ///   - format: the protocol.
  ///   - stream: the stream that its samples are named after.
  public init(_ format: Format, stream: StreamID) {
    longest = max(format.longestFrame, 1)
    self.format = format
    scan = FrameScan(stream: stream, hasChecksum: format.hasChecksum)
    carry = Array(repeating: 0, count: 2 * longest)
    carryArrivals = Array(repeating: HostInstant(nanoseconds: 0), count: longest)
  }

  public var counters: DecoderCounters { scan.counters }

  public var messages: MessageTally? { scan.messages }

  public mutating func beginTally() { scan.messages = MessageTally() }

  public mutating func consume(_ bytes: Span<UInt8>, arrived: HostInstant, into samples: inout [SensorSample]) {
    scan.counters.bytesIn &+= UInt64(bytes.count)
    var position = 0
    if carryCount > 0 {
      guard let resumed = finishCarried(bytes, arrived: arrived, into: &samples) else { return }
      position = resumed
    }
    let end = format.take(
      bytes, from: position, before: bytes.count, arrivals: Span<HostInstant>(), now: arrived, scan: &scan,
      into: &samples)
    // A format says `incomplete` only for less than its longest frame, so the rest fits.
    var index = end
    while index < bytes.count {
      carry[index &- end] = bytes[index]
      carryArrivals[index &- end] = arrived
      index &+= 1
    }
    carryCount = bytes.count - end
    scan.counters.held = UInt64(carryCount)
  }

  public mutating func sent(_ bytes: Span<UInt8>) { format.sent(bytes) }

  public mutating func finish(into samples: inout [SensorSample]) {
    format.finish(draft: &scan.draft, into: &samples)
  }

  /// Settles all frames that begin in the carried bytes, with as many new bytes behind them as the longest frame can need.
  ///
  /// - Returns: where in `bytes` to go on, or nil when all of them were taken and still do not decide.
  private mutating func finishCarried(
    _ bytes: Span<UInt8>, arrived: HostInstant, into samples: inout [SensorSample]
  ) -> Int? {
    let old = carryCount
    let taken = min(bytes.count, longest)
    for index in 0..<taken { carry[old + index] = bytes[index] }
    // Moved out while the format reads, because a span of a stored array borrows the whole value. Nothing is copied.
    var held: [UInt8] = []
    var arrivals: [HostInstant] = []
    swap(&held, &carry)
    swap(&arrivals, &carryArrivals)
    let end = format.take(
      held.span.extracting(first: old + taken), from: 0, before: old, arrivals: arrivals.span.extracting(first: old),
      now: arrived, scan: &scan, into: &samples)
    swap(&held, &carry)
    swap(&arrivals, &carryArrivals)
    if end >= old {
      carryCount = 0
      return end - old
    }
    let rest = old + taken - end
    if end > 0 {
      for index in 0..<rest { carry[index] = carry[end + index] }
      for index in 0..<(old - end) { carryArrivals[index] = carryArrivals[end + index] }
    }
    for index in (old - end)..<rest { carryArrivals[index] = arrived }
    carryCount = rest
    scan.counters.held = UInt64(rest)
    return nil
  }
}
