import Motion

/// Numbers without a header, where their shape leaves one reading: a time and three axes in a file that is named after
/// the accelerometer or the gyroscope; a time as text before three or six numbers; or, without time, three or six numbers whose first three are as long as gravity.
struct HeaderlessPair: CaptureFormat {
  let name = "headerless"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    guard head.columns.isEmpty else { return .no(reason: "it has a header") }
    switch head.width {
    case 4 where Self.beginsWithText(head), 7 where Self.beginsWithText(head):
      return .yes(reason: "\(head.width) cells a row without a name: a time as text, and numbers")
    case 4 where FileRole.accelerometer.parts(of: file) != nil || FileRole.gyroscope.parts(of: file) != nil:
      return .yes(reason: "four numbers a row, and a file named after a sensor")
    case 3, 6: return .yes(reason: "\(head.width) numbers a row without a name or a time")
    case 7: return .yes(reason: "seven numbers a row without a name: a time, acceleration and angular rate")
    default:
      return .no(
        reason: "\(head.width) numbers a row without a name: say --columns time=1,acc-x=2,… for them",
        at: ImportError.Position(line: head.lineBeforeData + 1))
    }
  }

  private static func beginsWithText(_ head: TableHead) -> Bool {
    head.isNumeric.first == false && head.isNumeric.dropFirst().allSatisfy { $0 }
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let (width, isText) = try source.withTable(file) { (_, head) throws(ImportError) in
      (head.width, Self.beginsWithText(head))
    }
    guard width == 4, !isText else { return try single(file, width, source, options) }
    let isPair = FileRole.accelerometer.parts(of: file) != nil || FileRole.gyroscope.parts(of: file) != nil
    guard isPair else { throw ImportError(.unknownFormat, "four numbers a row, and nothing says of which sensor") }
    return try source.pair(
      file, as: self, options, unit: .unsaid(columns: "columns 2 to 4"), unknownRate: "the gyroscope's columns"
    ) {
      (name, bytes, head) throws(ImportError) in
      guard head.columns.isEmpty, head.width == 4 else { return nil }
      var notes = ["no header: taken as time, x, y, z by the file's name"]
      var map = ColumnMap(clock: .row(rate: 1))
      map.clock = try TablePlanner(head, file: name).numericClock(0, options.factor("time"), bytes, options, &notes)
      let axes = ColumnMap.Triple(x: 1, y: 2, z: 3)
      if FileRole.gyroscope.parts(of: name) != nil { map.angularRate = axes } else { map.acceleration = axes }
      return (map, notes)
    }
  }

  private func single(
    _ file: String, _ width: Int, _ source: some CaptureSource, _ options: ImportOptions
  ) throws(ImportError) -> [Capture] {
    let first = width == 7 || width == 4 ? 1 : 0
    var notes = ["no header: the first three numbers\(first == 1 ? " after the time" : "") are taken as acceleration"]
    var map = ColumnMap(clock: .row(rate: options.rate ?? 1))
    if first == 1 {
      map.clock = try source.withTable(file) { (bytes, head) throws(ImportError) in
        if Self.beginsWithText(head) { return .text(0) }
        return try TablePlanner(head, file: file).numericClock(0, options.factor("time"), bytes, options, &notes)
      }
    } else if options.rate == nil {
      throw ImportError(.noTime, "no time among the \(width) numbers of a row and no rate: say --rate HZ")
    }
    map.acceleration = ColumnMap.Triple(x: first, y: first + 1, z: first + 2)
    if width > 4 { map.angularRate = ColumnMap.Triple(x: first + 3, y: first + 4, z: first + 5) }
    let plan = SensorPlan(
      file: file, map: map, acceleration: .unsaid(columns: "the first three numbers"),
      rateOfUnknownUnit: width > 4 ? "the last three numbers" : nil, notes: notes)
    return try source.read([plan], as: self, options)
  }
}
