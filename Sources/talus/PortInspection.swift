import Glibc
import Motion
import Pipeline
import Replay
import SensorProtocols
import SerialLink

/// Whether a path is a device, not a file.
func isPort(_ path: String) -> Bool {
  var node = stat()
  return stat(path, &node) == 0 && node.st_mode & S_IFMT == S_IFCHR
}

/// Listens to a port for so long, and says what came.
func inspectPort(_ path: String, protocolName: String?, baud: Int?, seconds: Double) throws -> InputFacts {
  do {
    let control = try LoopControl()
    let signals = try stopSignals(control)
    defer { _ = signals.received }
    let description: ProtocolDescription
    var heard: [(arrived: HostInstant, bytes: [UInt8])] = []
    var ports = IngestPorts()
    var finding: ProtocolSniffer.Finding?
    if let protocolName, protocolName.lowercased() != "lines" {
      description = try ProtocolCatalogue.find(protocolName)
      let settings = SerialSettings(
        baud: UInt32(baud ?? description.bauds[0]), characters: description.characters)
      ports.add(try SerialPort.open(path, settings), as: StreamID(0))
    } else {
      printError("talus: listening on \(path) for a sensor that is known …")
      let found = try ProtocolListener.listen(
        to: path, bauds: baud.map { [$0] } ?? ProtocolListener.usualBauds,
        by: ProtocolListener.sniffer(for: protocolName)
      ) {
        signals.received != nil
      }
      description = found.description
      heard = found.heard
      finding = found.finding
      ports.add(found.port, as: StreamID(0))
    }
    let learned = finding?.learned.map { [$0.words] } ?? []
    var inspection = PortInspection(
      facts: InputFacts(port: path, protocolName: description.name, recognised: finding), description, control: control,
      seconds: seconds)
    inspection.note(learned)
    for chunk in heard { inspection.take(chunk.bytes.span, arrived: chunk.arrived) }
    var loop = IngestLoop(
      ports: ports, control: control, tickInterval: description.dialogue == nil ? 100_000_000 : 5_000_000)
    _ = try loop.run(&inspection)
    return inspection.finish()
  } catch let error as LinkError {
    throw failure(error.exitStatus, error.description)
  } catch let error as ProtocolListener.Unrecognised {
    throw failure(.badData, error.description)
  } catch let error as ProtocolCatalogue.NotFound {
    throw failure(.usage, "--protocol: \(error.description)")
  }
}

/// Reads a port for a while, and asks the sensor where it has to be asked.
private struct PortInspection: IngestHandler {
  private var facts: InputFacts
  private var intake: SampleIntake
  private var dialogue: DialogueRun?
  private let control: LoopControl
  private let duration: Int64
  private let secondsPerTick: Double?
  private var begun: HostInstant?
  private var samples: [TimedSample] = []
  private let fieldUnit: String?

  init(facts: InputFacts, _ description: ProtocolDescription, control: LoopControl, seconds: Double) {
    self.facts = facts
    self.control = control
    fieldUnit = description.fieldUnit
    intake = SampleIntake(description)
    intake.beginTally()
    dialogue = description.dialogue.map { DialogueRun($0) }
    duration = Int64(seconds * 1e9)
    secondsPerTick = InputFacts.secondsPerTick(description.clock)
  }

  mutating func note(_ words: [String]) { facts.notes += words }

  mutating func take(_ bytes: Span<UInt8>, arrived: HostInstant) {
    intake.receive(bytes, arrived: arrived, into: &samples)
    drain()
  }

  mutating func received(
    _ bytes: Span<UInt8>, from stream: StreamID, arrived: HostInstant, ports: inout IngestPorts
  ) {
    take(bytes, arrived: arrived)
    converse(at: arrived, &ports)
  }

  mutating func linkChanged(_ event: LinkEvent, of stream: StreamID, at instant: HostInstant, reason: String) {
    if event == .unplugged { facts.notes.append("the port went away" + (reason.isEmpty ? "" : " (\(reason))")) }
  }

  mutating func tick(at instant: HostInstant, ports: inout IngestPorts) {
    let start = begun ?? instant
    begun = start
    if instant.nanoseconds - start.nanoseconds >= duration { control.stop() }
    converse(at: instant, &ports)
  }

  mutating func stopping(at instant: HostInstant, ports: inout IngestPorts) {
    guard let dialogue, dialogue.isAsking else { return }
    for bytes in dialogue.dialogue.closing { _ = try? ports.send(bytes.span, to: StreamID(0)) }
  }

  private mutating func converse(at instant: HostInstant, _ ports: inout IngestPorts) {
    guard let bytes = dialogue?.next(at: instant, intake.counters) else { return }
    intake.sent(bytes.span)
    _ = try? ports.send(bytes.span, to: StreamID(0))
  }

  mutating func finish() -> InputFacts {
    intake.finish(into: &samples)
    drain()
    if let dialogue, dialogue.isAsking {
      facts.notes.append(
        "the sensor was asked \(dialogue.requests) times, \(dialogue.unanswered) times without an answer")
    }
    if facts.quantities.contains(.magneticField), let fieldUnit { facts.notes.append(fieldUnit + ", not in µT") }
    var run = SampleRun(counters: intake.counters, rate: intake.rate, rateSpread: intake.rateSpread)
    run.messages = intake.messages
    facts.end(run, timed: true)
    return facts
  }

  private mutating func drain() {
    for sample in samples { facts.take(sample, secondsPerTick: secondsPerTick) }
    samples.removeAll(keepingCapacity: true)
  }
}
