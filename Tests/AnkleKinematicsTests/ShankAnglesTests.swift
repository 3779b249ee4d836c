import AnkleKinematics
import Foundation
import Motion
import TestKit
import Testing

@Suite("Shank angles")
struct ShankAnglesTests {
  /// The upward vertical in shank components of a shank that is tilted to the right by `tilt` about its anterior axis and
  /// then inclined by `inclination` about its own right axis, made from rotations rather than from the formula under test.
  func vertical(inclination: Double, tilt: Double, heading: Double = 0) -> Vector3 {
    let upright = Quaternion(columns: Vector3(1, 0, 0), Vector3(0, 0, 1), Vector3(0, -1, 0))
    let earthFromShank =
      Quaternion(angle: heading, axis: Vector3(0, 0, 1)) * upright * Quaternion(angle: tilt, axis: Vector3(1, 0, 0))
      * Quaternion(angle: -inclination, axis: Vector3(0, 0, 1))
    return earthFromShank.verticalInSource
  }

  @Test("Knee forward is positive, and the body's words fit the frame")
  func forward() {
    // The proximal end of a shank that leans forward lies before its distal end.
    let upright = Quaternion(columns: Vector3(1, 0, 0), Vector3(0, 0, 1), Vector3(0, -1, 0))
    let leaning = upright * Quaternion(angle: -0.5, axis: Vector3(0, 0, 1))
    #expect(leaning.rotate(Vector3(0, 1, 0)).x > 0)
    #expect(abs(ShankAngles(verticalInShank: leaning.verticalInSource).tibialInclination - 0.5) < 1e-15)
    // The proximal end of a shank that tilts to the right lies at the subject's right: earth −y.
    let tilting = upright * Quaternion(angle: 0.2, axis: Vector3(1, 0, 0))
    #expect(tilting.rotate(Vector3(0, 1, 0)).y < 0)
    #expect(abs(ShankAngles(verticalInShank: tilting.verticalInSource).tiltToRight - 0.2) < 1e-15)
  }

  @Test("Both angles are exact together, past the horizontal and upside down, whatever the heading")
  func everywhere() {
    for degrees in stride(from: -179.0, through: 180, by: 7) {
      for tilt in [-80.0, -30, -5, 0, 5, 30, 80] {
        for heading in [0.0, 45, 200] {
          let up = vertical(
            inclination: degrees * radiansPerDegree, tilt: tilt * radiansPerDegree, heading: heading * radiansPerDegree)
          let angles = ShankAngles(verticalInShank: up)
          #expect(abs(angles.tibialInclination * degreesPerRadian - degrees) < 1e-9)
          #expect(abs(angles.tiltToRight * degreesPerRadian - tilt) < 1e-9)
        }
      }
    }
  }

  @Test("Medial is to the right on the left leg and to the left on the right leg")
  func medial() {
    let toTheRight = ShankAngles(verticalInShank: vertical(inclination: 0.6, tilt: 0.1))
    #expect(abs(toTheRight.medialTilt(side: .left) - 0.1) < 1e-15)
    #expect(abs(toTheRight.medialTilt(side: .right) + 0.1) < 1e-15)
  }

  @Test(
    "A resting sensor gives the shank's inclination through every mount, the upside-down ones too",
    arguments: [
      "y=proximal,z=anterior", "y=distal,z=anterior", "x=proximal,z=anterior", "x=distal,y=right", "z=proximal,x=left",
      "y=proximal,z=posterior",
    ])
  func throughMounts(text: String) throws {
    let mount = try Mount(text)
    for degrees in [-20.0, 0, 5, 38, 89, 91, 130] {
      let upInShank = vertical(inclination: degrees * radiansPerDegree, tilt: 0.05)
      // At rest an accelerometer reads upward.
      let reading = mount.shankFromSensor.conjugate.rotate(upInShank)
      let angles = ShankAngles(verticalInShank: mount.shankFromSensor.rotate(reading))
      #expect(abs(angles.tibialInclination * degreesPerRadian - degrees) < 1e-9)
      #expect(abs(angles.tiltToRight - 0.05) < 1e-12)
    }
  }

  @Test("The plain sign: with y proximal and z anterior, leaning forward turns y's reading down and z's negative")
  func plainReading() throws {
    let mount = try Mount("y=proximal,z=anterior")
    let reading = Vector3(0, cos(40 * radiansPerDegree), -sin(40 * radiansPerDegree))
    let angles = ShankAngles(verticalInShank: mount.shankFromSensor.rotate(reading))
    #expect(abs(angles.tibialInclination * degreesPerRadian - 40) < 1e-12)
  }
}

@Suite("The vertical from an inclinometer")
struct InclinometerTests {
  @Test("Each axis gives the sine of its own elevation")
  func sines() {
    let up = verticalFromInclinometer(x: 0.3, y: -0.7)
    #expect(up.x == sin(0.3) && up.y == sin(-0.7))
    #expect(abs(up.length - 1) < 1e-15 && up.z > 0)
    #expect(verticalFromInclinometer(x: 0, y: 0) == Vector3(0, 0, 1))
  }

  @Test("It gives an attitude's vertical back")
  func roundTrip() {
    var random = RandomSource(seed: 31)
    for _ in 0..<200 {
      let up = Vector3(random.unit() * 2 - 1, random.unit() * 2 - 1, random.unit() + 0.01).normalized!
      let again = verticalFromInclinometer(x: asin(up.x), y: asin(up.y))
      #expect((again - up).length < 1e-12)
    }
  }

  @Test("Angles that no attitude allows together give a unit vector in the horizon")
  func impossible() {
    let up = verticalFromInclinometer(x: 1.2, y: 1.3)
    #expect(up.z == 0)
    #expect(abs(up.length - 1) < 1e-15)
    #expect(abs(up.x / up.y - sin(1.2) / sin(1.3)) < 1e-15)
  }
}
