import LungeTest
import Motion
import SensorSimulation

/// What truly went on in one movement of a simulated session, by the script and by what the sensor took. Angles in degrees, times in s.
struct MovementTruth {
  /// How long the tibia was slower than 2°/s about its deepest point, without sway and tremor: from half a second on that is a plateau by definition,
  /// whatever the movement was meant to be.
  let slowTime: Double
  /// Greatest deviation from the moment before, over a tenth of a second.
  private(set) var frontalTilt = 0.0
  private(set) var axialRotation = 0.0
  /// Greatest rate on the way out, over a tenth of a second, °/s.
  private(set) var peakRate = 0.0
  /// The longest time without a sample.
  private(set) var longestGap = 0.0
  /// Samples at an end of the sensor's range.
  private(set) var clipped = 0
  /// The last sample comes before the movement's end.
  let isCutOff: Bool

  init(_ movement: TrueTrial, in session: SimulatedSession) {
    slowTime = Self.slowTime(movement, session.plan)
    let (start, end) = (movement.start.seconds, movement.end.seconds)
    isCutOff = (session.truth.last?.time.seconds ?? 0) < end - 0.1
    let inside = session.truth.indices.filter { (start...end).contains(session.truth[$0].time.seconds) }
    guard let first = inside.first else { return }
    let rest = session.truth[max(first - 1, 0)]
    // The mean over a tenth of a second that ends at each sample.
    var low = first
    var levels: [(time: Double, value: Double)] = []
    for index in inside {
      let row = session.truth[index]
      while low < index, row.time.seconds(since: session.truth[low].time) > 0.095 { low += 1 }
      let window = session.truth[low...index]
      func mean(_ path: KeyPath<TruthRow, Double>) -> Double {
        window.reduce(0) { $0 + $1[keyPath: path] } / Double(window.count) * degreesPerRadian
      }
      frontalTilt = max(frontalTilt, abs(mean(\.tiltToRight) - rest.tiltToRight * degreesPerRadian))
      axialRotation = max(axialRotation, abs(mean(\.axialRotation) - rest.axialRotation * degreesPerRadian))
      levels.append((row.time.seconds, row.tibialInclination * degreesPerRadian))
      let base = session.truth[max(low - 1, 0)]
      let span = row.time.seconds(since: base.time)
      if span > 0.05 {
        peakRate = max(peakRate, (levels.last!.value - base.tibialInclination * degreesPerRadian) / span)
      }
      longestGap = max(longestGap, row.time.seconds(since: session.truth[max(index - 1, 0)].time))
      if session.samples[index].flags.contains(.saturated) { clipped += 1 }
    }
  }

  private static func slowTime(_ movement: TrueTrial, _ plan: SessionPlan) -> Double {
    var plan = plan
    plan.movement.sway = 0
    plan.movement.tremor = 0
    guard let script = try? SessionSimulator(plan).script else { return .nan }
    let (start, end) = (movement.start.seconds, movement.end.seconds)
    let step = 0.005
    func isSlow(_ time: Double) -> Bool { abs(script.inclination(at: time).rate) < 2 * radiansPerDegree }
    let times = Array(stride(from: start, through: end, by: step))
    guard
      let top = times.max(by: { script.inclination(at: $0).value < script.inclination(at: $1).value })
    else { return 0 }
    let before = times.reversed().first { $0 < top && !isSlow($0) } ?? start
    let after = times.first { $0 > top && !isSlow($0) } ?? end
    return max(after - before - step, 0)
  }
}
