import Motion

/// Text of Delsys EMGworks: a line `Label: Mini sensor 10: ACC.X 10 … Unit: g` a channel (of newer sensors `Acc 10.X`), then a table in which each channel has
/// a column `X[s]` of its own before it, at a rate of its own; short channels end in empty cells. Sensors stand side by side,
/// and most of their channels are muscle signals.
struct Delsys: CaptureFormat {
  let name = "delsys"
  let usualMount: String? = nil

  private struct Channel {
    var sensor: String
    var isRate: Bool
    var axis: Int
    var time: Int
    var column: Int
    var unit: String?
  }

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard head.columns.contains(where: { Self.isTime($0.text) }) else {
      return .no(reason: "no column 'X[s]' before a channel", at: position)
    }
    guard channels(head).contains(where: { !$0.isRate }) else {
      return .no(reason: "no channel 'ACC.X' among the columns", at: position)
    }
    return .yes(reason: "a column 'X[s]' a channel, and channels 'ACC' in line \(head.headerLine ?? 0)")
  }

  private static func isTime(_ name: String) -> Bool {
    let spelled = name.lowercased().filter { $0 != " " }
    return spelled == "x[s]" || spelled == "x(s)"
  }

  private func channels(_ head: TableHead) -> [Channel] {
    var time: Int?
    var found: [Channel] = []
    for (column, name) in head.columns.enumerated() {
      if Self.isTime(name.text) {
        time = column
        continue
      }
      guard let time else { continue }
      let lower = name.text.lowercased()
      for (marker, isRate) in [("acc", false), ("gyro", true)] {
        guard let range = lower.firstRange(of: marker) else { continue }
        let tail = lower[range.upperBound...].drop { $0 == "." || $0 == " " || $0 == "_" || $0.isNumber }
        guard let letter = tail.first, let axis = ["x", "y", "z"].firstIndex(of: String(letter)) else { continue }
        let sensor =
          String(name.text.prefix(lower.distance(from: lower.startIndex, to: range.lowerBound)))
          .split(separator: ":").first.map { String($0) } ?? ""
        found.append(
          Channel(
            sensor: sensor.split(separator: " ").joined(separator: " "), isRate: isRate, axis: axis, time: time,
            column: column, unit: unit(of: name.text, head)))
        break
      }
    }
    return found
  }

  /// What the channel's own line above the table gives after `Unit:`.
  private func unit(of channel: String, _ head: TableHead) -> String? {
    let line = head.preamble.first { entry in
      guard let range = entry.text.firstRange(of: channel) else { return false }
      // `ACC.X 1` is also the beginning of `ACC.X 10`.
      return range.upperBound == entry.text.endIndex || !entry.text[range.upperBound].isNumber
    }
    guard let text = line?.text, let range = text.firstRange(of: "Unit:") else { return nil }
    return text[range.upperBound...].split(separator: " ").first.map { String($0) }
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let plans = try source.withTable(file) { (_, head) throws(ImportError) in
      let channels = channels(head)
      var names: [String] = []
      for channel in channels where !channel.isRate && !names.contains(channel.sensor) { names.append(channel.sensor) }
      return names.compactMap { plan($0, channels, file) }
    }
    return try source.read(plans, as: self, options)
  }

  private func plan(_ sensor: String, _ channels: [Channel], _ file: String) -> SensorPlan? {
    func part(_ isRate: Bool) -> (axes: ColumnMap.Triple, time: Int, unit: String?)? {
      let own = channels.filter { $0.sensor == sensor && $0.isRate == isRate }
      let axes = (0..<3).compactMap { axis in own.first { $0.axis == axis } }
      guard axes.count == 3 else { return nil }
      return (ColumnMap.Triple(x: axes[0].column, y: axes[1].column, z: axes[2].column), axes[0].time, axes[0].unit)
    }
    guard let acceleration = part(false) else { return nil }
    var map = ColumnMap(clock: .column(acceleration.time, secondsPerUnit: 1))
    map.acceleration = acceleration.axes
    var unit = AccelerationUnit.unsaid(columns: "ACC")
    if let said = acceleration.unit, case .acceleration(let scale)? = ColumnName.unit(spelled: said) {
      map.acceleration?.scale = scale
      unit = .said(said, scale: scale)
    }
    var plan = SensorPlan(name: sensor, file: file, map: map, acceleration: unit)
    guard let rate = part(true) else {
      plan.notes.append("no gyroscope channels of this sensor")
      return plan
    }
    var scale = 1.0
    if let said = rate.unit, case .angularRate(let known)? = ColumnName.unit(spelled: said) {
      scale = known
    } else {
      plan.rateOfUnknownUnit = "GYRO"
    }
    var axes = rate.axes
    axes.scale = scale
    var other = ColumnMap(clock: .column(rate.time, secondsPerUnit: 1))
    other.angularRate = axes
    plan.companions = [SensorPlan.Companion(file: file, map: other, quantity: .angularRate)]
    return plan
  }
}
