import Motion

/// Where the channels of a Shimmer lie in a packet, from the list of channels that an inquiry or a log's header gives.
struct ShimmerLayout: Hashable, Sendable {
  /// The generation of the device: they differ in widths and byte orders.
  enum Generation: Hashable, Sendable {
    case shimmer3
    case shimmer3R
  }

  private let generation: Generation
  /// Bytes of a packet's channels.
  private(set) var size = 0
  /// Offset of channel n in the packet; -1 where it is not sent. The first thirteen are the motion channels.
  private var offsets = InlineOffsets()

  init(_ generation: Generation = .shimmer3) { self.generation = generation }

  /// Accelerometers (low noise, wide range), magnetometer and gyroscope: the number of the x channel.
  enum Triple: Int, Sendable {
    case lowNoise = 0
    case wideRange = 4
    case field = 7
    case rate = 10
  }

  /// - Returns: false for a channel of unknown width.
  mutating func append(_ channel: UInt8) -> Bool {
    let width: Int
    switch channel {
    case 0x14...0x19 where generation == .shimmer3: return false
    case 0x1A: width = generation == .shimmer3 ? 2 : 3
    case 0x00...0x19, 0x1C, 0x23...0x28: width = 2
    case 0x1B, 0x1E, 0x1F, 0x21, 0x22: width = 3
    case 0x1D, 0x20: width = 1
    default: return false
    }
    offsets.set(Int(channel), size)
    size += width
    return true
  }

  func holds(_ triple: Triple) -> Bool { (0..<3).allSatisfy { offsets.get(triple.rawValue + $0) >= 0 } }

  /// The raw words of a triple. Those of a Shimmer3's gyroscope have the high byte first, all others the low one.
  func raw(_ packet: Span<UInt8>, _ start: Int, _ triple: Triple) -> Vector3 {
    let isHighFirst = triple == .rate && generation == .shimmer3
    func word(_ axis: Int) -> Double {
      let index = start + offsets.get(triple.rawValue + axis)
      return isHighFirst
        ? Double(Int16(truncatingIfNeeded: Int(packet[index]) << 8 | Int(packet[index + 1])))
        : Double(littleEndianInt16(packet, at: index))
    }
    return Vector3(word(0), word(1), word(2))
  }

  /// Whether a raw word lies at the end of its range: that of 16 bits, or of the twelve of a Shimmer3's analogue low-noise accelerometer.
  func isAtEnd(_ raw: Vector3, _ triple: Triple) -> Bool {
    let (low, high) = triple == .lowNoise && generation == .shimmer3 ? (0.0, 4095.0) : (-32768, 32767)
    func isEnd(_ word: Double) -> Bool { word == low || word == high }
    return isEnd(raw.x) || isEnd(raw.y) || isEnd(raw.z)
  }
}

/// Thirteen small numbers without an array.
private struct InlineOffsets: Hashable, Sendable {
  private var low = SIMD16<Int16>(repeating: -1)
  func get(_ channel: Int) -> Int { channel < 16 ? Int(low[channel]) : -1 }
  mutating func set(_ channel: Int, _ offset: Int) { if channel < 16 { low[channel] = Int16(offset) } }
}

/// The calibration that a Shimmer3 stores for a sensor of three axes: 21 bytes with offset, gain (16 bits, high byte first) and alignment
/// (hundredths). A value is `alignment⁻¹ · (raw − offset) / gain`.
struct ShimmerCalibration: Hashable, Sendable {
  static let length = 21

  private let offset: Vector3
  private let gain: Vector3
  /// The rows of the inverse alignment.
  private let x: Vector3
  private let y: Vector3
  private let z: Vector3

  /// Nil where the device holds none: all zero or all FF, or an alignment that can't be inverted.
  init?(_ bytes: Span<UInt8>, at start: Int, gainUnit: Double) {
    func word(_ index: Int) -> Double {
      Double(Int16(truncatingIfNeeded: Int(bytes[start + 2 * index]) << 8 | Int(bytes[start + 2 * index + 1])))
    }
    func entry(_ index: Int) -> Double { Double(Int8(bitPattern: bytes[start + 12 + index])) / 100 }
    offset = Vector3(word(0), word(1), word(2))
    gain = Vector3(word(3), word(4), word(5)) * gainUnit
    let (a, b, c) = (
      Vector3(entry(0), entry(3), entry(6)), Vector3(entry(1), entry(4), entry(7)),
      Vector3(entry(2), entry(5), entry(8))
    )
    let determinant = a.dot(b.cross(c))
    guard gain.x > 0, gain.y > 0, gain.z > 0, abs(determinant) > 0.1 else { return nil }
    x = b.cross(c) / determinant
    y = c.cross(a) / determinant
    z = a.cross(b) / determinant
  }

  func value(_ raw: Vector3) -> Vector3 {
    let v = raw - offset
    let scaled = Vector3(v.x / gain.x, v.y / gain.y, v.z / gain.z)
    return Vector3(x.dot(scaled), y.dot(scaled), z.dot(scaled))
  }
}

/// The calibrations of one device: what raw words become.
struct ShimmerCalibrations: Hashable, Sendable {
  /// Whether four calibrations can stand there: nothing at all, or gains above zero and axes that were turned, not stretched. An answer without a
  /// checksum shows by nothing else that it is one.
  static func arePossible(_ bytes: Span<UInt8>, at start: Int) -> Bool {
    for place in 0..<4 {
      let block = start + place * ShimmerCalibration.length
      var isEmpty = true
      for index in block..<(block + ShimmerCalibration.length) where bytes[index] != bytes[block] { isEmpty = false }
      if isEmpty && (bytes[block] == 0 || bytes[block] == 0xFF) { continue }
      for index in (block + 12)..<(block + 21) where abs(Int(Int8(bitPattern: bytes[index]))) > 110 { return false }
      guard ShimmerCalibration(bytes, at: block, gainUnit: 1) != nil else { return false }
    }
    return true
  }

  var lowNoise: ShimmerCalibration?
  var wideRange: ShimmerCalibration?
  var field: ShimmerCalibration?
  var rate: ShimmerCalibration?

  /// Sets what the packet holds and a calibration exists for; raw words without one have no unit and are not read.
  func fill(_ packet: Span<UInt8>, _ start: Int, _ layout: ShimmerLayout, _ sample: inout SensorSample) {
    func raw(_ triple: ShimmerLayout.Triple) -> Vector3 {
      let words = layout.raw(packet, start, triple)
      if layout.isAtEnd(words, triple) { sample.flags.insert(.saturated) }
      return words
    }
    if let lowNoise, layout.holds(.lowNoise) {
      sample.acceleration = lowNoise.value(raw(.lowNoise))
      sample.fields.insert(.acceleration)
    } else if let wideRange, layout.holds(.wideRange) {
      sample.acceleration = wideRange.value(raw(.wideRange))
      sample.fields.insert(.acceleration)
    }
    if let rate, layout.holds(.rate) {
      sample.angularRate = rate.value(raw(.rate)) * radiansPerDegree
      sample.fields.insert(.angularRate)
    }
    if let field, layout.holds(.field) {
      // Gauss to µT.
      sample.magneticField = field.value(layout.raw(packet, start, .field)) * 100
      sample.fields.insert(.magneticField)
    }
  }
}
