import Motion

/// Reads a table's rows into samples, in one pass.
struct RowsToSamples {
  private let map: ColumnMap
  private(set) var samples: [Capture.Sample] = []
  private(set) var gaps: [Gap] = []
  /// Rows whose time repeated or ran backwards, and the first one's line.
  private(set) var rowsOutOfOrder = 0
  private(set) var firstOutOfOrder: Int?
  /// Rows with text in place of a number, without a time, without any quantity, or cut off.
  private(set) var unreadableRows = 0
  private(set) var firstUnreadable: ImportError.Position?
  /// Rows that have a time and nothing of this sensor: it was not seen, or was not ready.
  private(set) var emptyRows = 0

  /// The time column's value in the first row that was kept, in the file's unit; whole numbers as they are.
  var startValue: Double? { firstTime }
  private(set) var startInteger: Int64?

  private var firstTime: Double?
  private var previousTime = 0.0
  private var counterTurns = 0.0
  private var previousCounter: Double?

  init(map: ColumnMap) { self.map = map }

  /// Reads all rows from the head's first row of data on.
  mutating func read(_ bytes: Span<UInt8>, head: TableHead) {
    // Room for the rows that fit at 8 characters a cell; untouched room costs nothing, moving to a larger one does.
    samples.reserveCapacity(min((bytes.count - head.dataOffset) / (8 * max(head.width, 1)) + 16, 1 << 24))
    var reader = RowReader(dialect: head.dialect, from: head.dataOffset, to: bytes.count, line: head.lineBeforeData)
    let needed = map.columnsNeeded
    var row = 0
    var skipped = 0
    while reader.advance(bytes) {
      guard !reader.cells.isEmpty else { continue }
      if skipped < map.headerRows {
        skipped += 1
        continue
      }
      defer { row += 1 }
      // A table of channels of different lengths goes on with empty cells where this sensor's have ended.
      if isEmptyHere(reader) { continue }
      // The last line without a line end and with too few cells was cut off; so was a shorter one anywhere else.
      guard reader.cells.count >= needed else {
        reject(ImportError.Position(line: reader.line, column: reader.cells.count))
        continue
      }
      var sample = SensorSample()
      guard fill(&sample, reader, bytes) else { continue }
      guard let time = time(of: reader, bytes, row: row, &sample) else { continue }
      samples.append(Capture.Sample(time: time, sample: sample))
    }
  }

  /// Whether the row has neither a time nor a first quantity for this sensor.
  private func isEmptyHere(_ reader: RowReader) -> Bool {
    guard case .column(let time, _) = map.clock, time < reader.cells.count, reader.cells[time].isEmpty,
      let first = map.acceleration ?? map.angularRate, first.x < reader.cells.count
    else { return false }
    return reader.cells[first.x].isEmpty && reader.cells[first.y < reader.cells.count ? first.y : first.x].isEmpty
  }

  private mutating func reject(_ position: ImportError.Position) {
    unreadableRows += 1
    if firstUnreadable == nil { firstUnreadable = position }
  }

  private mutating func rejectOutOfOrder(line: Int) {
    rowsOutOfOrder += 1
    if firstOutOfOrder == nil { firstOutOfOrder = line }
  }

  /// The numbers of a vector; nil when one is missing. `bad` is the column of a cell that is text.
  private mutating func vector(
    _ columns: ColumnMap.Triple, _ reader: RowReader, _ bytes: Span<UInt8>, _ bad: inout Int?
  ) -> Vector3? {
    guard let x = number(columns.x, reader, bytes, &bad), let y = number(columns.y, reader, bytes, &bad),
      let z = number(columns.z, reader, bytes, &bad)
    else { return nil }
    return Vector3(x * columns.scale, y * columns.scale, z * columns.scale)
  }

  private mutating func number(_ column: Int, _ reader: RowReader, _ bytes: Span<UInt8>, _ bad: inout Int?) -> Double? {
    switch reader.value(bytes, column) {
    case .number(let value): return value
    case .missing: return nil
    case .text:
      if bad == nil { bad = column }
      return nil
    }
  }

  /// Fills what the row holds; false, and counted, when a cell is text or nothing is there at all.
  private mutating func fill(_ sample: inout SensorSample, _ reader: RowReader, _ bytes: Span<UInt8>) -> Bool {
    var bad: Int?
    if let columns = map.acceleration, let value = vector(columns, reader, bytes, &bad) {
      sample.acceleration = value
      sample.fields.insert(.acceleration)
    }
    if let columns = map.angularRate, let value = vector(columns, reader, bytes, &bad) {
      sample.angularRate = value
      sample.fields.insert(.angularRate)
    }
    if let columns = map.magneticField, let value = vector(columns, reader, bytes, &bad) {
      sample.magneticField = value
      sample.fields.insert(.magneticField)
    }
    if let columns = map.eulerAngles, let value = vector(columns, reader, bytes, &bad) {
      sample.eulerAngles = value
      sample.fields.insert(.eulerAngles)
    }
    if let columns = map.orientation, let value = orientation(columns, reader, bytes, &bad) {
      sample.orientation = value
      sample.fields.insert(.orientation)
    }
    if let (column, scale) = map.inclinationX, let value = number(column, reader, bytes, &bad) {
      sample.inclinationX = value * scale
      sample.fields.insert(.inclinationX)
    }
    if let (column, scale) = map.inclinationY, let value = number(column, reader, bytes, &bad) {
      sample.inclinationY = value * scale
      sample.fields.insert(.inclinationY)
    }
    if let column = map.temperature, let value = number(column, reader, bytes, &bad) {
      sample.temperature = value
      sample.fields.insert(.temperature)
    }
    if let bad {
      reject(ImportError.Position(line: reader.line, column: bad + 1))
      return false
    }
    if sample.fields.isEmpty {
      emptyRows += 1
      return false
    }
    return true
  }

  private mutating func orientation(
    _ columns: ColumnMap.OrientationColumns, _ reader: RowReader, _ bytes: Span<UInt8>, _ bad: inout Int?
  ) -> Quaternion? {
    let quaternion: Quaternion
    switch columns {
    case .quaternion(let w, let x, let y, let z):
      guard let w = number(w, reader, bytes, &bad), let x = number(x, reader, bytes, &bad),
        let y = number(y, reader, bytes, &bad), let z = number(z, reader, bytes, &bad)
      else { return nil }
      quaternion = Quaternion(w: w, x: x, y: y, z: z)
    case .matrix(let first, let second, let third):
      guard let x = vector(first, reader, bytes, &bad), let y = vector(second, reader, bytes, &bad),
        let z = vector(third, reader, bytes, &bad)
      else { return nil }
      // A matrix that is no rotation (all zero before the sensor is ready) has no orientation to give.
      guard abs(x.length - 1) < 0.01, abs(y.length - 1) < 0.01, abs(x.cross(y).dot(z) - 1) < 0.03 else { return nil }
      return Quaternion(columns: x, y, z)
    }
    // Writers round to a few decimals; what is further from unit length is no rotation.
    guard abs(quaternion.lengthSquared - 1) < 0.02 else { return nil }
    return quaternion.normalized
  }

  /// The row's session time; nil, and counted, when it has none or it does not go on from the row before.
  private mutating func time(
    of reader: RowReader, _ bytes: Span<UInt8>, row: Int, _ sample: inout SensorSample
  ) -> SessionTime? {
    switch map.clock {
    case .row(let rate):
      let first = firstTime ?? Double(row)
      let time = SessionTime(seconds: (Double(row) - first) / rate)
      // Rows that could not be read between this one and the last hold their place in time.
      let missing = firstTime == nil ? 0 : Double(row) - previousTime - 1
      if missing > 0, let last = samples.last {
        gaps.append(
          Gap(stream: StreamID(0), start: last.time, end: time, missingSamples: Int(missing), cause: .corruption))
      }
      firstTime = first
      previousTime = Double(row)
      return time
    case .column(let column, let secondsPerUnit):
      guard case .number(let value) = reader.value(bytes, column) else {
        reject(ImportError.Position(line: reader.line, column: column + 1))
        return nil
      }
      return clocked(value, reader.integer(bytes, column), secondsPerUnit, reader.line, &sample)
    case .text(let column):
      guard column < reader.cells.count, let value = TextTime.nanoseconds(bytes, reader.cells[column]) else {
        reject(ImportError.Position(line: reader.line, column: column + 1))
        return nil
      }
      return clocked(Double(value), value, 1e-9, reader.line, &sample)
    case .counter(let column, let rate):
      guard case .number(let value) = reader.value(bytes, column), value >= 0, value < 0x1p32, value.rounded() == value
      else {
        reject(ImportError.Position(line: reader.line, column: column + 1))
        return nil
      }
      return counted(value, rate, reader.line, &sample)
    }
  }

  private mutating func clocked(
    _ read: Double, _ integer: Int64?, _ secondsPerUnit: Double, _ line: Int, _ sample: inout SensorSample
  ) -> SessionTime? {
    guard let first = firstTime else {
      firstTime = read
      startInteger = integer
      previousTime = read
      keepTicks(read, &sample)
      return .zero
    }
    var value = read + counterTurns
    // A clock that fell by more than half of its range went round.
    if let range = map.clockRange, value < previousTime - range / 2 {
      counterTurns += range
      value += range
    }
    // The difference is taken in the file's own unit, and of whole numbers exactly: large epochs lose nothing.
    var passed = value - first
    if let integer, let start = startInteger, counterTurns == 0 {
      let (difference, over) = integer.subtractingReportingOverflow(start)
      if !over { passed = Double(difference) }
    }
    let seconds = passed * secondsPerUnit
    let time = SessionTime(seconds: min(max(seconds, -1e9), 1e9))
    // Steps below a nanosecond are none.
    guard seconds < 1e9, seconds > 0, time > samples.last?.time ?? SessionTime(nanoseconds: -1) else {
      rejectOutOfOrder(line: line)
      return nil
    }
    previousTime = value
    keepTicks(read, &sample)
    return time
  }

  private func keepTicks(_ value: Double, _ sample: inout SensorSample) {
    guard map.keepsTicks, value >= 0, value < 0x1p63 else { return }
    sample.deviceTicks = UInt64(value)
    sample.fields.insert(.deviceTime)
  }

  private mutating func counted(
    _ value: Double, _ rate: Double, _ line: Int, _ sample: inout SensorSample
  ) -> SessionTime? {
    sample.deviceTicks = UInt64(value)
    sample.fields.insert(.counter)
    guard let previous = previousCounter, let first = firstTime else {
      firstTime = value
      previousCounter = value
      return .zero
    }
    var turns = counterTurns
    // A counter of 16 bits fell by more than half its range: it went round. By less: the row came late or twice.
    if value < previous, previous < 65_536, previous - value > 32_768 { turns += 65_536 }
    let unwrapped = value + turns
    let before = previous + counterTurns
    let seconds = (unwrapped - first) / rate
    guard unwrapped > before, seconds < 1e9 else {
      rejectOutOfOrder(line: line)
      return nil
    }
    counterTurns = turns
    previousCounter = value
    let time = SessionTime(seconds: seconds)
    let missing = unwrapped - before - 1
    if missing > 0, let last = samples.last {
      gaps.append(
        Gap(stream: StreamID(0), start: last.time, end: time, missingSamples: Int(missing), cause: .counterJump))
    }
    return time
  }
}
