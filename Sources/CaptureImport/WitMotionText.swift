import Motion

/// Text of WitMotion's programs: the app's record (`StartTime:` above, TAB, `ax(g)`, `wx(deg/s)`, `AngleX(deg)`), its PC programs
/// (`AccX(g)`, `AsX(°/s)`; later `Chip Time()`, `Acceleration X(g)`), and loggers written with its kit (`AccX`, `AngX`, `Q0`, the acceleration in m/s²).
struct WitMotionText: CaptureFormat {
  let name = "witmotion-text"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let names = Set(head.columns.map { $0.text.lowercased().filter { $0 != " " } })
    func has(_ starts: [String]) -> Bool { starts.allSatisfy { start in names.contains { $0.hasPrefix(start) } } }
    if has(["chiptime", "ax("]) || has(["time", "ax(g", "anglex"]) {
      return .yes(reason: "columns 'ChipTime' and 'ax(g)' in line \(head.headerLine ?? 0)")
    }
    if has(["chiptime", "accelerationx("]) || has(["chiptime", "加速度x("]) || has(["片上时间", "加速度x("]) {
      return .yes(reason: "columns 'Chip Time()' and 'Acceleration X(g)' in line \(head.headerLine ?? 0)")
    }
    if has(["accx", "angx"]) || has(["accx(", "asx("]) || has(["accx", "anglex"]) {
      return .yes(reason: "columns 'AccX' and 'AngX' in line \(head.headerLine ?? 0)")
    }
    return .no(
      reason: "neither 'ChipTime' and 'ax(g)' nor 'AccX' and 'AngX' among the columns",
      at: head.headerLine.map { ImportError.Position(line: $0) })
  }

  private static func isChipTime(_ name: String) -> Bool {
    let spelled = name.lowercased().filter { $0 != " " }
    return spelled.hasPrefix("chiptime") || spelled.hasPrefix("片上时间")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let plans = try source.withTable(file) { (bytes, head) throws(ImportError) in
      var head = head
      var hints = TableHints()
      // Some logs name AsX, AsY, AsZ and do not write them: then the names behind them stand three columns too far right.
      if let first = head.columns.firstIndex(where: { $0.text == "AsX" }), head.width == head.columns.count - 3 {
        head.columns.removeSubrange(first..<first + 3)
        hints.notes.append("the header names 'AsX', 'AsY', 'AsZ', and the rows do not have them: left out")
      }
      // Of the device's own clock and the receiver's the device's is the better one.
      if let chip = head.columns.firstIndex(where: { Self.isChipTime($0.text) }) {
        head.columns = head.columns.enumerated().map { index, name in
          if index == chip { return ColumnName("ChipTime") }
          return name.words == ["time"] ? ColumnName("received at host") : name
        }
      }
      // The kit for programs counts the parts of its quaternion from 1, and the app from 0.
      if head.column("q0") == nil, head.column("q4") != nil {
        head.columns = head.columns.map { name in
          guard let part = ["q1", "q2", "q3", "q4"].firstIndex(of: name.text) else { return name }
          return ColumnName("q\(part)")
        }
      }
      return try TablePlanner(head, file: file, hints: hints).plans(bytes, options)
    }
    return try source.read(plans, as: self, options)
  }
}
