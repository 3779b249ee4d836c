import Motion
import TestKit

/// Samples of a device with a clock of its own, and their arrivals at a host that reads in bursts and stalls.
struct SimulatedArrivals {
  var rate = 100.0
  /// How much faster the device's clock runs, in parts per million.
  var ppm = 0.0
  /// Arrivals come in batches of this period, s.
  var bunch = 0.016
  /// Share of the batches that are held back, and for how long, s.
  var stallShare = 0.01
  var stall = 0.2
  var seconds = 60.0
  var seed: UInt64 = 1
  /// Samples left out, by number.
  var lost: Set<Int> = []
  var ticks: (_ sample: Int, _ deviceSeconds: Double) -> UInt64 = { _, _ in 0 }
  var fields: SensorSample.Fields = []

  /// The samples that arrive, each with its true instant in seconds.
  func make() -> [(truth: Double, sample: SensorSample)] {
    var random = RandomSource(seed: seed)
    var result: [(Double, SensorSample)] = []
    var stalledUntil = 0.0
    let start = 1_000_000.0 * random.unit()
    for number in 0..<Int(seconds * rate) {
      let truth = Double(number) / rate / (1 + ppm * 1e-6)
      if random.unit() < stallShare * bunch * rate / max(1, bunch * rate) / (stall * rate) {
        stalledUntil = max(stalledUntil, truth + stall)
      }
      guard !lost.contains(number) else { continue }
      let latest = max(truth + 0.001 * random.unit(), stalledUntil)
      let arrival = bunch > 0 ? (latest / bunch).rounded(.up) * bunch : latest
      var sample = SensorSample(arrived: HostInstant(nanoseconds: Int64((start + arrival) * 1e9)))
      sample.fields = fields
      sample.deviceTicks = ticks(number, Double(number) / rate)
      result.append((truth, sample))
    }
    return result
  }
}
