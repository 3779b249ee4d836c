import Motion
import SensorProtocols
import TestKit
import Testing

/// The properties that every decoder keeps, for protocols given by streams of bytes.
///
/// `frames` are sound frames, each whole; the decoder must take their concatenation without stepping over a byte.
func expectDecoderContract(_ name: String, frames: [[UInt8]], seeds: Int = 150) throws {
  let bytes = Array(frames.joined())
  let whole = try decode(name, bytes)
  #expect(!whole.samples.isEmpty && whole.counters.skipped == 0 && whole.counters.held == 0, "\(name)")
  // Every cut in two, and small chunks.
  for cut in 0...bytes.count {
    if try decode(name, chunks: [bytes[..<cut], bytes[cut...]]) != whole { Issue.record("\(name): cut at \(cut)") }
    // Truncation: the samples of whole frames, and the rest held.
    let part = try decode(name, Array(bytes[..<cut]), finish: false)
    let all = try decode(name, bytes, finish: false)
    if part.samples != Array(all.samples.prefix(part.samples.count)) { Issue.record("\(name): truncated at \(cut)") }
    if part.counters.skipped != 0 { Issue.record("\(name): truncation at \(cut) stepped over bytes") }
  }
  for size in 1...24 where try decode(name, chunks: ChunkCutter.even(bytes, size: size)) != whole {
    Issue.record("\(name): chunks of \(size)")
  }
  for seed in 1...UInt64(seeds) {
    var random = RandomSource(seed: seed)
    // Damage anywhere: counters add up (checked after every call), nothing traps, cuts change nothing.
    var damaged = bytes
    for _ in 0..<Int.random(in: 1...6, using: &random) where damaged.count > 8 {
      let place = Int.random(in: 0..<damaged.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: damaged[place] ^= UInt8.random(in: 1...255, using: &random)
      case 1: damaged.remove(at: place)
      default: damaged.insert(contentsOf: randomBytes(9, using: &random), at: place)
      }
    }
    let once = try decode(name, damaged)
    let cut = try decode(name, chunks: ChunkCutter.random(damaged, atMost: 30, using: &random))
    if once != cut { Issue.record("\(name), seed \(seed): cutting damaged bytes changed the result") }
    // Pure noise with heads strewn in.
    var noise: [UInt8] = []
    while noise.count < 300 {
      if let frame = frames.randomElement(using: &random), random.unit() < 0.3 {
        noise += frame.prefix(Int.random(in: 1...frame.count, using: &random))
      }
      noise += randomBytes(Int.random(in: 1...20, using: &random), using: &random)
    }
    let loud = try decode(name, noise)
    if try decode(name, chunks: ChunkCutter.random(noise, atMost: 30, using: &random)) != loud {
      Issue.record("\(name), seed \(seed): cutting noise changed the result")
    }
    for sample in loud.samples where !sample.acceleration.isFinite || !sample.orientation.isFinite {
      Issue.record("\(name), seed \(seed): a sample that is not finite")
    }
  }
}

/// After junk between frames the decoder is back within so many frames.
func expectResynchronisation(_ name: String, frames: [[UInt8]], junk make: (inout RandomSource) -> [UInt8]) throws {
  let clean = try decode(name, Array(frames.joined())).samples.count
  for seed in UInt64(1)...150 {
    var random = RandomSource(seed: 7000 + seed)
    let place = frames.count / 2
    let bytes = Array(frames[..<place].joined()) + make(&random) + Array(frames[place...].joined())
    let found = try decode(name, bytes)
    if found.samples.count < clean - 1 || !found.samples.contains(where: { $0.flags.contains(.afterLoss) }) {
      Issue.record("\(name), seed \(7000 + seed): \(found.samples.count) of \(clean) samples after junk")
    }
  }
}

/// The numbers of a record's expectation: one key with a list, or several with one each.
func expected(_ record: [String: Any], _ keys: String...) -> [Double]? {
  guard let expect = record["expect"] as? [String: Any] else { return nil }
  if keys.count == 1, let list = expect[keys[0]] as? [Any] { return list.compactMap { Double("\($0)") } }
  let found = keys.compactMap { key in expect[key].flatMap { Double("\($0)") } }
  return found.count == keys.count ? found : nil
}

func vector(_ list: [Double], _ from: Int = 0) -> Vector3 { Vector3(list[from], list[from + 1], list[from + 2]) }

/// Protocols that the tests of the engine run over as well, because they have encoders.
let clinicProtocols = [
  "ximu3", "witmotion-ble", "teapot", "meas", "ximu", "sketch", "jewell", "witmotion-modbus", "witmotion-modbus-32",
  "stabila",
]

/// A sample as these protocols send it; nil for any other name.
func clinicSample(for name: String, index: Int, using random: inout RandomSource) -> SensorSample? {
  func spread(_ limit: Double) -> Double { (random.unit() * 2 - 1) * limit }
  var sample = SensorSample()
  switch name {
  case "ximu3", "witmotion-ble", "witmotion-modbus", "witmotion-modbus-32", "sketch", "ximu", "shimmer3",
    "shimmer3-log":
    sample.acceleration = Vector3(spread(150), spread(150), spread(150))
    sample.angularRate = Vector3(spread(34), spread(34), spread(34))
    sample.fields = [.acceleration, .angularRate]
    if name.hasPrefix("shimmer3") {
      sample.deviceTicks = UInt64(index) * 640
      sample.fields.insert(.deviceTime)
    } else if name == "ximu" {
      sample.magneticField = Vector3(spread(9999).rounded(), spread(9999).rounded(), 5) * (100 / 2048)
      sample.fields.insert(.magneticField)
    } else if name == "ximu3" {
      sample.orientation = Quaternion(rotationVector: Vector3(spread(1), spread(1), spread(1)))
      sample.deviceTicks = 5_000_000 + UInt64(index) * 20_003
      sample.fields.formUnion([.orientation, .deviceTime])
    } else if name == "witmotion-ble" {
      sample.eulerAngles = Vector3(spread(3.1), spread(1.5), spread(3.1))
      sample.fields.insert(.eulerAngles)
    }
  case "teapot":
    sample.orientation = Quaternion(rotationVector: Vector3(spread(1), spread(1), spread(1)))
    sample.deviceTicks = UInt64(index % 256)
    sample.fields = [.orientation, .counter]
  case "stabila":
    sample.inclinationX = spread(180 * radiansPerDegree)
    sample.fields = [.inclinationX]
  case "meas", "bei", "jewell":
    sample.inclinationX = spread(99 * radiansPerDegree)
    sample.inclinationY = spread(99 * radiansPerDegree)
    sample.fields = [.inclinationX, .inclinationY]
    if name == "jewell" {
      sample.temperature = spread(80)
      sample.fields.insert(.temperature)
    }
  default: return nil
  }
  return sample
}
