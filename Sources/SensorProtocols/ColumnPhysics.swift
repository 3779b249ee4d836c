import Motion
import RealModule

/// What rows of numbers without names can be, by what is certain of a sensor on a leg: time goes on evenly, gravity has one length, and the
/// direction of gravity turns as the gyroscope says.
struct ColumnPhysics {
  private let rows: [[Double]]
  private let width: Int
  /// Which column counts time, and the map's name of its unit.
  private let time: (column: Int, name: String)?

  init(_ rows: [[Double]]) {
    self.rows = rows
    width = rows.first?.count ?? 0
    time = Self.time(rows, columns: min(width, 2))
  }

  /// The unit of a column that counts time; nil for another column.
  func timeName(of column: Int) -> String? { time?.column == column ? time?.name : nil }

  /// The map; nil unless one triple of columns, and only one, has the length of gravity.
  var map: ColumnMap? {
    guard width >= 3 else { return nil }
    let first = time.map { $0.column + 1 } ?? 0
    var triples: [(start: Int, unit: String)] = []
    for start in first..<max(first, width - 2) {
      // A column that never changes is no axis of a sensor.
      if let unit = accelerationUnit(of: (start, start + 1, start + 2)), !isConstant(start) {
        triples.append((start, unit))
      }
    }
    guard let lowest = triples.first, triples.allSatisfy({ $0.start <= lowest.start + 2 }) else { return nil }
    // Two axes and a small number beside them may have nearly the length of gravity too: the triple that a rate turns is the true one, else the
    // first.
    let found = triples.first { rateStart(beside: $0.start, from: first) != nil } ?? lowest
    var names = [String](repeating: "-", count: width)
    if let time { names[time.column] = time.name }
    let axes = ["x", "y", "z"]
    for (place, axis) in axes.enumerated() { names[found.start + place] = "a\(axis)_\(found.unit)" }
    if let start = rateStart(beside: found.start, from: first),
      let unit = rateUnit(of: (start, start + 1, start + 2), acceleration: found.start)
    {
      for (place, axis) in axes.enumerated() { names[start + place] = "g\(axis)_\(unit)" }
    }
    return try? ColumnMap(names.joined(separator: ","))
  }

  /// The unit in which three columns have the length of gravity, in at least nine of ten rows within 15 % of it.
  func accelerationUnit(of columns: (Int, Int, Int)) -> String? {
    guard columns.0 < width, columns.1 < width, columns.2 < width else { return nil }
    let lengths = rows.map { vector($0, columns).length }.sorted()
    guard let last = lengths.last, last.isFinite else { return nil }
    let middle = lengths[lengths.count / 2]
    let (low, high) = (lengths[lengths.count / 20], lengths[lengths.count - 1 - lengths.count / 20])
    for (unit, one) in [("g", 1.0), ("mps2", standardGravity), ("mg", 1000.0)] where abs(middle / one - 1) < 0.08 {
      return low > 0.85 * one && high < 1.15 * one ? unit : nil
    }
    return nil
  }

  private func isConstant(_ column: Int) -> Bool { rows.allSatisfy { $0[column] == rows[0][column] } }

  /// The first of three columns right behind or before an acceleration that turn with it.
  private func rateStart(beside acceleration: Int, from first: Int) -> Int? {
    [acceleration + 3, acceleration - 3].first {
      $0 >= first && $0 + 2 < width && rateUnit(of: ($0, $0 + 1, $0 + 2), acceleration: acceleration) != nil
    }
  }

  /// The unit of three columns that turn the direction of gravity, found beside the acceleration.
  func rateUnit(of columns: (Int, Int, Int)) -> String? {
    for start in 0..<max(0, width - 2)
    where accelerationUnit(of: (start, start + 1, start + 2)) != nil && abs(start - columns.0) >= 3 {
      return rateUnit(of: columns, acceleration: start)
    }
    return nil
  }

  /// For a unit vector u along gravity and the angular rate w in the sensor's frame, u' = u × w. The one factor that makes the columns fit tells their
  /// unit; without enough turning, without a time, or with another factor there is none.
  private func rateUnit(of columns: (Int, Int, Int), acceleration: Int) -> String? {
    guard let time, rows.count >= 30 else { return nil }
    let seconds = time.name == "t_s" ? 1 : time.name == "t_ms" ? 1e-3 : 1e-6
    let up = (acceleration, acceleration + 1, acceleration + 2)
    var (product, square, turning) = (0.0, 0.0, 0.0)
    // Over a tenth of a second, where the noise of single samples is small beside the turn.
    let step = max(1, rows.count / 100)
    for index in stride(from: 0, to: rows.count - step, by: step) {
      let interval = (rows[index + step][time.column] - rows[index][time.column]) * seconds
      guard interval > 0, interval < 1, let a = vector(rows[index], up).normalized,
        let b = vector(rows[index + step], up).normalized
      else { continue }
      var mean = Vector3.zero
      for place in index..<index + step { mean = mean + vector(rows[place], columns) }
      let seen = b - a
      let told = (a + b).cross(mean / Double(step)) * (interval / 2)
      guard told.isFinite else { return nil }
      product += seen.dot(told)
      square += told.lengthSquared
      turning += seen.lengthSquared
    }
    // A turn of a few degrees in all, three quarters of which the columns explain.
    guard turning > 1e-3, square > 0, product > 0, product * product > 0.5 * square * turning else { return nil }
    let factor = product / square
    for (unit, one) in [("radps", 1.0), ("dps", radiansPerDegree)] where factor > 0.6 * one && factor < 1.6 * one {
      return unit
    }
    return nil
  }

  private func vector(_ row: [Double], _ columns: (Int, Int, Int)) -> Vector3 {
    Vector3(row[columns.0], row[columns.1], row[columns.2])
  }

  /// A column that goes up by about the same amount from row to row, and the unit that makes it 2 to 2000 rows a second.
  private static func time(_ rows: [[Double]], columns: Int) -> (Int, String)? {
    for column in 0..<columns where rows.count >= 6 {
      let steps = zip(rows, rows.dropFirst()).map { $1[column] - $0[column] }
      let sorted = steps.sorted()
      guard let low = sorted.first, low > 0, low.isFinite else { continue }
      let middle = sorted[sorted.count / 2]
      let even = steps.count { abs($0 - middle) <= 0.5 * middle }
      // A column that always goes up by one may be a count.
      guard 10 * even >= 9 * steps.count, !(low == 1 && sorted.last == 1) else { continue }
      for (name, one) in [("t_s", 1.0), ("t_ms", 1e-3), ("t_us", 1e-6)] where (5e-4...0.5).contains(middle * one) {
        return (column, name)
      }
    }
    return nil
  }
}
