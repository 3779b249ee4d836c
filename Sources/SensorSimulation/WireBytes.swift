import Motion
import RealModule
import SensorProtocols

/// Bytes that reach the host together.
public struct ArrivedBytes: Hashable, Sendable {
  public var arrived: HostInstant
  public var bytes: [UInt8]
}

extension SessionPlan {
  /// Lets the device keep the clock that a protocol carries: its ticks in another unit would be another time. A WitMotion sensor sends
  /// its time only when it is told to, so its model decides.
  public mutating func speak(_ wire: ProtocolDescription) {
    if wire.name != "witmotion" || sensor.deviceClock != .none { sensor.deviceClock = wire.clock }
  }
}

extension SimulatedSession {
  /// The samples as the bytes that a sensor of the protocol sends; bytes of one arrival stay together.
  ///
  /// - Returns: nil where the protocol has no encoder, or none that can write this sensor's samples.
  public func encoded(as wire: ProtocolDescription) -> [ArrivedBytes]? {
    guard var encoder = wire.makeEncoder() else { return nil }
    var pieces: [ArrivedBytes] = []
    for (truth, taken) in zip(truth, samples) {
      var sample = taken
      switch wire.measurement {
      case .imu: break
      case .inclination: addInclination(&sample)
      case .orientation:
        // A device without a model of its fusion makes none of its errors.
        if !sample.fields.contains(.orientation) {
          sample.orientation = truth.earthFromSegment * plan.shankFromSensor
          sample.fields.insert(.orientation)
        }
      }
      var bytes: [UInt8] = []
      encoder.encode(sample, into: &bytes)
      guard !bytes.isEmpty else { continue }
      if let last = pieces.last, last.arrived == sample.arrived {
        pieces[pieces.count - 1].bytes += bytes
      } else {
        pieces.append(ArrivedBytes(arrived: sample.arrived, bytes: bytes))
      }
    }
    return pieces.isEmpty ? nil : pieces
  }

  /// What an inclinometer makes of the same acceleration: the elevation of its x and y axes, which is right as long as it moves slowly.
  private func addInclination(_ sample: inout SensorSample) {
    let a = sample.acceleration
    sample.inclinationX = Double.atan2(y: a.x, x: (a.y * a.y + a.z * a.z).squareRoot())
    sample.inclinationY = Double.atan2(y: a.y, x: (a.x * a.x + a.z * a.z).squareRoot())
    sample.fields = [.inclinationX, .inclinationY]
  }
}
