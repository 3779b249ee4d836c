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
  /// How a recording ended; nil for other inputs.
  public var end: RecordingEnd?
  /// The kinds of message in the bytes; nil where nobody asked.
  public var messages: MessageTally?
  /// What a person has to know of what came after the input's beginning.
  public var notes: [String] = []

  public init(
    counters: DecoderCounters = DecoderCounters(), rate: Double? = nil, end: RecordingEnd? = nil,
    messages: MessageTally? = nil, notes: [String] = []
  ) {
    self.counters = counters
    self.rate = rate
    self.end = end
    self.messages = messages
    self.notes = notes
  }
}

extension SessionInput {
  /// The input's samples with their session time, before anything is made of them: for conversions.
  ///
  /// - Parameter tallies: whether the kinds of message are counted.
  public func forEachSample(tallies: Bool = false, _ body: (TimedSample) throws -> Void) throws -> SampleRun {
    if case .capture(let capture) = content {
      var walk = CaptureWalk(capture)
      while let timed = try walk.next() { try body(timed) }
      return SampleRun(rate: capture.rate, notes: walk.ending.notes)
    }
    let description = try ProtocolCatalogue.find(configuration.protocolName)
    var intake = SampleIntake(description, fixedRate: configuration.fixedRate)
    if tallies { intake.beginTally() }
    var samples: [TimedSample] = []
    func hand() throws {
      for index in samples.indices { try body(samples[index]) }
      samples.removeAll(keepingCapacity: true)
    }
    let file = try map()
    let end: RecordingEnd? = try file.withBytes { bytes in
      if case .recording = content {
        return try RecordingReader.forEachEntry(in: bytes) { entry, payload in
          switch entry {
          case .bytes(_, let arrived, .received): intake.receive(payload, arrived: arrived, into: &samples)
          case .bytes(_, _, .sent): intake.sent(payload)
          case .link(_, _, .unplugged): intake.unplugged()
          default: break
          }
          try hand()
        }.end
      }
      var start = 0
      while start < bytes.count {
        let end = min(start + 4096, bytes.count)
        intake.receive(bytes.extracting(start..<end), arrived: HostInstant(nanoseconds: 0), into: &samples)
        start = end
        try hand()
      }
      return nil
    }
    intake.finish(into: &samples)
    try hand()
    return SampleRun(counters: intake.counters, rate: intake.rate, end: end, messages: intake.messages)
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
