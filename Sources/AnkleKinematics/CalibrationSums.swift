import Motion
import RealModule

/// What a short time of samples comes to. Angles in rad.
struct CalibrationBin: Hashable, Sendable {
  var time: SessionTime
  /// s
  var duration: Double
  /// Mean upward vertical, unit length, in sensor components.
  var vertical: Vector3
  /// Mean angular rate, rad/s; nil without a gyroscope.
  var rate: Vector3?
}

/// Gathers samples into bins.
struct CalibrationBinner: Sendable {
  /// s
  static let length = 0.05
  private var vertical = Vector3.zero
  private var turn = Vector3.zero
  private var hasRate = true
  private var count = 0.0
  private var duration = 0.0

  /// Adds a sample, which stands for the interval before it; gives a bin when one is full.
  mutating func add(time: SessionTime, interval: Double, vertical new: Vector3, rate: Vector3?) -> CalibrationBin? {
    vertical += new
    if let rate { turn += rate * interval } else { hasRate = false }
    count += 1
    duration += interval
    guard duration >= Self.length * 0.999 else { return nil }
    let bin = CalibrationBin(
      time: time, duration: duration, vertical: vertical.normalized ?? new, rate: hasRate ? turn / duration : nil)
    self = CalibrationBinner()
    return bin
  }
}

/// The last bins.
struct CalibrationWindow: Sendable {
  /// Time that it spans, s.
  static let length = 1.2
  /// How far the vertical may stray from its mean at rest, and how far the means of the two halves may lie apart.
  static let greatestStray = 1.25 * radiansPerDegree
  static let greatestDrift = 0.6 * radiansPerDegree
  /// Of the angular rate about its mean at rest, root mean square, rad/s.
  static let greatestRate = 5 * radiansPerDegree

  private var bins: [CalibrationBin] = []

  init() { bins.reserveCapacity(64) }

  var firstHalf: ArraySlice<CalibrationBin> { bins[..<(bins.count / 2)] }
  var secondHalf: ArraySlice<CalibrationBin> { bins[(bins.count / 2)...] }
  /// The bin that lies half a window back.
  var middle: CalibrationBin { bins[bins.count / 2] }

  mutating func removeAll() { bins.removeAll(keepingCapacity: true) }

  mutating func append(_ bin: CalibrationBin) {
    bins.append(bin)
    while bins.count > 1, bin.time.seconds(since: bins[1].time) >= Self.length { bins.removeFirst() }
  }

  /// The bins of the last `time` seconds; nil while there are not so many.
  private func last(_ time: Double) -> ArraySlice<CalibrationBin>? {
    guard let newest = bins.last else { return nil }
    // A bin stands for the time before it, so one more than the time between the first and the last.
    guard let start = bins.lastIndex(where: { newest.time.seconds(since: $0.time) + $0.duration >= time * 0.999 })
    else {
      return nil
    }
    return bins.count - start >= 3 ? bins[start...] : nil
  }

  func mean(over time: Double) -> Vector3? { last(time).flatMap(Self.mean) }

  private static func mean(_ bins: ArraySlice<CalibrationBin>) -> Vector3? {
    bins.reduce(Vector3.zero) { $0 + $1.vertical }.normalized
  }

  /// Nothing moved in the last `time` seconds.
  func isQuiet(over time: Double) -> Bool {
    guard let last = last(time), let mean = Self.mean(last) else { return false }
    guard last.allSatisfy({ angle($0.vertical, mean) <= Self.greatestStray }) else { return false }
    let half = last.startIndex + last.count / 2
    guard let early = Self.mean(last[..<half]), let late = Self.mean(last[half...]),
      angle(early, late) <= Self.greatestDrift
    else { return false }
    var sum = Vector3.zero
    var squares = 0.0
    for bin in last {
      guard let rate = bin.rate else { return true }
      sum += rate
      squares += rate.lengthSquared
    }
    let count = Double(last.count)
    return squares / count - (sum / count).lengthSquared <= Self.greatestRate * Self.greatestRate
  }
}

/// The mean of quiet standing, which forgets what is older than some seconds.
struct RestSum: Sendable {
  /// s
  static let memory = 5.0
  private var verticals = Vector3.zero
  private var rates = Vector3.zero
  private var hasRate = true
  private var squares = 0.0
  private var weight = 0.0
  private(set) var duration = 0.0
  private(set) var start = SessionTime.zero
  private(set) var vertical = Vector3(0, 0, 1)

  /// How far the vertical strayed, root mean square.
  var spread: Double { weight > 0 ? (squares / weight).squareRoot() : 0 }
  /// The gyroscope's bias, as far as rest shows it, rad/s.
  var rate: Vector3? { hasRate && weight > 0 ? rates / weight : nil }

  mutating func add(_ bin: CalibrationBin) {
    if weight == 0 { start = bin.time }
    let keep = weight > Self.memory ? Self.memory / weight : 1
    verticals = verticals * keep + bin.vertical * bin.duration
    if let rate = bin.rate { rates = rates * keep + rate * bin.duration } else { hasRate = false }
    vertical = verticals.normalized ?? bin.vertical
    let stray = angle(bin.vertical, vertical)
    squares = squares * keep + stray * stray * bin.duration
    weight = weight * keep + bin.duration
    duration += bin.duration
  }
}

/// What the movement after rest comes to.
struct RockSum: Sendable {
  private(set) var rateMoment = SymmetricMatrix3()
  private(set) var hasRate = true
  private(set) var pathMoment = SymmetricMatrix3()
  private(set) var pathSum = Vector3.zero
  private(set) var pathTime = 0.0
  private(set) var count = 0
  /// The leg is away from rest, and for how long, s; or it is back, and for how long.
  private(set) var isOut = false
  private(set) var outTime = 0.0
  private(set) var sinceReturn = 0.0
  private(set) var elapsed = 0.0
  /// Angle from rest: the greatest of all, and the last.
  private(set) var greatest = 0.0
  private(set) var last = 0.0
  /// The vertical when all was over.
  var after: Vector3?
  private var peak = 0.0
  private var valley = 0.0
  private var peaks = 0.0

  /// Mean greatest angle of the rocks; of what was no rock, the greatest angle.
  var excursion: Double { count > 0 ? peaks / Double(count) : greatest }

  mutating func add(_ bin: CalibrationBin, rest: RestSum) {
    last = angle(bin.vertical, rest.vertical)
    greatest = max(greatest, last)
    elapsed += bin.duration
    if let rate = bin.rate, let bias = rest.rate {
      rateMoment.add(outer: rate - bias, weight: bin.duration)
    } else {
      hasRate = false
    }
    if last > CalibrationFinder.departure {
      let across = bin.vertical - rest.vertical * rest.vertical.dot(bin.vertical)
      pathMoment.add(outer: across, weight: bin.duration)
      pathSum += across * bin.duration
      pathTime += bin.duration
    }
    if isOut {
      peak = max(peak, last)
      outTime += bin.duration
      guard last < max(0.4 * peak, CalibrationFinder.departure - 0.5 * radiansPerDegree) else { return }
      isOut = false
      outTime = 0
      sinceReturn = 0
      valley = last
      count += 1
      peaks += peak
    } else {
      valley = min(valley, last)
      sinceReturn += bin.duration
      guard last > valley + max(CalibrationFinder.leastRock, 0.35 * peak) else { return }
      isOut = true
      peak = last
    }
  }
}
