import CaptureImport
import Foundation
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols
import TestKit

/// A folder of one test's own, gone with the test.
final class Folder: Sendable {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "talus-replay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }
}

/// One arrival of bytes, or an event, of a session that a test makes up.
enum Step: Sendable {
  case bytes([UInt8], at: Int64)
  case event(OperatorEvent, at: Int64)
  case link(LinkEvent, at: Int64)
}

/// A shin that leans and comes back three times, as a sensor of a protocol would send it; with noise on the line, a silence, a marker and a
/// change of the side in between.
enum MadeSession {
  static let milli: Int64 = 1_000_000

  static func steps(_ wire: ProtocolDescription, seed: UInt64, seconds: Double = 30) throws -> [Step] {
    guard var encoder = wire.makeEncoder() else { return [] }
    var random = RandomSource(seed: seed)
    var steps: [Step] = []
    var pending: [UInt8] = []
    var nextArrival: Int64 = 16 * milli
    let origin: Int64 = 5_000_000_000
    var previous = angle(0)
    for index in 0..<Int(seconds * 100) {
      let time = Double(index) / 100
      let lean = angle(time)
      var sample = SensorSample(stream: StreamID(0), arrived: HostInstant(nanoseconds: 0))
      let noise = { (random.unit() - 0.5) * 0.02 }
      // y proximal, z anterior: leaning forward turns gravity's reaction from +y towards -z.
      sample.acceleration = Vector3(noise(), standardGravity * cos(lean), -standardGravity * sin(lean))
      sample.angularRate = Vector3((lean - previous) * 100, noise() * 0.1, noise() * 0.1)
      previous = lean
      sample.fields = [.acceleration, .angularRate, .deviceTime]
      if wire.measurement == .inclination {
        // z proximal, x anterior: the x axis dips as the shin leans.
        sample.inclinationX = -lean
        sample.inclinationY = noise() * 0.1
        sample.fields = [.inclinationX, .inclinationY]
      }
      if case .clock(_, let unit) = wire.clock { sample.deviceTicks = UInt64(Int64(index) * 10 * milli / unit) }
      encoder.encode(sample, into: &pending)
      let now = Int64(index) * 10 * milli
      if index == 400 { pending += [0x55, 0x01, 0xff, 0x68] }
      if index == 900 { steps.append(.event(.marker("second one"), at: origin + now)) }
      if index == 1500 { steps.append(.event(.side(.left), at: origin + now)) }
      // Three quarters of a second are lost.
      if (2600..<2675).contains(index) { pending.removeAll() }
      if now >= nextArrival, !pending.isEmpty {
        steps.append(.bytes(pending, at: origin + now + Int64.random(in: 0...2_000_000, using: &random)))
        pending.removeAll()
        nextArrival = now + 16 * milli
      }
    }
    steps.append(.link(.unplugged, at: origin + Int64(seconds * 1000) * milli))
    return steps
  }

  /// Lean at a time, rad: standing at 5 degrees, and every 8 s a slow way to 38 degrees, held for 2 s.
  private static func angle(_ time: Double) -> Double {
    let phase = time.truncatingRemainder(dividingBy: 8)
    let share: Double
    switch phase {
    case ..<3: share = 0
    case ..<4: share = (1 - cos((phase - 3) * .pi)) / 2
    case ..<6: share = 1
    case ..<7: share = (1 + cos((phase - 6) * .pi)) / 2
    default: share = 0
    }
    return (5 + 33 * share) * radiansPerDegree
  }

  static func recording(
    _ steps: [Step], _ configuration: PipelineConfiguration, flushEvery: Int = 10, finished: Bool = true
  ) -> [UInt8] {
    let header = RecordingHeader(
      anchor: UTCAnchor(host: HostInstant(nanoseconds: 0), utcNanoseconds: 1_790_000_000_000_000_000),
      configuration: TextPairs(configuration), software: "talus", softwareVersion: "test")
    var encoder = RecordingEncoder(header)
    for (index, step) in steps.enumerated() {
      switch step {
      case .bytes(let bytes, let at):
        encoder.append(
          bytes: bytes.span, stream: StreamID(0), arrived: HostInstant(nanoseconds: at), direction: .received)
      case .event(let event, let at): encoder.append(event, at: HostInstant(nanoseconds: at))
      case .link(let event, let at): encoder.append(event, stream: StreamID(0), at: HostInstant(nanoseconds: at))
      }
      if index % flushEvery == flushEvery - 1 { encoder.flushChunk() }
    }
    if finished { encoder.finish() } else { encoder.flushChunk() }
    return encoder.output
  }

  /// What the engine says of the steps, each arrival cut into pieces.
  static func emissions(
    _ steps: some Sequence<Step>, _ pipeline: inout Pipeline, cut: ([UInt8]) -> [ArraySlice<UInt8>] = { [$0[...]] }
  ) -> [Emission] {
    var emissions: [Emission] = []
    for step in steps {
      switch step {
      case .bytes(let bytes, let at):
        for piece in cut(bytes) {
          pipeline.receive(Array(piece).span, arrived: HostInstant(nanoseconds: at), into: &emissions)
        }
      case .event(let event, _): pipeline.receive(event, into: &emissions)
      case .link(let event, _): pipeline.receive(event, into: &emissions)
      }
    }
    return emissions
  }
}

/// An emission in a form in which NaN equals NaN, and every bit of a number counts.
struct Said: Equatable, CustomStringConvertible {
  private var bits: [UInt64] = []
  private var text = ""

  init(_ emission: Emission) {
    // Readings are many; text of everything would take minutes.
    guard case .reading(let reading) = emission else {
      text = "\(emission)"
      return
    }
    bits =
      [
        reading.tibialInclination, reading.inclinationSD, reading.tiltToRight, reading.dorsiflexion, reading.kneeToWall,
      ].map(\.bitPattern)
      + [UInt64(bitPattern: reading.time.nanoseconds), UInt64(reading.flags.rawValue), UInt64(reading.stream.number)]
  }

  var description: String { text.isEmpty ? "\(bits)" : text }
}

func said(_ emissions: [Emission]) -> [Said] { emissions.map(Said.init) }
