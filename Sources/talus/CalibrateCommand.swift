import AnkleKinematics
import ArgumentParser
import DecimalText
import Export
import Files
import Motion
import Pipeline
import Replay

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
      The knee touches the wall, the heel stays down: measure from the tip of the
      big toe to the wall. One to three touches or more, at least 4 cm apart. Read
      the tibial inclination of each and give it with --touch; or record the touches
      as lunges that are held for a second, and give the recording with --distances,
      in order.

      Lengths by tape or the height say what is known before; the touches correct
      leg length, the sensor's offset and the constant of knee and foot (the most
      probable values, given both). From two touches on, each is held against the
      others: one that deviates may be a lifted heel, a sensor that slipped, or a
      typing error. One touch cannot be checked.

      The file holds for this person and leg, this seat of the sensor and this zero:
      --wall-calibration of stream, replay and report refuses it where another leg,
      place or zero is stated.

      EXAMPLES
        talus calibrate wall --touch 33.0=8 --touch 39.5=12.1 \\
          --height-cm 172 -o anna.wall
        talus calibrate wall touches.mcap --distances 5,8,-,11.5 --height-cm 172 \\
          -o anna.wall
        talus calibrate wall --touch 33=3.1in --height-cm 172
        talus report visit.mcap -o reports --wall-calibration anna.wall
      """)

  @Argument(help: "A recording or capture of the touches, with --distances.")
  var file: String?

  @Option(
    name: .customLong("touch"),
    help: ArgumentHelp(
      "A touch: tibial inclination in degrees = toe to wall in cm (or 80mm, 3.1in).", valueName: "deg=cm")
  )
  var touches: [Touch] = []

  @Option(
    help: ArgumentHelp(
      "Toe to wall by tape for each lunge of the recording, in order; - for one without.", valueName: "cm,cm,…"))
  var distances: Distances?

  @Option(name: .short, help: ArgumentHelp("Keep the calibration in this file.", valueName: "file"))
  var output: String?

  @Flag(help: "For programs: one JSON object.")
  var json = false

  @OptionGroup(title: "What is known of the leg and the sensor's seat") var session: SessionOptions

  @OptionGroup(title: "Of a vendor's capture") var capture: CaptureOptions

  struct Touch: ExpressibleByArgument {
    var degrees: Double
    var distance: Double

    init?(argument: String) {
      let sides = argument.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let degrees = Double(sides[0]), let distance = TapeLength.metres(sides[1]),
        (-30...80).contains(degrees)
      else { return nil }
      self.degrees = degrees
      self.distance = distance
    }
  }

  struct Distances: ExpressibleByArgument {
    /// m; nil for a lunge that nobody measured.
    var list: [Double?]

    init?(argument: String) {
      list = []
      for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
        if part == "-" {
          list.append(nil)
        } else {
          guard let distance = TapeLength.metres(part) else { return nil }
          list.append(distance)
        }
      }
      guard list.contains(where: { $0 != nil }) else { return nil }
    }
  }

  func validate() throws {
    if file == nil {
      guard distances == nil else { throw ValidationError("--distances: name the recording of the touches, too.") }
      guard (1...WallFit.mostTouches).contains(touches.count) else {
        throw ValidationError(
          "--touch: give one to three touches (at most \(WallFit.mostTouches)), such as --touch 33.0=8 --touch 39.5=12.1."
        )
      }
    } else {
      guard touches.isEmpty else {
        throw ValidationError("--touch: a recording brings its own inclinations; leave one of the two out.")
      }
      guard let distances, distances.list.count <= WallFit.mostTouches else {
        throw ValidationError(
          "--distances: give the tape's distance of each lunge, in order, such as --distances 5,8,11.")
      }
    }
  }

  func run() throws {
    var configuration = PipelineConfiguration()
    var given = touches.map { WallTouch(inclination: $0.degrees * radiansPerDegree, distance: $0.distance) }
    if let file, let distances {
      let recorded = try RecordedTouches(
        openInput(file, protocolName: nil, choices: session.choices, importing: try capture.options(rate: nil)),
        distances: distances.list)
      configuration = recorded.configuration
      given = recorded.touches
      for note in recorded.notes { printError("talus: note: \(note)") }
    } else {
      _ = session.choices.apply(to: &configuration)
    }
    guard let lengths = configuration.bodyLengths else {
      throw failure(.usage, "the leg's lengths are needed to start from: say --height-cm, or --shank-cm and --foot-cm")
    }
    var prior = WallCalibration.prior(
      lengths: lengths, zero: configuration.zero, placement: configuration.place,
      standingLean: configuration.standingLean.map { Uncertain($0, sd: PipelineConfiguration.standingLeanSD) })
    prior.side = configuration.side
    prior.place = configuration.place
    let fit = WallFit(prior: prior, touches: given)
    var text = TextBuffer()
    if json { writeJSON(fit, given, to: &text) } else { writeText(fit, given, to: &text) }
    if let output {
      do { try AtomicFile.write(WallFile.bytes(fit.calibration), to: output) } catch {
        throw failure(.cannotCreate, error.description)
      }
    }
    try writeOutput(text.bytes.span)
  }

  private func writeText(_ fit: WallFit, _ touches: [WallTouch], to text: inout TextBuffer) {
    func row(_ name: String, _ value: Double, _ sd: Double, _ unit: String) {
      text.append(text: name)
      text.append(fixed: value, decimals: 1)
      text.append(text: " ± ")
      text.append(fixed: sd, decimals: 1)
      text.append(text: " \(unit)\n")
    }
    let calibration = fit.calibration
    let covariance = calibration.covariance
    text.append(text: "most probable, ± 1 SD\n")
    row("  leg length         ", calibration.shank * 100, covariance.xx.squareRoot() * 100, "cm")
    row(
      "  sensor's offset    ", calibration.offset / radiansPerDegree, covariance.yy.squareRoot() / radiansPerDegree,
      "°")
    row("  knee less foot     ", calibration.constant * 100, covariance.zz.squareRoot() * 100, "cm")
    text.append(text: "holds for\n")
    text.append(text: "  zero               \(calibration.zero.rawValue)\n")
    text.append(text: "  leg                \(calibration.side?.rawValue ?? "not stated")\n")
    text.append(text: "  sensor's place     \(ReasonWords.place(calibration.place) ?? "not stated")\n")
    for (index, touch) in touches.enumerated() {
      text.append(text: "touch \(index + 1)\n")
      row(
        "  inclination        ", touch.inclination.value / radiansPerDegree, touch.inclination.sd / radiansPerDegree,
        "°")
      row("  tape               ", touch.distance.value * 100, touch.distance.sd * 100, "cm")
      guard fit.checks.indices.contains(index) else { continue }
      let check = fit.checks[index]
      row("  off the others by  ", check.deviation * 100, abs(check.deviation / check.normalised) * 100, "cm")
      row(
        "  as an angle        ", check.angle / radiansPerDegree, abs(check.angle / check.normalised) / radiansPerDegree,
        "°")
      text.append(text: "  in its own SDs     ")
      text.append(fixed: check.normalised, decimals: 1)
      text.append(text: abs(check.normalised) > WallFit.limit ? "  too far\n" : "\n")
    }
    text.append(text: verdict(fit) + "\n")
  }

  private func writeJSON(_ fit: WallFit, _ touches: [WallTouch], to text: inout TextBuffer) {
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
      json.member("side", text: calibration.side?.rawValue)
      json.member("placement_cm", calibration.place.belowTuberosity.map { $0 * 100 }, decimals: 1)
      json.member("placement_surface", text: calibration.place.surface?.rawValue)
      json.key("touch_list")
      json.beginArray()
      for touch in touches {
        json.beginObject()
        json.member("inclination_deg", touch.inclination.value / radiansPerDegree, decimals: 3)
        json.member("inclination_sd_deg", touch.inclination.sd / radiansPerDegree, decimals: 3)
        json.member("tape_cm", touch.distance.value * 100, decimals: 2)
        json.endObject()
      }
      json.endArray()
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
