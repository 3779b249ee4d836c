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
      In a terminal it shows a steady view; piped, it prints JSON Lines, one object
      a line with a class: device, reading, trial, gap, marker, counters. Without
      --protocol it listens, and names what it hears; it writes nothing to a sensor
      that is not named. Sensors that only answer (Modbus, a silent RION, a
      Shimmer3) are asked, and what is sent is said and recorded, unless --poll
      never. Ctrl-C ends the session with nothing lost, and so does pulling the
      plug.

      With --foot-port a second sensor on the foot is read as well, on one time with
      the first: dorsiflexion is then shank minus foot, whatever the heel does. When
      one of the two is unplugged the other goes on.

      Keys in the view: m sets a marker, l and r say which leg the sensor is on from
      here, q ends.

      EXAMPLES
        talus stream --port /dev/ttyUSB0 --side right --record visit.mcap \\
          --person P-017
        talus stream --port /dev/ttyUSB0 --baud 115200 --protocol witmotion \\
          --mount y=proximal,z=anterior
        talus stream --port /dev/ttyACM0 \\
          --protocol lines:t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps > session.jsonl
        talus stream --port /dev/ttyUSB0 --foot-port /dev/ttyUSB1 --side left \\
          --mount y=proximal,z=anterior --foot-mount z=proximal,x=anterior \\
          --record ankle.mcap
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

  @Flag(help: "Say of every trial what its uncertainty is made of.")
  var explain = false

  @Flag(help: "Print JSON Lines in a terminal, too.")
  var json = false

  @OptionGroup(title: "A second sensor, on the foot") var foot: FootPortOptions

  @OptionGroup(title: "Who and when, for the recording") var person: PersonOptions

  @OptionGroup(title: "What is known of the session") var session: SessionOptions

  func validate() throws {
    try checkProtocol(protocolName)
    try checkProtocol(columns.map { "lines:" + $0 })
    if let columns, let protocolName, protocolName.lowercased() != "lines" {
      throw ValidationError(
        "--columns \(columns): names the columns of plain lines, and --protocol \(protocolName) has none.")
    }
    if let baud, !(50...12_000_000).contains(baud) {
      throw ValidationError("--baud \(baud): give a number from 50 to 12000000.")
    }
    try session.alignment.checkConventions()
    if let serialFormat, CharacterFormat(serialFormat) == nil {
      throw ValidationError("--serial-format \(serialFormat): give 8N1, 8E1, 8O1, 8N2, 8E2 or 8O2.")
    }
    try foot.check(against: port)
    if session.rate != nil {
      throw ValidationError("--rate: a live sensor's rate is measured; leave it out.")
    }
  }

  func run() throws {
    let control: LoopControl
    do { control = try LoopControl() } catch { throw failure(.inputOutput, error.description) }
    let sources = try SensorConnections.open(shankRequest, footRequest)
    let names = (shank: sources.shank.description.name, foot: sources.footReading?.description.name)
    let filterRefusal = try FilterRefusal(session.filter, sources.shank.description)
    var configuration = PipelineConfiguration(sources.shank.description)
    if let description = sources.footReading?.description {
      _ = try FilterRefusal(session.filter, description)
      configuration.foot = PipelineConfiguration.FootSensor(description)
    }
    var choices = session.choices
    choices.footMount = foot.sensor.mountText
    _ = choices.apply(to: &configuration)
    let bauds = (shank: sources.shank.baud, foot: sources.footReading?.baud)
    let devices = [shankRequest, footRequest].compactMap { $0?.identity }
    let anchor = UTCAnchor.take()
    var recording: RecordingFile?
    if let record { recording = try startRecording(record, anchor: anchor, configuration, devices) }
    let showsView = !json && Terminal.isTerminal(STDOUT_FILENO)
    let hub = OutputHub(
      live: LiveState(
        source: "\(port)  \(names.shank)" + (foot.port.map { "   foot: \($0)  \(names.foot ?? "")" } ?? ""),
        conventions: conventionWords(configuration),
        recording: record.map { String($0.split(separator: "/").last ?? Substring($0)) }, side: configuration.side,
        keys: "q quit   m marker   l left leg   r right leg", distanceModel: try? configuration.distanceModel()),
      showsLines: !showsView, whenFull: .drop,
      explanation: explain ? Explanation(configuration) : nil)
    hub.post {
      for (index, device) in devices.enumerated() {
        JSONLines.append(
          device: device, stream: StreamID(UInt16(index)), configuration: configuration,
          baud: index == 0 ? bauds.shank : bauds.foot, rate: nil, to: &$0)
      }
    }
    let output = OutputSession(hub: hub, showsView: showsView)
    let events = KeyEvents()
    let signals = try stopSignals(control)
    let worker = try startWorker(
      sources, configuration, recording: recording.take(), hub: hub, output: output, events: events, control: control,
      filterRefusal: filterRefusal, explanation: explain && showsView ? Explanation(configuration) : nil)
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

  private var shankRequest: SensorRequest {
    SensorRequest(
      port: port, baud: baud, protocolName: columns.map { "lines:" + $0 } ?? protocolName, serialFormat: serialFormat)
  }

  private var footRequest: SensorRequest? {
    foot.port.map {
      SensorRequest(
        role: "the foot", port: $0, baud: foot.baud, protocolName: foot.sensor.protocolName,
        protocolOption: "--foot-protocol")
    }
  }

  private func startRecording(
    _ path: String, anchor: UTCAnchor, _ configuration: PipelineConfiguration, _ devices: [DeviceIdentity]
  ) throws -> RecordingFile {
    let streams = devices.enumerated().map { (StreamID(UInt16($0.offset)), $0.element) }
    let header = RecordingHeader(
      anchor: anchor,
      configuration: TextPairs(configuration), person: person.pairs,
      devices: Dictionary(uniqueKeysWithValues: streams), software: "talus", softwareVersion: Talus.version)
    do {
      return try RecordingFile(creating: path, header: header, overwriting: overwrite)
    } catch {
      let advice = error.errorNumber == EEXIST ? "; give another name, or --overwrite" : ""
      throw failure(.cannotCreate, error.description + advice)
    }
  }

  private func startWorker(
    _ sources: consuming SensorConnections, _ configuration: PipelineConfiguration,
    recording: consuming RecordingFile?,
    hub: OutputHub, output: OutputSession, events: KeyEvents, control: LoopControl, filterRefusal: FilterRefusal?,
    explanation: Explanation?
  ) throws -> OSThread {
    var heard = sources.shank.heard.map { (StreamID(0), $0.arrived, $0.bytes) }
    var dialogues: [StreamID: DeviceDialogue] = [:]
    var ports = IngestPorts()
    if poll == .auto { dialogues[StreamID(0)] = sources.shank.description.dialogue }
    if let foot = sources.foot.take() {
      heard += foot.heard.map { (StreamID(1), $0.arrived, $0.bytes) }
      // As they would have come: the log is in the order of arrival.
      heard.sort { ($0.1, $0.0) < ($1.1, $1.0) }
      if poll == .auto { dialogues[StreamID(1)] = foot.description.dialogue }
      ports.add(foot.port, as: StreamID(1))
    }
    ports.add(sources.shank.port, as: StreamID(0))
    let pipeline: Pipeline
    do { pipeline = try Pipeline(configuration) } catch { throw failure(.usage, error.description) }
    let session = LiveSession(
      pipeline: pipeline, recording: recording, hub: hub, events: events,
      dialogues: dialogues,
      filterRefusal: filterRefusal, explanation: explanation, control: control)
    // A sensor that has to be asked is asked again within milliseconds; else only the recording is looked after.
    let tick: Int64 = dialogues.isEmpty ? 200_000_000 : 5_000_000
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

/// Takes over Ctrl-C and SIGTERM while the session runs.
func stopSignals(_ control: LoopControl) throws -> StopSignals {
  do { return try StopSignals(stopping: control) } catch { throw failure(.inputOutput, error.description) }
}
