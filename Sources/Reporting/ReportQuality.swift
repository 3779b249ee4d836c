import Export
import Motion
import Pipeline

/// The counters that mean something for these sources, one row each.
func qualityRows(_ sources: [ReportSource]) -> [(name: String, values: [String])] {
  func row(_ name: String, _ value: (SessionCounters) -> UInt64) -> (name: String, values: [String]) {
    (name, sources.map { Figures.count(value($0.counters)) })
  }
  func has(_ value: (SessionCounters) -> UInt64) -> Bool { sources.contains { value($0.counters) > 0 } }
  var rows = [row("Samples") { $0.samples }]
  if sources.contains(where: { $0.rateSpread != nil }) {
    rows.append(
      (
        "Sample rate, learned",
        sources.map { source in source.rate.map { RateWords.text($0, source.rateSpread) } ?? "–" }
      ))
  }
  rows.append(row("Gaps") { $0.gaps })
  if has({ $0.gaps }) {
    rows.append(row("Samples missing in gaps") { $0.missingSamples })
    rows.append(
      (
        "Longest gap",
        sources.map {
          $0.counters.gaps > 0 ? Figures.span(SessionTime(nanoseconds: $0.counters.longestGapNanoseconds)) : "–"
        }
      ))
  }
  if has({ $0.bytes.bytesIn }) {
    rows.append(row("Bytes received") { $0.bytes.bytesIn })
    rows.append(row("Bytes rejected") { $0.bytes.skipped })
    rows.append(row("Frames with a wrong checksum") { $0.bytes.checksumFailures })
    rows.append(row("Resynchronisations") { $0.bytes.resynchronisations })
  }
  rows.append(row("Samples at the sensor's limit") { $0.saturated })
  rows.append(row("Samples that repeat old values") { $0.stale })
  rows.append(row("Implausible samples") { $0.implausible })
  rows += footRows(sources)
  if has({ $0.timeRepairs }) { rows.append(row("Samples with a repaired time") { $0.timeRepairs }) }
  return rows
}

/// The same of the sensors on the foot, where there are some.
private func footRows(_ sources: [ReportSource]) -> [(name: String, values: [String])] {
  guard sources.contains(where: { $0.foot != nil }) else { return [] }
  func row(_ name: String, _ value: (SensorStatus) -> String) -> (name: String, values: [String]) {
    ("Foot sensor: " + name, sources.map { $0.foot.map(value) ?? "–" })
  }
  return [
    row("samples") { Figures.count($0.counters.samples) },
    row("rate") { status in status.rate.map { RateWords.text($0, status.rateSpread) } ?? "–" },
    row("gaps, samples missing") {
      "\(Figures.count($0.counters.gaps)), \(Figures.count($0.counters.missingSamples))"
    },
    row("bytes rejected") { Figures.count($0.counters.bytes.skipped) },
  ]
}

/// The longest gaps, what the flags say of the whole session, and the notes.
func qualityRemarks(_ source: ReportSource) -> [String] {
  let longest = source.gaps.sorted { $0.end.seconds(since: $0.start) > $1.end.seconds(since: $1.start) }.prefix(5)
    .sorted { $0.start < $1.start }
  var remarks = longest.map { gap in
    let length = SessionTime(nanoseconds: gap.end.nanoseconds &- gap.start.nanoseconds)
    return (gap.stream.number == 1 ? "foot sensor: " : "")
      + "gap of \(Figures.span(length)) at \(Figures.plain(gap.start.seconds, 1)) s, "
      + (gap.missingSamples.map { "\($0) samples missing, " } ?? "") + ReasonWords.cause(gap.cause)
  }
  if source.gaps.count > longest.count {
    remarks.append("\(source.gaps.count - longest.count) shorter gaps; the JSON file lists all")
  }
  // What the conventions and the counters say already is not said again.
  let said: Reading.Flags = [.mountAssumed, .afterGap, .saturated, .stale, .implausible]
  return remarks
    + Reading.Flags.names.map(\.0).filter { source.flags.subtracting(said).contains($0) }.map(ReasonWords.sentence)
    + source.alignments.compactMap { outcome in
      if case .refused = outcome { "a calibrating section was " + ReasonWords.alignment(outcome) } else { nil }
    }
    + distanceRemarks(source) + source.notes
}

/// Why there is no distance, or only a range, though body lengths were given.
private func distanceRemarks(_ source: ReportSource) -> [String] {
  guard source.configuration.bodyLengths != nil || source.configuration.wallCalibration != nil else { return [] }
  do {
    let model = try source.configuration.distanceModel()
    guard case .bounds = model.basis else { return [] }
    return [
      "knee-to-wall equivalents are ranges: by how much the sensor reads more than the long axis depends on its place; "
        + "say --placement-cm and --placement-surface, or calibrate with talus calibrate wall"
    ]
  } catch {
    return ["no knee-to-wall equivalent: " + error.rawValue]
  }
}
