import DecimalText
import Export
import LungeTest
import Motion

// Inclination over time, with everything that was read from it marked where it was read.

extension HTMLWriter {
  mutating func charts(of input: ReportInput) {
    let angles = input.sources.flatMap { source in source.curve.points.map(\.inclination) }.filter(\.isFinite)
    guard let lowest = angles.min(), let highest = angles.max() else { return }
    // One scale for all, so that left and right can be compared by eye; room above the peaks for their labels.
    let low = min(0, lowest * degreesPerRadian)
    let high = max(10, highest * degreesPerRadian + 6)
    let vertical = Scale(covering: low, high, step: high - low > 90 ? 30 : 10, from: 196, to: 18)
    block("section", ["class": "charts"]) { html in
      html.block("h2", text: "Tibial inclination over time")
      html.block(
        "p", ["class": "axes"], text: "Degrees from the vertical, positive forward; time from the first sample.")
      // Two sessions stand beside each other, on one scale of degrees.
      let isPair = input.sources.count == 2
      html.block("div", ["class": isPair ? "pair" : "single"]) { html in
        for source in input.sources {
          html.chart(source, vertical, width: isPair ? 350 : 720, isOnly: input.sources.count == 1)
        }
      }
      html.legend(input)
    }
  }

  private mutating func chart(_ source: ReportSource, _ vertical: Scale, width: Int, isOnly: Bool) {
    let duration = max(source.duration.seconds, 1)
    let horizontal = Scale(
      from: 0, to: duration, step: timeStep(duration, ticks: Double(width) / 48), start: 30, end: Double(width) - 10)
    let movements = source.series.flatMap { series in
      (series.trials + series.otherMovements).map { (series: series, trial: $0) }
    }
    let trials = movements.filter { $0.trial.kind == .trial }.count
    let description =
      "Tibial inclination of \(source.name) over \(Figures.span(source.duration)): "
      + "\(trials) trials, \(source.gaps.count) gaps. The values are in the table below."
    block("figure", ["class": "chart"]) { html in
      if !isOnly {
        html.block(
          "h3", ["class": source.series.first?.sideClass ?? "unsided"], text: source.shortName)
      }
      html.block("svg", ["viewBox": "0 0 \(width) 222", "role": "img", "aria-label": description]) { html in
        html.axes(horizontal, vertical, inMinutes: duration >= 180)
        for (series, trial) in movements { html.shade(trial, series, horizontal, vertical) }
        for gap in source.gaps {
          let x = horizontal.position(gap.start.seconds)
          html.rectangle(
            x, vertical.end, max(horizontal.position(gap.end.seconds) - x, 1.5), vertical.start - vertical.end, "gap")
        }
        html.curve(source.curve, horizontal, vertical)
        html.readings(movements, source.curve, horizontal, vertical)
      }
    }
  }

  private mutating func axes(_ horizontal: Scale, _ vertical: Scale, inMinutes: Bool) {
    for tick in vertical.ticks {
      let y = vertical.position(tick)
      line(horizontal.start, y, horizontal.end, y, tick == 0 ? "zero" : "grid")
      label(Figures.plain(tick, 0) + "°", horizontal.start - 6, y + 3.5, "tick end")
    }
    let last = horizontal.ticks.last
    for tick in horizontal.ticks {
      let x = horizontal.position(tick)
      line(x, vertical.start, x, vertical.start + 4, "zero")
      let unit = tick == last ? (inMinutes ? " min" : " s") : ""
      label(timeLabel(tick, inMinutes: inMinutes) + unit, x, vertical.start + 17, "tick middle")
    }
  }

  private mutating func shade(_ trial: Trial, _ series: SeriesSummary, _ horizontal: Scale, _ vertical: Scale) {
    let x = horizontal.position(trial.start.seconds)
    let width = max(horizontal.position(trial.end.seconds) - x, 1)
    let style = trial.kind == .trial ? "trial \(series.sideClass) \(trial.verdict.rawValue)" : "trial other"
    rectangle(x, vertical.end, width, vertical.start - vertical.end, style)
  }

  private mutating func curve(_ curve: Curve, _ horizontal: Scale, _ vertical: Scale) {
    var path = TextBuffer(capacity: curve.points.count * 12)
    var isDrawing = false
    for point in curve.points {
      guard point.inclination.isFinite else {
        isDrawing = false
        continue
      }
      if isDrawing { path.append("L") } else { path.append("M") }
      isDrawing = true
      path.append(coordinate: horizontal.position(point.time.seconds))
      path.append(" ")
      path.append(coordinate: vertical.position(point.inclination * degreesPerRadian))
    }
    empty("path", ["d": path.string, "class": "curve"])
  }

  /// What was read from the curve: the plateau, end range with its uncertainty, and the trial's number.
  private mutating func readings(
    _ movements: [(series: SeriesSummary, trial: Trial)], _ curve: Curve, _ horizontal: Scale, _ vertical: Scale
  ) {
    let trials = movements.filter { $0.trial.kind == .trial && $0.trial.endRange.value.isFinite }
      .sorted { $0.trial.start < $1.trial.start }
    // Where trials stand close, numbers and values would cover each other: the table has them all.
    let isDense = Double(trials.count) * 32 > horizontal.end - horizontal.start
    var nextNumber = -Double.infinity
    for (series, trial) in trials {
      let peak = trial.plateauStart == nil ? curve.peak(from: trial.start, to: trial.end) : nil
      let plateauStart = trial.plateauStart ?? peak ?? trial.start
      let plateauEnd = trial.plateauEnd ?? peak ?? trial.end
      let x = horizontal.position((plateauStart.seconds + plateauEnd.seconds) / 2)
      let y = vertical.position(trial.endRange.value * degreesPerRadian)
      block("g", ["class": "reading " + series.sideClass]) { html in
        let reach = Figures.coverage * trial.endRange.sd * degreesPerRadian
        if reach.isFinite && !isDense {
          let top = vertical.position(trial.endRange.value * degreesPerRadian + reach)
          html.line(x, top, x, 2 * y - top, "bar")
        }
        if trial.plateauStart != nil {
          html.line(horizontal.position(plateauStart.seconds), y, horizontal.position(plateauEnd.seconds), y, "plateau")
        }
        html.empty(
          "circle",
          [
            "cx": coordinate(x), "cy": coordinate(y), "r": isDense ? "1.4" : "2.6",
            "class": trial.plateauStart == nil ? "dot open" : isDense ? "dot small" : "dot",
          ])
        if x >= nextNumber {
          html.label("\(trial.number)", x, vertical.end - 5, "number middle")
          nextNumber = x + (isDense ? 40 : 14)
        }
        if !isDense { html.label(Figures.degrees(trial.endRange.value), x, y - 10, "value middle") }
      }
    }
  }

  private mutating func legend(_ input: ReportInput) {
    let trials = input.sources.flatMap(\.series).flatMap(\.trials)
    block("ul", ["class": "legend"]) { html in
      if trials.contains(where: { $0.verdict == .valid }) {
        html.legendEntry("Trial, with its number above") { $0.rectangle(1, 1, 22, 12, "trial valid accent") }
      }
      if trials.contains(where: { $0.verdict == .attention }) {
        html.legendEntry("Trial with a doubt") { $0.rectangle(1, 1, 22, 12, "trial attention accent") }
      }
      if trials.contains(where: { $0.verdict == .invalid }) {
        html.legendEntry("Invalid trial") { $0.rectangle(1, 1, 22, 12, "trial invalid accent") }
      }
      if input.sources.contains(where: { $0.series.contains { !$0.otherMovements.isEmpty } }) {
        html.legendEntry("Other movement") { $0.rectangle(1, 1, 22, 12, "trial other") }
      }
      if trials.contains(where: { $0.plateauStart != nil }) {
        html.legendEntry("Plateau and end range, ± k = 2") { svg in
          svg.inline("g", ["class": "reading accent"]) { svg in
            svg.line(2, 7, 22, 7, "plateau")
            svg.line(12, 1, 12, 13, "bar")
            svg.empty("circle", ["cx": "12", "cy": "7", "r": "2.6", "class": "dot"])
          }
        }
      }
      if trials.contains(where: { $0.plateauStart == nil }) {
        html.legendEntry("End range without a hold") { svg in
          svg.inline("g", ["class": "reading accent"]) { svg in
            svg.empty("circle", ["cx": "12", "cy": "7", "r": "2.6", "class": "dot open"])
          }
        }
      }
      if input.sources.contains(where: { !$0.gaps.isEmpty }) {
        html.legendEntry("Gap: samples missing") { $0.rectangle(1, 1, 22, 12, "gap") }
      }
    }
  }

  private mutating func legendEntry(_ words: String, _ swatch: (inout HTMLWriter) -> Void) {
    block("li") { html in
      html.inline(
        "svg", ["viewBox": "0 0 24 14", "width": "24", "height": "14", "class": "swatch", "aria-hidden": "true"], swatch
      )
      html.escaped(words)
    }
  }
}

extension Curve {
  /// When the curve is highest in a span of time.
  fileprivate func peak(from start: SessionTime, to end: SessionTime) -> SessionTime? {
    points.filter { $0.time >= start && $0.time <= end && $0.inclination.isFinite }
      .max { $0.inclination < $1.inclination }?.time
  }
}

/// Seconds between the ticks of a session this long, for at most so many ticks.
private func timeStep(_ duration: Double, ticks: Double) -> Double {
  let steps: [Double] = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400]
  return steps.first { duration / $0 <= ticks } ?? duration / 10
}

private func timeLabel(_ seconds: Double, inMinutes: Bool) -> String {
  guard inMinutes else { return Figures.plain(seconds, seconds == seconds.rounded() ? 0 : 1) }
  let whole = Int(seconds.rounded())
  let rest = whole % 60
  return rest == 0 ? "\(whole / 60)" : "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
}
