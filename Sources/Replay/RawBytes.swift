import CaptureImport
import Motion
import SensorProtocols

/// What the beginning of a file of raw bytes says about itself.
enum RawBytes {
  /// How much of a file is looked at.
  static let head = 1 << 16

  /// What the sniffer says of the file; nil for what is no file.
  static func sniff(_ path: String, by sniffer: ProtocolSniffer = ProtocolSniffer(learning: .names)) -> ProtocolSniffer
    .Verdict?
  {
    guard let file = try? MappedFile(path: path) else { return nil }
    return file.withBytes { bytes in
      var sniffer = sniffer
      sniffer.consume(bytes.extracting(first: min(bytes.count, head)))
      sniffer.finish()
      return sniffer.verdict
    }
  }

  /// Whether the first samples all bring the device's own clock, so that no rate has to be stated.
  static func hasDeviceTime(_ path: String, _ description: ProtocolDescription) -> Bool {
    guard case .clock = description.clock, let file = try? MappedFile(path: path) else { return false }
    return file.withBytes { bytes in
      var decoder = description.makeDecoder()
      var samples: [SensorSample] = []
      decoder.consume(
        bytes.extracting(first: min(bytes.count, head)), arrived: HostInstant(nanoseconds: 0), into: &samples)
      decoder.finish(into: &samples)
      return !samples.isEmpty && samples.allSatisfy { $0.fields.contains(.deviceTime) }
    }
  }
}
