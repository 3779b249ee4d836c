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
  }

  var list: [One] = []
  /// When the last open one was over.
  var since = SessionTime.zero
  /// The deepest open one, rad.
  var deepest: Double { list.reduce(0) { $1.isOpen ? max($0, $1.excursion) : $0 } }
  var openCount: Int { list.count { $0.isOpen } }
  var hasFirm: Bool { list.contains { $0.isOpen && $0.isFirm } }

  /// More open ones than this are what the person does, not practice.
  static let most = 2
  /// Movements that may wait in all.
  static let room = 8
}

extension TrialStage {
  /// Tells a movement, or lets it wait until its kind is known.
  ///
  /// Two movements that go equally far, one of them held, say what end range is. Where practice was announced, or that there is none, nothing waits.
  ///
  /// - Parameter isLungeLike: whether its size and course could be those of a lunge.
  mutating func sort(_ trial: Trial, excursion: Double, isLungeLike: Bool) {
    var trial = trial
    if trial.kind == .trial, announcedPractice(trial.side) > 0 {
      countPractice(trial.side)
      trial.kind = .practice
    }
    if let first = waiting.list.first, first.trial.side != trial.side { release(by: waiting.deepest) }
    let isUndecided =
      isLungeLike && (trial.kind == .trial || trial.kind == .aborted) && setting.practice == nil
      && history.meanExcursion(trial.side) == nil
    guard isUndecided || !waiting.list.isEmpty else { return tell(trial, excursion: excursion) }
    waiting.list.append(.init(trial: trial, excursion: excursion, isOpen: isUndecided, isFirm: isFirm(trial)))
    if isUndecided { waiting.since = trial.end }
    if isEndRangeKnown || waiting.openCount > WaitingMovements.most || waiting.list.count >= WaitingMovements.room {
      release(by: waiting.deepest)
    }
    progress.waiting = waiting.openCount
  }

  /// Whether among those that wait two went about equally far, none went further, and one of the two was held.
  private var isEndRangeKnown: Bool {
    let deepest = waiting.deepest
    let alike = waiting.list.filter { $0.isOpen && $0.excursion >= leastShare($0.isFirm) * deepest }
    return alike.count >= 2 && alike.contains { $0.isFirm }
  }

  /// Lets go of what has waited long enough.
  mutating func releaseOld(at now: SessionTime) {
    guard !waiting.list.isEmpty, !isMoving, !isPending else { return }
    let longest = waiting.hasFirm ? parameters.heldPracticeWait : parameters.practiceWait
    if now.seconds(since: waiting.since) > longest { release(by: waiting.deepest) }
  }

  /// Tells all that wait, measured by the excursion of a lunge to end range.
  mutating func release(by full: Double) {
    for one in waiting.list {
      var trial = one.trial
      if one.isOpen, one.excursion < leastShare(one.isFirm) * full {
        trial.kind = !one.isFirm && one.excursion < parameters.brokenOffShare * full ? .aborted : .practice
      }
      tell(trial, excursion: one.excursion)
    }
    waiting.list.removeAll(keepingCapacity: true)
    progress.waiting = 0
  }

  /// Share of end range that a movement before the first trial must reach to be one.
  private func leastShare(_ isFirm: Bool) -> Double {
    isFirm ? parameters.heldPracticeShare : parameters.practiceShare
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
