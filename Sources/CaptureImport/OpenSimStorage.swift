import Motion

/// Orientations as OpenSim stores them (`.sto`): lines `key=value` up to `endheader`, then `time` and a column a sensor, each cell a
/// quaternion of four numbers with commas between them, sensor to earth.
struct OpenSimStorage: CaptureFormat {
  let name = "opensim-sto"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    guard head.preamble.contains(where: { $0.text == "endheader" }) else { return .no(reason: "no line 'endheader'") }
    guard let type = head.preamble.first(where: { $0.text.lowercased().hasPrefix("datatype=") }) else {
      return .no(reason: "no line 'DataType=…' in the head: the columns are numbers, not orientations")
    }
    guard type.text.lowercased() == "datatype=quaternion" else {
      return .no(reason: "'\(type.text)': not quaternions", at: ImportError.Position(line: type.line))
    }
    return .yes(reason: "'\(type.text)' and 'endheader'")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    var captures: [Capture] = []
    let rows = try source.withTable(file) { (bytes, head) throws(ImportError) -> (names: [String], wanted: [Int]) in
      let names = head.columns.dropFirst().map(\.text)
      let wanted = try options.sensor.map { (choice) throws(ImportError) in [try chooseSensor(choice, among: names)] }
      return (names, wanted ?? Array(names.indices))
    }
    for sensor in rows.wanted {
      var capture = try source.withTable(file) { (bytes, head) throws(ImportError) in
        try read(bytes, head, column: sensor + 1)
      }
      capture.sensor = rows.names[sensor]
      capture.files = [file]
      captures.append(capture)
    }
    return captures
  }

  private func read(_ bytes: Span<UInt8>, _ head: TableHead, column: Int) throws(ImportError) -> Capture {
    var capture = Capture(format: name, timeSource: .column)
    var reader = RowReader(
      dialect: Dialect(separator: .each(9)), from: head.dataOffset, to: bytes.count, line: head.lineBeforeData)
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
