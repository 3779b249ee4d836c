import Motion

/// Mends single times of a column where what they must have been is certain, and says how often.
///
/// Certain is: a stamp that does not fit between two that lie two usual steps apart; two rows in the wrong order whose stamps, put right, lie evenly;
/// and a clock that fell by exactly what a counter or a time of day goes round at, and then went on. A clock that fell otherwise and goes on began anew: how
/// long that took nobody knows, so that the time goes on by one step, behind a gap. Everything else that repeats or runs backwards is left out.
struct StampRepair: Sendable {
  enum Verdict {
    /// The row's time, ns on the scale of the first row.
    case at(Int64)
    /// The same, behind a gap of unknown length.
    case anew(Int64)
    /// No time goes on from the row before.
    case none
    /// The rows behind have to be seen.
    case waits
  }

  /// Rows that have to be seen behind one to be sure of it.
  static let lookahead = 3
  private let step: Double
  private let slack: Double
  /// Rows may share a stamp.
  private let repeats: Bool
  /// At which a clock may go round, ns.
  private let ranges: [(nanoseconds: Double, name: String)]
  private(set) var last: Int64?
  private var shift: Int64 = 0
  private var replaced = (count: 0, line: 0)
  private var exchanged = (count: 0, line: 0)
  private var turns: (count: Int, name: String) = (0, "")
  private var restarts: [Int] = []

  /// - Parameter secondsPerUnit: of the column; a device's counter goes round at a power of two of it.
  init(_ plan: StampPlan, secondsPerUnit: Double) {
    step = plan.step
    if case .rounded(let resolution) = plan.kind {
      slack = max(plan.step / 4, resolution)
      repeats = true
    } else {
      slack = plan.step / 4
      repeats = false
    }
    let unit = secondsPerUnit * 1e9
    ranges =
      [(0x1p16, "65536"), (0x1p24, "2^24"), (0x1p31, "2^31"), (0x1p32, "2^32")].map { ($0 * unit, "\($1) of its unit") }
      + [(60.0, "a minute"), (3600, "an hour"), (43_200, "noon"), (86_400, "midnight")].map { ($0 * 1e9, $1) }
  }

  /// Whether a step may be taken without looking further.
  @inline(__always)
  func isPlain(from before: Int64, to stamp: Int64) -> Bool {
    let ahead = stamp &- before
    return ahead > 0 && Double(ahead) < 8 * step
  }

  /// The plain rows behind each other up to this one were given their stamps.
  mutating func skip(to stamp: Int64) { last = stamp &+ shift }

  /// How the rows' own scale lies to that of the first row, ns.
  var isShifted: Bool { shift != 0 }

  /// Judges the row at `index`; puts it behind the next where that is right.
  mutating func judge(_ index: Int, of rows: inout SampleBatch, isOver: Bool, previous: SensorSample?) -> Verdict {
    let samples = rows.samples
    func stamp(_ ahead: Int) -> Int64? {
      index + ahead < samples.count ? samples[index + ahead].time.nanoseconds &+ shift : nil
    }
    let now = samples[index].time.nanoseconds &+ shift
    // A century and more: what was put behind it would run over.
    guard abs(now) < 4_000_000_000_000_000_000 else { return .none }
    guard let last else { return take(now) }
    let ahead = Double(now &- last)
    let isForward = ahead > 0 || (ahead == 0 && repeats)
    // Without a usual step nothing is certain.
    if isForward, ahead < 1.5 * step || step < 1 { return take(now) }
    guard step >= 1 else { return .none }
    guard index + Self.lookahead < samples.count || isOver else { return .waits }
    func isAt(_ steps: Double, _ stamp: Int64?) -> Bool {
      guard let stamp else { return false }
      return abs(Double(stamp &- last) - steps * step) <= slack
    }
    let line = index < rows.lines.count ? rows.lines[index] : 0
    if isForward {
      if isAt(2, now), isAt(1, stamp(1)), isAt(3, stamp(2)) {
        rows.samples.swapAt(index, index + 1)
        exchanged = (exchanged.count + 1, exchanged.count == 0 ? line : exchanged.line)
        return take(rows.samples[index].time.nanoseconds &+ shift)
      }
      // Far ahead, and the next is back: a hole would have stayed.
      guard ahead > 8 * step, let next = stamp(1), next <= now, !isGoingOn(now, next, stamp(2)) else {
        return take(now)
      }
      return isAt(2, next) ? replace(line) : .none
    }
    if ahead == 0, samples[index].sample == previous { return .none }
    if isAt(2, stamp(1)) { return replace(line) }
    let fall = step - ahead
    for range in ranges where abs(range.nanoseconds - fall) <= slack && range.nanoseconds > 64 * step {
      guard stamp(1).map({ $0 > now && Double($0 &- now) < 3.5 * step }) ?? true else { continue }
      turns = (turns.count + 1, range.name)
      shift = shift &+ Int64(min(range.nanoseconds, 4e18))
      return take(samples[index].time.nanoseconds &+ shift)
    }
    if fall > 8 * step, isGoingOn(now, stamp(1), stamp(2)), let third = stamp(3), isNext(stamp(2) ?? now, third) {
      restarts.append(line)
      let time = last &+ Int64(min(step, 4e18))
      shift = shift &+ (time &- now)
      self.last = time
      return .anew(time)
    }
    return .none
  }

  private func isNext(_ stamp: Int64, _ next: Int64) -> Bool { next > stamp && Double(next &- stamp) < 3.5 * step }

  private func isGoingOn(_ stamp: Int64, _ next: Int64?, _ second: Int64?) -> Bool {
    guard let next, let second else { return false }
    return isNext(stamp, next) && isNext(next, second)
  }

  private mutating func take(_ time: Int64) -> Verdict {
    last = time
    return .at(time)
  }

  private mutating func replace(_ line: Int) -> Verdict {
    replaced = (replaced.count + 1, replaced.count == 0 ? line : replaced.line)
    return take((last ?? 0) &+ Int64(min(step, 4e18)))
  }

  /// What was mended, in plain words.
  var notes: [String] {
    var notes: [String] = []
    func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
    if replaced.count > 0 {
      notes.append(
        "a wrong time between two that fit was replaced \(times(replaced.count)), first in line \(replaced.line): it lies one step behind the row before"
      )
    }
    if exchanged.count > 0 {
      notes.append(
        "two rows in the wrong order were put right by their times \(times(exchanged.count)), first in line \(exchanged.line)"
      )
    }
    if turns.count > 0 {
      notes.append("the time column goes round at \(turns.name): it was counted on \(times(turns.count))")
    }
    if let first = restarts.first {
      notes.append(
        "the time column begins anew \(times(restarts.count)), first in line \(first): how long that took is not known, and the time goes on one step later, behind a gap"
      )
    }
    return notes
  }
}
