import Export
import LungeTest
import Motion

// The table of trials: every number of the report with its unit, its uncertainty and its doubts.

extension HTMLWriter {
  mutating func tables(of input: ReportInput) {
    let series = input.orderedSeries.map(\.series)
    guard series.contains(where: { !$0.trials.isEmpty || !$0.otherMovements.isEmpty }) else { return }
    block("section", ["class": "trials"]) { html in
      html.block("h2", text: "Trials")
      for one in series where !one.trials.isEmpty || !one.otherMovements.isEmpty { html.table(one) }
    }
    explanations(of: input)
  }

  private mutating func table(_ series: SeriesSummary) {
    let hasDistance = series.trials.contains { $0.kneeToWall != nil || $0.kneeToWallRange != nil }
    // A short table stays on one page of paper.
    let isShort = series.trials.count + series.otherMovements.count <= 14
    block("table", ["class": series.sideClass + (isShort ? " short" : "")]) { html in
      html.block("caption") { html in
        html.inline("span", ["class": "swatch-side"], text: ReasonWords.side(series.side))
        html.escaped(" · " + ReasonWords.condition(series.condition))
      }
      html.block("thead") { html in
        html.block("tr") { html in
          html.heading("Trial", nil)
          html.heading("From – to", "s")
          html.heading("Held", "s")
          html.heading("End range", "degrees, ± k = 2")
          if hasDistance { html.heading("Knee-to-wall eq.", "cm, ± k = 2") }
          html.heading("Sideways tilt", "degrees, greatest")
          html.block("th", ["scope": "col", "class": "words"], text: "Verdict")
        }
      }
      html.block("tbody") { html in
        for trial in series.trials { html.row(trial, series, hasDistance: hasDistance) }
        for movement in series.otherMovements { html.row(movement, series, hasDistance: hasDistance) }
      }
    }
    if !series.basisTrials.isEmpty {
      block("p", ["class": "note"]) { html in
        html.literal("<span class=\"in-mean\">•</span> in the mean")
        html.escaped(" (\(series.basis)).")
      }
    }
  }

  private mutating func heading(_ name: String, _ unit: String?) {
    block("th", ["scope": "col"]) { html in
      html.escaped(name)
      if let unit { html.inline("small", text: unit) }
    }
  }

  private mutating func row(_ trial: Trial, _ series: SeriesSummary, hasDistance: Bool) {
    let isTrial = trial.kind == .trial
    block("tr", ["class": rowClass(trial)]) { html in
      html.block("th", ["scope": "row"]) { html in
        html.escaped(isTrial ? "\(trial.number)" : "–")
        if series.isInMean(trial) {
          html.literal("<span class=\"in-mean\" title=\"in the mean\">•</span>")
        }
      }
      html.block(
        "td", text: Figures.plain(trial.start.seconds, 1) + " – " + Figures.plain(trial.end.seconds, 1))
      let held = trial.plateauStart.flatMap { start in trial.plateauEnd.map { $0.seconds(since: start) } }
      html.block("td", text: Figures.plain(held, 1))
      html.cell(
        Figures.plain(trial.endRange.value * degreesPerRadian, 1), trial.endRange.sd * degreesPerRadian,
        isStrong: isTrial)
      if let range = trial.kneeToWallRange {
        html.block(
          "td",
          text: Figures.plain(range.lowerBound * 100, 1) + " to " + Figures.plain(range.upperBound * 100, 1))
      } else if hasDistance {
        html.cell(
          Figures.plain(trial.kneeToWall.map { $0.value * 100 }, 1), trial.kneeToWall.map { $0.sd * 100 },
          isStrong: false)
      }
      html.block("td", text: Figures.plain(abs(trial.frontalTilt) * degreesPerRadian, 1))
      html.block("td", ["class": "words"]) { html in
        if isTrial {
          html.inline("span", ["class": "verdict"]) { html in
            html.mark(trial.verdict)
            html.escaped(ReasonWords.verdict(trial.verdict).short)
          }
        } else {
          html.escaped(ReasonWords.kind(trial.kind))
        }
      }
    }
    let reasons = isTrial ? ReasonWords.entries(trial.reasons) : []
    guard !reasons.isEmpty else { return }
    block("tr", ["class": "why"]) { html in
      html.literal("<td></td>")
      html.block(
        "td", ["colspan": hasDistance ? "6" : "5"], text: reasons.map(\.sentence).joined(separator: " "))
    }
  }

  private mutating func cell(_ value: String, _ sd: Double?, isStrong: Bool) {
    block("td") { html in
      if isStrong { html.inline("strong", text: value) } else { html.escaped(value) }
      if let sd, sd.isFinite {
        html.literal(" ")
        html.inline("span", ["class": "u"], text: "± " + Figures.plain(sd * Figures.coverage, 1))
      }
    }
  }
}

/// The verdict, and whether the row belongs to the one below with its reasons.
private func rowClass(_ trial: Trial) -> String {
  guard trial.kind == .trial else { return "other" }
  return trial.verdict.rawValue + (trial.reasons.isEmpty ? "" : " explained")
}
