import Motion

/// Any table whose header names its columns in words that people use, with units in the names, in brackets or in a row
/// of their own. It is asked last, and it refuses what it would have to guess.
struct NamedColumns: CaptureFormat {
  let name = "generic"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard !head.columns.isEmpty else {
      return .no(
        reason: "no header: nothing says which column is what", at: ImportError.Position(line: head.lineBeforeData + 1))
    }
    let found = ColumnSearch(head)
    guard found.holdsAnything else {
      let names = head.columns.prefix(8).map { "'\($0.text)'" }.joined(separator: ", ")
      return .no(reason: "no acceleration, inclination or quaternion among the columns \(names)", at: position)
    }
    return .yes(reason: "columns named \(found.names.joined(separator: ", ")) in line \(head.headerLine ?? 0)")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> Capture {
    try source.withTable(file) { (bytes, head) throws(ImportError) in
      let position = head.headerLine.map { ImportError.Position(line: $0) }
      do throws(ImportError) {
        let found = ColumnSearch(head)
        var notes: [String] = []
        let vector = try found.vector(.acceleration)
        if vector == nil, !found.gravityRemoved.isEmpty, found.inclination.isEmpty {
          throw ImportError(
            .gravityRemoved,
            "gravity is taken out of \(found.gravityRemoved.joined(separator: ", ")), so there is no vertical to measure from"
          )
        }
        let rate = try found.vector(.angularRate)
        if let rate, rate.unit == nil {
          throw ImportError(
            .unusableUnit,
            "the file does not say whether \(rate.names) are in deg/s or rad/s, and the numbers alone do not decide it")
        }
        var map = ColumnMap(clock: try clock(bytes, head, found, options, &notes))
        map.acceleration = vector?.columns
        map.angularRate = rate?.columns
        if let field = try? found.vector(.magneticField), field.unit != nil { map.magneticField = field.columns }
        map.temperature = found.temperature
        for (axis, column, scale) in found.inclination {
          if axis == 0 { map.inclinationX = (column, scale) } else { map.inclinationY = (column, scale) }
        }
        if let q = found.quaternion { map.orientation = .quaternion(q[0], q[1], q[2], q[3]) }
        if map.acceleration == nil, map.inclinationX == nil, map.inclinationY == nil {
          throw ImportError(
            .unusableUnit,
            "a quaternion without acceleration: nothing says whether it takes the sensor to the earth or back")
        }
        if map.acceleration != nil, map.angularRate == nil { notes.append("no gyroscope among the columns") }
        var rows = RowsToSamples(map: map)
        rows.read(bytes, head: head)
        let unit: AccelerationUnit =
          vector?.unit.map { .said($0, scale: vector?.columns.scale ?? 1) }
          ?? .unsaid(columns: vector?.names ?? "the acceleration")
        var capture = try assemble(
          rows, clock: map.clock, format: self, file: file, acceleration: unit, notes: notes)
        if map.orientation != nil { QuaternionSense.settle(&capture) }
        return capture
      } catch {
        var placed = error
        if placed.position == nil { placed.position = position }
        throw placed
      }
    }
  }

  private func clock(
    _ bytes: Span<UInt8>, _ head: TableHead, _ found: ColumnSearch, _ options: ImportOptions, _ notes: inout [String]
  ) throws(ImportError) -> ColumnMap.Clock {
    guard let time = found.time else {
      guard let rate = options.rate else {
        throw ImportError(.noTime, "no column of time and no rate: say --rate HZ")
      }
      notes.append("no column of time: the row's number and --rate \(rate) give the times")
      return .row(rate: rate)
    }
    if options.rate != nil { notes.append("the file has times of its own; --rate was not needed") }
    if let seconds = time.secondsPerUnit { return .column(time.column, secondsPerUnit: seconds) }
    let name = head.columns[time.column].text
    guard let step = Self.medianStep(bytes, head, time.column) else {
      throw ImportError(.unusableTime, "the unit of the time column '\(name)' is not said, and one row can't tell")
    }
    // A sensor for movement samples from 2 to 4000 times a second; in one unit only does a step fall into that.
    let shown = (step * 1e6).rounded() / 1e6
    let guess: (seconds: Double, name: String)?
    switch step {
    case 0.000_25..<0.5: guess = (1, "s")
    case 1: guess = nil  // one a row: milliseconds at 1 kHz, or the row's number
    case 0.999..<500: guess = (1e-3, "ms")
    case 1000..<500_000: guess = (1e-6, "µs")
    case 1_000_000..<500_000_000: guess = (1e-9, "ns")
    default: guess = nil
    }
    guard let guess else {
      throw ImportError(
        .unusableTime,
        "the unit of the time column '\(name)' is not said, and its step of \(shown) does not decide it")
    }
    notes.append("the unit of the time column '\(name)' is not said; its step of \(shown) makes it \(guess.name)")
    return .column(time.column, secondsPerUnit: guess.seconds)
  }

  /// The median of the positive steps of a column over the first rows.
  private static func medianStep(_ bytes: Span<UInt8>, _ head: TableHead, _ column: Int) -> Double? {
    var reader = RowReader(dialect: head.dialect, from: head.dataOffset, to: bytes.count)
    var steps: [Double] = []
    var previous: Double?
    while steps.count < 300, reader.line < 1000, reader.advance(bytes) {
      guard case .number(let value) = reader.value(bytes, column) else { continue }
      if let previous, value > previous { steps.append(value - previous) }
      previous = value
    }
    return steps.isEmpty ? nil : steps.sorted()[steps.count / 2]
  }
}
