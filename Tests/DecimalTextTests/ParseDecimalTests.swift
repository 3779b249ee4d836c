import DecimalText
import TestKit
import Testing

@Suite struct ParseDecimalTests {
  static func parse(_ text: String, mark: UInt8 = UInt8(ascii: ".")) -> Double? {
    let bytes = Array(text.utf8)
    return parseDecimal(bytes.span, from: 0, to: bytes.count, mark: mark)
  }

  /// The standard library is the reference; it also takes spellings that are not ours, which the texts here avoid.
  static func agrees(_ text: String) -> Bool {
    let expected = Double(text).flatMap { $0.isFinite ? $0 : nil }
    return parse(text)?.bitPattern == expected?.bitPattern
  }

  @Test func randomNumbersOfEverySpellingAgreeToTheBit() {
    var random = RandomSource(seed: 11)
    for _ in 0..<300_000 {
      let digits = Int.random(in: 1...21, using: &random)
      var text = Bool.random(using: &random) ? "-" : ""
      let point = Int.random(in: 0...digits, using: &random)
      for index in 0..<digits {
        if index == point { text += "." }
        text.unicodeScalars.append(Unicode.Scalar(UInt8.random(in: 48...57, using: &random)))
      }
      if Int.random(in: 0..<3, using: &random) == 0 { text += "e\(Int.random(in: -40...40, using: &random))" }
      if !Self.agrees(text) {
        Issue.record("\(text): \(String(describing: Self.parse(text)))")
        return
      }
    }
  }

  @Test func shortestSpellingOfRandomBitsComesBack() {
    var random = RandomSource(seed: 12)
    for _ in 0..<200_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      if Self.parse("\(value)")?.bitPattern != value.bitPattern {
        Issue.record("\(value)")
        return
      }
    }
  }

  /// Numbers half way between two Doubles, and one digit either side: the places where a rounding error shows.
  @Test func halfwayNumbersRoundToEven() {
    var random = RandomSource(seed: 13)
    for _ in 0..<50_000 {
      // 54 bits with the last one set: exactly half way; times a power of two it still has a short decimal spelling.
      let odd = (1 << 53) | (random.next() >> 11) | 1
      let shift = Int.random(in: 0...9, using: &random)
      // odd / 2^shift, in decimal, exactly: the fraction is a multiple of 1/2^shift.
      let whole = odd >> UInt64(shift)
      var fraction = odd & ((1 << UInt64(shift)) - 1)
      var text = "\(whole)."
      for _ in 0..<max(shift, 1) {
        fraction *= 10
        text += "\(fraction >> UInt64(shift))"
        fraction &= (1 << UInt64(shift)) - 1
      }
      for candidate in [text, text + "0", text + "1", String(text.dropLast()) + "4"] where !Self.agrees(candidate) {
        Issue.record("\(candidate)")
        return
      }
    }
  }

  @Test(arguments: [
    "0", "-0", "0.0", "+1", "1.", ".5", "-.5e-3", "00472", "1.595933810034E12", "1e22", "1e23", "8.5e22",
    "123456789e-30",
    "9007199254740993", "9007199254740992.5", "18446744073709551615", "18446744073709551616", "9999999999999999999",
    "99999999999999999999", "1.7976931348623157e308", "1.7976931348623158e308", "4.9e-324", "2.4703282292062327e-324",
    "2.4703282292062328e-324", "2.2250738585072011e-308", "2.2250738585072014e-308", "1e-400", "-1e-400", "0e999999",
    "0.000000000000000000000000000000000000001", "100000000000000000000000000000000000000000000000000000000000000e-60",
    "6.02e+23", "1E-05", "2.810500002E-3", "1.6232e-035", "0.0000000000000000000000000000000000000000e5",
  ])
  func nastyNumbersAgreeToTheBit(_ text: String) {
    #expect(Self.agrees(text), "\(text) gave \(String(describing: Self.parse(text)))")
  }

  @Test(arguments: [
    "", "-", "+", ".", "e5", "1e", "1e+", "1e-", "--1", "1..2", "1.2.3", " 1", "1 ", "1,5", "nan", "NaN", "inf",
    "-inf", "infinity", "0x10", "1_000", "1e5.5", "1.5f", "१", "1e400", "-1e99999999999999999999",
  ])
  func whatIsNoNumberIsNil(_ text: String) {
    #expect(Self.parse(text) == nil)
  }

  @Test func commaAsTheMark() {
    let comma = UInt8(ascii: ",")
    #expect(Self.parse("-0,4826", mark: comma) == -0.4826)
    #expect(Self.parse("1,0000000000000000000001e2", mark: comma) == 100)
    #expect(Self.parse("1.5", mark: comma) == nil)
    #expect(Self.parse("12345678901234567890.5", mark: comma) == nil)
  }

  @Test func randomBytesNeverTrap() {
    var random = RandomSource(seed: 14)
    let alphabet = Array("0123456789+-.eE, x\0".utf8)
    for _ in 0..<100_000 {
      let bytes = (0..<Int.random(in: 0...30, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
      let value = parseDecimal(bytes.span)
      #expect(value?.isFinite ?? true)
    }
  }
}
