/// The line below all arrivals: when a sample must have been taken, as far as the host can tell.
///
/// A sample's arrival is its true instant plus a delay that is never negative and now and then close to its minimum. So the
/// clock of the device is not the mean of the arrivals but their lower envelope. Time is cut into blocks; of each block the
/// point with the least delay is kept, and a line is laid below all of them.
///
/// Which line: with delays above it spread exponentially, the likeliest is that with the least sum of delays, the linear
/// programme of Moon, Skelly and Towsley (Estimation and removal of clock skew from network delay measurements, INFOCOM 1999).
/// Its solution is an edge of the lower convex hull, and over a short time that edge can be steep by chance. So what is known
/// of the slope beforehand, as a normal distribution, is multiplied in. The logarithm of the product is concave in the slope,
/// and its maximum lies on the hull: at an edge, or where the line turns about one vertex.
///
/// Bursts and stalls only raise points, so they do not move the line. Points leave after `memory` seconds: a slow change of the
/// device's rate is followed.
struct ArrivalEnvelope: Sendable {
  /// Most blocks that are kept, and for how many seconds. A device whose rate and the host's bunches stand in a simple ratio shows its least delay
  /// only once a beat, which at 100 Hz, 16 ms and 40 ppm is 50 s; two beats have to be seen.
  static let capacity = 340
  static let memory = 120.0
  /// Least mean delay that the fit believes in, s: the resolution of a host that reads every byte as it comes.
  private static let leastDelay = 0.000_05
  /// And the greatest, s: a line that is still wrong must not make the arrivals seem worth little against what was believed.
  private static let usualDelay = 0.004

  /// The line: arrival = anchorY + slope × (device − anchorX), in seconds after the first arrival, and the device's unit.
  private(set) var slope: Double
  private var anchorX: Double
  private var anchorY: Double
  /// What is known of the slope besides the points: its mean, and its relative standard deviation.
  private var priorSlope: Double
  private var priorSpread: Double
  private let firstSpread: Double
  private let leastSpread: Double
  /// Where the kept points lie, the oldest first, and the corners of their lower hull.
  private var xs: [Double] = []
  private var ys: [Double] = []
  private var hull: [Int] = []
  /// Mean delay of the kept points, s.
  private(set) var meanDelay = 0.004
  /// How exactly the slope is known, relative, one standard deviation.
  private(set) var slopeSpread: Double

  /// - Parameters:
  ///   - slope: first guess, seconds of the host for one of the device's unit.
  ///   - spread: its relative standard deviation.
  ///   - leastSpread: relative; how much the device's rate may wander whatever was learned.
  init(x: Double, y: Double, slope: Double, spread: Double, leastSpread: Double) {
    self.slope = slope
    anchorX = x
    anchorY = y
    priorSlope = slope
    priorSpread = spread
    firstSpread = spread
    slopeSpread = spread
    self.leastSpread = leastSpread
    xs.reserveCapacity(Self.capacity + 1)
    ys.reserveCapacity(Self.capacity + 1)
    hull.reserveCapacity(Self.capacity + 1)
  }

  /// Arrival without delay of the sample at `x`, s.
  func arrival(of x: Double) -> Double { anchorY + slope * (x - anchorX) }

  /// Delay of a point above the line, s.
  func delay(x: Double, y: Double) -> Double { y - arrival(of: x) }

  /// Where a sample that arrives at `y` without delay lies on the device's scale.
  func place(of y: Double) -> Double { anchorX + (y - anchorY) / slope }

  /// Seconds over which the kept points reach.
  var span: Double { ys.isEmpty ? 0 : ys[ys.count - 1] - ys[0] }

  /// Adds a block's least delayed point and fits the line anew.
  mutating func add(x: Double, y: Double) {
    var expired = 0
    while expired < ys.count, ys[expired] < y - Self.memory { expired += 1 }
    if expired == 0 && xs.count == Self.capacity { expired = 1 }
    if expired > 0 {
      xs.removeSubrange(0..<expired)
      ys.removeSubrange(0..<expired)
      learn()
    }
    xs.append(x)
    ys.append(y)
    fit()
  }

  /// Begins anew at a place of another scale, where the device was restarted or its samples could not be counted. The learned slope stays.
  mutating func restart(x: Double, y: Double) {
    learn()
    xs.removeAll(keepingCapacity: true)
    ys.removeAll(keepingCapacity: true)
    anchorX = x
    anchorY = y
  }

  /// What leaves the memory is kept as knowledge of the slope: at once while that is far better than what was known, then slowly.
  private mutating func learn() {
    guard span > Self.memory / 4 else { return }
    let offered = max(leastSpread, 3 * slopeSpread)
    if offered < priorSpread {
      priorSlope = slope
      priorSpread = offered
    } else {
      priorSlope += 0.02 * (slope - priorSlope)
    }
  }

  private mutating func fit() {
    let last = xs.count - 1
    // Seen from the newest point: the numbers stay small however long the session is.
    let originX = xs[last]
    hull.removeAll(keepingCapacity: true)
    var meanX = 0.0
    var weights = 0.0
    for index in 0...last {
      // A block weighs as much as the time it stands for: those of the start are short.
      let weight = ys[index] - (index > 0 ? ys[index - 1] : ys[0]) + 0.01
      weights += weight
      meanX += weight * (xs[index] - originX)
      while hull.count >= 2 {
        let a = hull[hull.count - 2]
        let b = hull[hull.count - 1]
        if (ys[b] - ys[a]) * (xs[index] - xs[a]) < (ys[index] - ys[a]) * (xs[b] - xs[a]) { break }
        hull.removeLast()
      }
      if let top = hull.last, xs[top] >= xs[index] {
        if ys[top] <= ys[index] { continue }
        hull.removeLast()
      }
      hull.append(index)
    }
    let count = Double(xs.count)
    meanX /= weights
    let spread = priorSpread * priorSlope
    let pull = spread * spread * count / min(meanDelay, Self.usualDelay)
    var best = slope
    var touched = hull[0]
    var steepest = -Double.infinity
    for corner in hull.indices {
      let at = hull[corner]
      touched = at
      let next =
        corner + 1 < hull.count
        ? (ys[hull[corner + 1]] - ys[at]) / (xs[hull[corner + 1]] - xs[at]) : Double.infinity
      // Turning about this corner, the likelihood is largest here; between the slopes of its two edges the line stays below all points.
      best = max(priorSlope + pull * (meanX - (xs[at] - originX)), steepest)
      if best <= next { break }
      steepest = next
    }
    // Whatever arrives, time goes forward.
    slope = max(best, 1e-9)
    anchorX = xs[touched]
    anchorY = ys[touched]
    var total = 0.0
    for index in 0...last { total += delay(x: xs[index], y: ys[index]) }
    meanDelay = max(total / count, Self.leastDelay)
    // The slope is as uncertain as one mean delay over the reach of the points, and never more than before.
    let reach = (xs[last] - xs[0]) * slope
    let measured = reach > 0 ? meanDelay / reach : firstSpread
    slopeSpread = 1 / (1 / (measured * measured) + 1 / (priorSpread * priorSpread)).squareRoot()
  }
}
