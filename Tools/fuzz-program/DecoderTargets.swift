import CAllocations
import Motion
import SensorProtocols

/// The decoders' contract, for every row of the catalogue and two column maps.
///
/// An input's first byte cuts the rest, the second says how many bytes were sent to the device first (0 to 15), then these, then
/// the stream.
let decoderTargets: [FuzzTarget] =
  (ProtocolCatalogue.rows
  + ["lines:az_mg,ax_mps2,ay_g,gz_radps,gx_dps,gy_dps,t_s", "orientation:roll,pitch,heading"].map(named))
  .map { row in
    FuzzTarget(
      name: targetName(row.name), seeds: { decoderSeeds(row) }, inputOfStream: { [7, 0] + $0 },
      run: { checkDecoder(row, $0) })
  }

private func named(_ name: String) -> ProtocolDescription {
  guard let row = try? ProtocolCatalogue.find(name) else { violated("there is no protocol \(name)") }
  return row
}

/// The catalogue's name without what a file's name cannot hold.
private func targetName(_ name: String) -> String {
  String(name.map { $0 == ":" || $0 == "," ? "-" : $0 })
}

/// What a run of a decoder came to.
private struct Outcome {
  var samples: [SensorSample] = []
  var counters = DecoderCounters()
}

private func checkDecoder(_ row: ProtocolDescription, _ bytes: Span<UInt8>) {
  var reader = FuzzReader()
  let seed = reader.byte(bytes)
  let sent = reader.bytes(bytes, Int(reader.byte(bytes) & 15))
  let stream = bytes.extracting(droppingFirst: reader.position)
  let cut = decode(row, sent, stream, seed: seed, checksMemory: false)
  // Second, when tables that are made at their first use are there.
  let whole = decode(row, sent, stream, seed: nil, checksMemory: true)
  guard whole.counters == cut.counters, whole.samples == cut.samples || whole.samples.contains(where: hasNaN) else {
    violated("\(row.name): cutting the bytes changes the result")
  }
  for sample in whole.samples {
    if !sample.flags.contains(.implausible) && !isFinite(sample) { violated("\(row.name): not finite, and no flag") }
    if sample.fields.isEmpty { violated("\(row.name): a sample without a quantity") }
    if !row.hasChecksum && sample.flags.isDisjoint(with: .unchecked) && row.name != "jewell" && row.name != "shimmer3" {
      violated("\(row.name): a sample of bytes without a checksum that does not say so")
    }
  }
}

/// - Parameter seed: how the stream is cut; nil for not at all.
private func decode(
  _ row: ProtocolDescription, _ sent: [UInt8], _ stream: Span<UInt8>, seed: UInt8?, checksMemory: Bool
) -> Outcome {
  var decoder = row.makeDecoder()
  var outcome = Outcome()
  // No sample is shorter than four bytes; room for all, so that every allocation is the decoder's own.
  outcome.samples.reserveCapacity(stream.count + 8)
  decoder.sent(sent.span)
  var fed: UInt64 = 0
  let before = bench_allocations()
  let now = HostInstant(nanoseconds: 1)
  if let seed {
    forEachChunk(stream, seed: seed) { chunk in
      decoder.consume(chunk, arrived: now, into: &outcome.samples)
      fed += UInt64(chunk.count)
      expectSum(row, decoder.counters, fed)
    }
  } else {
    decoder.consume(stream, arrived: now, into: &outcome.samples)
    fed = UInt64(stream.count)
    expectSum(row, decoder.counters, fed)
  }
  decoder.finish(into: &outcome.samples)
  if checksMemory && bench_allocations() != before { violated("\(row.name): the decoder allocates") }
  outcome.counters = decoder.counters
  expectSum(row, outcome.counters, fed)
  return outcome
}

private func expectSum(_ row: ProtocolDescription, _ counters: DecoderCounters, _ fed: UInt64) {
  if counters.bytesIn != fed || counters.bytesIn != counters.framed + counters.skipped + counters.held {
    violated("\(row.name): counters do not add up: \(counters)")
  }
}

private func isFinite(_ sample: SensorSample) -> Bool {
  sample.acceleration.isFinite && sample.angularRate.isFinite && sample.magneticField.isFinite
    && sample.orientation.isFinite && sample.eulerAngles.isFinite && sample.inclinationX.isFinite
    && sample.inclinationY.isFinite && sample.temperature.isFinite && sample.tiltSD.isFinite
}

/// A sample that is not equal to itself says nothing about cuts.
private func hasNaN(_ sample: SensorSample) -> Bool { !isFinite(sample) }

// MARK: Seeds

/// What the protocol's encoder writes for a leg that moves, and whatever the row asks its device.
private func decoderSeeds(_ row: ProtocolDescription) -> [[UInt8]] {
  var seeds: [[UInt8]] = [[0, 0]]
  guard var encoder = row.makeEncoder() else { return seeds }
  var bytes: [UInt8] = [7, 0]
  for index in 0..<4 {
    encoder.encode(seedSample(index), into: &bytes)
    seeds.append(bytes)
  }
  return seeds
}

private func seedSample(_ index: Int) -> SensorSample {
  var sample = SensorSample()
  let swing = Double(index) * 0.1
  sample.acceleration = Vector3(9.8 * swing, 9.7, 0.3)
  sample.angularRate = Vector3(0.1, -swing, 1.5)
  sample.magneticField = Vector3(20, -5, 40 + swing)
  sample.orientation = Quaternion(rotationVector: Vector3(0.2, swing, -0.3))
  sample.eulerAngles = Vector3(0.2, swing, -0.3)
  sample.inclinationX = 0.3 + swing
  sample.inclinationY = -swing
  sample.temperature = 25
  sample.deviceTicks = 1_000_000 + UInt64(index) * 10_000
  sample.fields = [
    .acceleration, .angularRate, .magneticField, .orientation, .eulerAngles, .inclinationX, .inclinationY, .temperature,
    .deviceTime,
  ]
  return sample
}
