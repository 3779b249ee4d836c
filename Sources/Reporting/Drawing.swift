import DecimalText

/// Numbers on a line of the drawing.
struct Scale {
  let low: Double
  let high: Double
  let step: Double
  let start: Double
  let end: Double

  /// The whole steps around the values.
  init(covering low: Double, _ high: Double, step: Double, from start: Double, to end: Double) {
    self.low = (low / step).rounded(.down) * step
    self.high = max((high / step).rounded(.up) * step, self.low + step)
    self.step = step
    self.start = start
    self.end = end
  }

  /// Exactly these ends, with ticks at whole steps between.
  init(from low: Double, to high: Double, step: Double, start: Double, end: Double) {
    self.low = low
    self.high = max(high, low + 1e-9)
    self.step = step
    self.start = start
    self.end = end
  }

  func position(_ value: Double) -> Double { start + (value - low) / (high - low) * (end - start) }

  var ticks: [Double] {
    var ticks: [Double] = []
    var index = (low / step).rounded(.up)
    while index * step <= high + step * 1e-6, ticks.count < 100 {
      ticks.append(index * step)
      index += 1
    }
    return ticks
  }
}

/// A coordinate with a tenth of a unit, for SVG.
func coordinate(_ value: Double) -> String {
  var text = TextBuffer(capacity: 12)
  text.append(coordinate: value)
  return text.string
}

extension TextBuffer {
  mutating func append(coordinate value: Double) {
    append(fixed: value.isFinite ? min(max(value, -1e5), 1e5) : 0, decimals: 1)
  }
}

extension HTMLWriter {
  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    empty(
      "line",
      [
        "x1": coordinate(x1), "y1": coordinate(y1), "x2": coordinate(x2), "y2": coordinate(y2), "class": style,
      ])
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String) {
    empty(
      "rect",
      [
        "x": coordinate(x), "y": coordinate(y), "width": coordinate(width), "height": coordinate(height),
        "class": style,
      ])
  }

  mutating func label(_ content: String, _ x: Double, _ y: Double, _ style: String) {
    block("text", ["x": coordinate(x), "y": coordinate(y), "class": style], text: content)
  }
}
