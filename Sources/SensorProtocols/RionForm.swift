/// Where the angles lie in a frame with command 84 (all angles) or 81 (x alone).
///
/// The address has one byte, two or four; behind the command lie two or three angles of three or four bytes. The makers' models use
/// LENGTH 0D (address 1, three of three), 0F (address 1, two of four and three bytes of unknown meaning), 11 (address 2, three of four) and 13
/// (address 4, two of four, temperature, battery); the other lengths follow by the same rule.
struct RionForm {
  /// Index of the first angle.
  let start: Int
  /// Bytes in an angle.
  let width: Int
  /// Bytes of a third field of digits behind x and y; 0 for none.
  private let thirdWidth: Int
  /// Whether the third field is a temperature; else it is a heading, or zero, and not read.
  let hasTemperature: Bool
  /// x and y, as against the answer to a question for x alone.
  let hasBoth: Bool

  /// Index of the command byte.
  var commandPlace: Int { start - 1 }

  /// Nil when the frame's length has no known form, or when its command is another one.
  init?(_ frame: Span<UInt8>) {
    let length = Int(frame[1])
    // A byte of an address is no command of an answer.
    if length >= 6, frame[3] >= 0x80 {
      self.init(frame, address: 1, length)
    } else if length >= 9, frame[4] >= 0x80 {
      self.init(frame, address: 2, length)
    } else if length >= 11, frame[4] < 0x80, frame[5] < 0x80, frame[6] >= 0x80 {
      self.init(frame, address: 4, length)
    } else {
      return nil
    }
  }

  private init?(_ frame: Span<UInt8>, address: Int, _ length: Int) {
    start = 3 + address
    let data = length - 3 - address
    switch (frame[2 + address], data) {
    case (0x81, 3), (0x81, 4): (width, thirdWidth, hasTemperature, hasBoth) = (data, 0, false, false)
    case (0x84, 6): (width, thirdWidth, hasTemperature, hasBoth) = (3, 0, false, true)
    case (0x84, 8), (0x84, 11): (width, thirdWidth, hasTemperature, hasBoth) = (4, 0, false, true)
    case (0x84, 9): (width, thirdWidth, hasTemperature, hasBoth) = (3, 3, false, true)
    case (0x84, 12) where address == 4: (width, thirdWidth, hasTemperature, hasBoth) = (4, 3, true, true)
    case (0x84, 12): (width, thirdWidth, hasTemperature, hasBoth) = (4, 4, false, true)
    default: return nil
    }
  }

  func hasOnlyDigits(_ frame: Span<UInt8>) -> Bool {
    isPackedDecimal(frame, at: start, width: width)
      && (!hasBoth || isPackedDecimal(frame, at: start + width, width: width))
      && (thirdWidth == 0 || isPackedDecimal(frame, at: start + 2 * width, width: thirdWidth))
  }

  /// The digits of an angle as one signed number, the decimal point left out.
  func digits(_ frame: Span<UInt8>, field: Int) -> Double {
    Double(packedDecimal(frame, at: start + field * width, width: width))
  }

  /// °C; written as an angle of three bytes.
  func temperature(_ frame: Span<UInt8>) -> Double {
    Double(packedDecimal(frame, at: start + 2 * width, width: 3)) / 100
  }
}

/// Whether a sign nibble of 0 or 1 and digits stand there.
private func isPackedDecimal(_ bytes: Span<UInt8>, at start: Int, width: Int) -> Bool {
  guard bytes[start] >> 4 <= 1 else { return false }
  for index in start..<(start + width) where bytes[index] & 0x0F > 9 || bytes[index] >> 4 > 9 { return false }
  return true
}

/// The digits as one signed integer, the decimal point left out.
private func packedDecimal(_ bytes: Span<UInt8>, at start: Int, width: Int) -> Int {
  var value = Int(bytes[start] & 0x0F)
  for index in (start + 1)..<(start + width) {
    value = value * 100 + Int(bytes[index] >> 4) * 10 + Int(bytes[index] & 0x0F)
  }
  return bytes[start] >> 4 == 1 ? -value : value
}
