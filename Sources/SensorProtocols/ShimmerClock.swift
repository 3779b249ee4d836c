/// The times of a Shimmer's packets: a counter of 32768 Hz of 24 bits, or of 16 in firmware before LogAndStream 0.6 and BtStream 0.8, low
/// byte first.
///
/// Packets have no checksum and logs no mark, so that a time that follows the one before is what tells a packet. The device samples by a
/// timer; times lie on its grid, up to a jitter that may be an eighth of a period.
struct ShimmerClock: Hashable, Sendable {
  /// Ticks between two samples.
  var period: UInt32 = 0
  /// Bytes of a time.
  var width = 3
  /// The newest packet's time, counted on over the wraps of a short counter.
  private(set) var ticks: UInt32?
  /// The last packet ended where the next one is looked for now.
  private var isAligned = false

  /// The time that stands at `index`.
  func read(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
    let low = UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
    return width == 2 ? low : low | UInt32(bytes[index + 2]) << 16
  }

  /// Whether a time fits behind the newest packet by itself: a later one within four periods, and on the timer's grid where bytes were lost in between.
  /// Further on only the packets behind tell: damage, or noise that is read as a time, would put all that follows into the past.
  func fits(_ time: UInt32) -> Bool {
    guard let ticks else { return false }
    let isNear = (time &- ticks) & mask <= 4 * period + period / 8
    return isNear && (isAligned ? isLater(time, than: ticks) : follows(time, ticks))
  }

  /// Whether a time is later than another by 1 to 64 periods, on the timer's grid: words that are no time seldom are.
  func follows(_ time: UInt32, _ earlier: UInt32) -> Bool {
    guard isLater(time, than: earlier) else { return false }
    let rest = ((time &- earlier) & mask) % period
    return min(rest, period - rest) <= max(1, period / 8)
  }

  /// Whether a time is one period later than another, as that of the next packet is.
  func isNext(_ time: UInt32, _ earlier: UInt32) -> Bool {
    let step = (time &- earlier) & mask
    return period > 0 && step >= period - period / 8 - 1 && step <= period + period / 8 + 1
  }

  private func isLater(_ time: UInt32, than earlier: UInt32) -> Bool {
    let step = (time &- earlier) & mask
    return period > 0 && step >= max(1, period / 2) && step / 65 <= period
  }

  private var mask: UInt32 { width == 2 ? 0xFFFF : 0xFF_FFFF }

  /// A packet with this time was taken.
  mutating func take(_ time: UInt32) {
    let before = ticks ?? time
    ticks = (before &+ ((time &- before) & mask)) & 0xFF_FFFF
    isAligned = true
  }

  /// A byte was stepped over.
  mutating func lose() { isAligned = false }

  /// What was known of times is of another stream.
  mutating func restart() {
    ticks = nil
    isAligned = false
  }
}
