import Motion

/// Finds out whether a file's quaternion takes the sensor to the earth or back: at rest the acceleration points up.
enum QuaternionSense {
  /// Turns the capture's quaternions to `earthFromSensor`, or takes them out when gravity does not decide. A note says
  /// which.
  static func settle(_ capture: inout Capture) {
    var forward = 0.0
    var backward = 0.0
    var count = 0.0
    for sample in capture.samples {
      let sample = sample.sample
      guard sample.fields.isSuperset(of: [.acceleration, .orientation]),
        abs(sample.acceleration.length / standardGravity - 1) < 0.05, let up = sample.acceleration.normalized
      else { continue }
      forward += sample.orientation.rotate(up).z
      backward += sample.orientation.conjugate.rotate(up).z
      count += 1
    }
    let enough = 0.97 * count
    let note: String
    switch (count >= 10 && forward > enough, count >= 10 && backward > enough) {
    case (true, false): note = "the quaternion takes the sensor to the earth, as gravity shows"
    case (false, true):
      for index in capture.samples.indices {
        capture.samples[index].sample.orientation = capture.samples[index].sample.orientation.conjugate
      }
      note = "the quaternion takes the earth to the sensor, as gravity shows; it was turned around"
    default:
      for index in capture.samples.indices { capture.samples[index].sample.fields.remove(.orientation) }
      note = "the quaternion was left out: gravity does not show which way it turns"
    }
    capture.notes.append(note)
  }
}
