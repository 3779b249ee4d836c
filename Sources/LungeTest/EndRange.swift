import Motion

/// End range of one movement, found in its bins after the tibia has come back.
struct EndRange: Hashable, Sendable {
  /// Inclination at end range, rad: median over the plateau, or the smoothed peak.
  var value: Double
  /// Mean standard uncertainty of the samples there, rad: what more samples or more trials do not lessen.
  var commonSD: Double
  /// Standard uncertainty from the tibia's wavering, rad.
  var randomSD: Double
  /// First and last bin of the plateau; nil without one.
  var plateau: ClosedRange<Int>?
  /// The bins that the value rests on: the plateau, or those of the smoothed peak.
  var support: ClosedRange<Int>

  /// Examines `bins[range]`, which must not be empty. Fills their `clean`, `steadyLevel` and `windowStart`;
  /// `scratch` must have room for as many values.
  init(
    in bins: inout [Bin], range: ClosedRange<Int>, scratch: inout [Double], parameters: SegmentationParameters
  ) {
    Self.removeJolts(&bins, range, &scratch, parameters)
    Self.markSteadyWindows(&bins, range, parameters)
    // A level that fails the closer look is set aside; more than a few such levels in one movement are not worth a search.
    for _ in 0..<4 {
      guard let candidate = Self.deepestSteady(bins, range, parameters) else { break }
      let (trimmed, level) = Self.trim(candidate, in: bins, &scratch, parameters)
      if Self.isLevel(bins, trimmed, parameters), !Self.isPassed(level, in: bins, range, parameters) {
        var fit = LineFit()
        var common = 0.0
        let origin = bins[trimmed.lowerBound].time
        for i in trimmed {
          fit.add(bins[i].time.seconds(since: origin), bins[i].clean - level)
          common += bins[i].sd
        }
        let duration = bins[trimmed.upperBound].time.seconds(since: origin)
        let independent = max(duration / max(parameters.waveringTime, 1e-3), 1)
        self.value = level
        self.commonSD = common / Double(trimmed.count)
        self.randomSD = fit.residualSD / independent.squareRoot()
        self.plateau = trimmed
        self.support = trimmed
        return
      }
      for j in range where j >= candidate.lowerBound && Int(bins[j].windowStart) <= candidate.upperBound {
        bins[j].steadyLevel = .nan
      }
    }
    let (peak, support) = Self.smoothedPeak(bins, range, parameters)
    let time = bins[(support.lowerBound + support.upperBound) / 2].time
    let wider = Self.mean(bins, range, around: time, reach: 1.5 * parameters.peakSmoothing)
    self.value = peak
    self.commonSD = support.reduce(0) { $0 + bins[$1].sd } / Double(support.count)
    // What another smoothing would have said.
    self.randomSD = abs(peak - wider)
    self.plateau = nil
    self.support = support
  }

  /// Marks every bin at which a window of `plateauTime` ends that is steady in slope and in scatter.
  private static func markSteadyWindows(
    _ bins: inout [Bin], _ range: ClosedRange<Int>, _ parameters: SegmentationParameters
  ) {
    let length = parameters.plateauTime - tolerance
    let greatestVariance = parameters.plateauSD * parameters.plateauSD
    var bins = bins.mutableSpan
    let origin = bins[range.lowerBound].time
    let offset = bins[range.lowerBound].clean
    var fit = LineFit()
    var start = range.lowerBound
    for j in range {
      let now = bins[j].time.seconds(since: origin)
      fit.add(now, bins[j].clean - offset)
      while j - start >= leastBins,
        now - bins[start + 1].time.seconds(since: origin) >= length
      {
        fit.remove(bins[start].time.seconds(since: origin), bins[start].clean - offset)
        start += 1
      }
      let isLong =
        j - start + 1 >= leastBins
        && now - bins[start].time.seconds(since: origin) >= length
      bins[j].windowStart = Int32(truncatingIfNeeded: start)
      bins[j].steadyLevel = .nan
      guard isLong else { continue }
      let line = fit.line
      if abs(line.slope) < parameters.plateauRate, line.residualVariance < greatestVariance {
        bins[j].steadyLevel = line.mean + offset
      }
    }
  }

  /// A line through fewer points says nothing of steadiness. Half a second at 10 Hz has six.
  private static let leastBins = 5
  /// Times are rounded to nanoseconds, bins to their mean time; half a second may come out this much shorter.
  private static let tolerance = 0.006

  /// The unbroken chain of steady windows around the deepest one and within `plateauDepth` of it.
  private static func deepestSteady(
    _ bins: [Bin], _ range: ClosedRange<Int>, _ parameters: SegmentationParameters
  ) -> ClosedRange<Int>? {
    var deepest = -1
    for j in range where !bins[j].steadyLevel.isNaN {
      if deepest < 0 || bins[j].steadyLevel > bins[deepest].steadyLevel { deepest = j }
    }
    guard deepest >= 0 else { return nil }
    let least = bins[deepest].steadyLevel - parameters.plateauDepth
    var first = Int(bins[deepest].windowStart)
    var last = deepest
    var j = deepest + 1
    while j <= range.upperBound, Int(bins[j].windowStart) <= last {
      if bins[j].steadyLevel >= least { last = j }
      j += 1
    }
    j = deepest - 1
    while j >= first, j >= range.lowerBound {
      if bins[j].steadyLevel >= least { first = min(first, Int(bins[j].windowStart)) }
      j -= 1
    }
    return first...last
  }

  /// Cuts the flanks off, as far as `plateauTime` is left.
  ///
  /// - Returns: what is left, and its median.
  private static func trim(
    _ range: ClosedRange<Int>, in bins: [Bin], _ scratch: inout [Double], _ parameters: SegmentationParameters
  ) -> (ClosedRange<Int>, level: Double) {
    let level = Bin.median(of: bins.span, range, &scratch)
    var first = range.lowerBound
    var last = range.upperBound
    func isLongWithout(_ a: Int, _ b: Int) -> Bool {
      b - a + 1 >= leastBins && bins[b].time.seconds(since: bins[a].time) >= parameters.plateauTime - tolerance
    }
    while isLongWithout(first + 1, last), abs(bins[first].clean - level) > parameters.plateauEdge { first += 1 }
    while isLongWithout(first, last - 1), abs(bins[last].clean - level) > parameters.plateauEdge { last -= 1 }
    let trimmed = first...last
    return (trimmed, trimmed == range ? level : Bin.median(of: bins.span, trimmed, &scratch))
  }

  /// Whether the tibia is slow on the whole stretch, up to its ends.
  ///
  /// The top of a slow touch-and-go has no slope on the whole and little scatter, and still the tibia only passes through it: it
  /// comes and goes faster than a plateau allows. A parabola has its greatest slope at an end, so that is asked there. At low rates half a second
  /// is too few points to know a curve by, so one standard error of the bend is added: what is not known to be level is no plateau.
  private static func isLevel(_ bins: [Bin], _ range: ClosedRange<Int>, _ parameters: SegmentationParameters) -> Bool {
    let origin = bins[range.lowerBound].time
    let half = bins[range.upperBound].time.seconds(since: origin) / 2
    let level = bins[range.lowerBound].clean
    var line = LineFit()
    var square = LineFit()
    for i in range {
      let t = bins[i].time.seconds(since: origin) - half
      line.add(t, bins[i].clean - level)
      square.add(t, t * t)
    }
    // What is left of the values and of the squares of time beside their own lines gives the parabola's bend.
    let (lean, skew, offset) = (line.slope, square.slope, square.mean - square.slope * line.meanX)
    var bend = LineFit()
    for i in range {
      let t = bins[i].time.seconds(since: origin) - half
      bend.add(t * t - offset - skew * t, bins[i].clean - level - lean * t)
    }
    let atStart = lean + bend.slope * (-2 * half - skew)
    let atEnd = lean + bend.slope * (2 * half - skew)
    return max(abs(atStart), abs(atEnd)) + 2 * half * bend.slopeError < parameters.plateauRate
  }

  /// Whether the tibia went well past the level for longer than a jolt.
  private static func isPassed(
    _ level: Double, in bins: [Bin], _ range: ClosedRange<Int>, _ parameters: SegmentationParameters
  ) -> Bool {
    var since: SessionTime?
    for i in range {
      guard bins[i].clean > level + parameters.overshootAngle else {
        since = nil
        continue
      }
      let start = since ?? bins[i].time
      since = start
      if bins[i].time.seconds(since: start) >= parameters.overshootTime { return true }
    }
    return false
  }

  /// The greatest mean over `peakSmoothing`, and the bins it was taken from.
  private static func smoothedPeak(
    _ bins: [Bin], _ range: ClosedRange<Int>, _ parameters: SegmentationParameters
  ) -> (Double, ClosedRange<Int>) {
    var best = -Double.infinity
    var support = range.lowerBound...range.lowerBound
    var sum = 0.0
    var first = range.lowerBound
    for last in range {
      sum += bins[last].clean
      while first < last, bins[last].time.seconds(since: bins[first].time) > parameters.peakSmoothing - tolerance {
        sum -= bins[first].clean
        first += 1
      }
      let mean = sum / Double(last - first + 1)
      if mean > best {
        best = mean
        support = first...last
      }
    }
    return (best, support)
  }

  private static func mean(
    _ bins: [Bin], _ range: ClosedRange<Int>, around time: SessionTime, reach: Double
  ) -> Double {
    var sum = 0.0
    var count = 0.0
    for i in range where abs(bins[i].time.seconds(since: time)) <= reach {
      sum += bins[i].clean
      count += 1
    }
    return sum / max(count, 1)
  }
}
