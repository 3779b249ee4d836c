/// The line below all arrivals: when a sample must have been taken, as far as the host can tell.
///
/// A sample's arrival is its true instant plus a delay that is never negative and now and then close to its minimum. So the
/// clock of the device is not the mean of the arrivals but their lower envelope. Time is cut into blocks; of each block the
/// point with the least delay is kept, and through the kept points goes the line that stays below all of them with the
/// least sum of distances: the linear programme of Moon, Skelly and Towsley (Estimation and removal of clock skew from network
/// delay measurements, INFOCOM 1999), whose solution is the edge of the lower convex hull over the mean of the abscissas.
///
/// Bursts and stalls only raise points, so they do not move the line. Points leave after `memory` blocks: a slow change of the
/// device's rate is followed.
struct ArrivalEnvelope: Sendable {
  /// Blocks kept: with half a second a block, the line follows the last 32 seconds.
  static let memory = 64

  /// The line: arrival = intercept + slope × device, in seconds after the first arrival, and the device's unit.
  private(set) var slope: Double
  private(set) var intercept: Double
  /// Where the kept points lie; empty places at the end.
  private var xs: [Double]
  private var ys: [Double]

  init(slope: Double, intercept: Double) {
    self.slope = slope
    self.intercept = intercept
    xs = []
    ys = []
    xs.reserveCapacity(Self.memory + 1)
    ys.reserveCapacity(Self.memory + 1)
  }

  func arrival(of x: Double) -> Double { intercept + slope * x }

  /// Delay of a point above the line, s.
  func delay(x: Double, y: Double) -> Double { y - arrival(of: x) }

  /// How far the kept points reach, in the device's unit.
  var span: Double { xs.isEmpty ? 0 : xs[xs.count - 1] - xs[0] }

  /// Adds a block's least delayed point and fits the line anew.
  ///
  /// - Parameter slopeRange: slopes outside it are not believed: with a device clock the prior knowledge of its accuracy, which
  ///   also carries the fit while the points reach over too short a time to tell a slope.
  mutating func add(x: Double, y: Double, slopeRange: ClosedRange<Double>) {
    if xs.count == Self.memory {
      xs.removeFirst()
      ys.removeFirst()
    }
    xs.append(x)
    ys.append(y)
    fit(slopeRange)
  }

  /// Moves the points after a shift of the device's scale, so that what was learnt before stays in use.
  mutating func shift(x offset: Double) {
    intercept -= slope * offset
    for index in xs.indices { xs[index] += offset }
  }

  private mutating func fit(_ slopeRange: ClosedRange<Double>) {
    guard xs.count >= 2 else {
      if let x = xs.first, let y = ys.first { intercept = y - slope * x }
      return
    }
    var mean = 0.0
    for x in xs { mean += x }
    mean /= Double(xs.count)
    // The hull edge over the mean: from the lowest point left of it, turn as long as a point lies below the edge.
    var left = 0
    var right = xs.count - 1
    var best = -Double.infinity
    // Largest height of a supporting line at the mean: the edge (i, j) with every point above it. With 64 points the pairs
    // around the mean are few, and the check is a gift-wrapping step: for a left point, its edge has the least slope to the right.
    for i in xs.indices where xs[i] <= mean {
      var j = -1
      var least = Double.infinity
      for k in (i + 1)..<max(i + 1, xs.count) where xs[k] > xs[i] {
        let s = (ys[k] - ys[i]) / (xs[k] - xs[i])
        if s < least {
          least = s
          j = k
        }
      }
      guard j >= 0, xs[j] >= mean else { continue }
      let height = ys[i] + least * (mean - xs[i])
      // Among edges that start left of the mean and end right of it, the hull's is the one that no left point lies below.
      var isBelow = true
      for k in 0..<i where ys[k] < ys[i] + least * (xs[k] - xs[i]) - 1e-12 { isBelow = false }
      if isBelow && height > best {
        best = height
        left = i
        right = j
      }
    }
    guard best > -Double.infinity else { return }
    let s = (ys[right] - ys[left]) / (xs[right] - xs[left])
    slope = min(max(s, slopeRange.lowerBound), slopeRange.upperBound)
    // With the slope clipped the line still has to stay below all points.
    var least = Double.infinity
    for k in xs.indices { least = min(least, ys[k] - slope * xs[k]) }
    intercept = least
  }
}
