import Motion

/// Movements before a side's first trial that were not held. Only what follows can say whether they were trials: they wait for it, in order, and are
/// told when it is known.
struct WaitingMovements: Hashable, Sendable {
  struct One: Hashable, Sendable {
    var trial: Trial
    var excursion: Double
    /// Whether it has to be decided, as against: it only keeps its place in the order.
    var isOpen: Bool
  }

  var list: [One] = []
  /// When the last open one was over.
  var since = SessionTime.zero
  /// The deepest open one, rad.
  var deepest: Double { list.reduce(0) { $1.isOpen ? max($0, $1.excursion) : $0 } }
  var openCount: Int { list.count { $0.isOpen } }

  /// More open ones than this are what the person does, not practice.
  static let most = 2
  /// Movements that may wait in all.
  static let room = 8
}

extension TrialStage {
  /// Tells a movement, or lets it wait until its kind is known.
  ///
  /// - Parameter isLungeLike: whether its size and course could be those of a lunge.
  mutating func sort(_ trial: Trial, excursion: Double, isLungeLike: Bool) {
    var trial = trial
    if trial.kind == .trial, announcedPractice(trial.side) > 0 {
      countPractice(trial.side)
      trial.kind = .practice
    }
    let isHeld = trial.plateauStart != nil
    if let first = waiting.list.first {
      if first.trial.side != trial.side {
        release(by: waiting.deepest)
      } else if trial.kind == .trial, isHeld {
        release(by: excursion)
      }
    }
    let isUndecided =
      isLungeLike && !isHeld && (trial.kind == .trial || trial.kind == .aborted)
      && history.meanExcursion(trial.side) == nil
    guard isUndecided || !waiting.list.isEmpty else { return tell(trial, excursion: excursion) }
    waiting.list.append(.init(trial: trial, excursion: excursion, isOpen: isUndecided))
    if isUndecided { waiting.since = trial.end }
    if waiting.openCount > WaitingMovements.most || waiting.list.count >= WaitingMovements.room {
      release(by: waiting.deepest)
    }
  }

  /// Lets go of what has waited long enough.
  mutating func releaseOld(at now: SessionTime) {
    if !waiting.list.isEmpty, !isMoving, !isPending, now.seconds(since: waiting.since) > parameters.practiceWait {
      release(by: waiting.deepest)
    }
  }

  /// Tells all that wait, measured by the excursion of a lunge to end range.
  mutating func release(by full: Double) {
    for one in waiting.list {
      var trial = one.trial
      if one.isOpen, one.excursion < parameters.practiceShare * full {
        trial.kind = one.excursion < parameters.brokenOffShare * full ? .aborted : .practice
      }
      tell(trial, excursion: one.excursion)
    }
    waiting.list.removeAll(keepingCapacity: true)
  }

  private func announcedPractice(_ side: Side?) -> Int {
    setting.practice - (side == .left ? practiced.0 : side == .right ? practiced.1 : practiced.2)
  }

  private mutating func countPractice(_ side: Side?) {
    switch side {
    case .left: practiced.0 += 1
    case .right: practiced.1 += 1
    case nil: practiced.2 += 1
    }
  }
}
