import Motion
import RealModule

/// The simulator's own source of random numbers: xoshiro256** (Blackman and Vigna 2018), seeded through SplitMix64.
///
/// A session draws each kind of randomness from its own stream, so that a noisier sensor does not change the movement, nor a
/// worse cable the noise. The same seed gives the same bits wherever `log`, `cos` and `sin` of the platform do.
struct RandomStream: Sendable {
  /// What a stream is for.
  enum Purpose: UInt64, Sendable {
    case script = 1
    case specimen
    case noise
    case sampling
    case losses
    case arrivals
    case fidgeting
    case fusion
    case mount
    case population
  }

  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareNormal: Double?

  /// - Parameter stream: the sensor that it is for; what the sensors of a session have in common is drawn for stream 0.
  init(seed: UInt64, purpose: Purpose, stream: StreamID = StreamID(0)) {
    var mix = seed &+ (purpose.rawValue + UInt64(stream.number) << 32) &* 0xD134_2543_DE82_EF95
    func next() -> UInt64 {
      mix &+= 0x9E37_79B9_7F4A_7C15
      var z = mix
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    self.init(state: (next(), next(), next(), next()))
  }

  /// - Parameter state: not all zero.
  init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

  mutating func bits() -> UInt64 {
    func rotated(_ x: UInt64, _ by: UInt64) -> UInt64 { x << by | x >> (64 - by) }
    let result = rotated(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, 45)
    return result
  }

  /// Evenly distributed in 0 ..< 1.
  mutating func uniform() -> Double { Double(bits() >> 11) * 0x1p-53 }

  mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Standard normal, by Box and Muller's transform (1958).
  mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    // 1 − u lies in (0, 1], so that the logarithm is finite.
    let radius = (-2 * Double.log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * Double.sin(angle)
    return radius * Double.cos(angle)
  }

  /// Normal, but never further than two standard deviations from the mean: for plans, where a rare extreme would only
  /// make a strange session.
  mutating func planNormal(_ mean: Double, sd: Double) -> Double {
    mean + sd * min(max(normal(), -2), 2)
  }

  /// Exponentially distributed with this mean.
  mutating func exponential(mean: Double) -> Double { -mean * Double.log(1 - uniform()) }
}
