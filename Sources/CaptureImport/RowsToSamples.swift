import Motion

/// Reads a table's rows into samples, in one pass. Where the table has times, a sample's time is what its row says, from the first row on: `TimedRows` sees to
/// it that they go forward.
struct RowsToSamples: Sendable {
  private let map: ColumnMap
  /// The map with places in `values` for columns.
  private let places: ColumnMap
  private var values: RowValues
  private(set) var counts = RowCounts()
  private var clock: RowClock

  /// The time column's value in the first row that was kept, in the file's unit; whole numbers as they are.
  var startValue: Double? { clock.first }
  var startInteger: Int64? { clock.firstInteger }

  private let hasTimes: Bool
  private var row = 0
  private var skippedRows = 0

  init(map: ColumnMap) {
    self.map = map
    var watched: Int?
    switch map.clock {
    case .column(let column, _), .text(let column): watched = column
    case .counter, .row: break
    }
    hasTimes = watched != nil
    let packed: Int? = if case .packed(let column)? = map.orientation { column } else { nil }
    values = RowValues(columns: map.numericColumns + [watched, packed].compactMap { $0 }, watched: watched)
    places = map.mapped(to: values.columns)
    clock = RowClock(places.clock, range: map.clockRange, keepsTicks: map.keepsTicks)
  }

  /// Reads all rows that are left for the reader.
  mutating func read(_ bytes: Span<UInt8>, _ reader: inout RowReader, into batch: inout SampleBatch) {
    let needed = map.columnsNeeded
    // Rows that end with their line are read in a plainer way, where their cells have to be numbers.
    var limit = bytes.count - 1
    while limit >= reader.position, bytes[limit] != 10, bytes[limit] != 13 { limit -= 1 }
    var text: Int?
    if case .text(let column) = map.clock { text = column }
    let isPacked: Int? = if case .packed(let column)? = map.orientation { column } else { nil }
    let isPlain = text == nil && isPacked == nil && map.label == nil
    while true {
      if isPlain, skippedRows == map.headerRows, reader.advancePlainly(bytes, limit: limit, &values) {
        finishRow(bytes, reader, into: &batch)
        continue
      }
      guard reader.advance(bytes) else { return }
      guard !reader.cells.isEmpty else { continue }
      if skippedRows < map.headerRows {
        skippedRows += 1
        continue
      }
      // A row of another sensor is none of this one's.
      if let label = map.label, !label.fits(reader, bytes) { continue }
      // A table of channels of different lengths goes on with empty cells where this sensor's have ended.
      if isEmptyHere(reader) {
        row += 1
        continue
      }
      // The last line without a line end and with too few cells was cut off; so was a shorter one anywhere else.
      guard reader.cells.count >= needed else {
        reject(ImportError.Position(line: reader.line, column: reader.cells.count))
        row += 1
        continue
      }
      values.take(reader, bytes, mayBeText: text ?? isPacked)
      finishRow(bytes, reader, into: &batch)
    }
  }

  /// Makes a sample of the row's values.
  @inline(__always)
  private mutating func finishRow(_ bytes: Span<UInt8>, _ reader: RowReader, into batch: inout SampleBatch) {
    var sample = SensorSample()
    if fill(&sample, reader, bytes) {
      switch clock.time(row: row, values, reader, bytes, &sample, &batch.gaps) {
      case .time(let time):
        batch.samples.append(Capture.Sample(time: time, sample: sample))
        if hasTimes { batch.lines.append(reader.line) }
      case .unreadable(let column): reject(ImportError.Position(line: reader.line, column: column + 1))
      case .outOfOrder:
        counts.outOfOrder += 1
        if counts.firstOutOfOrder == nil { counts.firstOutOfOrder = reader.line }
      }
    }
    row &+= 1
  }

  /// Whether the row has neither a time nor a first quantity for this sensor.
  private func isEmptyHere(_ reader: RowReader) -> Bool {
    guard case .column(let time, _) = map.clock, time < reader.cells.count, reader.cells[time].isEmpty,
      let first = map.acceleration ?? map.angularRate, first.x < reader.cells.count
    else { return false }
    return reader.cells[first.x].isEmpty && reader.cells[first.y < reader.cells.count ? first.y : first.x].isEmpty
  }

  private mutating func reject(_ position: ImportError.Position) {
    counts.unreadable += 1
    if counts.firstUnreadable == nil { counts.firstUnreadable = position }
  }

  /// The numbers of a vector; nil when one is missing.
  @inline(__always)
  private func vector(_ places: ColumnMap.Triple) -> Vector3? {
    let vector = Vector3(
      values.numbers[places.x] * places.scale, values.numbers[places.y] * places.scale,
      values.numbers[places.z] * places.scale)
    // What is missing is NaN, which goes through a sum; so does what no Double holds.
    return (vector.x + vector.y + vector.z).isFinite ? vector : nil
  }

  private func number(_ place: Int) -> Double? {
    let value = values.numbers[place]
    return value.isNaN ? nil : value
  }

  /// Fills what the row holds; false, and counted, when a cell is text or nothing is there at all.
  @inline(__always)
  private mutating func fill(_ sample: inout SensorSample, _ reader: RowReader, _ bytes: Span<UInt8>) -> Bool {
    if let bad = values.textColumn {
      reject(ImportError.Position(line: reader.line, column: bad + 1))
      return false
    }
    if let triple = places.acceleration, let value = vector(triple) {
      sample.acceleration = value
      sample.fields.insert(.acceleration)
    }
    if let triple = places.angularRate, let value = vector(triple) {
      sample.angularRate = value
      sample.fields.insert(.angularRate)
    }
    if let triple = places.magneticField, let value = vector(triple) {
      sample.magneticField = value
      sample.fields.insert(.magneticField)
    }
    if let triple = places.eulerAngles, let value = vector(triple) {
      sample.eulerAngles = value
      sample.fields.insert(.eulerAngles)
    }
    if let columns = places.orientation, let value = orientation(columns, reader, bytes) {
      sample.orientation = value
      sample.fields.insert(.orientation)
    }
    if let (place, scale) = places.inclinationX, let value = number(place) {
      sample.inclinationX = value * scale
      sample.fields.insert(.inclinationX)
    }
    if let (place, scale) = places.inclinationY, let value = number(place) {
      sample.inclinationY = value * scale
      sample.fields.insert(.inclinationY)
    }
    if let place = places.temperature, let value = number(place) {
      sample.temperature = value
      sample.fields.insert(.temperature)
    }
    if sample.fields.isEmpty {
      counts.empty += 1
      return false
    }
    return true
  }

  private func orientation(
    _ columns: ColumnMap.OrientationColumns, _ reader: RowReader, _ bytes: Span<UInt8>
  ) -> Quaternion? {
    let quaternion: Quaternion
    switch columns {
    case .quaternion(let w, let x, let y, let z):
      guard let w = number(w), let x = number(x), let y = number(y), let z = number(z) else { return nil }
      quaternion = Quaternion(w: w, x: x, y: y, z: z)
    case .matrix(let first, let second, let third):
      guard let x = vector(first), let y = vector(second), let z = vector(third) else { return nil }
      // A matrix that is no rotation (all zero before the sensor is ready) has no orientation to give.
      guard abs(x.length - 1) < 0.01, abs(y.length - 1) < 0.01, abs(x.cross(y).dot(z) - 1) < 0.03 else { return nil }
      return Quaternion(columns: x, y, z)
    case .packed(let column):
      guard column < reader.cells.count else { return nil }
      let cell = reader.cells[column]
      var parts = RowReader(dialect: Dialect(separator: .each(44)), from: cell.start, to: cell.end)
      guard parts.advance(bytes), parts.cells.count == 4, case .number(let w) = parts.value(bytes, 0),
        case .number(let x) = parts.value(bytes, 1), case .number(let y) = parts.value(bytes, 2),
        case .number(let z) = parts.value(bytes, 3)
      else { return nil }
      quaternion = Quaternion(w: w, x: x, y: y, z: z)
    }
    return quaternion.unitAsWritten
  }
}
