import Motion

/// What the fields of a binary message mean.
extension VectorNavFormat {
  /// Adds one field. Compensated measurements are taken before the uncompensated ones of the same message.
  static func readField(
    _ frame: Span<UInt8>, at index: Int, group: Int, field: Int, into sample: inout SensorSample
  ) {
    switch (group, field) {
    case (0, 0), (1, 0):
      sample.deviceTicks = frame.littleEndian(UInt64.self, at: index)
      sample.fields.insert(.deviceTime)
    case (0, 3), (4, 1):
      let angles = frame.littleEndianVector(at: index) * radiansPerDegree
      setAngles(yaw: angles.x, pitch: angles.y, roll: angles.z, of: &sample)
    case (0, 4), (4, 2):
      let (x, y) = (frame.littleEndianFloat(at: index), frame.littleEndianFloat(at: index &+ 4))
      let (z, w) = (frame.littleEndianFloat(at: index &+ 8), frame.littleEndianFloat(at: index &+ 12))
      sample.orientation = Quaternion(w: w, x: x, y: y, z: z).northWestUpFromNorthEastDown
      sample.fields.insert(.orientation)
    case (0, 5), (2, 10):
      sample.angularRate = frame.littleEndianVector(at: index)
      sample.fields.insert(.angularRate)
    case (0, 8), (2, 9):
      sample.acceleration = frame.littleEndianVector(at: index)
      sample.fields.insert(.acceleration)
    case (0, 9):
      setUncompensated(acceleration: frame.littleEndianVector(at: index), of: &sample)
      setUncompensated(angularRate: frame.littleEndianVector(at: index &+ 12), of: &sample)
    case (2, 2): setUncompensated(acceleration: frame.littleEndianVector(at: index), of: &sample)
    case (2, 3): setUncompensated(angularRate: frame.littleEndianVector(at: index), of: &sample)
    case (0, 10), (2, 8):
      sample.magneticField = frame.littleEndianVector(at: index) * microteslasPerGauss
      sample.fields.insert(.magneticField)
      if group == 0 {
        sample.temperature = frame.littleEndianFloat(at: index &+ 12)
        sample.fields.insert(.temperature)
      }
    case (2, 4):
      sample.temperature = frame.littleEndianFloat(at: index)
      sample.fields.insert(.temperature)
    case (2, 1) where !sample.fields.contains(.magneticField):
      sample.magneticField = frame.littleEndianVector(at: index) * microteslasPerGauss
      sample.fields.insert(.magneticField)
    case (4, 3): setMatrix(frame, at: index, of: &sample)
    case (0, 11):
      // The increments of angle (degrees) and velocity over a time that is sent with them.
      let time = frame.littleEndianFloat(at: index)
      guard time > 1e-4 && time < 1 else { return }
      setUncompensated(
        angularRate: frame.littleEndianVector(at: index &+ 4) * (radiansPerDegree / time), of: &sample)
      setUncompensated(acceleration: frame.littleEndianVector(at: index &+ 16) / time, of: &sample)
    case (4, 0):
      // The gyroscope's (bit 2) or the accelerometer's (bit 9) end of its range.
      if frame.littleEndian(UInt16.self, at: index) & 0x0204 != 0 { sample.flags.insert(.saturated) }
    case (4, 8):
      let angles = frame.littleEndianVector(at: index) * radiansPerDegree
      sample.set(tiltSD: max(angles.y, angles.z))
    default: break
    }
  }

  /// The matrix takes north-east-down to the body, column after column: its rows are the body's axes.
  private static func setMatrix(_ frame: Span<UInt8>, at index: Int, of sample: inout SensorSample) {
    guard !sample.fields.contains(.orientation) else { return }
    func row(_ place: Int) -> Vector3 {
      Vector3(
        frame.littleEndianFloat(at: index &+ 4 &* place), frame.littleEndianFloat(at: index &+ 12 &+ 4 &* place),
        frame.littleEndianFloat(at: index &+ 24 &+ 4 &* place))
    }
    guard let q = Quaternion(rotationColumns: row(0), row(1), row(2)) else { return }
    sample.orientation = q.northWestUpFromNorthEastDown
    sample.fields.insert(.orientation)
  }

  private static func setUncompensated(acceleration: Vector3, of sample: inout SensorSample) {
    guard !sample.fields.contains(.acceleration) else { return }
    sample.acceleration = acceleration
    sample.fields.insert(.acceleration)
  }

  private static func setUncompensated(angularRate: Vector3, of sample: inout SensorSample) {
    guard !sample.fields.contains(.angularRate) else { return }
    sample.angularRate = angularRate
    sample.fields.insert(.angularRate)
  }

  /// Sets the angles (rad) and, where the message brought no quaternion before, the orientation that they mean. A quaternion that follows
  /// takes its place.
  static func setAngles(yaw: Double, pitch: Double, roll: Double, of sample: inout SensorSample) {
    sample.eulerAngles = Vector3(roll, pitch, yaw)
    sample.fields.insert(.eulerAngles)
    guard !sample.fields.contains(.orientation) else { return }
    sample.orientation = Quaternion(yaw: yaw, pitch: pitch, roll: roll).northWestUpFromNorthEastDown
    sample.fields.insert(.orientation)
  }
}
