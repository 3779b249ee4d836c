import CaptureImport
import Glibc
import Motion
import Pipeline
import Recording
import SensorProtocols

extension SessionInput {
  /// Opens a file or a folder.
  ///
  /// - Parameters:
  ///   - protocolName: the wire protocol, for a file of raw bytes; nil to find out what the file is.
  ///   - choices: what the user said.
  ///   - importing: what the user said of a vendor's capture; its rate is that of `choices`.
  ///   - assumedRate: Hz; taken for raw bytes that carry no time and have no stated rate, for uses that need none.
  /// - Throws: `Unusable` with what was tried and why it failed.
  public static func open(
    _ path: String, protocolName: String? = nil, choices: ConfigurationChoices = ConfigurationChoices(),
    importing: ImportOptions = ImportOptions(), assumedRate: Double? = nil
  ) throws(Unusable) -> SessionInput {
    let input = try opened(path, protocolName, choices, importing, assumedRate)
    if let filter = choices.filter, input.isFusedOnBoard {
      throw Unusable(
        description:
          "\(path): --filter \(filter.rawValue): the sensor fused the orientation itself, and the input has no "
          + "angular rate with acceleration to run a filter on; leave --filter out, and readings are marked device-fused",
        isUnreadable: false)
    }
    return input
  }

  private static func opened(
    _ path: String, _ protocolName: String?, _ choices: ConfigurationChoices, _ importing: ImportOptions,
    _ assumedRate: Double?
  ) throws(Unusable) -> SessionInput {
    if let (header, unpacked) = try recordingHeader(path) {
      var input = try recording(path, header, protocolName: protocolName, choices: choices)
      input.unpacked = unpacked
      let file = try input.map()
      var released = 0
      input.remarks = file.withBytes { bytes in
        RecordingReader.remarks(in: bytes, anchor: header.anchor) { file.release(before: $0, released: &released) }
      }
      return input
    }
    if protocolName?.lowercased() == "lines" { return try learnedLines(path, choices, assumedRate) }
    if let protocolName {
      do {
        let description = try ProtocolCatalogue.find(protocolName)
        var input = try bytes(path, description, choices, assumedRate)
        // How well the bytes fit what was stated.
        if case .named(let finding)? = RawBytes.sniff(path, by: ProtocolSniffer([description])) {
          input.recognised = finding
        }
        return input
      } catch let error as ProtocolCatalogue.NotFound {
        throw Unusable(description: error.description, isUnreadable: false)
      } catch let error as Unusable { throw error } catch {
        throw Unusable(description: "\(error)", isUnreadable: false)
      }
    }
    let sniffed = RawBytes.sniff(path)
    // A checksum proves more than the words of a table; shape alone proves less.
    if case .named(let finding)? = sniffed, finding.description.hasChecksum {
      return try bytes(path, finding, choices, assumedRate)
    }
    let captures: [Capture]
    do {
      var importing = importing
      importing.rate = choices.fixedRate ?? importing.rate
      captures = try readCapture(FileSource(path: path), options: importing)
    } catch {
      // Numbers without a header may be a sensor's lines.
      let isHeaderless = error.kind == .noTime && error.reason.hasPrefix("no time among")
      // So may rows of which nothing could be read as a table.
      let isNoTable = isHeaderless || error.kind == .noSamples
      guard error.kind == .notText || error.kind == .unknownFormat || isNoTable else {
        throw Unusable(description: error.description, isUnreadable: error.isUnreadable)
      }
      switch sniffed {
      case .named(let finding): return try bytes(path, finding, choices, assumedRate)
      case .unknown(ProtocolSniffer.orientationAdvice):
        throw Unusable(description: "\(path): \(ProtocolSniffer.orientationAdvice)", isUnreadable: false)
      case .unknown(let reason) where !isNoTable:
        // That bytes of a sensor can be read, and why these were not recognised, is the next thing to know.
        var lines = error.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.insert(
          "  raw bytes: not recognised (\(reason)); if these came from a serial port, say which protocol with --protocol NAME "
            + "(\(ProtocolCatalogue.names.joined(separator: ", ")))", at: 1)
        throw Unusable(description: lines.joined(separator: "\n"), isUnreadable: error.isUnreadable)
      default: throw Unusable(description: error.description, isUnreadable: error.isUnreadable)
      }
    }
    guard let capture = captures.first else {
      throw Unusable(description: "\(path): no sensor with data in it", isUnreadable: false)
    }
    if capture.format == "headerless", importing.columns.isEmpty, case .named(let finding)? = sniffed {
      return try bytes(path, finding, choices, assumedRate)
    }
    guard captures.count == 1 else {
      throw Unusable(
        description:
          "\(path): holds \(captures.count) sensors; choose one with --sensor NAME, or two with --shank NAME --foot NAME:"
          + captures.map { "\n  \($0.summary)" }.joined(), isUnreadable: false)
    }
    return fromCapture(path, capture, choices)
  }

  /// Plain lines of numbers whose columns are learned.
  private static func learnedLines(_ path: String, _ choices: ConfigurationChoices, _ assumedRate: Double?)
    throws(Unusable) -> SessionInput
  {
    switch RawBytes.sniff(path, by: ProtocolSniffer([], learning: .numbers)) {
    case .named(let finding): return try bytes(path, finding, choices, assumedRate)
    case .unknown(let reason): throw Unusable(description: "\(path): \(reason)", isUnreadable: false)
    case nil: throw Unusable(description: "\(path): no file that can be read", isUnreadable: true)
    }
  }

  // MARK: Kinds

  private static func recordingHeader(_ path: String) throws(Unusable) -> (RecordingHeader, UnpackedFile?)? {
    do {
      let recording = try RecordingBytes(path: path)
      let header = try recording.file.withBytes { bytes throws(RecordingRefusal) in
        RecordingReader.isRecording(bytes) ? try RecordingReader.readHeader(bytes) : nil
      }
      return header.map { ($0, recording.unpacked) }
    } catch let error as MappedFile.Failure {
      // A folder is a capture.
      if error.errno == EISDIR { return nil }
      if error.errno == EINVAL {
        throw Unusable(
          description: "\(path): neither a file nor a folder; a sensor's port is read with `talus stream --port`",
          isUnreadable: true)
      }
      throw Unusable(description: error.description, isUnreadable: true)
    } catch let error as Unusable { throw error } catch {
      throw Unusable(description: "\(path): \(error)", isUnreadable: false)
    }
  }

  private static func recording(
    _ path: String, _ header: RecordingHeader, protocolName: String?, choices: ConfigurationChoices
  ) throws(Unusable) -> SessionInput {
    var configuration: PipelineConfiguration
    do { configuration = try PipelineConfiguration(header) } catch {
      throw Unusable(description: "\(path): \(error.description)", isUnreadable: false)
    }
    var overrides: [ConfigurationOverride] = []
    if let protocolName, protocolName != configuration.protocolName {
      overrides.append(
        ConfigurationOverride(setting: "protocol", recorded: configuration.protocolName, used: protocolName))
      configuration.protocolName = protocolName
    }
    // The arrivals of a recording make its time: a rate in their place gives other times, and has to be seen.
    if let rate = choices.fixedRate, rate != configuration.fixedRate {
      let recorded = configuration.fixedRate.map { "\($0) Hz" } ?? "by arrival times"
      overrides.append(ConfigurationOverride(setting: "rate", recorded: recorded, used: "\(rate) Hz"))
    }
    overrides += choices.apply(to: &configuration)
    return SessionInput(path: path, content: .recording(header), configuration: configuration, overrides: overrides)
  }

  private static func bytes(
    _ path: String, _ finding: ProtocolSniffer.Finding, _ choices: ConfigurationChoices, _ assumedRate: Double?
  ) throws(Unusable) -> SessionInput {
    var input = try bytes(path, finding.description, choices, assumedRate)
    input.recognised = finding
    return input
  }

  private static func bytes(
    _ path: String, _ description: ProtocolDescription, _ choices: ConfigurationChoices, _ assumedRate: Double?
  ) throws(Unusable) -> SessionInput {
    var configuration = PipelineConfiguration(description)
    _ = choices.apply(to: &configuration)
    var isAssumed = false
    if configuration.fixedRate == nil {
      // A device clock in the bytes needs no rate; the rate then only stands in where the clock is missing.
      let hasTime = RawBytes.hasDeviceTime(path, description)
      guard hasTime || assumedRate != nil else {
        throw Unusable(
          description: "\(path): bytes of \(description.name) without arrivals carry no time of their own: "
            + "say how many samples a second they are with --rate HZ", isUnreadable: false)
      }
      configuration.fixedRate = assumedRate ?? 100
      isAssumed = !hasTime
    }
    var input = SessionInput(path: path, content: .bytes, configuration: configuration, overrides: [])
    input.isRateAssumed = isAssumed
    return input
  }

  private static func fromCapture(_ path: String, _ capture: Capture, _ choices: ConfigurationChoices) -> SessionInput {
    var configuration = PipelineConfiguration()
    if let mount = capture.usualMount { configuration.mount = mount }
    _ = choices.apply(to: &configuration)
    configuration.fixedRate = nil  // the capture's times are made already
    return SessionInput(path: path, content: .capture(capture), configuration: configuration, overrides: [])
  }
}

extension Capture {
  /// One line that tells this sensor from the others of its file.
  var summary: String {
    let quantities: [(SensorSample.Fields, String)] = [
      (.acceleration, "acceleration"), (.angularRate, "angular rate"), (.magneticField, "magnetic field"),
      (.orientation, "orientation"), (.eulerAngles, "Euler angles"), (.inclinationX, "inclination"),
    ]
    let held = fields
    let words = quantities.filter { held.contains($0.0) }.map(\.1)
    let rate = rate.map { ", \(($0 * 100).rounded() / 100) Hz" } ?? ""
    return
      "'\(sensor)': \(isWhole ? "" : "more than ")\(samples.count) samples\(rate), \(words.joined(separator: ", "))"
  }
}

extension ImportError {
  /// The file could not be opened or read, as against: not understood.
  var isUnreadable: Bool { if case .unreadable = kind { true } else { false } }
}
