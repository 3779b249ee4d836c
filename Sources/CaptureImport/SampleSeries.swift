import Motion

/// The samples of one sensor, given piece by piece in bounded memory. Times count from the first row of its table. A copy is a place to which one
/// can return.
protocol SampleSeries: Sendable {
  /// Appends the next samples; false at the end.
  mutating func next(into batch: inout SampleBatch) throws(ImportError) -> Bool
  /// What became of the rows so far.
  var counts: RowCounts { get }
  /// What a person has to know of what was given so far.
  var notes: [String] { get }
  /// The part of the input that is behind, 0 to 1.
  var share: Double { get }
  /// The file's own time of the first row, in units of so many seconds; as a whole number where it is one. Nil before it was read.
  var start: SeriesStart? { get }
}

/// When a table begins by its own clock.
struct SeriesStart: Sendable {
  var value: Double
  var integer: Int64?
  var secondsPerUnit: Double

  /// How much later than another one this is, ns; at most 10^9 s.
  func nanoseconds(after other: SeriesStart) -> Int64 {
    if let mine = integer, let others = other.integer, secondsPerUnit == other.secondsPerUnit {
      let (difference, over) = mine.subtractingReportingOverflow(others)
      if !over { return SessionTime(seconds: min(max(Double(difference) * secondsPerUnit, -1e9), 1e9)).nanoseconds }
    }
    let seconds = value * secondsPerUnit - other.value * other.secondsPerUnit
    return SessionTime(seconds: min(max(seconds, -1e9), 1e9)).nanoseconds
  }
}

/// The rows of a table as samples.
struct RowSeries: SampleSeries {
  private var windows: TextWindows
  private let dialect: Dialect
  let secondsPerUnit: Double
  /// The table has times, and not only a counter or nothing.
  let hasTimes: Bool
  private var line: Int
  private var rows: RowsToSamples

  /// - Parameter window: bytes that are looked at at a time.
  init(_ bytes: CaptureBytes, _ head: TableHead, _ map: ColumnMap, window: Int) {
    windows = TextWindows(bytes, from: head.dataOffset, size: window)
    dialect = head.dialect
    line = head.lineBeforeData
    rows = RowsToSamples(map: map)
    switch map.clock {
    case .column(_, let seconds): (secondsPerUnit, hasTimes) = (seconds, true)
    case .text: (secondsPerUnit, hasTimes) = (1e-9, true)
    case .counter(_, let rate), .row(let rate): (secondsPerUnit, hasTimes) = (1 / rate, false)
    }
  }

  var counts: RowCounts { rows.counts }
  var notes: [String] { rows.counts.notes }
  var share: Double { windows.share }
  var start: SeriesStart? {
    rows.startValue.map { SeriesStart(value: $0, integer: rows.startInteger, secondsPerUnit: secondsPerUnit) }
  }

  mutating func next(into batch: inout SampleBatch) -> Bool {
    // Moved out, so that the window's reader may change them.
    var rows = self.rows
    var line = self.line
    let isThere: Void? = windows.next { [dialect] bytes in
      var reader = RowReader(dialect: dialect, from: 0, to: bytes.count, line: line)
      rows.read(bytes, &reader, into: &batch)
      line = reader.line
    }
    self.rows = rows
    self.line = line
    return isThere != nil
  }
}
