import Motion

/// Movements before a side's first trial. Only what follows can say whether they went all the way: they wait for it, in order, and are told when it is
/// known.
struct WaitingMovements: Hashable, Sendable {
  struct One: Hashable, Sendable {
    var trial: Trial
    var excursion: Double
    /// Whether it has to be decided, as against: it only keeps its place in the order.
    var isOpen: Bool
    /// Whether it was held long enough to be no turn.
    var isFirm: Bool
    /// Whether it is a trial only beside others like it: small, and not held.
    var isSmall: Bool
  }

  var list: [One] = []
  /// When the last open one was over.
  var since = SessionTime.zero
  /// The deepest open one, rad.
  var deepest: Double { list.reduce(0) { $1.isOpen ? max($0, $1.excursion) : $0 } }
  var openCount: Int { list.count { $0.isOpen } }
  var hasFirm: Bool { list.contains { $0.isOpen && $0.isFirm } }

  /// What end range is by those that wait: the deepest excursion that another one went as far as, with a hold among the two, or two others without;
  /// nil where none agree.
  ///
  /// - Parameter share: excursions that differ by no more than this factor are alike.
  func endRange(share: Double) -> Double? {
    var found: Double?
    for one in list where one.isOpen && one.excursion > found ?? 0 {
      let alike = list.filter {
        $0.isOpen && $0.excursion <= one.excursion && $0.excursion >= share * one.excursion
      }
      if alike.count > Self.most || alike.count > 1 && alike.contains(where: { $0.isFirm }) { found = one.excursion }
    }
    return found
  }

  /// The longest run of open movements that are rocks of the knee: short, not held, one behind the other without standing still in between. Nil
  /// where fewer than three follow each other. Nobody leads a lunge to end range like that, and the calibration of how a sensor sits asks for it.
  func rocks(_ parameters: SegmentationParameters) -> ClosedRange<Int>? {
    var start: Int?
    var longest: ClosedRange<Int>?
    for index in list.indices {
      let trial = list[index].trial
      let isQuick = list[index].isOpen && trial.hold == nil && trial.duration <= parameters.longestRock
      guard isQuick else {
        start = nil
        continue
      }
      let follows =
        index > 0 && trial.start.seconds(since: list[index - 1].trial.end) <= parameters.longestRockPause
      if start == nil || !follows { start = index }
      if let start, index - start + 1 >= max(3, longest?.count ?? 0) { longest = start...index }
    }
    return longest
  }

  /// More of them that go equally far are what the person does, not practice.
  static let most = 2
  /// Movements that may wait in all.
  static let room = 8
}

extension TrialStage {
  /// Tells a movement, or lets it wait until its kind is known.
  ///
  /// Two movements that go equally far, one of them held, say what end range is, and so do three that are not held. Where practice was announced, or
  /// that there is none, nothing waits.
  ///
  /// - Parameters:
  ///   - isLungeLike: whether its size and course could be those of a lunge.
  ///   - isSmall: whether it was not held and is too small to be told from a lunge that was broken off, but by others.
  mutating func sort(_ trial: Trial, excursion: Double, isLungeLike: Bool, isSmall: Bool) {
    var trial = trial
    if trial.kind == .trial, announcedPractice(trial.side) > 0 {
      countPractice(trial.side)
      trial.kind = .practice
    }
    if let first = waiting.list.first, first.trial.side != trial.side { release() }
    let mean = history.meanExcursion(trial.side)
    let isUndecided = isLungeLike && trial.kind == .trial && setting.practice == nil && mean == nil
    if !isUndecided, isSmall, mean == nil, trial.kind == .trial { trial.kind = .aborted }
    guard isUndecided || !waiting.list.isEmpty else { return tell(trial, excursion: excursion) }
    waiting.list.append(
      .init(trial: trial, excursion: excursion, isOpen: isUndecided, isFirm: isFirm(trial), isSmall: isSmall))
    if isUndecided { waiting.since = trial.end }
    // Who rocks the knee may go on with it.
    let isRocking = waiting.rocks(parameters)?.upperBound == waiting.list.count - 1
    let isKnown = !isRocking && markRocks().endRange(share: parameters.practiceShare) != nil
    if isKnown || waiting.list.count >= WaitingMovements.room { release() }
    progress.waiting = waiting.openCount
  }

  /// Lets go of what has waited long enough.
  mutating func releaseOld(at now: SessionTime) {
    guard !waiting.list.isEmpty, !isMoving, !isPending else { return }
    let longest =
      waiting.hasFirm || waiting.rocks(parameters) != nil ? parameters.heldPracticeWait : parameters.practiceWait
    if now.seconds(since: waiting.since) > longest { release() }
  }

  /// Tells all that wait, measured by those that agree, or else by the deepest of them.
  mutating func release() {
    waiting = markRocks()
    let known = waiting.endRange(share: parameters.practiceShare)
    let full = known ?? waiting.deepest
    for one in waiting.list {
      var trial = one.trial
      if one.isOpen, trial.kind == .trial {
        if one.excursion < parameters.practiceShare * full {
          trial.kind = !one.isFirm && one.excursion < parameters.brokenOffShare * full ? .aborted : .practice
        } else if one.isSmall, known == nil {
          trial.kind = .aborted
        }
      }
      tell(trial, excursion: one.excursion)
    }
    waiting.list.removeAll(keepingCapacity: true)
    progress.waiting = 0
  }

  /// The movements that wait, with the rocks among them told from the others.
  private func markRocks() -> WaitingMovements {
    var marked = waiting
    guard let rocks = waiting.rocks(parameters) else { return marked }
    for index in rocks {
      marked.list[index].isOpen = false
      marked.list[index].trial.kind = .calibration
    }
    return marked
  }

  /// Whether it was held long enough to be no turn.
  func isFirm(_ trial: Trial) -> Bool { (trial.hold ?? 0) >= parameters.firmHold }

  private func announcedPractice(_ side: Side?) -> Int {
    (setting.practice ?? 0) - (side == .left ? practiced.0 : side == .right ? practiced.1 : practiced.2)
  }

  private mutating func countPractice(_ side: Side?) {
    switch side {
    case .left: practiced.0 += 1
    case .right: practiced.1 += 1
    case nil: practiced.2 += 1
    }
  }
}
