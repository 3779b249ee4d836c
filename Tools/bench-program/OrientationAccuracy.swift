import DecimalText
import Glibc
import Motion
import Orientation

/// Accuracy of the streaming filters on recordings with optical truth: pairs NAME.imu.csv and NAME.truth.csv in a folder.
///
/// The error is the angle between the estimated and the true vertical, over the rows that the truth marks as moving; the root mean square of
/// each trial, then the plain mean over trials. `delay` moves the truth by a constant of the laboratory's synchronisation.
enum OrientationAccuracy {
  static func run(folder: String, delay: Double) {
    let names = list(folder).filter { $0.hasSuffix(".imu.csv") }.sorted()
    guard !names.isEmpty else {
      print("orientation.accuracy skipped: no *.imu.csv in \(folder)")
      return
    }
    for filter in ["complementary", "kalman"] {
      var total = 0.0
      var covered = 0.0
      var perTrial: [String] = []
      for name in names {
        let imu = table(folder + "/" + name)
        let truth = table(folder + "/" + name.dropLast(8) + ".truth.csv")
        let result =
          filter == "kalman"
          ? score(KalmanFilter(), imu, truth, delay) : score(ComplementaryFilter(), imu, truth, delay)
        total += result.rmse
        covered += result.coverage
        perTrial.append(fixed(result.rmse, 2) + "/" + fixed(result.coverage, 2))
      }
      let count = Double(names.count)
      print(
        "orientation.\(filter).inclination_rmse \(fixed(total / count, 4)) deg (mean of \(names.count) trials; within 2.448 SD: \(fixed(covered / count, 3)))"
      )
      if verbose { print("  rmse/coverage by trial: " + perTrial.joined(separator: " ")) }
    }
  }

  private static func score<F: OrientationFilter>(
    _ initial: F, _ imu: [[Double]], _ truth: [[Double]], _ delay: Double
  ) -> (rmse: Double, coverage: Double) {
    var filter = initial
    var sum = 0.0
    var count = 0
    var covered = 0
    var last = imu[0][0]
    for (row, values) in imu.enumerated() {
      let estimate = filter.update(
        acceleration: Vector3(values[1], values[2], values[3]),
        angularRate: Vector3(values[4], values[5], values[6]), interval: values[0] - last)
      last = values[0]
      guard truth[row][5] == 1, let true_ = at(truth, row, values[0] - delay) else { continue }
      let up = estimate.earthFromSensor.verticalInSource
      let error = acos(min(1, max(-1, up.dot(true_.verticalInSource))))
      sum += error * error
      count += 1
      if error < 2.448 * (estimate.tiltSD * estimate.tiltSD + 0.000_01).squareRoot() { covered += 1 }
    }
    return ((sum / Double(count)).squareRoot() * degreesPerRadian, Double(covered) / Double(count))
  }

  /// The true orientation at a time near a row, linear between its neighbours.
  private static func at(_ truth: [[Double]], _ row: Int, _ time: Double) -> Quaternion? {
    var low = row
    while low > 0 && truth[low][0] > time { low -= 1 }
    guard low + 1 < truth.count else { return nil }
    let (a, b) = (truth[low], truth[low + 1])
    guard a[1].isFinite, b[1].isFinite else { return nil }
    let share = (time - a[0]) / (b[0] - a[0])
    let sign: Double = a[1] * b[1] + a[2] * b[2] + a[3] * b[3] + a[4] * b[4] < 0 ? -1 : 1
    func mix(_ i: Int) -> Double { a[i] * (1 - share) + sign * b[i] * share }
    return Quaternion(w: mix(1), x: mix(2), y: mix(3), z: mix(4)).normalized
  }

  /// A CSV file of numbers behind one header row.
  private static func table(_ path: String) -> [[Double]] {
    guard let bytes = readFile(path) else { return [] }
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
