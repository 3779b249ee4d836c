import DecimalText
import Foundation
import TestKit
import Testing

@Suite struct TextBufferTests {
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    var buffer = TextBuffer()
    buffer.append(fixed: value, decimals: decimals)
    return buffer.string
  }

  /// The exact decimal digits of a Double, from its bits by long arithmetic on decimal digits, rounded half away from
  /// zero: a second way to the same answer that shares nothing with the first.
  static func exactFixed(_ value: Double, _ decimals: Int) -> String {
    var digits = "\(UInt64(value.magnitude.significandBitPattern) | (value.magnitude.isNormal ? 1 << 52 : 0))"
      .utf8.reversed().map { Int($0) - 48 }
    let exponent = Int(max(value.exponentBitPattern, 1)) - 1075
    func times(_ factor: Int) {
      var carry = 0
      for index in digits.indices {
        let sum = digits[index] * factor + carry
        digits[index] = sum % 10
        carry = sum / 10
      }
      while carry > 0 {
        digits.append(carry % 10)
        carry /= 10
      }
    }
    // value = digits × 2^exponent; for a negative exponent that is digits × 5^-exponent × 10^exponent.
    for _ in 0..<abs(exponent) { times(exponent < 0 ? 5 : 2) }
    let fractionDigits = max(-exponent, 0)
    while digits.count <= max(fractionDigits, decimals) { digits.append(0) }
    var kept: [Int]
    if fractionDigits > decimals {
      let cut = fractionDigits - decimals
      let roundsUp = digits[cut - 1] >= 5
      kept = Array(digits[cut...])
      if roundsUp {
        var index = 0
        while true {
          if index == kept.count { kept.append(0) }
          kept[index] += 1
          if kept[index] < 10 { break }
          kept[index] = 0
          index += 1
        }
      }
    } else {
      kept = [Int](repeating: 0, count: decimals - fractionDigits) + digits
    }
    while kept.count > decimals + 1, kept.last == 0 { kept.removeLast() }
    while kept.count < decimals + 1 { kept.append(0) }
    let text = kept.reversed().map(String.init).joined()
    let negative = value < 0 && kept.contains { $0 != 0 }
    let whole = text.dropLast(decimals)
    return (negative ? "-" : "") + whole + (decimals > 0 ? "." + text.suffix(decimals) : "")
  }

  @Test func randomValuesRoundAsTheExactValueDoes() {
    var random = RandomSource(seed: 21)
    for _ in 0..<30_000 {
      let decimals = Int.random(in: 0...9, using: &random)
      let magnitude = Double.exp10(Double.random(in: -12...8.9, using: &random))
      let value = (Bool.random(using: &random) ? -1 : 1) * magnitude
      let (got, want) = (Self.fixed(value, decimals), Self.exactFixed(value, decimals))
      if got != want {
        Issue.record("\(value) with \(decimals): \(got), exact \(want)")
        return
      }
    }
  }

  /// Decimal spellings that end in 5 are the ones where a product's rounding error turns the last digit.
  @Test func spellingsThatEndInFiveRoundAsTheExactValueDoes() {
    var random = RandomSource(seed: 22)
    for _ in 0..<30_000 {
      let decimals = Int.random(in: 0...8, using: &random)
      let units = Int.random(in: 0...10_000_000, using: &random)
      let value = Double("\(units)5e-\(decimals + 1)")!
      let (got, want) = (Self.fixed(value, decimals), Self.exactFixed(value, decimals))
      if got != want {
        Issue.record("\(value) with \(decimals): \(got), exact \(want)")
        return
      }
    }
  }

  @Test func largeValuesKeepEveryDigit() {
    var random = RandomSource(seed: 23)
    for _ in 0..<20_000 {
      let decimals = Int.random(in: 0...9, using: &random)
      let value = Double.random(in: 1e15...8.99e18, using: &random) / Double.exp10(Double(decimals)) * 0.999
      let (got, want) = (Self.fixed(value, decimals), Self.exactFixed(value, decimals))
      if got != want {
        Issue.record("\(value) with \(decimals): \(got), exact \(want)")
        return
      }
    }
  }

  @Test func namedCases() {
    #expect(Self.fixed(1.115, 2) == "1.11")
    #expect(Self.fixed(1.125, 2) == "1.13")
    #expect(Self.fixed(-1.125, 2) == "-1.13")
    #expect(Self.fixed(-0.004, 2) == "0.00")
    #expect(Self.fixed(0, 0) == "0")
    #expect(Self.fixed(-0.0, 3) == "0.000")
    #expect(Self.fixed(0.5, 0) == "1")
    #expect(Self.fixed(0.49999999999999994, 0) == "0")
    #expect(Self.fixed(999.9999, 3) == "1000.000")
    #expect(Self.fixed(.nan, 3) == "nan")
    #expect(Self.fixed(.infinity, 3) == "inf")
    #expect(Self.fixed(-.infinity, 3) == "-inf")
    #expect(Self.fixed(4503599627370497.5, 0) == "4503599627370498")
    #expect(Double(Self.fixed(1e300, 2)) == 1e300)
    #expect(Self.fixed(.leastNonzeroMagnitude, 9) == "0.000000000")
  }

  @Test func secondsFromNanoseconds() {
    func text(_ value: Int64) -> String {
      var buffer = TextBuffer()
      buffer.append(secondsFromNanoseconds: value)
      return buffer.string
    }
    #expect(text(0) == "0.000000")
    #expect(text(499) == "0.000000")
    #expect(text(500) == "0.000001")
    #expect(text(-499) == "0.000000")
    #expect(text(-500) == "-0.000001")
    #expect(text(1_999_999_500) == "2.000000")
    #expect(text(.max) == "9223372036.854776")
    #expect(text(.min) == "-9223372036.854776")
  }

  @Test func integers() {
    var buffer = TextBuffer()
    for value in [Int.min, -1, 0, 7, Int.max] {
      buffer.append(integer: value)
      buffer.append(byte: 32)
    }
    buffer.append(integer: UInt64.max)
    #expect(buffer.string == "-9223372036854775808 -1 0 7 9223372036854775807 18446744073709551615")
  }

  /// A locale with a decimal comma changes nothing, either way.
  @Test func numbersDoNotDependOnTheLocale() throws {
    let before = String(cString: setlocale(LC_ALL, nil))
    defer { setlocale(LC_ALL, before) }
    for name in ["de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8", ""] { _ = setlocale(LC_ALL, name) }
    #expect(Self.fixed(1234.5, 2) == "1234.50")
    #expect(ParseDecimalTests.parse("1234.5") == 1234.5)
    #expect(ParseDecimalTests.parse("1.00000000000000000000005") == 1)
    #expect(ParseDecimalTests.parse("1234,5") == nil)
  }

  @Test func removeAllKeepsTheBufferUsable() {
    var buffer = TextBuffer(capacity: 8)
    buffer.append("abc")
    buffer.append(text: "dé")
    #expect(buffer.string == "abcdé")
    buffer.removeAll()
    #expect(buffer.isEmpty)
    buffer.append(contentsOf: [120, 121])
    #expect(buffer.bytes == [120, 121])
  }
}

extension Double {
  fileprivate static func exp10(_ x: Double) -> Double { Foundation.pow(10, x) }
}
