import AnkleKinematics
import ArgumentParser
import CaptureImport
import Glibc
import Motion
import RealModule
import SensorProtocols
import SensorSimulation

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Make a lunge session whose truth is known.",
    discussion: """
      A leg of the given height lunges. The foot stands flat, or lifts its heel about
      the joint of the big toe; the shank turns about the ankle; the knee may meet a
      wall. The sensor feels gravity and every acceleration at its place, and has the
      errors of its model, drawn from the spreads that --list-sensors shows. The same
      seed makes the same session.

      Files, under the stem lunge-SIDE or the one given with --stem:
        STEM.csv          samples: t_s, acceleration, angular rate
        STEM.truth.csv    t_s and what was true at every sample
        STEM.trials.csv   the true movements: start, plateau, end, end range
        STEM.bin          the bytes that a sensor of the protocol would send
        STEM.mcap         the same bytes as a recording, with their arrivals
      With --foot-sensor these are STEM.shank.* and STEM.foot.*.

      EXAMPLES
        talus simulate -o demo --seed 7 --side left
        talus simulate -o demo --trials 5 --target-deg 42 --sensor mpu6050 \\
          --rate-hz 200 --arrivals usb16ms
        talus simulate -o demo --rocks 3 --with mount-random=5,tremor=0.1
        talus simulate -o demo --foot-sensor wt901 \\
          --scenario 'stand 3; lunge 38; stand 3; lunge 38 heel-lift=5; stand 3'

      A SCENARIO, as text or as a file of lines, says what happens, in order
      (degrees, cm, seconds, m/s2; # begins a comment):
      \(indented(ScenarioText.help))

      CONDITIONS for --with (and what they are without):
      \(Conditions.help)
      """)

  @Option(
    name: .short, help: ArgumentHelp("The folder to write into; it is made if it is not there.", valueName: "folder"))
  var output: String?

  @Option(help: "The same number makes the same session.")
  var seed: UInt64 = 1

  @Option(help: "The leg that carries the sensor.")
  var side: Side = .right

  @Option(help: ArgumentHelp("What happens instead of the lunges below: text, or a file.", valueName: "text|file"))
  var scenario: String?

  @Option(help: "Lunges to end range.")
  var trials = 3

  @Option(help: "Practice lunges before them, not all the way.")
  var practice = 0

  @Option(help: "Movements broken off.")
  var aborted = 0

  @Option(help: "Rocks of the knee after the first standing: a calibration for --align functional.")
  var rocks = 0

  @Option(help: ArgumentHelp("Mean inclination at end range.", valueName: "deg"))
  var targetDeg = 38.0

  @Option(help: ArgumentHelp("Inclination while standing.", valueName: "deg"))
  var leanDeg = 5.0

  @Option(help: ArgumentHelp("How long end range is held.", valueName: "s"))
  var holdS = 2.0

  @Flag(help: "The foot hangs: dorsiflexion in the air, for two sensors.")
  var unweighted = false

  @Option(help: ArgumentHelp("Further conditions, see above.", valueName: "name=value,…"))
  var with: String?

  @Option(help: ArgumentHelp("Sample rate.", valueName: "hz"))
  var rateHz = 100.0

  @Option(help: ArgumentHelp("Sensor model: " + SensorModel.presets.map(\.name).joined(separator: ", ") + "."))
  var sensor = "wt901"

  @Option(
    help: ArgumentHelp("A second sensor, on the instep, with a clock of its own: its model.", valueName: "sensor"))
  var footSensor: String?

  @Flag(help: "Show what each sensor model has of errors, and end.")
  var listSensors = false

  @Option(
    help: ArgumentHelp(
      "How the sensor sits on the leg (default: the protocol's usual mount).", valueName: "axis=direction,…"))
  var mount: String?

  @Option(
    help: ArgumentHelp(
      "How the second one sits on the foot: proximal is up, anterior to the toes.", valueName: "axis=direction,…"))
  var footMount = "z=proximal,x=anterior"

  @Option(help: ArgumentHelp("Body height, for the leg's lengths and where the sensor sits.", valueName: "cm"))
  var heightCm = 170.0

  @Option(help: "Zero of the inclination in the truth: gravity, or the mean of quiet standing.")
  var zero: SimulatedFiles.Zero = .gravity

  @Option(
    help: ArgumentHelp("How bytes reach the host: " + ArrivalModel.presets.map(\.name).joined(separator: ", ") + "."))
  var arrivals = "usb16ms"

  @Option(help: ArgumentHelp("Length of the session; by default it ends with the last standing.", valueName: "s"))
  var durationS: Double?

  @Option(name: .customLong("protocol"), help: ArgumentHelp("The wire protocol of the bytes.", valueName: "name"))
  var protocolName = "witmotion"

  @Option(help: ArgumentHelp("Name of the files without extension.", valueName: "name"))
  var stem: String?

  func run() throws {
    if listSensors {
      for model in SensorModel.presets { print(model.spreads) }
      return
    }
    guard let output else { throw failure(.usage, "-o: name a folder to write into") }
    let wire = try catalogueRow()
    // Everything is made before the first file is: half a session would look like one.
    var made: [SimulatedFiles] = []
    do {
      let plan = try plan(wire)
      let base = output + "/" + (stem ?? "lunge-\(side.rawValue)")
      guard let footSensor else {
        made = [try files(base, plan, wire)]
        return try write(made, into: output)
      }
      var foot = plan.onFoot(sensor: try model("--foot-sensor", footSensor), mount: try Mount(footMount))
      foot.speak(wire)
      made = [try files(base + ".shank", plan, wire), try files(base + ".foot", foot, wire)]
    } catch let error as SessionPlan.Impossible {
      throw failure(.usage, error.description)
    } catch let error as Mount.Unusable {
      throw failure(.usage, "--mount \(mount ?? ""), --foot-mount \(footMount): \(error.description)")
    } catch let error as ScenarioText.Unreadable {
      throw failure(.usage, "--scenario: \(error.description)")
    } catch let error as Conditions.Unreadable {
      throw failure(.usage, "--with: \(error.description)")
    }
    try write(made, into: output)
  }

  private func files(_ base: String, _ plan: SessionPlan, _ wire: ProtocolDescription) throws -> SimulatedFiles {
    let session = try SimulatedSession(plan)
    guard let encoded = session.encoded(as: wire) else {
      throw failure(.usage, "--protocol \(protocolName): no encoder can write this sensor's samples")
    }
    return SimulatedFiles(
      base: base, session: session, wire: wire, encoded: encoded, zero: zero, height: heightCm / 100)
  }

  private func write(_ made: [SimulatedFiles], into folder: String) throws {
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw failure(.cannotCreate, "\(folder): \(String(cString: strerror(errno)))")
    }
    for files in made {
      let session = files.session
      let names = try files.write()
      print("\(session.samples.count) samples, \(session.trials.count) movements, truth beside them:")
      for name in names { print("  \(name)") }
    }
  }

  private func catalogueRow() throws -> ProtocolDescription {
    do { return try ProtocolCatalogue.find(protocolName) } catch {
      throw failure(.usage, "--protocol: \(error.description)")
    }
  }

  private func model(_ option: String, _ name: String) throws -> SensorModel {
    guard let model = SensorModel.preset(named: name) else {
      throw failure(
        .usage, "\(option) \(name): there are " + SensorModel.presets.map(\.name).joined(separator: ", "))
    }
    return model
  }

  private func plan(_ wire: ProtocolDescription) throws -> SessionPlan {
    var plan = SessionPlan(mount: try Mount(mount ?? wire.usualMount), side: side, height: heightCm / 100)
    plan.seed = seed
    plan.movement.trials = trials
    plan.movement.practice = practice
    plan.movement.aborted = aborted
    plan.movement.rocks = rocks
    plan.movement.target = targetDeg * radiansPerDegree
    plan.movement.standingLean = leanDeg * radiansPerDegree
    plan.movement.hold = holdS
    plan.movement.isLoaded = !unweighted
    if let scenario {
      plan.movement.events = try ScenarioText.events(
        try text(ofScenario: scenario), standingLean: plan.movement.standingLean)
    }
    plan.rate = rateHz
    plan.duration = durationS
    plan.sensor = try model("--sensor", sensor)
    plan.speak(wire)
    guard let arrival = ArrivalModel.preset(named: arrivals) else {
      throw failure(
        .usage, "--arrivals \(arrivals): there are " + ArrivalModel.presets.map(\.name).joined(separator: ", "))
    }
    plan.arrivals = arrival
    if let with { try Conditions.apply(with, to: &plan) }
    return plan
  }

  /// The text itself, or the file of this name where there is one.
  private func text(ofScenario given: String) throws -> String {
    guard access(given, F_OK) == 0 else { return given }
    do {
      let file = try MappedFile(path: given)
      return file.withBytes { bytes in
        String(decoding: (0..<min(bytes.count, 1 << 20)).map { bytes[$0] }, as: UTF8.self)
      }
    } catch {
      throw failure(.noInput, "--scenario \(error.description)")
    }
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
  }
}
