import Motion

/// Text of LP-Research's programs: columns of fixed width, `ClockTime` with a blank in it, `TimeStamp` in s, `gyrX`, `accX`, or the CSV of
/// LpmsControl (`TimeStamp (s)`, `AccX (g)`). g and deg/s. The device says of gravity where it pulls: lying flat its z axis
/// shows -1 g, and the sign is turned around where its own quaternion shows that.
struct LPMSText: CaptureFormat {
  let name = "lpms"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let names = head.columns.map { $0.text.lowercased() }
    let isScript = names.contains("clocktime") && names.contains("accx") && names.contains("gyrx")
    let isControl = names.contains { $0.hasPrefix("sensorid") } && names.contains { $0.hasPrefix("accx") }
    guard isScript || isControl, names.contains(where: { $0.hasPrefix("timestamp") }) else {
      return .no(
        reason: "no columns 'TimeStamp', 'accX' with 'ClockTime' or 'SensorId'",
        at: head.headerLine.map { ImportError.Position(line: $0) })
    }
    return .yes(reason: "columns 'TimeStamp' and 'accX' in line \(head.headerLine ?? 0)")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    // With several sensors their rows take turns.
    let plans = try source.withTable(file) { (bytes, head) throws(ImportError) in
      RowLabel.split([try self.plan(head, file)], bytes, head)
    }
    return try source.read(plans, as: self, options).map(Self.pointingUp)
  }

  private func plan(_ head: TableHead, _ file: String) throws(ImportError) -> SensorPlan {
    func column(_ name: String) -> Int? { head.columns.firstIndex { $0.text.lowercased().hasPrefix(name) } }
    func triple(_ prefix: String, scale: Double) -> ColumnMap.Triple? {
      let columns = ["x", "y", "z"].compactMap { column(prefix + $0) }
      return columns.count == 3 ? ColumnMap.Triple(x: columns[0], y: columns[1], z: columns[2], scale: scale) : nil
    }
    guard let time = column("timestamp") else { throw ImportError(.unknownFormat, "no column 'TimeStamp'") }
    var map = ColumnMap(clock: .column(time, secondsPerUnit: 1))
    map.acceleration = triple("acc", scale: standardGravity)
    map.angularRate = triple("gyr", scale: radiansPerDegree) ?? triple("gyro", scale: radiansPerDegree)
    // The script spells the quaternion quat1, quat2, quat2, quat2: the first of four columns says where it is.
    if let w = column("quat1") ?? column("quatw"), w + 3 < head.width {
      map.orientation = .quaternion(w, w + 1, w + 2, w + 3)
    }
    guard map.acceleration != nil else { throw ImportError(.unknownFormat, "no columns 'accX', 'accY', 'accZ'") }
    return SensorPlan(file: file, map: map, acceleration: .said("g", scale: standardGravity))
  }

  /// Turns the acceleration's sign around where the device's quaternion shows that it points down.
  private static func pointingUp(_ capture: Capture) -> Capture {
    var capture = capture
    var (forward, backward, count) = (0.0, 0.0, 0.0)
    for sample in capture.samples.prefix(5000) where sample.sample.fields.isSuperset(of: [.acceleration, .orientation])
    {
      guard abs(sample.sample.acceleration.length / standardGravity - 1) < 0.05,
        let up = sample.sample.acceleration.normalized
      else { continue }
      forward += sample.sample.orientation.rotate(up).z
      backward += sample.sample.orientation.conjugate.rotate(up).z
      count += 1
    }
    guard count >= 10 else { return capture }
    if min(forward, backward) < -0.97 * count {
      capture.correct(SampleCorrection(accelerationScale: -1))
      capture.notes.append("the device says of gravity where it pulls: the acceleration's sign is turned around")
    }
    QuaternionSense.settle(&capture)
    return capture
  }
}
