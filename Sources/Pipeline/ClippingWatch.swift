import Motion

/// Sees readings at an end of the sensor's range where nothing but the numbers can say so: lines of text and tables carry no range.
///
/// Chips measure ±2, 4, 8 or 16 g and ±125 to 4000 °/s; a reading of exactly such a value is its end. A range that was shifted by somebody's calibration
/// ends anywhere: there a large component that repeats to the last digit while another one changes shows it. In a moving leg neither happens by chance.
struct ClippingWatch: Sendable {
  /// Shares by which a printed end may differ from the nominal one: 16-bit words end one step early, and printing rounds.
  private static let tolerance = 5e-4
  /// Below these nothing is looked at: no range ends there, and quiet sensors do repeat their readings.
  private static let leastAcceleration = 1.5 * standardGravity
  private static let leastRate = 100 * radiansPerDegree

  private var lastAcceleration = Vector3.zero
  private var lastRate = Vector3.zero

  /// Takes the next sample of a sensor.
  ///
  /// - Returns: whether a component of it was at an end.
  mutating func isAtEnd(_ sample: borrowing SensorSample) -> Bool {
    var isAtEnd = false
    if sample.fields.contains(.acceleration) {
      let new = sample.acceleration
      if new.greatestComponent > Self.leastAcceleration {
        isAtEnd =
          Self.isEnd(new, smallest: 2 * standardGravity, largest: 16 * standardGravity)
          || Self.repeats(new, lastAcceleration, above: Self.leastAcceleration)
      }
      lastAcceleration = new
    }
    if sample.fields.contains(.angularRate) {
      let new = sample.angularRate
      if !isAtEnd, new.greatestComponent > Self.leastRate {
        isAtEnd =
          Self.isEnd(new, smallest: 125 * radiansPerDegree, largest: 4000 * radiansPerDegree)
          || Self.repeats(new, lastRate, above: Self.leastRate)
      }
      lastRate = new
    }
    return isAtEnd
  }

  private static func isEnd(_ vector: Vector3, smallest: Double, largest: Double) -> Bool {
    func isEnd(_ value: Double) -> Bool {
      var end = smallest
      while end <= largest {
        if abs(abs(value) - end) <= tolerance * end { return true }
        end *= 2
      }
      return false
    }
    return isEnd(vector.x) || isEnd(vector.y) || isEnd(vector.z)
  }

  private static func repeats(_ new: Vector3, _ last: Vector3, above least: Double) -> Bool {
    guard new != last else { return false }
    return new.x == last.x && abs(new.x) > least || new.y == last.y && abs(new.y) > least
      || new.z == last.z && abs(new.z) > least
  }
}

extension Vector3 {
  fileprivate var greatestComponent: Double { max(abs(x), abs(y), abs(z)) }
}
