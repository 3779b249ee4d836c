/// A place on the device's scale, in its unit, and on the host's, s.
struct EnvelopePoint: Sendable {
  var x: Double
  var y: Double
}

/// The corners of the convex hull of points that come in the order of their places: seen from below, or from above.
struct Hull: Sendable {
  enum Side: Sendable {
    /// Of points that a line has to stay below.
    case roof
    /// Of points that a line has to stay above.
    case ground
  }

  private(set) var corners: [EnvelopePoint] = []
  private let sign: Double

  init(_ side: Side) { sign = side == .roof ? 1 : -1 }

  mutating func reserve(_ count: Int) { corners.reserveCapacity(count) }

  mutating func removeAll() { corners.removeAll(keepingCapacity: true) }

  /// Adds the next point.
  @inline(__always) mutating func add(x: Double, y: Double) {
    while corners.count >= 2 {
      let a = corners[corners.count - 2]
      let b = corners[corners.count - 1]
      if sign * (b.y - a.y) * (x - a.x) < sign * (y - a.y) * (b.x - a.x) { break }
      corners.removeLast()
    }
    if let top = corners.last, top.x >= x {
      if sign * top.y <= sign * y { return }
      corners.removeLast()
    }
    corners.append(EnvelopePoint(x: x, y: y))
  }

  /// Height at place zero of the line of this slope that touches the hull.
  @inline(__always) func height(_ slope: Double) -> Double {
    var least = Double.infinity
    for corner in corners { least = min(least, sign * (corner.y - slope * corner.x)) }
    return sign * least
  }
}
