import Motion

/// `Inertial.csv` of the x-IMU3: device time in µs, gyroscope before accelerometer, units in the names.
struct XIMU3: CaptureFormat {
  let name = "ximu3"

  /// On the lower leg of the maker's own example the sensor's x axis points down the leg (standing still the
  /// accelerometer reads -1 g along x), and when the leg leans forward y and z turn by equal parts: the housing sits half
  /// way between the front and the side. Of the two, the axis out of the housing's face (z) is called anterior. This is
  /// only what is assumed when nobody says a mount.
  let usualMount: String? = "x=distal,z=anterior"

  private static let names = [
    "Timestamp (us)", "Gyroscope X (deg/s)", "Gyroscope Y (deg/s)", "Gyroscope Z (deg/s)", "Accelerometer X (g)",
    "Accelerometer Y (g)", "Accelerometer Z (g)",
  ]

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    for name in Self.names where head.column(name) == nil {
      return .no(
        reason: "no column '\(name)'", at: head.headerLine.map { ImportError.Position(line: $0) })
    }
    return .yes(reason: "columns '\(Self.names[0])', '\(Self.names[1])' and so on in line \(head.headerLine ?? 0)")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> Capture {
    try source.withTable(file) { (bytes, head) throws(ImportError) in
      let columns = Self.names.compactMap { head.column($0) }
      guard columns.count == Self.names.count else { throw ImportError(.unknownFormat, "not an x-IMU3 Inertial.csv") }
      var map = ColumnMap(clock: .column(columns[0], secondsPerUnit: 1e-6))
      map.angularRate = ColumnMap.Triple(x: columns[1], y: columns[2], z: columns[3], scale: radiansPerDegree)
      map.acceleration = ColumnMap.Triple(x: columns[4], y: columns[5], z: columns[6], scale: standardGravity)
      map.keepsTicks = true
      var rows = RowsToSamples(map: map)
      rows.read(bytes, head: head)
      return try assemble(
        rows, clock: map.clock, format: self, file: file, acceleration: .said("g", scale: standardGravity))
    }
  }
}
