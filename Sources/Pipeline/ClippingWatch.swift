import Motion

/// Sees readings at an end of the sensor's range where nothing but the numbers can say so: lines of text and tables carry no range.
///
/// Chips measure ±2, 4, 8 or 16 g and ±125 to 4000 °/s. A reading of just such a value is the end of the range: a leg that moves through it by chance is
/// hardly ever caught there.
enum ClippingWatch {
  /// Share by which a printed end may differ from the nominal one: 16-bit words end one step early, and printing rounds.
  private static let tolerance = 5e-4
  private static let smallestAcceleration = 2 * standardGravity
  private static let largestAcceleration = 16 * standardGravity
  private static let smallestRate = 125 * radiansPerDegree
  private static let largestRate = 4000 * radiansPerDegree

  /// Whether a component of the sample is at an end.
  @inline(__always)
  static func isAtEnd(_ sample: borrowing SensorSample) -> Bool {
    let fields = sample.fields
    if fields.contains(.acceleration), isEnd(sample.acceleration, smallestAcceleration, largestAcceleration) {
      return true
    }
    return fields.contains(.angularRate) ? isEnd(sample.angularRate, smallestRate, largestRate) : false
  }

  @inline(__always)
  private static func isEnd(_ vector: Vector3, _ smallest: Double, _ largest: Double) -> Bool {
    // Nearly every sample of a leg ends here.
    guard max(abs(vector.x), abs(vector.y), abs(vector.z)) > 0.99 * smallest else { return false }
    return isEnd(vector.x, smallest, largest) || isEnd(vector.y, smallest, largest)
      || isEnd(vector.z, smallest, largest)
  }

  private static func isEnd(_ value: Double, _ smallest: Double, _ largest: Double) -> Bool {
    var end = smallest
    while end <= largest {
      if abs(abs(value) - end) <= tolerance * end { return true }
      end *= 2
    }
    return false
  }
}
