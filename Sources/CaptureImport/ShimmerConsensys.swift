import Motion

/// CSV of Shimmer's Consensys: `sep=` in the first line, names that begin with the device (`Shimmer_BFED_Accel_LN_X_CAL`),
/// a row of units, a separator too many at the end of each row. Several devices stand side by side.
///
/// A device has up to two accelerometers; the low-noise one comes first and is read.
struct ShimmerConsensys: CaptureFormat {
  let name = "shimmer-consensys"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard let time = head.columns.first(where: { $0.text.contains("_Timestamp_") }) else {
      return .no(reason: "no column '…_Timestamp_…'", at: position)
    }
    guard head.columns.contains(where: { $0.text.hasSuffix("_CAL") }) else {
      return .no(reason: "no calibrated column '…_CAL': export calibrated data", at: position)
    }
    guard TablePlanner(head, file: file).holdsAnything else {
      let names = head.columns.prefix(6).map { "'\($0.text)'" }.joined(separator: ", ")
      return .no(reason: "no calibrated accelerometer among the columns \(names)", at: position)
    }
    return .yes(reason: "column '\(time.text)' and calibrated accelerometers")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let plans = try source.withTable(file) { (bytes, head) throws(ImportError) in
      var hints = TableHints()
      let words = Set(head.columns.flatMap(\.words))
      if words.isSuperset(of: ["ln", "wr"]) {
        hints.notes = ["of two accelerometers the low-noise one (LN) is read, not the wide-range one (WR)"]
      }
      hints.time = 1e-3
      return try TablePlanner(head, file: file, hints: hints).plans(bytes, options)
    }
    return try source.read(plans, as: self, options)
  }
}
