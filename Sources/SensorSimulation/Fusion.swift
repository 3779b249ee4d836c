import Motion

/// The error of an orientation fused on board: a constant tilt, a wandering tilt, and a heading that drifts evenly.
struct Fusion: Sendable {
  private let model: FusionModel
  private let tilt: Vector3
  private let drift: Double
  private var wandering: GaussMarkov
  private var random: RandomStream

  init(_ model: FusionModel, seed: UInt64, stream: StreamID) {
    self.model = model
    random = RandomStream(seed: seed, purpose: .fusion, stream: stream)
    let drawn = TriadErrors.normals(&random)
    tilt = model.tiltBiasSD * Vector3(drawn.x, drawn.y, 0)
    drift = model.headingDriftSD * drawn.z
    wandering = GaussMarkov(sd: model.tiltWanderSD, time: model.wanderTime)
  }

  /// Turns the true attitude, in earth components, into the device's, `interval` s after the last and `since` s after the first sample.
  mutating func error(after interval: Double, since: Double) -> Quaternion {
    let wander = wandering.step(interval, using: &random)
    return Quaternion(rotationVector: Vector3(0, 0, drift * since))
      * Quaternion(rotationVector: tilt + Vector3(wander.x, wander.y, 0))
  }
}
