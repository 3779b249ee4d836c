import Motion

/// Numbers of fixed width in a frame, whose format has checked the frame's length before.
extension Span where Element == UInt8 {
  /// The integer whose highest byte stands at `index`.
  @inline(__always)
  func bigEndian<Integer: FixedWidthInteger>(_ type: Integer.Type, at index: Int) -> Integer {
    var value: Integer = 0
    for offset in 0..<(Integer.bitWidth / 8) {
      value = value << 8 | Integer(truncatingIfNeeded: self[index &+ offset])
    }
    return value
  }

  /// The integer whose lowest byte stands at `index`.
  @inline(__always)
  func littleEndian<Integer: FixedWidthInteger>(_ type: Integer.Type, at index: Int) -> Integer {
    var value: Integer = 0
    for offset in 0..<(Integer.bitWidth / 8) {
      value |= Integer(truncatingIfNeeded: self[index &+ offset]) << Integer(truncatingIfNeeded: 8 &* offset)
    }
    return value
  }

  /// The IEEE 754 single-precision number at `index`, high byte first.
  @inline(__always)
  func bigEndianFloat(at index: Int) -> Double {
    Double(Float(bitPattern: bigEndian(UInt32.self, at: index)))
  }

  /// The IEEE 754 single-precision number at `index`, low byte first.
  @inline(__always)
  func littleEndianFloat(at index: Int) -> Double {
    Double(Float(bitPattern: littleEndian(UInt32.self, at: index)))
  }

  /// Three single-precision numbers in a row, high byte first.
  @inline(__always)
  func bigEndianVector(at index: Int) -> Vector3 {
    Vector3(bigEndianFloat(at: index), bigEndianFloat(at: index &+ 4), bigEndianFloat(at: index &+ 8))
  }

  /// Three single-precision numbers in a row, low byte first.
  @inline(__always)
  func littleEndianVector(at index: Int) -> Vector3 {
    Vector3(littleEndianFloat(at: index), littleEndianFloat(at: index &+ 4), littleEndianFloat(at: index &+ 8))
  }
}

extension Array where Element == UInt8 {
  /// Appends an integer, high byte first.
  @inline(__always)
  mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
    for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> Integer(truncatingIfNeeded: shift)))
    }
  }

  /// Appends an integer, low byte first.
  @inline(__always)
  mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
    for shift in stride(from: 0, to: Integer.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> Integer(truncatingIfNeeded: shift)))
    }
  }

  /// Appends the nearest single-precision number, high byte first.
  @inline(__always)
  mutating func append(bigEndianFloat value: Double) { append(bigEndian: Float(value).bitPattern) }

  /// Appends the nearest single-precision number, low byte first.
  @inline(__always)
  mutating func append(littleEndianFloat value: Double) { append(littleEndian: Float(value).bitPattern) }

  /// Appends the three components as single-precision numbers, high byte first.
  @inline(__always)
  mutating func append(bigEndian vector: Vector3) {
    append(bigEndianFloat: vector.x)
    append(bigEndianFloat: vector.y)
    append(bigEndianFloat: vector.z)
  }

  /// Appends the three components as single-precision numbers, low byte first.
  @inline(__always)
  mutating func append(littleEndian vector: Vector3) {
    append(littleEndianFloat: vector.x)
    append(littleEndianFloat: vector.y)
    append(littleEndianFloat: vector.z)
  }
}
