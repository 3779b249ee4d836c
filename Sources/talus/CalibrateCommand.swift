import AnkleKinematics
import ArgumentParser
import DecimalText
import Export
import Motion
import Pipeline
import Reporting

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Fit the distance to one person's leg and one seat of the sensor.",
    subcommands: [CalibrateWallCommand.self])
}

struct CalibrateWallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wall",
    abstract: "From touches of a wall at known distances to this person's knee-to-wall distance.",
    discussion: """
      The knee touches the wall, the heel stays down: read the tibial inclination, and
      measure from the tip of the big toe to the wall. One to three touches, at least
      4 cm apart. Lengths by tape or the height say what is known before; the touches
      correct leg length, the sensor's offset and the constant of knee and foot.

      From two touches on, each is held against the others: one that deviates may be a
      lifted heel, a sensor that slipped, or a typing error. One touch cannot be
      checked. The file holds for this person, this seat of the sensor and this zero.

      EXAMPLES
        talus calibrate wall --touch 33.0=8 --touch 39.5=12.1 --height-cm 172 -o anna.wall
        talus report visit.mcap -o reports --wall-calibration anna.wall
      """)

  @Option(
    name: .customLong("touch"),
    help: ArgumentHelp("A touch: tibial inclination in degrees = toe to wall in cm.", valueName: "deg=cm"))
  var touches: [Touch]

  @Option(name: .short, help: ArgumentHelp("Keep the calibration in this file.", valueName: "file"))
  var output: String?

  @Flag(help: "For programs: one JSON object.")
  var json = false

  @OptionGroup(title: "What is known of the leg and the sensor's seat") var session: SessionOptions

  struct Touch: ExpressibleByArgument {
    var degrees: Double
    var centimetres: Double

    init?(argument: String) {
      let sides = argument.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let degrees = Double(sides[0]), let centimetres = Double(sides[1]),
        (-30...80).contains(degrees), (-15...40).contains(centimetres)
      else { return nil }
      self.degrees = degrees
      self.centimetres = centimetres
    }
  }

  func validate() throws {
    guard (1...3).contains(touches.count) else {
      throw ValidationError("--touch: give one to three touches, such as --touch 33.0=8 --touch 39.5=12.1.")
    }
  }

  func run() throws {
    var configuration = PipelineConfiguration()
    _ = session.choices.apply(to: &configuration)
    guard let lengths = configuration.bodyLengths else {
      throw failure(.usage, "the leg's lengths are needed to start from: say --height-cm, or --shank-cm and --foot-cm")
    }
    let prior = WallCalibration.prior(
      lengths: lengths, zero: configuration.zero, placement: configuration.place,
      standingLean: configuration.standingLean.map { Uncertain($0, sd: PipelineConfiguration.standingLeanSD) })
    let fit = WallFit(
      prior: prior,
      touches: touches.map { WallTouch(inclination: $0.degrees * radiansPerDegree, distance: $0.centimetres / 100) })
    var text = TextBuffer()
    if json { writeJSON(fit, to: &text) } else { writeText(fit, to: &text) }
    if let output {
      do { try AtomicFile.write(WallFile.bytes(fit.calibration), to: output) } catch {
        throw failure(.cannotCreate, error.description)
      }
    }
    try writeOutput(text.bytes.span)
  }

  private func writeText(_ fit: WallFit, to text: inout TextBuffer) {
    func row(_ name: String, _ value: Double, _ sd: Double, _ unit: String) {
      text.append(text: name)
      text.append(fixed: value, decimals: 1)
      text.append(text: " ± ")
      text.append(fixed: sd, decimals: 1)
      text.append(text: " \(unit)\n")
    }
    let calibration = fit.calibration
    let covariance = calibration.covariance
    row("leg length         ", calibration.shank * 100, covariance.xx.squareRoot() * 100, "cm")
    row(
      "sensor's offset    ", calibration.offset / radiansPerDegree, covariance.yy.squareRoot() / radiansPerDegree, "°")
    row("knee less foot     ", calibration.constant * 100, covariance.zz.squareRoot() * 100, "cm")
    text.append(text: "zero               \(calibration.zero.rawValue)\n")
    for check in fit.checks {
      row("touch at ", check.touch.distance.value * 100, check.touch.distance.sd * 100, "cm:")
      row("  from the others  ", check.deviation * 100, abs(check.deviation / check.normalised) * 100, "cm")
      row(
        "  as an angle      ", check.angle / radiansPerDegree, abs(check.angle / check.normalised) / radiansPerDegree,
        "°")
    }
    text.append(text: verdict(fit) + "\n")
  }

  private func writeJSON(_ fit: WallFit, to text: inout TextBuffer) {
    let calibration = fit.calibration
    let covariance = calibration.covariance
    text.appendJSON { json in
      json.beginObject()
      json.member("zero", text: calibration.zero.rawValue)
      json.member("touches", integer: calibration.touches)
      json.member("shank_cm", calibration.shank * 100, decimals: 2)
      json.member("shank_sd_cm", covariance.xx.squareRoot() * 100, decimals: 2)
      json.member("offset_deg", calibration.offset / radiansPerDegree, decimals: 2)
      json.member("offset_sd_deg", covariance.yy.squareRoot() / radiansPerDegree, decimals: 2)
      json.member("constant_cm", calibration.constant * 100, decimals: 2)
      json.member("constant_sd_cm", covariance.zz.squareRoot() * 100, decimals: 2)
      json.key("checks")
      json.beginArray()
      for check in fit.checks {
        json.beginObject()
        json.member("touch_cm", check.touch.distance.value * 100, decimals: 2)
        json.member("deviation_cm", check.deviation * 100, decimals: 2)
        json.member("deviation_deg", check.angle / radiansPerDegree, decimals: 2)
        json.member("normalised", check.normalised, decimals: 2)
        json.endObject()
      }
      json.endArray()
      json.key("consistent")
      if let isConsistent = calibration.isConsistent { json.bool(isConsistent) } else { json.null() }
      json.member("note", text: verdict(fit))
      json.endObject()
    }
    text.append("\n")
  }

  private func verdict(_ fit: WallFit) -> String {
    if fit.checks.isEmpty { return "one touch cannot be checked: a second one, 4 cm or more away, can" }
    return fit.suspect == nil
      ? "the touches agree"
      : "the touches do not agree: a heel that lifted, a sensor that slipped, or a typing error; repeat them"
  }
}
