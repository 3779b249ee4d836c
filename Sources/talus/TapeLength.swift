import Motion

/// A length as somebody reads it off a tape: `8`, `8.1cm`, `81mm`, `3.2in`; a bare number is in centimetres.
enum TapeLength {
  /// m; nil for what is no length between -15 and 40 cm.
  static func metres(_ text: some StringProtocol) -> Double? {
    let units = [("cm", 0.01), ("mm", 0.001), ("in", metresPerInch), ("", 0.01)]
    for (suffix, unit) in units where text.hasSuffix(suffix) {
      guard let number = Double(text.dropLast(suffix.count)), (-0.15...0.4).contains(number * unit) else { return nil }
      return number * unit
    }
    return nil
  }
}
