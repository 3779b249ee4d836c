import Motion

/// Which column of a table tells time, in which unit.
extension TablePlanner {
  static let rateKeys = [
    "sampling frequency", "sample frequency", "sample rate", "sampling rate", "samplerate", "update rate",
    "output rate",
    "outputrate", "datarate", "data rate", "acquisition frequency", "capture frame rate", "frame rate", "frequency",
  ]

  func clock(
    _ sensor: SensorColumns, _ map: ColumnMap, _ bytes: Span<UInt8>, _ options: ImportOptions, _ notes: inout [String]
  ) throws(ImportError) -> ColumnMap.Clock {
    let said = head.preambleRate(after: Self.rateKeys)
    guard let time = search.time(for: sensor) else {
      if let rate = options.rate {
        notes.append("no column of time: the row's number and --rate \(rate) give the times")
        return .row(rate: rate)
      }
      if let rate = said {
        notes.append("no column of time: the row's number and the rate of \(rate) Hz that the file says give the times")
        return .row(rate: rate)
      }
      throw ImportError(.noTime, "no column of time and no rate: say --rate HZ")
    }
    if time.isText {
      notes.append("times are read from the text of column '\(head.columns[time.column].text)'")
      return .text(time.column)
    }
    if let seconds = time.secondsPerUnit, options.factor("time") == nil,
      let other = possibleUnit(of: time.column, said: seconds, rate: said, bytes, &notes)
    {
      return .column(time.column, secondsPerUnit: other)
    }
    return try numericClock(
      time.column, time.secondsPerUnit ?? options.factor("time") ?? hints.time, bytes, options, &notes)
  }

  /// The unit (s) that a column's times must be in, where it cannot be the one that is said: the file's own rate is off by a power of ten, or no sensor has
  /// such a rate, and one has it in just one other unit.
  private func possibleUnit(
    of column: Int, said seconds: Double, rate: Double?, _ bytes: Span<UInt8>, _ notes: inout [String]
  ) -> Double? {
    guard let step = medianStep(bytes, column), step > 0 else { return nil }
    let written = 1 / (step * seconds)
    let name = "'\(head.columns[column].text)'"
    let shown = written > 1000 ? written.rounded() : (written * 1000).rounded() / 1000
    for power in [-9, -6, -4, -3, -1, 1, 3, 4, 6, 9] {
      guard let rate else { break }
      var factor = 1.0
      for _ in 0..<abs(power) { factor *= 10 }
      if power < 0 { factor = 1 / factor }
      guard abs(written * factor / rate - 1) < 0.02 else { continue }
      notes.append(
        "the time column \(name) makes it \(shown) samples a second, and the file says \(rate) Hz: its unit is another one than it says, and was taken so that both agree"
      )
      return seconds / factor
    }
    guard rate == nil, written > 20_000 || written < 0.5, let guess = Self.unit(ofStep: step) else { return nil }
    notes.append(
      "the time column \(name) would make it \(shown) samples a second: it was taken in \(guess.name), the only unit in which a sensor samples so (--units time=… says another)"
    )
    return guess.seconds
  }

  /// A sensor for movement samples from 2 to 4000 times a second; in one unit only does a step fall into that.
  private static func unit(ofStep step: Double) -> (seconds: Double, name: String)? {
    switch step {
    case 0.000_25..<0.999: (1, "s")
    case 1: nil  // one a row: milliseconds at 1 kHz, or the row's number
    case 0.999..<500: (1e-3, "ms")
    case 1000..<500_000: (1e-6, "µs")
    case 1_000_000..<500_000_000: (1e-9, "ns")
    default: nil
    }
  }

  /// The clock of a column of numbers whose unit may have to be found from its steps.
  func numericClock(
    _ column: Int, _ secondsPerUnit: Double?, _ bytes: Span<UInt8>, _ options: ImportOptions, _ notes: inout [String]
  ) throws(ImportError) -> ColumnMap.Clock {
    if let seconds = secondsPerUnit { return .column(column, secondsPerUnit: seconds) }
    let name = column < head.columns.count ? "'\(head.columns[column].text)'" : "\(column + 1)"
    guard let step = medianStep(bytes, column) else {
      if options.rate != nil { return .column(column, secondsPerUnit: 1) }
      throw ImportError(.unusableTime, "the unit of the time column \(name) is not said, and one row can't tell")
    }
    let shown = (step * 1e6).rounded() / 1e6
    guard let guess = Self.unit(ofStep: step) else {
      if options.rate != nil { return .column(column, secondsPerUnit: 1) }
      throw ImportError(
        .unusableTime,
        "the unit of the time column \(name) is not said, and its step of \(shown) does not decide it: say --units time=ms, or --rate HZ"
      )
    }
    notes.append("the unit of the time column \(name) is not said; its step of \(shown) makes it \(guess.name)")
    return .column(column, secondsPerUnit: guess.seconds)
  }

  /// The median of the positive steps of a column over the first rows.
  func medianStep(_ bytes: Span<UInt8>, _ column: Int) -> Double? {
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
