import Motion

/// Commands to a Shimmer3 over Bluetooth, as bytes to send. Each is answered by an acknowledgement.
public enum ShimmerCommand {
  /// Asks for the rate and the channels of a packet.
  public static let inquire: [UInt8] = [0x01]
  /// Starts the stream.
  public static let start: [UInt8] = [0x07]
  /// Stops the stream; harmless when there is none.
  public static let stop: [UInt8] = [0x20]
  /// Asks for the calibrations of the motion sensors.
  public static let calibrations: [UInt8] = [0x2C]
  /// Asks which firmware the device runs: on it depends how long a packet's time is.
  public static let firmware: [UInt8] = [0x2E]
  /// Sets the rate: 32768 Hz over `period`.
  public static func rate(period: UInt16) -> [UInt8] { [0x05, UInt8(period & 0xFF), UInt8(period >> 8)] }
}

/// Writes the Bluetooth stream of a Shimmer3 with its wide-range accelerometer (±16 g) and its gyroscope (±2000 °/s): first the answers to an
/// inquiry and to the question for the calibrations, then packets. Or the log of its memory card, its header first.
///
/// Both begin with the period, which two samples with a device time tell: the first of them is written along with the
/// second. Without device times the period is that of 51.2 Hz.
public struct ShimmerEncoder: SampleEncoder {
  /// What is written.
  public enum Form: Hashable, Sendable, CaseIterable {
    case stream
    case log
  }

  /// 51.2 Hz, in ticks of 1/32768 s.
  public static let usualPeriod: UInt16 = 640
  /// Words to one m/s², and to one °/s, times 100 as the device keeps the gyroscope's.
  private static let accelerationGain = 209
  private static let rateGain = 1640

  private let form: Form
  private var period: UInt16?
  private var ticks: UInt32 = 0
  private var first: SensorSample?

  public init(_ form: Form = .stream) { self.form = form }

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.isSuperset(of: [.acceleration, .angularRate]) else { return }
    if period == nil {
      if let first {
        let step = sample.deviceTicks &- first.deviceTicks
        begin(step > 0 && step <= 32768 ? UInt16(step) : Self.usualPeriod, into: &bytes)
        append(first, into: &bytes)
        self.first = nil
      } else if sample.fields.contains(.deviceTime) {
        first = copy sample
        return
      } else {
        begin(Self.usualPeriod, into: &bytes)
      }
    }
    append(sample, into: &bytes)
  }

  private mutating func begin(_ period: UInt16, into bytes: inout [UInt8]) {
    self.period = period
    switch form {
    case .stream:
      bytes += Self.firmwareAnswer
      bytes += Self.inquiryAnswer(period: period)
      bytes += Self.calibrationAnswer
      bytes.append(0xFF)
    case .log: bytes += Self.logHeader(period: period)
    }
  }

  private mutating func append(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    if sample.fields.contains(.deviceTime) { ticks = UInt32(truncatingIfNeeded: sample.deviceTicks) & 0xFF_FFFF }
    if form == .stream { bytes.append(0) }
    for shift in [UInt32(0), 8, 16] { bytes.append(UInt8(truncatingIfNeeded: ticks >> shift)) }
    let a = sample.acceleration * Double(Self.accelerationGain)
    let g = sample.angularRate * (degreesPerRadian * Double(Self.rateGain) / 100)
    // In the order of the inquiry's answer; in a log the gyroscope comes first.
    if form == .log { append(rate: g, into: &bytes) }
    for value in [a.x, a.y, a.z] { bytes.append(littleEndian: Int16(rounded(value, within: -32768...32767))) }
    if form == .stream { append(rate: g, into: &bytes) }
    ticks = (ticks &+ UInt32(period ?? Self.usualPeriod)) & 0xFF_FFFF
  }

  private func append(rate: Vector3, into bytes: inout [UInt8]) {
    for value in [rate.x, rate.y, rate.z] {
      bytes.append(bigEndian: Int16(rounded(value, within: -32768...32767)))
    }
  }

  /// The acknowledgement, and LogAndStream 0.11.0.
  public static let firmwareAnswer: [UInt8] = [0xFF, 0x2F, 3, 0, 0, 0, 11, 0]

  /// The acknowledgement, and six channels: wide-range accelerometer and gyroscope.
  public static func inquiryAnswer(period: UInt16) -> [UInt8] {
    [0xFF, 0x02, UInt8(period & 0xFF), UInt8(period >> 8), 0, 0, 0, 0, 6, 1, 0x04, 0x05, 0x06, 0x0A, 0x0B, 0x0C]
  }

  /// The acknowledgement, and four calibrations without offset and with axes as they are.
  public static var calibrationAnswer: [UInt8] {
    [0xFF, 0x2D] + [accelerationGain, rateGain, 667, accelerationGain].flatMap(calibration)
  }

  private static func calibration(gain: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 6)
    for _ in 0..<3 { bytes.append(bigEndian: UInt16(gain)) }
    return bytes + [100, 0, 0, 0, 100, 0, 0, 0, 100]
  }

  /// The 256 bytes before the packets of a log.
  public static func logHeader(period: UInt16) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: ShimmerLogHeader.shortest)
    func set(_ place: Int, _ bytes: [UInt8]) {
      for (index, byte) in bytes.enumerated() { header[place + index] = byte }
    }
    // Gyroscope (bit 6) and wide-range accelerometer (bit 12).
    set(0, [UInt8(period & 0xFF), UInt8(period >> 8), 0, 0x40, 0x10, 0])
    set(0x1E, [0, 3, 0, 0, 0, 3, 0, 0, 11, 0])
    for (place, gain) in [(0x4C, accelerationGain), (0x61, rateGain), (0x76, 667), (0x8B, accelerationGain)] {
      set(place, calibration(gain: gain))
    }
    return header
  }
}
