/// A straight line through points by least squares, from sums that points can be added to and taken from again.
struct LineFit: Hashable, Sendable {
  private(set) var count = 0.0
  private var sumX = 0.0
  private var sumY = 0.0
  private var sumXX = 0.0
  private var sumXY = 0.0
  private var sumYY = 0.0

  @inline(__always)
  mutating func add(_ x: Double, _ y: Double) {
    count += 1
    sumX += x
    sumY += y
    sumXX += x * x
    sumXY += x * y
    sumYY += y * y
  }

  @inline(__always)
  mutating func remove(_ x: Double, _ y: Double) {
    count -= 1
    sumX -= x
    sumY -= y
    sumXX -= x * x
    sumXY -= x * y
    sumYY -= y * y
  }

  var mean: Double { sumY / count }
  var meanX: Double { sumX / count }

  /// Slope and residual variance at once, for the stage that needs both with every bin: three divisions instead of nine.
  var line: (mean: Double, slope: Double, residualVariance: Double) {
    let share = 1 / count
    let mean = sumY * share
    let xx = sumXX - sumX * sumX * share
    let xy = sumXY - sumX * mean
    let yy = sumYY - sumY * mean
    guard count > 2 else { return (mean, 0, 0) }
    guard xx > 0 else { return (mean, 0, max(yy, 0) / (count - 2)) }
    let slope = xy / xx
    return (mean, slope, max(yy - slope * xy, 0) / (count - 2))
  }

  private var scatterX: Double { sumXX - sumX * sumX / count }
  private var scatterXY: Double { sumXY - sumX * sumY / count }

  /// Change of y per x; zero where all x are one.
  var slope: Double {
    let xx = scatterX
    return xx > 0 ? scatterXY / xx : 0
  }

  /// Standard error of `slope` for independent scatter about the line.
  var slopeError: Double {
    let xx = scatterX
    return xx > 0 ? residualSD / xx.squareRoot() : 0
  }

  /// SD of the points about the line, with two degrees of freedom taken by the line.
  var residualSD: Double {
    guard count > 2 else { return 0 }
    let xx = scatterX
    let yy = sumYY - sumY * sumY / count
    let residual = xx > 0 ? yy - scatterXY * scatterXY / xx : yy
    return (max(residual, 0) / (count - 2)).squareRoot()
  }
}
