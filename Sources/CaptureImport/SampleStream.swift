import Motion

/// The samples of a capture behind its beginning: read from the file, with what was found out at the beginning done to them.
struct SampleStream: Sendable {
  private var series: any SampleSeries
  /// The series' time of the capture's first sample, ns.
  private var origin: Int64
  /// What the times of the beginning say, where holes are found by their steps; nil where the series counts them.
  private let time: FileTime?
  private var previous: SessionTime
  private var tally: QuantityTally
  /// Holes that end behind the samples that were handed out.
  private var waiting: [Gap] = []
  var correction = SampleCorrection()
  /// Nothing behind this session time is handed out.
  var end: SessionTime?
  private var raw = SampleBatch()

  /// - Parameters:
  ///   - series: has given the samples of the beginning.
  ///   - time: what their times say; nil where the series counts the holes itself.
  ///   - tally: of the quantities that they hold.
  init(_ series: any SampleSeries, origin: Int64, after last: SessionTime, time: FileTime?, tally: QuantityTally) {
    self.series = series
    self.origin = origin
    self.time = time
    self.tally = tally
    previous = last
  }

  var share: Double { series.share }

  /// The next samples in place of those in `batch`; false at the end.
  mutating func next(into batch: inout SampleBatch) throws(ImportError) -> Bool {
    batch.removeAll()
    raw.removeAll()
    var isThere = false
    // A window may hold nothing of this sensor.
    while raw.samples.isEmpty {
      guard try series.next(into: &raw) else { break }
      isThere = true
    }
    guard isThere, !raw.samples.isEmpty else { return false }
    swap(&raw, &batch)
    for index in batch.gaps.indices {
      batch.gaps[index].start.nanoseconds &-= origin
      batch.gaps[index].end.nanoseconds &-= origin
    }
    if time == nil {
      // A sample may be held back when the hole before it is known.
      batch.gaps.insert(contentsOf: waiting, at: 0)
      waiting.removeAll()
    }
    let known = batch.gaps.count
    for index in batch.samples.indices {
      let now = SessionTime(nanoseconds: batch.samples[index].time.nanoseconds &- origin)
      batch.samples[index].time = now
      tally.take(batch.samples[index].sample.fields)
      correction.apply(to: &batch.samples[index].sample)
      if let gap = time?.gap(from: previous, to: now) { batch.gaps.append(gap) }
      previous = now
    }
    if time != nil, known > 0 { batch.gaps.sort { $0.end < $1.end } }
    if time == nil {
      waiting = batch.gaps.filter { $0.end > previous }
      batch.gaps.removeAll { $0.end > previous }
    }
    if let end, previous > end {
      // Nothing behind the end is asked for again.
      batch.samples.removeAll { $0.time > end }
      return !batch.samples.isEmpty
    }
    return true
  }

  /// Counts times from another sample on, that many nanoseconds later.
  mutating func rebase(by nanoseconds: Int64) {
    origin += nanoseconds
    previous.nanoseconds -= nanoseconds
    end?.nanoseconds -= nanoseconds
    for index in waiting.indices {
      waiting[index].start.nanoseconds -= nanoseconds
      waiting[index].end.nanoseconds -= nanoseconds
    }
  }

  /// What is known when all was read.
  func ending() throws(ImportError) -> CaptureWalk.Ending {
    let counts = series.counts
    try counts.check(samples: tally.samples)
    return CaptureWalk.Ending(notes: series.notes + tally.notes, rejectedRows: counts.rejected)
  }
}

/// How many samples hold each quantity.
struct QuantityTally: Sendable {
  private static let quantities: [(SensorSample.Fields, String)] = [
    (.acceleration, "acceleration"), (.angularRate, "angular rate"), (.magneticField, "magnetic field"),
    (.orientation, "orientation"), (.inclinationX, "x inclination"), (.inclinationY, "y inclination"),
  ]

  private(set) var samples = 0
  private var held: InlineArray<6, Int> = InlineArray(repeating: 0)
  // The fields of the last sample, and of how many in a row: they hardly ever change.
  private var run: (fields: SensorSample.Fields, count: Int) = ([], 0)

  mutating func take(_ fields: SensorSample.Fields) {
    samples &+= 1
    if fields == run.fields {
      run.count &+= 1
    } else {
      count()
      run = (fields, 1)
    }
  }

  private mutating func count() {
    for (place, quantity) in Self.quantities.enumerated() where run.fields.contains(quantity.0) {
      held[place] += run.count
    }
  }

  /// Says of each quantity that some samples hold how many do not; a column that is empty throughout is not there.
  var notes: [String] {
    var whole = self
    whole.count()
    return Self.quantities.enumerated().compactMap { place, quantity in
      let without = samples - whole.held[place]
      return without > 0 && without < samples ? "samples without \(quantity.1): \(without) of \(samples)" : nil
    }
  }
}
