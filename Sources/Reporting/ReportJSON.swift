import DecimalText
import Export
import LungeTest
import Motion
import Pipeline

/// The report for programs. `Samples/json-keys.md` lists its keys.
///
/// Every uncertainty in it is one standard uncertainty (k = 1).
public enum ReportJSON {
  /// Goes up by one whenever a key changes its meaning or goes away; new keys leave it as it is.
  public static let schemaVersion = 1

  /// The whole file, in UTF-8.
  public static func bytes(_ input: ReportInput) -> [UInt8] {
    var json = JSONWriter(layout: .indented, capacity: 16 * 1024)
    json.beginObject()
    json.member("schema_version", integer: schemaVersion)
    json.member("generator", text: input.generator)
    json.member("title", text: input.title)
    if input.sources.count == 1 {
      json.sourceMembers(input.sources[0])
    } else {
      json.key("parts")
      json.beginArray()
      for source in input.sources {
        json.beginObject()
        json.sourceMembers(source)
        json.endObject()
      }
      json.endArray()
    }
    json.key("series")
    json.beginArray()
    for (source, series) in input.orderedSeries { json.series(series, of: source) }
    json.endArray()
    json.key("comparisons")
    json.beginArray()
    for comparison in SideComparison.all(in: input) { json.comparison(comparison) }
    json.endArray()
    json.key("knee_differences")
    json.beginArray()
    for difference in KneeDifference.all(in: input) { json.kneeDifference(difference) }
    json.endArray()
    json.key("changes")
    json.beginArray()
    for change in Change.all(in: input) { json.change(change) }
    json.endArray()
    json.endObject()
    var text = json.text
    text.append("\n")
    return text.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func sourceMembers(_ source: ReportSource) {
    key("input")
    beginObject()
    member("name", text: source.name)
    member("format", text: source.format)
    member("protocol", text: source.configuration.protocolName.isEmpty ? nil : source.configuration.protocolName)
    member("recorded_on", text: source.recordedOn)
    member("utc_uncertainty_s", source.utcUncertainty, decimals: 6)
    member("rate_hz", source.rate, decimals: 3)
    member("rate_sd_hz", source.rateSpread, decimals: 6)
    member("duration_s", secondsFromNanoseconds: source.duration.nanoseconds)
    endObject()
    conventions(source)
    bodyLengths(source.configuration)
    quality(source)
  }

  private mutating func conventions(_ source: ReportSource) {
    let configuration = source.configuration
    key("conventions")
    beginObject()
    member("zero", text: configuration.zero.rawValue)
    member("sign", word: "positive when the knee moves forward over the toes")
    member("angle", word: "inclination of the tibia's long axis from the vertical in the sagittal plane")
    member("placement", text: configuration.placement)
    member("mount", text: configuration.mount)
    member("mount_assumed", bool: configuration.mountAssumed)
    if let foot = configuration.foot {
      member("foot_mount", text: foot.mount)
      member("foot_mount_assumed", bool: foot.mountAssumed)
      member("foot_offset_s", foot.offset, decimals: 6)
      member("foot_drift_ppm", foot.drift * 1e6, decimals: 3)
    }
    alignmentMembers(of: configuration)
    key("alignments")
    beginArray()
    for outcome in source.alignments {
      beginObject()
      members(of: outcome)
      endObject()
    }
    endArray()
    member("contact", text: configuration.contact.rawValue)
    member("wall_calibration", text: configuration.wallCalibration?.text)
    member("filter", text: configuration.filter.rawValue)
    member("uncertainty", word: "standard uncertainty, k = 1")
    members(of: source.overrides)
    endObject()
  }

  private mutating func bodyLengths(_ configuration: PipelineConfiguration) {
    key("body_lengths")
    guard let lengths = configuration.bodyLengths else { return null() }
    beginObject()
    member("shank_cm", lengths.shank.value * 100, decimals: 2)
    member("shank_sd_cm", lengths.shank.sd * 100, decimals: 2)
    member("ankle_to_toe_cm", lengths.ankleToToe.value * 100, decimals: 2)
    member("ankle_to_toe_sd_cm", lengths.ankleToToe.sd * 100, decimals: 2)
    member("knee_depth_cm", lengths.kneeDepth.value * 100, decimals: 2)
    member("knee_depth_sd_cm", lengths.kneeDepth.sd * 100, decimals: 2)
    endObject()
  }

  private mutating func quality(_ source: ReportSource) {
    key("quality")
    beginObject()
    members(of: source.counters)
    if let foot = source.foot {
      key("foot")
      beginObject()
      members(of: foot.counters)
      members(ofRate: foot.rate, spread: foot.rateSpread)
      endObject()
    }
    key("flags")
    beginArray()
    for (flag, name) in Reading.Flags.names where source.flags.contains(flag) { string(name) }
    endArray()
    key("gap_list")
    beginArray()
    for gap in source.gaps {
      beginObject()
      if gap.stream.number > 0 { member("stream", integer: gap.stream.number) }
      members(of: gap)
      endObject()
    }
    endArray()
    key("notes")
    beginArray()
    for note in source.notes { string(text: note) }
    endArray()
    endObject()
  }

  fileprivate mutating func series(_ series: SeriesSummary, of source: ReportSource) {
    beginObject()
    member("input", text: source.name)
    member("side", text: series.side?.rawValue)
    member("condition", text: series.condition?.rawValue)
    member("zero", text: series.zero.rawValue)
    member("placement", text: series.placement)
    member("test", text: source.configuration.test.name)
    member("quantity", text: source.configuration.test.quantity.rawValue)
    facts(source.configuration.seriesFacts)
    member("basis", text: series.basis)
    key("basis_trials")
    beginArray()
    for number in series.basisTrials { integer(number) }
    endArray()
    member("mean_deg", series.mean.map { $0 * degreesPerRadian }, decimals: 3)
    member("trial_sd_deg", series.trialSD.map { $0 * degreesPerRadian }, decimals: 3)
    member("mean_u_deg", series.meanU.map { $0 * degreesPerRadian }, decimals: 3)
    member("best_deg", series.best.map { $0 * degreesPerRadian }, decimals: 3)
    let hand = source.configuration.facts.handWidth
    distances([("mean_ktw", series.meanKneeToWall), ("mean_ktw_u", series.meanKneeToWallU)], hand: hand)
    let range = series.meanKneeToWallRange
    distances([("mean_ktw_low", range?.lowerBound), ("mean_ktw_high", range?.upperBound)], hand: hand)
    member("variation_percent", series.variationPercent, decimals: 1)
    key("remarks")
    beginArray()
    for remark in series.remarks { string(text: remark) }
    endArray()
    references("references", Reference.all(for: series, in: source))
    list("trials", series.trials, of: source)
    list("other_movements", series.otherMovements, of: source)
    endObject()
  }

  /// Distances in m that belong together, in centimetres and, where the first of them is known, in inches and widths of the own hand.
  ///
  /// - Parameter hand: that width, cm.
  private mutating func distances(_ values: [(name: String, metres: Double?)], hand: Double?) {
    func write(_ unit: String, decimals: Int, _ inUnit: (Double) -> Double) {
      for (name, metres) in values {
        key(text: name + unit)
        number(metres.map(inUnit), decimals: decimals)
      }
    }
    write("_cm", decimals: 1) { $0 * 100 }
    guard values.first?.metres != nil else { return }
    write("_in", decimals: 2) { $0 / metresPerInch }
    if let hand { write("_hands", decimals: 2) { $0 * 100 / hand } }
  }

  private mutating func list(_ name: StaticString, _ trials: [Trial], of source: ReportSource) {
    let test = source.configuration.test
    key(name)
    beginArray()
    for trial in trials {
      beginObject()
      members(of: trial)
      if !test.isLunge { member("measured_deg", trial.measured(test.quantity).value * degreesPerRadian, decimals: 3) }
      if let budget = source.explanation?.budget(of: trial) { members(of: budget) }
      endObject()
    }
    endArray()
  }

  fileprivate mutating func comparison(_ comparison: SideComparison) {
    let difference = comparison.leftMinusRight
    beginObject()
    member("condition", text: comparison.condition?.rawValue)
    member("left_deg", comparison.left.map { $0 * degreesPerRadian }, decimals: 3)
    member("right_deg", comparison.right.map { $0 * degreesPerRadian }, decimals: 3)
    member("left_minus_right_deg", difference.map { $0 * degreesPerRadian }, decimals: 3)
    member("absolute_difference_deg", difference.map { abs($0) * degreesPerRadian }, decimals: 3)
    member("u_deg", comparison.u.map { $0 * degreesPerRadian }, decimals: 3)
    member("left_minus_right_ktw_cm", comparison.leftMinusRightKneeToWall.map { $0 * 100 }, decimals: 1)
    member("ktw_u_cm", comparison.kneeToWallU.map { $0 * 100 }, decimals: 1)
    member("lsi_percent", comparison.symmetryIndex, decimals: 1)
    member("lsi_u_percent", comparison.symmetryIndexU, decimals: 1)
    member("no_lsi", text: comparison.noIndex)
    references("references", Reference.sides(comparison))
    member("obstacle", text: comparison.obstacle)
    endObject()
  }
}
