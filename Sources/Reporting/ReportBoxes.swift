import Export
import LungeTest
import Motion
import Pipeline

// How the numbers were made, and how good the data were.

extension HTMLWriter {
  /// What all sources share is said once; what differs is said for each.
  mutating func conventions(of sources: [ReportSource]) {
    block("article", ["class": "box"]) { html in
      html.block("h2", text: "Conventions")
      html.block("dl", ["class": "pairs"]) { html in
        let pairs = sources.map(conventionPairs)
        for (index, first) in (pairs.first ?? []).enumerated() {
          html.block("dt", text: first.term)
          html.block("dd") { html in
            if pairs.allSatisfy({ $0[index] == first }) {
              html.value(first)
            } else {
              for (source, own) in zip(sources, pairs) {
                html.block("div") { html in
                  html.inline("b", text: source.shortName + ": ")
                  html.value(own[index])
                }
              }
            }
          }
        }
        for source in sources {
          for override in source.overrides {
            html.definition(
              "Changed by option",
              (sources.count > 1 ? source.shortName + ": " : "")
                + "\(override.setting): the recording says “\(override.recorded)”, “\(override.used)” was used")
          }
        }
      }
    }
  }

  private mutating func value(_ convention: Convention) {
    escaped(convention.value)
    if let isAssumed = convention.isAssumed {
      literal(" ")
      inline("span", ["class": isAssumed ? "tag doubt" : "tag"], text: isAssumed ? "assumed" : "stated")
    }
  }

  mutating func quality(of sources: [ReportSource]) {
    block("article", ["class": "box"]) { html in
      html.block("h2", text: "Data quality")
      html.block("table", ["class": "counters"]) { html in
        if sources.count > 1 {
          html.block("thead") { html in
            html.block("tr") { html in
              html.literal("<td></td>")
              for source in sources { html.block("th", ["scope": "col"], text: source.shortName) }
            }
          }
        }
        html.block("tbody") { html in
          for row in qualityRows(sources) {
            html.block("tr") { html in
              html.block("th", ["scope": "row"], text: row.name)
              for value in row.values { html.block("td", text: value) }
            }
          }
        }
      }
    }
  }

  /// The longest gaps, and every doubt, repair and assumption.
  mutating func remarks(on sources: [ReportSource]) {
    let remarks = sources.flatMap { source in
      qualityRemarks(source).map { sources.count > 1 ? "\(source.shortName): \($0)" : $0 }
    }
    guard !remarks.isEmpty else { return }
    block("ul", ["class": "remarks"]) { html in
      for remark in remarks { html.block("li", text: remark) }
    }
  }
}

/// One line of the conventions.
private struct Convention: Equatable {
  var term: String
  var value: String
  /// Whether it was assumed or stated; nil where there is nothing to choose.
  var isAssumed: Bool?
}

/// The same terms in the same order for every source.
private func conventionPairs(_ source: ReportSource) -> [Convention] {
  let configuration = source.configuration
  let condition = ReasonWords.condition(source.series.first?.condition ?? configuration.condition)
  return [
    Convention(
      term: "Zero",
      value: ReasonWords.zero(configuration.zero)
        + (configuration.standingLean.map { ", where the tibia leans \(Figures.degrees($0)) forward" } ?? "")),
    Convention(term: "Sign", value: "Positive: knee forward over the toes"),
    Convention(term: "Foot", value: "Taken as flat on a level floor; not measured"),
    Convention(term: "Knee", value: condition.prefix(1).uppercased() + condition.dropFirst()),
    Convention(term: "Sensor placement", value: placement(configuration)),
    Convention(
      term: "Sensor axes",
      value: configuration.alignment == .functional ? "Any: rocks of the knee showed them" : axes(configuration.mount),
      isAssumed: configuration.alignment == .functional ? nil : configuration.mountAssumed),
    Convention(term: "Alignment", value: alignment(source)),
    Convention(term: "Said of the series", value: facts(configuration)),
    Convention(term: "Filter", value: filter(source)),
    Convention(term: "Body lengths", value: lengths(configuration)),
  ]
}

/// What was measured of the sensor's place, and the user's words.
private func placement(_ configuration: PipelineConfiguration) -> String {
  let parts = [ReasonWords.place(configuration.place), configuration.placement].compactMap { $0 }
  return parts.isEmpty ? "Not stated" : parts.joined(separator: ", ")
}

/// How the axes were found, with the measured quality, or that they were not.
private func alignment(_ source: ReportSource) -> String {
  let found = source.alignments.last { if case .found = $0 { true } else { false } }
  let words = (found ?? source.alignments.last).map(ReasonWords.alignment) ?? "None"
  return words.prefix(1).uppercased() + words.dropFirst()
}

/// `y=proximal,z=anterior` in words.
private func axes(_ mount: String) -> String {
  mount.split(separator: ",").map { part in
    let sides = part.split(separator: "=", maxSplits: 1)
    return sides.count == 2 ? "\(sides[0]) points \(sides[1])" : String(part)
  }.joined(separator: ", ")
}

/// All that was said of the series, in words.
private func facts(_ configuration: PipelineConfiguration) -> String {
  let facts = configuration.seriesFacts
  let said = SeriesFacts.fields.compactMap { field in field.text(facts).map { "\(field.title.lowercased()): \($0)" } }
  return said.isEmpty ? "Nothing" : said.joined(separator: "; ")
}

private func filter(_ source: ReportSource) -> String {
  if source.flags.contains(.deviceFused) { return "None: the sensor computed the angle itself" }
  if source.flags.contains(.quasiStatic) { return "None: the angle comes from gravity alone" }
  return switch source.configuration.filter {
  case .kalman: "Error-state Kalman: accelerometer and gyroscope, no magnetometer"
  case .accurate: "Error-state Kalman with bounded motion: accelerometer and gyroscope, no magnetometer"
  case .complementary: "Complementary: accelerometer and gyroscope, no magnetometer"
  }
}

private func lengths(_ configuration: PipelineConfiguration) -> String {
  if let calibration = configuration.wallCalibration {
    let check =
      switch calibration.isConsistent {
      case true?: "touches agree"
      case false?: "the touches contradict each other"
      case nil: "cannot be checked with one touch"
      }
    return
      "Personal calibration, \(calibration.touches) wall \(calibration.touches == 1 ? "touch" : "touches"): \(check)"
  }
  guard let lengths = configuration.bodyLengths else { return "Not given: no knee-to-wall equivalent" }
  func length(_ name: String, _ value: Double, _ sd: Double, isMeasured: Bool) -> String {
    "\(name) \(Figures.plain(value * 100, 1)) ± \(Figures.plain(sd * 100 * Figures.coverage, 1)) cm"
      + (isMeasured ? "" : " (estimated)")
  }
  return [
    length("Shank", lengths.shank.value, lengths.shank.sd, isMeasured: configuration.shankLength != nil),
    length(
      "ankle to toe", lengths.ankleToToe.value, lengths.ankleToToe.sd, isMeasured: configuration.ankleToToe != nil),
    length("knee depth", lengths.kneeDepth.value, lengths.kneeDepth.sd, isMeasured: configuration.kneeDepth != nil),
  ].joined(separator: "; ")
}
