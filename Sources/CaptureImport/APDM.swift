import Motion

/// CSV of APDM: Moveo's (`Sample Rate:,128,Hz` above, names `Static/Acceleration/X`, a row of units) and the older
/// `Format=7` (the sensors' numbers and names in the first row, three rows of header, time in µs since 1970). m/s², rad/s;
/// several sensors side by side.
struct APDM: CaptureFormat {
  let name = "apdm"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    if let first = head.preamble.first(where: { $0.text.hasPrefix("Format=") }) {
      return .yes(reason: "'\(first.text.prefix(8))' in line \(first.line)")
    }
    if let column = head.columns.first(where: { $0.text.hasSuffix("/Acceleration/X") }) {
      return .yes(reason: "column '\(column.text)' in line \(head.headerLine ?? 0)")
    }
    return .no(
      reason: "neither 'Format=7' above nor a column '…/Acceleration/X'",
      at: head.headerLine.map { ImportError.Position(line: $0) })
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    var plans = try source.withTable(file) { (bytes, head) throws(ImportError) in
      var hints = TableHints()
      hints.acceleration = ("m/s²", 1)
      hints.angularRate = 1
      guard let first = head.preamble.first(where: { $0.text.hasPrefix("Format=") }) else {
        return try TablePlanner(head, file: file, hints: hints).plans(bytes, options)
      }
      hints.time = 1e-6
      var plans = try TablePlanner(head, file: file, hints: hints).plans(bytes, options)
      // The first row names the sensors in the order of their columns: a number and a name each.
      let cells = first.text.split(separator: ",").map { $0.filter { $0 != "\"" } }.dropFirst()
      let names = cells.filter { Int($0) == nil && !$0.allSatisfy { $0 == " " } }
      let numbers = cells.filter { Int($0) != nil }
      let labels = names.count == plans.count ? names : numbers.count == plans.count ? numbers : []
      for (index, label) in labels.enumerated() { plans[index].name = label }
      return plans
    }
    // Sensor to earth, as gravity shows in every file at hand.
    for index in plans.indices { plans[index].settlesQuaternion = false }
    return try source.read(plans, as: self, options)
  }
}
