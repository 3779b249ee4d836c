import AnkleKinematics
import Foundation
import Motion
import TestKit
import Testing

@testable import SensorSimulation

@Suite("The shank's kinematics")
struct KinematicsTests {
  @Test("A trajectory's rate and acceleration are the derivatives of its angle")
  func derivatives() throws {
    let script = try LungeScript(plan: MovementPlan(), side: .left, limb: Limb(height: 1.7), seed: 5)
    let angles = [script.inclination(at:), script.tiltToRight.state(at:), script.heading.state(at:)]
    for angle in angles {
      let h = 1e-4
      for step in 0..<1500 {
        let t = Double(step) * 0.0123 + 0.0031
        let before = angle(t - h)
        let after = angle(t + h)
        let here = angle(t)
        // The remainder h²/6 · third derivative stays under 1e-6 with a jerk of 100 rad/s³.
        #expect(abs((after.value - before.value) / (2 * h) - here.rate) < 1e-6)
        #expect(abs((after.rate - before.rate) / (2 * h) - here.acceleration) < 2e-5)
      }
    }
  }

  @Test("Angle, rate, acceleration and jerk are continuous where a move begins and ends")
  func thriceContinuous() throws {
    var plan = MovementPlan()
    plan.sway = 0
    plan.tremor = 0
    let path = try LungeScript(plan: plan, side: .right, limb: Limb(height: 1.7), seed: 6).dorsiflexion
    let move = try #require(path.moves.first)
    for joint in [move.start, move.end] {
      for side in [-1e-5, 1e-5] {
        let state = path.state(at: joint + side)
        let rest = joint == move.start ? move.from : move.to
        #expect(abs(state.value - rest) < 1e-15)
        #expect(abs(state.rate) < 1e-12)
        #expect(abs(state.acceleration) < 1e-6)
        // The jerk from the acceleration's slope: at its greatest it is some 20 rad/s³ in this lunge.
        let further = path.state(at: joint + 2 * side)
        #expect(abs((further.acceleration - state.acceleration) / side) < 0.01)
      }
    }
  }

  @Test("Inclination and tilt of the built attitude are the script's, whatever the heading", arguments: Side.allCases)
  func anglesAreTheScripts(side: Side) throws {
    var plan = MovementPlan()
    plan.internalRotation = 0.6
    plan.medialTilt = 0.2
    let script = try LungeScript(plan: plan, side: side, limb: Limb(height: 1.7), seed: 7)
    for step in 0..<400 {
      let t = Double(step) * 0.05
      let shank = LimbPose(script: script, at: t).shank
      let angles = ShankAngles(verticalInShank: shank.earthFromBody.verticalInSource)
      #expect(abs(angles.tibialInclination - script.inclination(at: t).value) < 1e-12)
      #expect(abs(angles.tiltToRight - script.tiltToRight.state(at: t).value) < 1e-12)
    }
  }

  @Test("Medial tilt and internal rotation are mirrored by side")
  func mirrored() throws {
    var plan = MovementPlan()
    plan.medialTilt = 0.1
    plan.internalRotation = 0.2
    plan.sway = 0
    let left = try LungeScript(plan: plan, side: .left, limb: Limb(height: 1.7), seed: 8)
    let right = try LungeScript(plan: plan, side: .right, limb: Limb(height: 1.7), seed: 8)
    let t = try #require(left.movements.first?.plateauStart).seconds + 0.1
    let tilt = left.tiltToRight.state(at: t).value
    #expect(tilt > 0.001 && right.tiltToRight.state(at: t).value == -tilt)
    // A left shank that turns inward turns to the right: clockwise from above.
    let turn = left.heading.state(at: t).value
    #expect(turn < -0.001 && right.heading.state(at: t).value == -turn)
    #expect(left.dorsiflexion == right.dorsiflexion)
  }

  @Test("Specific force is the numerical second derivative of the sensor's position, plus gravity")
  func specificForce() throws {
    var plan = MovementPlan()
    plan.medialTilt = 0.2
    plan.internalRotation = 0.5
    let point = Vector3(0.04, 0.26, -0.03)
    let script = try LungeScript(plan: plan, side: .left, limb: Limb(height: 1.7), seed: 9)
    func position(_ t: Double) -> Vector3 {
      LimbPose(script: script, at: t).shank.moved(to: point).origin
    }
    let h = 1e-3
    var greatest = 0.0
    for step in 0..<900 {
      let t = Double(step) * 0.0207 + 0.01
      // Central difference of fourth order.
      let outer = position(t - 2 * h) + position(t + 2 * h)
      let inner = position(t - h) + position(t + h)
      let second = (inner * 16 - outer - position(t) * 30) / (12 * h * h)
      let sensor = LimbPose(script: script, at: t).shank.moved(to: point)
      let expected = sensor.earthFromBody.conjugate.rotate(second + Vector3(0, 0, standardGravity))
      #expect((sensor.specificForce - expected).length < 1e-6)
      greatest = max(greatest, second.length)
    }
    // The test would say little about a shank that hardly moves.
    #expect(greatest > 0.5)
  }

  @Test("Integrating the simulated gyroscope gives the simulated attitude", arguments: [1, 2, 3] as [UInt64])
  func strapdown(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    var plan = SessionPlan.exact(seed: seed, rate: 500, side: seed == 2 ? .left : .right)
    plan.movement.medialTilt = 0.15
    plan.movement.internalRotation = 0.4
    plan.misalignment = anyRotation(&random)
    let session = try SimulatedSession(plan)
    let h = 1 / plan.rate
    var earthFromSensor = session.truth[0].earthFromShank * plan.shankFromSensor
    var worst = 0.0
    for i in stride(from: 0, to: session.samples.count - 2, by: 2) {
      let (a, b, c) = (
        session.samples[i].angularRate, session.samples[i + 1].angularRate, session.samples[i + 2].angularRate
      )
      // Magnus expansion of fourth order over two intervals: Simpson's integral and the first commutator.
      let rotation = (a + b * 4 + c) * (h / 3) + a.cross(c) * (h * h / 3)
      earthFromSensor = (earthFromSensor * Quaternion(rotationVector: rotation)).normalized
      let truth = session.truth[i + 2].earthFromShank * plan.shankFromSensor
      worst = max(worst, angle(earthFromSensor, truth))
    }
    #expect(worst < 1e-7, "\(worst) rad")
  }

  @Test("At rest the accelerometer reads gravity upward and the gyroscope nothing")
  func atRest() throws {
    let session = try SimulatedSession(.still(seconds: 2, rate: 100, sensor: .perfect))
    #expect(session.samples.count == 201)
    for sample in session.samples {
      #expect(abs(sample.acceleration.length - standardGravity) < 1e-12)
      #expect(sample.angularRate.length == 0)
      // Standing leans 5° forward; y is proximal and z anterior.
      #expect(abs(sample.acceleration.y - standardGravity * cos(5 * radiansPerDegree)) < 1e-12)
      #expect(abs(sample.acceleration.z + standardGravity * sin(5 * radiansPerDegree)) < 1e-12)
    }
  }

  @Test("Going forward, the gyroscope turns about the left-pointing axis")
  func gyroscopeSign() throws {
    var plan = SessionPlan.exact()
    plan.movement.sway = 0
    plan.movement.tremor = 0
    let session = try SimulatedSession(plan)
    let trial = try #require(session.trials.first)
    let middle = (trial.start.seconds + trial.plateauStart!.seconds) / 2
    let index = try #require(session.truth.firstIndex { $0.time.seconds >= middle })
    // y proximal and z anterior make x point to the left: knee forward is a positive turn about it.
    #expect(session.samples[index].angularRate.x > 0.3)
  }

  @Test("A random mount turns the samples exactly and leaves the truth as it is")
  func mounts() throws {
    let base = try SimulatedSession(.exact(seed: 4, rate: 50))
    let shankFromBase = base.plan.shankFromSensor
    var random = RandomSource(seed: 51)
    for text in ["x=proximal,z=anterior", "z=proximal,x=left", "y=distal,z=anterior", "x=posterior,y=right"] {
      var plan = base.plan
      plan.mount = try Mount(text)
      plan.misalignment = anyRotation(&random)
      let turned = try SimulatedSession(plan)
      #expect(turned.truth == base.truth)
      #expect(turned.trials == base.trials)
      let sensorFromBase = plan.shankFromSensor.conjugate * shankFromBase
      for (a, b) in zip(base.samples, turned.samples) {
        #expect((sensorFromBase.rotate(a.acceleration) - b.acceleration).length < 1e-13)
        #expect((sensorFromBase.rotate(a.angularRate) - b.angularRate).length < 1e-13)
      }
    }
  }

  @Test("A sensor that is turned by the misalignment reads that much too much")
  func misalignment() throws {
    var plan = SessionPlan.still(seconds: 0.1, rate: 100, sensor: .perfect)
    plan.misalignment = Quaternion(rotationVector: Vector3(0, 0, -0.05))
    let sample = try #require(try SimulatedSession(plan).samples.first)
    let up = try #require(plan.mount.shankFromSensor.rotate(sample.acceleration).normalized)
    let read = ShankAngles(verticalInShank: up).tibialInclination
    #expect(abs(read - (plan.movement.standingLean + 0.05)) < 1e-12)
  }
}
