/// The number that the bytes spell, or nil when they do not spell exactly one: an optional sign, digits with at most one
/// decimal point, an optional exponent. No spaces, no group separators, no `nan`, `inf` or hexadecimal.
///
/// Exact to the last bit: the nearest Double to the decimal value, ties to even. A value too small for a Double is zero
/// with its sign; one too large is no number (nil), so that a result is always finite.
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
  if significant <= 19 {
    let magnitude = nearestDouble(mantissa, timesTenTo: exponent)
    if !magnitude.isNaN { return negative ? -magnitude : magnitude }
  }
  return parseSlowly(text, from: start, to: end, mark: mark)
}

/// `mantissa` × 10^`exponent` for a mantissa above zero and -27 ... 27, rounded once, to nearest, ties to even.
///
/// 5^27 is the last power of five below 2^64, so a product or a quotient of 128 bits holds the exact value, or its first
/// 63 bits with the knowledge whether anything follows. That bit is set behind them: it lies below the rounding
/// position, so one conversion to Double rounds as the exact value would.
@usableFromInline
func roundedOnce(_ mantissa: UInt64, timesTenTo exponent: Int) -> Double {
  let bits: UInt64
  let binaryExponent: Int
  if exponent >= 0 {
    let product = mantissa.multipliedFullWidth(by: powersOfFive[exponent])
    if product.high == 0 {
      bits = product.low
      binaryExponent = exponent
    } else {
      let shift = product.high.leadingZeroBitCount
      bits = product.high << shift | product.low >> (64 - shift) | (product.low << shift != 0 ? 1 : 0)
      binaryExponent = exponent + 64 - shift
    }
  } else {
    let divisor = powersOfFive[-exponent]
    let divisorShift = divisor.leadingZeroBitCount
    let mantissaShift = mantissa.leadingZeroBitCount
    let high = mantissa << mantissaShift
    // The dividend's upper word is below 2^63 and the divisor is not: the quotient fits, with 63 or 64 bits.
    let (quotient, remainder) = (divisor << divisorShift).dividingFullWidth((high >> 1, high << 63))
    bits = quotient | (remainder != 0 ? 1 : 0)
    binaryExponent = exponent + divisorShift - mantissaShift - 63
  }
  return Double(sign: .plus, exponent: binaryExponent, significand: Double(bits))
}

/// The standard library's correctly rounded conversion, for the rare number that the fast path cannot decide.
private func parseSlowly(_ text: Span<UInt8>, from start: Int, to end: Int, mark: UInt8) -> Double? {
  var copy: [UInt8] = []
  copy.reserveCapacity(end - start)
  for index in start..<end { copy.append(text[index] == mark ? UInt8(ascii: ".") : text[index]) }
  guard let value = Double(String(decoding: copy, as: UTF8.self)), value.isFinite else { return nil }
  return value
}

private let powersOfFive: [UInt64] = {
  var powers: [UInt64] = [1]
  for _ in 1...27 { powers.append(powers[powers.count - 1] * 5) }
  return powers
}()
