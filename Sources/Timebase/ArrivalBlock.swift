/// What one block of time says: its least delayed arrival, its highest floor, and how its samples came.
struct ArrivalBlock: Sendable {
  var ceiling = EnvelopePoint(x: 0, y: 0)
  var floor = EnvelopePoint(x: 0, y: -.infinity)
  private var leastDelay = Double.infinity
  private var highest = -Double.infinity
  private var readings = 0
  private var bunches = 0

  /// Share of its readings that brought several samples; nil without any.
  var bunched: Double? { readings > 0 ? Double(bunches) / Double(readings) : nil }

  /// Notes a sample: its place, its arrival, and when the host looked for it in vain, s.
  ///
  /// - Parameters:
  ///   - delay: above the present line, s.
  ///   - numberInReading: 1 for the first that came with this arrival.
  @inline(__always) mutating func note(x: Double, y: Double, absent: Double, delay: Double, numberInReading: Int) {
    if delay < leastDelay {
      leastDelay = delay
      ceiling = EnvelopePoint(x: x, y: y)
    }
    if numberInReading == 1 { readings += 1 } else if numberInReading == 2 { bunches += 1 }
    guard absent > -.infinity else { return }
    let height = absent - y + delay
    if height > highest || highest == -.infinity {
      highest = height
      floor = EnvelopePoint(x: x, y: absent)
    }
  }
}
