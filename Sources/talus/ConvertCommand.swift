import ArgumentParser
import DecimalText
import Export
import Motion
import Pipeline
import Replay

struct ConvertCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case csv
  }

  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a file's samples in a format that other tools read.",
    discussion: """
      CSV has one row a sample: t_s, acceleration in m/s², angular rate in rad/s, and
      what else the sensor gives. A quantity that is absent leaves its cells empty.
      Numbers always have a point, and commas between them.

      EXAMPLES
        talus convert session.mcap --to csv > session.csv
        talus convert dump.bin --protocol witmotion --rate 100 --to csv -o dump.csv
      """)

  @Argument(help: "A recording, a vendor's capture, or raw bytes.")
  var file: String

  @Option(name: .customLong("to"), help: "The format to write.")
  var format: Format = .csv

  @Option(name: .short, help: ArgumentHelp("The file to write; standard output without it.", valueName: "file"))
  var output: String?

  @Option(name: .customLong("protocol"), help: ArgumentHelp("Wire protocol of raw bytes.", valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("Samples a second, where the input carries no time.", valueName: "hz"))
  var rate: Double?

  func validate() throws {
    try checkRate(rate)
    try checkProtocol(protocolName)
  }

  func run() throws {
    var choices = ConfigurationChoices()
    choices.fixedRate = rate
    // Where nothing gives a time the column of times stays empty.
    let input = try openInput(file, protocolName: protocolName, choices: choices, assumedRate: 100)
    if let output, let target = FileIdentity(output), target == FileIdentity(file) {
      throw failure(.usage, "-o \(output): this is the input, which is kept as it is; give another name")
    }
    // The columns have to be known before the first row: one pass to see what there is, one to write it.
    var fields: SensorSample.Fields = []
    var flags: SensorSample.Flags = []
    _ = try input.forEachSample {
      fields.formUnion($0.sample.fields)
      flags.formUnion($0.sample.flags)
    }
    let table = SampleCSV(fields: fields, hasFlags: !flags.isEmpty, hasTimes: !input.isRateAssumed)
    let sink = try OutputSink(output)
    var text = TextBuffer(capacity: 1 << 16)
    table.appendHeader(to: &text)
    _ = try input.forEachSample {
      table.append(time: $0.time, $0.sample, to: &text)
      if text.bytes.count > 60_000 { try sink.write(&text) }
    }
    try sink.write(&text)
    try sink.finish()
    for note in input.notes { printError("talus: note: \(note)") }
  }
}
