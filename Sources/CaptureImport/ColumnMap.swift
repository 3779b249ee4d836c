import Motion

/// Which columns of a table hold what, and the factors to the inside units. A format makes one; the reader of rows
/// knows nothing else about the format.
struct ColumnMap: Sendable {
  /// Three columns of one vector.
  struct Triple: Equatable, Sendable {
    var x: Int
    var y: Int
    var z: Int
    /// Factor to the inside unit; 1 while the unit is not known yet.
    var scale: Double = 1
  }

  /// The time of a row.
  enum Clock: Equatable, Sendable {
    /// A column, with the factor to seconds.
    case column(Int, secondsPerUnit: Double)
    /// A column of dates or times of day as text.
    case text(Int)
    /// A sample counter that goes round at 65536, with samples per second.
    case counter(Int, rate: Double)
    /// No time in the file: the row's number, with rows per second.
    case row(rate: Double)

    /// Whether the rows say when they are, so that tables can be joined.
    var isTime: Bool {
      switch self {
      case .column, .text: true
      case .counter, .row: false
      }
    }
  }

  /// Where a quaternion, or a matrix, takes vectors.
  enum OrientationColumns: Equatable, Sendable {
    /// Scalar first, sensor to earth.
    case quaternion(Int, Int, Int, Int)
    /// Columns of the matrix that takes sensor to earth: the images of x, y and z.
    case matrix(Triple, Triple, Triple)
    /// One cell of four numbers with commas between them, scalar first, sensor to earth.
    case packed(Int)
  }

  var clock: Clock
  var acceleration: Triple?
  var angularRate: Triple?
  var magneticField: Triple?
  /// Roll, pitch, yaw.
  var eulerAngles: Triple?
  var orientation: OrientationColumns?
  var inclinationX: (column: Int, scale: Double)?
  var inclinationY: (column: Int, scale: Double)?
  var temperature: Int?
  /// Where the time column's value goes round to zero; nil where it does not.
  var clockRange: Double?
  /// Rows at the beginning of the data that are not samples.
  var headerRows = 0
  /// Keep the time column's value as the device's own clock.
  var keepsTicks = false
  /// Which rows are this sensor's, in a table where several take turns; nil where all are.
  var label: RowLabel?

  /// All columns that hold a number.
  var numericColumns: [Int] {
    var columns: [Int] = []
    func add(_ triple: Triple?) { if let triple { columns += [triple.x, triple.y, triple.z] } }
    switch clock {
    case .column(let column, _), .counter(let column, _): columns.append(column)
    case .text, .row: break
    }
    for triple in [acceleration, angularRate, magneticField, eulerAngles] { add(triple) }
    switch orientation {
    case .quaternion(let w, let x, let y, let z)?: columns += [w, x, y, z]
    case .matrix(let x, let y, let z)?: for triple in [x, y, z] { add(triple) }
    case .packed?, nil: break
    }
    columns += [inclinationX?.column, inclinationY?.column, temperature].compactMap { $0 }
    return columns
  }

  /// The same map with every column replaced by its place in a list of columns that has it.
  func mapped(to columns: [Int]) -> ColumnMap {
    func place(_ column: Int) -> Int { columns.firstIndex(of: column) ?? 0 }
    func places(_ triple: Triple) -> Triple {
      Triple(x: place(triple.x), y: place(triple.y), z: place(triple.z), scale: triple.scale)
    }
    var map = self
    switch clock {
    case .column(let column, let seconds): map.clock = .column(place(column), secondsPerUnit: seconds)
    case .counter(let column, let rate): map.clock = .counter(place(column), rate: rate)
    case .text, .row: break
    }
    map.acceleration = acceleration.map(places)
    map.angularRate = angularRate.map(places)
    map.magneticField = magneticField.map(places)
    map.eulerAngles = eulerAngles.map(places)
    switch orientation {
    case .quaternion(let w, let x, let y, let z)?:
      map.orientation = .quaternion(place(w), place(x), place(y), place(z))
    case .matrix(let x, let y, let z)?: map.orientation = .matrix(places(x), places(y), places(z))
    case .packed?, nil: break
    }
    map.inclinationX = inclinationX.map { (place($0.column), $0.scale) }
    map.inclinationY = inclinationY.map { (place($0.column), $0.scale) }
    map.temperature = temperature.map(place)
    return map
  }

  /// One more than the last column that a complete row must have for its first quantity.
  var columnsNeeded: Int {
    var last = 0
    switch clock {
    case .column(let column, _), .counter(let column, _), .text(let column): last = column
    case .row: break
    }
    // A row that has its first quantity is read; what is missing behind it was cut off or never written.
    for triple in [acceleration ?? angularRate].compactMap({ $0 }) { last = max(last, triple.x, triple.y, triple.z) }
    return last + 1
  }
}

extension Quaternion {
  /// The rotation that a writer rounded to a few decimals; nil for what is further from unit length than that. Rounded to seven decimals, as
  /// Talus writes it, it stays as it is, so that what was read is written again with the same digits.
  var unitAsWritten: Quaternion? {
    let excess = abs(lengthSquared - 1)
    guard excess < 0.02 else { return nil }
    return excess < 4e-7 ? self : normalized
  }
}
