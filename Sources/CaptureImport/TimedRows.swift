import Motion
import Timebase

/// The rows of a table that has times, as samples whose times go forward: mended where that is certain, see `StampRepair`; brought back onto the
/// even line that they were rounded from, see `StampPlan`; and where they are times of arrival, fitted as those of a live sensor are.
struct TimedRows: SampleSeries {
  private var rows: RowSeries
  private var plan: StampPlan?
  private var repair: StampRepair?
  private var even: EvenLine?
  private var clock: SessionClock?
  /// Rows that wait for those behind them.
  private var raw = SampleBatch()
  private var timed: [TimedSample] = []
  private var previous: SensorSample?
  private var lastTime: Int64?
  private var isOver = false
  private var leftOut = (count: 0, line: 0)
  /// The furthest that a stamp was moved, ns.
  private var moved: Int64 = 0

  init(_ rows: RowSeries) { self.rows = rows }

  var share: Double { rows.share }
  var start: SeriesStart? { rows.start }

  var counts: RowCounts {
    var counts = rows.counts
    counts.outOfOrder += leftOut.count
    if leftOut.count > 0 { counts.firstOutOfOrder = min(counts.firstOutOfOrder ?? .max, leftOut.line) }
    return counts
  }

  var notes: [String] {
    var notes = counts.notes + (repair?.notes ?? [])
    let furthest = "no time was moved by more than \(Self.milliseconds(Double(moved))) ms"
    switch plan?.kind {
    case .rounded(let resolution)? where moved > 0:
      let step = plan?.step ?? 0
      let isTick = plan.map { resolution > 0.9 * $0.step } ?? false
      notes.append(
        "the times are rounded\(isTick ? ", so that rows share them" : " to \(Self.milliseconds(resolution)) ms"); they fit samples that lie evenly, \(Self.milliseconds(step)) ms apart, and were laid so: \(furthest)"
      )
    case .arrivals?:
      var rate = ""
      if let clock, let learned = clock.rate {
        rate = ", \(Self.rounded(learned)) ± \(Self.rounded(max(clock.rateSpread ?? 0, 0.01))) Hz"
      }
      notes.append(
        "the times are those of arrival, several samples at once: the samples were laid at the rate that the arrivals show\(rate); \(furthest)"
      )
    default: break
    }
    return notes
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private static func milliseconds(_ nanoseconds: Double) -> Double {
    let value = nanoseconds / 1e6
    return value >= 10 ? (value * 100).rounded() / 100 : (value * 1e4).rounded() / 1e4
  }

  mutating func next(into batch: inout SampleBatch) -> Bool {
    if plan == nil { lookAhead() }
    guard !isOver else { return false }
    isOver = !rows.next(into: &raw)
    if clock != nil {
      fitArrivals(into: &batch)
    } else if even == nil, isPlain {
      appendPlainly(to: &batch)
    } else {
      mend(into: &batch)
    }
    return true
  }

  /// Reads the beginning of a copy.
  private mutating func lookAhead() {
    var (copy, looked) = (rows, SampleBatch())
    while looked.samples.count < StampPlan.looked, copy.next(into: &looked) {}
    let plan = StampPlan(looked.samples.prefix(StampPlan.looked).map(\.time.nanoseconds))
    self.plan = plan
    repair = StampRepair(plan, secondsPerUnit: rows.secondsPerUnit)
    switch plan.kind {
    case .asWritten: break
    case .rounded(let resolution): even = EvenLine(step: plan.step, resolution: resolution, phase: plan.phase)
    case .arrivals: clock = SessionClock(source: .arrivals(.none, nominalRate: 1e9 / plan.step))
    }
  }

  /// Whether all rows in hand go on in usual steps, as they nearly always do.
  private var isPlain: Bool {
    guard let repair, !repair.isShifted else { return false }
    var before = repair.last
    for sample in raw.samples {
      if let before, !repair.isPlain(from: before, to: sample.time.nanoseconds) { return false }
      before = sample.time.nanoseconds
    }
    return true
  }

  private mutating func appendPlainly(to batch: inout SampleBatch) {
    guard let newest = raw.samples.last else { return }
    batch.samples += raw.samples
    previous = newest.sample
    lastTime = newest.time.nanoseconds
    repair?.skip(to: newest.time.nanoseconds)
    raw.removeAll()
  }

  private mutating func mend(into batch: inout SampleBatch) {
    var index = 0
    rows: while index < raw.samples.count {
      switch repair!.judge(index, of: &raw, isOver: isOver, previous: previous) {
      case .waits: break rows
      case .none: leaveOut(raw.lines[index])
      case .at(let stamp): give(index, at: stamp, into: &batch)
      case .anew(let stamp):
        let before = lastTime
        give(index, at: stamp, into: &batch)
        if let before, let now = lastTime {
          batch.gaps.append(
            Gap(
              stream: StreamID(0), start: SessionTime(nanoseconds: before), end: SessionTime(nanoseconds: now),
              missingSamples: nil, cause: .reset))
        }
      }
      index += 1
    }
    raw.removeFirst(index)
  }

  private mutating func give(_ index: Int, at stamp: Int64, into batch: inout SampleBatch) {
    var sample = raw.samples[index]
    var time = stamp
    if even != nil {
      // At least a microsecond: no two samples share a time.
      let laid = even!.place(stamp).time
      time = max(Int64(min(max(laid.rounded(), -4e18), 4e18)), lastTime.map { $0 &+ 1000 } ?? .min)
      moved = max(moved, abs(time &- stamp))
    }
    sample.time = SessionTime(nanoseconds: time)
    lastTime = time
    previous = sample.sample
    batch.samples.append(sample)
  }

  private mutating func leaveOut(_ line: Int) {
    leftOut = (leftOut.count + 1, leftOut.count == 0 ? line : leftOut.line)
  }

  private mutating func fitArrivals(into batch: inout SampleBatch) {
    // The last one waits for the next: a stamp far ahead of those behind it is none.
    let count = max(raw.samples.count - (isOver ? 0 : 1), 0)
    for index in 0..<count {
      let row = raw.samples[index]
      let isAhead = index + 1 < raw.samples.count && raw.samples[index + 1].time < row.time
      // Arrivals do not run backwards: what was would be taken for a stall of that length.
      if isAhead || row.time.nanoseconds < lastTime ?? .min {
        leaveOut(raw.lines[index])
        continue
      }
      lastTime = row.time.nanoseconds
      var sample = row.sample
      sample.arrived = HostInstant(nanoseconds: row.time.nanoseconds)
      clock!.admit(sample, into: &timed)
    }
    raw.removeFirst(count)
    if isOver { clock!.finish(into: &timed) }
    guard let zero = clock!.zero else { return }
    for var one in timed {
      let stamp = one.sample.arrived.nanoseconds
      let time = one.time.nanoseconds &+ zero.nanoseconds
      moved = max(moved, abs(time &- stamp))
      one.sample.arrived = HostInstant(nanoseconds: 0)
      batch.samples.append(Capture.Sample(time: SessionTime(nanoseconds: time), sample: one.sample))
    }
    timed.removeAll(keepingCapacity: true)
  }
}
