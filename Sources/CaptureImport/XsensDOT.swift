import Motion

/// Exports of Xsens (now Movella) DOT: head lines `DeviceTag:,…`, or none in the SDK's log; `SampleTimeFine`, then the
/// orientation as quaternion or Euler angles in degrees (sensor to earth, z up), acceleration without gravity, or raw data.
///
/// The app counts `SampleTimeFine` in µs, the SDK's log in units of 100 µs; both go round at 2^32.
struct XsensDOT: OneTableFormat {
  let name = "xsens-dot"
  /// The housing is longest along x; strapped upright to a shank, x points down or up the leg. Only what is assumed when
  /// nobody says a mount.
  let usualMount: String? = "x=proximal,z=anterior"

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard let time = head.column("SampleTimeFine"), head.column("Mat[1][1]") == nil, head.column("Quat_q0") == nil
    else {
      return .no(reason: "no column 'SampleTimeFine' of a DOT", at: position)
    }
    guard let quantity = ["Quat_W", "Euler_X", "Acc_X", "dq_W", "FreeAcc_X"].first(where: { head.column($0) != nil })
    else { return .no(reason: "'SampleTimeFine' without 'Quat_W', 'Euler_X' or 'Acc_X'", at: position) }
    return .yes(reason: "columns '\(head.columns[time].text)' and '\(quantity)' in line \(head.headerLine ?? 0)")
  }

  func plan(
    _ head: TableHead, _ file: String, _ bytes: Span<UInt8>, _ options: ImportOptions
  ) throws(ImportError) -> SensorPlan {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    var notes: [String] = []
    func triple(_ name: String, scale: Double = 1) -> ColumnMap.Triple? {
      let columns = ["X", "Y", "Z"].compactMap { head.column("\(name)_\($0)") }
      return columns.count == 3 ? ColumnMap.Triple(x: columns[0], y: columns[1], z: columns[2], scale: scale) : nil
    }
    var map = ColumnMap(clock: try clock(head, bytes, options, &notes))
    map.clockRange = 4_294_967_296
    map.acceleration = triple("Acc")
    map.angularRate = triple("Gyr", scale: radiansPerDegree)
    map.eulerAngles = triple("Euler", scale: radiansPerDegree)
    let quaternion = ["W", "X", "Y", "Z"].compactMap { head.column("Quat_\($0)") }
    if quaternion.count == 4 {
      map.orientation = .quaternion(quaternion[0], quaternion[1], quaternion[2], quaternion[3])
    }
    if map.acceleration == nil {
      guard map.orientation != nil || map.eulerAngles != nil else {
        throw ImportError(
          .gravityRemoved, at: position,
          "gravity is taken out of FreeAcc, and there is no orientation: export a mode with Quaternion, Euler or Acc")
      }
      notes.append("no acceleration with gravity in this export: the sensor's own orientation is all there is")
    }
    return SensorPlan(file: file, map: map, acceleration: .said("m/s²", scale: 1), notes: notes)
  }

  private func clock(
    _ head: TableHead, _ bytes: Span<UInt8>, _ options: ImportOptions, _ notes: inout [String]
  ) throws(ImportError) -> ColumnMap.Clock {
    guard let time = head.column("SampleTimeFine") else { throw ImportError(.unknownFormat, "no 'SampleTimeFine'") }
    let step = TablePlanner(head, file: "").medianStep(bytes, time) ?? 16_667
    // The device's rates are 1 to 120 Hz: steps of 8333 to 10^6 in µs, 83 to 10^4 in units of 100 µs.
    if step >= 5000 { return .column(time, secondsPerUnit: 1e-6) }
    if step >= 60 {
      notes.append("'SampleTimeFine' is in units of 100 µs, as its step of \(Int(step)) shows")
      return .column(time, secondsPerUnit: 1e-4)
    }
    guard let rate = options.rate ?? head.preambleRate(after: ["OutputRate", "Output rate"]) else {
      throw ImportError(
        .noTime, at: head.headerLine.map { ImportError.Position(line: $0) },
        "'SampleTimeFine' is only the number of the row (step \(step)), and the file says no rate: say --rate HZ")
    }
    return .row(rate: rate)
  }
}
