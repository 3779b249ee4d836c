import Motion
import SensorProtocols
import TestKit
import Testing

/// What every decoder says of bad data, tried on every protocol that has an encoder: what is flagged never becomes an angle.
@Suite("Flags: the end of the range, old data, dead sensors, quaternions that are none")
struct FlagTests {
  /// Protocols whose samples have an acceleration, or an orientation, by what the encoder writes.
  static let inertial = [
    "witmotion", "witmotion-ble", "witmotion-modbus", "witmotion-modbus-32", "ximu3", "ximu", "shimmer3",
    "shimmer3-log",
    "sketch", "lines:t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps", "xsens", "vectornav", "microstrain", "bno08x-rvc",
  ]
  /// Those with words of fixed width, whose ends are the ends of the range.
  static let fixedRange = [
    "witmotion", "witmotion-ble", "witmotion-modbus", "witmotion-modbus-32", "ximu", "shimmer3", "shimmer3-log",
    "bno08x-rvc",
  ]
  static let fused = ["witmotion", "ximu3", "teapot", "xsens", "vectornav", "microstrain"]

  /// Samples through the encoder and the decoder of a protocol.
  private func passed(_ name: String, _ change: (Int, inout SensorSample) -> Void) throws -> [SensorSample] {
    var encoder = try #require(try ProtocolCatalogue.find(name).makeEncoder())
    var random = RandomSource(seed: 5)
    var bytes: [UInt8] = name.hasPrefix("lines") ? ascii("\r\n") : []
    for index in 0..<6 {
      var sample = randomSample(for: name, index: index, using: &random)
      change(index, &sample)
      encoder.encode(sample, into: &bytes)
    }
    return try decode(name, bytes).samples
  }

  @Test("A component at the end of the declared range is flagged, and no other", arguments: fixedRange)
  func saturation(name: String) throws {
    for axis in 0..<3 {
      for isRate in [false, true] where !(isRate && name == "bno08x-rvc") {
        for sign in [1.0, -1] {
          let samples = try passed(name) { index, sample in
            guard index == 3 else { return }
            var vector = isRate ? sample.angularRate : sample.acceleration
            switch axis {
            case 0: vector.x = sign * 1e6
            case 1: vector.y = sign * 1e6
            default: vector.z = sign * 1e6
            }
            if isRate { sample.angularRate = vector } else { sample.acceleration = vector }
          }
          let flagged = samples.map { $0.flags.contains(.saturated) }
          #expect(flagged == [false, false, false, true, false, false], "axis \(axis), rate \(isRate), \(sign)")
        }
      }
    }
  }

  @Test("Data sent again are flagged stale, whatever clock or counter comes with them", arguments: inertial)
  func stale(name: String) throws {
    var first = SensorSample()
    let samples = try passed(name) { index, sample in
      if index == 2 { first = sample }
      guard index == 3 || index == 4 else { return }
      let ticks = sample.deviceTicks
      sample = first
      sample.deviceTicks = ticks
    }
    #expect(samples.map { $0.flags.contains(.stale) } == [false, false, false, true, true, false])
  }

  @Test("All zero is no measurement: flagged, or refused", arguments: inertial)
  func zero(name: String) throws {
    let samples = try passed(name) { index, sample in
      guard index == 3 else { return }
      sample.acceleration = .zero
      sample.angularRate = .zero
    }
    #expect(samples.count == 6 || samples.count == 5)
    let zero = samples.filter { $0.acceleration == .zero }
    #expect(zero.allSatisfy { $0.flags.contains(.implausible) })
    #expect(samples.count - zero.count == 5)
  }

  @Test("A quaternion that has not unit length is flagged, or refused", arguments: fused)
  func norm(name: String) throws {
    for factor in [0.0, 0.6, 1.3] {
      let samples = try passed(name) { index, sample in
        guard index == 3 else { return }
        let q = sample.orientation
        sample.orientation = Quaternion(w: q.w * factor, x: q.x * factor, y: q.y * factor, z: q.z * factor)
      }
      let bad = samples.filter { abs($0.orientation.lengthSquared - 1) > 0.1 }
      #expect(bad.allSatisfy { $0.flags.contains(.implausible) }, "\(factor)")
      #expect(samples.count { !$0.flags.contains(.implausible) } == 5, "\(factor)")
    }
  }

  @Test("What is not a number is flagged, or refused", arguments: ["ximu3", "xsens", "vectornav", "microstrain"])
  func notANumber(name: String) throws {
    let samples = try passed(name) { index, sample in
      guard index == 3 else { return }
      sample.acceleration.y = .nan
      sample.angularRate.z = .infinity
    }
    for sample in samples where !sample.acceleration.isFinite || !sample.angularRate.isFinite {
      #expect(sample.flags.contains(.implausible))
    }
  }
}
