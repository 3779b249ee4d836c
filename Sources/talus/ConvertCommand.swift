import AnkleKinematics
import ArgumentParser
import DecimalText
import Export
import Motion
import Pipeline
import Replay

struct ConvertCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case csv
    case jsonl
    case sto
  }

  enum Locale: String, CaseIterable, ExpressibleByArgument {
    case de
  }

  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a file's samples in a format that other tools read.",
    discussion: """
      CSV has one row a sample: t_s, acceleration in m/s², angular rate in rad/s,
      and what else the sensor gives. A quantity that is absent leaves its cells
      empty. Numbers always have a point, and commas between them; --locale de
      writes decimal commas and semicolons instead, for spreadsheets that expect
      them. JSON Lines (jsonl) have one object a sample. sto is for OpenSim, in
      degrees: tibia_pitch_l or _r is the tibial inclination as `talus replay` gives
      it, and ankle_angle_l or _r is there only where a foot sensor measured it.

      EXAMPLES
        talus convert session.mcap --to csv > session.csv
        talus convert dump.bin --protocol witmotion --rate 100 --to csv -o dump.csv
        talus convert visit.csv --locale de -o visit-excel.csv
        talus convert visit.csv --to sto --side left --mount y=proximal,z=anterior
        talus convert lab.csv --to sto --shank tibia_r --foot foot_r
      """)

  @Argument(help: "A recording, a vendor's capture, or raw bytes.")
  var file: String

  @Option(name: .customLong("to"), help: "The format to write.")
  var format: Format = .csv

  @Option(help: "For CSV: the spelling of a country's spreadsheets (de: semicolons and decimal commas).")
  var locale: Locale?

  @Option(help: "For sto: the leg that carries the sensor, which names the columns.")
  var side: Side?

  @Option(help: ArgumentHelp("For sto: where two of the sensor's axes point.", valueName: "axis=direction,…"))
  var mount: String?

  @Flag(help: "Of a recording with a sensor on the foot: write that one's samples, not the shank's (csv, jsonl).")
  var footSensor = false

  private var stream: StreamID? { footSensor ? StreamID(1) : nil }

  @Option(name: .short, help: ArgumentHelp("The file to write; standard output without it.", valueName: "file"))
  var output: String?

  @Option(name: .customLong("protocol"), help: ArgumentHelp("Wire protocol of raw bytes.", valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("Samples a second, where the input carries no time.", valueName: "hz"))
  var rate: Double?

  @OptionGroup(title: "For sto: a second sensor, on the foot") var foot: FootFileOptions

  @OptionGroup(title: "Of a vendor's capture") var capture: CaptureOptions

  func validate() throws {
    try checkRate(rate)
    try checkProtocol(protocolName)
    if locale != nil, format != .csv {
      throw ValidationError("--locale is for --to csv: other formats have one spelling.")
    }
    if foot.foot != nil, format != .sto {
      throw ValidationError("--foot is for --to sto: the samples of the foot's input are converted by themselves.")
    }
    if let mount {
      do { _ = try Mount(mount) } catch { throw ValidationError("--mount \(mount): \(error.description)") }
    }
  }

  func run() throws {
    var choices = ConfigurationChoices()
    choices.fixedRate = rate
    choices.side = side
    choices.mount = mount.flatMap { try? Mount($0).text }
    // Where nothing gives a time the column of times stays empty.
    let importing = try capture.options(rate: rate)
    foot.add(to: &choices)
    var input = try openInput(
      file, protocolName: try capture.protocolName(protocolName), choices: choices, importing: importing,
      assumedRate: 100)
    if format == .sto {
      do { input = try foot.joined(input, choices: choices, importing: importing) } catch let error
        as SessionInput.Unusable
      {
        throw failure(error.isUnreadable ? .noInput : .badData, error.description)
      }
    }
    if footSensor && input.configuration.foot == nil {
      throw failure(.usage, "--foot-sensor: \(file) has no sensor on the foot")
    }
    if let output, let target = FileIdentity(output), target == FileIdentity(file) {
      throw failure(.usage, "-o \(output): this is the input, which is kept as it is; give another name")
    }
    let sink = try OutputSink(output)
    var hasField = false
    var text = TextBuffer(capacity: 1 << 16)
    var notes: [String] = []
    switch format {
    case .csv:
      // The columns have to be known before the first row: one pass to see what there is, one to write it.
      let (fields, flags) = try quantities(input)
      hasField = fields.contains(.magneticField)
      let table = SampleCSV(
        fields: fields, hasFlags: !flags.isEmpty, hasTimes: !input.isRateAssumed, isGerman: locale == .de)
      table.appendHeader(to: &text)
      notes = try input.forEachSample(stream: stream) {
        table.append(time: $0.time, $0.sample, to: &text)
        if text.bytes.count > 60_000 { try sink.write(&text) }
      }.notes
    case .jsonl:
      notes = try input.forEachSample(stream: stream) {
        if $0.sample.fields.contains(.magneticField) { hasField = true }
        SampleLines.append(time: $0.time, $0.sample, to: &text)
        if text.bytes.count > 60_000 { try sink.write(&text) }
      }.notes
    case .sto:
      // The number of rows stands above them: one run to count, one to write.
      let storage = AngleStorage(try shape(input), side: input.configuration.side.map { $0 == .left ? "l" : "r" })
      storage.appendHead(to: &text)
      var trouble: (any Error)?
      notes = try input.run { emissions, _, _ in
        for case .reading(let reading) in emissions { storage.append(reading, to: &text) }
        do { if text.bytes.count > 60_000 { try sink.write(&text) } } catch { trouble = error }
        return trouble == nil
      }.notes
      if let trouble { throw trouble }
    }
    try sink.write(&text)
    try sink.finish()
    if input.configuration.foot != nil && format != .sto && stream == nil {
      printError("talus: note: these are the samples of the shank's sensor; --foot-sensor writes the foot's")
    }
    if hasField, let note = input.fieldNote { notes.append("mag_*_uT: " + note) }
    for note in input.notes + notes { printError("talus: note: \(note)") }
  }

  private func quantities(_ input: SessionInput) throws -> (SensorSample.Fields, SensorSample.Flags) {
    var fields: SensorSample.Fields = []
    var flags: SensorSample.Flags = []
    _ = try input.forEachSample(stream: stream) {
      fields.formUnion($0.sample.fields)
      flags.formUnion($0.sample.flags)
    }
    return (fields, flags)
  }

  private func shape(_ input: SessionInput) throws -> AngleStorage.Shape {
    var shape = AngleStorage.Shape()
    _ = try input.run { emissions, _, _ in
      for case .reading(let reading) in emissions { shape.add(reading) }
      return true
    }
    return shape
  }
}
