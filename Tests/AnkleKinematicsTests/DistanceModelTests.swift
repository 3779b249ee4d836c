import AnkleKinematics
import Foundation
import Motion
import TestKit
import Testing

@Suite("The distance of a sensor's reading")
struct DistanceModelTests {
  let lengths = BodyLengths(height: 1.70)!

  func prints(_ value: Double, _ printed: Double, decimals: Int) -> Bool {
    abs(value - printed) <= 0.5 * pow(10, -Double(decimals)) + 1e-9
  }

  func model(
    _ zero: ZeroConvention, _ placement: Placement = Placement(), lean: Uncertain? = nil,
    contact: ContactModel = .roundKnee
  ) throws -> DistanceModel {
    try DistanceModel.choose(
      zero: zero, lengths: lengths, contact: contact, placement: placement, standingLean: lean, calibration: nil)
  }

  @Test("At the tuberosity 39.0° are 10.3 cm, and 10 to 12.5 cm where the surface is not known")
  func placement() throws {
    let reading = Uncertain(39 * radiansPerDegree, sd: 1.4 * radiansPerDegree)
    let known = try model(.gravity, Placement(belowTuberosity: 0, surface: .anterior)).estimate(inclination: reading)
    #expect(prints((known.value?.value ?? 0) * 100, 10.3, decimals: 1))
    // 1.6 cm from height and angle, and 3° of placement: 2.4 cm.
    #expect(prints((known.value?.sd ?? 0) * 100, 2.4, decimals: 1))
    let open = try model(.gravity, Placement(belowTuberosity: 0)).estimate(inclination: reading)
    #expect(open.value == nil)
    #expect(prints((open.range?.lowerBound ?? 0) * 100, 10.3, decimals: 1))
    #expect(prints((open.range?.upperBound ?? 0) * 100, 12.4, decimals: 1))
    // The same posture 15 cm lower reads 44.9°: the same distance.
    let lower = try model(.plumb, Placement(belowTuberosity: 0.15, surface: .anteromedial))
      .estimate(inclination: Uncertain(44.9 * radiansPerDegree, sd: 0.02))
    #expect(prints((lower.value?.value ?? 0) * 100, 10.3, decimals: 1))
    // Nothing known at all: wider.
    let unknown = try model(.gravity).estimate(inclination: reading)
    #expect(
      (unknown.range?.lowerBound ?? 1) < 0.08 && prints((unknown.range?.upperBound ?? 0) * 100, 12.4, decimals: 1))
    // Nothing was measured on the calf.
    #expect(Placement(belowTuberosity: 0.1, surface: .posterior).offset == nil)
  }

  @Test("Against quiet standing there is a distance only with a lean that is known")
  func standing() throws {
    #expect(throws: DistanceModel.Obstacle.noStandingLean) { try model(.standing) }
    let lean = Uncertain(5 * radiansPerDegree, sd: 1 * radiansPerDegree)
    let d = try model(.standing, lean: lean).estimate(
      inclination: Uncertain(33 * radiansPerDegree, sd: 0))
    #expect(prints((d.value?.value ?? 0) * 100, 11.9, decimals: 1))
    #expect(throws: DistanceModel.Obstacle.noLengths) {
      try DistanceModel.choose(
        zero: .gravity, lengths: nil, contact: .roundKnee, placement: Placement(), standingLean: nil, calibration: nil)
    }
  }

  @Test("A point fixed to the tibia touches 1.2 cm less than a round knee at 38°, and its inverse gives the angle back")
  func contactModels() throws {
    let at38 = 38 * radiansPerDegree
    let difference =
      lengths.kneeToWall(inclination: at38, contact: .fixedPoint)
      - lengths.kneeToWall(inclination: at38, contact: .roundKnee)
    #expect(prints(difference * 100, -1.2, decimals: 1))
    #expect(abs(difference + 0.055 * (1 - cos(at38))) < 1e-12)
    for contact in ContactModel.allCases {
      for degrees in stride(from: -30.0, through: 60, by: 7.5) {
        let d = lengths.kneeToWall(inclination: degrees * radiansPerDegree, contact: contact)
        let again = try #require(lengths.inclination(kneeToWall: d, contact: contact))
        #expect(abs(again * degreesPerRadian - degrees) < 1e-9)
      }
      #expect(lengths.inclination(kneeToWall: 0.5, contact: contact) == nil)
    }
  }

  @Test("The curve of a stream is the formula, whatever offset and contact")
  func curve() throws {
    for contact in ContactModel.allCases {
      let placement = Placement(belowTuberosity: 0.1, surface: .anterior)
      let model = try model(.gravity, placement, contact: contact)
      let offset = try #require(placement.offset)
      for degrees in stride(from: -20.0, through: 55, by: 5) {
        let theta = degrees * radiansPerDegree
        let curve = try #require(model.curve)
        #expect(
          abs(
            curve.distance(sine: sin(theta), cosine: cos(theta))
              - lengths.kneeToWall(inclination: theta - offset.value, contact: contact)) < 1e-12)
      }
    }
  }

  @Test("The contributions are those of a Monte Carlo through the full formula, for every basis")
  func monteCarlo() throws {
    var random = RandomSource(seed: 43)
    func normal() -> Double { (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
    let place = Placement(belowTuberosity: 0.15, surface: .anterior)
    let offset = try #require(place.offset)
    for contact in ContactModel.allCases {
      let model = try model(.gravity, place, contact: contact)
      for degrees in [20.0, 38, 50] {
        let reading = Uncertain(degrees * radiansPerDegree, sd: 1.4 * radiansPerDegree)
        var sum = 0.0
        var squares = 0.0
        let count = 40_000
        for _ in 0..<count {
          var drawn = lengths
          drawn.shank.value += lengths.shank.sd * normal()
          drawn.ankleToToe.value += lengths.ankleToToe.sd * normal()
          drawn.kneeDepth.value += lengths.kneeDepth.sd * normal()
          let axis = reading.value + reading.sd * normal() - offset.value - offset.sd * normal()
          let d = drawn.kneeToWall(inclination: axis, contact: contact)
          sum += d
          squares += d * d
        }
        let mean = sum / Double(count)
        let sd = (squares / Double(count) - mean * mean).squareRoot()
        let told = try #require(model.estimate(inclination: reading).value)
        #expect((0.95...1.05).contains(told.sd / sd), "\(contact) \(degrees)°: \(told.sd) against \(sd)")
        #expect(abs(told.sd - model.contributions(inclination: reading).combined) < 1e-15)
      }
    }
  }
}

@Suite("The personal calibration by wall touches")
struct WallCalibrationTests {
  let lengths = BodyLengths(height: 1.70)!
  let place = Placement(belowTuberosity: 0, surface: .anterior)

  func touch(_ degrees: Double, _ centimetres: Double) -> WallTouch {
    WallTouch(inclination: degrees * radiansPerDegree, distance: centimetres / 100)
  }

  @Test("One touch at 8.0 cm and 33.0°: 37.0° are 10.4 cm, with and without the offset")
  func onePoint() throws {
    let exact = BodyLengths(shank: 0.4182, ankleToToe: 0.19, kneeDepth: 0.055)!
    for offset in [0.0, 3.6] {
      var prior = WallCalibration.prior(lengths: exact, zero: .gravity, placement: place)
      prior.offset = offset * radiansPerDegree
      prior.covariance.yy = 1e-12
      prior.covariance.xx = 1e-12
      prior.covariance.zz = 1
      let fit = WallFit(prior: prior, touches: [touch(33, 8)])
      let gain = (fit.calibration.distance(inclination: 37 * radiansPerDegree) - 0.08) * 100
      #expect(abs(gain - (offset == 0 ? 2.39 : 2.49)) < 0.005 + 1e-3, "\(gain)")
      #expect(fit.checks.isEmpty && fit.calibration.isConsistent == nil)
    }
  }

  @Test("After one touch the distance is known to about 0.9 cm, of which 0.8 cm are the angle's")
  func onePointUncertainty() {
    let prior = WallCalibration.prior(lengths: lengths, zero: .gravity, placement: place)
    let touch = WallTouch(
      inclination: Uncertain(33 * radiansPerDegree, sd: 0.5 * radiansPerDegree), distance: Uncertain(0.08, sd: 0.003))
    let fit = WallFit(prior: prior, touches: [touch])
    let model = DistanceModel(.personal(fit.calibration))
    let sd = model.estimate(inclination: Uncertain(38 * radiansPerDegree, sd: 1.4 * radiansPerDegree)).value?.sd ?? 0
    #expect(abs(sd * 100 - 0.9) < 0.05 + 1e-9, "\(sd)")
    let angleAlone = fit.calibration.slope(inclination: 38 * radiansPerDegree) * 1.4 * radiansPerDegree * 100
    #expect(abs(angleAlone - 0.8) < 0.05)
  }

  @Test(
    "Two and three touches of a leg that is not the average one find its distance, and an unknown offset of 6° costs under 2 mm over 4°"
  )
  func recovers() {
    // The average leg, with an offset that nobody knows; and a leg that is 2 cm longer besides.
    for (shank, limit) in [(lengths.shank.value, 0.002), (0.44, 0.0035)] {
      func distance(_ degrees: Double) -> Double { shank * sin((degrees - 6) * radiansPerDegree) - 0.12 }
      let prior = WallCalibration.prior(lengths: lengths, zero: .gravity)
      for degrees in [[36.0], [32.0, 40], [30.0, 36, 42]] {
        let fit = WallFit(prior: prior, touches: degrees.map { touch($0, distance($0) * 100) })
        #expect(fit.suspect == nil)
        for reading in [degrees[0] - 4, degrees[0] + 4] {
          let told = fit.calibration.distance(inclination: reading * radiansPerDegree)
          #expect(abs(told - distance(reading)) < limit, "\(degrees.count) touches")
        }
      }
    }
  }

  @Test("A touch that is 1.5 cm off is flagged from two touches on, and good touches are seldom")
  func flags() throws {
    let prior = WallCalibration.prior(lengths: lengths, zero: .gravity, placement: place)
    func distance(_ degrees: Double) -> Double {
      (lengths.kneeToWall(inclination: (degrees - 3.6) * radiansPerDegree, contact: .roundKnee)) * 100
    }
    for wrong in [1.5, -1.5] {
      let two = WallFit(prior: prior, touches: [touch(32, distance(32)), touch(40, distance(40) + wrong)])
      #expect(two.suspect != nil && two.calibration.isConsistent == false)
      let three = WallFit(
        prior: prior, touches: [touch(31, distance(31)), touch(36, distance(36) + wrong), touch(41, distance(41))])
      #expect(abs((three.suspect?.touch.inclination.value ?? 0) * degreesPerRadian - 36) < 1e-9)
      #expect(abs((three.suspect?.deviation ?? 0) * 100 - wrong) < 0.4)
    }
    // The limit for two touches 4 to 5 cm apart lies at about 0.7 cm or 1.2°.
    let limit = stride(from: 0.0, through: 2, by: 0.01).first {
      WallFit(prior: prior, touches: [touch(32, distance(32)), touch(39.5, distance(39.5) + $0)]).suspect != nil
    }
    #expect(abs((limit ?? 0) - 0.7) < 0.1, "\(limit ?? 0) cm")
    // False alarms among good touches: 5 % are expected.
    var random = RandomSource(seed: 9)
    func normal() -> Double { (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
    var alarms = 0
    for _ in 0..<2000 {
      var leg = lengths
      leg.shank.value += leg.shank.sd * normal()
      let offset = 3.6 + 3 * normal()
      let touches = [32.0, 39.5].map { degrees in
        touch(
          degrees + 0.3 * normal(),
          leg.kneeToWall(inclination: (degrees - offset) * radiansPerDegree, contact: .roundKnee) * 100 + 0.1 * normal()
        )
      }
      if WallFit(prior: prior, touches: touches).suspect != nil { alarms += 1 }
    }
    #expect((60...150).contains(alarms), "\(alarms) of 2000")
  }

  @Test("The told uncertainty is that of a Monte Carlo over people and touches")
  func monteCarlo() {
    var random = RandomSource(seed: 21)
    func normal() -> Double { (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
    let prior = WallCalibration.prior(lengths: lengths, zero: .gravity, placement: place)
    for degrees in [[33.0], [32.0, 40], [30.0, 36, 42]] {
      var squares = 0.0
      let count = 4000
      for _ in 0..<count {
        let shank = lengths.shank.value + lengths.shank.sd * normal()
        let constant = prior.constant + prior.covariance.zz.squareRoot() * normal()
        let offset = prior.offset + Placement.offsetSD * normal()
        func distance(_ theta: Double) -> Double { shank * sin(theta - offset) + constant }
        let touches = degrees.map { d in
          touch(d + 0.3 * normal(), (distance(d * radiansPerDegree) + 0.001 * normal()) * 100)
        }
        let fit = prior.fitted(to: touches)
        let reading = 38 * radiansPerDegree
        let error = fit.distance(inclination: reading + 1.4 * radiansPerDegree * normal()) - distance(reading)
        let told =
          DistanceModel(.personal(fit))
          .estimate(inclination: Uncertain(reading, sd: 1.4 * radiansPerDegree)).value?.sd ?? 0
        squares += error * error / (told * told)
      }
      let ratio = (squares / Double(count)).squareRoot()
      #expect((0.95...1.05).contains(1 / ratio), "\(degrees.count) touches: \(ratio)")
    }
  }

  @Test("The text gives the calibration back to the bit, and nothing else is taken for one")
  func text() throws {
    let prior = WallCalibration.prior(lengths: lengths, zero: .standing)
    let fit = WallFit(prior: prior, touches: [touch(28, 8), touch(33, 10.6)]).calibration
    #expect(WallCalibration(text: fit.text) == fit)
    for text in [
      "", "zero=gravity", fit.text.replacing("zero=standing", with: "zero=wall"),
      fit.text.replacing("touches=2", with: "touches=0"), fit.text + " x",
      fit.text.replacing("shank_m=0", with: "shank_m=9"),
      fit.text.replacing("covariance=", with: "covariance=nan,"),
      String(fit.text.dropLast(12)).replacing(",", with: ""),
    ] {
      #expect(WallCalibration(text: text) == nil, "\(text)")
    }
  }

  @Test("A calibration holds for its own zero convention alone")
  func zero() throws {
    let fit = WallFit(
      prior: WallCalibration.prior(lengths: lengths, zero: .standing), touches: [touch(28, 8)]
    ).calibration
    #expect(throws: DistanceModel.Obstacle.otherZero) {
      try DistanceModel.choose(
        zero: .gravity, lengths: lengths, contact: .roundKnee, placement: place, standingLean: nil, calibration: fit)
    }
    let model = try DistanceModel.choose(
      zero: .standing, lengths: nil, contact: .roundKnee, placement: Placement(), standingLean: nil, calibration: fit)
    #expect(
      abs((model.estimate(inclination: Uncertain(28 * radiansPerDegree, sd: 0)).value?.value ?? 0) - 0.08) < 0.001)
  }
}

@Suite("What a personal calibration holds for")
struct WallCalibrationScopeTests {
  let lengths = BodyLengths(height: 1.70)!

  func fit(side: Side? = nil, place: Placement = Placement()) -> WallCalibration {
    var prior = WallCalibration.prior(lengths: lengths, zero: .gravity, placement: place)
    prior.side = side
    prior.place = place
    return WallFit(
      prior: prior,
      touches: [32.0, 39].map { WallTouch(inclination: $0 * radiansPerDegree, distance: ($0 - 26) / 100) }
    ).calibration
  }

  func model(
    _ calibration: WallCalibration, side: Side? = nil, place: Placement = Placement()
  ) throws -> DistanceModel {
    try DistanceModel.choose(
      zero: .gravity, lengths: nil, contact: .roundKnee, placement: place, standingLean: nil, calibration: calibration,
      side: side)
  }

  @Test("Another leg, and another place of the sensor, are refused; what was not said is not held against it")
  func scope() throws {
    let place = Placement(belowTuberosity: 0.1, surface: .anterior)
    let calibration = fit(side: .left, place: place)
    #expect(throws: DistanceModel.Obstacle.otherSide) { try model(calibration, side: .right) }
    #expect(throws: DistanceModel.Obstacle.otherPlace) {
      try model(calibration, place: Placement(belowTuberosity: 0.15, surface: .anterior))
    }
    #expect(throws: DistanceModel.Obstacle.otherPlace) { try model(calibration, place: Placement(surface: .posterior)) }
    _ = try model(calibration, side: .left, place: place)
    _ = try model(calibration)
    _ = try model(fit(), side: .right, place: place)
    #expect(WallCalibration(text: calibration.text) == calibration)
    #expect(abs((calibration.reference ?? 0) - 35.5 * radiansPerDegree) < 1e-12)
    #expect(WallCalibration(text: calibration.text.replacing("side=left", with: "side=middle"))?.side == nil)
  }

  @Test("Errors that touches and reading share are not told; those between them are: as a Monte Carlo has it")
  func sharedErrors() throws {
    var random = RandomSource(seed: 51)
    func normal() -> Double { (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
    let mount = try Mount("y=proximal,z=anterior")
    let constant = ConstantUncertainty(
      accelerometer: 1.8 * radiansPerDegree, alignment: .declared(mount, isAssumed: false))
    // What is known of the offset before has to hold the mount's error, too.
    var prior = WallCalibration.prior(lengths: lengths, zero: .gravity)
    prior.covariance.yy += constant.zero * constant.zero + constant.accelerometer * constant.accelerometer
    // Two touches also see how the bias turns with the inclination, so that what is told of it is rather too much.
    let cases: [(touches: [Double], allowed: ClosedRange<Double>)] = [([34], 0.94...1.06), ([30, 38], 0.85...1.06)]
    for (degrees, allowed) in cases {
      for reading in [20.0, 30, 45].map({ $0 * radiansPerDegree }) {
        var squares = 0.0
        let count = 3000
        for _ in 0..<count {
          let leg = lengths.shank.value + lengths.shank.sd * normal()
          let c = prior.constant + prior.covariance.zz.squareRoot() * normal()
          let offset =
            prior.offset
            + (prior.covariance.yy - constant.zero * constant.zero
            - constant.accelerometer * constant.accelerometer).squareRoot() * normal()
          let zero = constant.zero * normal()
          let bias = Vector3(normal(), normal(), 0) * constant.accelerometer
          // What the sensor shows of an inclination: turned by the mount, and by the bias's part across the vertical.
          func shown(_ theta: Double) -> Double {
            let up = Vector3(-sin(theta), cos(theta), 0) + bias
            return ShankAngles(verticalInShank: up.normalized!).tibialInclination + zero
          }
          func distance(_ theta: Double) -> Double { leg * sin(theta - offset) + c }
          let touches = degrees.map { degrees in
            WallTouch(
              inclination: shown(degrees * radiansPerDegree) + WallTouch.inclinationSD * normal(),
              distance: distance(degrees * radiansPerDegree) + WallTouch.distanceSD * normal())
          }
          let fit = prior.fitted(to: touches)
          let filter = 0.3 * radiansPerDegree
          let seen = shown(reading) + filter * normal()
          let sd = (filter * filter + constant.variance(at: seen)).squareRoot()
          let told = try #require(
            DistanceModel(.personal(fit)).estimate(inclination: Uncertain(seen, sd: sd), constant: constant).value)
          let error = told.value - distance(reading)
          squares += error * error / (told.sd * told.sd)
        }
        let ratio = (squares / Double(count)).squareRoot()
        #expect(allowed.contains(ratio), "\(degrees) touched, read at \(reading * degreesPerRadian)°: \(ratio)")
      }
    }
  }
}

@Suite("The uncertainty of an inclination")
struct ConstantUncertaintyTests {
  let mount = try! Mount("y=proximal,z=anterior")

  @Test("A bias counts in full against gravity, and by 2 sin(θ/2) where zero was measured")
  func accelerometer() {
    let declared = ConstantUncertainty(accelerometer: 0.01, alignment: .declared(mount, isAssumed: false))
    var alignment = Alignment.declared(mount, isAssumed: false)
    alignment.method = .functional
    let measured = ConstantUncertainty(accelerometer: 0.01, alignment: alignment)
    for theta in [0.0, 0.3, 0.66, 1.0] {
      #expect(abs(declared.accelerometerVariance(cosine: cos(theta)).squareRoot() - 0.01) < 1e-12)
      #expect(abs(measured.accelerometerVariance(cosine: cos(theta)).squareRoot() - 0.02 * sin(theta / 2)) < 1e-9)
    }
  }

  @Test("A filter with a gyroscope shows a bias the more the longer an angle is held, never more than in full")
  func held() {
    var alignment = Alignment.declared(mount, isAssumed: false)
    alignment.method = .pose
    alignment.isFiltered = true
    let constant = ConstantUncertainty(accelerometer: 0.03, alignment: alignment)
    func sd(_ hold: Double) -> Double { constant.held(for: hold).accelerometerVariance(cosine: 0.8).squareRoot() }
    let full = constant.accelerometerVariance(cosine: 0.8).squareRoot()
    #expect(sd(-1) == sd(0) && sd(0) > 0)
    #expect(sd(0.5) < sd(1) && sd(1) < sd(2) && sd(2) < full)
    #expect(sd(3) == full && sd(60) == full)
    // Against gravity a bias counts in full at once, and without a gyroscope nothing carries the old vertical over.
    alignment.method = .declared
    let gravity = ConstantUncertainty(accelerometer: 0.03, alignment: alignment)
    #expect(gravity.held(for: 0).accelerometerVariance(cosine: 0.8) == gravity.accelerometerVariance(cosine: 0.8))
    alignment.method = .pose
    alignment.isFiltered = false
    let still = ConstantUncertainty(accelerometer: 0.03, alignment: alignment)
    #expect(still.held(for: 0).accelerometerVariance(cosine: 0.8) == still.accelerometerVariance(cosine: 0.8))
  }

  @Test("What is told is the scatter of a Monte Carlo over bias, zero and twist")
  func monteCarlo() throws {
    var random = RandomSource(seed: 77)
    func normal() -> Double { (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
    for isMeasured in [false, true] {
      var alignment = Alignment.declared(mount, isAssumed: false)
      if isMeasured { alignment.method = .pose }
      let told = ConstantUncertainty(accelerometer: 1.2 * radiansPerDegree, alignment: alignment)
      for theta in [10.0, 38, 50].map({ $0 * radiansPerDegree }) {
        var sum = 0.0
        var squares = 0.0
        let count = 20_000
        for _ in 0..<count {
          let bias = Vector3(normal(), normal(), normal()) * told.accelerometer
          let twist = Quaternion(angle: told.twist * normal(), axis: Vector3(0, 1, 0))
          let zero = Quaternion(angle: -told.zero * normal(), axis: Vector3(0, 0, 1))
          func reading(_ angle: Double) throws -> Vector3 {
            try #require((twist.rotate(Vector3(-sin(angle), cos(angle), 0)) + bias).normalized)
          }
          // Where zero is measured, the vertical at rest is turned to the long axis, with an error of its own.
          let level = isMeasured ? Quaternion(from: try reading(0), to: Vector3(0, 1, 0)) : .identity
          let seen = ShankAngles(verticalInShank: (zero * level).rotate(try reading(theta))).tibialInclination
          sum += seen
          squares += seen * seen
        }
        let mean = sum / Double(count)
        let sd = (squares / Double(count) - mean * mean).squareRoot()
        let propagated = told.variance(sine: sin(theta), cosine: cos(theta)).squareRoot()
        #expect((0.95...1.05).contains(propagated / sd), "\(isMeasured) \(theta): \(propagated) against \(sd)")
      }
    }
  }

  @Test("The contributions add up to the inclination's uncertainty")
  func contributions() {
    let told = ConstantUncertainty(accelerometer: 0.01, alignment: .declared(mount, isAssumed: true))
    let inclination = Uncertain(0.6, sd: 0.05)
    #expect(abs(told.contributions(to: inclination, commonSD: 0.048).combined - 0.05) < 1e-12)
  }
}
