import Motion

/// Orientations as OpenSim stores them (`.sto`): lines `key=value` up to `endheader`, then `time` and a column a sensor, each cell a
/// quaternion of four numbers with commas between them, sensor to earth.
enum OpenSimStorage {
  static let name = "opensim-sto"

  /// What stands above the rows.
  private struct Head {
    var type = ""
    var sensors: [String] = []
    var dataOffset = 0
    var line = 0
  }

  /// Whether the lines above the table are those of a storage file with orientations in it.
  static func identify(_ bytes: Span<UInt8>) -> Bool { head(bytes)?.type == "quaternion" }

  private static func head(_ bytes: Span<UInt8>) -> Head? {
    var reader = RowReader(
      dialect: Dialect(separator: .each(9)), from: 0, to: min(bytes.count, TableHead.mostBytes))
    var head = Head()
    var isInside = true
    while reader.line < 200, reader.advance(bytes) {
      guard let first = reader.cells.first else { continue }
      if isInside {
        let text = reader.text(bytes, first).lowercased()
        if text.hasPrefix("datatype=") { head.type = text.dropFirst(9).filter { $0 != " " } }
        if text == "endheader" { isInside = false }
        continue
      }
      guard reader.text(bytes, first).lowercased() == "time", reader.cells.count > 1 else { return nil }
      head.sensors = reader.cells.dropFirst().map { reader.text(bytes, $0) }
      while head.sensors.last == "" { head.sensors.removeLast() }
      head.dataOffset = reader.position
      head.line = reader.line
      return head
    }
    return nil
  }

  /// Reads the sensor that is wanted, or all.
  static func read(_ bytes: Span<UInt8>, file: String, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    guard let head = head(bytes) else { throw ImportError(.unknownFormat, "no head of an OpenSim storage file") }
    var captures: [Capture] = []
    let wanted: Range<Int>
    if let choice = options.sensor {
      let index = try chooseSensor(choice, among: head.sensors)
      wanted = index..<(index + 1)
    } else {
      wanted = head.sensors.indices
    }
    for sensor in wanted {
      var capture = try read(bytes, head, column: sensor + 1)
      capture.sensor = head.sensors[sensor]
      capture.files = [file]
      captures.append(capture)
    }
    return captures
  }

  private static func read(_ bytes: Span<UInt8>, _ head: Head, column: Int) throws(ImportError) -> Capture {
    var capture = Capture(format: name, timeSource: .column)
    var reader = RowReader(
      dialect: Dialect(separator: .each(9)), from: head.dataOffset, to: bytes.count, line: head.line)
    var first: Double?
    while reader.advance(bytes) {
      guard !reader.cells.isEmpty else { continue }
      guard case .number(let time) = reader.value(bytes, 0), column < reader.cells.count,
        let quaternion = Self.quaternion(bytes, reader, reader.cells[column])
      else {
        capture.rejectedRows += 1
        continue
      }
      let origin = first ?? time
      let instant = SessionTime(seconds: min(max(time - origin, -1), 1e9))
      guard first == nil || instant > (capture.samples.last?.time ?? .zero) else {
        capture.rejectedRows += 1
        continue
      }
      first = origin
      var sample = SensorSample()
      sample.orientation = quaternion
      sample.fields = .orientation
      capture.samples.append(Capture.Sample(time: instant, sample: sample))
    }
    guard !capture.samples.isEmpty else { throw ImportError(.noSamples, "no row with a quaternion could be read") }
    let time = FileTime(times: capture.samples.map(\.time))
    capture.rate = time.rate
    capture.gaps = time.gaps
    capture.notes = [
      "the quaternions are taken as sensor to earth, z up, as the sensors' makers export them before they are turned into a model's frame",
      "no acceleration in this format: the sensors' own orientation is all there is",
    ]
    return capture
  }

  /// Four numbers with commas between them, scalar first; nil for anything else and for what has not unit length.
  private static func quaternion(_ bytes: Span<UInt8>, _ reader: RowReader, _ cell: Cell) -> Quaternion? {
    var parts = RowReader(dialect: Dialect(separator: .each(44)), from: cell.start, to: cell.end)
    guard parts.advance(bytes), parts.cells.count == 4, case .number(let w) = parts.value(bytes, 0),
      case .number(let x) = parts.value(bytes, 1), case .number(let y) = parts.value(bytes, 2),
      case .number(let z) = parts.value(bytes, 3)
    else { return nil }
    let quaternion = Quaternion(w: w, x: x, y: y, z: z)
    guard abs(quaternion.lengthSquared - 1) < 0.02 else { return nil }
    return quaternion.normalized
  }
}
