import Motion

/// JSON Lines of samples as `talus convert --to jsonl` writes them: one object a line with `t_s` and the quantities, units in their names.
enum SampleLinesFile {
  static let name = "talus-jsonl"

  /// Whether the text begins with an object whose first key is `t_s`.
  static func identify(_ bytes: Span<UInt8>) -> Bool {
    var scanner = JSONScanner(limit: min(bytes.count, 1000))
    guard case .open? = scanner.next(bytes), case .key(let start, let end)? = scanner.next(bytes) else { return false }
    return scanner.spells(bytes, start, end, "t_s")
  }

  static func read(_ bytes: CaptureBytes, file: String, _ options: ImportOptions) throws(ImportError) -> Capture {
    let plan = SensorPlan(
      file: file, map: ColumnMap(clock: .column(0, secondsPerUnit: 1)), acceleration: .said("m/s²", scale: 1))
    var capture = try assemble(
      SampleLinesSeries(bytes, window: options.window), plan, format: name, usualMount: nil, held: options.held)
    GyroscopeAgreement.judge(&capture, unknownUnit: nil, isChosen: false)
    return capture
  }
}

/// The samples of such lines.
private struct SampleLinesSeries: SampleSeries {
  /// A line that is being read.
  private struct Line {
    var time: Double?
    var sample = SensorSample()
    var key: SensorSample.Fields?
    var isTime = false
    var values = InlineArray<4, Double>(repeating: 0)
    var count = 0
  }

  private var windows: TextWindows
  private var lines = 0
  private var origin: Double?
  private var previous: SessionTime?
  private(set) var counts = RowCounts()

  init(_ bytes: CaptureBytes, window: Int) { windows = TextWindows(bytes, from: 0, size: window) }

  var notes: [String] { counts.notes }
  var share: Double { windows.share }
  var start: SeriesStart? { origin.map { SeriesStart(value: $0, integer: nil, secondsPerUnit: 1) } }

  mutating func next(into batch: inout SampleBatch) -> Bool {
    var me = self
    let isThere: Void? = windows.next { bytes in
      var reader = RowReader(dialect: Dialect(separator: .each(0)), from: 0, to: bytes.count)
      while reader.advance(bytes) {
        me.lines += 1
        if reader.row.end > reader.row.start { me.take(bytes, reader.row, into: &batch) }
      }
    }
    let windows = windows
    self = me
    self.windows = windows
    return isThere != nil
  }

  private mutating func take(_ bytes: Span<UInt8>, _ row: Cell, into batch: inout SampleBatch) {
    var scanner = JSONScanner(limit: row.end, from: row.start)
    var line = Line()
    var isClosed = false
    while let token = scanner.next(bytes) {
      switch token {
      case .open: break
      case .close: isClosed = true
      case .key(let start, let end):
        line.key = Self.quantity(scanner, bytes, start, end)
        line.isTime = scanner.spells(bytes, start, end, "t_s")
        line.count = 0
      case .number(let value): Self.add(value, to: &line)
      case .endOfArray, .other: break
      }
    }
    guard isClosed, let time = line.time else {
      counts.unreadable += 1
      if counts.firstUnreadable == nil { counts.firstUnreadable = ImportError.Position(line: lines) }
      return
    }
    guard !line.sample.fields.isEmpty else {
      counts.empty += 1
      return
    }
    let origin = origin ?? time
    let seconds = time - origin
    let instant = SessionTime(seconds: min(max(seconds, -1), 1e9))
    guard seconds < 1e9, previous == nil || instant > previous ?? .zero else {
      counts.outOfOrder += 1
      if counts.firstOutOfOrder == nil { counts.firstOutOfOrder = lines }
      return
    }
    self.origin = origin
    previous = instant
    batch.samples.append(Capture.Sample(time: instant, sample: line.sample))
  }

  private static func quantity(
    _ scanner: JSONScanner, _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) -> SensorSample.Fields? {
    func spells(_ word: StaticString) -> Bool { scanner.spells(bytes, start, end, word) }
    if spells("acc_mps2") { return .acceleration }
    if spells("gyr_radps") { return .angularRate }
    if spells("mag_uT") { return .magneticField }
    if spells("quat") { return .orientation }
    if spells("euler_deg") { return .eulerAngles }
    if spells("incl_x_deg") { return .inclinationX }
    if spells("incl_y_deg") { return .inclinationY }
    return spells("temp_c") ? .temperature : nil
  }

  private static func add(_ value: Double, to line: inout Line) {
    if line.isTime {
      line.time = value
      return
    }
    guard let key = line.key, line.count < 4 else { return }
    line.values[line.count] = value
    line.count += 1
    let vector = Vector3(line.values[0], line.values[1], line.values[2])
    switch (key, line.count) {
    case (.acceleration, 3): line.sample.acceleration = vector
    case (.angularRate, 3): line.sample.angularRate = vector
    case (.magneticField, 3): line.sample.magneticField = vector
    case (.eulerAngles, 3): line.sample.eulerAngles = vector * radiansPerDegree
    case (.orientation, 4):
      let quaternion = Quaternion(w: line.values[0], x: line.values[1], y: line.values[2], z: line.values[3])
      guard let unit = quaternion.unitAsWritten else { return }
      line.sample.orientation = unit
    case (.inclinationX, 1): line.sample.inclinationX = value * radiansPerDegree
    case (.inclinationY, 1): line.sample.inclinationY = value * radiansPerDegree
    case (.temperature, 1): line.sample.temperature = value
    default: return
    }
    line.sample.fields.insert(key)
  }
}
