import DecimalText

/// A sample rate for people.
public enum RateWords {
  /// The rate with its spread (one standard deviation), both in Hz, with as many digits as the spread leaves sense in.
  public static func text(_ rate: Double, _ spread: Double?) -> String {
    guard let spread, spread > 0 else { return text(rate, decimals: 3) + " Hz" }
    var decimals = 0
    var scaled = spread
    while decimals < 6, scaled < 1.5 {
      scaled *= 10
      decimals += 1
    }
    return "\(text(rate, decimals: decimals)) ± \(text(spread, decimals: decimals)) Hz"
  }

  /// What a slow gyroscope does to the angle: what is faster than half the rate looks like slow movement, and the
  /// filter integrates that. A tremor of 0.06° at 9 Hz, read at 10 Hz without a low-pass filter, makes errors of several degrees; from 20 Hz
  /// on none that could be told from the others (simulated lunges).
  ///
  /// - Parameter rate: Hz.
  /// - Returns: a sentence for who reads the result; nil from 20 Hz on.
  public static func doubt(_ rate: Double) -> String? {
    // A sensor that means 20 Hz may send 19.9.
    guard rate < 19 else { return nil }
    return
      "\(text(rate, decimals: 1)) Hz is slow for a gyroscope: tremor and jolts faster than half of that are taken for slow movement and can "
      + "turn the angle by several degrees; set the sensor to 50 Hz or more"
  }

  private static func text(_ value: Double, decimals: Int) -> String {
    var text = TextBuffer(capacity: 32)
    text.append(fixed: value, decimals: decimals)
    return text.string
  }
}
