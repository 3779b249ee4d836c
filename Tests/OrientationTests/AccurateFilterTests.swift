import Motion
import TestKit
import Testing
@testable import Orientation

private let upright = Vector3(0, 0, standardGravity)

/// Runs the samples of `Motion1D` at a steady interval.
private func run(
  _ filter: inout AccurateFilter,
  _ part: ArraySlice<(acceleration: Vector3, rate: Vector3, vertical: Vector3)>, interval: Double = 0.01
) -> [OrientationEstimate] {
  part.map { filter.update(acceleration: $0.acceleration, angularRate: $0.rate, interval: interval) }
}

@Suite struct AccurateFilterTests {
  @Test func convergesFromAnyAttitudeAndFollows() { check { AccurateFilter() } }
  @Test func isNeverPoisoned() { checkRecovery { AccurateFilter() } }

  @Test func aSplitRunIsTheWholeRunToTheBit() {
    let motion = Motion1D(seconds: 12).samples()
    var whole = AccurateFilter()
    let expected = run(&whole, motion[...])
    // Cuts at rest, in the middle of a step, and in motion.
    for cut in [1, 100, 431, 777] {
      var first = AccurateFilter()
      let head = run(&first, motion[..<cut])
      var second = first
      _ = run(&first, motion[cut..<(cut + 50)])
      #expect(head + run(&second, motion[cut...]) == expected, "cut at \(cut)")
    }
  }

  @Test func aPoorSensorIsLearntAtItsFirstRest() {
    // 5°/s on each axis, as a cheap sensor has it at power-up; then the gyroscope alone.
    var filter = AccurateFilter()
    let bias = Vector3(0.087, -0.087, 0.087)
    var last = OrientationEstimate(earthFromSensor: .identity, tiltSD: 0, isConverged: false)
    for _ in 0..<400 { last = filter.update(acceleration: upright, angularRate: bias, interval: 0.01) }
    #expect(error(last, Vector3(0, 0, 1)) < 0.5)
    for _ in 0..<500 { last = filter.update(acceleration: nil, angularRate: bias, interval: 0.01) }
    #expect(error(last, Vector3(0, 0, 1)) < 1)
  }

  @Test func theWorstBiasOfAnMPU6050IsLearntAtItsFirstRest() {
    // 20°/s and more about an axis (its data sheet), then a lunge of 35° by the gyroscope and a true accelerometer.
    var filter = AccurateFilter()
    let bias = Vector3(0.15, 0.42, -0.12)
    for index in 0..<1000 {
      let time = Double(index) * 0.01
      let out = min(max((time - 3) / 1.5, 0), 1)
      let angle = 0.305 * (1 - cosine(out * 3.14))
      let rate = out > 0 && out < 1 ? 0.305 * 3.14 / 1.5 * sine(out * 3.14) : 0
      let vertical = Vector3(-sine(angle), cosine(angle), 0)
      let estimate = filter.update(
        acceleration: vertical * standardGravity, angularRate: bias + Vector3(0, 0, -rate),
        interval: index == 0 ? 0 : 0.01)
      if index > 30 { #expect(error(estimate, vertical) < 1, "row \(index)") }
    }
    #expect((filter.bias - bias).length < 0.01)
  }

  @Test func aWalkIsNoSwingAboutAPlace() {
    // A walk at 1.3 m/s, two steps a second felt as a swing of the speed. What holds a limb to its place pulls the vertical away.
    func worst(reach: Double) -> Double {
      var parameters = AccurateParameters()
      parameters.reach = reach
      var filter = AccurateFilter(parameters)
      var worst = 0.0
      for index in 0..<2000 {
        let time = Double(index) * 0.01
        let start = time > 3 && time < 4 ? 1.3 : 0
        let push = time > 3 ? start + 5 * cosine(12.6 * (time - 3)) : 0
        let estimate = filter.update(
          acceleration: Vector3(push, 0, standardGravity), angularRate: .zero, interval: index == 0 ? 0 : 0.01)
        if time > 1 { worst = max(worst, error(estimate, Vector3(0, 0, 1))) }
      }
      return worst
    }
    let (held, free) = (worst(reach: 1000), worst(reach: AccurateParameters().reach))
    #expect(free < 0.8 * held, "\(free) deg, and \(held) deg without the reach")
    #expect(free < 2)
  }

  @Test(arguments: [10.0, 25, 100, 400, 2000])
  func nothingThatASensorSendsPoisonsIt(rate: Double) {
    // Not finite, clipped, zero, enormous, late: anything for three seconds, then rest; and within two seconds all is as it was.
    var random = RandomSource(seed: UInt64(rate))
    func wild() -> Double {
      let values = [Double.nan, .infinity, -.infinity, 0, 1e300, -156.9, 34.9, Double.leastNonzeroMagnitude]
      return values[min(Int(random.unit() * 8), 7)]
    }
    for round in 0..<8 {
      var filter = AccurateFilter()
      var last = OrientationEstimate(earthFromSensor: .identity, tiltSD: 0, isConverged: false)
      func take(_ acceleration: Vector3?, _ rates: Vector3?, _ interval: Double) {
        last = filter.update(acceleration: acceleration, angularRate: rates, interval: interval)
        #expect(last.earthFromSensor.isFinite && abs(last.earthFromSensor.lengthSquared - 1) < 1e-6)
        #expect(last.tiltSD.isFinite && last.tiltSD >= 0)
      }
      for _ in 0..<Int(3 * rate) {
        let gap = random.unit() < 0.01 ? wild() : 1 / rate
        take(Vector3(wild(), wild(), wild()), Vector3(wild(), wild(), wild()), gap)
      }
      let vertical = Vector3(0.6, 0, 0.8)
      for _ in 0..<Int(2 * rate) { take(vertical * standardGravity, .zero, 1 / rate) }
      #expect(error(last, vertical) < 1, "round \(round)")
    }
  }

  @Test(arguments: [0.0, 0.4, 0.8, 1.2, 1.6])
  func standingSwayIsNoBias(phase: Double) {
    // A person sways by 0.25° at 1 Hz from the first sample on: a rate of up to 1.6°/s that never rests, then leans out to 35° and holds.
    var filter = AccurateFilter()
    for index in 0..<3000 {
      let time = Double(index) * 0.01
      let out = min(max((time - 4) / 1.5, 0), 1)
      let sway = 0.0044 * sine(6.28 * time + phase * 3.14)
      let angle = 0.3 * (1 - cosine(out * 3.14)) + sway
      let rate =
        (out > 0 && out < 1 ? 0.3 * 3.14 / 1.5 * sine(out * 3.14) : 0) + 0.0044 * 6.28
        * cosine(6.28 * time + phase * 3.14)
      let vertical = Vector3(-sine(angle), cosine(angle), 0)
      let estimate = filter.update(
        acceleration: vertical * standardGravity, angularRate: Vector3(0.01, 0, 0.01 - rate),
        interval: index == 0 ? 0 : 0.01)
      if index > 100 { #expect(error(estimate, vertical) < 0.35, "row \(index)") }
    }
  }

  @Test func aSlowLeanIsNoBias() {
    // After a rest the leg leans at 3°/s for ten seconds: the slowest lunge.
    var filter = AccurateFilter()
    for _ in 0..<300 { _ = filter.update(acceleration: upright, angularRate: .zero, interval: 0.01) }
    let speed = 3 * radiansPerDegree
    for index in 1...1000 {
      let angle = speed * Double(index) * 0.01
      let vertical = Vector3(-sine(angle), cosine(angle), 0)
      let turned = Vector3(vertical.x, 0, vertical.y)
      let estimate = filter.update(
        acceleration: turned * standardGravity, angularRate: Vector3(0, speed, 0), interval: 0.01)
      #expect(error(estimate, turned) < 0.3)
    }
    #expect(filter.bias.length < 0.3 * radiansPerDegree)
  }

  @Test func aWorseGyroscopeThanUsualIsRecognised() {
    // Lunges of 35° with a rest at both ends, felt by a gyroscope whose scale is right, and by one whose scale is 3 % off.
    func lunges(scale: Double, sensorFromLeg turn: Quaternion = .identity)
      -> (filter: AccurateFilter, early: Double, late: Double)
    {
      var filter = AccurateFilter()
      var early = 0.0
      var late = 0.0
      for index in 0..<6000 {
        let time = Double(index) * 0.01
        let phase = (time - 2).truncatingRemainder(dividingBy: 6)
        let out = time < 2 ? 0 : phase < 1.5 ? phase / 1.5 : phase < 3 ? 1 : phase < 4.5 ? (4.5 - phase) / 1.5 : 0
        let rate = time < 2 ? 0 : phase < 1.5 ? 1.0 : phase < 3 ? 0 : phase < 4.5 ? -1 : 0
        let angle = 0.305 * (1 - cosine(out * 3.14159))
        let speed = rate * 0.305 * 3.14159 / 1.5 * sine(out * 3.14159)
        let vertical = turn.rotate(Vector3(-sine(angle), cosine(angle), 0))
        let estimate = filter.update(
          acceleration: vertical * standardGravity,
          angularRate: turn.rotate(Vector3(0, 0, -speed * scale)), interval: index == 0 ? 0 : 0.01)
        if time > 2 && time < 8 { early = max(early, error(estimate, vertical)) }
        if time > 50 { late = max(late, error(estimate, vertical)) }
      }
      return (filter, early, late)
    }
    let usual = AccurateParameters().scaleSD * AccurateParameters().scaleSD
    let (good, poor) = (lunges(scale: 1), lunges(scale: 1.03))
    #expect(good.filter.scaleVariance == usual)
    #expect(poor.filter.scaleVariance > 2 * usual)
    #expect(poor.late < 0.4 * poor.early, "\(poor.late) deg at last, \(poor.early) deg at first")
    // How the sensor sits must not matter to what is learnt of it.
    for turn in [
      Quaternion(angle: 0.7, axis: Vector3(0, 0.6, 0.8)), Quaternion(angle: 2.1, axis: Vector3(0.6, 0, -0.8)),
    ] {
      let turned = lunges(scale: 1.03, sensorFromLeg: turn)
      #expect(abs(turned.filter.scaleVariance / poor.filter.scaleVariance - 1) < 1e-6)
      #expect(abs(turned.early - poor.early) < 1e-6 && abs(turned.late - poor.late) < 1e-6)
    }
  }

  @Test func rowsThatDoNotResolveATremorClaimLess() {
    // The same sway at 10 Hz, where a tremor of 9 Hz looks like slow turning, and at 25 Hz, where it does not.
    func claim(rate: Double, unresolved: Double) -> Double {
      var parameters = AccurateParameters()
      parameters.unresolvedRate = unresolved
      var filter = AccurateFilter(parameters)
      return Motion1D(rate: rate, seconds: 20).samples().map {
        filter.update(acceleration: $0.acceleration, angularRate: $0.rate, interval: 1 / rate).tiltSD
      }.last!
    }
    let usual = AccurateParameters().unresolvedRate
    #expect(claim(rate: 10, unresolved: usual) > 1.3 * claim(rate: 10, unresolved: 0))
    #expect(claim(rate: 25, unresolved: usual) == claim(rate: 25, unresolved: 0))
  }

  @Test func aGapWidensTheClaimAndRestNarrowsIt() {
    var filter = AccurateFilter()
    var last = OrientationEstimate(earthFromSensor: .identity, tiltSD: 0, isConverged: false)
    func rest(_ count: Int) {
      for _ in 0..<count { last = filter.update(acceleration: upright, angularRate: .zero, interval: 0.01) }
    }
    rest(300)
    let before = last.tiltSD
    let after = filter.update(acceleration: upright, angularRate: .zero, interval: 0.8)
    #expect(after.tiltSD > 5 * before)
    rest(300)
    #expect(last.tiltSD < 2 * before)
  }

  @Test func aLossOfEitherSensorWidensTheClaim() {
    let motion = Motion1D(seconds: 8).samples()
    var filter = AccurateFilter()
    _ = run(&filter, motion[..<500])
    var blind = filter
    let seen = run(&filter, motion[500..<600]).last!
    var estimate = seen
    for one in motion[500..<600] {
      estimate = blind.update(acceleration: one.acceleration, angularRate: nil, interval: 0.01)
    }
    #expect(estimate.tiltSD > 1.5 * seen.tiltSD)
  }

  @Test func anImpactIsBridged() {
    // The knee hits the wall: 30 ms far beyond the range, cut off at 16 g, while the leg sways.
    let motion = Motion1D(seconds: 20).samples()
    var filter = AccurateFilter()
    for (index, one) in motion.enumerated() {
      let isHit = index >= 1000 && index < 1003
      let estimate = filter.update(
        acceleration: isHit ? Vector3(157, -157, 80) : one.acceleration, angularRate: one.rate,
        interval: index == 0 ? 0 : 0.01)
      if index > 600 { #expect(error(estimate, one.vertical) < 1.2, "row \(index)") }
    }
  }

  @Test func everyRowCountsWithItsOwnTime() {
    // The same movement, at intervals between 4 and 16 ms.
    var random = RandomSource(seed: 5)
    var filter = AccurateFilter()
    var time = 0.0
    var last = 0.0
    func angle(_ t: Double) -> Double { t < 3 ? 0 : 0.3 * (1 - cosine((t - 3) * 1.57)) }
    while time < 30 {
      let interval = time == 0 ? 0 : time - last
      let vertical = Vector3(-sine(angle(time)), cosine(angle(time)), 0)
      let rate = interval > 0 ? -(angle(time) - angle(last)) / interval : 0
      let estimate = filter.update(
        acceleration: vertical * standardGravity, angularRate: Vector3(0, 0, rate), interval: interval)
      if time > 1 { #expect(error(estimate, vertical) < 0.5) }
      last = time
      time += 0.004 + 0.012 * random.unit()
    }
  }
}

@Suite struct OrientationSmootherTests {
  private func smooth(_ motion: [(acceleration: Vector3, rate: Vector3, vertical: Vector3)]) -> [OrientationEstimate] {
    var smoother = OrientationSmoother()
    for (index, one) in motion.enumerated() {
      smoother.append(acceleration: one.acceleration, angularRate: one.rate, interval: index == 0 ? 0 : 0.01)
    }
    return smoother.finish()
  }

  @Test func theFutureHelps() {
    // A bias, no rest at the start: the live filter has to learn it, the smoother knows it from the end.
    let motion = Array(Motion1D(seconds: 40, noise: 0.01).samples()[300...])
    var filter = AccurateFilter()
    let live = run(&filter, motion[...])
    let smoothed = smooth(motion)
    #expect(smoothed.count == motion.count)
    func square(_ estimates: [OrientationEstimate]) -> Double {
      zip(estimates, motion).dropFirst(50).reduce(0) { $0 + error($1.0, $1.1.vertical) * error($1.0, $1.1.vertical) }
    }
    #expect(square(smoothed) < 0.8 * square(live))
  }

  @Test func itEndsWhereTheFilterEnds() {
    // The filter that the smoother goes back over.
    var forward = AccurateParameters()
    forward.correlationTime *= forward.smootherCorrelation
    let motion = Motion1D(seconds: 10).samples()
    var filter = AccurateFilter(forward)
    let live = run(&filter, motion[...])
    let last = smooth(motion).last!
    #expect(error(last, live.last!.earthFromSensor.verticalInSource) < 0.05)
  }

  @Test func aCopyIsASnapshot() {
    let motion = Motion1D(seconds: 8).samples()
    var first = OrientationSmoother()
    for one in motion[..<431] { first.append(acceleration: one.acceleration, angularRate: one.rate, interval: 0.01) }
    var second = first
    for _ in 0..<50 { first.append(acceleration: upright, angularRate: Vector3(1, 1, 1), interval: 0.01) }
    for one in motion[431...] { second.append(acceleration: one.acceleration, angularRate: one.rate, interval: 0.01) }
    var whole = OrientationSmoother()
    for one in motion { whole.append(acceleration: one.acceleration, angularRate: one.rate, interval: 0.01) }
    #expect(second.finish() == whole.finish())
  }

  @Test func noSamplesAndOneSample() {
    #expect(OrientationSmoother().finish().isEmpty)
    var one = OrientationSmoother()
    one.append(acceleration: upright, angularRate: .zero, interval: 0)
    #expect(one.finish().count == 1)
  }

  @Test func aGapDoesNotCarryTheFutureBack() {
    // Before the gap the sensor lies still; what happens after it must not bend that.
    var motion = Motion1D(seconds: 3).samples()
    let first = motion.count
    motion += Motion1D(seconds: 10, mount: Quaternion(rotationVector: Vector3(0.5, 0, 0)), seed: 3).samples()
    var smoother = OrientationSmoother()
    for (index, one) in motion.enumerated() {
      smoother.append(
        acceleration: one.acceleration, angularRate: one.rate, interval: index == 0 ? 0 : index == first ? 2 : 0.01)
    }
    // As if there had been nothing after the gap, but for the bias, which the later part knows better.
    for (estimate, alone) in zip(smoother.finish(), smooth(Array(motion[..<first]))) {
      #expect(error(estimate, alone.earthFromSensor.verticalInSource) < 0.3)
    }
  }
}
