import Pipeline
import SensorProtocols

/// What to say when the user names a filter and the sensor fuses on board: there is nothing left to filter, and a name in the output would
/// claim an algorithm that was not run.
struct FilterRefusal {
  let words: String

  /// Nil when no filter was named.
  ///
  /// - Throws: at once, where the protocol sends nothing but fused orientations.
  init?(_ filter: PipelineConfiguration.Filter?, _ description: ProtocolDescription) throws {
    guard let filter else { return nil }
    words =
      "--filter \(filter.rawValue): \(description.name) gives the orientation that the sensor fused itself, and no angular "
      + "rate with acceleration to run a filter on; leave --filter out, and readings are marked device-fused"
    if description.measurement == .orientation { throw failure(.usage, words) }
  }
}
