import Motion

/// What a whole recording holds, and what of it is damaged.
public struct RecordingReport: Sendable {
  /// What the log holds of one sensor.
  public struct Stream: Hashable, Sendable {
    /// Entries, in both directions together.
    public var entries: UInt64 = 0
    /// Bytes from the sensor.
    public var received: UInt64 = 0
    /// Bytes to it.
    public var sent: UInt64 = 0
  }

  /// Bytes in the file.
  public var size: Int
  /// What the recording says before its log; nil when that is lost.
  public var header: RecordingHeader?
  /// Why the head is not to be trusted; nil when its checksum holds.
  public var headDamage: RecordingRefusal?
  /// How the log ended.
  public var end: RecordingEnd
  /// What was counted.
  public var tally: RecordingTally
  /// The first hundred places where something does not agree.
  public var damages: [RecordingDamage]
  /// What is there of every sensor.
  public private(set) var streams: [StreamID: Stream] = [:]
  /// Operator and link events.
  public private(set) var events: UInt64 = 0
  /// All remarks, in the order of the file.
  public private(set) var remarks: [Remark] = []
  /// Of the log's entries without the remarks; nil where there is none.
  public private(set) var span: ClosedRange<HostInstant>?

  /// The number of the message that would follow.
  let nextSequence: UInt32

  /// Whether nothing was cut off or altered.
  public var isWhole: Bool { headDamage == nil && end == .complete }

  /// Reads the whole file and verifies every checksum.
  ///
  /// - Parameter passed: is told the byte before which nothing will be read again, as it moves on.
  /// - Throws: `RecordingRefusal` for what is no recording: not MCAP, another program's data, compressed, a later format. A recording whose
  ///   head is damaged is not refused.
  public init(_ bytes: Span<UInt8>, passed: (Int) -> Void = { _ in }) throws(RecordingRefusal) {
    let head = try RecordingHead(bytes)
    size = bytes.count
    header = head.header
    headDamage = head.damage
    var cursor = RecordingCursor(bytes, anchor: head.anchor)
    var streams: [StreamID: Stream] = [:]
    var events: UInt64 = 0
    var remarks: [Remark] = []
    var span: ClosedRange<HostInstant>?
    while let next = cursor.next(in: bytes) {
      passed(cursor.position)
      let instant = next.entry.instant
      switch next.entry {
      case .bytes(let stream, _, let direction):
        let count = UInt64(next.payload.count)
        streams[stream, default: Stream()].entries += 1
        if direction == .received {
          streams[stream]?.received += count
        } else {
          streams[stream]?.sent += count
        }
      case .operatorEvent, .link: events += 1
      case .remark(_, let remark):
        remarks.append(remark)
        continue
      }
      span = span.map { min($0.lowerBound, instant)...max($0.upperBound, instant) } ?? instant...instant
    }
    end = cursor.end ?? .complete
    tally = cursor.tally
    damages = cursor.damages
    nextSequence = cursor.expectedSequence
    self.streams = streams
    self.events = events
    self.remarks = remarks
    self.span = span
    // A file that only begins like one: the reason why its head cannot be read says more than an empty log.
    if header == nil, tally.entries == 0, let headDamage { throw headDamage }
  }
}

/// A recording's head as far as it can be read.
struct RecordingHead {
  var header: RecordingHeader?
  /// Why the head is not to be trusted.
  var damage: RecordingRefusal?

  /// Ties the log to the clock; where that is lost, the log's times are taken as they stand.
  var anchor: UTCAnchor { header?.anchor ?? UTCAnchor(host: HostInstant(nanoseconds: 0), utcNanoseconds: 0) }

  /// - Throws: what makes it no recording at all.
  init(_ bytes: Span<UInt8>) throws(RecordingRefusal) {
    do {
      header = try RecordingReader.readHeader(bytes)
      return
    } catch {
      switch error {
      case .noSession, .compressed, .laterFormat: throw error
      case .notMCAP:
        // The first bytes may be what was damaged: a whole chunk tells.
        var budget = bytes.count
        guard RecordCheck.nextChunk(after: -1, bytes, mayExceed: false, budget: &budget) != nil else { throw error }
      case .damagedHead: break
      }
      damage = error
    }
    header = try? RecordingReader.readHeader(bytes, allowingDamage: true)
  }
}
