/// What a file is, by its content.
public struct CaptureIdentity: Equatable, Sendable {
  /// The format's name in the catalogue.
  public var format: String
  /// What in the file says so.
  public var reason: String
}

/// The names of the capture formats, in the order in which they are tried.
public var captureFormatNames: [String] { captureFormats.map(\.name) }

/// Says which capture format the bytes are of.
///
/// - Parameters:
///   - head: the beginning of the file, or all of it; the first 64 KiB are looked at.
///   - name: the file's name without its folder; a few formats tell their files apart by it.
/// - Throws: `ImportError` with what was tried and why each format does not fit.
public func identifyCapture(_ head: Span<UInt8>, name: String) throws(ImportError) -> CaptureIdentity {
  let head = try TableHead.analyse(head)
  let (format, reason) = try format(of: head, file: name)
  return CaptureIdentity(format: format.name, reason: reason)
}

/// The one file of a folder that stands for the folder as a capture; nil when the folder is just a place with files.
public func captureFile(inFolder names: [String]) -> String? {
  ["Inertial.csv", "Accelerometer.csv"].first(where: names.contains)
}

/// Reads a capture: a file, or a folder that is one capture (x-IMU3, phyphox).
///
/// - Throws: `ImportError`, whose description is for the person who has the file.
public func readCapture(
  _ source: some CaptureSource, options: ImportOptions = ImportOptions()
) throws(ImportError) -> [Capture] {
  if let rate = options.rate, !ImportOptions.usableRates.contains(rate) {
    throw ImportError(
      .noTime, file: source.label, "a rate of \(rate) Hz is none that a sensor has: say 0.01 to 100000 Hz")
  }
  let file: String
  if let given = source.file {
    file = given
  } else {
    guard let found = captureFile(inFolder: try source.filesInFolder()) else {
      throw ImportError(
        .unknownFormat, file: source.label,
        "the folder is not one capture: it has neither Inertial.csv (x-IMU3) nor Accelerometer.csv (phyphox)")
    }
    file = found
  }
  do {
    let found = try source.withTable(file) { (_, head) throws(ImportError) in try format(of: head, file: file).0 }
    return [try found.read(file, of: source, options)]
  } catch {
    var named = error
    if named.file.isEmpty { named.file = source.label }
    throw named
  }
}

private func format(of head: TableHead, file: String) throws(ImportError) -> (any CaptureFormat, String) {
  if let known = knownButNotRead(head) {
    throw ImportError(.notReadYet, file: "", at: known.position, "\(known.name): Talus does not read this yet")
  }
  var attempts: [ImportError.Attempt] = []
  for format in captureFormats {
    switch format.identify(head, file: file) {
    case .yes(let reason): return (format, reason)
    case .no(let reason, let position):
      attempts.append(ImportError.Attempt(format: format.name, reason: reason, position: position))
    }
  }
  throw ImportError(.unknownFormat, "no capture format fits", attempts: attempts)
}

/// Formats that are told from others so that a person hears their name, though they are not read yet.
private func knownButNotRead(_ head: TableHead) -> (name: String, position: ImportError.Position?)? {
  for entry in head.preamble {
    let position = ImportError.Position(line: entry.line)
    if entry.text == "endheader" { return ("OpenSim storage, several sensors as quaternions", position) }
    if entry.text.hasPrefix("DeviceTag") { return ("Xsens DOT export", position) }
    if entry.text.hasPrefix("Format Version,") { return ("OptiTrack Motive, positions of markers", position) }
    if entry.text == "Trajectories" { return ("Vicon Nexus, positions of markers", position) }
    if entry.text.hasPrefix("Tracker Experiment") { return ("Vicon Tracker, position and orientation", position) }
  }
  if head.columns.map(\.text) == ["time", "seconds_elapsed", "z", "y", "x"] {
    return ("Sensor Logger, one quantity a file", head.headerLine.map { ImportError.Position(line: $0) })
  }
  return nil
}
