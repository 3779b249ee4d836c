import ArgumentParser
import CaptureImport
import Pipeline
import Replay
import Timebase

/// A recording or capture of a second sensor, on the foot, that belongs to the first.
struct FootFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A recording or capture of a sensor on the foot, taken at the same time, or the sensor's name in the input, where --shank names the other one.",
      valueName: "file"))
  var foot: String?

  @Option(
    name: .customLong("foot-offset"),
    help: ArgumentHelp(
      "What to add to the foot's times to make them the shank's.",
      discussion: "Without it: by the host's clock where one computer recorded both, else by a common knock or turn.",
      valueName: "s"))
  var offset: Double?

  @Option(
    name: .customLong("foot-rate"),
    help: ArgumentHelp("Samples a second of the foot's input, where it carries no time.", valueName: "hz"))
  var rate: Double?

  @OptionGroup var sensor: FootSensorOptions

  /// Greatest offset that is looked for, s.
  private static let within = 60.0

  func validate() throws {
    try checkNumber("foot-offset", offset, -1e6...1e6, "s")
    try checkNumber("foot-rate", rate, 0.1...20_000, "Hz")
    guard foot == nil, offset != nil || rate != nil || sensor.protocolName != nil else { return }
    throw ValidationError("--foot-offset, --foot-rate and --foot-protocol need a foot's input: say --foot FILE.")
  }

  /// What was said of the foot, among what was said of the session.
  func add(to choices: inout ConfigurationChoices) { choices.footMount = sensor.mountText }

  /// The input with the foot's beside it; the input itself where no foot was named.
  ///
  /// - Parameter importing: what was said of the input, where that is a capture.
  func joined(
    _ input: SessionInput, choices: ConfigurationChoices, importing: ImportOptions
  ) throws -> SessionInput {
    guard let path = foot else {
      guard sensor.mount == nil || input.configuration.foot != nil else {
        throw failure(.usage, "--foot-mount: \(input.path) has no sensor on the foot; name its file with --foot")
      }
      return input
    }
    var footChoices = ConfigurationChoices()
    footChoices.fixedRate = rate
    let foot: SessionInput
    if case .capture(let capture) = input.content, !capture.sensor.isEmpty, FileIdentity(path) == nil {
      // No file has this name: it is that of another sensor of the same capture.
      var importing = importing
      importing.sensor = path
      footChoices.fixedRate = choices.fixedRate
      foot = try SessionInput.open(input.path, choices: footChoices, importing: importing)
      if case .capture(let other) = foot.content, other.sensor == capture.sensor {
        throw failure(.usage, "--foot \(path): this is the sensor of the shank; there has to be another one")
      }
    } else {
      foot = try SessionInput.open(
        path, protocolName: sensor.protocolName, choices: footChoices, importing: ImportOptions(rate: rate))
    }
    let place = try place(of: foot, at: input)
    return try input.joined(
      with: foot, offset: place.offset, drift: place.drift, words: place.words, choices: choices)
  }

  /// Where the foot's times lie, and how that is known.
  private func place(of foot: SessionInput, at input: SessionInput) throws -> (
    offset: Double, drift: Double, words: String
  ) {
    if let offset { return (offset, 0, "offset \(decimal(offset, 3)) s as it was said") }
    if let found = input.fileOffset(of: foot) {
      return (found.seconds, 0, "offset \(decimal(found.seconds, 4)) s by the clock of \(found.words)")
    }
    if let offset = try input.hostOffset(of: foot) {
      return (offset, 0, "offset \(decimal(offset, 4)) s by the clock of the computer that recorded both")
    }
    var reasons: [String] = []
    for event in MotionSignal.Event.allCases {
      do {
        let found = try MotionSignal.align(input, foot, by: event, within: Self.within)
        // The offset is that at the middle of the overlap; the drift turns about it.
        let drift = found.drift ?? 0
        let start = max(0, -found.offset)
        let zero = found.offset + drift * (start + found.overlap / 2)
        let residual = found.residual.map { ", residual \(decimal($0 * 1e3, 2)) ms" } ?? ""
        return (
          zero, drift,
          "offset \(decimal(zero, 4)) s by a \(event.rawValue) that both felt (correlation \(decimal(found.correlation, 2))\(residual))"
        )
      } catch let refusal as MotionAlignment.Refusal {
        reasons.append(MotionSignal.words(refusal, event, within: Self.within))
      }
    }
    throw SessionInput.Unusable(
      description: "\(foot.path): how its times lie to those of \(input.path) is not known: "
        + reasons.joined(separator: "; ") + ". Say it with --foot-offset S", isUnreadable: false)
  }
}
