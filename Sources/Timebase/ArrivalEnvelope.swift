/// The line between what had arrived and what had not: when a sample must have been taken, as far as the host can tell.
///
/// A sample's arrival is its true instant plus a delay that is never negative and now and then close to its minimum: the true line lies nowhere above
/// an arrival, and the arrivals' lower hull is its ceiling. Time is cut into blocks; of each the least delayed arrival is kept. Where samples come one by
/// one the line is laid below the ceiling, see `fitBelow`.
///
/// Where several come with one reading (USB adapters hand over every 16 ms, Bluetooth serial worse) that is not enough. A device whose rate and
/// the bunches stand in a simple ratio, such as 10 ms and 16 ms, shows the same few delays again and again, 2 ms apart. For the length of a beat, 54 s
/// at 37 ppm, the ceiling is a straight line that is wrong by these 37 ppm, and then drops by 2 ms. But when the host read before, the sample was not
/// there: the true line lies above that reading, but for the time that a sample needs to become readable. The highest of these of each block is its
/// floor. Every line between the two hulls is then as likely as any other (times what is known of the slope beforehand), and the fit is the
/// mean of those lines at the newest point; see `fitBetween`. What is left between the hulls is what nobody can know: 2 ms in the
/// example until a beat has passed, so that no estimate is surely better than 1 ms before, and far less after it.
///
/// Bursts and stalls only raise the ceiling's points, so they do not move the line. A sample that was held up outside the host raises its floor: a floor,
/// less the time that a sample needs to become readable, counts only up to the ceiling. Points leave after `memory` seconds: a slow change of the device's rate is followed.
struct ArrivalEnvelope: Sendable {
  /// Most blocks that are kept, and for how many seconds: two beats at 37 ppm.
  static let capacity = 220
  static let memory = 120.0
  /// Least mean delay that is believed in, s: the resolution of a host that reads every byte as it comes.
  private static let leastDelay = 0.000_05
  /// And the greatest, s, where samples come one by one: a line that is still wrong must not make the arrivals seem worth little against what was
  /// believed.
  private static let usualDelay = 0.004
  /// What a sample may need to become readable beyond the least, s: a frame of full-speed USB, and the host's own scheduling.
  private static let travel = 0.001_5
  /// How fast a line that violates the hulls loses its weight, s.
  private static let softness = 0.000_6
  /// Lines that are tried in each fit.
  private static let tries = 16

  /// The line: arrival = anchorY + slope × (device − anchorX), in seconds after the first arrival, and the device's unit.
  private(set) var slope: Double
  private var anchorX: Double
  private var anchorY: Double
  /// What is known of the slope besides the points: its mean, and its relative standard deviation.
  private var priorSlope: Double
  private var priorSpread: Double
  private let leastSpread: Double
  /// Of each block the least delayed arrival and the highest floor, the oldest first; a block without a floor has a y of -infinity.
  private var ceilings: [EnvelopePoint] = []
  private var floors: [EnvelopePoint] = []
  /// Share of the readings that brought several samples: where it is small, samples come one by one.
  private var bunched: Double?
  private static let leastBunched = 0.2
  /// The corners of their hulls, seen from the newest point: the numbers stay small however long the session is.
  private var roof = Hull(.roof)
  private var ground = Hull(.ground)
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
    slopeSpread = spread
    self.leastSpread = leastSpread
    ceilings.reserveCapacity(Self.capacity + 1)
    floors.reserveCapacity(Self.capacity + 1)
    roof.reserve(Self.capacity + 1)
    ground.reserve(Self.capacity + 1)
  }

  /// Arrival without delay of the sample at `x`, s.
  @inline(__always) func arrival(of x: Double) -> Double { anchorY + slope * (x - anchorX) }

  /// Delay of a point above the line, s.
  @inline(__always) func delay(x: Double, y: Double) -> Double { y - arrival(of: x) }

  /// Seconds over which the kept points reach.
  private var span: Double { ceilings.isEmpty ? 0 : ceilings[ceilings.count - 1].y - ceilings[0].y }

  /// Adds a block, and fits the line anew.
  mutating func add(_ block: ArrivalBlock) {
    let y = block.ceiling.y
    if let share = block.bunched { bunched = bunched.map { $0 + (share - $0) / 16 } ?? share }
    var expired = 0
    while expired < ceilings.count, ceilings[expired].y < y - Self.memory { expired += 1 }
    if expired == 0 && ceilings.count == Self.capacity { expired = 1 }
    if expired > 0 {
      ceilings.removeSubrange(0..<expired)
      floors.removeSubrange(0..<expired)
      learn()
    }
    ceilings.append(block.ceiling)
    floors.append(block.floor)
    fit()
  }

  /// Begins anew at a place of another scale, where the device was restarted or its samples could not be counted. The learned slope stays.
  mutating func restart(x: Double, y: Double) {
    learn()
    ceilings.removeAll(keepingCapacity: true)
    floors.removeAll(keepingCapacity: true)
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
    let origin = ceilings[ceilings.count - 1]
    buildRoof(origin)
    if bunched ?? 0 > Self.leastBunched { fitBetween(origin) } else { fitBelow(origin) }
    var total = 0.0
    for point in ceilings { total += delay(x: point.x, y: point.y) }
    meanDelay = max(total / Double(ceilings.count), Self.leastDelay)
  }

  /// The mean of the lines between ceiling and floor.
  private mutating func fitBetween(_ origin: EnvelopePoint) {
    buildGround(origin)
    let (low, high) = likelySlopes(reach: origin.x - ceilings[0].x)
    let spread = priorSpread * priorSlope
    let step = (high - low) / Double(Self.tries)
    var sums = (weight: 0.0, slope: 0.0, square: 0.0, height: 0.0, excess: 0.0)
    for number in 0..<Self.tries {
      let rise = step * (Double(number) + 0.5)
      let ceiling = roof.height(low + rise)
      let room = ground.corners.isEmpty ? 0 : ceiling - ground.height(low + rise)
      let weight = Self.weight(room) * Self.normal((low + rise - priorSlope) / spread)
      sums.weight += weight
      sums.slope += weight * rise
      sums.square += weight * rise * rise
      sums.excess += weight * max(-room, 0)
      sums.height += weight * (ceiling - max(room, 0) / 2)
    }
    let mean = sums.slope / sums.weight
    // Whatever arrives, time goes forward.
    slope = max(low + mean, 1e-9)
    anchorX = origin.x
    anchorY = origin.y + sums.height / sums.weight
    // Where hardly any line fits, samples were held up on the way to the host, and the hulls say less than they seem to.
    let misfit = sums.excess / sums.weight / max(origin.x - ceilings[0].x, 1e-9)
    let variance = max(sums.square / sums.weight - mean * mean, 0) + step * step / 12 + misfit * misfit
    slopeSpread = variance.squareRoot() / slope
  }

  /// The likeliest line below the ceiling, for delays that lie above it exponentially spread: that with the least sum of delays, the linear programme
  /// of Moon, Skelly and Towsley (Estimation and removal of clock skew from network delay measurements, INFOCOM 1999), times what is known of
  /// the slope. Its logarithm is concave in the slope, and its maximum lies on the hull: at an edge, or where the line turns about one corner.
  private mutating func fitBelow(_ origin: EnvelopePoint) {
    var meanX = 0.0
    var weights = 0.0
    var before = ceilings[0].y
    for point in ceilings {
      // A block weighs as much as the time it stands for: those of the start are short.
      let weight = point.y - before + 0.01
      before = point.y
      weights += weight
      meanX += weight * (point.x - origin.x)
    }
    meanX /= weights
    let spread = priorSpread * priorSlope
    let pull = spread * spread * Double(ceilings.count) / min(meanDelay, Self.usualDelay)
    var best = slope
    var touched = roof.corners[0]
    var steepest = -Double.infinity
    for (index, corner) in roof.corners.enumerated() {
      touched = corner
      let next =
        index + 1 < roof.corners.count
        ? (roof.corners[index + 1].y - corner.y) / (roof.corners[index + 1].x - corner.x) : .infinity
      // Turning about this corner, the likelihood is largest here; between the slopes of its two edges the line stays below all points.
      best = max(priorSlope + pull * (meanX - corner.x), steepest)
      if best <= next { break }
      steepest = next
    }
    slope = max(best, 1e-9)
    anchorX = origin.x + touched.x
    anchorY = origin.y + touched.y
    var total = 0.0
    for point in ceilings { total += delay(x: point.x, y: point.y) }
    // The slope is as uncertain as one mean delay over the reach of the points, and never more than before.
    let reach = (origin.x - ceilings[0].x) * slope
    let measured = max(total / Double(ceilings.count), Self.leastDelay) / max(reach, 1e-9)
    slopeSpread = 1 / (1 / (measured * measured) + 1 / (priorSpread * priorSpread)).squareRoot()
  }

  /// How likely a line is that has so much room (s) between the hulls: none that is left out for sure, because nothing here is.
  private static func weight(_ room: Double) -> Double {
    if room >= 0 { return room + Self.softness }
    let excess = -room / Self.softness
    return Self.softness / (1 + excess * (1 + excess * (0.5 + excess / 6)))
  }

  /// About exp(-z²/2), with wider flanks.
  private static func normal(_ z: Double) -> Double {
    let base = 1 / (1 + z * z / 8)
    return base * base * base * base
  }

  private mutating func buildRoof(_ origin: EnvelopePoint) {
    roof.removeAll()
    for point in ceilings { roof.add(x: point.x - origin.x, y: point.y - origin.y) }
  }

  private mutating func buildGround(_ origin: EnvelopePoint) {
    let height = roof.height(slope)
    ground.removeAll()
    for floor in floors where floor.y > -.infinity {
      let x = floor.x - origin.x
      ground.add(x: x, y: min(floor.y - origin.y - Self.travel, height + slope * x))
    }
  }

  /// The slopes of the lines that fit between the hulls, and some beside them, as far as they can be believed.
  ///
  /// - Parameter reach: of the points, in the device's unit.
  private func likelySlopes(reach: Double) -> (low: Double, high: Double) {
    let believed = 4 * priorSpread * priorSlope
    var low = -Double.infinity
    var high = Double.infinity
    for corner in roof.corners {
      for foot in ground.corners {
        let distance = corner.x - foot.x
        if distance > 0 { high = min(high, (corner.y - foot.y) / distance) }
        if distance < 0 { low = max(low, (corner.y - foot.y) / distance) }
      }
    }
    if low > high { swap(&low, &high) }
    let margin = 4 * Self.softness / max(reach, 1e-9)
    let middle = min(max((low + high) / 2, priorSlope - believed), priorSlope + believed)
    low = max(low - margin, priorSlope - believed, 1e-9)
    high = min(high + margin, priorSlope + believed)
    if !(low < high) {
      low = max((middle.isFinite ? middle : priorSlope) - margin, 1e-9)
      high = low + 2 * margin
    }
    return (low, high)
  }
}
