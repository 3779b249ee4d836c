import AnkleKinematics
import Motion
import TestKit
import Testing

@testable import SensorSimulation

@Suite("Simulated sessions")
struct SessionTests {
  @Test("Equal plans give equal sessions to the bit; another seed gives another", arguments: SensorModel.presets)
  func repeatable(sensor: SensorModel) throws {
    var plan = SessionPlan(mount: shin)
    plan.sensor = sensor
    plan.arrivals = .usb16msStalls
    plan.sensor.lossProbability = 0.002
    let first = try SimulatedSession(plan)
    let again = try SimulatedSession(plan)
    #expect(first.samples == again.samples && first.truth == again.truth && first.trials == again.trials)
    plan.seed = 2
    let other = try SimulatedSession(plan)
    #expect(other.samples.first != first.samples.first)
    #expect(other.trials != first.trials)
    #expect(other.samples.map(\.arrived) != first.samples.map(\.arrived))
  }

  @Test("The sensor, the cable and the mount do not change the movement")
  func separateStreams() throws {
    var plan = SessionPlan(mount: shin)
    let first = try SimulatedSession(plan)
    plan.sensor = .mpu6050
    plan.arrivals = .immediate
    plan.rate = 333
    let other = try SimulatedSession(plan)
    #expect(other.trials == first.trials && !first.trials.isEmpty)
  }

  @Test("Truth on the plateau is the trial's end range, but for sway and tremor")
  func plateaus() throws {
    var plan = SessionPlan.exact(seed: 12, rate: 100)
    plan.movement.trials = 5
    plan.movement.target = 41 * radiansPerDegree
    let made = try SimulatedSession(plan)
    #expect(made.trials.count == 5)
    let unrest = plan.movement.sway + plan.movement.tremor
    var last = SessionTime.zero
    for trial in made.trials {
      #expect(trial.kind == .trial)
      let plateauStart = try #require(trial.plateauStart)
      let plateauEnd = try #require(trial.plateauEnd)
      #expect(last < trial.start && trial.start < plateauStart && plateauStart < plateauEnd && plateauEnd < trial.end)
      last = trial.end
      #expect((1.8...2.2).contains(plateauEnd.seconds(since: plateauStart)))
      #expect(abs(trial.endRange - 41 * radiansPerDegree) <= 2 * plan.movement.targetSD + unrest)
      let held = made.truth.filter { plateauStart <= $0.time && $0.time <= plateauEnd }.map(\.tibialInclination)
      #expect(held.count > 150)
      #expect(held.allSatisfy { abs($0 - trial.endRange) <= 2 * unrest })
      #expect(abs(held.reduce(0, +) / Double(held.count) - trial.endRange) < 0.05 * radiansPerDegree)
      let out = made.truth.filter { trial.start <= $0.time && $0.time <= trial.end }.map(\.tibialInclination)
      #expect(out.max()! <= trial.endRange + 2 * unrest)
    }
    let ends = made.truth.filter { $0.time < made.trials[0].start || $0.time > made.trials[4].end }
    #expect(ends.allSatisfy { abs($0.tibialInclination - plan.movement.standingLean) <= unrest })
    #expect(Set(made.trials.map(\.endRange)).count == 5)
  }

  @Test("Practice comes first, aborted movements between, and neither reaches end range")
  func otherMovements() throws {
    var plan = SessionPlan.exact(seed: 13, rate: 50)
    plan.movement.practice = 2
    plan.movement.aborted = 3
    let made = try SimulatedSession(plan)
    let kinds = made.trials.map(\.kind)
    #expect(kinds.prefix(2) == [.practice, .practice])
    #expect(kinds.count { $0 == .trial } == 3 && kinds.count { $0 == .aborted } == 3 && kinds.last == .trial)
    for movement in made.trials where movement.kind != .trial {
      #expect(movement.plateauStart == nil && movement.plateauEnd == nil)
      #expect(movement.endRange < 33 * radiansPerDegree && movement.endRange > 14 * radiansPerDegree)
      let out = made.truth.filter { movement.start <= $0.time && $0.time <= movement.end }.map(\.tibialInclination)
      #expect(abs(out.max()! - movement.endRange) < 0.05 * radiansPerDegree)
    }
  }

  @Test("Without a hold the end range is the peak, and there is no plateau")
  func noHold() throws {
    var plan = SessionPlan.exact(seed: 14, rate: 200)
    plan.movement.hold = 0
    plan.movement.rest = 0
    let made = try SimulatedSession(plan)
    #expect(made.trials.count == 3)
    for trial in made.trials {
      #expect(trial.plateauStart == nil)
      let out = made.truth.filter { trial.start <= $0.time && $0.time <= trial.end }.map(\.tibialInclination)
      #expect(abs(out.max()! - trial.endRange) < 1e-4)
    }
  }

  @Test("A duration cuts the session or lets it stand on; a movement that is cut is not listed")
  func duration() throws {
    var plan = SessionPlan.exact(seed: 15, rate: 100)
    let natural = try SimulatedSession(plan)
    plan.duration = natural.trials[1].plateauStart!.seconds + 0.2
    let cut = try SimulatedSession(plan)
    #expect(cut.trials == Array(natural.trials.prefix(1)))
    #expect(cut.truth == Array(natural.truth.prefix(cut.truth.count)))
    #expect(abs(cut.truth.last!.time.seconds - plan.duration!) <= 0.01)
    plan.duration = natural.truth.last!.time.seconds + 30
    let long = try SimulatedSession(plan)
    #expect(long.trials == natural.trials)
    #expect(abs(long.truth.last!.tibialInclination - plan.movement.standingLean) < 0.5 * radiansPerDegree)
    #expect(long.samples.count == natural.samples.count + 3000)
  }

  @Test("The simulator gives sample by sample what the session holds")
  func streaming() throws {
    var plan = SessionPlan(mount: shin)
    plan.duration = 3
    let whole = try SimulatedSession(plan)
    var simulator = try SessionSimulator(plan)
    for index in whole.samples.indices {
      let next = simulator.next()
      let (row, sample) = try #require(next)
      #expect(row == whole.truth[index] && sample == whole.samples[index])
    }
    let afterTheEnd = simulator.next()
    #expect(afterTheEnd == nil && simulator.remaining == 0)
  }

  @Test("A taller person's sensor sits higher, and medial of the long axis on both sides")
  func position() {
    let short = SessionPlan.sensorPosition(height: 1.50, side: .left)
    let tall = SessionPlan.sensorPosition(height: 1.90, side: .right)
    #expect(tall.y > short.y && abs(short.y - 0.62 * 0.246 * 1.5) < 1e-15)
    #expect(short.z > 0 && tall.z < 0 && short.x > 0)
  }

  @Test("A plan that makes no session is refused in words")
  func impossible() {
    func refused(_ part: String, _ change: (inout SessionPlan) -> Void) {
      var plan = SessionPlan(mount: shin)
      change(&plan)
      let error = #expect(throws: SessionPlan.Impossible.self) { try SimulatedSession(plan) }
      #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
    refused("rate") { $0.rate = 0 }
    refused("rate") { $0.rate = .nan }
    refused("trials") { $0.movement.trials = -1 }
    refused("aborted") { $0.movement.aborted = 1_000_000 }
    refused("angle") { $0.movement.target = 2 }
    refused("angle") { $0.movement.standingLean = .nan }
    refused("sway") { $0.movement.sway = -0.1 }
    refused("outward") { $0.movement.outward = 0 }
    refused("hold") { $0.movement.hold = -1 }
    refused("duration") { $0.duration = 0 }
    refused("duration") { $0.duration = .infinity }
    refused("make it shorter") {
      $0.rate = 10_000
      $0.duration = 10_000
    }
    refused("clock") {
      $0.specimen = SensorSpecimen()
      $0.specimen?.clockError = -1
    }
    refused("clock") { $0.sensor.clockErrorSD = 0.2 }
    refused("ticks") { $0.sensor.deviceClock = .clock(bits: 32, nanosecondsPerTick: 0) }
    refused("counter") { $0.sensor.deviceClock = .counter(bits: -1) }
    refused("bits") { $0.sensor.gyroscope.bits = 0 }
    refused("within 2 m") { $0.sensorPosition = Vector3(0, .nan, 0) }
    refused("rotation") { $0.misalignment = Quaternion(w: 0, x: 0, y: 0, z: 0) }
    refused("lost") { $0.sensor.lossProbability = 1 }
    refused("arrival") { $0.arrivals.latency = -1 }
  }
}
