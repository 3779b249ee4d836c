import Motion

/// Where the channels of a Shimmer3 lie in a packet, from the list of channels that an inquiry or a log's header gives.
struct ShimmerLayout: Hashable, Sendable {
  /// Bytes of a packet's channels.
  private(set) var size = 0
  /// Offset of channel n in the packet; -1 where it is not sent. The first thirteen are the motion channels.
  private var offsets = InlineOffsets()

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
    case 0x00...0x13, 0x1A, 0x1C, 0x23...0x28: width = 2
    case 0x1B, 0x1E, 0x1F, 0x21, 0x22: width = 3
    case 0x1D, 0x20: width = 1
    default: return false
    }
    offsets.set(Int(channel), size)
    size += width
    return true
  }

  func holds(_ triple: Triple) -> Bool { (0..<3).allSatisfy { offsets.get(triple.rawValue + $0) >= 0 } }

  /// The raw words of a triple; the gyroscope's have the high byte first, all others the low one.
  func raw(_ packet: Span<UInt8>, _ start: Int, _ triple: Triple) -> Vector3 {
    func word(_ axis: Int) -> Double {
      let index = start + offsets.get(triple.rawValue + axis)
      return triple == .rate
        ? Double(Int16(truncatingIfNeeded: Int(packet[index]) << 8 | Int(packet[index + 1])))
        : Double(littleEndianInt16(packet, at: index))
    }
    return Vector3(word(0), word(1), word(2))
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
  var lowNoise: ShimmerCalibration?
  var wideRange: ShimmerCalibration?
  var field: ShimmerCalibration?
  var rate: ShimmerCalibration?

  /// Sets what the packet holds and a calibration exists for; raw words without one have no unit and are not read.
  func fill(_ packet: Span<UInt8>, _ start: Int, _ layout: ShimmerLayout, _ sample: inout SensorSample) {
    if let lowNoise, layout.holds(.lowNoise) {
      sample.acceleration = lowNoise.value(layout.raw(packet, start, .lowNoise))
      sample.fields.insert(.acceleration)
    } else if let wideRange, layout.holds(.wideRange) {
      sample.acceleration = wideRange.value(layout.raw(packet, start, .wideRange))
      sample.fields.insert(.acceleration)
    }
    if let rate, layout.holds(.rate) {
      sample.angularRate = rate.value(layout.raw(packet, start, .rate)) * radiansPerDegree
      sample.fields.insert(.angularRate)
    }
    if let field, layout.holds(.field) {
      // Gauss to µT.
      sample.magneticField = field.value(layout.raw(packet, start, .field)) * 100
      sample.fields.insert(.magneticField)
    }
  }
}

/// The 24-bit clock of 32768 Hz, low byte first.
func shimmerTicks(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
  UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
}

/// Whether a packet's time is later than another's by 1 to 64 periods. The device samples by a timer, so that times lie on a grid;
/// words that are no time seldom do.
func shimmerFollows(_ ticks: UInt32, _ earlier: UInt32, period: UInt32) -> Bool {
  let step = (ticks &- earlier) & 0xFF_FFFF
  guard step > 0, step <= 65 * period, period > 0 else { return false }
  let rest = step % period
  return step >= period / 2 && min(rest, period - rest) <= max(1, period / 32)
}
