import AnkleKinematics
import Foundation
import Motion
import Testing

@Suite("Rotation about the long axis")
struct AxialRotationTests {
  /// Standing for 2 s, then `turn` rad about the long axis within 1 s while the leg leans to `lean`, then a hold.
  func run(turn: Double, lean: Double, bias: Vector3, sensorFromShank: Quaternion, rate: Double = 100) -> Double {
    var rotation = AxialRotation()
    var start = Double.nan
    var last = Double.nan
    for i in 0..<Int(5 * rate) {
      let t = Double(i) / rate
      let share = t < 2 ? 0 : t < 3 ? 0.5 - 0.5 * cos(.pi * (t - 2)) : 1
      let speed = t < 2 || t >= 3 ? 0 : 0.5 * .pi * sin(.pi * (t - 2))
      let angle = share * lean
      let body = Vector3(0, turn * speed, -lean * speed)
      let up = Vector3(-sin(angle), cos(angle), 0)
      last = rotation.update(
        rate: sensorFromShank.rotate(body) + bias, vertical: sensorFromShank.rotate(up),
        longAxis: sensorFromShank.rotate(Vector3(0, 1, 0)), interval: i == 0 ? 0 : 1 / rate)
      if i == Int(1.9 * rate) { start = last }
    }
    return last - start
  }

  @Test("The turn is found at every lean, the upside-down and the horizontal ones too, whatever the bias and the mount")
  func turns() {
    let mounts = [
      Quaternion.identity, Quaternion(rotationVector: Vector3(1.2, -0.4, 2.2)),
      Quaternion(angle: .pi, axis: Vector3(1, 0, 0)),
    ]
    for mount in mounts {
      for lean in [0.0, 0.7, 1.5, .pi / 2, 2.6] {
        for turn in [-0.3, 0, 0.2] {
          let found = run(turn: turn, lean: lean, bias: Vector3(0.17, -0.1, 0.05), sensorFromShank: mount)
          #expect(abs(found - turn) < 0.3 * radiansPerDegree, "lean \(lean), turn \(turn): \(found)")
        }
      }
    }
  }

  @Test("Without a gyroscope, and before a rest, it is not known")
  func unknown() {
    var rotation = AxialRotation()
    #expect(
      rotation.update(rate: nil, vertical: Vector3(0, 1, 0), longAxis: Vector3(0, 1, 0), interval: 0.01).isNaN)
    for i in 0..<200 {
      let value = rotation.update(
        rate: Vector3(sin(Double(i)), 0, 0), vertical: Vector3(0, 1, 0), longAxis: Vector3(0, 1, 0), interval: 0.01)
      #expect(value.isNaN)
    }
  }
}
