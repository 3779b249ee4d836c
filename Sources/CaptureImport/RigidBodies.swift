import Motion

/// Orientation of rigid bodies as camera systems export it: OptiTrack Motive (bodies side by side, y up, `Rotation` as quaternion
/// x, y, z, w) and Vicon Tracker (one body a file, z up). Markers without rotation are no orientation.
struct RigidBodies: CaptureFormat {
  let name = "rigid-bodies"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    guard let first = head.preamble.first else { return .no(reason: "no lines above the table") }
    if first.text.hasPrefix("Format Version,") {
      return first.text.contains("Rotation Type,Quaternion")
        ? .yes(reason: "'Format Version' and 'Rotation Type,Quaternion' in line \(first.line)")
        : .no(reason: "a Motive export whose rotations are not quaternions", at: ImportError.Position(line: first.line))
    }
    if first.text.hasPrefix("Tracker Experiment") {
      return .yes(reason: "'Tracker Experiment Results' in line \(first.line)")
    }
    return .no(reason: "neither 'Format Version' nor 'Tracker Experiment' in the first line")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let isMotive = try source.withTable(file) { (_, head) throws(ImportError) in
      head.preamble.first?.text.hasPrefix("Format Version,") ?? false
    }
    let plans = try source.withTable(file) { (bytes, head) throws(ImportError) in
      isMotive ? try motive(bytes, file, head) : [try tracker(bytes, file, head, options)]
    }
    var captures = try source.read(plans, as: self, options)
    guard isMotive else { return captures }
    // Motive's earth has y up; a quarter turn about x makes its y our z.
    let half = 0.5.squareRoot()
    let turn = Quaternion(w: half, x: half, y: 0, z: 0)
    for index in captures.indices {
      captures[index].correct(SampleCorrection(turn: turn))
    }
    return captures
  }

  private func motive(_ bytes: Span<UInt8>, _ file: String, _ head: TableHead) throws(ImportError) -> [SensorPlan] {
    // Above the names stand rows of types, names, identities and kinds of values, one cell a column.
    var reader = RowReader(dialect: Dialect(separator: .each(44)), from: 0, to: min(head.dataOffset, bytes.count))
    var types: [String] = []
    var names: [String] = []
    var kinds: [String] = []
    while reader.advance(bytes) {
      guard reader.cells.count > 3 else { continue }
      let cells = reader.cells.map { reader.text(bytes, $0) }
      switch cells[1] {
      case "Type": types = cells
      case "Name": names = cells
      default: if cells.dropFirst(2).contains("Rotation") { kinds = cells }
      }
    }
    var plans: [SensorPlan] = []
    for column in kinds.indices.dropLast(3)
    where kinds[column] == "Rotation" && (column == 0 || kinds[column - 1] != "Rotation") {
      guard kinds[column + 3] == "Rotation", column < types.count, types[column] == "Rigid Body" else { continue }
      var map = ColumnMap(clock: .column(1, secondsPerUnit: 1))
      map.orientation = .quaternion(column + 3, column, column + 1, column + 2)
      plans.append(
        SensorPlan(
          name: column < names.count ? names[column] : "", file: file, map: map,
          acceleration: .said("m/s²", scale: 1),
          notes: ["orientation of a rigid body seen by cameras, y up in the file; it has no sensor's uncertainty"]))
    }
    guard !plans.isEmpty else {
      throw ImportError(.unknownFormat, "markers alone: no rigid body whose orientation an angle could be made from")
    }
    return plans
  }

  private func tracker(
    _ bytes: Span<UInt8>, _ file: String, _ head: TableHead, _ options: ImportOptions
  ) throws(ImportError) -> SensorPlan {
    // t, three of the place, then x, y, z, w.
    guard head.width >= 8 else { throw ImportError(.unknownFormat, "no quaternion in this Tracker file") }
    let step = TablePlanner(head, file: file).medianStep(bytes, 0) ?? 1
    var map = ColumnMap(clock: .column(0, secondsPerUnit: 1))
    if step >= 0.5 {
      guard let rate = options.rate else {
        throw ImportError(.noTime, "column 't' counts the frames and the file says no rate: say --rate HZ")
      }
      map.clock = .row(rate: rate)
    }
    map.orientation = .quaternion(7, 4, 5, 6)
    return SensorPlan(
      file: file, map: map, acceleration: .said("m/s²", scale: 1),
      notes: ["orientation of a rigid body seen by cameras, taken with z up; it has no sensor's uncertainty"])
  }
}
