import ArgumentParser
import DecimalText
import Glibc
import Motion
import Orientation
import Pipeline
import Replay

struct OrientCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orient",
    abstract: "Orientation of the sensor at every sample, with its error bar.",
    discussion: """
      CSV, one row a sample: t_s; qw,qx,qy,qz (Hamilton, sensor to earth, z up;
      heading is arbitrary and drifts); and inclination_sd_deg, the standard
      deviation of the tilt error about one horizontal axis. The error bar holds the
      constant error of a calibrated accelerometer (\(decimal(AccurateParameters().staticTiltSD * degreesPerRadian, 2))°); a sensor that was never
      calibrated can be off by more. Until the vertical is found inclination_sd_deg
      is large (180: nothing is known). Where a device fuses on board and does not
      say how well, the cell is empty.

      EXAMPLES
        talus orient capture.csv > orientation.csv
        talus orient capture.csv --offline  # past and future: the most exact
        talus orient session.mcap --filter complementary
      """)

  @Argument(help: "A recording, a vendor's capture, or raw bytes (with --protocol).")
  var file: String

  @Option(help: "The filter (default: accurate).")
  var filter: PipelineConfiguration.Filter?

  @Flag(help: "Smooth over the whole record, with past and future. Needs an accelerometer and a gyroscope.")
  var offline = false

  @Option(name: .customLong("protocol"), help: ArgumentHelp("Wire protocol of raw bytes.", valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("Samples a second, where the input carries no time.", valueName: "hz"))
  var rate: Double?

  @Option(name: .short, help: ArgumentHelp("The file to write; standard output without it.", valueName: "file"))
  var output: String?

  @OptionGroup(title: "Of a vendor's capture") var capture: CaptureOptions

  func validate() throws {
    if offline && filter != nil {
      throw ValidationError("--offline is its own method: leave --filter out.")
    }
  }

  func run() throws {
    var choices = ConfigurationChoices()
    choices.fixedRate = rate
    // So that a filter is refused where the sensor has fused on board.
    choices.filter = filter
    let input = try openInput(
      file, protocolName: try capture.protocolName(protocolName), choices: choices,
      importing: try capture.options(rate: rate))
    var table = OrientationTable(sink: try OutputSink(output))
    if offline { try smooth(input, into: &table) } else { try follow(input, into: &table) }
    try table.finish()
    for note in input.notes { printError("talus: note: \(note)") }
  }

  private func follow(_ input: SessionInput, into table: inout OrientationTable) throws {
    var stage = AttitudeStage(filter: filter ?? .accurate)
    var last: SessionTime?
    _ = try input.forEachSample { timed in
      let interval = last.map { timed.time.seconds(since: $0) } ?? 0
      last = timed.time
      let attitude = stage.update(timed.sample, interval: interval)
      try table.append(timed.time, attitude.earthFromSensor, tiltSD: attitude.tiltSD)
    }
  }

  private func smooth(_ input: SessionInput, into table: inout OrientationTable) throws {
    var smoother = OrientationSmoother()
    var times: [SessionTime] = []
    var quantities: SensorSample.Fields = []
    var last: SessionTime?
    _ = try input.forEachSample { timed in
      let interval = last.map { timed.time.seconds(since: $0) } ?? 0
      last = timed.time
      times.append(timed.time)
      let sample = timed.sample
      quantities.formUnion(sample.fields)
      // As live: a clipped acceleration points the wrong way.
      let usable = !sample.flags.contains(.implausible)
      smoother.append(
        acceleration: usable && sample.fields.contains(.acceleration) && !sample.flags.contains(.saturated)
          ? sample.acceleration : nil,
        angularRate: usable && sample.fields.contains(.angularRate) ? sample.angularRate : nil, interval: interval)
    }
    guard quantities.contains([.acceleration, .angularRate]) else {
      throw failure(.badData, "\(file): --offline needs an accelerometer and a gyroscope; leave it out for this sensor")
    }
    for (time, estimate) in zip(times, smoother.finish()) {
      try table.append(
        time, estimate.earthFromSensor, tiltSD: estimate.tiltSD)
    }
  }
}

/// The rows that `talus orient` prints.
struct OrientationTable: ~Copyable {
  private let sink: OutputSink
  private var text = TextBuffer(capacity: 1 << 16)
  /// What no filter can see: the constant error of the accelerometer, rad.
  private let staticSD = AccurateParameters().staticTiltSD

  init(sink: consuming OutputSink) {
    self.sink = sink
    text.append("t_s,qw,qx,qy,qz,inclination_sd_deg\n")
  }

  /// - Parameter tiltSD: rad, without constant errors; NaN where the device does not say it.
  mutating func append(_ time: SessionTime, _ orientation: Quaternion?, tiltSD: Double) throws {
    text.append(secondsFromNanoseconds: time.nanoseconds)
    let q = orientation ?? Quaternion(w: .nan, x: .nan, y: .nan, z: .nan)
    for value in [q.w, q.x, q.y, q.z] {
      text.append(",")
      text.append(fixed: value, decimals: 7)
    }
    text.append(",")
    if orientation == nil {
      text.append("180")
    } else if !tiltSD.isNaN {
      let all = (tiltSD * tiltSD + staticSD * staticSD).squareRoot() * degreesPerRadian
      text.append(fixed: min(all, 180), decimals: 4)
    }
    text.append("\n")
    if text.bytes.count > 60_000 { try sink.write(&text) }
  }

  consuming func finish() throws {
    try sink.write(&text)
    try sink.finish()
  }
}
