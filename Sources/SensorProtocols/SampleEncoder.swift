import Motion

/// Turns samples into the bytes that a device of the protocol would send, for the simulator and for playing a recording
/// out of a virtual serial port.
public protocol SampleEncoder: Sendable {
  /// Appends the frames of one sample, rounded to the protocol's resolution and held within its range. A sample that
  /// lacks what the protocol must send appends nothing.
  mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8])
}

/// The nearest integer to `value`, held within the limits; zero for NaN.
func rounded(_ value: Double, within limits: ClosedRange<Int>) -> Int {
  guard value == value else { return 0 }
  return Int(min(max(value, Double(limits.lowerBound)), Double(limits.upperBound)).rounded())
}
