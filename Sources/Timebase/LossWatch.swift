import Motion

/// Looks for losses that nothing counts: a delay that all samples of a while have had is one that stays, and samples are missing.
struct LossWatch: Sendable {
  /// A delay that stays is looked for over this time (s) and so many samples; small ones from `after` seconds on. Sooner, a busy host shows some that
  /// are no loss.
  private static let time = 0.4
  private static let count = 10
  private static let after = 15.0
  /// Delays (s) that are no accident: when little is known, and when the rate is.
  private static let large = 0.03
  private static let small = 0.006

  /// The least delay since `began`, in so many samples.
  private var began = 0.0
  private var least = Double.infinity
  private var samples = 0
  private var history = DelayHistory()

  /// Takes the next sample's delay; the loss, where one shows now.
  ///
  /// - Parameters:
  ///   - y: its arrival, s.
  ///   - age: how long the fit has run, s.
  ///   - period: from one sample to the next, s.
  mutating func take(delay: Double, at y: Double, age: Double, period: Double) -> Missing? {
    least = min(least, delay)
    samples += 1
    guard y - began >= Self.time, samples >= Self.count else { return nil }
    let stays = least
    restart(y)
    // Once the rate is known a little is enough, but at first never what arrivals that wander show anyway.
    let sure = age > Self.after ? Self.small : Self.large
    guard stays > max(0.75 * period, sure) else { return nil }
    let lost = (stays / period).rounded()
    guard lost >= 1, lost < 1e6 else { return nil }
    let place = history.lastBefore(delay: (lost - 0.5) * period)
    let cause: Gap.Cause = place?.sawRejectedBytes == true ? .corruption : .silence
    let start = place?.time
    return Missing(
      samples: Int(lost), cause: cause, start: start,
      end: start.map { SessionTime(seconds: $0.seconds + (lost + 1) * period) })
  }

  /// Keeps a sample, so that the place of a loss can be found afterwards; see `DelayHistory`.
  mutating func note(arrival y: Double, delay: Double, before: SessionTime, time: SessionTime, isAfterLoss: Bool) {
    history.note(arrival: y, delay: delay, before: before, time: time, isAfterLoss: isAfterLoss)
  }

  /// Begins anew behind a gap.
  mutating func forget(at y: Double) {
    restart(y)
    history.forget()
  }

  private mutating func restart(_ y: Double) {
    began = y
    least = .infinity
    samples = 0
  }
}
