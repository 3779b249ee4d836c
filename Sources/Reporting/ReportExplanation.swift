import AnkleKinematics
import Export
import LungeTest
import Motion

// What each trial's uncertainty is made of, for whoever asked.

extension HTMLWriter {
  /// A table for each kind of result: one row a source, one column a trial. Nothing where nobody asked.
  mutating func explanations(of input: ReportInput) {
    for (source, series) in input.orderedSeries {
      guard let explanation = source.explanation else { continue }
      let budgets = series.trials.compactMap { trial in explanation.budget(of: trial).map { (trial, $0) } }
      guard !budgets.isEmpty else { continue }
      block("section", ["class": "trials"]) { html in
        html.block("h2", text: "What the uncertainty is made of: " + ReasonWords.side(series.side))
        html.explanation("End range, degrees", budgets.map { ($0, $1.endRange) }, degreesPerRadian)
        html.explanation("Dorsiflexion, degrees", budgets.map { ($0, $1.dorsiflexion) }, degreesPerRadian)
        html.explanation("Knee-to-wall equivalent, cm", budgets.map { ($0, $1.kneeToWall) }, 100)
        html.block(
          "p", ["class": "note"],
          text: "Standard uncertainties, k = 1: the squares of the parts add up to the square of the whole. "
            + "In a mean of trials only filter and wavering become less.")
      }
    }
  }

  private mutating func explanation(
    _ name: String, _ all: [(trial: Trial, parts: [Contribution])], _ factor: Double
  ) {
    guard let first = all.first(where: { !$0.parts.isEmpty }) else { return }
    block("table", ["class": "unsided short"]) { html in
      html.block("caption", text: name)
      html.block("thead") { html in
        html.block("tr") { html in
          html.block("th", ["scope": "col", "class": "words"], text: "From")
          for one in all { html.block("th", ["scope": "col"], text: "Trial \(one.trial.number)") }
        }
      }
      html.block("tbody") { html in
        for (row, part) in first.parts.enumerated() {
          html.block("tr") { html in
            html.block("th", ["scope": "row"], text: ReasonWords.source(part.source))
            for one in all {
              html.block(
                "td", text: Figures.plain(one.parts.indices.contains(row) ? one.parts[row].sd * factor : nil, 2))
            }
          }
        }
        html.block("tr") { html in
          html.block("th", ["scope": "row"], text: "together")
          for one in all { html.block("td", text: Figures.plain(one.parts.combined * factor, 2)) }
        }
      }
    }
  }
}
