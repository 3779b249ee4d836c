import Motion

/// The samples of an accelerometer with what another table says of their moment, which was taken at times of its own.
///
/// Both are read side by side; what is held of the other one is what lies around the sample in hand.
struct SeriesJoin: SampleSeries {
  private var main: any SampleSeries
  private var other: any SampleSeries
  private let quantity: SensorPlan.Companion.Quantity
  /// The other's first row after the accelerometer's, ns.
  private let shift: Int64
  /// The longest step over which it is interpolated, ns.
  private let longestStep: Int64

  private var readings: [(nanoseconds: Int64, value: Vector3)] = []
  private var next = 0
  private var firstReading: Int64?
  private var lastReading: Int64?
  private var isOtherOver = false
  private var batch = SampleBatch()

  /// Samples within a second before the first reading, or behind the last.
  private var held: [Capture.Sample] = []
  private var hasGiven = false
  private var joined = 0
  private var without = 0
  private var leftOut = 0

  /// At the ends a capture is cut to where both were there, by a second at most.
  private static let second: Int64 = 1_000_000_000

  init(
    _ main: any SampleSeries, _ other: any SampleSeries, _ quantity: SensorPlan.Companion.Quantity
  ) throws(ImportError) {
    self.main = main
    self.other = other
    self.quantity = quantity
    // Copies are read a little, to see when each begins and how long the other's steps are.
    var (first, second) = (main, other)
    var looked = SampleBatch()
    while first.start == nil, try first.next(into: &looked) { looked.removeAll() }
    looked.removeAll()
    while looked.samples.count < 2000, try second.next(into: &looked) {}
    if let mine = second.start, let others = first.start {
      shift = mine.nanoseconds(after: others)
    } else {
      shift = 0
    }
    let times = looked.samples.map(\.time.nanoseconds)
    let steps = zip(times, times.dropFirst()).map { $1 &- $0 }.sorted()
    longestStep = steps.isEmpty ? 0 : steps[steps.count / 2] &* 5 / 2
  }

  var counts: RowCounts {
    var counts = main.counts
    counts.beside += other.counts.outOfOrder + other.counts.unreadable
    return counts
  }

  var share: Double { main.share }
  var start: SeriesStart? { main.start }

  var notes: [String] {
    var notes = main.notes
    let bad = other.counts.outOfOrder + other.counts.unreadable
    if bad > 0 {
      let name = quantity == .gravity ? "gravity" : "the gyroscope"
      notes.append("\(bad) rows of the table of \(name) left out: they repeat, run backwards or could not be read")
    }
    switch quantity {
    case .angularRate where joined == 0:
      notes.append(
        firstReading == nil
          ? "the gyroscope's file has no reading"
          : "the gyroscope's readings lie outside the accelerometer's time: not used")
    case .angularRate:
      notes.append("the gyroscope is interpolated linearly on to the accelerometer's times")
      if leftOut > 0 {
        notes.append("\(leftOut) accelerometer samples before the gyroscope's first or after its last left out")
      }
      if without > 0 { notes.append("samples without angular rate, in holes of the gyroscope's data: \(without)") }
    case .gravity:
      notes.append("gravity, from its own file, is added to the acceleration that it was taken out of")
      if leftOut > 0 { notes.append("\(leftOut) samples left out: no gravity at their time") }
    }
    return notes
  }

  mutating func next(into batch: inout SampleBatch) throws(ImportError) -> Bool {
    var read = SampleBatch()
    guard try main.next(into: &read) else {
      guard !held.isEmpty else { return false }
      // Behind the other's end nothing more came; without any sample that has both, all are kept.
      if quantity == .angularRate, joined == 0 { give(held, into: &batch) } else { leftOut += held.count }
      held.removeAll()
      return true
    }
    batch.gaps += read.gaps
    for sample in read.samples {
      let time = sample.time.nanoseconds
      try moveOn(to: time)
      switch quantity {
      case .gravity:
        guard let gravity = value(at: time) else {
          leftOut += 1
          continue
        }
        var whole = sample
        whole.sample.acceleration = sample.sample.acceleration + gravity
        joined += 1
        batch.samples.append(whole)
      case .angularRate: admit(sample, into: &batch)
      }
    }
    return true
  }

  private mutating func admit(_ sample: Capture.Sample, into batch: inout SampleBatch) {
    let time = sample.time.nanoseconds
    if let first = firstReading, time < first, first <= Self.second {
      held.append(sample)
      return
    }
    if isOtherOver, let last = lastReading, time > last {
      if time &- last <= Self.second {
        held.append(sample)
        return
      }
      // The gyroscope ended long before: from here on without it.
      without += held.count + 1
      give(held + [sample], into: &batch)
      held.removeAll()
      return
    }
    if !held.isEmpty {
      leftOut += held.count
      held.removeAll()
    }
    var whole = sample
    if let rate = value(at: time) {
      whole.sample.angularRate = rate
      whole.sample.fields.insert(.angularRate)
      joined += 1
    } else {
      without += 1
    }
    batch.samples.append(whole)
  }

  private func give(_ samples: [Capture.Sample], into batch: inout SampleBatch) { batch.samples += samples }

  /// Reads on until the first reading that is not earlier than this time is in hand.
  private mutating func moveOn(to time: Int64) throws(ImportError) {
    while true {
      while next < readings.count, readings[next].nanoseconds < time { next += 1 }
      if next < readings.count || isOtherOver { break }
      batch.removeAll()
      guard try other.next(into: &batch) else {
        isOtherOver = true
        break
      }
      if next > 1 {
        readings.removeFirst(next - 1)
        next = 1
      }
      for sample in batch.samples {
        let value = quantity == .gravity ? sample.sample.acceleration : sample.sample.angularRate
        readings.append((sample.time.nanoseconds &+ shift, value))
      }
      firstReading = firstReading ?? readings.first?.nanoseconds
      lastReading = readings.last?.nanoseconds
    }
  }

  /// The value at a time, between the first reading that is not earlier and the one before it.
  private func value(at time: Int64) -> Vector3? {
    guard next < readings.count else { return nil }
    let later = readings[next]
    if later.nanoseconds == time { return later.value }
    guard next > 0 else { return nil }
    let earlier = readings[next - 1]
    let step = later.nanoseconds &- earlier.nanoseconds
    guard step <= longestStep else { return nil }
    let part = Double(time &- earlier.nanoseconds) / Double(step)
    return earlier.value * (1 - part) + later.value * part
  }
}
