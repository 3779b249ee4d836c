import Motion

extension Quaternion {
  /// The rotation whose matrix has these columns; nil where they are none: not numbers, not of about unit length, not at right angles, or
  /// left-handed. Single precision and two printed decimals stay inside the limits.
  init?(rotationColumns x: Vector3, _ y: Vector3, _ z: Vector3) {
    func isUnit(_ v: Vector3) -> Bool { abs(v.lengthSquared - 1) < 0.05 }
    guard isUnit(x), isUnit(y), isUnit(z), abs(x.dot(y)) < 0.05, abs(x.dot(z)) < 0.05, abs(y.dot(z)) < 0.05,
      x.cross(y).dot(z) > 0
    else { return nil }
    self.init(columns: x, y, z)
  }
}

extension SensorSample {
  /// Sets the uncertainty that the device states for its own tilt, rad; a device that says zero or nonsense states none.
  mutating func set(tiltSD sd: Double) {
    guard sd > 0, sd < .pi else { return }
    tiltSD = sd
    fields.insert(.tiltSD)
  }
}
