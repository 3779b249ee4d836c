/// Counts on over the wraps of a counter of limited width.
public struct CounterUnwrap: Sendable {
  /// How one value of the counter stands to that before it.
  public enum Step: Hashable, Sendable {
    /// The first value of all.
    case first
    /// The same value again.
    case none
    /// On by so many, over the wrap where that is the shorter way.
    case forward(UInt64)
    /// Back by so few that the sample is late, not the counter wrapped.
    case late(UInt64)
  }

  private let mask: UInt64
  private let lateWindow: UInt64
  private var last: UInt64?

  /// - Parameters:
  ///   - bits: the counter's width, 1 to 64.
  ///   - lateWindow: steps back of up to so much are a late value; never more than an eighth of the range, so that a wrap with losses is
  ///     not taken for one.
  public init(bits: Int, lateWindow: UInt64 = 16) {
    precondition((1...64).contains(bits))
    mask = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    self.lateWindow = min(lateWindow, mask / 8)
  }

  /// Values that the counter can take, as a number: its period.
  public var range: Double { Double(mask) + 1 }

  /// Takes the next value. After a late one the count goes on from the newest, not from the late one.
  public mutating func step(to ticks: UInt64) -> Step {
    let ticks = ticks & mask
    guard let last else {
      self.last = ticks
      return .first
    }
    let forward = (ticks &- last) & mask
    if forward == 0 { return .none }
    let back = (last &- ticks) & mask
    if back <= lateWindow { return .late(back) }
    self.last = ticks
    return .forward(forward)
  }

  /// A value that looked late was ahead by all but a whole round: takes it so, and gives the distance.
  mutating func takeForward(to ticks: UInt64) -> UInt64 {
    let forward = (ticks &- (last ?? ticks)) & mask
    last = ticks & mask
    return forward
  }

  /// Begins anew at this value.
  public mutating func restart(at ticks: UInt64) { last = ticks & mask }
}
