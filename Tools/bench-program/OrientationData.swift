import DecimalText
import Glibc
import Motion

/// Rows of a sensor with what was true at each.
struct TruthRecording {
  struct Row {
    var time: Double
    /// nil: the sensor's range was left.
    var acceleration: Vector3?
    var angularRate: Vector3
    /// Sensor to earth; nil where the truth is not known.
    var truth: Quaternion?
    /// The row counts.
    var isMoving = true
  }

  var name: String
  var rows: [Row]

  /// Every NAME.imu.csv with its NAME.truth.csv in a folder.
  ///
  /// - Parameters:
  ///   - decimation: so many rows are averaged into one, with the truth at the last of them.
  ///   - delay: the sensor's rows are late against the truth by this, s: a constant of the laboratory's synchronisation.
  static func folder(_ folder: String, decimation: Int = 1, delay: Double) -> [TruthRecording] {
    list(folder).filter { $0.hasSuffix(".imu.csv") }.sorted().map { name in
      let stem = String(name.dropLast(8))
      let imu = numberTable(folder + "/" + name)
      let every = numberTable(folder + "/" + stem + ".truth.csv")
      let truth = stride(from: decimation - 1, to: imu.count, by: decimation).map { every[$0] }
      var rows: [Row] = []
      for (place, last) in stride(from: decimation - 1, to: imu.count, by: decimation).enumerated() {
        var mean = [Double](repeating: 0, count: 7)
        for row in imu[(last - decimation + 1)...last] {
          for column in 1..<7 { mean[column] += row[column] / Double(decimation) }
        }
        rows.append(
          Row(
            time: imu[last][0], acceleration: Vector3(mean[1], mean[2], mean[3]),
            angularRate: Vector3(mean[4], mean[5], mean[6]),
            truth: at(truth, place, imu[last][0] - delay), isMoving: truth[place][5] == 1))
      }
      return TruthRecording(name: stem, rows: rows)
    }
  }

  /// Without three rows of every thirty: gaps in the times.
  func losing() -> TruthRecording {
    TruthRecording(name: name, rows: rows.indices.filter { $0 % 30 < 27 }.map { rows[$0] })
  }

  /// With three rows of every thirty held: the row before them stands in their place.
  func holding() -> TruthRecording {
    var held = self
    for row in rows.indices where row % 30 >= 27 {
      held.rows[row].acceleration = rows[row - row % 30 + 26].acceleration
      held.rows[row].angularRate = rows[row - row % 30 + 26].angularRate
    }
    return held
  }

  /// The true orientation at a time near a row, linear between its neighbours.
  private static func at(_ truth: [[Double]], _ row: Int, _ time: Double) -> Quaternion? {
    var low = min(row, truth.count - 2)
    while low > 0 && truth[low][0] > time { low -= 1 }
    guard low >= 0, truth[low][0] <= time else { return nil }
    let (a, b) = (truth[low], truth[low + 1])
    guard a[1].isFinite, b[1].isFinite else { return nil }
    let share = (time - a[0]) / (b[0] - a[0])
    let sign: Double = a[1] * b[1] + a[2] * b[2] + a[3] * b[3] + a[4] * b[4] < 0 ? -1 : 1
    func mix(_ i: Int) -> Double { a[i] * (1 - share) + sign * b[i] * share }
    return Quaternion(w: mix(1), x: mix(2), y: mix(3), z: mix(4)).normalized
  }
}

/// A CSV file of numbers behind one header row.
func numberTable(_ path: String) -> [[Double]] {
  guard let bytes = readFile(path) else { give(up: "\(path) cannot be read") }
  var rows: [[Double]] = []
  let span = bytes.span
  var start = 0
  var row: [Double] = []
  var line = 0
  for index in 0..<bytes.count {
    let byte = bytes[index]
    guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") else { continue }
    if line > 0 { row.append(parseDecimal(span, from: start, to: index) ?? .nan) }
    start = index + 1
    if byte == UInt8(ascii: "\n") {
      if line > 0 { rows.append(row) }
      row.removeAll(keepingCapacity: true)
      line += 1
    }
  }
  return rows
}

func readFile(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { return bytes }
    bytes.append(contentsOf: chunk[..<count])
  }
}

func list(_ folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    names.append(
      withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      })
  }
  return names
}
