import Export
import LungeTest
import Motion
import Pipeline

/// The report for people: one page that needs nothing but itself, on a screen and on A4 paper.
public enum ReportHTML {
  /// The whole page, in UTF-8.
  public static func bytes(_ input: ReportInput) -> [UInt8] {
    var html = HTMLWriter()
    html.literal("<!DOCTYPE html>\n")
    html.block("html", ["lang": "en"]) { html in
      html.block("head") { html in
        html.literal("<meta charset=\"utf-8\"/>\n")
        // The page holds other people's words: whatever slipped through an escape would still not run or load anything.
        html.literal(
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
        html.literal("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        html.literal("<meta name=\"color-scheme\" content=\"light\"/>\n")
        html.block("title", text: input.title + " – ankle dorsiflexion report")
        html.block("style") { $0.literal(styleSheet) }
      }
      html.block("body") { html in
        html.symbols()
        html.block("main") { html in
          html.head(of: input)
          html.results(of: input)
          html.context(of: input)
          html.charts(of: input)
          html.tables(of: input)
          html.block("section", ["class": "boxes"]) { html in
            html.conventions(of: input.sources)
            html.quality(of: input.sources)
            html.remarks(on: input.sources)
          }
          html.definitions(of: input)
          html.foot(of: input)
        }
      }
    }
    return html.text.bytes
  }
}

extension HTMLWriter {
  /// Shapes that tell verdicts apart without colour, drawn once and used by reference.
  fileprivate mutating func symbols() {
    literal(
      """
      <svg width="0" height="0" class="symbols" aria-hidden="true">
      <symbol id="mark-valid" viewBox="0 0 12 12"><path d="M2 6.4 4.8 9.2 10 3.2" class="stroke"/></symbol>
      <symbol id="mark-attention" viewBox="0 0 12 12"><path d="M6 1.6 11 10.4H1Z" class="stroke"/>\
      <path d="M6 4.8V7.2M6 8.5V8.9" class="stroke"/></symbol>
      <symbol id="mark-invalid" viewBox="0 0 12 12"><path d="M2.5 2.5 9.5 9.5M9.5 2.5 2.5 9.5" class="stroke"/></symbol>
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
      <rect width="1.4" height="5" class="hatch"/></pattern>
      </svg>

      """)
  }

  mutating func mark(_ verdict: Verdict) {
    inline("svg", ["class": "mark", "width": "12", "height": "12", "aria-hidden": "true"]) { html in
      html.empty("use", ["href": "#mark-" + verdict.rawValue])
    }
  }

  fileprivate mutating func head(of input: ReportInput) {
    block("header", ["class": "top"]) { html in
      html.block("div", ["class": "kind"]) { html in
        html.inline("span", text: "Measurement report")
        html.inline("span", text: "Talus")
      }
      html.block("h1", text: heading(input))
      html.block("p", ["class": "subject"], text: input.title)
      for source in input.sources {
        var facts = [source.name]
        if let recordedOn = source.recordedOn {
          let within = source.utcUncertainty.map { " (clock within \(Figures.plain($0, 3)) s)" } ?? ""
          facts.append("recorded " + recordedOn + within)
        }
        facts.append(Figures.span(source.duration))
        if let rate = source.rate { facts.append(Figures.plain(rate, rate < 10 ? 1 : 0) + " Hz") }
        let conditions = Set(source.series.map { ReasonWords.condition($0.condition) }).sorted()
        if let condition = conditions.first, conditions.count == 1 { facts.append(condition) }
        html.block("p", ["class": "facts"], text: facts.joined(separator: "  ·  "))
      }
      // For the pen: a program that reads captures does not know whose leg it was.
      html.block("div", ["class": "pen"]) { html in
        for label in ["Name or ID", "Date", "Examiner"] {
          html.block("div", text: label)
        }
      }
    }
  }

  fileprivate mutating func definitions(of input: ReportInput) {
    block("section", ["class": "definitions"]) { html in
      html.block("h2", text: "How to read this report")
      html.block("dl") { html in
        html.definition(
          "Tibial inclination",
          "The angle of the tibia's long axis from the vertical, seen from the side. It equals ankle dorsiflexion only while "
            + "the foot stays flat on a level floor: a lifted heel adds its angle to the reading, and a sensor on the tibia "
            + "alone cannot see it.")
        html.definition(
          "The test",
          testWords(input))
        html.definition(
          "End range",
          "The median inclination while the end position was held (the plateau); without a hold of half a second, the "
            + "smoothed peak, and the trial says so.")
        html.definition(
          "± values",
          "Expanded uncertainty, k = 2, about 95 %: the errors of filter and sensor, in a mean also the scatter of its "
            + "trials. How differently the sensor sits, or the movement is done, on another day is not in it.")
        if input.orderedSeries.contains(where: { $0.series.meanKneeToWall != nil }) {
          html.definition(
            "Knee-to-wall equivalent",
            "The distance from toe to wall at which the knee would just touch it, computed from the inclination and the "
              + "lengths of leg and foot. It is not a tape measurement. Negative: the toes would be behind the wall's line."
          )
        }
        html.definition(
          "Valid, attention, invalid",
          "How far a trial can be trusted as a measurement. They say nothing about the person measured.")
      }
    }
  }

  mutating func definition(_ term: String, _ meaning: String) {
    block("dt", text: term)
    block("dd", text: meaning)
  }

  fileprivate mutating func foot(of input: ReportInput) {
    block("footer") { html in
      html.block("p") { html in
        html.inline("strong", text: "A measurement aid. ")
        html.escaped("It describes a movement in numbers; it makes no diagnosis and no prediction.")
      }
      html.block("p", text: "Made by \(input.generator).")
    }
  }
}

/// What was done, as the page's heading.
private func heading(_ input: ReportInput) -> String {
  var titles: [String] = []
  for source in input.sources where !titles.contains(source.configuration.test.title) {
    titles.append(source.configuration.test.title)
  }
  return titles == [TestProtocol.lunge.title] || titles.isEmpty
    ? "Ankle dorsiflexion, weight-bearing lunge" : titles.joined(separator: "; ")
}

/// What each test measures, how it is done, and what makes a trial invalid.
private func testWords(_ input: ReportInput) -> String {
  var tests: [TestProtocol] = []
  for source in input.sources where !tests.contains(source.configuration.test) {
    tests.append(source.configuration.test)
  }
  return tests.map {
    "\($0.title): \($0.measures). \($0.instruction) The result is over the first \($0.trials) valid trials. Trials: \($0.invalid)"
  }.joined(separator: " ")
}
