/// What a file is, by its content.
public struct CaptureIdentity: Equatable, Sendable {
  /// The format's name in the catalogue.
  public var format: String
  /// What in the file says so.
  public var reason: String
}

/// The names of the capture formats, in the order in which they are tried.
public var captureFormatNames: [String] {
  captureFormats.map(\.name) + OtherFormat.allCases.map(\.name)
}

/// Says which capture format the bytes are of.
///
/// - Parameters:
///   - head: the beginning of the file, or all of it; the first 64 KiB are looked at.
///   - name: the file's name without its folder; a few formats tell their files apart by it.
/// - Throws: `ImportError` with what was tried and why each format does not fit.
public func identifyCapture(_ head: Span<UInt8>, name: String) throws(ImportError) -> CaptureIdentity {
  try WideText.withBeginning(of: head) { (head) throws(ImportError) in
    if let other = OtherFormat(head) { return CaptureIdentity(format: other.name, reason: other.reason) }
    let (format, reason) = try format(of: try TableHead.analyse(head), file: name)
    return CaptureIdentity(format: format.name, reason: reason)
  }
}

/// The formats that are no tables of numbers in columns.
private enum OtherFormat: CaseIterable {
  case movesense
  case sampleLines
  case storage

  /// Nil for a table, or what is no capture at all.
  init?(_ head: Span<UInt8>) {
    if isJSON(head), MovesenseJSON.identify(head) {
      self = .movesense
    } else if isJSON(head), SampleLinesFile.identify(head) {
      self = .sampleLines
    } else if OpenSimStorage.identify(head) {
      self = .storage
    } else {
      return nil
    }
  }

  var name: String {
    switch self {
    case .movesense: MovesenseJSON.name
    case .sampleLines: SampleLinesFile.name
    case .storage: OpenSimStorage().name
    }
  }

  var reason: String {
    switch self {
    case .movesense: "JSON with 'ArrayAcc' in it"
    case .sampleLines: "an object with 't_s' a line"
    case .storage: "'DataType=Quaternion' above 'endheader'"
    }
  }
}

/// The one file of a folder that stands for the folder as a capture; nil when the folder is just a place with files.
public func captureFile(inFolder names: [String]) -> String? {
  let known = [
    "Inertial.csv", "TotalAcceleration.csv", "Accelerometer.csv", "AccelerometerUncalibrated.csv", "ACC.csv",
  ]
  if let name = known.first(where: names.contains) { return name }
  // A pair of files is a capture where there is one pair.
  let accelerometers = names.filter { name in
    let lower = name.lowercased()
    return FileRole.accelerometer.parts(of: name) != nil && (lower.hasSuffix(".csv") || lower.hasSuffix(".txt"))
      && !lower.contains("linear") && !lower.contains("uncal") && !lower.contains("highg")
  }
  guard accelerometers.count == 1, names.contains(where: { FileRole.gyroscope.parts(of: $0) != nil }) else {
    return nil
  }
  return accelerometers[0]
}

/// Whether a file in a folder or an archive may be a capture, by the ending of its name.
func isTable(_ name: String) -> Bool {
  let lower = name.lowercased()
  return [".csv", ".txt", ".tsv", ".sto", ".json", ".jsonl"].contains { lower.hasSuffix($0) }
}

/// Reads a capture: a file, a zip archive, or a folder that is one capture (x-IMU3, phyphox, Sensor Logger, a pair of files). Each of
/// its sensors is a capture of the result.
///
/// - Throws: `ImportError`, whose description is for the person who has the file.
public func readCapture(
  _ source: some CaptureSource, options: ImportOptions = ImportOptions()
) throws(ImportError) -> [Capture] {
  if let rate = options.rate, !ImportOptions.usableRates.contains(rate) {
    throw ImportError(
      .noTime, file: source.label, "a rate of \(rate) Hz is none that a sensor has: say 0.01 to 100000 Hz")
  }
  do throws(ImportError) {
    guard let file = source.file else { return try readFolder(source, options, isArchive: false) }
    let archive = try source.withBytes(of: file) { (bytes) throws(ImportError) in
      ZipArchive.isZip(bytes) ? try ZipArchive.files(bytes) : nil
    }
    if let archive { return try readArchive(archive, label: source.label, options) }
    return try readFile(file, source, options)
  } catch {
    var named = error
    if named.file.isEmpty { named.file = source.label }
    throw named
  }
}

private func readFile(
  _ file: String, _ source: some CaptureSource, _ options: ImportOptions
) throws(ImportError) -> [Capture] {
  let bytes = try source.open(file)
  switch bytes.withBytes({ WideText.withBeginning(of: $0) { OtherFormat($0) } }) {
  case .movesense: return [try MovesenseJSON.read(bytes, file: file, options)]
  case .sampleLines: return [try SampleLinesFile.read(bytes, file: file, options)]
  case .storage: return try OpenSimStorage().read(file, of: source, options)
  case nil: break
  }
  if !options.columns.isEmpty { return try ChosenColumns().read(file, of: source, options) }
  let found = try source.withTable(file) { (_, head) throws(ImportError) in try format(of: head, file: file).0 }
  return try found.read(file, of: source, options)
}

private func readFolder(
  _ source: some CaptureSource, _ options: ImportOptions, isArchive: Bool
) throws(ImportError) -> [Capture] {
  let names = try source.filesInFolder()
  if let file = captureFile(inFolder: names) { return try readFile(file, source, options) }
  // One table beside what explains it, or one whose reason says more than that there is none.
  let tables = names.filter(isTable)
  if isArchive, tables.count == 1 { return try readFile(tables[0], source, options) }
  if let linear = tables.first(where: { $0.lowercased().contains("linear acc") }) {
    return try readFile(linear, source, options)
  }
  throw ImportError(
    .unknownFormat,
    (isArchive ? "this archive" : "this folder")
      + " is not one capture: there is neither Inertial.csv (x-IMU3) nor Accelerometer.csv (phyphox, Sensor Logger) nor one pair of an accelerometer's and a gyroscope's file; give the file"
  )
}

/// An archive is a folder, or one of several, each the capture of a sensor that is named after it.
private func readArchive(
  _ files: [String: [UInt8]], label: String, _ options: ImportOptions
) throws(ImportError) -> [Capture] {
  var folders: [String: [String: [UInt8]]] = [:]
  for (path, bytes) in files {
    let parts = path.split(separator: "/")
    guard let name = parts.last else { continue }
    folders[parts.dropLast().joined(separator: "/"), default: [:]][String(name)] = bytes
  }
  var captures: [Capture] = []
  var trouble: ImportError?
  var names: [String] = []
  for (folder, content) in folders.sorted(by: { $0.key < $1.key }) {
    let name = folder.split(separator: "/").last.map { String($0) } ?? ""
    // What explains the others (phyphox keeps it in meta/) is no sensor.
    if name == "meta", folders.count > 1 { continue }
    var inside = options
    inside.sensor = nil
    do throws(ImportError) {
      let source = BytesSource(label: label, files: content, file: nil)
      for var capture in try readFolder(source, inside, isArchive: true) {
        if capture.sensor.isEmpty, folders.count > 1 { capture.sensor = name }
        captures.append(capture)
        names.append(capture.sensor)
      }
    } catch {
      if trouble == nil || trouble?.kind == .unknownFormat { trouble = error }
    }
  }
  guard !captures.isEmpty else {
    throw trouble ?? ImportError(.unknownFormat, "the archive has no table in it")
  }
  if captures.count == 1 { captures[0].sensor = "" }
  guard let wanted = options.sensor else { return captures }
  return [captures[try chooseSensor(wanted, among: names)]]
}

private func isJSON(_ bytes: Span<UInt8>) -> Bool {
  var index = 0
  if bytes.count > 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
  while index < min(bytes.count, 1000), bytes[index] <= 32 { index += 1 }
  return index < bytes.count && (bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "["))
}

private func format(of head: TableHead, file: String) throws(ImportError) -> (any CaptureFormat, String) {
  if head.preamble.contains(where: { $0.text == "Trajectories" }) {
    throw ImportError(.unknownFormat, "Vicon Nexus: positions of markers, with neither acceleration nor orientation")
  }
  var attempts: [ImportError.Attempt] = []
  for format in captureFormats {
    switch format.identify(head, file: file) {
    case .yes(let reason): return (format, reason)
    case .no(let reason, let position):
      attempts.append(ImportError.Attempt(format: format.name, reason: reason, position: position))
    }
  }
  // What is in the table tells more than what formats there are.
  let columns = NamedColumns().name
  let found = attempts.first { $0.format == columns && !head.columns.isEmpty }?.reason
  throw ImportError(.unknownFormat, "no capture format fits" + (found.map { ": " + $0 } ?? ""), attempts: attempts)
}
