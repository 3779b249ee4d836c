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
    guard count > 0 else {
      let isThere = capture.samples.contains { $0.sample.fields.contains(.acceleration) }
      capture.notes.append(
        isThere
          ? "the quaternion is taken as sensor to earth, z up: the sensor never rests, so that gravity could not show it"
          : "the quaternion is taken as sensor to earth, z up: there is no acceleration to show it")
      return
    }
    let enough = 0.97 * count
    let note: String
    switch (count >= 10 && forward > enough, count >= 10 && backward > enough) {
    // A quaternion with z down turns gravity the other way; half a turn about x makes its earth ours.
    case (false, false) where count >= 10 && (forward < -enough || backward < -enough):
      let turn = Quaternion(w: 0, x: 1, y: 0, z: 0)
      capture.correct(SampleCorrection(conjugates: forward >= -enough, turn: turn))
      note = "the quaternion and the acceleration point opposite ways: taken as an earth with z down"
    // Turned about the vertical only, so far: both ways give the same tilt.
    case (true, false), (true, true): note = "the quaternion takes the sensor to the earth, as gravity shows"
    case (false, true):
      capture.correct(SampleCorrection(conjugates: true))
      note = "the quaternion takes the earth to the sensor, as gravity shows; it was turned around"
    default:
      capture.correct(SampleCorrection(removed: .orientation))
      note = "the quaternion was left out: gravity does not show which way it turns"
    }
    capture.notes.append(note)
  }
}
