import Motion
import Recording

/// Reads, checks, recovers and adds to recordings.
let recordingTarget = FuzzTarget(name: "recording", seeds: recordingSeeds) { input in
  guard input.count > 0 else { return }
  // An odd first byte takes the chunks' checksums out, so that what is inside them is reached: 0 means that there is none.
  var file = input.extracting(1..<input.count).withUnsafeBufferPointer { Array($0) }
  if input[0] & 1 == 1 { removeChecksums(&file) }
  check(file, canAppend: input[0] & 2 == 2)
}

private func check(_ file: [UInt8], canAppend: Bool) {
  guard let report = try? RecordingReport(file.span) else { return }
  if report.tally.skippedBytes > file.count { violated("more bytes were skipped than there are") }
  if report.damages.count > 100 { violated("the list of damages grows without end") }
  if report.isWhole != (report.headDamage == nil && report.tally.damagedPlaces == 0 && report.end == .complete) {
    violated("a whole recording has no damage")
  }
  var recovered: [UInt8] = []
  let outcome: RecordingRecovery.Outcome
  do {
    outcome = try RecordingRecovery.recover(file.span, source: "fuzz") { piece in
      piece.withUnsafeBufferPointer { recovered.append(contentsOf: $0) }
    }
  } catch {
    violated("what can be checked can be recovered")
  }
  if outcome.entries != report.tally.entries { violated("recovery keeps every entry") }
  guard let again = try? RecordingReport(recovered.span) else { violated("a recovered recording can be read") }
  if !again.isWhole { violated("a recovered recording is whole: \(again.end)") }
  // The recovery's remark comes on top.
  if again.tally.entries != report.tally.entries + 1 { violated("a recovered recording has every entry") }
  if again.streams != report.streams || again.events != report.events || again.remarks.count != report.remarks.count + 1
  {
    violated("recovery changes nothing")
  }
  guard canAppend else { return }
  let remark = Remark(kind: "annotation", pairs: ["note": "x"])
  guard let added = try? RecordingAppend.tail(file.span, adding: [remark], utcNanoseconds: 1) else { return }
  guard report.isWhole, added.kept <= file.count else { violated("only a whole recording is added to") }
  let longer = file[..<added.kept] + added.tail
  guard let after = try? RecordingReport(Array(longer).span), after.tally.entries == report.tally.entries + 1 else {
    violated("what was added is there, and so is what was there before")
  }
}

/// Sets the checksum of every chunk to none.
private func removeChecksums(_ file: inout [UInt8]) {
  var offset = 8
  while offset + 9 <= file.count {
    var length: UInt64 = 0
    for i in 0..<8 { length |= UInt64(file[offset + 1 + i]) << UInt64(8 * i) }
    guard length <= UInt64(file.count - offset - 9) else { return }
    if file[offset] == 6 && length >= 28 { for i in 0..<4 { file[offset + 9 + 24 + i] = 0 } }
    offset += 9 + Int(length)
  }
}

private func recordingSeeds() -> [[UInt8]] {
  var seeds: [[UInt8]] = []
  // The second is a file that one of MCAP's own libraries wrote: other rules are for those.
  for (chunks, software) in [(0, "t"), (1, "mcap"), (2, "t"), (2, "mcap")] {
    let header = RecordingHeader(
      anchor: UTCAnchor(host: HostInstant(nanoseconds: 5), utcNanoseconds: 1_790_000_000_000_000_000),
      configuration: ["protocol": "witmotion"], devices: [StreamID(0): DeviceIdentity()], software: software,
      softwareVersion: "1")
    var encoder = RecordingEncoder(header)
    for chunk in 0..<chunks {
      let at = HostInstant(nanoseconds: Int64(chunk) * 1_000_000)
      encoder.append(
        bytes: ([0x55, 0x51, 1, 2] as [UInt8]).span, stream: StreamID(UInt16(chunk)), arrived: at, direction: .received)
      encoder.append(.marker("m"), at: at)
      encoder.append(.unplugged, stream: StreamID(0), at: at)
      encoder.append(Remark(kind: "alignment", pairs: ["a": "1"]), at: at)
      encoder.flushChunk()
    }
    var open = encoder
    var bytes: [UInt8] = []
    open.takeOutput(into: &bytes)
    seeds.append([1] + bytes)
    encoder.finish()
    encoder.takeOutput(into: &bytes)
    for mode: UInt8 in 0...3 { seeds.append([mode] + bytes) }
  }
  return seeds
}
