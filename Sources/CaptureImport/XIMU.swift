import Motion

/// Text of the first x-IMU: a packet number that all kinds of packets share, so that it goes up by 1 to 3 and tells no time;
/// deg/s, g and gauss.
struct XIMU: CaptureFormat {
  let name = "ximu"
  let usualMount: String? = nil

  func identify(_ head: TableHead, file: String) -> FormatMatch {
    let position = head.headerLine.map { ImportError.Position(line: $0) }
    guard head.columns.first?.text.lowercased() == "packet number" else {
      return .no(reason: "the first column is not 'Packet number'", at: position)
    }
    guard TablePlanner(head, file: file).holdsAnything else {
      return .no(reason: "neither accelerometer nor orientation beside the packet number", at: position)
    }
    return .yes(reason: "column 'Packet number' and '\(head.columns.dropFirst().first?.text ?? "")'")
  }

  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    guard options.rate != nil else {
      throw ImportError(
        .noTime, "packets are numbered, not timed, and the file says no rate (256 Hz is usual): say --rate HZ")
    }
    let plans = try source.withTable(file) { (bytes, head) throws(ImportError) in
      try TablePlanner(head, file: file).plans(bytes, options)
    }
    return try source.read(plans, as: self, options)
  }
}
