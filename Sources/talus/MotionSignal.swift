import ArgumentParser
import Motion
import Replay
import Timebase

/// The size of what a sensor felt over time: what two recordings of one event have in common, however their sensors lay.
struct MotionSignal {
  enum Event: String, ExpressibleByArgument, CaseIterable {
    case knock
    case rotation
  }

  private var times: [Double] = []
  private var values: [Double] = []

  /// - Throws: what keeps the input from being read, or that it has not the quantity.
  private init(_ input: SessionInput, by event: Event) throws {
    _ = try input.forEachSample { timed in
      let sample = timed.sample
      let vector = event == .knock ? sample.acceleration : sample.angularRate
      guard sample.fields.contains(event == .knock ? .acceleration : .angularRate), vector.isFinite else { return }
      times.append(timed.time.seconds)
      values.append(vector.length)
    }
    guard rate > 0 else {
      let quantity = event == .knock ? "acceleration" : "angular rate"
      throw failure(.badData, "\(input.path): holds no \(quantity) to align by")
    }
  }

  private var rate: Double {
    guard let first = times.first, let last = times.last, last > first else { return 0 }
    return Double(times.count - 1) / (last - first)
  }

  /// At even steps from time zero on, in straight lines between the samples.
  private func resampled(step: Double) -> [Double] {
    var even: [Double] = []
    var index = 0
    let count = min(Int(times[times.count - 1] / step), 1 << 22)
    for number in 0...max(count, 0) {
      let time = Double(number) * step
      while index + 1 < times.count, times[index + 1] < time { index += 1 }
      guard index + 1 < times.count else { break }
      let (t0, t1) = (times[index], times[index + 1])
      let share = t1 > t0 ? min(max((time - t0) / (t1 - t0), 0), 1) : 0
      even.append(values[index] * (1 - share) + values[index + 1] * share)
    }
    return even
  }

  /// How the second input lies to the first.
  ///
  /// - Parameter within: greatest offset, s.
  /// - Throws: `MotionAlignment.Refusal` where the event does not tell, and what keeps an input from being read.
  static func align(
    _ first: SessionInput, _ second: SessionInput, by event: Event, within: Double
  ) throws -> MotionAlignment {
    let (a, b) = (try MotionSignal(first, by: event), try MotionSignal(second, by: event))
    // Fine enough for the faster of the two, and not so fine that a long search takes long.
    let step = 1 / min(max(a.rate, b.rate), 400)
    return try MotionAlignment.find(
      a.resampled(step: step), b.resampled(step: step), step: step, greatestOffset: within)
  }

  /// Why two recordings could not be aligned.
  static func words(_ refusal: MotionAlignment.Refusal, _ event: Event, within: Double) -> String {
    switch refusal {
    case .nothingToSee:
      "no \(event.rawValue) stands out in both recordings within \(decimal(within, 0)) s of one another"
    case .unlike(let correlation):
      "the recordings are not alike: their best correlation is \(decimal(correlation, 2)); 0.60 is asked for"
    case .ambiguous(let one, let other):
      "the event fits at two places, offsets of \(decimal(one, 3)) s and \(decimal(other, 3)) s: not decided"
    case .coincidence(let likeness):
      "the recordings do not belong together: where the largest \(event.rawValue)s meet, the others have no partner (they agree by \(decimal(likeness, 2)); 0.64 is asked for)"
    case .single(let offset):
      "one \(event.rawValue) fits, at \(decimal(offset, 3)) s, and nothing else shows that the recordings belong together: \(event == .knock ? "knock two or three times, not evenly" : "turn for some seconds, not evenly")"
    }
  }
}
