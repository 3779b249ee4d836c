import AnkleKinematics
import Foundation
import Motion
import TestKit

/// A leg that stands, rocks and stands again, as an ideal sensor with some noise sees it: independent of the simulator.
struct CalibrationScript {
  var rate = 100.0
  var standing = 3.0
  var rocks = 3
  var rockAngle = 18 * radiansPerDegree
  var period = 1.6
  var after = 2.0
  /// Inclination and tilt to the right in standing.
  var lean = 5 * radiansPerDegree
  var tilt = 0.0
  /// Amplitude and frequency of a movement while it should stand still.
  var sway = 0.3 * radiansPerDegree
  var swayHertz = 0.4
  /// The rocks turn about this axis of the shank (unit length, sense of a forward rock is −z).
  var axis = Vector3(0, 0, -1)
  /// Rocks go to one side of rest, or to both.
  var bothWays = false
  var verticalNoise = 0.05 * radiansPerDegree
  var rateNoise = 0.3 * radiansPerDegree
  var bias = Vector3(2, -1, 3) * radiansPerDegree
  var hasGyroscope = true
  /// What the leg does at another stance after the rocks.
  var stanceAfter = 0.0

  struct Row {
    var time: SessionTime
    var interval: Double
    var vertical: Vector3
    var rate: Vector3?
  }

  /// Rotation angle about `axis` and the sway of the inclination at `time`, with their rates.
  private func angle(_ time: Double) -> (value: Double, rate: Double) {
    let t = time - standing
    let length = Double(rocks) * period
    guard t > 0 else { return (0, 0) }
    guard t < length else { return (stanceAfter, 0) }
    let w = 2 * Double.pi / period
    if bothWays { return (rockAngle * sin(w * t), rockAngle * w * cos(w * t)) }
    return (rockAngle / 2 * (1 - cos(w * t)), rockAngle / 2 * w * sin(w * t))
  }

  /// All samples in the components of a sensor that sits as `shankFromSensor` says. The noise is that of the body's axes, turned with the sensor.
  func rows(shankFromSensor: Quaternion, seed: UInt64 = 7) -> [Row] {
    var random = RandomSource(seed: seed)
    func normal() -> Double { (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
    let sensorFromShank = shankFromSensor.conjugate
    let count = Int((standing + Double(rocks) * period + after) * rate)
    return (0..<count).map { i in
      let time = Double(i) / rate
      let swayAngle = sway * sin(2 * .pi * swayHertz * time)
      let swayRate = sway * 2 * .pi * swayHertz * cos(2 * .pi * swayHertz * time)
      let a = angle(time)
      // At rest: leaning forward by `lean`, tilted by `tilt`; then turned in its own axes.
      let restUp = Vector3(
        -sin(lean + swayAngle) * cos(tilt), cos(lean + swayAngle) * cos(tilt), -sin(tilt))
      // A shank that turns by +a about the axis sees the vertical turn by −a.
      var up = Quaternion(angle: -a.value, axis: axis).rotate(restUp)
      up = (up + Vector3(normal(), normal(), normal()) * verticalNoise).normalized!
      let turn = axis * a.rate + Vector3(0, 0, -swayRate) + Vector3(normal(), normal(), normal()) * rateNoise
      return Row(
        time: SessionTime(seconds: time), interval: i == 0 ? 0 : 1 / rate, vertical: sensorFromShank.rotate(up),
        rate: hasGyroscope ? sensorFromShank.rotate(turn) + bias : nil)
    }
  }
}

extension CalibrationFinder {
  /// Runs a session to its first word, or to its end.
  static func run(_ rows: [CalibrationScript.Row], _ search: CalibrationSearch) -> (step: Step, at: SessionTime) {
    var finder = CalibrationFinder(search)
    for row in rows {
      let step = finder.update(
        time: row.time, interval: row.interval, vertical: row.vertical, angularRate: row.rate)
      if step != .searching { return (step, row.time) }
    }
    let last = rows.last?.time ?? .zero
    return (finder.finish(at: last) ?? .searching, last)
  }

  static func functional(
    _ script: CalibrationScript, shankFromSensor: Quaternion, mount: Mount, isAssumed: Bool = true, seed: UInt64 = 7
  ) -> Result<Alignment, AlignmentRefusal> {
    let (step, _) = run(script.rows(shankFromSensor: shankFromSensor, seed: seed), CalibrationSearch(wantsRocks: true))
    switch step {
    case .found(let section):
      do { return .success(try Alignment.functional(section, mount: mount, isAssumed: isAssumed)) } catch {
        return .failure(error)
      }
    case .failed(let refusal): return .failure(refusal)
    case .searching, .restOnly:
      return .failure(AlignmentRefusal(.notFound, section: SessionTime.zero...SessionTime.zero))
    }
  }
}

extension RandomSource {
  /// Uniform over all rotations (Shoemake 1992).
  mutating func rotation() -> Quaternion {
    let u = unit()
    let a = 2 * Double.pi * unit()
    let b = 2 * Double.pi * unit()
    return Quaternion(
      w: (1 - u).squareRoot() * sin(a), x: (1 - u).squareRoot() * cos(a), y: u.squareRoot() * sin(b),
      z: u.squareRoot() * cos(b))
  }
}
