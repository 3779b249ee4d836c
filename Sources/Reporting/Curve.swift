import Motion
import Pipeline

/// Tibial inclination over time, thinned for drawing.
public struct Curve: Sendable, Equatable {
  /// One point of the curve.
  public struct Point: Sendable, Equatable {
    public var time: SessionTime
    /// Tibial inclination, rad; NaN where the line breaks.
    public var inclination: Double

    public init(time: SessionTime, inclination: Double) {
      self.time = time
      self.inclination = inclination
    }
  }

  /// In the order of time.
  public var points: [Point]

  public init(points: [Point] = []) { self.points = points }
}

/// Thins readings to a curve while they come: a session of any length needs the same memory.
///
/// It keeps the lowest and the highest reading of each run of 1, 2, 4, … readings, so no peak is ever lost. When the runs
/// become too many, neighbours are merged and all later runs are twice as long.
public struct CurveBuilder: Sendable {
  private struct Run {
    var low: Curve.Point
    var high: Curve.Point
    /// The line must not be drawn from the run before to this one.
    var breaks: Bool

    mutating func merge(_ other: Run) {
      if other.low.inclination < low.inclination { low = other.low }
      if other.high.inclination > high.inclination { high = other.high }
    }
  }

  private let maximumRuns: Int
  private var runs: [Run] = []
  private var readingsPerRun = 1
  private var readingsInLast = 0
  private var breaksNext = false

  /// - Parameter maximumRuns: at least 2; the curve has at most twice as many points, besides breaks.
  public init(maximumRuns: Int = 1200) {
    self.maximumRuns = max(2, maximumRuns)
    runs.reserveCapacity(self.maximumRuns + 1)
  }

  /// Takes the next reading. The line breaks before a reading after a gap, and where the inclination is not known.
  public mutating func append(_ reading: Reading) {
    if reading.flags.contains(.afterGap) { breaksNext = true }
    append(time: reading.time, inclination: reading.tibialInclination)
  }

  /// - Parameter inclination: rad; NaN breaks the line.
  public mutating func append(time: SessionTime, inclination: Double) {
    guard inclination.isFinite else {
      breaksNext = true
      return
    }
    let point = Curve.Point(time: time, inclination: inclination)
    if readingsInLast == 0 || readingsInLast >= readingsPerRun || breaksNext {
      if runs.count >= maximumRuns { halve() }
      runs.append(Run(low: point, high: point, breaks: breaksNext && !runs.isEmpty))
      breaksNext = false
      readingsInLast = 1
    } else {
      runs[runs.count - 1].merge(Run(low: point, high: point, breaks: false))
      readingsInLast += 1
    }
  }

  /// The curve so far.
  public var curve: Curve {
    var points: [Curve.Point] = []
    points.reserveCapacity(runs.count * 2)
    for run in runs {
      let lowIsFirst = run.low.time <= run.high.time
      let first = lowIsFirst ? run.low : run.high
      let second = lowIsFirst ? run.high : run.low
      if run.breaks { points.append(Curve.Point(time: first.time, inclination: .nan)) }
      points.append(first)
      if second != first { points.append(second) }
    }
    return Curve(points: points)
  }

  private mutating func halve() {
    var kept = 0
    var index = 0
    while index < runs.count {
      var run = runs[index]
      if index + 1 < runs.count {
        run.merge(runs[index + 1])
        run.breaks = run.breaks || runs[index + 1].breaks
      }
      runs[kept] = run
      kept += 1
      index += 2
    }
    runs.removeLast(runs.count - kept)
    readingsPerRun *= 2
  }
}
