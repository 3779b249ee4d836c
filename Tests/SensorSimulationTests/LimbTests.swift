import AnkleKinematics
import Foundation
import Motion
import TestKit
import Testing

@testable import SensorSimulation

@Suite("The limb, its heel and the wall")
struct LimbTests {
  /// A perfect sensor on a leg that does what the text says.
  func plan(_ scenario: String, lean: Double = 5) throws -> SessionPlan {
    var plan = SessionPlan.exact(seed: 3, rate: 100)
    plan.movement.sway = 0
    plan.movement.tremor = 0
    plan.movement.standingLean = lean * radiansPerDegree
    plan.movement.events = try ScenarioText.events(scenario, standingLean: plan.movement.standingLean)
    return plan
  }

  @Test(
    "A lifted heel adds its pitch to the tibia and leaves the ankle as it is; the knee gains what clinical tables say")
  func heelLift() throws {
    let flat = try SimulatedSession(plan("stand 2; lunge 38; stand 2")).trials[0]
    let lifted = try SimulatedSession(plan("stand 2; lunge 38 heel-lift=5; stand 2")).trials[0]
    #expect(abs(lifted.dorsiflexion - flat.dorsiflexion) < 1e-12)
    #expect(abs(lifted.endRange - flat.endRange - 5 * radiansPerDegree) < 1e-12)
    // 3.6 cm for 5° at 1.75 m; this leg is 3 % shorter.
    #expect((0.031...0.037).contains(lifted.kneeToWall - flat.kneeToWall))
  }

  @Test("Heel lift at 1.75 m to the printed digit: the heel's rise and what the knee gains, from a lunge of 35°")
  func heelLiftTable() {
    let limb = Limb(height: 1.75)
    func reach(_ pitch: Double) -> Double {
      limb.kneeToWall(
        inclination: 35 * radiansPerDegree + pitch,
        Limb.Stance(footTurn: 0, heading: 0, tiltToRight: 0, footPitch: pitch))
    }
    for (degrees, rise, gain) in [(2.0, 0.7, 1.5), (3, 1.0, 2.2), (5, 1.7, 3.6), (10, 3.4, 7.1)] {
      let pitch = degrees * radiansPerDegree
      // From the heel to the joint of the big toe, by foot length (0.152 of body height).
      let heel = (0.152 * 1.75 - limb.toeLength) * sin(pitch) * 100
      #expect(abs(heel - rise) <= 0.05 + 1e-9, "\(degrees)°: \(heel) cm")
      let gained = (reach(pitch) - reach(0)) * 100
      #expect(abs(gained - gain) <= 0.05 + 1e-9, "\(degrees)°: \(gained) cm")
    }
  }

  @Test(
    "A knee that meets a wall is as far from the toe as the wall is",
    arguments: ["5", "11.5 tilt=4 turn=8", "8 heel-lift=3"])
  func wall(text: String) throws {
    let trial = try SimulatedSession(plan("stand 2; lunge wall=\(text); stand 2")).trials[0]
    let wanted: Double = text.hasPrefix("5") ? 0.05 : text.hasPrefix("8") ? 0.08 : 0.115
    #expect(abs(trial.kneeToWall - wanted) < 1e-9)
    let flat = try #require(BodyLengths(height: 1.7))
    if text == "5" {
      #expect(abs(flat.kneeToWall(inclination: Uncertain(trial.endRange, sd: 0)).value - wanted) < 1e-9)
    }
  }

  @Test("The foot's gyroscope sees its pitch, the shank's the sum, and a hanging foot moves alone")
  func twoSensors() throws {
    let shank = try plan("stand 2; lunge 38 heel-lift=5; stand 2")
    let foot = try SimulatedSession(shank.onFoot(sensor: .perfect, mount: Mount("z=proximal,x=anterior")))
    #expect(foot.samples.allSatisfy { $0.stream == StreamID(1) })
    // y of this mount points to the left, about which a rising heel turns positively.
    var pitch = 0.0
    var worst = 0.0
    for (index, row) in foot.truth.enumerated().dropFirst() {
      let mean = (foot.samples[index].angularRate.y + foot.samples[index - 1].angularRate.y) / 2
      pitch += mean * row.time.seconds(since: foot.truth[index - 1].time)
      worst = max(worst, abs(pitch - row.footPitch))
    }
    #expect(worst < 0.02 * radiansPerDegree)
    var hanging = shank
    hanging.movement.isLoaded = false
    let row = try #require(try SimulatedSession(hanging).truth.max { $0.dorsiflexion < $1.dorsiflexion })
    #expect(abs(row.dorsiflexion - 38 * radiansPerDegree) < 1e-9 && row.footPitch < -30 * radiansPerDegree)
    #expect(row.kneeToWall.isNaN)
  }

  @Test("Rocks are calibration, about the axis that was asked for; an outage leaves a hole")
  func events() throws {
    let made = try SimulatedSession(plan("stand 3; rocks 3 deg=18; stand 1; rocks 2 axis=long; outage 0.5; stand 1"))
    #expect(made.trials.map(\.kind) == Array(repeating: .calibration, count: 5))
    #expect(abs(made.trials[1].endRange - 23 * radiansPerDegree) < 1e-6)
    #expect(abs(made.trials[4].endRange - 5 * radiansPerDegree) < 1e-6)
    let holes = zip(made.truth, made.truth.dropFirst()).map { $1.time.seconds(since: $0.time) }.filter { $0 > 0.05 }
    #expect(holes.count == 1 && abs(holes[0] - 0.51) < 0.011)
  }

  @Test(
    "What is no event, or no condition, is refused in words",
    arguments: [
      "dance 3", "lunge 38 hold=x", "lunge 38 39", "lunge wall=90; stand 1", "rocks 2 axis=up", "ramp 30 rate=0",
      "stand 3 deg=4",
    ])
  func refusals(text: String) {
    #expect(throws: (any Error).self) { try SimulatedSession(plan(text)) }
    var made = SessionPlan.exact()
    #expect(throws: Conditions.Unreadable.self) { try Conditions.apply("sway=a", to: &made) }
    #expect(throws: Conditions.Unreadable.self) { try Conditions.apply("speed=3", to: &made) }
  }

  @Test("Jolts, soft tissue and slips move the sensor and not the truth")
  func sensorOnly() throws {
    let still = try SimulatedSession(plan("stand 2; lunge 38; stand 2"))
    var moved = try plan("stand 2; lunge 38 jolt=20 slip=3; stand 2")
    moved.movement.softTissue = 0.05
    let made = try SimulatedSession(moved)
    #expect(made.truth == still.truth)
    let up = try #require(moved.mount.shankFromSensor.rotate(made.samples.last!.acceleration).normalized)
    #expect(abs(ShankAngles(verticalInShank: up).tibialInclination - 8 * radiansPerDegree) < 1e-6)
    #expect(made.samples.map(\.acceleration.length).max()! > 20)
  }
}
