import AnkleKinematics
import Motion
import SensorProtocols
import SensorSimulation

/// The bytes that a WitMotion sensor sends in a long simulated session: 33 a sample, in frames for acceleration, angular rate and angle.
///
/// The person lunges all the time, with a few seconds of standing in between, so that every stage has its usual work.
struct Workload {
  static let bytesPerSample = 33

  let rate: Double
  let count: Int
  private(set) var bytes: [UInt8] = []

  init(rate: Double, count: Int) {
    self.rate = rate
    self.count = count
    var plan: SessionPlan
    var simulator: SessionSimulator
    do {
      plan = SessionPlan(mount: try Mount("y=proximal,z=anterior"))
      plan.rate = rate
      plan.movement.trials = Int(Double(count) / rate / 6) + 2
      plan.duration = Double(count) / rate
      // Every sample has its place, so that the run can be checked by counting.
      plan.sensor.clockErrorSD = 0
      simulator = try SessionSimulator(plan)
    } catch {
      give(up: "\(error)")
    }
    var encoder = WitMotionEncoder()
    bytes.reserveCapacity(count * Self.bytesPerSample)
    for _ in 0..<count {
      guard let (truth, made) = simulator.next() else { give(up: "the simulated session is too short") }
      var sample = made
      // The angle frame is what the device's own fusion would say.
      sample.eulerAngles = Vector3(truth.tibialInclination, truth.tiltToRight, truth.heading)
      sample.fields.insert(.eulerAngles)
      encoder.encode(sample, into: &bytes)
    }
    guard bytes.count == count * Self.bytesPerSample else { give(up: "the encoder wrote \(bytes.count) bytes") }
  }

  /// When the last of the first so many bytes arrives: as soon as its sample is taken.
  func arrival(ofByte end: Int) -> HostInstant {
    HostInstant(nanoseconds: Int64(Double(end) / Double(Self.bytesPerSample) / rate * 1e9))
  }

  /// Calls `body` with chunk after chunk of `size` bytes, from byte `start` on.
  @inline(__always)
  func forEachChunk(
    _ size: Int, from start: Int = 0, to limit: Int? = nil, _ body: (Span<UInt8>, HostInstant) -> Void
  ) {
    let limit = limit ?? bytes.count
    let span = bytes.span
    var position = start
    while position < limit {
      let end = min(position + size, limit)
      body(span.extracting(position..<end), arrival(ofByte: end))
      position = end
    }
  }
}
