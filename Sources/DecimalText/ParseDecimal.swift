/// The number that the bytes spell, or nil when they do not spell exactly one: an optional sign, digits with at most one
/// decimal point, an optional exponent. No spaces, no group separators, no `nan`, `inf` or hexadecimal.
///
/// Exact to the last bit: the nearest Double to the decimal value, ties to even.
public func parseDecimal(_ text: Span<UInt8>) -> Double? {
  parseDecimal(text, from: 0, to: text.count)
}

/// `parseDecimal` of the bytes `from ..< to`, with another decimal mark where the text needs one (a comma).
public func parseDecimal(
  _ text: Span<UInt8>, from start: Int, to end: Int, mark: UInt8 = UInt8(ascii: ".")
) -> Double? {
  var index = start
  var negative = false
  if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
    negative = text[index] == UInt8(ascii: "-")
    index += 1
  }
  var mantissa: UInt64 = 0
  var significant = 0
  var exponent = 0
  var sawDigit = false
  var sawMark = false
  while index < end {
    let byte = text[index]
    if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
      sawDigit = true
      if significant < 19 {
        mantissa = mantissa * 10 + UInt64(byte &- UInt8(ascii: "0"))
        if mantissa > 0 { significant += 1 }
        if sawMark { exponent -= 1 }
      } else {
        significant += 1  // more digits than 64 bits hold: the exact way below
        if !sawMark { exponent += 1 }
      }
    } else if byte == mark && !sawMark {
      sawMark = true
    } else {
      break
    }
    index += 1
  }
  guard sawDigit else { return nil }
  if index < end, text[index] | 0x20 == UInt8(ascii: "e") {
    index += 1
    var negativeExponent = false
    if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      negativeExponent = text[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < end else { return nil }
    var value = 0
    while index < end, text[index] >= UInt8(ascii: "0"), text[index] <= UInt8(ascii: "9") {
      value = min(value * 10 + Int(text[index] &- UInt8(ascii: "0")), 100_000)
      index += 1
    }
    exponent += negativeExponent ? -value : value
    if text[index - 1] < UInt8(ascii: "0") || text[index - 1] > UInt8(ascii: "9") { return nil }
  }
  guard index == end else { return nil }
  // Clinger's fast path (1990): both numbers are exact Doubles, so one correctly rounded operation is exact.
  if significant <= 19, mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
    let magnitude =
      exponent < 0 ? Double(mantissa) / exactPowersOfTen[-exponent] : Double(mantissa) * exactPowersOfTen[exponent]
    return negative ? -magnitude : magnitude
  }
  return parseSlowly(text, from: start, to: end, mark: mark)
}

/// The standard library's correctly rounded conversion, for the rare number that the fast path cannot decide.
private func parseSlowly(_ text: Span<UInt8>, from start: Int, to end: Int, mark: UInt8) -> Double? {
  var copy: [UInt8] = []
  copy.reserveCapacity(end - start)
  for index in start..<end { copy.append(text[index] == mark ? UInt8(ascii: ".") : text[index]) }
  return Double(String(decoding: copy, as: UTF8.self))
}

private let exactPowersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
