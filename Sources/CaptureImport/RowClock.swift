import Motion

/// Makes session times of what the rows of a table say about their moments.
struct RowClock: Sendable {
  /// What a row's time came to.
  enum Outcome {
    case time(SessionTime)
    /// The column, as the table counts them from 0, whose cell is no time.
    case unreadable(column: Int)
    /// A counter that does not go on from the row before, or a time that is none.
    case outOfOrder
  }

  /// With places among the values for columns.
  private let clock: ColumnMap.Clock
  private let range: Double?
  private let keepsTicks: Bool

  /// The value of the first row that was kept, in the file's unit; of a whole number also as it is.
  private(set) var first: Double?
  private(set) var firstInteger: Int64?
  private var previous = 0.0
  /// What the turns of a counter or a clock that went round come to.
  private var turns = 0.0
  private var last: SessionTime?

  /// - Parameters:
  ///   - clock: columns are places in the values.
  ///   - range: where the time goes round to zero; nil where it does not.
  ///   - keepsTicks: whether the time's value is kept as the device's own clock.
  init(_ clock: ColumnMap.Clock, range: Double?, keepsTicks: Bool) {
    self.clock = clock
    self.range = range
    self.keepsTicks = keepsTicks
  }

  /// The row's time. Where it has none, or a counter does not go on from the row before, nothing is changed.
  @inline(__always)
  mutating func time(
    row: Int, _ values: RowValues, _ reader: RowReader, _ bytes: Span<UInt8>, _ sample: inout SensorSample,
    _ gaps: inout [Gap]
  ) -> Outcome {
    let outcome: Outcome
    switch clock {
    case .row(let rate): outcome = counted(row: Double(row), rate, &gaps)
    case .column(let place, let secondsPerUnit):
      let value = values.numbers[place]
      guard !value.isNaN else { return .unreadable(column: values.columns[place]) }
      // Whole numbers above 2^53 have to be read as such.
      var integer: Int64?
      if first == nil || abs(value) >= 0x1p53 { integer = reader.integer(bytes, in: values.watchedCell) }
      outcome = clocked(value, integer, secondsPerUnit, &sample)
    case .text(let column):
      guard column < reader.cells.count, let value = TextTime.nanoseconds(bytes, reader.cells[column]) else {
        return .unreadable(column: column)
      }
      outcome = clocked(Double(value), value, 1e-9, &sample)
    case .counter(let place, let rate):
      let value = values.numbers[place]
      // False for NaN.
      guard value >= 0, value < 0x1p32, value.rounded() == value else {
        return .unreadable(column: values.columns[place])
      }
      outcome = counted(value, rate, &sample, &gaps)
    }
    if case .time(let time) = outcome { last = time }
    return outcome
  }

  /// Rows that could not be read between this one and the last hold their place in time.
  private mutating func counted(row: Double, _ rate: Double, _ gaps: inout [Gap]) -> Outcome {
    let start = first ?? row
    let time = SessionTime(seconds: (row - start) / rate)
    let missing = first == nil ? 0 : row - previous - 1
    if missing > 0, let last {
      gaps.append(Gap(stream: StreamID(0), start: last, end: time, missingSamples: Int(missing), cause: .corruption))
    }
    first = start
    previous = row
    return .time(time)
  }

  private mutating func clocked(
    _ read: Double, _ integer: Int64?, _ secondsPerUnit: Double, _ sample: inout SensorSample
  ) -> Outcome {
    guard let first else {
      self.first = read
      firstInteger = integer
      previous = read
      keepTicks(read, &sample)
      return .time(.zero)
    }
    var value = read + turns
    // A clock that fell by more than half of its range went round.
    if let range, value < previous - range / 2 {
      turns += range
      value += range
    }
    // The difference is taken in the file's own unit, and of whole numbers exactly: large epochs lose nothing.
    var passed = value - first
    if let integer, let start = firstInteger, turns == 0 {
      let (difference, over) = integer.subtractingReportingOverflow(start)
      if !over { passed = Double(difference) }
    }
    let seconds = passed * secondsPerUnit
    // Thirty years after the first row, or before it, is no time.
    guard abs(seconds) < 1e9 else { return .outOfOrder }
    previous = value
    keepTicks(read, &sample)
    return .time(SessionTime(seconds: seconds))
  }

  private func keepTicks(_ value: Double, _ sample: inout SensorSample) {
    guard keepsTicks, value >= 0, value < 0x1p63 else { return }
    sample.deviceTicks = UInt64(value)
    sample.fields.insert(.deviceTime)
  }

  private mutating func counted(
    _ value: Double, _ rate: Double, _ sample: inout SensorSample, _ gaps: inout [Gap]
  ) -> Outcome {
    sample.deviceTicks = UInt64(value)
    sample.fields.insert(.counter)
    guard let first, let last else {
      self.first = value
      previous = value
      return .time(.zero)
    }
    var around = turns
    // A counter of 16 bits fell by more than half its range: it went round. By less: the row came late or twice.
    if value < previous, previous < 65_536, previous - value > 32_768 { around += 65_536 }
    let unwrapped = value + around
    let before = previous + turns
    let seconds = (unwrapped - first) / rate
    guard unwrapped > before, seconds < 1e9 else { return .outOfOrder }
    turns = around
    previous = value
    let time = SessionTime(seconds: seconds)
    let missing = unwrapped - before - 1
    if missing > 0 {
      gaps.append(Gap(stream: StreamID(0), start: last, end: time, missingSamples: Int(missing), cause: .counterJump))
    }
    return .time(time)
  }
}
