import CaptureImport
import Motion
import Pipeline
import Recording

extension SessionInput {
  /// One step of a run, handed to whoever wants to see or pace it.
  public struct Progress: Sendable {
    /// Session time reached, s.
    public var time: Double
    /// Share of the input that is behind, 0 to 1.
    public var share: Double
  }

  /// What a run came to.
  public struct Outcome: Sendable {
    public var counters: SessionCounters
    /// Hz; nil where it could not be learned.
    public var rate: Double?
    /// How exactly it was learned, Hz, one standard deviation; nil where it was not.
    public var rateSpread: Double?
    /// How the foot's sensor stood at the end; nil without one.
    public var foot: SensorStatus?
    /// How a recording ended, and what was counted in it.
    public var recording: (end: RecordingEnd, tally: RecordingTally)?
    /// What a reader has to know of a capture's rows behind its beginning.
    public var captureNotes: [String] = []

    /// What a reader has to know of how the input ended; nothing for one that is whole.
    public var notes: [String] {
      guard let recording else { return captureNotes }
      let tally = recording.tally
      var notes: [String] = []
      switch recording.end {
      case .complete: break
      case .truncated(let bytes): notes.append("the recording was cut off; its first \(bytes) bytes were read")
      case .damaged(let offset, let reason):
        notes.append("the recording is damaged from byte \(offset) on: \(reason); what could be checked was read")
      }
      if tally.missingEntries > 0 {
        notes.append("\(tally.missingEntries) entries are missing in the recording")
      }
      return notes
    }
  }

  /// Samples that are handed to the engine at a time.
  private static var batch: Int { 16 }
  /// Raw bytes that are handed to the engine at a time: small, so that a paced run is smooth.
  private static var piece: Int { 64 }

  /// Runs the input through a fresh engine.
  ///
  /// - Parameter body: takes what the engine said, with the arrival of the newest bytes in the log; it may wait, to pace the run, and
  ///   returns false to end it early. An early end finishes the engine as the end of the input does.
  /// - Throws: what `Pipeline` says of the configuration, or `Unusable` when the file cannot be read any more.
  public func run(
    _ body: (_ emissions: [Emission], _ progress: Progress, _ pipeline: borrowing Pipeline) -> Bool
  ) throws -> Outcome {
    var pipeline = try Pipeline(configuration)
    var foot = try feet.first.map { try FootFeed($0, configuration) }
    var emissions: [Emission] = []
    emissions.reserveCapacity(1024)
    var time = 0.0
    var goOn = true
    func hand(_ share: Double) {
      foot?.lead(&pipeline, into: &emissions)
      if case .reading(let reading)? = emissions.last(where: { if case .reading = $0 { true } else { false } }) {
        time = reading.time.seconds
      }
      goOn = body(emissions, Progress(time: time, share: share), pipeline)
      emissions.removeAll(keepingCapacity: true)
    }
    var ended: (end: RecordingEnd, tally: RecordingTally)?
    var notes: [String] = []
    switch content {
    case .capture(let capture):
      var walk = CaptureWalk(capture)
      var count = 0
      while goOn, let timed = try walk.next() {
        pipeline.receive(timed, into: &emissions)
        count += 1
        if count % Self.batch == 0 { hand(walk.share) }
      }
      notes = walk.ending.notes
    case .bytes:
      let file = try map()
      file.withBytes { bytes in
        var start = 0
        var released = 0
        while start < bytes.count && goOn {
          let end = min(start + Self.piece, bytes.count)
          pipeline.receive(bytes.extracting(start..<end), arrived: HostInstant(nanoseconds: 0), into: &emissions)
          start = end
          hand(Double(end) / Double(bytes.count))
          file.release(before: start, released: &released)
        }
      }
    case .recording:
      let file = try map()
      ended = try file.withBytes { bytes in
        var (done, released) = (0, 0)
        let total = Double(max(bytes.count, 1))
        do {
          return try RecordingReader.forEachEntry(in: bytes, passed: { file.release(before: $0, released: &released) })
          {
            entry, payload in
            switch entry {
            case .bytes(let stream, let arrived, .received):
              pipeline.receive(payload, from: stream, arrived: arrived, into: &emissions)
            case .bytes(let stream, _, .sent): pipeline.sent(payload, to: stream)
            case .remark: break
            case .operatorEvent(_, let event): pipeline.receive(event, into: &emissions)
            case .link(_, let stream, let event): pipeline.receive(event, of: stream, into: &emissions)
            }
            done += payload.count + 31
            hand(min(1, Double(done) / total))
            if !goOn { throw EndedEarly() }
          }
        } catch is EndedEarly {
          return nil
        }
      }
    }
    if goOn { foot?.rest(&pipeline, into: &emissions) }
    if let trouble = foot?.trouble { throw trouble }
    pipeline.finish(into: &emissions)
    hand(1)
    return Outcome(
      counters: pipeline.counters, rate: rate(pipeline), rateSpread: pipeline.status.rateSpread,
      foot: foot?.status(pipeline) ?? pipeline.footStatus, recording: ended, captureNotes: notes)
  }

  private struct EndedEarly: Error {}

  private func rate(_ pipeline: borrowing Pipeline) -> Double? {
    if case .capture(let capture) = content { return capture.rate }
    return pipeline.status.rate
  }

  /// The input's file, mapped for reading.
  ///
  /// - Throws: `Unusable` when it cannot be opened any more.
  public func map() throws(Unusable) -> MappedFile {
    do { return try MappedFile(path: unpacked?.path ?? path) } catch {
      throw Unusable(description: error.description, isUnreadable: true)
    }
  }
}
