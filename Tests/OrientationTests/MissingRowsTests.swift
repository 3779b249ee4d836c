import Motion
import TestKit
import Testing
@testable import Orientation

/// A limb that swings about a joint at the sensor: 9 rad/s at 1.4 Hz, about a horizontal axis, after two seconds of rest.
private func swing(rate: Double, seconds: Double) -> [(acceleration: Vector3, rate: Vector3, vertical: Vector3)] {
  let speed = 9.0
  let pulse = 2 * 3.14159265358979 * 1.4
  return (0..<Int(seconds * rate)).map { index in
    let time = Double(index) / rate - 2
    // The mean rate over the interval that the row ends, as sensors give it.
    func angle(_ time: Double) -> Double { time > 0 ? speed / pulse * (1 - cosine(pulse * time)) : 0 }
    let turned = angle(time)
    let middle = angle(time - 0.5 / rate)
    let vertical = Vector3(0, sine(turned), cosine(turned))
    let felt = Vector3(0, sine(middle), cosine(middle)) * standardGravity
    return (felt, Vector3((turned - angle(time - 1 / rate)) * rate, 0, 0), vertical)
  }
}

/// Root mean square and largest of the tilt's error from three seconds on, deg, with the rows of `isThere`; where one is not, the
/// last one before it is sent again, or it leaves a gap.
private func errors(
  _ motion: [(acceleration: Vector3, rate: Vector3, vertical: Vector3)], rate: Double, repeats: Bool,
  _ isThere: (Int) -> Bool
) -> (rms: Double, worst: Double) {
  var filter = AccurateFilter()
  var last = 0
  var (sum, count, worst) = (0.0, 0.0, 0.0)
  for index in motion.indices where isThere(index) || repeats {
    let row = isThere(index) ? motion[index] : motion[last]
    let passed = repeats ? (index == 0 ? 0 : 1) : index - last
    let estimate = filter.update(
      acceleration: row.acceleration, angularRate: row.rate, interval: Double(passed) / rate)
    if isThere(index) { last = index }
    guard isThere(index), Double(index) > 3 * rate else { continue }
    let off = error(estimate, motion[index].vertical)
    sum += off * off
    count += 1
    worst = max(worst, off)
  }
  return ((sum / count).squareRoot(), worst)
}

@Suite struct MissingRowsTests {
  /// Three rows of every thirty, as a radio loses a packet: at the fastest 8° go by in them. Without a bridge the error is 0.4°.
  @Test(arguments: [false, true])
  func aLostPacketIsBridged(repeats: Bool) {
    let motion = swing(rate: 200, seconds: 14)
    let whole = errors(motion, rate: 200, repeats: repeats) { _ in true }
    let lossy = errors(motion, rate: 200, repeats: repeats) { $0 % 30 < 27 }
    #expect(whole.rms < 0.1, "\(whole)")
    #expect(lossy.rms < 0.28, "\(lossy)")
    #expect(lossy.worst < 0.9, "\(lossy)")
  }

  /// A single impact of which the radio lost the end: the rate jumps across the held rows.
  @Test func aHeldImpactIsHalfKnown() {
    func off(held: Int) -> Double {
      var filter = AccurateFilter()
      let rest = Vector3(0, 0, standardGravity)
      for index in 0..<600 {
        _ = filter.update(acceleration: rest + noise(index), angularRate: noise(index) * 0.01, interval: 0.005)
      }
      // 3 rad/s as it is hit, and nothing four rows later: the truth lies between, 1.7° of 3.4°.
      var last = OrientationEstimate(earthFromSensor: .identity, tiltSD: 0, isConverged: false)
      for _ in 0...held {
        last = filter.update(acceleration: Vector3(20, 0, 40), angularRate: Vector3(3, 0, 0), interval: 0.005)
      }
      last = filter.update(acceleration: rest, angularRate: .zero, interval: 0.005)
      return error(last, Vector3(0, 0, 1))
    }
    let (one, four) = (off(held: 0), off(held: 3))
    #expect(abs(one - 0.86) < 0.1, "3 rad/s for 5 ms: \(one)")
    #expect(abs(four - 0.86 - 1.29) < 0.2, "and half of that for the 15 ms that were held: \(four)")
  }

  /// A simulation without noise repeats its rows at rest, and so does a coarse sensor. What follows is no bridge over the rest.
  @Test func restWithoutNoiseIsNoLoss() {
    let motion = swing(rate: 100, seconds: 8)
    let result = errors(motion, rate: 100, repeats: false) { _ in true }
    #expect(result.worst < 0.3, "\(result)")
  }

  /// What rows do not show of a fast movement is claimed: at 10 Hz the quadratic through three rows is far off.
  @Test func slowRowsOfAFastMovementClaimLess() {
    func claim(_ rate: Double) -> Double {
      var filter = AccurateFilter()
      var last = 0.0
      for (index, row) in swing(rate: rate, seconds: 8).enumerated() {
        last =
          filter.update(
            acceleration: row.acceleration, angularRate: row.rate, interval: index == 0 ? 0 : 1 / rate
          ).tiltSD
      }
      return last * degreesPerRadian
    }
    let (slow, fast) = (claim(10), claim(200))
    #expect(slow > 3 * fast, "\(slow)° at 10 Hz, \(fast)° at 200 Hz")
  }
}

/// A little that repeats nowhere.
private func noise(_ index: Int) -> Vector3 {
  Vector3(sine(Double(index) * 1.7), sine(Double(index) * 2.3), sine(Double(index) * 3.1)) * 0.02
}
