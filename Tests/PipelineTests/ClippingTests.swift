import Motion
import Pipeline
import Testing

/// Ends of the range in streams and tables that carry none.
@Suite struct ClippingTests {
  /// Which of the samples, given as acceleration in g and rate in °/s, are seen at an end of the range.
  private func clipped(_ samples: [(acceleration: Vector3, rate: Vector3)]) throws -> [Bool] {
    var configuration = PipelineConfiguration()
    configuration.protocolName = ""
    configuration.mount = "y=proximal,z=anterior"
    var engine = try Pipeline(configuration)
    var output: [Emission] = []
    for (index, one) in samples.enumerated() {
      var sample = SensorSample()
      sample.fields = [.acceleration, .angularRate]
      sample.acceleration = one.acceleration * standardGravity
      sample.angularRate = one.rate * radiansPerDegree
      engine.receive(
        TimedSample(time: SessionTime(nanoseconds: Int64(index) * 10_000_000), sample: sample), into: &output)
    }
    return output.compactMap { if case .reading(let reading) = $0 { reading.flags.contains(.saturated) } else { nil } }
  }

  @Test func fullScaleReadingsAreSeen() throws {
    let quiet = (acceleration: Vector3(0, 1, 0), rate: Vector3.zero)
    let samples = [
      quiet, (Vector3(0.1, 1.9999, 0.2), .zero), (Vector3(-2, 0.9, 0), .zero), (Vector3(0, 15.9995, 0), .zero),
      (Vector3(0, 2.4, 0), .zero), (Vector3(0, 1, 0.1), Vector3(249.99, 3, 4)),
      (Vector3(0, 1, 0), Vector3(-2000, 0, 0)),
      (Vector3(0, 1, 0), Vector3(180, 0, 0)), quiet,
    ]
    #expect(try clipped(samples) == [false, true, true, true, false, true, true, false, false])
  }
}
