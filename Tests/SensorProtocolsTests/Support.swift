import Motion
import SensorProtocols
import TestKit
import Testing

/// What a decoder made of some bytes.
struct Decoded: Equatable {
  var samples: [SensorSample] = []
  var counters = DecoderCounters()
}

/// Runs chunks through a fresh decoder, all of one arrival, and checks the counters after every call.
func decode(_ name: String, chunks: [ArraySlice<UInt8>], finish: Bool = true) throws -> Decoded {
  var decoder = try ProtocolCatalogue.find(name).makeDecoder(stream: StreamID(3))
  var result = Decoded()
  var fed: UInt64 = 0
  for chunk in chunks {
    decoder.consume(chunk.span, arrived: HostInstant(nanoseconds: 7), into: &result.samples)
    fed += UInt64(chunk.count)
    let counters = decoder.counters
    // Only failures are recorded: an expectation for each of millions of calls would take minutes.
    if counters.bytesIn != fed || counters.bytesIn != counters.framed + counters.skipped + counters.held {
      Issue.record("counters do not add up in \(name): \(counters)")
    }
  }
  if finish { decoder.finish(into: &result.samples) }
  result.counters = decoder.counters
  return result
}

func decode(_ name: String, _ bytes: [UInt8], finish: Bool = true) throws -> Decoded {
  try decode(name, chunks: [bytes[...]], finish: finish)
}

/// The bytes of `55 51 03` or `555103`.
func hex(_ text: String) -> [UInt8] {
  let digits = text.filter { $0 != " " }.map { UInt8($0.hexDigitValue!) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A random byte string.
func randomBytes(_ count: Int, using random: inout RandomSource) -> [UInt8] {
  (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
}

func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool { abs(a - b) <= tolerance }

func close(_ a: Vector3, _ b: Vector3, _ tolerance: Double = 1e-12) -> Bool {
  close(a.x, b.x, tolerance) && close(a.y, b.y, tolerance) && close(a.z, b.z, tolerance)
}

/// A sample with every quantity that the protocol can send, within its range.
func randomSample(for name: String, index: Int, using random: inout RandomSource) -> SensorSample {
  if let sample = laboratorySample(for: name, index: index, using: &random) { return sample }
  if let sample = clinicSample(for: name, index: index, using: &random) { return sample }
  func spread(_ limit: Double) -> Double { (random.unit() * 2 - 1) * limit }
  var sample = SensorSample()
  if name.contains("incl") || !(name == "witmotion" || name.hasPrefix("lines")) {
    sample.inclinationX = spread(99 * radiansPerDegree)
    sample.inclinationY = spread(99 * radiansPerDegree)
    sample.fields = [.inclinationX, .inclinationY]
  } else {
    sample.acceleration = Vector3(spread(150), spread(150), spread(150))
    sample.angularRate = Vector3(spread(34), spread(34), spread(34))
    sample.fields = [.acceleration, .angularRate]
  }
  if name == "witmotion" {
    sample.temperature = spread(80)
    sample.eulerAngles = Vector3(spread(3.1), spread(1.5), spread(3.1))
    sample.magneticField = Vector3(spread(9999).rounded(), spread(9999).rounded(), spread(9999).rounded())
    sample.orientation = Quaternion(rotationVector: Vector3(spread(1), spread(1), spread(1)))
    sample.deviceTicks = 776_000_000_000 + UInt64(index) * 10_007
    sample.fields.formUnion([.temperature, .eulerAngles, .magneticField, .orientation, .deviceTime])
  } else if name.contains("t_") {
    sample.deviceTicks = UInt64(index) * 10_003
    sample.fields.insert(.deviceTime)
  }
  return sample
}

/// One name of each family, and the maps that exercise the columns.
let allProtocols =
  [
    "witmotion", "rion", "dxl360s", "lines:t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps",
    "lines:-,t_us,incl_x_deg,incl_y_deg", "lines:az_mg,ax_mps2,ay_g,gz_radps,gx_dps,gy_dps,t_s",
  ] + laboratoryProtocols + clinicProtocols
