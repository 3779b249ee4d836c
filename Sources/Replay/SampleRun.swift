import CaptureImport
import Motion
import Pipeline
import Recording
import SensorProtocols

/// What a walk over an input's samples came to.
public struct SampleRun: Sendable {
  /// What became of the bytes; all zero for captures.
  public var counters = DecoderCounters()
  /// Hz; nil where it could not be learned.
  public var rate: Double?
  /// How exactly the learned rate is known, Hz, one standard deviation; nil for one that was stated, or is a capture's own.
  public var rateSpread: Double?
  /// How a recording ended; nil for other inputs.
  public var end: RecordingEnd?
  /// The kinds of message in the bytes; nil where nobody asked.
  public var messages: MessageTally?
  /// What a person has to know of what came after the input's beginning.
  public var notes: [String] = []
  /// Where session time zero lies on the clock of the host that recorded; nil for other inputs.
  public var zero: HostInstant?
  /// Samples whose device clock ran backwards or stood still.
  public var timeRepairs: UInt64 = 0

  public init(counters: DecoderCounters = DecoderCounters(), rate: Double? = nil, rateSpread: Double? = nil) {
    self.counters = counters
    self.rate = rate
    self.rateSpread = rateSpread
  }
}

extension SessionInput {
  /// The input's samples with their session time, before anything is made of them: for conversions.
  ///
  /// - Parameters:
  ///   - stream: which sensor of a recording; nil for the shank's, or the only one.
  ///   - tallies: whether the kinds of message are counted.
  public func forEachSample(
    stream: StreamID? = nil, tallies: Bool = false, _ body: (TimedSample) throws -> Void
  ) throws -> SampleRun {
    var cursor = try SampleCursor(self, stream: stream, tallies: tallies)
    while let sample = cursor.next() { try body(sample) }
    if let trouble = cursor.trouble { throw trouble }
    return cursor.run
  }
}

extension SessionInput {
  /// Whether the first samples hold an orientation from the device, and not what a filter needs.
  var isFusedOnBoard: Bool {
    var fields: SensorSample.Fields = []
    var count = 0
    struct Enough: Error {}
    _ = try? forEachSample { timed in
      fields.formUnion(timed.sample.fields)
      count += 1
      if count == 500 { throw Enough() }
    }
    return !fields.isDisjoint(with: [.orientation, .eulerAngles])
      && !fields.isSuperset(of: [.acceleration, .angularRate])
  }
}
