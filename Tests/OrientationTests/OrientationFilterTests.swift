import Motion
import TestKit
import Testing
@testable import Orientation

/// A sensor that turns about one axis as a lunge does, with noise and bias.
struct Motion1D {
  var rate = 100.0
  var seconds = 30.0
  var bias = Vector3(0.01, -0.008, 0.005)
  var noise = 0.003
  /// Takes the motion's frame to the sensor's: any mount.
  var mount = Quaternion.identity
  var seed: UInt64 = 1

  /// Acceleration, angular rate, and the true vertical in the sensor frame.
  func samples() -> [(acceleration: Vector3, rate: Vector3, vertical: Vector3)] {
    var random = RandomSource(seed: seed)
    func noise(_ scale: Double, _ random: inout RandomSource) -> Vector3 {
      Vector3(random.unit() - 0.5, random.unit() - 0.5, random.unit() - 0.5) * (scale * 3.46)
    }
    return (0..<Int(rate * seconds)).map { index in
      let t = Double(index) / rate
      // At rest for three seconds, then swaying by 35° every four seconds.
      let phase = max(0, t - 3)
      let angle = 0.3 * (1 - cosine(phase * 1.57))
      let speed = 0.3 * 1.57 * sine(phase * 1.57)
      let vertical = Vector3(-sine(angle), cosine(angle), 0)
      let acceleration = vertical * standardGravity + noise(0.05, &random)
      let angularRate = Vector3(0, 0, -speed) + noise(self.noise, &random)
      return (
        mount.rotate(acceleration), mount.rotate(angularRate) + bias, mount.rotate(vertical)
      )
    }
  }
}

func sine(_ x: Double) -> Double { Quaternion(rotationVector: Vector3(2 * x, 0, 0)).x }
func cosine(_ x: Double) -> Double { Quaternion(rotationVector: Vector3(2 * x, 0, 0)).w }

func randomRotation(_ random: inout RandomSource) -> Quaternion {
  Quaternion(
    w: random.unit() - 0.5, x: random.unit() - 0.5, y: random.unit() - 0.5, z: random.unit() - 0.5
  ).normalized
}

/// Angle between the estimated and the true vertical, degrees.
func error(_ estimate: OrientationEstimate, _ vertical: Vector3) -> Double {
  estimate.earthFromSensor.verticalInSource.cross(vertical).length * degreesPerRadian
}

func check<F: OrientationFilter>(_ make: () -> F) {
  for seed in 1...12 {
    var random = RandomSource(seed: UInt64(seed))
    let motion = Motion1D(mount: randomRotation(&random), seed: UInt64(seed)).samples()
    // From any attitude: under 1° within 0.3 s of rest, and said so until then.
    var filter = make()
    var worst = 0.0
    for (index, one) in motion.enumerated() {
      let estimate = filter.update(
        acceleration: one.acceleration, angularRate: one.rate, interval: index == 0 ? 0 : 0.01)
      let off = error(estimate, one.vertical)
      if index == 0 { #expect(!estimate.isConverged) }
      if index == 30 { #expect(off < 1 && estimate.isConverged, "seed \(seed): \(off)° after 0.3 s") }
      if index > 600 { worst = max(worst, off) }
    }
    #expect(worst < 1.2, "seed \(seed): \(worst)° in motion")
  }
}

func checkRecovery<F: OrientationFilter>(_ make: () -> F) {
  var filter = make()
  let bad = [
    Vector3(.nan, 0, 0), Vector3(.infinity, 0, 0), .zero, Vector3(1e200, 1e200, -1e200), Vector3(0, -1e-300, 0),
  ]
  let motion = Motion1D().samples()
  for (index, one) in motion.enumerated() {
    let poisoned = index % 97 == 3
    let estimate = filter.update(
      acceleration: poisoned && index % 2 == 0 ? bad[index % bad.count] : one.acceleration,
      angularRate: poisoned && index % 2 == 1 ? Vector3(.nan, 0, .infinity) : one.rate,
      interval: poisoned && index % 3 == 0 ? .nan : 0.01)
    #expect(estimate.earthFromSensor.isFinite && estimate.tiltSD.isFinite)
    if index > 2500 && !poisoned { #expect(error(estimate, one.vertical) < 10) }
  }
  // Rest heals what is left.
  var last = OrientationEstimate(earthFromSensor: .identity, tiltSD: 0, isConverged: false)
  for _ in 0..<3000 {
    last = filter.update(acceleration: Vector3(0, 0, 9.8), angularRate: Vector3(0.01, 0, 0), interval: 0.01)
  }
  #expect(error(last, Vector3(0, 0, 1)) < 0.5)
}

@Suite struct OrientationFilterTests {
  @Test func complementaryConvergesAndFollows() { check { ComplementaryFilter() } }
  @Test func kalmanConvergesAndFollows() { check { KalmanFilter() } }
  @Test func complementaryIsNeverPoisoned() { checkRecovery { ComplementaryFilter() } }
  @Test func kalmanIsNeverPoisoned() { checkRecovery { KalmanFilter() } }

  @Test func aSplitRunIsTheWholeRunToTheBit() {
    checkSplit { ComplementaryFilter() }
    checkSplit { KalmanFilter() }
    checkSplit { GravityFilter() }
  }

  /// Cuts at the first row, at rest, within a block of rows and in motion.
  private func checkSplit<F: OrientationFilter>(_ make: () -> F) {
    let motion = Motion1D(seconds: 10).samples()
    func run(
      _ filter: inout F, _ part: ArraySlice<(acceleration: Vector3, rate: Vector3, vertical: Vector3)>
    ) -> [OrientationEstimate] {
      part.map { filter.update(acceleration: $0.acceleration, angularRate: $0.rate, interval: 0.01) }
    }
    var whole = make()
    let expected = run(&whole, motion[...])
    for cut in [1, 100, 101, 431, 777] {
      var first = make()
      let head = run(&first, motion[..<cut])
      var second = first
      _ = run(&first, motion[cut..<(cut + 50)])
      #expect(head + run(&second, motion[cut...]) == expected, "\(F.self) cut at \(cut)")
    }
  }

  @Test(arguments: [25.0, 50, 200, 1000])
  func whoeverSwaysWithTheWorstGyroscopeIsFollowed(rate: Double) {
    // 43°/s of bias, warm; the person sways from the first sample on and never rests for a second; then two lunges.
    func worst<F: OrientationFilter>(_ initial: F) -> Double {
      var filter = initial
      var worst = 0.0
      for index in 0..<Int(16 * rate) {
        let time = Double(index) / rate
        let phase = max(0, time - 3)
        let sway = 0.0044 * sine(6.28 * time)
        let angle = 0.3 * (1 - cosine(phase * 1.57)) + sway
        let speed = 0.3 * 1.57 * sine(phase * 1.57) + 0.0044 * 6.28 * cosine(6.28 * time)
        let vertical = Vector3(-sine(angle), cosine(angle), 0)
        let estimate = filter.update(
          acceleration: vertical * standardGravity, angularRate: Vector3(0.17, -0.01, -0.73 - speed),
          interval: index == 0 ? 0 : 1 / rate)
        if time > 1.5 { worst = max(worst, error(estimate, vertical)) }
      }
      return worst
    }
    let (complementary, kalman) = (worst(ComplementaryFilter()), worst(KalmanFilter()))
    #expect(complementary < 4, "\(complementary) deg")
    #expect(kalman < 3, "\(kalman) deg")
  }

  @Test func theRestDetectorsMeansStartPlain() {
    // At 25 Hz a mean that climbs from zero is still off when the first rest is asked for.
    var rest = RestDetector()
    let bias = Vector3(0.2, -0.1, 0.05)
    for index in 0..<10 {
      rest.update(
        acceleration: Vector3(0, 0, standardGravity), angularRate: bias, interval: index == 0 ? 0 : 0.04)
    }
    #expect(((rest.betterGuess(than: .zero) ?? .zero) - bias).length < 1e-12)
    #expect(rest.betterGuess(than: bias) == nil)
  }

  @Test func theBiasIsFoundAtRest() {
    // Three seconds of rest, then only the gyroscope: the drift shows what is left of the bias.
    var filter = KalmanFilter()
    let bias = Vector3(0.02, -0.015, 0.01)
    var last = OrientationEstimate(earthFromSensor: .identity, tiltSD: 0, isConverged: false)
    for _ in 0..<400 {
      last = filter.update(acceleration: Vector3(0, 0, standardGravity), angularRate: bias, interval: 0.01)
    }
    for _ in 0..<1000 { last = filter.update(acceleration: nil, angularRate: bias, interval: 0.01) }
    #expect(error(last, Vector3(0, 0, 1)) < 0.5)
  }

  @Test(arguments: [1.0, 2, 3, 5])
  func aSlowSteadyLungeIsNoBias(degreesPerSecond: Double) {
    for isKalman in [true, false] {
      var kalman = KalmanFilter()
      var complementary = ComplementaryFilter()
      var angle = 0.0
      var worst = 0.0
      for index in 0..<1600 {
        // Two seconds of rest, then out steadily to 35° and held.
        let moving = index > 200 && angle < 0.61
        let rate = moving ? degreesPerSecond * radiansPerDegree : 0
        angle += rate * 0.01
        let vertical = Vector3(-sine(angle), cosine(angle), 0)
        let acceleration = vertical * standardGravity
        let angularRate = Vector3(0, 0, -rate)
        let estimate =
          isKalman
          ? kalman.update(acceleration: acceleration, angularRate: angularRate, interval: 0.01)
          : complementary.update(acceleration: acceleration, angularRate: angularRate, interval: 0.01)
        if index > 100 { worst = max(worst, error(estimate, vertical)) }
      }
      #expect(worst < 0.5, "\(isKalman ? "kalman" : "complementary"): \(worst)°")
    }
  }

  @Test func aLargeBiasOfACheapGyroscopeIsFoundAtRest() {
    for isKalman in [true, false] {
      var kalman = KalmanFilter()
      var complementary = ComplementaryFilter()
      var worst = 0.0
      for (index, one) in Motion1D(bias: Vector3(0.3, -0.2, 0.25)).samples().enumerated() {
        let interval = index == 0 ? 0 : 0.01
        let estimate =
          isKalman
          ? kalman.update(acceleration: one.acceleration, angularRate: one.rate, interval: interval)
          : complementary.update(acceleration: one.acceleration, angularRate: one.rate, interval: interval)
        if index > 600 { worst = max(worst, error(estimate, one.vertical)) }
      }
      #expect(worst < 1.5, "\(isKalman ? "kalman" : "complementary"): \(worst)°")
    }
  }

  @Test func aGapWidensTheClaim() {
    var filter = KalmanFilter()
    var last = OrientationEstimate(earthFromSensor: .identity, tiltSD: 0, isConverged: false)
    for _ in 0..<500 {
      last = filter.update(acceleration: Vector3(0, 0, 9.8), angularRate: Vector3(1, 0, 0), interval: 0.01)
    }
    let before = last.tiltSD
    let after = filter.update(acceleration: nil, angularRate: Vector3(1, 0, 0), interval: 0.5)
    #expect(after.tiltSD > 2 * before)
  }

  @Test func gravityAloneFollowsSlowMotion() {
    var filter = GravityFilter()
    for (index, one) in Motion1D(noise: 0).samples().enumerated() {
      let estimate = filter.update(acceleration: one.acceleration, angularRate: nil, interval: index == 0 ? 0 : 0.01)
      if index > 20 { #expect(error(estimate, one.vertical) < 4) }
    }
  }
}
