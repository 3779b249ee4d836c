/// One vendor's capture format: it knows its files by their content, and reads them.
///
/// A new format is one file with a type like this, and its row in `captureFormats`.
protocol CaptureFormat: Sendable {
  /// The name in the catalogue.
  var name: String { get }
  /// The mount that is usual for the sensor, used when nobody says another; nil for the general default.
  var usualMount: String? { get }
  /// Whether the head is of this format, and why or why not.
  func identify(_ head: TableHead, file: String) -> FormatMatch
  /// Reads the file, each of its sensors as a capture; a format of several files finds the others in its folder.
  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture]
}

/// A format whose file is the table of one sensor.
protocol OneTableFormat: CaptureFormat {
  /// What stands in which column.
  func plan(
    _ head: TableHead, _ file: String, _ bytes: Span<UInt8>, _ options: ImportOptions
  ) throws(ImportError) -> SensorPlan
}

extension OneTableFormat {
  func read(_ file: String, of source: some CaptureSource, _ options: ImportOptions) throws(ImportError) -> [Capture] {
    let plan = try source.withTable(file) { (bytes, head) throws(ImportError) in
      try self.plan(head, file, bytes, options)
    }
    return try source.read([plan], as: self, options)
  }
}

/// A format's answer to a head.
enum FormatMatch: Equatable, Sendable {
  case yes(reason: String)
  case no(reason: String, at: ImportError.Position? = nil)
}

/// All formats, in the order in which they are asked: the first that says yes reads. The one by column names comes last.
let captureFormats: [any CaptureFormat] = [
  XIMU3(), XIMU(), XsensMTManager(), XsensDOT(), ShimmerConsensys(), APDM(), Delsys(), MetaWear(), Polar(), Phyphox(),
  SensorLogger(), AndroSensor(), WitMotionText(), LPMSText(), SensorLog(), PhysicsToolbox(), RigidBodies(), Empatica(),
  NamedColumns(), HeaderlessPair(),
]

extension CaptureSource {
  /// Calls `body` with a file's text and the head of the table in it; errors carry the file's name. Of text in 16-bit units only the beginning
  /// is handed out, in UTF-8: what a format decides, it decides by that.
  func withTable<Result>(
    _ file: String, _ body: (Span<UInt8>, TableHead) throws(ImportError) -> Result
  ) throws(ImportError) -> Result {
    do {
      return try withBytes(of: file) { (bytes) throws(ImportError) in
        try WideText.withBeginning(of: bytes) { (text) throws(ImportError) in
          try body(text, try TableHead.analyse(text))
        }
      }
    } catch {
      var named = error
      if named.file.isEmpty {
        named.file = file == self.file ? label : self.file == nil ? "\(label)/\(file)" : "\(file) beside \(label)"
      }
      throw named
    }
  }
}
