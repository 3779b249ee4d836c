import Motion

/// Text exports of Xsens MT Manager and its relatives: a counter of samples, the rate (if at all) in the lines above,
/// m/s² and rad/s, the orientation as quaternion or as matrix column by column, both from sensor to earth with z up.
struct XsensMTManager: CaptureFormat {
  let name = "xsens-mtmanager"

  /// On a shank the sensor's x axis points up the leg in every capture at hand; what points forward differs with the
  /// place on the leg, and this is the one for the front of the shin. Only what is assumed when nobody says a mount.
  let usualMount: String? = "x=proximal,z=anterior"

  private static let rateKeys = ["Update Rate", "Sample rate", "Acquisition frequency"]

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard let counter = head.column("PacketCounter") ?? head.column("Counter") else {
      return .no(reason: "no column 'PacketCounter'", at: position)
    }
    guard let quantity = ["Acc_X", "Mat[1][1]", "Quat_q0", "Roll"].first(where: { head.column($0) != nil }) else {
      return .no(reason: "'\(head.columns[counter].text)', but none of Acc_X, Mat[1][1], Quat_q0, Roll", at: position)
    }
    if let tag = head.preamble.first(where: { $0.text.hasPrefix("DeviceTag") }) {
      return .no(reason: "'DeviceTag' is of another Xsens export", at: ImportError.Position(line: tag.line))
    }
    return .yes(reason: "columns '\(head.columns[counter].text)' and '\(quantity)' in line \(head.headerLine ?? 0)")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let plan = try source.withTable(file) { (bytes, head) throws(ImportError) in
      guard let counter = head.column("PacketCounter") ?? head.column("Counter") else {
        throw ImportError(.unknownFormat, "no column 'PacketCounter'")
      }
      var notes: [String] = []
      let said = head.preambleRate(after: Self.rateKeys)
      let clocked = said == nil && options.rate == nil ? rateOfClock(head, file, bytes, counter) : nil
      if let clocked {
        notes.append("the file says no rate; the steps of 'SampleTimeFine', in units of 100 µs, make it \(clocked) Hz")
      }
      guard let rate = options.rate ?? said ?? clocked else {
        throw ImportError(
          .noTime, at: head.headerLine.map { ImportError.Position(line: $0) },
          "the file counts its samples but says no rate ('Update Rate' above the header): say --rate HZ")
      }
      if options.rate != nil, let said, said != rate {
        notes.append("the file says \(said) Hz; --rate \(rate) was used")
      }
      var map = ColumnMap(clock: .counter(counter, rate: rate))
      map.acceleration = triple(head, "Acc_X", "Acc_Y", "Acc_Z")
      map.angularRate = triple(head, "Gyr_X", "Gyr_Y", "Gyr_Z")
      map.magneticField = triple(head, "Mag_X", "Mag_Y", "Mag_Z")
      map.eulerAngles = triple(head, "Roll", "Pitch", "Yaw", scale: radiansPerDegree)
      let quaternion = (0...3).compactMap { head.column("Quat_q\($0)") }
      if quaternion.count == 4 {
        map.orientation = .quaternion(quaternion[0], quaternion[1], quaternion[2], quaternion[3])
      } else if let x = triple(head, "Mat[1][1]", "Mat[2][1]", "Mat[3][1]"),
        let y = triple(head, "Mat[1][2]", "Mat[2][2]", "Mat[3][2]"),
        let z = triple(head, "Mat[1][3]", "Mat[2][3]", "Mat[3][3]")
      {
        map.orientation = .matrix(x, y, z)
      }
      if map.angularRate == nil { notes.append("no gyroscope in this export") }
      if map.acceleration == nil {
        notes.append("no accelerometer in this export: its own orientation is all there is")
      }
      return SensorPlan(file: file, map: map, acceleration: .said("m/s²", scale: 1), notes: notes)
    }
    return try source.read([plan], as: self, options)
  }

  /// The rate that the sensor's own clock gives, which most exports leave empty: it counts tenths of a millisecond.
  private func rateOfClock(_ head: TableHead, _ file: String, _ bytes: Span<UInt8>, _ counter: Int) -> Double? {
    let planner = TablePlanner(head, file: file)
    guard let clock = head.column("SampleTimeFine"), let ticks = planner.medianStep(bytes, clock),
      let count = planner.medianStep(bytes, counter)
    else { return nil }
    let rate = (count / ticks * 10_000 * 100).rounded() / 100
    return (1...4000).contains(rate) ? rate : nil
  }

  private func triple(
    _ head: TableHead, _ x: String, _ y: String, _ z: String, scale: Double = 1
  ) -> ColumnMap.Triple? {
    guard let x = head.column(x), let y = head.column(y), let z = head.column(z) else { return nil }
    return ColumnMap.Triple(x: x, y: y, z: z, scale: scale)
  }
}
