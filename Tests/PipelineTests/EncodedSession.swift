import AnkleKinematics
import LungeTest
import Motion
import RealModule
import SensorProtocols
import SensorSimulation

@testable import Pipeline

/// A simulated session as the bytes of a protocol, with the arrivals of the simulated port.
struct EncodedSession {
  typealias Arrival = (instant: HostInstant, bytes: [UInt8])

  var configuration: PipelineConfiguration
  var truth: SimulatedSession
  var arrivals: [Arrival] = []

  /// - Parameter change: what differs from a session of three lunges with a WT901.
  init(
    _ name: String = "witmotion", seed: UInt64 = 1, change: (inout SessionPlan) -> Void = { _ in }
  ) throws {
    let wire = try ProtocolCatalogue.find(name)
    let mount = try Mount(wire.usualMount)
    var plan = SessionPlan(mount: mount)
    plan.seed = seed
    // A protocol that carries a time column is sent by a device that has a clock.
    if name.hasPrefix("lines:") { plan.sensor.deviceClock = wire.clock }
    change(&plan)
    truth = try SimulatedSession(plan)
    configuration = PipelineConfiguration()
    configuration.protocolName = wire.name
    configuration.mount = mount.text
    configuration.mountAssumed = false
    configuration.staticAngleSD = wire.staticAngleSD
    configuration.height = 1.7
    guard var encoder = wire.makeEncoder() else { return }
    for var sample in truth.samples {
      if wire.measurement == .inclination { Self.inclination(&sample) }
      var bytes: [UInt8] = []
      encoder.encode(sample, into: &bytes)
      if let last = arrivals.last, last.instant == sample.arrived {
        arrivals[arrivals.count - 1].bytes += bytes
      } else {
        arrivals.append((sample.arrived, bytes))
      }
    }
  }

  /// What an inclinometer makes of an acceleration: the angles of its x and y axes above the horizontal.
  private static func inclination(_ sample: inout SensorSample) {
    let a = sample.acceleration
    sample.inclinationX = Double.atan2(y: a.x, x: (a.y * a.y + a.z * a.z).squareRoot())
    sample.inclinationY = Double.atan2(y: a.y, x: (a.x * a.x + a.z * a.z).squareRoot())
    sample.fields = [.inclinationX, .inclinationY]
  }

  /// Everything the engine says of the arrivals.
  func run() throws -> (emissions: [Emission], engine: Pipeline) {
    var engine = try Pipeline(configuration)
    var emissions: [Emission] = []
    for (instant, bytes) in arrivals { engine.receive(bytes.span, arrived: instant, into: &emissions) }
    engine.finish(into: &emissions)
    return (emissions, engine)
  }
}

extension [Emission] {
  var readings: [Reading] { compactMap { if case .reading(let reading) = $0 { reading } else { nil } } }
  var trials: [Trial] { compactMap { if case .trial(let trial) = $0 { trial } else { nil } } }
  var gaps: [Gap] { compactMap { if case .gap(let gap) = $0 { gap } else { nil } } }

  /// The emissions bit by bit, so that NaN equals NaN and zero does not equal minus zero.
  var fingerprint: [[UInt64]] {
    map { emission in
      switch emission {
      case .reading(let r):
        let angles = [r.tibialInclination, r.inclinationSD, r.tiltToRight, r.dorsiflexion, r.kneeToWall]
        let progress = [r.progress.peak ?? -1, r.progress.hold].map(\.bitPattern)
        return [1, UInt64(r.stream.number), UInt64(bitPattern: r.time.nanoseconds), UInt64(r.flags.rawValue)]
          + angles.map(\.bitPattern) + progress + [UInt64(r.progress.trials), r.progress.isMoving ? 1 : 0]
      case .trial(let t):
        let numbers = [
          t.endRange.value, t.endRange.sd, t.baseline, t.peakRate, t.frontalTilt, t.kneeToWall?.value ?? -1,
          t.kneeToWall?.sd ?? -1,
        ]
        let times = [t.start, t.end, t.plateauStart ?? .zero, t.plateauEnd ?? .zero]
        return [2, UInt64(t.number), UInt64(t.reasons.rawValue), t.kind == .trial ? 1 : 0]
          + [t.verdict == .valid ? 2 : t.verdict == .attention ? 1 : 0]
          + numbers.map(\.bitPattern) + times.map { UInt64(bitPattern: $0.nanoseconds) }
      case .gap(let g):
        return [3, UInt64(g.missingSamples ?? 0)] + [g.start, g.end].map { UInt64(bitPattern: $0.nanoseconds) }
          + g.cause.rawValue.utf8.map(UInt64.init)
      case .alignment(.found(let a)):
        let q = a.shankFromSensor
        return [5, a.isAssumed ? 1 : 0] + [q.w, q.x, q.y, q.z, a.zeroSD, a.twistSD].map(\.bitPattern)
      case .alignment(.refused(let r)): return [6] + r.reason.rawValue.utf8.map(UInt64.init)
      case .marker(let time, let text): return [4, UInt64(bitPattern: time.nanoseconds)] + text.utf8.map(UInt64.init)
      }
    }
  }
}

/// Protocols that have an encoder, with what makes their bytes.
/// Those that send what the simulated IMU has; others need an orientation, or a clock that it does not keep.
let spokenProtocols = ProtocolCatalogue.rows.filter {
  $0.makeEncoder() != nil && $0.measurement != .orientation && !["ximu3", "teapot", "bno08x-rvc"].contains($0.name)
}.map(\.name)
