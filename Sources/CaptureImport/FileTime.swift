import Motion

/// What the times of a capture say about its rate and its holes.
struct FileTime: Sendable {
  /// Samples per second; nil for fewer than two samples.
  private(set) var rate: Double?
  private(set) var gaps: [Gap] = []
  /// Whether the steps between samples are so uneven that they show how the data travelled, not when they were taken.
  private(set) var isJittery = false
  /// The usual step, ns, and the shortest that is a hole.
  private var nominal = 1.0
  private var threshold = Double.infinity

  /// Judges times that strictly increase.
  ///
  /// The usual step is the median. Where at least four of five steps lie within a quarter of it, or are whole multiples of it, the times are the
  /// sensor's: a step above 1.5 usual ones is a hole, and the samples missing in it are counted by the mean of the usual ones.
  /// Otherwise, or when long steps are more than one in fifty and make up more than half of the duration, the times are arrivals with bursts and pauses, and the median says nothing: the rate is then the number
  /// of samples over the duration, a hole is a step that is longer than 2.5 mean ones and than four times the step that 19 of
  /// 20 do not exceed, and how many samples are missing in it is not known.
  init(times: [SessionTime]) {
    guard times.count > 1 else { return }
    var steps: [Int64] = []
    steps.reserveCapacity(times.count - 1)
    for index in 1..<times.count { steps.append(times[index].nanoseconds &- times[index - 1].nanoseconds) }
    let sorted = steps.sorted()
    nominal = max(Double(sorted[sorted.count / 2]), 1)
    let usual = nominal
    func isWhole(_ step: Int64) -> Bool {
      let times = Double(step) / usual
      return times > 1.5 && abs(times - times.rounded()) <= 0.05
    }
    let near = steps.lazy.filter { abs(Double($0) - usual) <= usual / 4 }
    let regular = near.count + steps.lazy.filter(isWhole).count
    let long = steps.lazy.filter { Double($0) > 1.5 * usual && !isWhole($0) }
    let timeInLong = long.reduce(0) { $0 + Double($1) }
    let comesInBursts = long.count * 50 > steps.count && 2 * timeInLong > Double(sorted.reduce(0, &+))
    isJittery = regular * 5 < steps.count * 4 || comesInBursts
    if isJittery {
      let mean = max(Double(times[times.count - 1].nanoseconds &- times[0].nanoseconds) / Double(steps.count), 1)
      rate = 1e9 / mean
      threshold = max(2.5 * mean, 4 * Double(sorted[(sorted.count - 1) * 19 / 20]))
    } else {
      // The median of rounded steps is a rounded one: their mean is not.
      if !near.isEmpty { nominal = near.reduce(0) { $0 + Double($1) } / Double(near.count) }
      rate = 1e9 / nominal
      threshold = 1.5 * usual
    }
    for index in 1..<times.count { if let gap = gap(from: times[index - 1], to: times[index]) { gaps.append(gap) } }
  }

  /// The hole between two samples that follow each other; nil where there is none.
  @inline(__always)
  func gap(from start: SessionTime, to end: SessionTime) -> Gap? {
    let step = Double(end.nanoseconds &- start.nanoseconds)
    guard step > threshold else { return nil }
    let missing = (step / nominal).rounded() - 1
    return Gap(
      stream: StreamID(0), start: start, end: end, missingSamples: isJittery ? nil : max(Int(min(missing, 1e15)), 1),
      cause: .fileTime)
  }
}
