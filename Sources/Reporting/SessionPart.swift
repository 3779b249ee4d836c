import LungeTest
import Motion
import Replay

/// The part of a session that a report is of. The engine runs from the session's start all the same: what it had learned before belongs to the part.
public struct SessionPart: Sendable {
  /// Where a part begins or ends.
  public enum Bound: Sendable, Equatable {
    /// Session time, s.
    case time(Double)
    /// The moment of the operator's first marker with this text, from the part's beginning on.
    case marker(String)
  }

  /// Nil for the session's own.
  public var start: Bound?
  public var end: Bound?

  public init(start: Bound? = nil, end: Bound? = nil) {
    self.start = start
    self.end = end
  }
}

/// Follows a session, and knows when it is inside the part.
struct PartFollower {
  private let part: SessionPart
  private var start: SessionTime?
  private var end: SessionTime?
  private var markers: [String] = []

  init(_ part: SessionPart) {
    self.part = part
    switch part.start {
    case nil: start = SessionTime(nanoseconds: .min)
    case .time(let seconds)?: start = SessionTime(seconds: seconds)
    case .marker?: break
    }
    if case .time(let seconds)? = part.end { end = SessionTime(nanoseconds: Int64(min(seconds * 1e9, 9e18))) }
  }

  mutating func mark(_ text: String, at time: SessionTime) {
    if markers.count < 100 { markers.append(text) }
    if start == nil, part.start == .marker(text) {
      start = time
    } else if start != nil, end == nil, part.end == .marker(text) {
      end = time
    }
  }

  /// Whether this time belongs to the part, as far as is known yet.
  func holds(_ time: SessionTime) -> Bool {
    guard let start else { return false }
    return time >= start && time <= end ?? SessionTime(nanoseconds: .max)
  }

  /// A trial belongs to the part that its end range lies in whole.
  func holds(_ trial: Trial) -> Bool { holds(trial.start) && holds(trial.end) }

  /// Checks that the part was found.
  ///
  /// - Throws: `SessionInput.Unusable` with the markers that there are.
  func check(_ input: SessionInput) throws {
    for (bound, found) in [(part.start, start != nil), (part.end, end != nil)] {
      guard case .marker(let text)? = bound, !found else { continue }
      let list = markers.isEmpty ? "there are none" : "there are " + markers.map { "'\($0)'" }.joined(separator: ", ")
      throw SessionInput.Unusable(
        description: "\(input.path): no marker '\(text)' where it has to be; \(list)", isUnreadable: false)
    }
  }

  /// What a reader has to know; nil for the whole session.
  var note: String? {
    guard part.start != nil || part.end != nil else { return nil }
    func shown(_ time: SessionTime?) -> String {
      guard let time, time.nanoseconds < .max / 2 else { return "the end" }
      return time.nanoseconds < 0 ? "the start" : "\((time.seconds * 1000).rounded() / 1000) s"
    }
    return "the part from \(shown(start)) to \(shown(end)) of the session, whose times are kept"
  }
}
