import Files
import Motion

/// What a recording says before its log.
public struct RecordingHeader: Hashable, Sendable {
  /// Ties the log's instants to the calendar.
  public var anchor: UTCAnchor
  /// The engine's configuration as text, in its own words: opaque here.
  public var configuration: TextPairs
  /// The calibration as text: opaque here.
  public var calibration: TextPairs
  /// About the person and the session, pseudonymous.
  public var person: TextPairs
  /// Who the sensors are.
  public var devices: [StreamID: DeviceIdentity]
  /// The program that made the recording, and its version.
  public var software: String
  public var softwareVersion: String
  /// The format of the recording: 1.
  public internal(set) var formatVersion: Int = Format.version

  public init(
    anchor: UTCAnchor, configuration: TextPairs = [:], calibration: TextPairs = [:], person: TextPairs = [:],
    devices: [StreamID: DeviceIdentity] = [:], software: String, softwareVersion: String
  ) {
    self.anchor = anchor
    self.configuration = configuration
    self.calibration = calibration
    self.person = person
    self.devices = devices
    self.software = software
    self.softwareVersion = softwareVersion
  }
}

/// A metadata record as it stands in the file.
struct NamedPairs {
  var name: String
  var pairs: TextPairs
}

extension RecordingHeader {
  /// The header as metadata records, in the order of the file, the check record last.
  var records: [NamedPairs] {
    var session: TextPairs = [
      "format_version": String(formatVersion),
      "anchor_host_ns": String(anchor.host.nanoseconds),
      "anchor_utc_ns": String(anchor.utcNanoseconds),
      "software": software,
      "software_version": softwareVersion,
    ]
    if let uncertainty = anchor.uncertaintyNanoseconds {
      session[Format.anchorUncertainty] = String(uncertainty)
    }
    var records = [
      NamedPairs(name: Format.session, pairs: session),
      NamedPairs(name: Format.configuration, pairs: configuration),
      NamedPairs(name: Format.calibration, pairs: calibration),
      NamedPairs(name: Format.person, pairs: person),
    ]
    for (stream, device) in devices.sorted(by: { $0.key < $1.key }) {
      records.append(
        NamedPairs(
          name: Format.devicePrefix + String(stream.number),
          pairs: [
            "name": device.name, "vendor": device.vendor, "product": device.product,
            "serial_number": device.serialNumber, "port": device.port,
          ]))
    }
    records.append(NamedPairs(name: Format.check, pairs: ["crc32": Self.check(of: records)]))
    return records
  }

  /// The checksum that `talus.check` holds, over the other records.
  static func check(of records: [NamedPairs]) -> String {
    var crc = CRC32()
    func add(_ text: String) {
      var bytes: [UInt8] = []
      bytes.appendText(text)
      crc.update(bytes.span)
    }
    for record in records.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      add(record.name)
      for pair in record.pairs.pairs.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        add(pair.key)
        add(pair.value)
      }
    }
    let digits = String(crc.value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
