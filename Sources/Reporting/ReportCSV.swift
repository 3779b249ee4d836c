import DecimalText
import Export
import LungeTest
import Motion

/// The report for spreadsheets and statistics: one row a movement, units in the column names, a point as decimal sign.
///
/// Every uncertainty is one standard uncertainty. `in_mean` is 1 for the trials that the series' mean is taken over. Cells
/// without a value are empty.
public enum ReportCSV {
  /// The whole file, in UTF-8.
  public static func bytes(_ input: ReportInput) -> [UInt8] {
    var text = TextBuffer(capacity: 4096)
    text.append(
      "input,side,condition,zero,placement,mount,mount_assumed,kind,number,in_mean,start_s,end_s,plateau_start_s,")
    text.append("plateau_end_s,end_range_deg,end_range_sd_deg,ktw_cm,ktw_sd_cm,baseline_deg,peak_rate_dps,")
    text.append("frontal_tilt_deg,verdict,reasons,align,placement_cm,placement_surface,ktw_low_cm,ktw_high_cm\n")
    for (source, series) in input.orderedSeries {
      for trial in series.trials + series.otherMovements { text.append(trial, of: series, in: source) }
    }
    return text.bytes
  }
}

extension TextBuffer {
  fileprivate mutating func append(_ trial: Trial, of series: SeriesSummary, in source: ReportSource) {
    append(csvText: source.name)
    cell(series.side?.rawValue)
    cell(series.condition?.rawValue)
    cell(series.zero.rawValue)
    cell(series.placement)
    cell(source.configuration.mount)
    cell(source.configuration.mountAssumed ? "1" : "0")
    cell(trial.kind.rawValue)
    append(",")
    append(integer: trial.number)
    cell(series.isInMean(trial) ? "1" : "0")
    cell(trial.start)
    cell(trial.end)
    cell(trial.plateauStart)
    cell(trial.plateauEnd)
    cell(trial.endRange.value * degreesPerRadian, decimals: 3)
    cell(trial.endRange.sd * degreesPerRadian, decimals: 3)
    cell(trial.kneeToWall.map { $0.value * 100 }, decimals: 1)
    cell(trial.kneeToWall.map { $0.sd * 100 }, decimals: 1)
    cell(trial.baseline * degreesPerRadian, decimals: 3)
    cell(trial.peakRate * degreesPerRadian, decimals: 1)
    cell(trial.frontalTilt * degreesPerRadian, decimals: 3)
    cell(trial.verdict.rawValue)
    append(",")
    var isFirst = true
    for (reason, name) in Trial.Reasons.names where trial.reasons.contains(reason) {
      if !isFirst { append(" ") }
      append(name)
      isFirst = false
    }
    cell(source.configuration.alignment.rawValue)
    cell(source.configuration.place.belowTuberosity.map { $0 * 100 }, decimals: 1)
    cell(source.configuration.place.surface?.rawValue)
    cell(trial.kneeToWallRange.map { $0.lowerBound * 100 }, decimals: 1)
    cell(trial.kneeToWallRange.map { $0.upperBound * 100 }, decimals: 1)
    append("\n")
  }

  private mutating func cell(_ value: String?) {
    append(",")
    if let value { append(csvText: value) }
  }

  private mutating func cell(_ time: SessionTime?) {
    append(",")
    if let time { append(secondsFromNanoseconds: time.nanoseconds) }
  }

  private mutating func cell(_ value: Double?, decimals: Int) {
    append(",")
    if let value, value.isFinite { append(fixed: value, decimals: decimals) }
  }
}
