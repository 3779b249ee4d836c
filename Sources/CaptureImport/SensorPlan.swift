import Motion

/// How one sensor of a capture is to be read: which file, which columns, and what has to be found out about them.
struct SensorPlan {
  /// A second file with a quantity of the same sensor, taken at times of its own.
  struct Companion {
    enum Quantity {
      /// Interpolated on to the accelerometer's times.
      case angularRate
      /// Added to an acceleration that gravity was taken out of.
      case gravity
    }

    var file: String
    var map: ColumnMap
    var quantity: Quantity
  }

  /// Which sensor of the capture it is; empty where there is one.
  var name = ""
  var file: String
  var map: ColumnMap
  var acceleration: AccelerationUnit
  /// Columns of an angular rate whose unit is not said, for messages; physics has to decide it. Nil where it is said.
  var rateOfUnknownUnit: String?
  /// Whether the direction of the quaternion is not said and gravity has to decide it.
  var settlesQuaternion = false
  var companions: [Companion] = []
  var notes: [String] = []
  /// The table's head, where it is not found by looking for names.
  var head: TableHead?

  /// Whether the acceleration gets the gravity back that was taken out of it.
  var addsGravity: Bool { companions.contains { $0.quantity == .gravity } }
}

extension CaptureSource {
  /// Reads the sensors that are wanted: all, or the one that the user chose.
  ///
  /// - Throws: `noSuchSensor` when the choice fits none, or the first sensor's trouble when none can be read.
  func read(
    _ plans: [SensorPlan], as format: some CaptureFormat, _ options: ImportOptions
  ) throws(ImportError) -> [Capture] {
    var captures: [Capture] = []
    var trouble: ImportError?
    let chosen = try choose(options.sensor, among: plans)
    for plan in chosen {
      do throws(ImportError) {
        captures.append(try read(plan, as: format, options))
      } catch {
        if trouble == nil {
          trouble = error
          if chosen.count > 1 { trouble?.reason = "sensor '\(plan.name)': \(error.reason)" }
        }
      }
    }
    if captures.isEmpty { throw trouble ?? ImportError(.noSamples, "no sensor in it") }
    if let trouble { captures[0].notes.append("a sensor was left out: \(trouble.reason)") }
    return captures
  }

  private func read(
    _ plan: SensorPlan, as format: some CaptureFormat, _ options: ImportOptions
  ) throws(ImportError) -> Capture {
    var plan = plan
    apply(options, to: &plan)
    try DestroyedNumbers.refuse(plan, in: self)
    var series: any SampleSeries = try rows(plan.file, plan.head, plan.map, options)
    for companion in plan.companions {
      var map = companion.map
      if companion.quantity == .angularRate, let scale = options.factor("gyro") { map.angularRate?.scale = scale }
      series = try SeriesJoin(series, try rows(companion.file, nil, map, options), companion.quantity)
    }
    var capture = try assemble(
      series, plan, format: format.name, usualMount: format.usualMount, held: options.held)
    GyroscopeAgreement.judge(&capture, unknownUnit: plan.rateOfUnknownUnit, isChosen: options.units["gyro"] != nil)
    return capture
  }

  private func apply(_ options: ImportOptions, to plan: inout SensorPlan) {
    if let scale = options.factor("acc"), let said = options.units["acc"] {
      let sign = (plan.map.acceleration?.scale ?? 1) < 0 ? -1.0 : 1.0
      plan.map.acceleration?.scale = sign * scale
      plan.acceleration = .chosen(said)
      plan.notes.append("acceleration taken in \(said), as you said")
    }
    let hasRate = plan.map.angularRate != nil || plan.companions.contains { $0.quantity == .angularRate }
    if let scale = options.factor("gyro"), let said = options.units["gyro"], hasRate {
      plan.map.angularRate?.scale = scale
      plan.rateOfUnknownUnit = nil
      plan.notes.append("angular rate taken in \(said), as you said")
    }
    if let scale = options.factor("angle") { plan.map.eulerAngles?.scale = scale }
    if let scale = options.factor("time"), let said = options.units["time"],
      case .column(let column, _) = plan.map.clock
    {
      plan.map.clock = .column(column, secondsPerUnit: scale)
      plan.notes.append("time taken in \(said), as you said")
    }
    guard let rate = options.rate else { return }
    switch plan.map.clock {
    case .column, .text:
      if plan.companions.isEmpty {
        plan.map.clock = .row(rate: rate)
        plan.notes.append("the file's own times were put aside: the row's number and --rate \(rate) give the times")
      } else {
        plan.notes.append("--rate was not used: two files are joined by their own times")
      }
    case .counter, .row: break
    }
  }

  private func rows(
    _ file: String, _ head: TableHead?, _ map: ColumnMap, _ options: ImportOptions
  ) throws(ImportError) -> any SampleSeries {
    let head =
      if let head { head } else { try withTable(file) { (_, head) throws(ImportError) -> TableHead in head } }
    let rows = RowSeries(try open(file), head, map, window: options.window)
    return rows.hasTimes ? TimedRows(rows) : rows
  }

  private func choose(_ wanted: String?, among plans: [SensorPlan]) throws(ImportError) -> [SensorPlan] {
    guard let wanted else { return plans }
    let index = try chooseSensor(wanted, among: plans.map(\.name))
    return [plans[index]]
  }
}

/// The place of the sensor that a person means: its name, a part that only one has, or its number from 1.
///
/// - Throws: `noSuchSensor` with the names.
func chooseSensor(_ wanted: String, among names: [String]) throws(ImportError) -> Int {
  // `left_shank` and `Left Shank` are one name.
  func spelled(_ name: String) -> String { name.lowercased().split { $0 == "_" || $0 == " " }.joined(separator: " ") }
  let lower = spelled(wanted)
  if let exact = names.firstIndex(where: { spelled($0) == lower }) { return exact }
  let parts = names.indices.filter { spelled(names[$0]).contains(lower) }
  if parts.count == 1 { return parts[0] }
  if parts.isEmpty, let number = Int(wanted), names.indices.contains(number - 1) { return number - 1 }
  let list = names.map { $0.isEmpty ? "(without a name)" : "'\($0)'" }.joined(separator: ", ")
  throw ImportError(
    .noSuchSensor,
    parts.count > 1 ? "'\(wanted)' fits several sensors; there are \(list)" : "no sensor '\(wanted)'; there are \(list)"
  )
}
