import Export
import LungeTest
import Motion

// The top of the page: what was measured, in large figures, and the sides on one scale.

extension HTMLWriter {
  mutating func results(of input: ReportInput) {
    let series = input.orderedSeries
    block("section", ["class": "results"]) { html in
      html.literal("<h2 class=\"hidden\">Results</h2>\n")
      guard !series.isEmpty else {
        html.block("p", ["class": "none"], text: "No lunge was found in this session: there is no result.")
        return
      }
      html.block("div", ["class": series.count == 1 ? "cards one" : "cards"]) { html in
        for (source, one) in series { html.card(one, of: source, among: series.map(\.series)) }
      }
      for comparison in SideComparison.all(in: input) { html.comparison(comparison) }
      html.strip(series.map(\.series))
    }
  }

  private mutating func card(_ series: SeriesSummary, of source: ReportSource, among all: [SeriesSummary]) {
    block("article", ["class": "card " + series.sideClass]) { html in
      html.block("h3") { html in
        if let side = series.side {
          html.inline("span", ["class": "badge", "aria-hidden": "true"], text: side == .left ? "L" : "R")
        }
        html.escaped(ReasonWords.side(series.side))
        if Set(all.map(\.condition)).count > 1 {
          html.inline("span", ["class": "aside"], text: ", " + ReasonWords.condition(series.condition))
        }
      }
      html.block("div", ["class": "main"]) { html in
        guard let mean = series.mean else {
          html.block("p", ["class": "figure"]) { $0.inline("span", ["class": "value"], text: "–") }
          html.block("p", ["class": "basis"], text: "No valid trial: no mean is given.")
          return
        }
        html.block("p", ["class": "figure"]) { html in
          html.inline("span", ["class": "value"], text: Figures.degrees(mean))
          if let u = Figures.plusMinusDegrees(series.meanU) {
            html.literal(" ")
            html.inline("span", ["class": "u"]) { html in
              html.escaped(u)
              html.inline("small", text: " (95 %, k = 2)")
            }
          }
        }
        html.block(
          "p", ["class": "basis"], text: ReasonWords.quantity(source.configuration.test.quantity) + ", " + series.basis)
      }
      html.block("dl", ["class": "side-figures"]) { html in
        html.kneeToWall(series, hand: source.configuration.facts.handWidth)
        html.figure(
          series.validTrials > 0 ? "Best valid trial" : "Best trial",
          [Figures.degrees(series.best), series.bestU.flatMap(Figures.plusMinusDegrees)])
        html.figure(
          "Between trials (SD)",
          [Figures.degrees(series.trialSD), series.variationPercent.map { "CV \(Figures.plain($0, 1)) %" }])
        html.figure("Valid trials", ["\(series.validTrials) of \(series.trials.count)"])
      }
      for remark in series.remarks { html.block("p", ["class": "remark"], text: remark) }
    }
  }

  /// The distance, or the range in which it lies, in every unit that a page has.
  ///
  /// - Parameter hand: the width of the own hand, cm.
  private mutating func kneeToWall(_ series: SeriesSummary, hand: Double?) {
    func figures(_ name: String, _ unit: String, _ inUnit: (Double) -> Double) {
      func text(_ metres: Double) -> String { Figures.plain(inUnit(metres), 1) + (metres.isFinite ? unit : "") }
      if let distance = series.meanKneeToWall {
        figure(name, [text(distance), series.meanKneeToWallU.map { "± " + text($0 * Figures.coverage) }])
      }
      if let range = series.meanKneeToWallRange {
        figure(name, [Figures.plain(inUnit(range.lowerBound), 1) + " to " + text(range.upperBound)])
      }
    }
    figures("Knee-to-wall equivalent", " cm") { $0 * 100 }
    figures("The same in inches", " in") { $0 / metresPerInch }
    if let hand { figures("In widths of the own hand (\(Figures.plain(hand, 1)) cm)", "") { $0 * 100 / hand } }
  }

  private mutating func figure(_ name: String, _ parts: [String?]) {
    block("div") { html in
      html.block("dt", text: name)
      html.block("dd") { html in
        for (index, part) in parts.compactMap({ $0 }).enumerated() {
          if index == 0 {
            html.escaped(part)
          } else {
            html.literal(" ")
            html.inline("span", ["class": "u"], text: part)
          }
        }
      }
    }
  }

  private mutating func comparison(_ comparison: SideComparison) {
    block("p", ["class": "comparison"]) { html in
      html.inline("span", ["class": "label"], text: "Left against right")
      if let obstacle = comparison.obstacle {
        html.escaped("Not compared: \(obstacle).")
        return
      }
      html.inline("span", text: comparison.sentence)
    }
  }

  /// All trials and means on one scale of degrees: the quickest look at scatter and sides.
  private mutating func strip(_ all: [SeriesSummary]) {
    let drawn = all.filter { !$0.trials.isEmpty }
    guard !drawn.isEmpty else { return }
    let values = drawn.flatMap { series in
      series.trials.map { $0.endRange.value * degreesPerRadian }
        + [series.mean, series.mean].enumerated().compactMap { index, mean in
          mean.map { ($0 + (index == 0 ? -1 : 1) * Figures.coverage * (series.meanU ?? 0)) * degreesPerRadian }
        }
    }.filter(\.isFinite)
    guard let lowest = values.min(), let highest = values.max() else { return }
    let scale = Scale(covering: lowest - 0.5, highest + 0.5, step: stripStep(highest - lowest), from: 96, to: 704)
    let rowHeight = 30.0
    let height = rowHeight * Double(drawn.count) + 30
    let title = "End range of each trial, and the means with their uncertainty"
    block("figure", ["class": "strip"]) { html in
      html.block(
        "svg",
        [
          "viewBox": "0 0 720 \(Int(height))", "role": "img",
          "aria-label": title + ". The values are in the table below.",
        ]
      ) { html in
        for tick in scale.ticks {
          let x = scale.position(tick)
          html.line(x, 6, x, height - 22, "grid")
          html.label(Figures.plain(tick, 0) + "°", x, height - 6, "tick middle")
        }
        for (row, series) in drawn.enumerated() {
          let y = 6 + rowHeight * (Double(row) + 0.5)
          html.label(ReasonWords.side(series.side), 0, y + 4, "row")
          html.block("g", ["class": series.sideClass]) { html in
            if let mean = series.mean {
              let u = Figures.coverage * (series.meanU ?? 0)
              let low = scale.position((mean - u) * degreesPerRadian)
              let high = scale.position((mean + u) * degreesPerRadian)
              html.rectangle(low, y - 9, max(high - low, 1), 18, "band")
              let x = scale.position(mean * degreesPerRadian)
              html.line(x, y - 11, x, y + 11, "mean")
            }
            // The trials in the mean last, on top of the others.
            let others = series.trials.filter { !series.isInMean($0) }
            for trial in others + series.trials.filter(series.isInMean) where trial.endRange.value.isFinite {
              let x = scale.position(trial.endRange.value * degreesPerRadian)
              if trial.verdict == .invalid {
                html.empty(
                  "path",
                  [
                    "d": "M\(coordinate(x - 3.5)) \(coordinate(y - 3.5))l7 7m0 -7l-7 7", "class": "cross",
                  ])
              } else {
                html.empty(
                  "circle",
                  [
                    "cx": coordinate(x), "cy": coordinate(y), "r": "4",
                    "class": series.isInMean(trial) ? "dot" : "dot open",
                  ])
              }
            }
          }
        }
      }
      html.block("figcaption") { html in
        html.escaped(
          "Filled: trial in the mean. Open: other usable trial. Cross: invalid. Line and band: mean and its uncertainty (k = 2)."
        )
      }
    }
  }
}

extension SeriesSummary {
  /// Standard uncertainty of the best valid trial, rad.
  fileprivate var bestU: Double? {
    trials.first { $0.verdict == .valid && $0.endRange.value == best }?.endRange.sd
  }
}

/// Degrees between the ticks of the strip: about five to ten of them.
private func stripStep(_ span: Double) -> Double {
  span > 40 ? 10 : span > 12 ? 5 : span > 5 ? 2 : 1
}
