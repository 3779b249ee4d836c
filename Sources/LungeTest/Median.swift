extension Bin {
  /// Median of the inclinations as they came.
  static func median(
    of bins: borrowing Span<Bin>, _ range: ClosedRange<Int>, _ scratch: inout [Double]
  ) -> Double {
    scratch.removeAll(keepingCapacity: true)
    for i in range { scratch.append(bins[i].inclination) }
    var values = scratch.mutableSpan
    let middle = values.count / 2
    select(middle, of: &values)
    guard values.count % 2 == 0 else { return values[middle] }
    var below = values[0]
    for i in 1..<max(middle, 1) { below = max(below, values[i]) }
    return 0.5 * (below + values[middle])
  }

  /// Brings the value that has `place` others below it in order to its place, those not greater before it (Hoare's selection): in place,
  /// and a fraction of the work of a sort.
  private static func select(_ place: Int, of values: inout MutableSpan<Double>) {
    var first = 0
    var last = values.count - 1
    while first < last {
      let pivot = values[place]
      var low = first
      var high = last
      repeat {
        while values[low] < pivot { low &+= 1 }
        while pivot < values[high] { high &-= 1 }
        if low <= high {
          values.swapAt(low, high)
          low &+= 1
          high &-= 1
        }
      } while low <= high
      if high < place { first = low }
      if place < low { last = high }
    }
  }
}
