import Motion

/// What the length of the acceleration at rest says about its unit, and about gravity.
enum RestMagnitude {
  /// A factor that turns what the file holds into m/s², by the length that the vector has at rest.
  ///
  /// Nil when it is none of m/s², g and mg within 15 %: no sensor on earth reads that far off.
  static func accelerationScale(rest: Double) -> (scale: Double, unit: String)? {
    for (scale, unit) in [(1, "m/s²"), (standardGravity, "g"), (standardGravity / 1000, "mg")]
    where abs(rest * scale / standardGravity - 1) < 0.15 {
      return (scale, unit)
    }
    return nil
  }

  /// The acceleration's length where it is steadiest, in the unit of the file: the median over the steadiest tenth of blocks of 20 samples; of
  /// the whole when there are fewer than two blocks. Nil without any acceleration.
  static func measure(_ samples: [Capture.Sample]) -> Double? {
    let lengths = samples.lazy.filter { $0.sample.fields.contains(.acceleration) }.map { $0.sample.acceleration.length }
    var all: [Double] = []
    all.reserveCapacity(samples.count)
    for length in lengths where length.isFinite { all.append(length) }
    guard !all.isEmpty else { return nil }
    let block = 20
    guard all.count >= 2 * block else { return median(all) }
    var blocks: [(spread: Double, mean: Double)] = []
    for start in stride(from: 0, through: all.count - block, by: block) {
      let part = all[start..<(start + block)]
      let mean = part.reduce(0, +) / Double(block)
      let spread = part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      blocks.append((spread, mean))
    }
    blocks.sort { $0.spread < $1.spread }
    return median(blocks.prefix(max(blocks.count / 10, 1)).map(\.mean))
  }

  private static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }
}
