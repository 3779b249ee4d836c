import AnkleKinematics
import Foundation
import Motion
import TestKit
import Testing

@Suite("The alignment of the sensor with the shank")
struct AlignmentTests {
  let mount = try! Mount("y=proximal,z=anterior")

  func degrees(_ a: Vector3, _ b: Vector3) -> Double { atan2(a.cross(b).length, a.dot(b)) * degreesPerRadian }

  @Test("Three rocks give the mediolateral axis, gravity the long axis, under any mount and at any rate")
  func functional() throws {
    var random = RandomSource(seed: 3)
    for index in 0..<60 {
      var script = CalibrationScript()
      script.rate = [10, 25, 100, 400][index % 4]
      script.tilt = (random.unit() - 0.5) * 6 * radiansPerDegree
      let truth = random.rotation()
      let alignment = try CalibrationFinder.functional(
        script, shankFromSensor: truth, mount: mount, seed: UInt64(index)
      ).get()
      let right = truth.conjugate.rotate(Vector3(0, 0, 1))
      let found = alignment.shankFromSensor.conjugate.rotate(Vector3(0, 0, 1))
      // What the shank's own tilt at rest moves is meant: rest is zero tilt.
      #expect(degrees(right, found) < abs(script.tilt) * degreesPerRadian + 1.5)
      #expect(alignment.quality.rocks == 3 && !alignment.isAssumed && alignment.zero == .standing)
      #expect(abs((alignment.quality.excursion ?? 0) * degreesPerRadian - 18) < 1.5)
      let rest = ShankAngles(
        verticalInShank: alignment.shankFromSensor.rotate(
          truth.conjugate.rotate(
            Vector3(-sin(script.lean) * cos(script.tilt), cos(script.lean) * cos(script.tilt), -sin(script.tilt)))))
      #expect(abs(rest.tibialInclination) < 0.5 * radiansPerDegree)
      #expect(abs(rest.tiltToRight) < 0.5 * radiansPerDegree)
      // Forward is forward: 30° more of lean are +30°.
      let leaned = ShankAngles(
        verticalInShank: alignment.shankFromSensor.rotate(
          truth.conjugate.rotate(
            Vector3(
              -sin(script.lean + 0.5) * cos(script.tilt), cos(script.lean + 0.5) * cos(script.tilt), -sin(script.tilt)))
        ))
      #expect(abs(leaned.tibialInclination - 0.5) < 1 * radiansPerDegree)
    }
  }

  @Test("Gravity's path alone does the same, for sensors without a gyroscope")
  func withoutGyroscope() throws {
    var random = RandomSource(seed: 5)
    for index in 0..<30 {
      var script = CalibrationScript()
      script.hasGyroscope = false
      script.rate = [8, 20, 100][index % 3]
      let truth = random.rotation()
      let alignment = try CalibrationFinder.functional(
        script, shankFromSensor: truth, mount: mount, seed: UInt64(index)
      ).get()
      let right = truth.conjugate.rotate(Vector3(0, 0, 1))
      #expect(degrees(right, alignment.shankFromSensor.conjugate.rotate(Vector3(0, 0, 1))) < 1.5)
      #expect(alignment.quality.gyroscopeAgainstGravity == nil && alignment.quality.axisSlope == nil)
    }
  }

  @Test("An inclinometer of one axis, and of two, finds forward by rocking")
  func inclinometers() throws {
    for hasTwoAxes in [true, false] {
      var script = CalibrationScript()
      script.rate = 10
      script.hasGyroscope = false
      // Level when the leg is upright: z proximal, x to the rear: the sense has to be found.
      let truth = try Mount("z=proximal,x=posterior").shankFromSensor
      let rows = script.rows(shankFromSensor: truth).map { row in
        var row = row
        row.vertical = verticalFromInclinometer(
          x: asin(row.vertical.x), y: hasTwoAxes ? asin(row.vertical.y) : 0)
        return row
      }
      let (step, _) = CalibrationFinder.run(rows, CalibrationSearch(wantsRocks: true))
      guard case .found(let section) = step else {
        Issue.record("\(step)")
        continue
      }
      let alignment = try Alignment.functional(section, mount: mount, isAssumed: true)
      let up = truth.conjugate.rotate(Vector3(-sin(0.6), cos(0.6), 0))
      let seen = verticalFromInclinometer(x: asin(up.x), y: hasTwoAxes ? asin(up.y) : 0)
      let angles = ShankAngles(verticalInShank: alignment.shankFromSensor.rotate(seen))
      #expect(abs(angles.tibialInclination - (0.6 - script.lean)) < 0.8 * radiansPerDegree)
    }
  }

  @Test("The same motion and noise under another mount gives the same angle")
  func invariance() throws {
    var random = RandomSource(seed: 11)
    let script = CalibrationScript()
    let reference = try CalibrationFinder.functional(script, shankFromSensor: .identity, mount: mount).get()
    var largest = 0.0
    for index in 0..<40 {
      // Upside down first, then at random.
      let turn = index == 0 ? Quaternion(angle: .pi, axis: Vector3(1, 0, 0)) : random.rotation()
      // The gyroscope's bias turns with the sensor here: the very same noise.
      var turned = script
      turned.bias = turn.conjugate.rotate(script.bias)
      let alignment = try CalibrationFinder.functional(turned, shankFromSensor: turn, mount: mount).get()
      for inclination in [0.0, 0.3, 0.7] {
        let up = Vector3(-sin(inclination), cos(inclination), 0.05)
        let a = ShankAngles(verticalInShank: reference.shankFromSensor.rotate(up))
        let b = ShankAngles(verticalInShank: alignment.shankFromSensor.rotate(turn.conjugate.rotate(up)))
        largest = max(largest, abs(a.tibialInclination - b.tibialInclination), abs(a.tiltToRight - b.tiltToRight))
      }
    }
    #expect(largest * degreesPerRadian < 1e-6)
  }

  @Test("A movement mirrored left to right gives the same inclination and the mirrored tilt")
  func mirror() throws {
    var script = CalibrationScript()
    script.tilt = 0.04
    var rows = script.rows(shankFromSensor: .identity)
    let (step, _) = CalibrationFinder.run(rows, CalibrationSearch(wantsRocks: true))
    rows = rows.map { row in
      var row = row
      row.vertical.z = -row.vertical.z
      row.rate = row.rate.map { Vector3(-$0.x, -$0.y, $0.z) }
      return row
    }
    let (mirrored, _) = CalibrationFinder.run(rows, CalibrationSearch(wantsRocks: true))
    guard case .found(let one) = step, case .found(let two) = mirrored else {
      Issue.record("\(step) \(mirrored)")
      return
    }
    let a = try Alignment.functional(one, mount: mount, isAssumed: true)
    let b = try Alignment.functional(two, mount: mount, isAssumed: true)
    let up = Vector3(-0.5, 0.86, 0.1)
    let first = ShankAngles(verticalInShank: a.shankFromSensor.rotate(up))
    let second = ShankAngles(verticalInShank: b.shankFromSensor.rotate(Vector3(up.x, up.y, -up.z)))
    #expect(abs(first.tibialInclination - second.tibialInclination) < 1e-9)
    #expect(abs(first.tiltToRight + second.tiltToRight) < 1e-9)
    #expect(
      first.medialTilt(side: .left) == second.medialTilt(side: .right)
        || abs(first.medialTilt(side: .left) - second.medialTilt(side: .right)) < 1e-9)
  }

  @Test("A bad calibration is refused with its reason")
  func refused() throws {
    func reason(_ change: (inout CalibrationScript) -> Void, isAssumed: Bool = false) -> AlignmentRefusal.Reason? {
      var script = CalibrationScript()
      change(&script)
      let result = CalibrationFinder.functional(
        script, shankFromSensor: mount.shankFromSensor, mount: mount, isAssumed: isAssumed)
      if case .failure(let refusal) = result { return refusal.reason }
      return nil
    }
    #expect(reason { _ in } == nil)
    #expect(reason { $0.sway = 4 * radiansPerDegree } == .moving)
    #expect(
      reason {
        $0.rocks = 1; $0.after = 6
      } == .tooFewRocks)
    #expect(
      reason {
        $0.rocks = 2; $0.after = 6
      } == .tooFewRocks)
    #expect(reason { $0.rockAngle = 6.5 * radiansPerDegree } == .smallExcursion)
    #expect(reason { $0.rocks = 0 } == .smallExcursion || reason { $0.rocks = 0 } == .tooFewRocks)
    // To the side, against the mount's word; with no word of the mount it cannot be seen.
    #expect(reason { $0.axis = Vector3(1, 0, 0) } == .againstMount)
    #expect(reason({ $0.axis = Vector3(1, 0, 0) }, isAssumed: true) == nil)
    // Backwards, against the mount's word.
    #expect(reason { $0.axis = Vector3(0, 0, 1) } == .againstMount)
    // About an axis that is half the long axis: a twist.
    #expect(reason { $0.axis = Vector3(0, 0.7, -0.7).normalized! } == .wrongAxis)
    #expect(reason { $0.bothWays = true } == .bothWays)
    #expect(
      reason {
        $0.stanceAfter = 6 * radiansPerDegree; $0.after = 4
      } == .changedStance)
    // About the long axis alone gravity does not move: no rock is seen.
    #expect(
      reason {
        $0.axis = Vector3(0, 1, 0); $0.lean = 0
      } != nil)
  }

  @Test("A pose takes the long axis from gravity and forward from the mount")
  func pose() throws {
    var script = CalibrationScript()
    script.rocks = 0
    let tilted = Quaternion(rotationVector: Vector3(0.1, 0, -0.15)) * mount.shankFromSensor
    let (step, at) = CalibrationFinder.run(
      script.rows(shankFromSensor: tilted), CalibrationSearch(wantsRocks: false))
    guard case .found(let section) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(at.seconds < 2)
    let alignment = try Alignment.pose(section, zero: .standing, mount: mount, isAssumed: false)
    let up = tilted.conjugate.rotate(Vector3(-sin(script.lean + 0.6), cos(script.lean + 0.6), 0))
    let angles = ShankAngles(verticalInShank: alignment.shankFromSensor.rotate(up))
    #expect(abs(angles.tibialInclination - 0.6) < 0.8 * radiansPerDegree)
    // A mount that says the long axis lies elsewhere is contradicted.
    #expect(throws: AlignmentRefusal.self) {
      try Alignment.pose(section, zero: .standing, mount: try Mount("x=proximal,z=anterior"), isAssumed: false)
    }
  }

  @Test("A search without rocks in it settles for the rest at the first held lunge, and says so")
  func settles() throws {
    var script = CalibrationScript()
    script.rocks = 1
    script.period = 7
    script.after = 3
    let (step, at) = CalibrationFinder.run(
      script.rows(shankFromSensor: .identity), CalibrationSearch(wantsRocks: true, settlesForRest: true))
    guard case .restOnly(let section) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(section.rocks <= 1 && at.seconds < 3 + 7 + 4.5)
  }

  @Test("A given section is taken as it is, and judged at its end")
  func givenSection() throws {
    var script = CalibrationScript()
    script.standing = 6
    script.rocks = 4
    let rows = script.rows(shankFromSensor: .identity)
    let section = SessionTime(seconds: 2)...SessionTime(seconds: 12.2)
    let (step, at) = CalibrationFinder.run(rows, CalibrationSearch(wantsRocks: true, section: section))
    guard case .found(let found) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(at.seconds <= 12.25 && found.start >= section.lowerBound && found.rocks >= 3)
    let (short, _) = CalibrationFinder.run(
      rows, CalibrationSearch(wantsRocks: true, section: section.lowerBound...SessionTime(seconds: 5)))
    guard case .found(let without) = short else {
      Issue.record("\(short)")
      return
    }
    #expect(throws: AlignmentRefusal.self) { try Alignment.functional(without, mount: mount, isAssumed: true) }
    let (none, _) = CalibrationFinder.run(
      rows, CalibrationSearch(wantsRocks: false, section: SessionTime(seconds: 90)...SessionTime(seconds: 95)))
    #expect({ if case .failed(let refusal) = none { refusal.reason == .notFound } else { false } }())
  }
}
