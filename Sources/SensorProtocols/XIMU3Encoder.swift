import DecimalText
import Motion

/// Writes x-IMU3 messages: `I` for acceleration and angular rate, then `Q` for an orientation or `A` for Euler angles. `deviceTicks`
/// are microseconds; a sample without device time gives nothing.
public struct XIMU3Encoder: SampleEncoder {
  /// How a message is written.
  public enum Form: Hashable, Sendable, CaseIterable {
    case text
    case binary
  }

  private let form: Form
  private var text = TextBuffer()

  public init(_ form: Form) { self.form = form }

  public mutating func encode(_ sample: borrowing SensorSample, into bytes: inout [UInt8]) {
    guard sample.fields.contains(.deviceTime) else { return }
    let time = sample.deviceTicks
    if sample.fields.isSuperset(of: [.acceleration, .angularRate]) {
      let rate = sample.angularRate * degreesPerRadian
      let force = sample.acceleration / standardGravity
      begin(UInt8(ascii: "I"), time, &bytes)
      append(rate, &bytes)
      append(force, &bytes)
      end(&bytes)
    }
    if sample.fields.contains(.orientation) {
      let q = sample.orientation
      begin(UInt8(ascii: "Q"), time, &bytes)
      append(q.w, &bytes)
      append(Vector3(q.x, q.y, q.z), &bytes)
      end(&bytes)
    } else if sample.fields.contains(.eulerAngles) {
      begin(UInt8(ascii: "A"), time, &bytes)
      append(sample.eulerAngles * degreesPerRadian, &bytes)
      end(&bytes)
    }
  }

  private mutating func begin(_ letter: UInt8, _ time: UInt64, _ bytes: inout [UInt8]) {
    switch form {
    case .text:
      text.removeAll()
      text.append(byte: letter)
      text.append(byte: UInt8(ascii: ","))
      text.append(integer: time)
    case .binary:
      bytes.append(letter | 0x80)
      for shift in 0..<8 { stuff(UInt8(truncatingIfNeeded: time >> UInt64(8 * shift)), &bytes) }
    }
  }

  private mutating func append(_ value: Double, _ bytes: inout [UInt8]) {
    // The device holds text to this range; not a number becomes zero.
    let held = value == value ? min(max(value, -999_999.9999), 999_999.9999) : 0
    switch form {
    case .text:
      text.append(byte: UInt8(ascii: ","))
      text.append(fixed: held, decimals: 4)
    case .binary:
      let word = Float(held).bitPattern
      for shift in 0..<4 { stuff(UInt8(truncatingIfNeeded: word >> UInt32(8 * shift)), &bytes) }
    }
  }

  private mutating func append(_ vector: Vector3, _ bytes: inout [UInt8]) {
    append(vector.x, &bytes)
    append(vector.y, &bytes)
    append(vector.z, &bytes)
  }

  private mutating func end(_ bytes: inout [UInt8]) {
    if form == .text { bytes.append(contentsOf: text.bytes) }
    bytes.append(0x0A)
  }

  private func stuff(_ byte: UInt8, _ bytes: inout [UInt8]) {
    switch byte {
    case 0x0A:
      bytes.append(0xDB)
      bytes.append(0xDC)
    case 0xDB:
      bytes.append(0xDB)
      bytes.append(0xDD)
    default: bytes.append(byte)
    }
  }
}
