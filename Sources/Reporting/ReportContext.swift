import Export
import LungeTest
import Motion

// What stands beside a result: the other side, the other knee condition, the session before, and what was published.

extension HTMLWriter {
  mutating func context(of input: ReportInput) {
    let comparisons = SideComparison.all(in: input)
    let knees = KneeDifference.all(in: input)
    let changes = Change.all(in: input)
    let series = input.orderedSeries.filter { $0.series.mean != nil }
    guard !series.isEmpty else { return }
    block("section", ["class": "context"]) { html in
      html.block("h2", text: "Beside other values")
      for change in changes { html.change(change) }
      for comparison in comparisons { html.sides(comparison) }
      for knee in knees { html.knee(knee) }
      html.published(series)
    }
  }

  private mutating func change(_ change: Change) {
    block("article", ["class": "beside"]) { html in
      html.block("h3") { html in
        html.escaped("\(ReasonWords.side(change.side)), change since \(change.earlierName)")
        if let date = change.earlierDate { html.inline("span", ["class": "aside"], text: " of \(date)") }
      }
      if let obstacle = change.obstacle {
        html.block("p", text: "Not compared: \(obstacle).")
        return
      }
      html.block("table", ["class": "change"]) { html in
        html.block("thead") { html in
          html.block("tr") { html in
            for name in ["", "Before", "Now", "Change", "MDC", "The change is"] {
              html.block("th", ["scope": "col"], text: name)
            }
          }
        }
        html.block("tbody") { html in
          html.changeRow(
            "Angle", Figures.degrees(change.before), Figures.degrees(change.now),
            Figures.signed(change.difference, Figures.degrees), Figures.degrees(change.mdc), change.words)
          if change.kneeToWallDifference != nil {
            html.changeRow(
              "Knee-to-wall equivalent", change.beforeKneeToWall?.words ?? "", change.nowKneeToWall?.words ?? "",
              Figures.signed(change.kneeToWallDifference, Figures.centimetres),
              Figures.centimetres(change.kneeToWallMDC), change.kneeToWallWords)
          }
        }
      }
      html.block(
        "p", ["class": "source"],
        text:
          "MDC: \(change.source). It is what a repeated measurement can tell from its noise, not what matters to the person."
      )
      for remark in change.remarks { html.block("p", ["class": "source"], text: remark) }
    }
  }

  private mutating func changeRow(
    _ name: String, _ before: String, _ now: String, _ difference: String, _ mdc: String, _ words: String?
  ) {
    block("tr") { html in
      html.block("th", ["scope": "row"], text: name)
      for value in [before, now, difference, mdc] { html.block("td", text: value) }
      html.block("td", ["class": "words"]) { $0.inline("strong", text: words ?? "not judged: no MDC is known") }
    }
  }

  private mutating func sides(_ comparison: SideComparison) {
    block("article", ["class": "beside"]) { html in
      html.block("h3", text: "Left against right, " + ReasonWords.condition(comparison.condition))
      if let obstacle = comparison.obstacle {
        html.block("p", text: "Not compared: \(obstacle).")
        return
      }
      if let index = comparison.symmetryIndex {
        html.block(
          "p",
          text: "LSI, affected over unaffected, of the distance in cm: \(Figures.plain(index, 0)) % ± "
            + "\(Figures.plain(comparison.symmetryIndexU.map { $0 * Figures.coverage }, 0)) %. Of the angles it would be another number, and is not given."
        )
      } else if let why = comparison.noIndex {
        html.block("p", ["class": "source"], text: "No LSI: \(why).")
      }
      html.references(Reference.sides(comparison))
    }
  }

  private mutating func knee(_ knee: KneeDifference) {
    block("article", ["class": "beside"]) { html in
      html.block("h3", text: "\(ReasonWords.side(knee.side)), knee bent minus knee straight")
      if let obstacle = knee.obstacle {
        html.block("p", text: "Not compared: \(obstacle).")
        return
      }
      html.block(
        "p",
        text:
          "\(Figures.degrees(knee.difference)) \(Figures.plusMinusDegrees(knee.u) ?? ""): \(Figures.degrees(knee.bent)) bent, "
          + "\(Figures.degrees(knee.straight)) straight. They are two tests and are never averaged.")
      html.references([knee.reference])
    }
  }

  private mutating func published(_ series: [(source: ReportSource, series: SeriesSummary)]) {
    block("article", ["class": "beside"]) { html in
      html.block("h3", text: "Published values")
      for (source, one) in series {
        let references = Reference.all(for: one, in: source)
        if series.count > 1 {
          html.block(
            "p", ["class": "of"], text: "\(ReasonWords.side(one.side)), \(ReasonWords.condition(one.condition))")
        }
        html.references(references)
      }
      html.block(
        "p", ["class": "source"],
        text:
          "A low value is not bad and a high one not good by itself: stiffness and too much range both have their reasons."
      )
    }
  }

  private mutating func references(_ references: [Reference]) {
    block("ul") { html in
      for reference in references {
        html.block("li") { html in
          html.escaped(reference.sentence)
          if let source = reference.source {
            html.literal(" ")
            html.inline("span", ["class": "source"], text: "Source: \(source).")
          }
        }
      }
    }
  }
}
