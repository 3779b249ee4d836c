/// Bytes of UTF-8 text under construction. One buffer serves a whole run: `removeAll()` keeps its memory, so that
/// writing lines allocates nothing in steady state. Numbers never depend on a locale.
public struct TextBuffer: Sendable {
  /// The text so far, UTF-8.
  public private(set) var bytes: [UInt8] = []

  /// An empty buffer with room for so many bytes before it grows.
  public init(capacity: Int = 256) {
    bytes.reserveCapacity(capacity)
  }

  /// Empties the buffer and keeps its memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Whether nothing was written since the last `removeAll`.
  @inlinable public var isEmpty: Bool { bytes.isEmpty }

  /// The text as a `String`; for ends of the house that need one.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends text that is known at compile time, without a `String`.
  public mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends the UTF-8 of a text.
  public mutating func append(text: some StringProtocol) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Appends one byte as it is.
  public mutating func append(byte: UInt8) {
    bytes.append(byte)
  }

  /// Appends bytes as they are.
  public mutating func append(contentsOf other: some Sequence<UInt8>) {
    bytes.append(contentsOf: other)
  }

  /// The whole number in decimal digits; of at most 64 bits.
  public mutating func append(integer value: some BinaryInteger) {
    append(digits: UInt64(value.magnitude), isNegative: value < 0)
  }

  /// The value in plain decimal notation with exactly so many decimals (0 to 9).
  ///
  /// What is rounded is the exact value of the Double, half away from zero: 1.115 lies below its decimal spelling and
  /// gives `1.11`. A value that rounds to zero has no minus sign. NaN and infinities have no decimal digits: they become
  /// `nan`, `inf` and `-inf`, and a caller whose format forbids those asks `isFinite` first. So large that its digits
  /// need more than 63 bits, a value is written in its shortest form with an exponent, which every reader of numbers
  /// takes.
  public mutating func append(fixed value: Double, decimals: Int) {
    precondition((0...9).contains(decimals))
    let scale = powersOfTen[decimals]
    let product = value.magnitude * scale
    guard product < 9e18 else {  // also NaN
      append(text: value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : "\(value)")
      return
    }
    // The product's own rounding error, exact by fused multiply-add, decides between two units when it lies near a half.
    let error = (-product).addingProduct(value.magnitude, scale)
    let whole = product.rounded(.down)
    var units = UInt64(whole)
    if product < 0x1p52 {
      if (product - whole - 0.5) + error >= 0 { units += 1 }
    } else {
      // The product is an integer, and the error may be more than one unit.
      let below = error.rounded(.down)
      units = units &+ UInt64(bitPattern: Int64(below) + (error - below >= 0.5 ? 1 : 0))
    }
    append(digits: units, decimals: decimals, isNegative: value < 0 && units > 0)
  }

  /// Nanoseconds as seconds with six decimals, rounded half away from zero: how session time is printed everywhere.
  public mutating func append(secondsFromNanoseconds nanoseconds: Int64) {
    let micros = (nanoseconds.magnitude + 500) / 1000
    append(digits: micros, decimals: 6, isNegative: nanoseconds < 0 && micros > 0)
  }

  /// The number `value` / 10 to the power of `decimals`, with all its decimals and at least one digit before them. Its characters are
  /// written backwards on the stack, the lowest first, and appended at once: every append asks who else holds the bytes.
  private mutating func append(digits value: UInt64, decimals: Int = 0, isNegative: Bool = false) {
    // A sign, twenty digits or nine decimals with zeros before them, and the mark need less.
    var characters = InlineArray<32, UInt8>(repeating: UInt8(ascii: "0"))
    var first = 32
    var rest = value
    if decimals > 0 {
      for _ in 0..<decimals {
        first &-= 1
        characters[first] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0")
        rest /= 10
      }
      first &-= 1
      characters[first] = UInt8(ascii: ".")
    }
    repeat {
      first &-= 1
      characters[first] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0")
      rest /= 10
    } while rest > 0
    if isNegative {
      first &-= 1
      characters[first] = UInt8(ascii: "-")
    }
    characters.span.extracting(first..<32).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }
}

let powersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
