import ArgumentParser
import CaptureImport
import DecimalText
import Motion
import Pipeline
import Replay

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what is in a file, or on a port: format, rate, messages, gaps, counters.",
    discussion: """
      A port is listened to for some seconds; a sensor that has to be asked is asked
      when --protocol names it.

      EXAMPLES
        talus inspect session.mcap
        talus inspect capture.csv --json
        talus inspect dump.bin --protocol witmotion --rate 100
        talus inspect /dev/ttyUSB0 --seconds 10
      """)

  @Argument(
    help: "A recording, a vendor's capture, raw bytes (--protocol only where they are not recognised), or a port.")
  var file: String

  @Option(name: .customLong("protocol"), help: ArgumentHelp("Wire protocol of raw bytes.", valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("Samples a second, where the input carries no time.", valueName: "hz"))
  var rate: Double?

  @Option(help: ArgumentHelp("How long a port is listened to (default: 5).", valueName: "s"))
  var seconds: Double?

  @Option(help: ArgumentHelp("A port's bits per second (default: what the protocol's devices use).", valueName: "n"))
  var baud: Int?

  @OptionGroup(title: "Of a vendor's capture") var capture: CaptureOptions

  @Flag(help: "For programs: one JSON object.")
  var json = false

  func validate() throws {
    try checkRate(rate)
    try checkProtocol(protocolName)
    try checkNumber("seconds", seconds, 0.5...3600, "s")
    if let baud, !(50...12_000_000).contains(baud) {
      throw ValidationError("--baud \(baud): give a number from 50 to 12000000.")
    }
  }

  func run() throws {
    if isPort(file) {
      try show(
        try inspectPort(file, protocolName: try capture.protocolName(protocolName), baud: baud, seconds: seconds ?? 5))
      return
    }
    if seconds != nil || baud != nil {
      throw failure(.usage, "--seconds and --baud are for a port; \(file) is none")
    }
    var choices = ConfigurationChoices()
    choices.fixedRate = rate
    // Where nothing gives a time, everything else can still be said.
    let input = try openInput(
      file, protocolName: try capture.protocolName(protocolName), choices: choices,
      importing: try capture.options(rate: rate),
      assumedRate: 100)
    let foot = input.configuration.foot == nil ? nil : StreamID(1)
    try show(
      try InputFacts(input, timed: !input.isRateAssumed),
      foot: try foot.map { try InputFacts(input, timed: true, stream: $0) })
  }

  private func show(_ facts: InputFacts, foot: InputFacts? = nil) throws {
    var text = TextBuffer()
    if json {
      facts.writeJSON(to: &text, foot: foot)
    } else {
      facts.writeText(to: &text)
      if var foot {
        foot.path += ", the sensor on the foot"
        foot.writeText(to: &text)
      }
    }
    try writeOutput(text.bytes.span)
  }
}

/// Opens an input, or ends the program with the reason.
///
/// - Parameter assumedRate: taken for raw bytes without a rate, for uses that do not need a time.
func openInput(
  _ path: String, protocolName: String?, choices: ConfigurationChoices, importing: ImportOptions = ImportOptions(),
  assumedRate: Double? = nil
) throws -> SessionInput {
  do {
    return try SessionInput.open(
      path, protocolName: protocolName, choices: choices, importing: importing, assumedRate: assumedRate)
  } catch {
    throw failure(error.isUnreadable ? .noInput : .badData, error.description)
  }
}

func decimal(_ value: Double, _ decimals: Int) -> String {
  var text = TextBuffer(capacity: 32)
  text.append(fixed: value, decimals: decimals)
  return text.string
}
