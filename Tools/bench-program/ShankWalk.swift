import Glibc
import Motion
import Orientation

/// A walk with a sensor on the shank, and the true tilt of the bone between the joint centres.
struct ShankWalk {
  let name: String
  private let recording: TruthRecording
  /// True tilt from the vertical, deg.
  private let tilt: [Double]

  /// - Parameter table: time, acceleration, angular rate, then the true tilt in degrees.
  init(_ table: [[Double]], name: String) {
    self.name = name
    recording = TruthRecording(
      name: name,
      rows: table.map { row in
        TruthRecording.Row(
          time: row[0], acceleration: Vector3(row[1], row[2], row[3]), angularRate: Vector3(row[4], row[5], row[6]))
      })
    tilt = table.map { $0[7] }
  }

  /// How far the estimated vertical is from what the accelerometer feels while the person still stands, the largest of the means over a second, deg:
  /// gravity alone is felt there, so that this is the filter's own error, whatever the bone does under the skin.
  func worstStanding(_ method: OrientationMethod) -> Double {
    let up = method.run(recording).map(\.earthFromSensor.verticalInSource)
    return stride(from: 100, to: 1000, by: 100).map { start in
      let felt = recording.rows[start..<(start + 100)].reduce(Vector3.zero) { $0 + ($1.acceleration ?? .zero) }
      let said = up[start..<(start + 100)].reduce(Vector3.zero, +)
      return felt.cross(said).length / (felt.length * said.length) * degreesPerRadian
    }.max()!
  }

  /// Root mean square of the tilt's error after fitting where the bone points in the sensor and one lag, deg.
  func rmse(_ method: OrientationMethod) -> Double {
    let up = method.run(recording).map(\.earthFromSensor.verticalInSource)
    let standing = up.prefix(800).reduce(Vector3.zero, +).normalized ?? Vector3(0, 0, 1)
    let across = standing.cross(abs(standing.x) < 0.6 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)).normalized!
    let third = standing.cross(across)
    func error(_ p: [Double]) -> Double {
      let axis = (standing + across * tan(p[0]) + third * tan(p[1])).normalized!
      let whole = Int((p[2] * 10).rounded(.down))
      let share = p[2] * 10 - Double(whole)
      var sum = 0.0
      var count = 0.0
      for row in tilt.indices where tilt[row].isFinite {
        let at = row + whole
        guard at >= 0, at + 1 < up.count else { continue }
        let vertical = (up[at] * (1 - share) + up[at + 1] * share).normalized ?? axis
        let off = acos(min(1, max(-1, vertical.dot(axis)))) * degreesPerRadian - tilt[row]
        sum += off * off
        count += 1
      }
      return (sum / count).squareRoot()
    }
    // Coordinate search from four sides: the tilt is an absolute value and has more than one valley.
    return [[0.12, 0, 0.1], [-0.12, 0, 0.1], [0, 0.12, 0.1], [0, -0.12, 0.1]].map { start in
      var place = start
      var least = error(place)
      var step = 0.1
      while step > 0.0005 {
        var moved = false
        for index in 0..<3 {
          for way in [step, -step] {
            var next = place
            next[index] += way
            let there = error(next)
            if there < least - 1e-9 { (least, place, moved) = (there, next, true) }
          }
        }
        if !moved { step /= 2 }
      }
      return least
    }.min()!
  }
}
