import Export
import LungeTest
import Motion
import Pipeline

// How the numbers were made, and how good the data were.

extension HTMLWriter {
  mutating func conventions(of source: ReportSource, isOnly: Bool) {
    let configuration = source.configuration
    block("article", ["class": "box"]) { html in
      html.block("h2", text: isOnly ? "Conventions" : "Conventions · " + source.name)
      html.block("dl", ["class": "pairs"]) { html in
        html.definition(
          "Zero",
          configuration.zero == .gravity
            ? "Gravity: 0° when the tibia's long axis is vertical" : configuration.zero.rawValue)
        html.definition("Sign", "Positive when the knee moves forward over the toes")
        html.definition("Foot", "Taken as flat on a level floor; not measured")
        html.definition("Sensor on the leg", configuration.placement ?? "Not stated")
        html.block("dt", text: "Sensor axes")
        html.block("dd") { html in
          html.escaped(axes(configuration.mount))
          html.inline("span", ["class": configuration.mountAssumed ? "tag doubt" : "tag"]) { html in
            html.escaped(configuration.mountAssumed ? "assumed" : "stated")
          }
        }
        html.definition(
          "Knee", sentence(ReasonWords.condition(source.series.first?.condition ?? configuration.condition)))
        html.definition("Filter", filter(source))
        html.bodyLengths(configuration)
        for override in source.overrides {
          html.definition(
            "Changed by option",
            "\(override.setting): the recording says “\(override.recorded)”, “\(override.used)” was used")
        }
      }
    }
  }

  private mutating func bodyLengths(_ configuration: PipelineConfiguration) {
    guard let lengths = configuration.bodyLengths else {
      definition("Lengths", "Not given: no knee-to-wall equivalent is computed")
      return
    }
    func length(_ name: String, _ value: Double, _ sd: Double, isMeasured: Bool) -> String {
      "\(name) \(Figures.centimetres(value)) ± \(Figures.plain(sd * 100 * Figures.coverage, 1)) cm"
        + (isMeasured ? "" : " (estimated)")
    }
    definition(
      "Lengths, ± k = 2",
      [
        length(
          "Shank", lengths.shank.value, lengths.shank.sd, isMeasured: configuration.shankLength != nil),
        length(
          "ankle to toe", lengths.ankleToToe.value, lengths.ankleToToe.sd, isMeasured: configuration.ankleToToe != nil),
        length("knee depth", lengths.kneeDepth.value, lengths.kneeDepth.sd, isMeasured: configuration.kneeDepth != nil),
      ].joined(separator: "; "))
  }

  mutating func quality(of source: ReportSource, isOnly: Bool) {
    let counters = source.counters
    block("article", ["class": "box"]) { html in
      html.block("h2", text: isOnly ? "Data quality" : "Data quality · " + source.name)
      html.block("p", ["class": "headline"], text: headline(counters))
      html.block("dl", ["class": "pairs numbers"]) { html in
        html.definition("Samples", Figures.count(counters.samples))
        if counters.gaps > 0 {
          html.definition("Gaps", Figures.count(counters.gaps))
          html.definition("Samples missing in gaps", Figures.count(counters.missingSamples))
          html.definition("Longest gap", Figures.span(SessionTime(nanoseconds: counters.longestGapNanoseconds)))
        }
        if counters.bytes.bytesIn > 0 {
          html.definition("Bytes received", Figures.count(counters.bytes.bytesIn))
          html.definition("Bytes stepped over", Figures.count(counters.bytes.skipped))
          html.definition("Checksum failures", Figures.count(counters.bytes.checksumFailures))
          html.definition("Resynchronisations", Figures.count(counters.bytes.resynchronisations))
        }
        html.definition("At the sensor's limit", Figures.count(counters.saturated))
        html.definition("Repeated old values", Figures.count(counters.stale))
        html.definition("Implausible values", Figures.count(counters.implausible))
        if counters.timeRepairs > 0 { html.definition("Times put right", Figures.count(counters.timeRepairs)) }
      }
      html.gaps(source.gaps)
      let remarks = plainRemarks(source)
      if !remarks.isEmpty {
        html.block("ul", ["class": "remarks"]) { html in
          for remark in remarks { html.block("li", text: remark) }
        }
      }
    }
  }

  /// The longest gaps; a session that lost more is described by its counters.
  private mutating func gaps(_ gaps: [Gap]) {
    guard !gaps.isEmpty else { return }
    let longest = gaps.sorted { $0.end.seconds(since: $0.start) > $1.end.seconds(since: $1.start) }.prefix(5)
      .sorted { $0.start < $1.start }
    block("ul", ["class": "remarks"]) { html in
      for gap in longest {
        let length = SessionTime(nanoseconds: gap.end.nanoseconds &- gap.start.nanoseconds)
        html.block(
          "li",
          text: "Gap at \(Figures.plain(gap.start.seconds, 2)) s: \(Figures.span(length)), "
            + (gap.missingSamples.map { "\($0) samples missing, " } ?? "") + ReasonWords.cause(gap.cause))
      }
      if gaps.count > longest.count {
        html.block("li", text: "… and \(gaps.count - longest.count) shorter ones; the JSON file lists all.")
      }
    }
  }

}

private func plainRemarks(_ source: ReportSource) -> [String] {
  let counted: Reading.Flags = [.mountAssumed, .afterGap, .saturated, .stale, .implausible]
  return Reading.Flags.names.map(\.0).filter { source.flags.subtracting(counted).contains($0) }
    .map(ReasonWords.sentence) + source.notes
}

private func headline(_ counters: SessionCounters) -> String {
  if counters.gaps > 0 {
    let length = Figures.span(SessionTime(nanoseconds: counters.longestGapNanoseconds))
    let gaps = counters.gaps == 1 ? "1 gap" : "\(Figures.count(counters.gaps)) gaps"
    return "\(gaps), \(Figures.count(counters.missingSamples)) samples missing, longest \(length)."
  }
  if counters.bytes.checksumFailures > 0 { return "No gaps; some frames were damaged and left out." }
  return "No samples missing."
}

private func filter(_ source: ReportSource) -> String {
  if source.flags.contains(.deviceFused) { return "None: the sensor computed the angle itself" }
  if source.flags.contains(.quasiStatic) { return "None: the angle comes from gravity alone" }
  return switch source.configuration.filter {
  case .kalman: "Error-state Kalman (accelerometer and gyroscope, no magnetometer)"
  case .complementary: "Complementary (accelerometer and gyroscope, no magnetometer)"
  }
}

/// `y=proximal,z=anterior` in words.
private func axes(_ mount: String) -> String {
  mount.split(separator: ",").map { part in
    let sides = part.split(separator: "=", maxSplits: 1)
    return sides.count == 2 ? "\(sides[0]) points \(sides[1])" : String(part)
  }.joined(separator: ", ")
}

private func sentence(_ words: String) -> String {
  words.prefix(1).uppercased() + words.dropFirst()
}
