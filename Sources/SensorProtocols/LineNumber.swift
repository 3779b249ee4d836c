import DecimalText

/// The number that a sensor's text spells in `from ..< to`, or nil. Like `parseDecimal`, but without its way for numbers of any length, which
/// needs memory: no sensor prints more than 19 digits or an exponent beyond 8, and a line of digits is no number.
func lineNumber(_ text: Span<UInt8>, from start: Int, to end: Int) -> Double? {
  guard end &- start <= 26 else { return nil }
  var digits = 0
  var isZero = true
  var index = start
  while index < end, text[index] | 0x20 != UInt8(ascii: "e") {
    if text[index] >= UInt8(ascii: "0") && text[index] <= UInt8(ascii: "9") {
      digits &+= 1
      if text[index] != UInt8(ascii: "0") { isZero = false }
    }
    index &+= 1
  }
  guard digits <= 19 else { return nil }
  if index < end {
    // `e-05` and the like.
    guard end &- index <= 4, let exponent = parseDecimal(text, from: index &+ 1, to: end), abs(exponent) <= 8,
      let mantissa = parseDecimal(text, from: start, to: index)
    else { return nil }
    if isZero { return mantissa }
  }
  return parseDecimal(text, from: start, to: end)
}
