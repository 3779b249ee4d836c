/// Whether a place where two recordings fit rests on all that happened in them, or on one thing alone.
///
/// The correlation of two recordings that have nothing to do with each other is high wherever the largest knock of the one meets the largest of the other, and
/// that of any two movements of some seconds where they overlap. So what was found is looked at again, with large and small events made alike, in
/// steps of an eighth of a second, and by what changes from step to step and not by what stays.
struct AlignmentEvidence {
  /// Correlation of those changes: 1 where each recording shows what the other shows.
  var likeness = 0.0
  /// The share of the agreement that lies outside its largest moment: 0 where it rests on one knock.
  var elsewhere = 0.0

  /// Least of both of two recordings that belong together. Of 480 simulated pairs of 25 to 1000 Hz the least alike had a likeness of 0.74; of 160
  /// pairs of strangers, as far as they fitted anywhere, the most alike had 0.53.
  static let leastLikeness = 0.64
  static let leastElsewhere = 0.12

  /// Length of a step, and how far a moment reaches to both sides, s.
  private static let width = 0.12
  private static let moment = 0.36
  /// How far, s, the second largest moment may lie from where the offset says: less than a sample at 25 Hz.
  private static let witness = 0.035
  /// Events are large from so many times the signal's median on.
  private static let large = 32.0

  /// - Parameters:
  ///   - a: the first's values about their rest, at even steps.
  ///   - b: the second's.
  ///   - range: the part of `b` that overlaps.
  ///   - shift: what is to be added to a place in `b` to get that in `a`, in steps, at the middle of the range.
  ///   - drift: how much that grows with each step.
  init(_ a: [Double], _ b: [Double], range: Range<Int>, shift: Double, drift: Double, step: Double) {
    let width = max(Int((Self.width / step).rounded()), 1)
    let middle = Double(range.lowerBound + range.upperBound) / 2
    let (scaleA, scaleB) = (Self.scale(a), Self.scale(b))
    var pairs: [(Double, Double)] = []
    var starts: [Int] = []
    var start = range.lowerBound
    while start + width <= range.upperBound {
      let at = start + Int((shift + drift * (Double(start) - middle)).rounded())
      if at >= 0, at + width <= a.count {
        var (most, other) = (0.0, 0.0)
        for index in 0..<width {
          most = max(most, abs(a[at + index]))
          other = max(other, abs(b[start + index]))
        }
        pairs.append((most / (most + scaleA), other / (other + scaleB)))
        starts.append(start)
      }
      start += width
    }
    guard pairs.count > 4 else { return }
    var (squareA, squareB, product) = (0.0, 0.0, 0.0)
    var agreement: [Double] = []
    for index in 2..<pairs.count {
      let (x, y) = (pairs[index].0 - pairs[index - 2].0, pairs[index].1 - pairs[index - 2].1)
      squareA += x * x
      squareB += y * y
      product += x * y
      agreement.append(max(x * y, 0))
    }
    let norm = (squareA * squareB).squareRoot()
    likeness = norm > 0 ? product / norm : 0
    guard let largest = agreement.indices.max(by: { agreement[$0] < agreement[$1] }) else { return }
    let reach = max(Int((Self.moment / (Double(width) * step)).rounded()), 1)
    var rest = agreement
    for index in max(largest - reach, 0)...min(largest + reach, rest.count - 1) { rest[index] = 0 }
    guard let second = rest.indices.max(by: { rest[$0] < rest[$1] }), rest[second] > 0 else { return }
    // What looks alike in steps has to meet to a few samples, too.
    let place = starts[second + 1]
    let expected = place + Int((shift + drift * (Double(place) - middle)).rounded())
    let lag = Self.lag(a, b, from: place, to: expected, step: step)
    guard abs(lag) <= Self.witness else { return }
    elsewhere = rest.reduce(0, +) / agreement.reduce(0, +)
  }

  /// How far from its expected place in `a` a moment of `b` fits best, s; infinite where it fits nowhere near.
  private static func lag(_ a: [Double], _ b: [Double], from place: Int, to expected: Int, step: Double) -> Double {
    let half = max(Int(0.3 / step), 3)
    let part = Array(b[max(place - half, 0)..<min(place + half, b.count)])
    let start = expected - (place - max(place - half, 0))
    let most = max(Int(0.15 / step), 2)
    let scores = (-most...most).map { MotionAlignment.score(a, part, shift: start + $0, least: half, whole: 0) }
    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > 0 else { return .infinity }
    return Double(best - most) * step
  }

  /// What makes an event large: above the unrest of the recording, and not small beside its largest.
  private static func scale(_ values: [Double]) -> Double {
    let sizes = values.map { abs($0) }.sorted()
    return max(large * sizes[sizes.count / 2], sizes[sizes.count - 1] / 10, .leastNormalMagnitude)
  }
}
