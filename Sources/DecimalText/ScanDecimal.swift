/// The number that begins at `index`: an optional sign, digits with at most one decimal mark among them, an optional exponent. `index` moves to
/// the first byte that does not belong to it. NaN, and an index of no meaning, for what is no number and for a number that needs more than
/// this way takes (more than 19 digits, or an exponent that 64-bit powers do not reach): `parseDecimal` reads those. What is read is exact to the
/// last bit.
///
/// No bounds are checked: at or behind `index` must stand a byte that belongs to no number, such as a line end.
@inlinable
@inline(__always)
public func scanDecimal(_ text: Span<UInt8>, at index: inout Int, mark: UInt8) -> Double {
  let isNegative = text[unchecked: index] == UInt8(ascii: "-")
  if isNegative || text[unchecked: index] == UInt8(ascii: "+") { index &+= 1 }
  var mantissa: UInt64 = 0
  let start = index
  var digit = text[unchecked: index] &- 48
  while digit < 10 {
    mantissa = mantissa &* 10 &+ UInt64(digit)
    index &+= 1
    digit = text[unchecked: index] &- 48
  }
  var digits = index &- start
  var exponent = 0
  if text[unchecked: index] == mark {
    index &+= 1
    let behind = index
    digit = text[unchecked: index] &- 48
    while digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      index &+= 1
      digit = text[unchecked: index] &- 48
    }
    exponent = behind &- index
    digits &-= exponent
  }
  // Nineteen digits fit into 64 bits.
  guard digits > 0, digits < 20 else { return .nan }
  if text[unchecked: index] | 0x20 == UInt8(ascii: "e") {
    index &+= 1
    let isSmall = text[unchecked: index] == UInt8(ascii: "-")
    if isSmall || text[unchecked: index] == UInt8(ascii: "+") { index &+= 1 }
    var power = 0
    let first = index
    digit = text[unchecked: index] &- 48
    while digit < 10, index &- first < 6 {
      power = power &* 10 &+ Int(digit)
      index &+= 1
      digit = text[unchecked: index] &- 48
    }
    guard index > first, digit >= 10 else { return .nan }
    exponent &+= isSmall ? -power : power
  }
  let magnitude = nearestDouble(mantissa, timesTenTo: exponent)
  return isNegative ? -magnitude : magnitude
}

/// The Double that is nearest to `mantissa` × 10^`exponent`, ties to even; NaN where 64-bit powers do not decide it.
@inlinable
@inline(__always)
func nearestDouble(_ mantissa: UInt64, timesTenTo exponent: Int) -> Double {
  // Clinger's fast path (1990): both numbers are exact Doubles, so one correctly rounded operation is exact.
  if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
    return exponent < 0
      ? Double(mantissa) / exactPowersOfTen[unchecked: -exponent]
      : Double(mantissa) * exactPowersOfTen[unchecked: exponent]
  }
  if mantissa == 0 { return 0 }
  return exponent >= -27 && exponent <= 27 ? roundedOnce(mantissa, timesTenTo: exponent) : .nan
}

@usableFromInline
let exactPowersOfTen: InlineArray<23, Double> = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
