import AnkleKinematics
import Motion

/// The bins of the running movement, from which its end range is taken when it is over. Memory is reserved once, for the longest movement.
struct MovementRecord: Sendable {
  /// End range and the plateau it comes from.
  struct EndRange {
    var value: Double
    var sd: Double
    /// Index range of the plateau's bins; nil for a touch without a hold.
    var plateau: Range<Int>?
    /// Index of the deepest point, for a movement without a plateau.
    var peak: Int
  }

  private(set) var times: [Double] = []
  private(set) var angles: [Double] = []
  private var sds: [Double] = []
  private var scratch: [Double] = []
  private var quiet: [(bins: Range<Int>, level: Double)] = []

  init(_ parameters: SegmentationParameters) {
    let capacity = Int(parameters.longestMovement / parameters.binWidth) + 16
    times.reserveCapacity(capacity)
    angles.reserveCapacity(capacity)
    sds.reserveCapacity(capacity)
    scratch.reserveCapacity(capacity)
    quiet.reserveCapacity(capacity)
  }

  mutating func removeAll() {
    times.removeAll(keepingCapacity: true)
    angles.removeAll(keepingCapacity: true)
    sds.removeAll(keepingCapacity: true)
  }

  mutating func append(time: Double, angle: Double, sd: Double) {
    times.append(time)
    angles.append(angle)
    sds.append(sd)
  }

  /// End range as it is defined: the median over the windows that are quiet and lie within a degree of the deepest quiet level, around that
  /// deepest one. Without such a window, the greatest mean over a tenth of a second.
  mutating func endRange(_ parameters: SegmentationParameters) -> EndRange {
    let peak = self.peak(parameters.peakWindow)
    guard let plateau = plateau(parameters) else {
      return EndRange(value: peak.value, sd: sds[peak.index], plateau: nil, peak: peak.index)
    }
    scratch.removeAll(keepingCapacity: true)
    var common = 0.0
    for index in plateau {
      scratch.append(angles[index])
      common += sds[index]
    }
    common /= Double(plateau.count)
    sortInPlace(&scratch)
    let middle = scratch.count / 2
    let median = scratch.count % 2 == 1 ? scratch[middle] : (scratch[middle - 1] + scratch[middle]) / 2
    // What the angle wandered during the hold averages out only over times longer than it wanders: a quarter of a second counts as one observation.
    var square = 0.0
    for angle in scratch { square += (angle - median) * (angle - median) }
    let observations = max(1, (times[plateau.upperBound - 1] - times[plateau.lowerBound]) / 0.25)
    let scatter = square / Double(scratch.count) / observations
    return EndRange(value: median, sd: (common * common + scatter).squareRoot(), plateau: plateau, peak: peak.index)
  }

  private mutating func plateau(_ parameters: SegmentationParameters) -> Range<Int>? {
    findQuietWindows(parameters)
    var deepest = -Double.infinity
    for window in quiet { deepest = max(deepest, window.level) }
    guard deepest > -.infinity else { return nil }
    // The union of the windows near the deepest, as long as they overlap; a later deep hold replaces an earlier shallower one.
    var current: (range: Range<Int>, deepest: Double)?
    var best: (range: Range<Int>, deepest: Double)?
    for window in quiet where window.level >= deepest - parameters.plateauDepth {
      if let running = current, window.bins.lowerBound < running.range.upperBound {
        current = (running.range.lowerBound..<window.bins.upperBound, max(running.deepest, window.level))
      } else {
        current = (window.bins, window.level)
      }
      if let running = current, running.deepest >= (best?.deepest ?? -.infinity) { best = running }
    }
    return best?.range
  }

  /// Every window of the quiet length that is quiet, in order; each begins at a bin.
  private mutating func findQuietWindows(_ parameters: SegmentationParameters) {
    quiet.removeAll(keepingCapacity: true)
    var end = 0
    // The newest bin up to `end` that came after a hole: a window that begins before it has the hole inside.
    var afterHole = 0
    for start in times.indices {
      while end < times.count && times[end] - times[start] < parameters.quietWindow - 1e-9 {
        end += 1
        if end < times.count && times[end] - times[end - 1] > parameters.quietWindow / 2 { afterHole = end }
      }
      guard end < times.count else { return }
      guard afterHole <= start else { continue }
      let bins = start..<(end + 1)
      if let fit = QuietWindow.fit(times, angles, bins, length: parameters.quietWindow), parameters.isQuiet(fit) {
        quiet.append((bins, fit.level))
      }
    }
  }

  /// The greatest mean over `window` seconds, and where it lies.
  private func peak(_ window: Double) -> (value: Double, index: Int) {
    var best = (value: -Double.infinity, index: 0)
    var sum = 0.0
    var first = 0
    for index in angles.indices {
      sum += angles[index]
      while times[index] - times[first] > window {
        sum -= angles[first]
        first += 1
      }
      let mean = sum / Double(index - first + 1)
      if mean > best.value { best = (mean, (first + index) / 2) }
    }
    return best
  }
}

/// Heapsort: the library's sort allocates, and a live session is not to.
private func sortInPlace(_ values: inout [Double]) {
  func sift(_ start: Int, _ end: Int) {
    var parent = start
    while 2 * parent + 1 < end {
      var child = 2 * parent + 1
      if child + 1 < end && values[child] < values[child + 1] { child += 1 }
      if values[parent] >= values[child] { return }
      values.swapAt(parent, child)
      parent = child
    }
  }
  for start in stride(from: values.count / 2 - 1, through: 0, by: -1) { sift(start, values.count) }
  for end in stride(from: values.count - 1, to: 0, by: -1) {
    values.swapAt(0, end)
    sift(0, end)
  }
}
