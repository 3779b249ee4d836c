import AnkleKinematics
import Export
import LungeTest
import Motion
import Pipeline

/// What a session came to, in a few lines on standard error: for the person who ended it.
struct SessionSummary {
  var sensor: SensorStatus
  /// The foot's sensor, if there is one.
  var foot: SensorStatus?
  /// s
  var duration: Double
  var trials: [Trial]
  var alignments: [AlignmentOutcome] = []
  /// All flags that any reading carried.
  var flags: Reading.Flags = []
  var extra: [String] = []
  /// What explains the trials' uncertainty; nil where nobody asked, or where lines say it.
  var explanation: Explanation?

  var lines: [String] {
    var lines = words(of: sensor, name: "")
    if let foot { lines += words(of: foot, name: "foot sensor: ") }
    for outcome in alignments { lines.append("alignment: " + ReasonWords.alignment(outcome)) }
    let counted = trials.filter { $0.kind == .trial }
    lines.append(counted.isEmpty ? "no trials" : "\(counted.count) trials:")
    for trial in counted {
      let side = trial.side.map { " \($0.rawValue)" } ?? ""
      let spread = trial.endRange.sd.isFinite ? " ± \(decimal(trial.endRange.sd * degreesPerRadian, 1))" : ""
      lines.append(
        "  \(trial.number)\(side)  \(decimal(trial.endRange.value * degreesPerRadian, 1))°\(spread)  \(trial.verdict.rawValue)"
      )
    }
    if var explanation {
      for outcome in alignments { _ = explanation.take(.alignment(outcome)) }
      for trial in counted {
        lines += explanation.budget(of: trial).map { ReasonWords.lines($0, of: trial) } ?? []
      }
    }
    return lines + extra
  }

  private func words(of sensor: SensorStatus, name: String) -> [String] {
    let (counters, bytes) = (sensor.counters, sensor.counters.bytes)
    var lines = [
      name + "\(counters.samples) samples in \(decimal(duration, 1)) s"
        + (sensor.rate.map { " at " + RateWords.text($0, sensor.rateSpread) } ?? "") + "; \(counters.gaps) gaps"
        + (counters.missingSamples > 0 ? " (\(counters.missingSamples) samples missing)" : "")
    ]
    if bytes.bytesIn > 0 {
      lines.append(
        name + "\(bytes.bytesIn) bytes: \(bytes.framed) in frames, \(bytes.skipped) skipped, \(bytes.held) held; "
          + "\(bytes.checksumFailures) bad checksums")
    }
    if flags.angleIsFiltered, let doubt = sensor.rate.flatMap(RateWords.doubt) { lines.append(name + doubt) }
    return lines
  }

  func print() {
    for line in lines { printError(line) }
  }
}
