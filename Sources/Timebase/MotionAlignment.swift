/// How two recordings of one event lie to one another in time.
public struct MotionAlignment: Hashable, Sendable {
  /// Why two recordings cannot be aligned.
  public enum Refusal: Error, Hashable, Sendable {
    /// One of them has no movement that stands out, or is too short.
    case nothingToSee
    /// The best place is not good enough: the correlation there.
    case unlike(correlation: Double)
    /// Two places are nearly as good: both offsets, s.
    case ambiguous(first: Double, second: Double)
    /// At the best place the largest events meet, and the others have no partner: how much the recordings agree, 1 for all.
    case coincidence(likeness: Double)
    /// They agree in a single moment: any two recordings of one knock do. Its offset, s.
    case single(offset: Double)
  }

  /// Add this to the second's times to make them the first's, s: at the middle of the overlap.
  public var offset: Double
  /// How much faster the second's clock runs, relative; nil where the recordings are too short to tell.
  public var drift: Double?
  /// Correlation of the two signals at the offset, 1 at most.
  public var correlation: Double
  /// Correlation at the best place that is not this one.
  public var runnerUp: Double
  /// What the parts' own offsets differ by from the result, root mean square, s; nil when there was only one part to look at.
  public var residual: Double?
  /// Overlap of the two at the offset, s.
  public var overlap: Double

  /// Finds it.
  ///
  /// Both signals are magnitudes that do not depend on how a sensor is mounted: of the acceleration for a knock, of the angular rate for a
  /// common rotation. They are correlated, normalised over their overlap, at every shift; a parabola through the best three gives the part of
  /// a step. Then each part of the overlap that moves enough is aligned by itself: a straight line through their offsets is the drift.
  ///
  /// - Parameters:
  ///   - first: values at even steps.
  ///   - second: the same, of the other.
  ///   - step: s.
  ///   - greatestOffset: s; shifts beyond it are not tried.
  public static func find(
    _ first: [Double], _ second: [Double], step: Double, greatestOffset: Double
  ) throws(Refusal) -> MotionAlignment {
    let a = prepared(first)
    let b = prepared(second)
    guard Double(min(a.count, b.count)) * step >= 1, energy(a[...]) > 0, energy(b[...]) > 0 else {
      throw .nothingToSee
    }
    // Over a long time two clocks drift apart by more than an event is wide: first a coarse look, at the size of the movement alone.
    let coarse = max(1, Int(min(Double(min(a.count, b.count)) * step / 2000, 0.5) / step))
    let roughA = blocks(a, of: coarse)
    let roughB = blocks(b, of: coarse)
    let roughStep = Double(coarse) * step
    let reach = min(Int((greatestOffset / roughStep).rounded(.up)), roughA.count + roughB.count)
    let least = max(2, Int(1 / roughStep))
    var scores = [Double](repeating: -1, count: 2 * reach + 1)
    // An event of which only a part lies in the overlap must not win by being short.
    let whole = min(energy(roughA[...]), energy(roughB[...]))
    for shift in -reach...reach {
      scores[shift + reach] = score(roughA, roughB, shift: shift, least: least, whole: whole)
    }
    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > 0 else {
      throw .nothingToSee
    }
    let correlation = scores[best]
    guard correlation >= 0.6 else { throw .unlike(correlation: correlation) }
    // The peak's own flanks are passed over: down to where it has fallen to half.
    var low = best
    var high = best
    while low > 0, scores[low - 1] > correlation / 2 { low -= 1 }
    while high + 1 < scores.count, scores[high + 1] > correlation / 2 { high += 1 }
    var other = -1
    for index in scores.indices where (index < low || index > high) && (other < 0 || scores[index] > scores[other]) {
      other = index
    }
    let runnerUp = other >= 0 ? scores[other] : 0
    // A shift s pairs a[i + s] with b[i]: s steps are added to the second's times.
    let offset = (Double(best - reach) + peak(scores, best)) * roughStep
    // What the best place leaves unexplained has to be far less than what the next best leaves: repetitions look alike, but not as alike as the same.
    guard runnerUp < 0.6 * correlation || 1 - runnerUp > 3 * (1 - correlation) else {
      throw .ambiguous(first: offset, second: Double(other - reach) * roughStep)
    }
    var result = MotionAlignment(
      offset: offset, drift: nil, correlation: correlation, runnerUp: runnerUp, residual: nil, overlap: 0)
    let shift = Int((offset / step).rounded())
    let start = max(0, -shift)
    let end = max(start, min(b.count, a.count - shift))
    result.overlap = Double(end - start) * step
    result.takeParts(a, b, shift: shift, range: start..<end, step: step, slack: roughStep)
    let evidence = AlignmentEvidence(
      a, b, range: start..<end, shift: result.offset / step, drift: -(result.drift ?? 0), step: step)
    guard evidence.likeness >= AlignmentEvidence.leastLikeness, result.residual ?? 0 < 0.05 else {
      throw .coincidence(likeness: evidence.likeness)
    }
    guard evidence.elsewhere >= AlignmentEvidence.leastElsewhere else { throw .single(offset: result.offset) }
    return result
  }

  /// Aligns the parts of the overlap by themselves.
  ///
  /// - Parameter slack: s; how far off the coarse look may be.
  private mutating func takeParts(
    _ a: [Double], _ b: [Double], shift: Int, range: Range<Int>, step: Double, slack: Double
  ) {
    let length = min(range.count, Int(max(10, min(Double(range.count) * step / 12, 30)) / step))
    guard length > 0 else { return }
    let mean = Self.energy(b[range]) / Double(range.count)
    let near = max(2, Int((slack > 1.5 * step ? 0.25 + 2 * slack : 0.25) / step))
    var points: [(time: Double, offset: Double)] = []
    var start = range.lowerBound
    while start + length <= range.upperBound {
      defer { start += length }
      let part = Array(b[start..<start + length])
      guard Self.energy(part[...]) > 0.2 * mean * Double(length) else { continue }
      var scores: [Double] = []
      for around in (shift - near)...(shift + near) {
        scores.append(Self.score(a, part, shift: start + around, least: length / 2, whole: 0))
      }
      guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > 0.6, best > 0,
        best + 1 < scores.count
      else { continue }
      let offset = (Double(shift - near + best) + Self.peak(scores, best)) * step
      points.append(((Double(start) + Double(length) / 2) * step, offset))
    }
    guard points.count >= 2 else {
      if let only = points.first { offset = only.offset }
      return
    }
    let count = Double(points.count)
    let meanTime = points.reduce(0) { $0 + $1.time } / count
    let meanOffset = points.reduce(0) { $0 + $1.offset } / count
    var across = 0.0
    var along = 0.0
    for point in points {
      along += (point.time - meanTime) * (point.time - meanTime)
      across += (point.time - meanTime) * (point.offset - meanOffset)
    }
    // Parts at both ends of half a minute or more: a sub-step difference is then a drift, not noise.
    let reach = points[points.count - 1].time - points[0].time
    let slope = along > 0 && reach >= 30 && points.count >= 3 ? across / along : 0
    let middle = Double(range.lowerBound + range.upperBound) / 2 * step
    offset = meanOffset + slope * (middle - meanTime)
    // The second's clock that runs fast needs ever less added.
    if slope != 0 || (reach >= 30 && points.count >= 3) { drift = -slope }
    var squares = 0.0
    for point in points {
      let rest = point.offset - meanOffset - slope * (point.time - meanTime)
      squares += rest * rest
    }
    residual = (squares / count).squareRoot()
  }

  /// Mean sizes of so many values each; the values themselves for one.
  private static func blocks(_ values: [Double], of length: Int) -> [Double] {
    guard length > 1 else { return values }
    var result: [Double] = []
    result.reserveCapacity(values.count / length + 1)
    var start = 0
    while start + length <= values.count {
      var sum = 0.0
      for index in start..<start + length { sum += abs(values[index]) }
      result.append(sum / Double(length))
      start += length
    }
    return prepared(result)
  }

  /// The signal about its median-like rest: gravity, or the gyroscope's bias, is no movement.
  private static func prepared(_ values: [Double]) -> [Double] {
    guard !values.isEmpty else { return [] }
    let finite = values.map { $0.isFinite ? $0 : 0 }
    let rest = finite.sorted()[finite.count / 2]
    return finite.map { $0 - rest }
  }

  private static func energy(_ values: ArraySlice<Double>) -> Double { values.reduce(0) { $0 + $1 * $1 } }

  /// Correlation of `a` with `b` moved on by `shift` steps, over their overlap.
  static func score(_ a: [Double], _ b: [Double], shift: Int, least: Int, whole: Double) -> Double {
    let start = max(0, -shift)
    let end = min(b.count, a.count - shift)
    guard end - start >= least else { return -1 }
    var product = 0.0
    var squareA = 0.0
    var squareB = 0.0
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for index in start..<end {
          let (x, y) = (a[index + shift], b[index])
          product += x * y
          squareA += x * x
          squareB += y * y
        }
      }
    }
    let norm = (max(squareA, whole / 2) * max(squareB, whole / 2)).squareRoot()
    return norm > 0 ? product / norm : -1
  }

  /// Where the parabola through a peak and its neighbours has its top, in steps from the peak.
  private static func peak(_ scores: [Double], _ at: Int) -> Double {
    guard at > 0, at + 1 < scores.count, scores[at - 1] > -1, scores[at + 1] > -1 else { return 0 }
    let bend = scores[at - 1] - 2 * scores[at] + scores[at + 1]
    guard bend < 0 else { return 0 }
    return max(-0.5, min(0.5, 0.5 * (scores[at - 1] - scores[at + 1]) / bend))
  }
}
