import AnkleKinematics
import LungeTest
import Motion
import Pipeline
import SensorProtocols
import SensorSimulation

/// A simulated session that went through the engine as its sensor's bytes.
struct SessionRun {
  /// The filter of all runs; nil for the one that a user gets who names none.
  static let filter = value(of: "--filter").map { name in
    guard let filter = PipelineConfiguration.Filter(rawValue: name) else { give(up: "--filter: there is no \(name)") }
    return filter
  }

  let truth: SimulatedSession
  private(set) var trials: [Trial] = []
  /// What was read of the tibial inclination, rad, and when, s since the first sample; only where it was asked for.
  private(set) var curve: [(time: Double, inclination: Double)] = []
  private let keepsCurve: Bool
  /// How the sensor was found to sit, and what was refused before.
  private(set) var alignment: Alignment?
  private(set) var refusals: [AlignmentRefusal] = []

  /// - Parameters:
  ///   - configure: what differs from the protocol's own configuration with the plan's mount as declared.
  ///   - foot: the same session seen by a sensor on the foot; see `SessionPlan.onFoot`.
  ///   - damage: what happens to the bytes on their way.
  init(
    _ plan: SessionPlan, foot: SessionPlan? = nil, keepsCurve: Bool = false,
    damage: (inout [ArrivedBytes], SimulatedSession) -> Void = { _, _ in },
    configure: (inout PipelineConfiguration) -> Void = { _ in }
  ) {
    self.keepsCurve = keepsCurve
    do {
      let wire = Self.wire(of: plan.sensor)
      var plan = plan
      plan.speak(wire)
      truth = try SimulatedSession(plan)
      guard var pieces = truth.encoded(as: wire) else { give(up: "\(wire.name) cannot write the session") }
      damage(&pieces, truth)
      var configuration = PipelineConfiguration()
      configuration.protocolName = wire.name
      configuration.staticAngleSD = wire.staticAngleSD
      configuration.mount = plan.mount.text
      configuration.mountAssumed = false
      configuration.side = plan.side
      if let filter = Self.filter { configuration.filter = filter }
      configure(&configuration)
      var streams = pieces.map { (stream: plan.stream, piece: $0) }
      if var foot {
        let wire = Self.wire(of: foot.sensor)
        foot.speak(wire)
        var setting = PipelineConfiguration.FootSensor()
        setting.protocolName = wire.name
        setting.mount = foot.mount.text
        setting.mountAssumed = false
        configuration.foot = setting
        streams += (try SimulatedSession(foot).encoded(as: wire) ?? []).map { (stream: foot.stream, piece: $0) }
        streams.sort { ($0.piece.arrived, $0.stream) < ($1.piece.arrived, $1.stream) }
      }
      var engine = try Pipeline(configuration)
      var output: [Emission] = []
      for (stream, piece) in streams {
        engine.receive(piece.bytes.span, from: stream, arrived: piece.arrived, into: &output)
        take(&output)
      }
      engine.finish(into: &output)
      take(&output)
    } catch {
      give(up: "seed \(plan.seed): \(error)")
    }
  }

  private mutating func take(_ output: inout [Emission]) {
    for emission in output {
      switch emission {
      case .trial(let trial): trials.append(trial)
      case .reading(let reading) where keepsCurve:
        if reading.tibialInclination.isFinite { curve.append((reading.time.seconds, reading.tibialInclination)) }
      case .alignment(.found(let found)): alignment = found
      case .alignment(.refused(let refusal)): refusals.append(refusal)
      default: break
      }
    }
    output.removeAll(keepingCapacity: true)
  }

  /// The protocol that such a sensor is met with: a WitMotion module has its own, a chip is read by a sketch.
  static func wire(of sensor: SensorModel) -> ProtocolDescription {
    let name =
      switch sensor.name {
      case SensorModel.wt901.name: "witmotion"
      case SensorModel.inclinometer.name: "rion"
      default: "lines:t_us,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps"
      }
    do { return try ProtocolCatalogue.find(name) } catch { give(up: "\(error)") }
  }

  /// The movements of the engine and of the truth that lie over each other for more than half of the shorter one.
  func matches(_ found: Trial, _ truth: TrueTrial) -> Bool {
    // The engine's time begins with the first sample.
    let zero = self.truth.plan.firstSample
    let overlap =
      min(found.end.seconds + zero, truth.end.seconds) - max(found.start.seconds + zero, truth.start.seconds)
    let shorter = min(found.end.seconds(since: found.start), truth.end.seconds(since: truth.start))
    return overlap > shorter / 2
  }

  /// By how much what was read at rest after a movement deviates otherwise from the truth than before it, rad: what the filter drifted, or the sensor
  /// slipped. The mean over half a second before and over a second after; nil without a curve.
  func drift(over movement: TrueTrial) -> Double? {
    func error(_ from: Double, _ to: Double) -> Double? {
      let zero = truth.plan.firstSample
      func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
      let range = (from - zero)...(to - zero)
      let read = mean(curve.filter { range.contains($0.time) }.map(\.inclination))
      let real = mean(truth.truth.filter { range.contains($0.time.seconds - zero) }.map(\.tibialInclination))
      guard let read, let real else { return nil }
      return read - real
    }
    let (start, end) = (movement.start.seconds, movement.end.seconds)
    guard let before = error(start - 0.5, start), let after = error(end, end + 1) else { return nil }
    return after - before
  }

  /// The engine's trials, each with the true movement that it lies over; nil where there is none.
  var pairs: [(found: Trial, truth: TrueTrial?)] {
    trials.map { found in (found, truth.trials.first { matches(found, $0) }) }
  }
}

/// Mean, spread and quantiles of errors.
struct ErrorFigures {
  private var errors: [Double] = []

  var count: Int { errors.count }

  mutating func take(_ error: Double) { errors.append(error) }

  var mean: Double { errors.reduce(0, +) / Double(errors.count) }

  var meanSize: Double { errors.reduce(0) { $0 + abs($1) } / Double(errors.count) }

  var rms: Double { (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot() }

  var sd: Double {
    let mean = mean
    return (errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(errors.count - 1, 1))).squareRoot()
  }

  /// The size that so many of the errors stay below.
  func size(share: Double) -> Double {
    let sizes = errors.map { abs($0) }.sorted()
    guard !sizes.isEmpty else { return .nan }
    return sizes[min(Int((Double(sizes.count) * share).rounded(.up)), sizes.count) - 1]
  }

  var largest: Double { size(share: 1) }
}
