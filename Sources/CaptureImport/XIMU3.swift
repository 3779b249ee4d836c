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

  private static let quaternion = ["W", "X", "Y", "Z"]
  private static let quaternionOfMotion = ["Quaternion W", "Quaternion X", "Quaternion Y", "Quaternion Z"]
  private static let matrix = ["XX", "XY", "XZ", "YX", "YY", "YZ", "ZX", "ZY", "ZZ"]
  private static let angles = ["Roll (deg)", "Pitch (deg)", "Yaw (deg)"]

  /// The tables of the device that an angle can be made from, by their columns.
  private static let tables = [names, quaternion, quaternionOfMotion, matrix, angles]

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard let time = head.column(Self.names[0]), let table = table(head) else {
      for name in Self.names where head.column(name) == nil { return .no(reason: "no column '\(name)'", at: position) }
      return .no(reason: "no column '\(Self.names[0])'", at: position)
    }
    return .yes(
      reason: "columns '\(head.columns[time].text)', '\(table[0])' and so on in line \(head.headerLine ?? 0)")
  }

  private func table(_ head: TableHead) -> [String]? {
    Self.tables.first { $0.allSatisfy { head.column($0) != nil } }
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let plan = try source.withTable(file) { (_, head) throws(ImportError) in
      guard let time = head.column(Self.names[0]), let table = table(head) else {
        throw ImportError(.unknownFormat, "no table of an x-IMU3 with an angle in it")
      }
      let columns = table.compactMap { head.column($0) }
      var map = ColumnMap(clock: .column(time, secondsPerUnit: 1e-6))
      map.keepsTicks = true
      var notes = ["this table has the device's own orientation alone; Inertial.csv beside it has the raw data"]
      switch table {
      case Self.names:
        map.angularRate = ColumnMap.Triple(x: columns[1], y: columns[2], z: columns[3], scale: radiansPerDegree)
        map.acceleration = ColumnMap.Triple(x: columns[4], y: columns[5], z: columns[6], scale: standardGravity)
        notes = []
      case Self.matrix:
        // Rows of the matrix that takes the sensor to the earth; its columns are the images of the sensor's axes.
        func image(_ axis: Int) -> ColumnMap.Triple {
          ColumnMap.Triple(x: columns[axis], y: columns[3 + axis], z: columns[6 + axis])
        }
        map.orientation = .matrix(image(0), image(1), image(2))
      case Self.angles:
        map.eulerAngles = ColumnMap.Triple(x: columns[0], y: columns[1], z: columns[2], scale: radiansPerDegree)
      default: map.orientation = .quaternion(columns[0], columns[1], columns[2], columns[3])
      }
      return SensorPlan(file: file, map: map, acceleration: .said("g", scale: standardGravity), notes: notes)
    }
    return try source.read([plan], as: self, options)
  }
}
