import Motion

/// Registers of 16 bits in a frame, by number.
struct RegisterWords {
  let first: Int
  let count: Int
  /// Index of the first register in the frame.
  let start: Int
  /// Modbus has the high byte first, WitMotion's own frames the low one.
  let isHighFirst: Bool

  func holds(_ register: Int, _ wanted: Int) -> Bool { first <= register && register + wanted <= first + count }

  func word(_ frame: Span<UInt8>, _ register: Int) -> UInt16 {
    let index = start + 2 * (register - first)
    return isHighFirst ? frame.bigEndian(UInt16.self, at: index) : frame.littleEndian(UInt16.self, at: index)
  }

  func signed(_ frame: Span<UInt8>, _ register: Int) -> Double { Double(Int16(bitPattern: word(frame, register))) }

  func vector(_ frame: Span<UInt8>, _ register: Int) -> Vector3 {
    Vector3(signed(frame, register), signed(frame, register + 1), signed(frame, register + 2))
  }

  /// A number of 32 bits in two registers, the low one first.
  func signedPair(_ frame: Span<UInt8>, _ register: Int) -> Double {
    Double(Int32(bitPattern: UInt32(word(frame, register + 1)) << 16 | UInt32(word(frame, register))))
  }
}

/// The registers that hold WitMotion's measurements, whichever frame brings them.
enum WitMotionRegisters {
  /// Sets what the registers hold.
  ///
  /// - Parameter isPrecise: models whose angles have 32 bits: their registers lie elsewhere, and the field is in 13 nT.
  static func read(
    _ frame: Span<UInt8>, _ words: RegisterWords, isPrecise: Bool = false, into sample: inout SensorSample
  ) {
    if words.holds(0x34, 3) {
      sample.acceleration = words.vector(frame, 0x34) * witMotionAccelerationUnit
      sample.fields.insert(.acceleration)
      markSaturation(frame, words, 0x34, &sample)
    }
    if words.holds(0x37, 3) {
      sample.angularRate = words.vector(frame, 0x37) * witMotionAngularRateUnit
      sample.fields.insert(.angularRate)
      markSaturation(frame, words, 0x37, &sample)
    }
    if words.holds(0x3A, 3) {
      sample.magneticField = words.vector(frame, 0x3A) * (isPrecise ? 0.013 : 1)
      sample.fields.insert(.magneticField)
    }
    if isPrecise && words.holds(0x3D, 6) {
      sample.eulerAngles =
        Vector3(words.signedPair(frame, 0x3D), words.signedPair(frame, 0x3F), words.signedPair(frame, 0x41))
        * (0.001 * radiansPerDegree)
      sample.fields.insert(.eulerAngles)
    } else if !isPrecise && words.holds(0x3D, 3) {
      sample.eulerAngles = words.vector(frame, 0x3D) * witMotionAngleUnit
      sample.fields.insert(.eulerAngles)
    }
    let temperature = isPrecise ? 0x43 : 0x40
    if words.holds(temperature, 1) {
      sample.temperature = words.signed(frame, temperature) / 100
      sample.fields.insert(.temperature)
    }
    if words.holds(0x51, 4) {
      let v = words.vector(frame, 0x52) / 32768
      sample.orientation = Quaternion(w: words.signed(frame, 0x51) / 32768, x: v.x, y: v.y, z: v.z)
      sample.fields.insert(.orientation)
    }
  }

  private static func markSaturation(
    _ frame: Span<UInt8>, _ words: RegisterWords, _ register: Int, _ sample: inout SensorSample
  ) {
    for index in 0..<3 {
      let word = words.signed(frame, register + index)
      if word == 32767 || word == -32768 { sample.flags.insert(.saturated) }
    }
  }
}
