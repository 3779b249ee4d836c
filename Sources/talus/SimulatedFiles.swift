import ArgumentParser
import DecimalText
import Export
import Files
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols
import SensorSimulation

/// The files that one simulated sensor makes.
struct SimulatedFiles {
  /// What zero of the true inclination means.
  enum Zero: String, CaseIterable, ExpressibleByArgument {
    case gravity, standing
  }

  /// Folder and stem.
  var base: String
  var session: SimulatedSession
  var wire: ProtocolDescription
  var encoded: [ArrivedBytes]
  var zero: Zero
  /// Body height, m.
  var height: Double

  /// What is taken from an inclination against gravity, rad.
  private var lean: Double { zero == .standing ? session.plan.movement.standingLean : 0 }

  /// - Returns: the paths, in the order in which they were written.
  func write() throws -> [String] {
    try write(".csv", samples)
    try write(".truth.csv", truth)
    try write(".trials.csv", movements)
    try write(".bin", encoded.flatMap(\.bytes))
    try write(".mcap", recording)
    return ["csv", "truth.csv", "trials.csv", "bin", "mcap"].map { "\(base).\($0)" }
  }

  private func write(_ ending: String, _ bytes: [UInt8]) throws {
    do { try AtomicFile.write(bytes, to: base + ending) } catch {
      throw failure(.cannotCreate, error.description)
    }
  }

  private var samples: [UInt8] {
    let table = SampleCSV(fields: [.acceleration, .angularRate])
    var text = TextBuffer(capacity: 1 << 20)
    table.appendHeader(to: &text)
    for (truth, sample) in zip(session.truth, session.samples) {
      table.append(time: truth.time, sample, to: &text)
    }
    return text.bytes
  }

  private var truth: [UInt8] {
    var text = TextBuffer(capacity: 1 << 20)
    text.append("t_s,tibial_inclination_deg,tilt_to_right_deg,frontal_tilt_deg,axial_rotation_deg,")
    text.append("foot_pitch_deg,dorsiflexion_deg,knee_to_wall_cm,zero\n")
    let medial: Double = session.plan.side == .left ? 1 : -1
    for row in session.truth {
      text.append(secondsFromNanoseconds: row.time.nanoseconds)
      let angles = [
        row.tibialInclination - lean, row.tiltToRight, medial * row.tiltToRight, -medial * row.axialRotation,
        row.footPitch, row.dorsiflexion - lean,
      ]
      for angle in angles {
        text.append(",")
        // Adding zero makes a positive zero of a negative one.
        text.append(fixed: angle * degreesPerRadian + 0, decimals: 5)
      }
      append(centimetres: row.kneeToWall, decimals: 4, to: &text)
      text.append(",")
      text.append(text: zero.rawValue)
      text.append("\n")
    }
    return text.bytes
  }

  private var movements: [UInt8] {
    var text = TextBuffer()
    text.append("kind,start_s,plateau_start_s,plateau_end_s,end_s,end_range_deg,dorsiflexion_deg,heel_lift_deg,")
    text.append("knee_to_wall_cm\n")
    for trial in session.trials {
      text.append(text: trial.kind.rawValue)
      for time in [trial.start, trial.plateauStart, trial.plateauEnd, trial.end] {
        text.append(",")
        if let time { text.append(secondsFromNanoseconds: time.nanoseconds) }
      }
      for angle in [trial.endRange - lean, trial.dorsiflexion - lean, trial.heelLift] {
        text.append(",")
        text.append(fixed: angle * degreesPerRadian, decimals: 4)
      }
      append(centimetres: trial.kneeToWall, decimals: 3, to: &text)
      text.append("\n")
    }
    return text.bytes
  }

  private func append(centimetres value: Double, decimals: Int, to text: inout TextBuffer) {
    text.append(",")
    if !value.isNaN { text.append(fixed: value * 100, decimals: decimals) }
  }

  private var recording: [UInt8] {
    let plan = session.plan
    var configuration = PipelineConfiguration(wire)
    configuration.mount = plan.mount.text
    // Of a sensor that sits anyhow nobody could have said how: only rocks find it. 45° is beyond what an eye takes for an axis.
    configuration.mountAssumed = abs(plan.misalignment.w) < 0.92
    configuration.side = plan.side
    configuration.height = height
    // A simulated session has no calendar; a fixed day keeps the file the same wherever it is made.
    let anchor = UTCAnchor(host: plan.hostOrigin, utcNanoseconds: 1_767_225_600_000_000_000)
    let header = RecordingHeader(
      anchor: anchor, configuration: TextPairs(configuration),
      person: ["note": "simulated, seed \(plan.seed)"],
      devices: [plan.stream: DeviceIdentity(name: "simulated \(plan.sensor.name)", port: "simulator")],
      software: "talus", softwareVersion: Talus.version)
    var encoder = RecordingEncoder(header)
    var lastFlush = plan.hostOrigin
    for piece in encoded {
      encoder.append(
        bytes: piece.bytes.span, stream: plan.stream, arrived: piece.arrived, direction: .received)
      if piece.arrived.seconds(since: lastFlush) >= 1 {
        encoder.flushChunk()
        lastFlush = piece.arrived
      }
    }
    encoder.finish()
    return encoder.output
  }
}

extension SensorModel {
  /// What the model has of errors, for a person.
  var spreads: String {
    func number(_ value: Double, _ decimals: Int) -> String {
      var text = TextBuffer()
      text.append(fixed: value, decimals: decimals)
      return text.string
    }
    func triad(_ triad: TriadModel, unit: Double, _ name: String, _ symbol: String, _ decimals: Int) -> String {
      let bias = triad.biasSD / unit
      var parts = [
        "noise \(number(triad.noiseDensity / unit, decimals + 2)) \(symbol)/rtHz",
        "bias SD \(number(bias.x, decimals)), \(number(bias.y, decimals)), \(number(bias.z, decimals)) \(symbol)",
        "per C \(number(triad.temperatureCoefficientSD / unit, decimals + 1)) \(symbol)",
        "comes and goes \(number(triad.biasInstability / unit, decimals + 2)) \(symbol)",
        "scale SD \(number(triad.scaleSD * 100, 2)) %", "cross-axis SD \(number(triad.crossAxisSD * 100, 2)) %",
      ]
      if triad.range.isFinite { parts.append("range \(number(triad.range / unit, 0)) \(symbol)") }
      if let bits = triad.bits { parts.append("\(bits) bits") }
      return "  \(name): " + parts.joined(separator: ", ") + "\n"
    }
    var text = "\(name)\n"
    text += triad(accelerometer, unit: standardGravity / 1000, "accelerometer", "mg", 1)
    text += triad(gyroscope, unit: radiansPerDegree, "gyroscope", "deg/s", 2)
    var rest = [
      "clock SD \(number(clockErrorSD * 1e6, 0)) ppm", "sampling jitter SD \(number(samplingJitterSD * 1e6, 0)) us",
    ]
    if let bandwidth { rest.append("bandwidth \(number(bandwidth, 0)) Hz") }
    if warmUp != 0 { rest.append("warms up by \(number(warmUp, 0)) C") }
    if let fusion {
      rest.append(
        "fused on board: tilt SD \(number(fusion.tiltBiasSD * degreesPerRadian, 1)) deg constant and "
          + "\(number(fusion.tiltWanderSD * degreesPerRadian, 1)) deg wandering in each axis")
    }
    return text + "  " + rest.joined(separator: ", ")
  }
}
