/// The name of a sensor in each of its rows, in a table where several sensors take turns (`SensorId`, `DeviceName`).
struct RowLabel: Equatable, Sendable {
  var column: Int
  /// The cell's bytes.
  var value: [UInt8]

  var text: String { String(decoding: value, as: UTF8.self) }

  func fits(_ reader: RowReader, _ bytes: Span<UInt8>) -> Bool {
    guard column < reader.cells.count else { return false }
    let cell = reader.cells[column]
    guard cell.end &- cell.start == value.count else { return false }
    for index in value.indices where bytes[cell.start &+ index] != value[index] { return false }
    return true
  }

  /// Names of columns that say which sensor a row is of.
  private static let names: Set = [
    "sensor", "sensor id", "sensorid", "sensor name", "sensorname", "device", "device id", "deviceid", "device name",
    "devicename", "address", "mac", "mac address", "imu", "imu id", "node", "node id", "segment", "placement",
  ]

  /// A plan for each sensor whose rows carry its name; the plans as they are where the rows have none.
  static func split(_ plans: [SensorPlan], _ bytes: Span<UInt8>, _ head: TableHead) -> [SensorPlan] {
    let labels = find(bytes, head)
    guard !labels.isEmpty else { return plans }
    return plans.flatMap { plan in
      labels.map { label in
        var own = plan
        own.name = plan.name.isEmpty ? label.text : "\(label.text) \(plan.name)"
        own.map.label = label
        for index in own.companions.indices { own.companions[index].map.label = label }
        return own
      }
    }
  }

  /// The labels of a table whose rows are of several sensors, in the order of their first rows; none where all are of one.
  ///
  /// The beginning of the table shows them; a value that comes once only is no sensor.
  static func find(_ bytes: Span<UInt8>, _ head: TableHead) -> [RowLabel] {
    guard let column = head.columns.firstIndex(where: { names.contains($0.words.joined(separator: " ")) }) else {
      return []
    }
    var reader = RowReader(dialect: head.dialect, from: head.dataOffset, to: bytes.count)
    var found: [(label: RowLabel, count: Int)] = []
    var rows = 0
    while rows < 2000, found.count <= 16, reader.advance(bytes) {
      guard column < reader.cells.count, !reader.cells[column].isEmpty else { continue }
      rows += 1
      if let known = found.firstIndex(where: { $0.label.fits(reader, bytes) }) {
        found[known].count += 1
      } else {
        let cell = reader.cells[column]
        let value = (cell.start..<min(cell.end, cell.start + 200)).map { bytes[$0] }
        found.append((RowLabel(column: column, value: value), 1))
      }
    }
    let labels = found.filter { $0.count > 1 }
    return labels.count > 1 && found.count <= 16 ? labels.map(\.label) : []
  }
}
