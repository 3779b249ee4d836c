import Motion
import TestKit

@testable import SensorProtocols

/// The sensors of laboratories, which the properties of all decoders are tried on too.
let laboratoryProtocols = ["xsens", "vectornav", "microstrain", "bno08x-rvc"]

/// Beginnings of their frames, to be strewn into noise.
let laboratoryBaits: [[UInt8]] = [
  hex("FAFF36"), hex("FAFF36FF07D0"), hex("FAFF3662102002"), hex("FA0108"), hex("FA01080000"), hex("FA8501FFFF"),
  ascii("$VN"), ascii("$VNYMR,+1.0,"), hex("7565"), hex("7565804C0AD5"), hex("75658204"), hex("AAAA"),
  hex("AAAAAAAA00"),
]

/// A sample with every quantity that the protocol can send, within its range; nil for other protocols.
func laboratorySample(for name: String, index: Int, using random: inout RandomSource) -> SensorSample? {
  guard laboratoryProtocols.contains(name) else { return nil }
  func spread(_ limit: Double) -> Double { (random.unit() * 2 - 1) * limit }
  var sample = SensorSample()
  sample.acceleration = Vector3(spread(150), spread(150), spread(150))
  sample.eulerAngles = Vector3(spread(3.1), spread(1.5), spread(3.1))
  if name == "bno08x-rvc" {
    sample.deviceTicks = UInt64(index & 0xFF)
    sample.orientation = bno08xOrientation(eulerAngles: sample.eulerAngles)
    sample.fields = [.counter, .acceleration, .eulerAngles, .orientation]
    return sample
  }
  sample.angularRate = Vector3(spread(34), spread(34), spread(34))
  sample.orientation = Quaternion(rotationVector: Vector3(spread(2), spread(2), spread(2)))
  sample.magneticField = Vector3(spread(99), spread(99), spread(99))
  sample.temperature = spread(80)
  sample.deviceTicks = name == "xsens" ? UInt64(index) * 100 : 5_000_000_000 + UInt64(index) * 10_000_000
  sample.fields = [
    .acceleration, .angularRate, .eulerAngles, .orientation, .magneticField, .temperature, .deviceTime,
  ]
  return sample
}

/// Half a unit of the protocol's acceleration, m/s², a little more where numbers have single precision.
func accelerationTolerance(_ name: String) -> Double { name == "bno08x-rvc" ? 0.0051 : 0.0025 }

/// How many bytes a false head can claim.
func longestFrame(_ name: String) -> Int {
  switch name {
  case "xsens": 2055
  case "vectornav": 1024
  case "microstrain": 261
  default: 0
  }
}
