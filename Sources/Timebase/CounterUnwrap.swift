/// Counts on over the wraps of a counter of limited width.
public struct CounterUnwrap: Sendable {
  private let bits: Int
  private var last: UInt64?
  private var total: Int64 = 0

  /// - Parameter bits: the counter's width, 1 to 64.
  public init(bits: Int) {
    precondition((1...64).contains(bits))
    self.bits = bits
  }

  /// The counter's value counted on from 0 at the first sample. A step of up to half the range forward is a step forward, everything
  /// else a step back: a late sample, or a restart, which the caller tells apart by its size.
  public mutating func unwrap(_ ticks: UInt64) -> Int64 {
    let mask: UInt64 = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    guard let last else {
      self.last = ticks & mask
      return 0
    }
    let step = (ticks &- last) & mask
    self.last = ticks & mask
    // Sign-extended: the top bit of the width is the sign.
    let signed = Int64(bitPattern: step << UInt64(64 - bits)) >> Int64(64 - bits)
    total &+= signed
    return total
  }

  /// Begins anew at the next value; the count goes on from where it was.
  public mutating func restart(at ticks: UInt64) {
    let mask: UInt64 = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    last = ticks & mask
  }
}
