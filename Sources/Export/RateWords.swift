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

  private static func text(_ value: Double, decimals: Int) -> String {
    var text = TextBuffer(capacity: 32)
    text.append(fixed: value, decimals: decimals)
    return text.string
  }
}
