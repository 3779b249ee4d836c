import Motion

/// What the last half second and the last tenth of a second of the bins look like, kept up bin by bin.
struct RecentWindow: Hashable, Sendable {
  /// The line through the last `plateauTime` of bins.
  private(set) var fit = LineFit()
  /// Index of the first of those bins.
  private(set) var start = 0
  /// Mean inclination over `peakSmoothing`.
  private(set) var short = 0.0
  private(set) var isLong = false
  private var frontalSum = 0.0
  private var shortStart = 0
  private var shortSum = 0.0
  private var origin = SessionTime.zero
  private var sinceRebuild = 0
  // Taken over from the parameters: handing all of them on with every bin costs a copy.
  private let length: Double
  private let shortLength: Double

  init(_ parameters: SegmentationParameters) {
    length = parameters.plateauTime - 0.006
    shortLength = parameters.peakSmoothing - 0.006
  }

  /// Mean, slope per second and residual variance of the window, as of the last `slide`.
  private(set) var level = 0.0
  private(set) var slope = 0.0
  private(set) var residualVariance = 0.0
  var frontal: Double { frontalSum / max(fit.count, 1) }

  /// Takes the last bin in and lets go of those that have become too old.
  mutating func slide(_ bins: [Bin]) {
    let last = bins.count - 1
    if last == 0 || sinceRebuild >= 256 { rebuild(bins, upTo: last) }
    sinceRebuild &+= 1
    let bins = bins.span
    let now = bins[last].time
    fit.add(now.seconds(since: origin), bins[last].inclination)
    frontalSum += bins[last].frontal
    shortSum += bins[last].inclination
    while last &- start >= 5, now.seconds(since: bins[start &+ 1].time) >= length {
      fit.remove(bins[start].time.seconds(since: origin), bins[start].inclination)
      frontalSum -= bins[start].frontal
      start &+= 1
    }
    isLong = last &- start >= 4 && now.seconds(since: bins[start].time) >= length
    while shortStart < last, now.seconds(since: bins[shortStart].time) > shortLength {
      shortSum -= bins[shortStart].inclination
      shortStart &+= 1
    }
    short = shortSum / Double(last &- shortStart &+ 1)
    (level, slope, residualVariance) = fit.line
  }

  /// The first `count` bins were taken away.
  mutating func dropFirst(_ count: Int, _ bins: [Bin]) {
    start = max(start - count, 0)
    shortStart = max(shortStart - count, 0)
    rebuild(bins, upTo: bins.count)
  }

  /// Bins were merged in pairs.
  mutating func halve(_ bins: [Bin]) {
    start /= 2
    shortStart /= 2
    rebuild(bins, upTo: bins.count)
  }

  /// The sums anew, so that rounding does not gather.
  private mutating func rebuild(_ bins: [Bin], upTo end: Int) {
    sinceRebuild = 0
    fit = LineFit()
    frontalSum = 0
    shortSum = 0
    start = min(start, max(bins.count - 1, 0))
    shortStart = min(max(shortStart, start), max(bins.count - 1, 0))
    origin = bins.isEmpty ? .zero : bins[start].time
    for i in start..<max(end, start) {
      fit.add(bins[i].time.seconds(since: origin), bins[i].inclination)
      frontalSum += bins[i].frontal
      if i >= shortStart { shortSum += bins[i].inclination }
    }
  }
}
