import Export
import LungeTest
import Motion

// What a reader has to know of a mean beyond its trials' own verdicts: each trial can be sound, and the series not.
extension SeriesSummary {
  /// Sentences about the trials of the mean, for beside the result.
  var remarks: [String] { [spread, climb, rest].compactMap(\.self) }

  private var used: [Trial] { trials.filter(isInMean) }

  /// Repeated lunges of one person scatter by about 5 % of their mean: the coefficient of variation over five trials of twelve people was 5.1 ± 2.3 %
  /// (Balsalobre-Fernández 2018). Three such trials scatter by twice as much in one series of fifty.
  private var spread: String? {
    guard quantity == .tibialInclination, let mean, let trialSD, mean > 0, trialSD > max(0.1 * mean, Self.leastSpread)
    else { return nil }
    return
      "The trials of the mean scatter by \(Figures.degrees(trialSD)) (standard deviation), more than repeated lunges of one person usually do (about 5 % of "
      + "the mean). Look whether all were of one kind: knee bent or straight, heel down, to end range. "
      + "What was none can be taken out with talus annotate --exclude."
  }
  private static let leastSpread = 2.5 * radiansPerDegree

  /// Trials that go further every time.
  private var climb: String? {
    let values = used.map { $0.measured(quantity).value }
    guard quantity == .tibialInclination, values.count >= 3, let first = values.first, let last = values.last,
      zip(values, values.dropFirst()).allSatisfy({ $1 - $0 > Self.leastClimb })
    else { return nil }
    return
      "Each trial of the mean went further than the one before, by \(Figures.degrees(last - first)) in all. Warming up, a heel that rises more each time and a sensor "
      + "that slides look alike to a sensor on the tibia alone: look at the heel and at the sensor."
  }
  private static let leastClimb = 1.2 * radiansPerDegree

  /// A sensor that slips between two trials shifts neither of them within itself.
  private var rest: String? {
    let rests = used.map(\.baseline)
    guard let low = rests.min(), let high = rests.max(), high - low > SegmentationParameters().baselineShiftLimit
    else { return nil }
    return
      "The resting angles before the trials of the mean differ by \(Figures.degrees(high - low)): the sensor may have slipped between them, or the person stood "
      + "otherwise. If it slipped, the mean is over unlike trials."
  }
}
