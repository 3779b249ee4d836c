/// The last half second of a signal, with the parabola that fits it best: whether it is quiet, and at which level.
///
/// The sums are made anew for every fit, about the middle of the window, so that rounding never adds up.
struct QuietWindow: Sendable {
  /// The least-squares parabola about the middle of the window's points, and what is left over.
  struct Fit {
    /// Mean of the values.
    var level: Double
    /// Slope of the best line, per second.
    var slope: Double
    /// Speed at the window's ends that the best parabola's bend means, per second.
    var endSpeed: Double
    /// Standard deviation about the best line.
    var sd: Double
  }

  private let length: Double
  private var times: [Double] = []
  private var values: [Double] = []
  private var first = 0
  /// The newest point that came after a hole of half the length; it lies in the window while an older point does.
  private var afterHole = -1

  init(length: Double, binWidth: Double) {
    self.length = length
    let capacity = 4 * Int(length / binWidth) + 16
    times.reserveCapacity(capacity)
    values.reserveCapacity(capacity)
  }

  mutating func removeAll() {
    times.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    first = 0
    afterHole = -1
  }

  mutating func append(time: Double, value: Double) {
    if times.count == times.capacity {
      times.removeFirst(first)
      values.removeFirst(first)
      afterHole -= first
      first = 0
    }
    if let last = times.last, time - last > length / 2 { afterHole = times.count }
    times.append(time)
    values.append(value)
    // A window that is a little too long by one bin is full; older points leave.
    while times.count - first > 2 && time - times[first] > length * 1.05 { first += 1 }
  }

  /// The fit over a full window; nil until half a second has been seen, or over a hole.
  func fit() -> Fit? {
    afterHole > first ? nil : QuietWindow.fit(times, values, first..<times.count, length: length)
  }

  /// The fit over points `range`, which have no hole of half of `length`; nil when they do not fill it or are fewer than four.
  static func fit(_ times: [Double], _ values: [Double], _ range: Range<Int>, length: Double) -> Fit? {
    let count = range.count
    guard count >= 4 else { return nil }
    let span = times[range.upperBound - 1] - times[range.lowerBound]
    guard span >= length * 0.9 - 1e-9 else { return nil }
    let middle = (times[range.upperBound - 1] + times[range.lowerBound]) / 2
    let reference = values[range.lowerBound]
    // The sums of t, t², t³, t⁴ and of v, v t, v t², v v, two by two: each lane adds in the points' order, as a plain loop would.
    var powers = SIMD2<Double>.zero
    var higherPowers = SIMD2<Double>.zero
    var moments = SIMD2<Double>.zero
    var higherMoments = SIMD2<Double>.zero
    let timeSpan = times.span.extracting(range)
    let valueSpan = values.span.extracting(range)
    for index in timeSpan.indices {
      let t = timeSpan[index] - middle
      let v = valueSpan[index] - reference
      let power = SIMD2(t, t * t)
      powers += power
      higherPowers += power * power.y
      moments += SIMD2(1, t) * v
      higherMoments += SIMD2(power.y, v) * v
    }
    let (s1, s2, s3, s4) = (powers.x, powers.y, higherPowers.x, higherPowers.y)
    let (y0, y1, y2, yy) = (moments.x, moments.y, higherMoments.x, higherMoments.y)
    let n = Double(count)
    // The line.
    let mean = s1 / n
    let spread = s2 - s1 * mean
    let slope = (y1 - y0 * mean) / spread
    let residual = yy - y0 * y0 / n - slope * (y1 - y0 * mean)
    // The parabola's bend: the residual of t² after constant and line, against the values.
    let a = s2 / n
    let b = (s3 - s1 * a) / spread
    let bendSpread = s4 - s2 * a - b * (s3 - s1 * a)
    let bend = bendSpread > 1e-12 ? (y2 - y0 * a - b * (y1 - y0 * mean)) / bendSpread : 0
    return Fit(
      level: reference + y0 / n, slope: slope, endSpeed: abs(bend) * span,
      sd: (max(residual, 0) / Double(max(count - 2, 1))).squareRoot())
  }
}

extension SegmentationParameters {
  /// Half of the bend's speed is added to the slope: it tells a hold from the turning point of a slow ramp, whose mean slope is zero. With it,
  /// ramps from 1.7°/s on have no quiet window anywhere.
  func isQuiet(_ fit: QuietWindow.Fit) -> Bool {
    abs(fit.slope) + fit.endSpeed / 2 < quietSlope && fit.sd < quietSD
  }
}
