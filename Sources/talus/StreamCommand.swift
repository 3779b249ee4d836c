import ArgumentParser
import DecimalText
import Export
import Glibc
import LiveView
import LungeTest
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols
import SerialLink
import Synchronization

struct StreamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Show the angle live from a sensor on a serial port, and record it.",
    discussion: """
      In a terminal it shows a steady view; piped, it prints JSON Lines, one object a
      line with a class: device, reading, trial, gap, marker, counters. Without
      --protocol it listens, and names what it hears; it writes nothing to a sensor that
      is not named. Sensors that only answer (Modbus, a silent RION, a Shimmer3) are
      asked, and what is sent is said and recorded, unless --poll never.
      Ctrl-C ends the session with nothing lost, and so does pulling the plug.

      Keys in the view: m sets a marker, l and r say which leg the sensor is on from
      here, q ends.

      EXAMPLES
        talus stream --port /dev/ttyUSB0 --side right --record visit.mcap \\
          --person P-017
        talus stream --port /dev/ttyUSB0 --baud 115200 --protocol witmotion \\
          --mount y=proximal,z=anterior
        talus stream --port /dev/ttyACM0 \\
          --protocol lines:t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps > session.jsonl
      """)

  @Option(help: ArgumentHelp("The serial port; `talus devices` lists them.", valueName: "path"))
  var port: String

  @Option(help: ArgumentHelp("Bits per second (default: what the protocol's devices use).", valueName: "n"))
  var baud: Int?

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("The wire protocol: \(ProtocolCatalogue.names.joined(separator: ", ")).", valueName: "name"))
  var protocolName: String?

  @Option(
    help: ArgumentHelp(
      "The columns of plain lines of numbers, such as \(ColumnMap.example); without them --protocol lines learns them.",
      valueName: "names"))
  var columns: String?

  @Option(
    help: ArgumentHelp(
      "Parity and stop bits, such as 8N1 or 8E1 (default: what the protocol's devices use).", valueName: "format"))
  var serialFormat: String?

  enum Poll: String, CaseIterable, ExpressibleByArgument { case auto, never }

  @Option(help: "Whether a sensor that only answers is asked: never, where another program asks it.")
  var poll: Poll = .auto

  @Option(help: ArgumentHelp("Keep the session in this file while streaming.", valueName: "file"))
  var record: String?

  @Flag(help: "Replace the recording's file if it is there.")
  var overwrite = false

  @OptionGroup(title: "Who and when, for the recording") var person: PersonOptions

  @OptionGroup(title: "What is known of the session") var session: SessionOptions

  func validate() throws {
    try checkProtocol(protocolName)
    try checkProtocol(columns.map { "lines:" + $0 })
    if let baud, !(50...12_000_000).contains(baud) {
      throw ValidationError("--baud \(baud): give a number from 50 to 12000000.")
    }
    try session.alignment.checkConventions()
    if let serialFormat, CharacterFormat(serialFormat) == nil {
      throw ValidationError("--serial-format \(serialFormat): give 8N1, 8E1, 8O1, 8N2, 8E2 or 8O2.")
    }
    if session.rate != nil {
      throw ValidationError("--rate: a live sensor's rate is measured; leave it out.")
    }
  }

  func run() throws {
    let control: LoopControl
    do { control = try LoopControl() } catch { throw failure(.inputOutput, error.description) }
    let source = try connect(control)
    let filterRefusal = try FilterRefusal(session.filter, source.description)
    var configuration = PipelineConfiguration(source.description)
    _ = session.choices.apply(to: &configuration)
    let device = identity()
    let anchor = UTCAnchor.take()
    var recording: RecordingFile?
    if let record { recording = try startRecording(record, anchor: anchor, configuration, device) }
    let showsView = Terminal.isTerminal(STDOUT_FILENO)
    let hub = OutputHub(
      live: LiveState(
        source: "\(port)  \(source.description.name)", conventions: conventionWords(configuration),
        recording: record.map { String($0.split(separator: "/").last ?? Substring($0)) }, side: configuration.side,
        keys: "q quit   m marker   l left leg   r right leg"),
      showsLines: !showsView, whenFull: .drop)
    hub.post {
      JSONLines.append(device: device, configuration: configuration, baud: source.baud, rate: nil, to: &$0)
    }
    let output = OutputSession(hub: hub, showsView: showsView)
    let events = KeyEvents()
    let signals = try stopSignals(control)
    let worker = try startWorker(
      source, configuration, recording: recording.take(), hub: hub, output: output, events: events, control: control,
      filterRefusal: filterRefusal)
    output.run(signals: signals) { key in
      switch key {
      case UInt8(ascii: "q"): control.stop()
      case UInt8(ascii: "m"): events.add(.marker("marker"), control)
      case UInt8(ascii: "l"): events.add(.side(.left), control)
      case UInt8(ascii: "r"): events.add(.side(.right), control)
      default: break
      }
    } onStop: {
      control.stop()
    }
    worker.join()
    try output.close()
  }

  // MARK: Before the first byte

  /// The open port, how to read it, and what was heard while finding out.
  private struct Connection: ~Copyable {
    let description: ProtocolDescription
    let baud: Int
    var port: SerialPort
    let heard: [(arrived: HostInstant, bytes: [UInt8])]
  }

  private func connect(_ control: LoopControl) throws -> Connection {
    do {
      let protocolName =
        try columns.map { columns in
          if let named = self.protocolName, named.lowercased() != "lines" {
            throw ValidationError(
              "--columns \(columns): names the columns of plain lines, and --protocol \(named) has none.")
          }
          return "lines:" + columns
        } ?? self.protocolName
      if let protocolName, protocolName.lowercased() != "lines" {
        let description = try ProtocolCatalogue.find(protocolName)
        let baud = baud ?? description.bauds[0]
        let characters = serialFormat.flatMap { CharacterFormat($0) } ?? description.characters
        let opened = try SerialPort.open(port, SerialSettings(baud: UInt32(baud), characters: characters))
        for holder in opened.otherHolders {
          printError("talus: warning: \(holder) has the port open as well, and may take bytes away")
        }
        return Connection(description: description, baud: baud, port: opened, heard: [])
      }
      printError("talus: listening on \(port) for a sensor that is known …")
      let bauds = baud.map { [$0] } ?? ProtocolListener.usualBauds
      let characters = serialFormat.flatMap { CharacterFormat($0) } ?? CharacterFormat()
      let found = try ProtocolListener.listen(
        to: port, bauds: bauds, characters: characters, by: ProtocolListener.sniffer(for: protocolName)
      ) { false }
      printError("talus: \(found.description.name) at \(found.baud) Bd (\(found.finding.evidence))")
      return Connection(
        description: found.description, baud: found.baud, port: found.port, heard: found.heard)
    } catch let error as LinkError {
      throw failure(error.exitStatus, error.description)
    } catch let error as ProtocolListener.Unrecognised {
      throw failure(.badData, error.description)
    } catch let error as ProtocolCatalogue.NotFound {
      throw failure(.usage, "--protocol: \(error.description)")
    }
  }

  private func identity() -> DeviceIdentity {
    guard let real = realpath(port, nil) else { return DeviceIdentity(port: port) }
    defer { free(real) }
    let path = String(cString: real)
    guard let found = PortDiscovery.ports().first(where: { $0.path == path }) else { return DeviceIdentity(port: port) }
    return DeviceIdentity(
      name: found.stableName.split(separator: "/").last.map(String.init) ?? "", vendor: found.vendor,
      product: found.product, serialNumber: found.serialNumber, port: port)
  }

  private func startRecording(
    _ path: String, anchor: UTCAnchor, _ configuration: PipelineConfiguration, _ device: DeviceIdentity
  ) throws -> RecordingFile {
    let header = RecordingHeader(
      anchor: anchor,
      configuration: TextPairs(configuration), person: person.pairs,
      devices: [StreamID(0): device], software: "talus", softwareVersion: Talus.version)
    do {
      return try RecordingFile(creating: path, header: header, overwriting: overwrite)
    } catch {
      let advice = error.errorNumber == EEXIST ? "; give another name, or --overwrite" : ""
      throw failure(.cannotCreate, error.description + advice)
    }
  }

  private func startWorker(
    _ source: consuming Connection, _ configuration: PipelineConfiguration, recording: consuming RecordingFile?,
    hub: OutputHub, output: OutputSession, events: KeyEvents, control: LoopControl, filterRefusal: FilterRefusal?
  ) throws -> OSThread {
    let heard = source.heard
    let dialogue = poll == .auto ? source.description.dialogue : nil
    var ports = IngestPorts()
    ports.add(source.port, as: StreamID(0))
    let pipeline: Pipeline
    do { pipeline = try Pipeline(configuration) } catch { throw failure(.usage, error.description) }
    let session = LiveSession(
      pipeline: pipeline, recording: recording, hub: hub, events: events,
      dialogues: dialogue.map { [StreamID(0): $0] } ?? [:],
      filterRefusal: filterRefusal, control: control)
    // A sensor that has to be asked is asked again within milliseconds; else only the recording is looked after.
    let tick: Int64 = dialogue == nil ? 200_000_000 : 5_000_000
    let box = WorkBox(session: session, loop: IngestLoop(ports: ports, control: control, tickInterval: tick))
    do {
      return try OSThread(name: "ingest") {
        box.run(heard: heard, output: output)
      }
    } catch {
      throw failure(.inputOutput, error.description)
    }
  }
}

/// Carries the parts that have one owner to the thread that will own them.
private final class WorkBox {
  private var session: LiveSession
  private var loop: IngestLoop

  init(session: consuming LiveSession, loop: consuming IngestLoop) {
    self.session = session
    self.loop = loop
  }

  func run(heard: [(arrived: HostInstant, bytes: [UInt8])], output: OutputSession) {
    for chunk in heard { session.take(chunk.bytes.span, from: StreamID(0), arrived: chunk.arrived) }
    do {
      _ = try loop.run(&session)
      let summary = session.finish()
      if let refusal = session.refusal {
        output.end(failing: .usage, refusal, summary: summary)
      } else {
        output.end(with: summary)
      }
    } catch {
      let summary = session.finish()
      output.end(failing: .inputOutput, "\(error)", summary: summary)
    }
  }
}

extension LinkError {
  var exitStatus: ExitStatus {
    switch self {
    case .missing, .notATerminal, .noDevice: .portGone
    case .permissionDenied: .noPermission
    case .busy: .portBusy
    case .unsupportedBaud: .usage
    case .system: .inputOutput
    }
  }
}

/// Takes over Ctrl-C and SIGTERM while the session runs.
func stopSignals(_ control: LoopControl) throws -> StopSignals {
  do { return try StopSignals(stopping: control) } catch { throw failure(.inputOutput, error.description) }
}
