import AnkleKinematics
import ArgumentParser
import DecimalText
import Export
import Glibc
import Motion
import Pipeline
import RealModule
import Recording
import Replay
import Reporting
import SensorProtocols
import SensorSimulation

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Make a lunge session whose truth is known.",
    discussion: """
      A rigid shank turns about the ankle with the foot flat; the sensor sits on it as
      the mount says, and has the noise, bias, scale error, range and resolution of
      the chosen model. The same seed makes the same session.

      Files, under the stem lunge-SIDE or the one given with --stem:
        STEM.csv          samples: t_s, acceleration, angular rate
        STEM.truth.csv    t_s, true inclination and tilt at every sample
        STEM.trials.csv   the true movements: start, plateau, end, end range
        STEM.bin          the bytes that a sensor of the protocol would send
        STEM.mcap         the same bytes as a recording, with their arrivals

      EXAMPLES
        talus simulate -o demo --seed 7 --side left
        talus simulate -o demo --trials 5 --target-deg 42 --sensor mpu6050 \\
          --rate-hz 200 --arrivals usb16ms
      """)

  @Option(
    name: .short, help: ArgumentHelp("The folder to write into; it is made if it is not there.", valueName: "folder"))
  var output: String

  @Option(help: "The same number makes the same session.")
  var seed: UInt64 = 1

  @Option(help: "The leg that carries the sensor.")
  var side: Side = .right

  @Option(help: "Lunges to end range.")
  var trials = 3

  @Option(help: "Practice lunges before them, and movements broken off.")
  var practice = 0

  @Option(help: "Movements broken off.")
  var aborted = 0

  @Option(help: ArgumentHelp("Mean inclination at end range.", valueName: "deg"))
  var targetDeg = 38.0

  @Option(help: ArgumentHelp("Inclination while standing.", valueName: "deg"))
  var leanDeg = 5.0

  @Option(help: ArgumentHelp("How long end range is held.", valueName: "s"))
  var holdS = 2.0

  @Option(help: ArgumentHelp("Sample rate.", valueName: "hz"))
  var rateHz = 100.0

  @Option(help: ArgumentHelp("Sensor model: " + SensorModel.presets.map(\.name).joined(separator: ", ") + "."))
  var sensor = "wt901"

  @Option(
    help: ArgumentHelp(
      "How the sensor sits on the leg (default: the protocol's usual mount).", valueName: "axis=direction,…"))
  var mount: String?

  @Option(help: ArgumentHelp("Body height, for where the sensor sits.", valueName: "cm"))
  var heightCm = 170.0

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
    let wire = try catalogueRow()
    let session: SimulatedSession
    do {
      session = try SimulatedSession(try plan(wire))
    } catch let error as SessionPlan.Impossible {
      throw failure(.usage, error.description)
    } catch let error as Mount.Unusable {
      throw failure(.usage, "--mount \(mount ?? ""): \(error.description)")
    }
    // Everything is made before the first file is: half a session would look like one.
    guard let encoded = encode(session, wire) else {
      throw failure(.usage, "--protocol \(protocolName): no encoder can write this sensor's samples")
    }
    guard mkdir(output, 0o755) == 0 || errno == EEXIST else {
      throw failure(.cannotCreate, "\(output): \(String(cString: strerror(errno)))")
    }
    let base = output + "/" + (stem ?? "lunge-\(side.rawValue)")
    try write(base + ".csv", samples(session))
    try write(base + ".truth.csv", truth(session))
    try write(base + ".trials.csv", movements(session))
    try write(base + ".bin", encoded.flatMap(\.bytes))
    try record(base + ".mcap", encoded, session, wire)
    print("\(session.samples.count) samples, \(session.trials.count) movements, truth beside them:")
    for ending in ["csv", "truth.csv", "trials.csv", "bin", "mcap"] { print("  \(base).\(ending)") }
  }

  private func catalogueRow() throws -> ProtocolDescription {
    do { return try ProtocolCatalogue.find(protocolName) } catch {
      throw failure(.usage, "--protocol: \(error.description)")
    }
  }

  private func plan(_ wire: ProtocolDescription) throws -> SessionPlan {
    var plan = SessionPlan(mount: try Mount(mount ?? wire.usualMount), side: side, height: heightCm / 100)
    plan.seed = seed
    plan.movement.trials = trials
    plan.movement.practice = practice
    plan.movement.aborted = aborted
    plan.movement.target = targetDeg * radiansPerDegree
    plan.movement.standingLean = leanDeg * radiansPerDegree
    plan.movement.hold = holdS
    plan.rate = rateHz
    plan.duration = durationS
    guard let model = SensorModel.preset(named: sensor) else {
      throw failure(
        .usage, "--sensor \(sensor): there are " + SensorModel.presets.map(\.name).joined(separator: ", "))
    }
    plan.sensor = model
    // The device's clock is the one that the protocol carries: its ticks in another unit would be another time.
    if model.deviceClock != .none || wire.name.hasPrefix("lines:") { plan.sensor.deviceClock = wire.clock }
    guard let arrival = ArrivalModel.preset(named: arrivals) else {
      throw failure(
        .usage, "--arrivals \(arrivals): there are " + ArrivalModel.presets.map(\.name).joined(separator: ", "))
    }
    plan.arrivals = arrival
    return plan
  }

  // MARK: Files

  private func samples(_ session: SimulatedSession) -> [UInt8] {
    let table = SampleCSV(fields: [.acceleration, .angularRate])
    var text = TextBuffer(capacity: 1 << 20)
    table.appendHeader(to: &text)
    for (truth, sample) in zip(session.truth, session.samples) {
      table.append(time: truth.time, sample, to: &text)
    }
    return text.bytes
  }

  private func truth(_ session: SimulatedSession) -> [UInt8] {
    var text = TextBuffer(capacity: 1 << 20)
    text.append("t_s,tibial_inclination_deg,tilt_to_right_deg\n")
    for row in session.truth {
      text.append(secondsFromNanoseconds: row.time.nanoseconds)
      text.append(",")
      text.append(fixed: row.tibialInclination * degreesPerRadian, decimals: 5)
      text.append(",")
      text.append(fixed: row.tiltToRight * degreesPerRadian, decimals: 5)
      text.append("\n")
    }
    return text.bytes
  }

  private func movements(_ session: SimulatedSession) -> [UInt8] {
    var text = TextBuffer()
    text.append("kind,start_s,plateau_start_s,plateau_end_s,end_s,end_range_deg\n")
    for trial in session.trials {
      text.append(text: trial.kind.rawValue)
      for time in [trial.start, trial.plateauStart, trial.plateauEnd, trial.end] {
        text.append(",")
        if let time { text.append(secondsFromNanoseconds: time.nanoseconds) }
      }
      text.append(",")
      text.append(fixed: trial.endRange * degreesPerRadian, decimals: 4)
      text.append("\n")
    }
    return text.bytes
  }

  /// The samples as the sensor's bytes; bytes of one arrival stay together.
  private func encode(
    _ session: SimulatedSession, _ wire: ProtocolDescription
  ) -> [(arrived: HostInstant, bytes: [UInt8])]? {
    guard var encoder = wire.makeEncoder() else { return nil }
    var pieces: [(arrived: HostInstant, bytes: [UInt8])] = []
    for var sample in session.samples {
      if wire.measurement == .inclination { addInclination(&sample) }
      var bytes: [UInt8] = []
      encoder.encode(sample, into: &bytes)
      guard !bytes.isEmpty else { continue }
      if let last = pieces.last, last.arrived == sample.arrived {
        pieces[pieces.count - 1].bytes += bytes
      } else {
        pieces.append((sample.arrived, bytes))
      }
    }
    return pieces.isEmpty ? nil : pieces
  }

  /// What an inclinometer makes of the same acceleration: the elevation of its x and y axes, which is right as long as it moves slowly.
  private func addInclination(_ sample: inout SensorSample) {
    let a = sample.acceleration
    sample.inclinationX = Double.atan2(y: a.x, x: (a.y * a.y + a.z * a.z).squareRoot())
    sample.inclinationY = Double.atan2(y: a.y, x: (a.x * a.x + a.z * a.z).squareRoot())
    sample.fields = [.inclinationX, .inclinationY]
  }

  private func record(
    _ path: String, _ pieces: [(arrived: HostInstant, bytes: [UInt8])], _ session: SimulatedSession,
    _ wire: ProtocolDescription
  ) throws {
    var configuration = PipelineConfiguration(wire)
    configuration.mount = session.plan.mount.text
    configuration.mountAssumed = false
    configuration.side = side
    configuration.height = heightCm / 100
    // A simulated session has no calendar; a fixed day keeps the file the same wherever it is made.
    let anchor = UTCAnchor(host: session.plan.hostOrigin, utcNanoseconds: 1_767_225_600_000_000_000)
    let header = RecordingHeader(
      anchor: anchor, configuration: TextPairs(configuration),
      person: ["note": "simulated, seed \(seed)"],
      devices: [StreamID(0): DeviceIdentity(name: "simulated \(sensor)", port: "simulator")], software: "talus",
      softwareVersion: Talus.version)
    var encoder = RecordingEncoder(header)
    var lastFlush = session.plan.hostOrigin
    for piece in pieces {
      encoder.append(
        bytes: piece.bytes.span, stream: StreamID(0), arrived: piece.arrived, direction: .received)
      if piece.arrived.seconds(since: lastFlush) >= 1 {
        encoder.flushChunk()
        lastFlush = piece.arrived
      }
    }
    encoder.finish()
    try write(path, encoder.output)
  }

  private func write(_ path: String, _ bytes: [UInt8]) throws {
    do { try AtomicFile.write(bytes, to: path) } catch {
      throw failure(.cannotCreate, error.description)
    }
  }
}
