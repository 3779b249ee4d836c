import AnkleKinematics
import Export
import LungeTest
import Motion
import Pipeline
import Recording
import SensorProtocols
import SerialLink
import Synchronization

/// What the operator's keys said, on its way to the ingest thread.
final class KeyEvents: Sendable {
  private let waiting = Mutex<[OperatorEvent]>([])

  func add(_ event: OperatorEvent, _ control: LoopControl) {
    waiting.withLock { $0.append(event) }
    control.wake()
  }

  func take() -> [OperatorEvent] {
    waiting.withLock { events in
      let taken = events
      events.removeAll()
      return taken
    }
  }
}

/// The ingest thread's work: every entry of the log goes to the recording first and to the engine then, in one order.
struct LiveSession: ~Copyable, IngestHandler {
  private var pipeline: Pipeline
  private var recording: RecordingFile?
  private let hub: OutputHub
  private let events: KeyEvents
  private var emissions: [Emission] = []
  private var trials: [Trial] = []
  private var alignments: [AlignmentOutcome] = []
  private var lastTime = SessionTime.zero
  private var notes: [String] = []
  private var flags: Reading.Flags = []
  /// What has to be sent to which sensor.
  private var dialogues: [(stream: StreamID, run: DialogueRun)]
  private let filterRefusal: FilterRefusal?
  private let explanation: Explanation?
  private let control: LoopControl
  /// Why the session cannot be what the user asked for; it is over then.
  private(set) var refusal: String?
  private var isStallTold = false
  private var isDropTold = false

  /// - Parameters:
  ///   - dialogues: what has to be sent to which sensor.
  ///   - explanation: what the summary explains the trials' uncertainty with.
  ///   - filterRefusal: what to say when the user named a filter and the sensor turns out to fuse on board.
  init(
    pipeline: Pipeline, recording: consuming RecordingFile?, hub: OutputHub, events: KeyEvents,
    dialogues: [StreamID: DeviceDialogue] = [:], filterRefusal: FilterRefusal? = nil, explanation: Explanation? = nil,
    control: LoopControl
  ) {
    self.pipeline = pipeline
    self.dialogues = dialogues.sorted { $0.key < $1.key }.map { ($0.key, DialogueRun($0.value)) }
    self.filterRefusal = filterRefusal
    self.explanation = explanation
    self.control = control
    self.recording = recording
    self.hub = hub
    self.events = events
    emissions.reserveCapacity(1024)
  }

  mutating func received(
    _ bytes: Span<UInt8>, from stream: StreamID, arrived: HostInstant, ports: inout IngestPorts
  ) {
    take(bytes, from: stream, arrived: arrived)
    converse(at: arrived, &ports)
  }

  /// Bytes of the sensor, live or heard while its protocol was being found.
  mutating func take(_ bytes: Span<UInt8>, from stream: StreamID, arrived: HostInstant) {
    recording?.append(bytes: bytes, stream: stream, arrived: arrived, direction: .received)
    pipeline.receive(bytes, from: stream, arrived: arrived, into: &emissions)
    hand(newest: arrived)
  }

  mutating func linkChanged(_ event: LinkEvent, of stream: StreamID, at instant: HostInstant, reason: String) {
    recording?.append(event, stream: stream, at: instant)
    pipeline.receive(event, of: stream, into: &emissions)
    if event == .unplugged {
      let words = "\(Self.words(stream)) was unplugged"
      notes.append(words + (reason.isEmpty ? "" : " (\(reason))"))
      // With another sensor the session goes on; it has to be seen that this one does not.
      hub.change { $0.trouble = words }
    }
    hand(newest: nil)
  }

  mutating func woken(at instant: HostInstant, ports: inout IngestPorts) {
    for event in events.take() {
      recording?.append(event, at: instant)
      pipeline.receive(event, into: &emissions)
      if case .side(let side) = event { hub.change { $0.side = side } }
    }
    hand(newest: nil)
  }

  mutating func tick(at instant: HostInstant, ports: inout IngestPorts) {
    converse(at: instant, &ports)
    guard recording != nil else { return }
    if let failure = recording?.takeFailure() {
      tell(failure.description)
      let isRemoved = failure.attempt == .keep
      hub.change { $0.trouble = isRemoved ? "recording's file removed" : "recording stopped: " + failure.reason }
    }
    // A stall is over as a rule before anything is lost; that it is one should be known while it lasts.
    if let waiting = recording?.waiting {
      if waiting.seconds > 1 && !isStallTold {
        isStallTold = true
        printError(
          "talus: recording: the disk does not answer; \(waiting.bytes) bytes wait in memory, nothing is lost yet")
        hub.change { $0.trouble = "the disk does not answer" }
      } else if waiting.seconds == 0 && isStallTold && !isDropTold {
        isStallTold = false
        printError("talus: recording: the disk answers again; nothing was lost")
        hub.change { if $0.trouble == "the disk does not answer" { $0.trouble = nil } }
      }
    }
    if !isDropTold, let dropped = recording?.droppedEntries, dropped > 0,
      !notes.contains(where: { $0.hasPrefix("recording: ") })
    {
      isDropTold = true
      tell("the disk is too slow; entries are being left out")
    }
  }

  private static func words(_ stream: StreamID) -> String { stream.number == 1 ? "the foot sensor" : "the sensor" }

  private mutating func tell(_ words: String) {
    notes.append("recording: " + words)
    printError("talus: recording: " + words)
  }

  mutating func stopping(at instant: HostInstant, ports: inout IngestPorts) {
    for (stream, run) in dialogues where run.isAsking {
      for bytes in run.dialogue.closing { send(bytes, to: stream, at: instant, &ports) }
    }
  }

  /// Sends what the sensors' dialogues have due.
  private mutating func converse(at instant: HostInstant, _ ports: inout IngestPorts) {
    for index in dialogues.indices {
      let (stream, before) = dialogues[index]
      let counters = stream.number == 1 ? pipeline.footStatus?.counters.bytes : pipeline.counters.bytes
      guard let counters, let bytes = dialogues[index].run.next(at: instant, counters) else { continue }
      if !before.isAsking {
        printError("talus: this sensor has to be asked: talus \(before.dialogue.words); what is sent is recorded, too")
      }
      send(bytes, to: stream, at: instant, &ports)
    }
  }

  /// Into the recording first and the engine then, as with all that is part of the log.
  private mutating func send(
    _ bytes: [UInt8], to stream: StreamID, at instant: HostInstant, _ ports: inout IngestPorts
  ) {
    recording?.append(bytes: bytes.span, stream: stream, arrived: instant, direction: .sent)
    pipeline.sent(bytes.span, to: stream)
    do {
      _ = try ports.send(bytes.span, to: stream)
    } catch {
      let words = "the sensor could not be asked: \(error.description)"
      if !notes.contains(words) { notes.append(words) }
      hub.change { $0.trouble = words }
    }
  }

  /// Ends the session: everything that waited comes out, and the recording gets its end.
  mutating func finish() -> SessionSummary {
    pipeline.finish(into: &emissions)
    hand(newest: nil)
    let (status, foot) = (pipeline.status, pipeline.footStatus)
    hub.post {
      JSONLines.append(status, to: &$0)
      if let foot { JSONLines.append(foot, stream: StreamID(1), to: &$0) }
    }
    var extra = notes
    for (stream, run) in dialogues where run.unanswered > 0 {
      let sensor = stream.number == 1 ? foot : status
      extra.append(
        "\(run.unanswered) of \(run.requests) requests to \(Self.words(stream)) were not answered in time"
          + (sensor?.counters.bytes.frames == 0 ? ": check address, speed and wiring" : ""))
    }
    if let summary = recording.take()?.finish() {
      extra.append(
        "recorded \(summary.entries) entries, \(summary.bytes) bytes, in \(summary.path)"
          + (summary.droppedEntries > 0 ? "; \(summary.droppedEntries) entries could not be kept" : ""))
      if let failure = summary.failure,
        failure.rescuedTo != nil || !notes.contains(where: { $0.hasPrefix("recording: ") })
      {
        extra.append("recording: \(failure.description)")
      }
    }
    if hub.droppedLines > 0 { extra.append("\(hub.droppedLines) lines were left out: their reader was too slow") }
    return SessionSummary(
      sensor: status, foot: foot, duration: lastTime.seconds, trials: trials, alignments: alignments, flags: flags,
      extra: extra,
      explanation: explanation)
  }

  private mutating func hand(newest: HostInstant?) {
    for emission in emissions {
      switch emission {
      case .reading(let reading):
        lastTime = reading.time
        flags.formUnion(reading.flags)
        if let filterRefusal, refusal == nil, reading.flags.contains(.deviceFused) {
          refusal = filterRefusal.words
          control.stop()
        }
      case .trial(let trial): trials.append(trial)
      case .alignment(let outcome):
        alignments.append(outcome)
        recording?.append(Remark(outcome), at: newest ?? HostClock.now())
      default: break
      }
    }
    hub.post(emissions, status: pipeline.status, foot: pipeline.footStatus)
    emissions.removeAll(keepingCapacity: true)
  }
}

extension Remark {
  /// What became of the alignment, to be kept beside the bytes that it can be found from again.
  fileprivate init(_ outcome: AlignmentOutcome) {
    var pairs: TextPairs = ["words": ReasonWords.alignment(outcome)]
    if case .found(let alignment) = outcome {
      let q = alignment.shankFromSensor
      pairs["method"] = alignment.method.rawValue
      pairs["zero"] = alignment.zero.rawValue
      pairs["shank_from_sensor"] = "\(q.w),\(q.x),\(q.y),\(q.z)"
    }
    self.init(kind: "alignment", pairs: pairs)
  }
}
