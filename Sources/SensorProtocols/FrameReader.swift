import Motion

/// The framing engine that all protocols share.
///
/// Whole frames are read where they lie in the incoming bytes. Only the head of a frame that a later chunk completes
/// is copied, into a buffer that is allocated once and holds less than two of the longest frames. A frame that fails
/// its check loses one byte and the rest is looked at again, so a true frame inside a false one is found.
public struct FrameReader<Format: FrameFormat>: FrameDecoder {
  private var scanner: FrameScanner<Format>
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
    scanner = FrameScanner(format: format, stream: stream)
    carry = Array(repeating: 0, count: 2 * longest)
    carryArrivals = Array(repeating: HostInstant(nanoseconds: 0), count: longest)
  }

  public var counters: DecoderCounters { scanner.counters }

  public mutating func consume(_ bytes: Span<UInt8>, arrived: HostInstant, into samples: inout [SensorSample]) {
    scanner.counters.bytesIn &+= UInt64(bytes.count)
    var position = 0
    if carryCount > 0 {
      guard let resumed = finishCarried(bytes, arrived: arrived, into: &samples) else { return }
      position = resumed
    }
    let end = scanner.scan(
      bytes, from: position, before: bytes.count, arrivals: Span<HostInstant>(), now: arrived, into: &samples)
    // A format says `incomplete` only for less than its longest frame, so the rest fits.
    var index = end
    while index < bytes.count {
      carry[index &- end] = bytes[index]
      carryArrivals[index &- end] = arrived
      index &+= 1
    }
    carryCount = bytes.count - end
    scanner.counters.held = UInt64(carryCount)
  }

  public mutating func sent(_ bytes: Span<UInt8>) { scanner.format.sent(bytes) }

  public mutating func finish(into samples: inout [SensorSample]) {
    scanner.finish(into: &samples)
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
    // Moved out while the scanner works, because a span of a stored array borrows the whole value. Nothing is copied.
    var held: [UInt8] = []
    var arrivals: [HostInstant] = []
    swap(&held, &carry)
    swap(&arrivals, &carryArrivals)
    let end = scanner.scan(
      held.span.extracting(first: old + taken), from: 0, before: old, arrivals: arrivals.span.extracting(first: old),
      now: arrived, into: &samples)
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
    scanner.counters.held = UInt64(rest)
    return nil
  }
}

/// The part of a reader that walks over bytes, apart from the buffer that some of them lie in.
private struct FrameScanner<Format: FrameFormat>: Sendable {
  var format: Format
  var draft: SampleDraft
  var counters = DecoderCounters()
  /// Stepping over bytes now. A stream begins so: finding the first frame is no resynchronisation.
  var isSearching = true

  init(format: Format, stream: StreamID) {
    self.format = format
    self.draft = SampleDraft(stream: stream, hasChecksum: format.hasChecksum)
  }

  /// Takes frame after frame that begins at `from` or later and before `limit`.
  ///
  /// - Parameters:
  ///   - arrivals: when the first so many bytes arrived; all after them arrived `now`.
  /// - Returns: where it stopped: at the head of an incomplete frame, or at or after `limit`.
  @inline(__always)
  mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, before limit: Int, arrivals: Span<HostInstant>, now: HostInstant,
    into samples: inout [SensorSample]
  ) -> Int {
    var position = start
    while position < limit {
      let head = bytes.extracting(droppingFirst: position)
      switch format.examine(head) {
      case .frame(let length):
        guard length > 0, length <= head.count else {
          skip(1, &position)
          continue
        }
        position &+= length
        counters.frames &+= 1
        counters.framed &+= UInt64(length)
        isSearching = false
        let arrived = position <= arrivals.count ? arrivals[position &- 1] : now
        format.accept(head.extracting(first: length), arrived: arrived, draft: &draft, into: &samples)
      case .incomplete:
        // A format that asks for more than its longest frame must not make the reader grow or wait.
        guard head.count >= format.longestFrame else { return position }
        skip(1, &position)
      case .noFrame:
        skip(1, &position)
      case .badCheck:
        counters.checksumFailures &+= 1
        skip(1, &position)
      case .noFrameWithin(let count):
        skip(min(max(count, 1), head.count), &position)
      }
    }
    return position
  }

  mutating func finish(into samples: inout [SensorSample]) {
    format.finish(draft: &draft, into: &samples)
  }

  @inline(__always)
  private mutating func skip(_ count: Int, _ position: inout Int) {
    position &+= count
    counters.skipped &+= UInt64(count)
    if !isSearching {
      isSearching = true
      counters.resynchronisations &+= 1
    }
    draft.lose(count)
  }
}
