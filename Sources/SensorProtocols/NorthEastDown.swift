import Motion

/// Orientations against an earth frame whose z axis points down, as avionics have it, and those against Talus' earth frame, z up.
///
/// The two frames differ by half a turn about north: x stays north, y turns from east to west, z from down to up. Written as a
/// product of quaternions this only moves and negates components, so nothing is rounded.
extension Quaternion {
  /// Of a rotation from the sensor to north-east-down, the rotation from the sensor to north-west-up.
  var northWestUpFromNorthEastDown: Quaternion { Quaternion(w: -x, x: w, y: -z, z: y) }

  /// The way back: of a rotation from the sensor to north-west-up, that to north-east-down.
  var northEastDownFromNorthWestUp: Quaternion { Quaternion(w: x, x: -w, y: z, z: -y) }
}
