import ArgumentParser
import CaptureImport
import DecimalText
import Export
import Glibc
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what is in a file: format, rate, gaps, counters.",
    discussion: """
      EXAMPLES
        talus inspect session.mcap
        talus inspect capture.csv --json
        talus inspect dump.bin --protocol witmotion --rate 100
      """)

  @Argument(help: "A recording, a vendor's capture, or raw bytes (--protocol only where it is not recognised).")
  var file: String

  @Option(name: .customLong("protocol"), help: ArgumentHelp("Wire protocol of raw bytes.", valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("Samples a second, where the input carries no time.", valueName: "hz"))
  var rate: Double?

  @OptionGroup(title: "Of a vendor's capture") var capture: CaptureOptions

  @Flag(help: "For programs: one JSON object.")
  var json = false

  func validate() throws {
    try checkRate(rate)
    try checkProtocol(protocolName)
  }

  func run() throws {
    var choices = ConfigurationChoices()
    choices.fixedRate = rate
    // Where nothing gives a time, everything else can still be said.
    let input = try openInput(
      file, protocolName: protocolName, choices: choices, importing: try capture.options(rate: rate),
      assumedRate: 100)
    let facts = try InputFacts(input, timed: !input.isRateAssumed)
    var text = TextBuffer()
    if json { facts.writeJSON(to: &text) } else { facts.writeText(to: &text) }
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

/// What can be said of an input by reading it once.
struct InputFacts {
  var path: String
  var kind: String
  var protocolName: String
  var recognised: ProtocolSniffer.Finding?
  var device: DeviceIdentity?
  var recordedOn: String?
  /// Of the calendar time, s; nil where it was not recorded or the host's clock was kept by no time service.
  var utcUncertainty: Double?
  var samples = 0
  var rate: Double?
  var duration: Double?
  var gaps: [Gap] = []
  var counters = DecoderCounters()
  var quantities: SensorSample.Fields = []
  var flagged = (saturated: 0, stale: 0, implausible: 0)
  var ending: RecordingEnd?
  var notes: [String]

  init(_ input: SessionInput, timed: Bool) throws {
    path = input.path
    kind = input.kind
    protocolName = input.configuration.protocolName
    recognised = input.recognised
    notes = input.notes
    if case .recording(let header) = input.content {
      device = header.devices[StreamID(0)]
      recordedOn = input.recordedOn
      utcUncertainty = header.anchor.uncertaintyNanoseconds.map { Double($0) * 1e-9 }
    }
    var last = SessionTime.zero
    var samples = 0
    var gaps: [Gap] = []
    var quantities: SensorSample.Fields = []
    var flagged = (saturated: 0, stale: 0, implausible: 0)
    let outcome = try input.forEachSample { timed in
      samples += 1
      last = timed.time
      quantities.formUnion(timed.sample.fields)
      if let gap = timed.gapBefore { gaps.append(gap) }
      if timed.sample.flags.contains(.saturated) { flagged.saturated += 1 }
      if timed.sample.flags.contains(.stale) { flagged.stale += 1 }
      if timed.sample.flags.contains(.implausible) { flagged.implausible += 1 }
    }
    self.samples = samples
    self.gaps = gaps
    self.quantities = quantities
    self.flagged = flagged
    counters = outcome.counters
    ending = outcome.end
    if timed {
      rate = outcome.rate
      duration = samples > 0 ? last.seconds : nil
    }
  }

  private static let quantityNames: [(SensorSample.Fields, StaticString)] = [
    (.acceleration, "acceleration"), (.angularRate, "angular-rate"), (.magneticField, "magnetic-field"),
    (.orientation, "orientation"), (.eulerAngles, "euler-angles"), (.inclinationX, "inclination-x"),
    (.inclinationY, "inclination-y"), (.temperature, "temperature"), (.counter, "counter"),
    (.deviceTime, "device-time"),
  ]

  private var quantityWords: [StaticString] {
    Self.quantityNames.filter { quantities.contains($0.0) }.map(\.1)
  }

  func writeJSON(to text: inout TextBuffer) {
    text.appendJSON { json in
      json.beginObject()
      json.member("file", text: path)
      json.member("kind", text: kind)
      json.member("protocol", text: protocolName.isEmpty ? nil : protocolName)
      if let recordedOn {
        json.member("recorded_on", text: recordedOn)
        json.member("utc_uncertainty_s", utcUncertainty, decimals: 6)
      }
      json.member("confidence", recognised?.confidence, decimals: 3)
      json.member("evidence", text: recognised?.evidence)
      json.member("samples", integer: samples)
      json.member("rate_hz", rate, decimals: 3)
      json.member("duration_s", duration, decimals: 6)
      json.member("gaps", integer: gaps.count)
      json.member("missing_samples", integer: gaps.reduce(0) { $0 + ($1.missingSamples ?? 0) })
      json.key("quantities")
      json.beginArray()
      for word in quantityWords { json.string(word) }
      json.endArray()
      json.key("counters")
      json.beginObject()
      json.member("bytes_in", integer: counters.bytesIn)
      json.member("framed", integer: counters.framed)
      json.member("skipped", integer: counters.skipped)
      json.member("held", integer: counters.held)
      json.member("frames", integer: counters.frames)
      json.member("checksum_failures", integer: counters.checksumFailures)
      json.member("resynchronisations", integer: counters.resynchronisations)
      json.member("saturated", integer: flagged.saturated)
      json.member("stale", integer: flagged.stale)
      json.member("implausible", integer: flagged.implausible)
      json.endObject()
      json.member("ending", text: ending.map(endingWords))
      json.key("notes")
      json.beginArray()
      for note in notes { json.string(text: note) }
      json.endArray()
      json.endObject()
    }
    text.append("\n")
  }

  func writeText(to text: inout TextBuffer) {
    func row(_ name: StaticString, _ value: String) {
      text.append("  ")
      text.append(name)
      for _ in name.utf8CodeUnitCount..<20 { text.append(" ") }
      text.append(text: value)
      text.append("\n")
    }
    text.append(text: path + "\n")
    row("kind", kind)
    if !protocolName.isEmpty { row("protocol", protocolName) }
    if let recognised {
      row("recognised by", "\(recognised.evidence) (confidence \(decimal(recognised.confidence, 3)))")
    }
    if let device, !device.port.isEmpty { row("recorded from", device.port) }
    if let recordedOn {
      let uncertainty = utcUncertainty.map { ", within \(decimal($0, 3)) s" } ?? ", uncertainty unknown"
      row("recorded on", recordedOn + uncertainty)
    }
    row("samples", "\(samples)")
    row("rate", rate.map { decimal($0, 3) + " Hz" } ?? "unknown (the input carries no time; say --rate HZ)")
    row("duration", duration.map { decimal($0, 3) + " s" } ?? "unknown")
    row("quantities", quantityWords.map(\.description).joined(separator: ", "))
    row("gaps", gapWords)
    if counters.bytesIn > 0 {
      row("bytes in", "\(counters.bytesIn)")
      row("  framed", "\(counters.framed) in \(counters.frames) frames")
      row("  skipped", "\(counters.skipped)")
      row("  held", "\(counters.held)")
      row("checksum failures", "\(counters.checksumFailures)")
    }
    if flagged.saturated > 0 { row("saturated", "\(flagged.saturated) samples at the end of the sensor's range") }
    if flagged.stale > 0 { row("stale", "\(flagged.stale) samples repeat the one before") }
    if flagged.implausible > 0 { row("implausible", "\(flagged.implausible) samples") }
    if let ending { row("ending", endingWords(ending)) }
    for note in notes { row("note", note) }
  }

  private var gapWords: String {
    guard let longest = gaps.map({ $0.end.seconds(since: $0.start) }).max() else { return "none" }
    let missing = gaps.reduce(0) { $0 + ($1.missingSamples ?? 0) }
    return "\(gaps.count) (\(missing) samples missing, longest \(decimal(longest, 3)) s)"
  }

  private func endingWords(_ ending: RecordingEnd) -> String {
    switch ending {
    case .complete: "complete"
    case .truncated(let bytes): "cut off after \(bytes) bytes; everything before was read"
    case .damaged(let offset, let reason): "damaged at byte \(offset): \(reason)"
    }
  }
}

func decimal(_ value: Double, _ decimals: Int) -> String {
  var text = TextBuffer(capacity: 32)
  text.append(fixed: value, decimals: decimals)
  return text.string
}
