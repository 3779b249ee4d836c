import AnkleKinematics
import LungeTest
import Motion
import Orientation
import RealModule
import SensorProtocols
import SensorSimulation
import Testing

@testable import Pipeline

@Suite("Readings")
struct ReadingTests {
  @Test("an assumed mount is on every reading and every trial; a stated one on none", arguments: [true, false])
  func mountAssumed(isAssumed: Bool) throws {
    var session = try EncodedSession(seed: 4)
    session.configuration.mountAssumed = isAssumed
    let emissions = try session.run().emissions
    #expect(emissions.readings.allSatisfy { $0.flags.contains(.mountAssumed) == isAssumed })
    #expect(emissions.trials.count == 3)
    #expect(emissions.trials.allSatisfy { $0.reasons.contains(.mountAssumed) == isAssumed })
  }

  @Test("there is no angle exactly as long as the vertical is not found", arguments: spokenProtocols)
  func notANumber(name: String) throws {
    var session = try EncodedSession(name, seed: 6)
    session.configuration.place = Placement(belowTuberosity: 0.1, surface: .anterior)
    let readings = try session.run().emissions.readings
    for reading in readings {
      let unknown = reading.flags.contains(.notConverged)
      #expect(reading.tibialInclination.isNaN == unknown)
      #expect(reading.dorsiflexion.isNaN == unknown)
      #expect(reading.inclinationSD.isNaN == unknown)
      #expect(reading.kneeToWall.isNaN == unknown)
    }
    #expect(readings.count { $0.flags.contains(.notConverged) } < readings.count / 10)
  }

  @Test("a sensor of angles takes the road past the filter: its angle is the tibia's at every sample")
  func inclinometer() throws {
    for name in ["rion", "dxl360s"] {
      // The device's own angle is that of its acceleration, so the leg moves slowly here.
      let session = try EncodedSession(name, seed: 8) {
        $0.sensor = .perfect
        $0.movement.outward = 6
        $0.movement.homeward = 6
        $0.movement.tremor = 0
      }
      let readings = try session.run().emissions.readings
      #expect(readings.count == session.truth.truth.count)
      for (reading, truth) in zip(readings, session.truth.truth) {
        #expect(reading.flags.contains(.quasiStatic) && !reading.flags.contains(.notConverged))
        // An inclinometer's resolution, and what the slow movement adds.
        #expect(abs(reading.tibialInclination - truth.tibialInclination) < 0.5 * radiansPerDegree)
        // The sensor's constant error, the mount as declared by eye, and what little a twist of the mount adds.
        let constant = session.configuration.staticAngleSD
        let least = (constant * constant + Alignment.declaredSD * Alignment.declaredSD).squareRoot()
        #expect((least...least + 0.05 * radiansPerDegree).contains(reading.inclinationSD))
      }
    }
  }

  @Test(
    "two angles cannot tell up from down: behind the fold nothing is believed, but where the third axis points sideways"
  )
  func fold() throws {
    func flags(_ mount: String, z: Vector3, y: Vector3, x: Vector3) throws -> [(degrees: Double, isSaturated: Bool)] {
      var configuration = PipelineConfiguration()
      configuration.mount = mount
      configuration.mountAssumed = false
      var engine = try Pipeline(configuration)
      var emissions: [Emission] = []
      // Slowly forward to 60° and back, 20 samples a second.
      let angles = (0...120).map { Double($0) / 2 } + (0...120).map { 60 - Double($0) / 2 }
      for (index, degrees) in angles.enumerated() {
        let lean = degrees * radiansPerDegree
        // Upward vertical in shank components: anterior, proximal, right.
        let up = Vector3(-Double.sin(lean), Double.cos(lean), 0)
        var sample = SensorSample()
        sample.inclinationX = Double.asin(max(-1, min(up.dot(x), 1)))
        sample.inclinationY = Double.asin(max(-1, min(up.dot(y), 1)))
        sample.fields = [.inclinationX, .inclinationY]
        engine.receive(TimedSample(time: SessionTime(seconds: Double(index) / 20), sample: sample), into: &emissions)
      }
      engine.finish(into: &emissions)
      return zip(angles, emissions.readings).map { ($0, $1.flags.contains(.saturated)) }
    }
    let (anterior, proximal, right) = (Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))
    // As the device pages say: z along the tibia never comes near.
    for (_, isSaturated) in try flags("z=proximal,x=anterior", z: proximal, y: right, x: anterior) {
      #expect(!isSaturated)
    }
    // z to the side lies near the horizontal all the time, and does not matter.
    for (_, isSaturated) in try flags("x=anterior,y=proximal", z: right, y: proximal, x: anterior) {
      #expect(!isSaturated)
    }
    // z to the rear is near the horizontal where the leg is upright, and how the mount says forward is signed holds.
    for (_, isSaturated) in try flags("x=proximal,z=posterior", z: anterior * -1, y: right, x: proximal) {
      #expect(!isSaturated)
    }
  }

  @Test("behind the fold of two angles nothing is believed until they come back to it")
  func foldWatch() {
    var watch = FoldWatch()
    func told(_ steps: [(near: Bool, degrees: Double)]) -> [Bool] {
      steps.map { watch.update(isNear: $0.near, inclination: $0.degrees * radiansPerDegree) }
    }
    #expect(told([(false, 5), (true, 5), (true, 9), (false, 12), (false, 20)]) == [false, false, false, false, false])
    #expect(told([(true, 22), (true, 24), (false, 26), (false, 18), (false, 4)]) == [true, true, true, true, true])
    #expect(told([(true, 24), (false, 20), (false, 5)]) == [true, false, false])
  }

  @Test("angles that the device fused are used as they are, flagged, and without an uncertainty that nobody knows")
  func deviceFused() throws {
    var configuration = PipelineConfiguration()
    configuration.mount = "x=right,z=anterior"
    var engine = try Pipeline(configuration)
    var emissions: [Emission] = []
    for index in 0..<100 {
      var sample = SensorSample()
      // Heading says nothing, and must not matter: x is the axis of roll, and points to the right.
      sample.eulerAngles = Vector3(Double(index) * 0.005, 0, Double(index) * 0.06)
      sample.fields = .eulerAngles
      engine.receive(TimedSample(time: SessionTime(seconds: Double(index) * 0.01), sample: sample), into: &emissions)
    }
    let readings = emissions.readings
    #expect(readings.count == 100)
    #expect(readings.allSatisfy { $0.flags.contains(.deviceFused) && $0.inclinationSD.isNaN })
    let steps = zip(readings, readings.dropFirst()).map { $1.tibialInclination - $0.tibialInclination }
    #expect(steps.allSatisfy { abs(abs($0) - 0.005) < 1e-9 })
  }

  @Test("a gyroscope that shows up after accelerations still brings the filter in")
  func lateGyroscope() throws {
    var engine = try Pipeline(PipelineConfiguration())
    var emissions: [Emission] = []
    for index in 0..<200 {
      var sample = SensorSample()
      // The noise of a sensor: readings that repeat to the bit are another matter.
      sample.acceleration = Vector3(0, standardGravity, Double(index % 7) * 1e-4)
      sample.fields = index < 100 ? .acceleration : [.acceleration, .angularRate]
      engine.receive(TimedSample(time: SessionTime(seconds: Double(index) * 0.01), sample: sample), into: &emissions)
    }
    #expect(emissions.readings[50].flags.contains(.quasiStatic))
    #expect(!emissions.readings[199].flags.contains(.quasiStatic))
  }
}

@Suite("End range against truth")
struct EndRangeTests {
  /// The sensor models in the protocol that fits them.
  static let cases: [(model: SensorModel, wire: String)] = [
    (.perfect, "lines:t_us,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps"),
    (.mpu6050, "lines:t_us,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps"),
    (.wt901, "witmotion"),
  ]

  struct Comparison {
    var error: Double
    var sd: Double
    var seed: UInt64
  }

  static func compare(
    _ model: SensorModel, _ wire: String, seed: UInt64, _ filter: PipelineConfiguration.Filter,
    _ change: (inout SensorSpecimen) -> Void
  ) throws -> [Comparison] {
    var session = try EncodedSession(wire, seed: seed) {
      $0.sensor = model
      var specimen = SensorSpecimen(of: model, seed: seed)
      change(&specimen)
      $0.specimen = specimen
      $0.side = seed % 2 == 0 ? .left : .right
    }
    session.configuration.filter = filter
    let (emissions, _) = try session.run()
    let found = emissions.trials.filter { $0.kind == .trial }
    let truth = session.truth.trials.filter { $0.kind == .trial }
    #expect(found.count == truth.count, "\(model.name), seed \(seed)")
    return zip(found, truth).map {
      Comparison(error: $0.endRange.value - $1.endRange, sd: $0.endRange.sd, seed: seed)
    }
  }

  @Test(
    "within half a degree where the accelerometer has no constant error, whatever the gyroscope's bias, for both filters",
    arguments: 0..<3, PipelineConfiguration.Filter.allCases)
  func withoutBias(index: Int, filter: PipelineConfiguration.Filter) throws {
    let (model, wire) = Self.cases[index]
    for seed in 1...4 as ClosedRange<UInt64> {
      let found = try Self.compare(model, wire, seed: seed, filter) {
        $0.accelerometer = TriadErrors()
      }
      // An MPU-6050's gyroscope is off in scale by up to 3 %: a degree over a lunge of 35°.
      let limit = (model.name == "mpu6050" ? 1.2 : 0.5) * radiansPerDegree
      for one in found {
        #expect(
          abs(one.error) < limit,
          "\(model.name), seed \(seed): \(one.error * degreesPerRadian) deg of error")
      }
    }
  }

  @Test("with the constant errors of its class, nineteen of twenty lie within twice the stated uncertainty")
  func withBias() throws {
    var inside = 0
    var all = 0
    for seed in 1...12 as ClosedRange<UInt64> {
      for one in try Self.compare(.wt901, "witmotion", seed: seed, .kalman, { _ in }) {
        all += 1
        if abs(one.error) <= 2 * one.sd { inside += 1 }
      }
    }
    #expect(all == 36)
    #expect(Double(inside) >= 0.95 * Double(all), "\(inside) of \(all)")
  }
}
