import Motion

/// What the beginning of a column of times says of the rest: how far apart its rows are as a rule, and what its numbers are worth.
struct StampPlan: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// Times of samples: they are used as they stand.
    case asWritten
    /// Times of samples that lie evenly, cut off or rounded to so many nanoseconds: the even line explains every one of them.
    case rounded(to: Double)
    /// Times at which samples came in, several at once. No sensor takes ten samples in a hundredth of a second and then none for a tenth.
    case arrivals
  }

  private(set) var kind = Kind.asWritten
  /// The usual distance of two rows, ns; 0 where there are too few to tell.
  private(set) var step = 0.0
  /// The even line's time of the first row, ns after its stamp.
  private(set) var phase = 0.0

  /// Rows that are looked at, and the fewest that tell anything.
  static let looked = 8192
  private static let fewest = 50

  /// - Parameter stamps: of the first rows, ns, as they stand in the file.
  init(_ stamps: [Int64]) {
    let steps = zip(stamps, stamps.dropFirst()).map { Double($1 &- $0) }
    let forward = steps.filter { $0 > 0 }.sorted()
    guard let first = stamps.first, let last = stamps.last, !forward.isEmpty else { return }
    step = forward[forward.count / 2]
    guard stamps.count >= Self.fewest, last > first else { return }
    findRounding(stamps, steps, usual: step)
    let mean = Double(last &- first) / Double(steps.count)
    if kind == .asWritten, isBursts(steps, mean: mean) {
      kind = .arrivals
      step = mean
    }
  }

  /// Whether many rows follow one another at once, and what passes between such runs is most of the time.
  private func isBursts(_ steps: [Double], mean: Double) -> Bool {
    guard steps.count >= 100, mean < 1e8 else { return false }
    let atOnce = steps.lazy.filter { $0 < mean / 4 }.count
    let between = steps.lazy.filter { $0 > 1.5 * mean }.reduce(0, +)
    return 5 * atOnce >= 2 * steps.count && 2 * between > mean * Double(steps.count)
  }

  /// Looks for an even line of which every stamp is the rounded place.
  private mutating func findRounding(_ stamps: [Int64], _ steps: [Double], usual: Double) {
    let repeats = steps.lazy.filter { $0 == 0 }.count
    // A clock that ticks less often than there are rows shows its tick as the step between different stamps.
    let hasTicks = 50 * repeats > steps.count
    let tick = hasTicks ? 1.1 * usual : 0
    guard let resolution = [Self.decimals(of: stamps, least: usual / 50), tick].compactMap({ $0 }).max(), resolution > 0
    else { return }
    // The longest run of rows without a hole gives the even step.
    let hole = 1.5 * max(usual, resolution)
    var (start, run) = (0, 0..<0)
    for index in 0...steps.count
    where index == steps.count || steps[index] > hole || steps[index] < 0 || (steps[index] == 0 && !hasTicks) {
      if index - start > run.count { run = start..<index }
      start = index + 1
    }
    guard run.count >= Self.fewest - 1 else { return }
    let part = stamps[run.lowerBound...run.upperBound]
    // Of few rows a tick a straight line tells more; of many the changes do.
    let line = Self.slope(part)
    let even = hasTicks && resolution > 4 * line ? Self.slopeOfTicks(part) : line
    // Where nearly all steps are the even one, nothing shows that they were rounded.
    let same = steps.lazy.filter { abs($0 - even) < even / 10_000 }.count
    guard 50 * (steps.count - same) > steps.count else { return }
    guard even > 0, 2 * resolution < 1e9 * 2.5 else { return }
    var laid = EvenLine(step: even, resolution: resolution, phase: Self.phase(stamps, even, run))
    var (unfit, holes, moved) = (0, 0, 0.0)
    for stamp in stamps {
      let place = laid.place(stamp)
      if abs(place.strain) > 0.05 * resolution { unfit += 1 }
      if place.missing > 0 { holes += 1 }
      moved = max(moved, abs(place.time - Double(stamp)))
    }
    // Where a tick is wider than a step, any hole fits: then it must hardly have one.
    guard 100 * unfit <= stamps.count, resolution < even / 2 || 50 * holes <= stamps.count, moved > even / 50 else {
      return
    }
    kind = .rounded(to: resolution)
    step = even
    phase = Self.phase(stamps, even, run)
  }

  /// The greatest power of ten, in ns, of which the distances of nearly all stamps are multiples; nil below `least`.
  private static func decimals(of stamps: [Int64], least: Double) -> Double? {
    var unit = 1e9
    while unit >= max(least, 1) {
      let slack = max(unit / 1000, 300)
      let off = stamps.lazy.filter { stamp in
        let place = Double(stamp &- stamps[0]) / unit
        return abs(place - place.rounded()) * unit > slack
      }.count
      if 200 * off <= stamps.count { return unit }
      unit /= 10
    }
    return nil
  }

  /// Slope of the straight line through stamps, ns a row: least squares.
  private static func slope(_ stamps: ArraySlice<Int64>) -> Double {
    let middle = Double(stamps.count - 1) / 2
    var (along, across) = (0.0, 0.0)
    for (index, stamp) in stamps.enumerated() {
      let x = Double(index) - middle
      along += x * x
      across += x * Double(stamp &- stamps[stamps.startIndex])
    }
    return across / along
  }

  /// The same of stamps that rows share: from the first change to the last.
  private static func slopeOfTicks(_ stamps: ArraySlice<Int64>) -> Double {
    let changes = stamps.indices.dropFirst().filter { stamps[$0] != stamps[$0 - 1] }
    guard let first = changes.first, let last = changes.last, last > first else { return 0 }
    return Double(stamps[last] &- stamps[first]) / Double(last - first)
  }

  /// The middle between the least and the greatest distance of the first stamps from the even line.
  private static func phase(_ stamps: [Int64], _ even: Double, _ run: Range<Int>) -> Double {
    guard run.lowerBound == 0 else { return 0 }
    let off = stamps[0...min(run.upperBound, 256)].enumerated().map {
      Double($1 &- stamps[0]) - Double($0) * even
    }
    return ((off.min() ?? 0) + (off.max() ?? 0)) / 2
  }
}

/// Lays stamps that were rounded onto the even line that they were rounded from.
///
/// The next sample lies one step behind the last; where its stamp says that it cannot, because it is further off than half of what stamps are rounded
/// to, it lies at the nearest place where it can, so that the line follows a clock that wanders, and a hole.
struct EvenLine: Sendable {
  private let step: Double
  private let half: Double
  private let phase: Double
  private var previous: Double?

  /// - Parameters: all in ns; `phase` is the first sample's time after its stamp.
  init(step: Double, resolution: Double, phase: Double) {
    self.step = step
    self.phase = phase
    half = resolution / 2
  }

  /// The sample's time, ns; how many are missing before it; and by how much the line had to be bent to reach it, ns.
  @inline(__always)
  mutating func place(_ stamp: Int64) -> (time: Double, missing: Int, strain: Double) {
    let stamp = Double(stamp)
    guard let previous else {
      self.previous = stamp + phase
      return (stamp + phase, 0, 0)
    }
    var time = previous + step
    let off = stamp - time
    var missing = 0
    // Where stamps are coarser than steps a little more than half a tick is no hole yet.
    if off > half + step / 4 {
      let steps = min((off / step).rounded(), 1e15)
      missing = Int(steps)
      time += steps * step
    }
    let held = min(max(time, stamp - half), stamp + half)
    self.previous = held
    return (held, missing, held - time)
  }
}
