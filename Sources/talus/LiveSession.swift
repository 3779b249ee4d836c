import AnkleKinematics
import Export
import LungeTest
import Motion
import Pipeline
import Recording
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

  init(pipeline: Pipeline, recording: consuming RecordingFile?, hub: OutputHub, events: KeyEvents) {
    self.pipeline = pipeline
    self.recording = recording
    self.hub = hub
    self.events = events
    emissions.reserveCapacity(1024)
  }

  mutating func received(
    _ bytes: Span<UInt8>, from stream: StreamID, arrived: HostInstant, ports: inout IngestPorts
  ) {
    take(bytes, arrived: arrived)
  }

  /// Bytes of the sensor, live or heard while its protocol was being found.
  mutating func take(_ bytes: Span<UInt8>, arrived: HostInstant) {
    recording?.append(bytes: bytes, stream: StreamID(0), arrived: arrived, direction: .received)
    pipeline.receive(bytes, arrived: arrived, into: &emissions)
    hand(newest: arrived)
  }

  mutating func linkChanged(_ event: LinkEvent, of stream: StreamID, at instant: HostInstant, reason: String) {
    recording?.append(event, stream: stream, at: instant)
    pipeline.receive(event)
    if event == .unplugged { notes.append("the sensor was unplugged" + (reason.isEmpty ? "" : " (\(reason))")) }
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
    if let failure = recording?.takeFailure() {
      let words = "recording: \(failure.description)"
      notes.append(words)
      printError("talus: " + words)
      hub.change { $0.trouble = "recording stopped: " + failure.reason }
    }
  }

  /// Ends the session: everything that waited comes out, and the recording gets its end.
  mutating func finish() -> SessionSummary {
    pipeline.finish(into: &emissions)
    hand(newest: nil)
    let counters = pipeline.counters
    hub.post { JSONLines.append(counters, to: &$0) }
    var extra = notes
    if let summary = recording.take()?.finish() {
      extra.append(
        "recorded \(summary.entries) entries, \(summary.bytes) bytes, in \(summary.path)"
          + (summary.droppedEntries > 0 ? "; \(summary.droppedEntries) entries could not be kept" : ""))
      if let failure = summary.failure, !notes.contains(where: { $0.hasPrefix("recording: ") }) {
        extra.append("recording: \(failure.description)")
      }
    }
    if hub.droppedLines > 0 { extra.append("\(hub.droppedLines) lines were left out: their reader was too slow") }
    return SessionSummary(
      counters: counters, duration: lastTime.seconds, rate: pipeline.learnedRate, trials: trials,
      alignments: alignments, extra: extra)
  }

  private mutating func hand(newest: HostInstant?) {
    var hasReading = false
    for emission in emissions {
      switch emission {
      case .reading(let reading):
        lastTime = reading.time
        hasReading = true
      case .trial(let trial): trials.append(trial)
      case .alignment(let outcome): alignments.append(outcome)
      default: break
      }
    }
    // Bytes that give no reading make nothing newer; a reading that waited in the host is as old as its sample.
    hub.post(
      emissions, counters: pipeline.counters, rate: pipeline.learnedRate,
      newestArrival: hasReading ? pipeline.newestInstant ?? newest : nil)
    emissions.removeAll(keepingCapacity: true)
  }
}
