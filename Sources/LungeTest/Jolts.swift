import Motion

extension EndRange {
  /// Replaces what stands out of its surroundings by more than a tibia can move there and back.
  static func removeJolts(
    _ bins: inout [Bin], _ range: ClosedRange<Int>, _ scratch: inout [Double], _ parameters: SegmentationParameters
  ) {
    let (reach, limit) = (parameters.joltReach, parameters.joltAngle)
    // One check of uniqueness for all that is written.
    var bins = bins.mutableSpan
    var low = range.lowerBound
    var high = range.lowerBound
    // From the bin `rising` up to `high` no value lies further than the limit below an earlier one, and from `falling` on none above.
    // On a rise, what is far above a value comes after it and what is far below it before, so neither is half of its
    // surroundings; on a hold, which is both, nothing is far. Only turns are looked at bin by bin.
    var rising = high
    var falling = high
    var greatest = bins[high].inclination
    var least = greatest
    for i in range {
      let time = bins[i].time
      while low < i - 1, time.seconds(since: bins[low].time) > reach { low += 1 }
      while high < range.upperBound, high < i || bins[high + 1].time.seconds(since: time) <= reach {
        high += 1
        let new = bins[high].inclination
        if greatest - new > limit {
          rising = high
          greatest = new
        }
        if new - least > limit {
          falling = high
          least = new
        }
        greatest = max(greatest, new)
        least = min(least, new)
      }
      // At low rates the reach holds no neighbour; one to either side is then asked.
      var first = max(min(low, i - 1), range.lowerBound)
      var last = min(max(high, i + 1), range.upperBound)
      // At the ends of the movement one side is cut off: a flank that has only one side would look far from its surroundings.
      if first == range.lowerBound { last = min(last, 2 * i - first) }
      if last == range.upperBound { first = max(first, 2 * i - last) }
      let count = last - first + 1
      let isBalanced = 2 * max(i - first, last - i) < count
      if last <= high, first >= (isBalanced ? min(rising, falling) : max(rising, falling)) {
        bins[i].clean = bins[i].inclination
        continue
      }
      // Far from the median means far from half of the surroundings, on one side: counting is quicker than sorting.
      let value = bins[i].inclination
      var above = 0
      var below = 0
      for j in first...last {
        let other = bins[j].inclination
        above &+= other > value + limit ? 1 : 0
        below &+= other < value - limit ? 1 : 0
      }
      let isFar = 2 * max(above, below) >= count
      let isJolt = isFar && (count > 3 || !isTip(bins.span, i, range, limit))
      bins[i].clean = isJolt ? Bin.median(of: bins.span, first...last, &scratch) : value
    }
  }

  /// Where a value has only one neighbour to either side: whether it continues the line through the two values before it, or
  /// through the two after it, as the tip of a quick lunge does and a jolt on a hold does not.
  private static func isTip(_ bins: borrowing Span<Bin>, _ i: Int, _ range: ClosedRange<Int>, _ limit: Double) -> Bool {
    continues(bins, i, near: i - 1, far: i - 2, range, limit)
      || continues(bins, i, near: i + 1, far: i + 2, range, limit)
  }

  private static func continues(
    _ bins: borrowing Span<Bin>, _ i: Int, near: Int, far: Int, _ range: ClosedRange<Int>, _ limit: Double
  ) -> Bool {
    guard range.contains(far) else { return false }
    let run = bins[near].time.seconds(since: bins[far].time)
    guard run != 0 else { return false }
    let rate = (bins[near].inclination - bins[far].inclination) / run
    let expected = bins[near].inclination + rate * bins[i].time.seconds(since: bins[near].time)
    return abs(bins[i].inclination - expected) <= limit
  }
}
