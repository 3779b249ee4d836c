import Motion

/// What is done to every sample of a capture after it was found out by the first of them: a unit, a sign, the sense of a quaternion.
struct SampleCorrection: Equatable, Sendable {
  var accelerationScale = 1.0
  var rateScale = 1.0
  /// The quaternion takes the earth to the sensor and is turned around.
  var conjugates = false
  /// Another earth's frame: what its axes are turned by, after that.
  var turn: Quaternion?
  /// Quantities that cannot be used.
  var removed: SensorSample.Fields = []

  /// What it does, and then another one.
  func followed(by other: SampleCorrection) -> SampleCorrection {
    var both = self
    both.accelerationScale *= other.accelerationScale
    both.rateScale *= other.rateScale
    both.removed.formUnion(other.removed)
    if other.conjugates {
      // (turn · q)* is q* · turn*: nothing turns around what was put into another earth's frame before.
      assert(turn == nil)
      both.conjugates.toggle()
    }
    if let after = other.turn { both.turn = turn.map { after * $0 } ?? after }
    return both
  }

  @inline(__always)
  func apply(to sample: inout SensorSample) {
    if accelerationScale != 1 { sample.acceleration = sample.acceleration * accelerationScale }
    if rateScale != 1 { sample.angularRate = sample.angularRate * rateScale }
    if conjugates { sample.orientation = sample.orientation.conjugate }
    if let turn { sample.orientation = turn * sample.orientation }
    if !removed.isEmpty { sample.fields.subtract(removed) }
  }
}
