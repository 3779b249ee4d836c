import Motion

/// Where the reading of one stream stands, apart from the format and from the bytes that wait for the next chunk.
public struct FrameScan: Sendable {
  var draft: SampleDraft
  var counters = DecoderCounters()
  /// The kinds of message, where somebody wants to know.
  var messages: MessageTally?
  /// Stepping over bytes now. A stream begins so: finding the first frame is no resynchronisation.
  var isSearching = true

  init(stream: StreamID, hasChecksum: Bool) {
    draft = SampleDraft(stream: stream, hasChecksum: hasChecksum)
  }

  @inline(__always)
  fileprivate mutating func skip(_ count: Int, _ position: inout Int) {
    position &+= count
    counters.skipped &+= UInt64(count)
    if counters.frames == 0 { counters.lead = counters.skipped }
    if !isSearching {
      isSearching = true
      counters.resynchronisations &+= 1
    }
    draft.lose(count)
  }
}

extension FrameFormat {
  /// Walks over the bytes as the protocol of formats asks. It is a requirement with this one implementation, so that every format has it
  /// compiled with its own `examine` and `accept` inside; a generic reader behind `any FrameDecoder` would look them up frame by frame.
  public mutating func take(
    _ bytes: Span<UInt8>, from start: Int, before limit: Int, arrivals: Span<HostInstant>, now: HostInstant,
    scan: inout FrameScan, into samples: inout [SensorSample]
  ) -> Int {
    var position = start
    while position < limit {
      let head = bytes.extracting(droppingFirst: position)
      switch examine(head) {
      case .frame(let length):
        guard length > 0, length <= head.count else {
          scan.skip(1, &position)
          continue
        }
        position &+= length
        scan.counters.frames &+= 1
        scan.counters.framed &+= UInt64(length)
        scan.isSearching = false
        let arrived = position <= arrivals.count ? arrivals[position &- 1] : now
        if scan.messages != nil { tally(head.extracting(first: length), in: &scan.messages!) }
        accept(head.extracting(first: length), arrived: arrived, draft: &scan.draft, into: &samples)
      case .incomplete:
        // A format that asks for more than its longest frame must not make the reader grow or wait.
        guard head.count >= longestFrame else { return position }
        scan.skip(1, &position)
      case .noFrame:
        scan.skip(1, &position)
      case .badCheck:
        scan.counters.checksumFailures &+= 1
        scan.skip(1, &position)
      case .noFrameWithin(let count):
        scan.skip(min(max(count, 1), head.count), &position)
      }
    }
    return position
  }
}
