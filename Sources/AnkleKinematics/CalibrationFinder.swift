import Motion
import RealModule

/// What the search for the calibrating section can be told.
public struct CalibrationSearch: Hashable, Sendable {
  /// Rocks after the rest are wanted; without them the rest is enough.
  public var wantsRocks: Bool
  /// A first movement that is no rock ends the search: its rest is then all there is.
  public var settlesForRest: Bool
  /// The section as the user gave it; nil to find it.
  public var section: ClosedRange<SessionTime>?

  public init(wantsRocks: Bool, settlesForRest: Bool = false, section: ClosedRange<SessionTime>? = nil) {
    self.wantsRocks = wantsRocks
    self.settlesForRest = settlesForRest
    self.section = section
  }
}

/// Finds, sample by sample, quiet standing and the rocks after it: causal, at any rate, in bounded memory.
///
/// Samples are gathered into bins of 50 ms, or of one sample where the sensor is slower. Rest is a window of bins in which the vertical neither
/// strays nor drifts; what is kept of it is what lies half a window before its end, so that the beginning of a movement is not taken for
/// rest. Then everything is summed until three rocks are over and the leg is quiet again. All decisions rest on angles between verticals and on
/// rates, which do not depend on how the sensor sits.
public struct CalibrationFinder: Sendable {
  /// What one step came to.
  public enum Step: Hashable, Sendable {
    case searching
    /// Rest, and what came after it where rocks were wanted: to be judged. If it is not good enough, the search goes on from here.
    case found(CalibrationSection)
    /// Rest without rocks, where that settles it.
    case restOnly(CalibrationSection)
    /// No rest; the search goes on from here, unless the user's section is over.
    case failed(AlignmentRefusal)
  }

  private enum Phase: Sendable { case seeking, resting, rocking }

  private let search: CalibrationSearch
  private var phase = Phase.seeking
  private var binner = CalibrationBinner()
  private var window = CalibrationWindow()
  private var rest = RestSum()
  private var rocks = RockSum()
  private var seekingSince: SessionTime?
  private var isOver = false

  public init(_ search: CalibrationSearch) { self.search = search }

  /// Beyond this without a sample, s, nothing that was seen before counts.
  static let longestGap = 1.2
  /// A leg that does not come to rest for so long is told, s.
  static let patience = 20.0
  /// The vertical leaves its rest, rad, and a rock goes at least so far.
  static let departure = 3 * radiansPerDegree
  static let leastRock = 5 * radiansPerDegree
  /// A pause that ends a series of rocks that is too short, s; and the longest rock.
  static let longestPause = 4.0
  static let longestRock = 12.0
  /// Rocking longer than this is judged by what there is, s.
  static let longestRocking = 40.0

  /// Takes the next sample.
  ///
  /// - Parameters:
  ///   - interval: seconds since the previous sample.
  ///   - vertical: upward, unit length, in sensor components; nil while it is not known.
  ///   - angularRate: rad/s; nil without a gyroscope.
  public mutating func update(
    time: SessionTime, interval: Double, vertical: Vector3?, angularRate: Vector3?
  ) -> Step {
    guard !isOver else { return .searching }
    if let section = search.section {
      guard time >= section.lowerBound else { return .searching }
      if time > section.upperBound {
        isOver = true
        return conclude(at: section.upperBound) ?? .searching
      }
    }
    guard let vertical, interval <= Self.longestGap else {
      startOver(at: time)
      return .searching
    }
    if seekingSince == nil { seekingSince = time }
    guard let bin = binner.add(time: time, interval: interval, vertical: vertical, rate: angularRate) else {
      return .searching
    }
    window.append(bin)
    switch phase {
    case .seeking: return seek(bin)
    case .resting: return stayAtRest(bin)
    case .rocking: return rock(bin)
    }
  }

  /// The input has ended: what the search came to; nil when it was over already.
  public mutating func finish(at time: SessionTime) -> Step? {
    guard !isOver else { return nil }
    isOver = true
    return conclude(at: time)
  }

  private mutating func conclude(at time: SessionTime) -> Step? {
    guard phase != .seeking else {
      let start = seekingSince ?? search.section?.lowerBound ?? .zero
      return .failed(
        AlignmentRefusal(seekingSince == nil ? .notFound : .moving, section: min(start, time)...time))
    }
    let section = section(at: time)
    return search.settlesForRest && rocks.count < 3 ? .restOnly(section) : .found(section)
  }

  private mutating func startOver(at time: SessionTime) {
    phase = .seeking
    binner = CalibrationBinner()
    window.removeAll()
    rest = RestSum()
    rocks = RockSum()
    seekingSince = nil
  }

  private mutating func seek(_ bin: CalibrationBin) -> Step {
    guard window.isQuiet(over: CalibrationWindow.length) else {
      guard let since = seekingSince, bin.time.seconds(since: since) > Self.patience, search.section == nil else {
        return .searching
      }
      seekingSince = bin.time
      return .failed(AlignmentRefusal(.moving, section: since...bin.time))
    }
    rest = RestSum()
    for older in window.firstHalf { rest.add(older) }
    phase = .resting
    rocks = RockSum()
    guard !search.wantsRocks, search.section == nil else { return .searching }
    // A pose needs no more than this.
    for later in window.secondHalf { rest.add(later) }
    isOver = true
    return .found(section(at: bin.time))
  }

  private mutating func stayAtRest(_ bin: CalibrationBin) -> Step {
    if window.isQuiet(over: CalibrationWindow.length) {
      rest.add(window.middle)
      return .searching
    }
    guard angle(bin.vertical, rest.vertical) > Self.departure else { return .searching }
    guard search.wantsRocks else {
      isOver = true
      return .found(section(at: bin.time))
    }
    phase = .rocking
    // The beginning of the movement lies in the window already.
    for earlier in window.secondHalf { rocks.add(earlier, rest: rest) }
    return .searching
  }

  private mutating func rock(_ bin: CalibrationBin) -> Step {
    rocks.add(bin, rest: rest)
    if search.settlesForRest, rocks.isOut, window.isQuiet(over: 0.6) {
      isOver = true
      return .restOnly(section(at: bin.time))
    }
    if rocks.count >= 3 {
      let isQuiet = !rocks.isOut && window.isQuiet(over: 0.5)
      guard isQuiet || rocks.sinceReturn > Self.longestPause || rocks.elapsed > Self.longestRocking else {
        return .searching
      }
      if isQuiet { rocks.after = window.mean(over: 0.5) }
      return judged(at: bin.time)
    }
    if !rocks.isOut && rocks.sinceReturn > Self.longestPause || rocks.outTime > Self.longestRock {
      return judged(at: bin.time)
    }
    return .searching
  }

  private mutating func judged(at time: SessionTime) -> Step {
    let section = section(at: time)
    phase = .seeking
    seekingSince = time
    if search.settlesForRest, section.rocks < 3 {
      isOver = true
      return .restOnly(section)
    }
    // Somebody who only stands differently now has not tried to rock.
    let isShift = section.rocks == 0 && rocks.greatest < Self.leastRock && rocks.last > 2 * radiansPerDegree
    return isShift ? .searching : .found(section)
  }

  private func section(at time: SessionTime) -> CalibrationSection {
    var section = CalibrationSection(
      restVertical: rest.vertical, restSpread: rest.spread, restDuration: rest.duration, start: rest.start, end: time)
    guard phase == .rocking else { return section }
    section.rocks = rocks.count
    section.excursion = rocks.excursion
    section.rateMoment = rocks.hasRate ? rocks.rateMoment : nil
    section.pathMoment = rocks.pathMoment
    section.pathSum = rocks.pathSum
    section.rockDuration = rocks.pathTime
    section.verticalAfter = rocks.after
    return section
  }
}
