import DecimalText
import Motion

/// Writes the line that the plotter sketch of Adafruit's MPU-6050 library prints: acceleration in m/s² and angular rate in rad/s. A sample without
/// either gives nothing.
public struct StockLineEncoder: SampleEncoder {
  private var text = TextBuffer()

  public init() {}

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.isSuperset(of: [.acceleration, .angularRate]) else { return }
    text.removeAll()
    append("AccelX:", sample.acceleration.x)
    append(",AccelY:", sample.acceleration.y)
    append(",AccelZ:", sample.acceleration.z)
    append(", GyroX:", sample.angularRate.x)
    append(",GyroY:", sample.angularRate.y)
    append(",GyroZ:", sample.angularRate.z)
    text.append("\r\n")
    bytes.append(contentsOf: text.bytes)
  }

  private mutating func append(_ name: StaticString, _ value: Double) {
    text.append(name)
    text.append(fixed: value, decimals: 4)
  }
}
