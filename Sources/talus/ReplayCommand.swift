import AnkleKinematics
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
import SerialLink

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run a recorded session through the very same engine.",
    discussion: """
      In a terminal it shows the live view; piped, it prints JSON Lines: for a
      recording, the reading and trial lines are byte for byte those that the live
      run printed, at any speed. With --pty it makes a virtual serial port, prints
      its name, and plays the bytes out of it as the sensor sent them once a program
      opens it, such as talus stream.

      EXAMPLES
        talus replay session.mcap
        talus replay session.mcap --speed max > session.jsonl
        talus replay capture.csv --mount y=proximal,z=anterior --side left
        talus replay session.mcap --from 60 --to 75
        talus replay session.mcap --filter kalman
        talus replay session.mcap --align functional --explain
        talus replay session.mcap --pty
        talus replay shank.mcap --foot foot.mcap --foot-mount z=proximal,x=anterior
      """)

  @Argument(help: "A recording, a vendor's capture, or raw bytes.")
  var file: String

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("Wire protocol of raw bytes; with --pty of the port.", valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("How fast: 1 is real time, max as fast as possible.", valueName: "n|max"))
  var speed: Speed?

  @Option(help: ArgumentHelp("Show only from this session time on; what comes before is computed.", valueName: "s"))
  var from: Double?

  @Option(help: ArgumentHelp("Show only up to this session time.", valueName: "s"))
  var to: Double?

  @Flag(help: "Begin again at the end, until Ctrl-C or until nobody reads.")
  var loop = false

  @Flag(help: "Play the bytes out of a virtual serial port.")
  var pty = false

  @Flag(help: "Say of every trial what its uncertainty is made of.")
  var explain = false

  @Flag(help: "Print JSON Lines in a terminal, too.")
  var json = false

  @OptionGroup(title: "What is known of the session") var session: SessionOptions

  enum Speed: ExpressibleByArgument {
    case times(Double)
    case max

    init?(argument: String) {
      if argument == "max" {
        self = .max
      } else if let times = Double(argument), times > 0, times <= 10_000 {
        self = .times(times)
      } else {
        return nil
      }
    }

    var factor: Double? { if case .times(let factor) = self { factor } else { nil } }
  }

  @OptionGroup(title: "A second sensor, on the foot") var foot: FootFileOptions

  @OptionGroup(title: "Of a vendor's capture") var capture: CaptureOptions

  func validate() throws {
    try checkProtocol(protocolName)
    try checkNumber("from", from, 0...1e7, "s")
    try checkNumber("to", to, (from ?? 0)...1e7, "s")
    if pty && foot.foot != nil {
      throw ValidationError("--foot joins samples; --pty plays the bytes of one file. Leave one of them out.")
    }
    if pty && (from != nil || to != nil) {
      throw ValidationError("--from and --to choose what is shown; --pty plays all bytes. Leave one of them out.")
    }
  }

  func run() throws {
    // For captures of samples the protocol is that of the virtual port, not of the file.
    let input = try joined(try open())
    try checkConventions(input.configuration)
    if pty {
      try PtyPlayback(input, protocolName: protocolName, speed: speed ?? .times(1), loop: loop).run()
      return
    }
    let showsView = !json && Terminal.isTerminal(STDOUT_FILENO)
    let player = Player(
      input: input, factor: (speed ?? (showsView ? .times(1) : .max)).factor,
      window: ReplayWindow(from: from, to: to), loop: loop,
      explanation: explain && showsView ? Explanation(input.configuration) : nil)
    let hub = OutputHub(
      live: LiveState(
        source: "replay of " + input.name,
        conventions: conventionWords(input.configuration)
          + (input.overrides.isEmpty ? "" : "   recomputed: " + input.overrides.map(\.setting).joined(separator: ", ")),
        isLive: false, side: input.configuration.side, keys: "q quit",
        distanceModel: try? input.configuration.distanceModel()),
      showsLines: !showsView, whenFull: .wait,
      explanation: explain ? Explanation(input.configuration) : nil)
    for override in input.overrides { printError("talus: note: \(override)") }
    for note in input.notes { printError("talus: note: \(note)") }
    let output = OutputSession(hub: hub, showsView: showsView)
    let control: LoopControl
    do { control = try LoopControl() } catch { throw failure(.inputOutput, error.description) }
    let signals = try stopSignals(control)
    let worker: OSThread
    do {
      worker = try OSThread(name: "replay") { player.run(hub: hub, output: output) }
    } catch { throw failure(.inputOutput, error.description) }
    output.run(signals: signals) { key in
      if key == UInt8(ascii: "q") { hub.requestStop() }
    } onStop: {
      hub.requestStop()
    }
    worker.join()
    try output.close()
  }

  private var choices: ConfigurationChoices {
    var choices = session.choices
    foot.add(to: &choices)
    return choices
  }

  private func joined(_ input: SessionInput) throws -> SessionInput {
    do { return try foot.joined(input, choices: choices, importing: try capture.options(rate: nil)) } catch let error
      as SessionInput.Unusable
    {
      throw failure(error.isUnreadable ? .noInput : .badData, error.description)
    }
  }

  private func open() throws -> SessionInput {
    if pty, protocolName != nil,
      let input = try? SessionInput.open(
        file, protocolName: nil, choices: choices, importing: try capture.options(rate: nil)),
      // Rows of bare numbers are the lines that a sensor sent: the named protocol reads them better than a guess.
      input.kind != "headerless"
    {
      return input
    }
    return try openInput(
      file, protocolName: try capture.protocolName(protocolName), choices: choices,
      importing: try capture.options(rate: nil))
  }
}

/// Refuses conventions that contradict each other, before anything runs.
func checkConventions(_ configuration: PipelineConfiguration) throws {
  do { _ = try configuration.alignmentSetting() } catch { throw failure(.usage, error.description) }
}

/// The conventions of the numbers in one line.
func conventionWords(_ configuration: PipelineConfiguration) -> String {
  var words = ["zero: \(configuration.zero.rawValue)"]
  // Rocks find the axes whatever the mount is.
  if configuration.alignment != .declared { words.append("align: \(configuration.alignment.rawValue)") }
  if configuration.alignment != .functional {
    words.append("mount: \(configuration.mount)" + (configuration.mountAssumed ? " (assumed: say --mount)" : ""))
  }
  if let foot = configuration.foot {
    words.append("foot mount: \(foot.mount)" + (foot.mountAssumed ? " (assumed: say --foot-mount)" : ""))
  }
  let places = [ReasonWords.place(configuration.place), configuration.placement].compactMap { $0 }
  words.append("place: " + (places.isEmpty ? "not stated" : places.joined(separator: ", ")))
  // What a narrow screen can do without comes last.
  if let condition = configuration.condition { words.append(condition.rawValue) }
  if configuration.filter != PipelineConfiguration().filter { words.append("filter: \(configuration.filter.rawValue)") }
  return words.joined(separator: "   ")
}
