import CaptureImport
import Motion
import Pipeline
import Recording
import SensorProtocols

/// Something that can be replayed, opened: a recording, raw bytes of a sensor, or a capture of samples. Whatever a report reads, a replay reads.
public struct SessionInput: Sendable {
  /// What the input holds.
  public enum Content: Sendable {
    /// A recording; its log is read from the file when it runs.
    case recording(RecordingHeader)
    /// Bytes as a sensor sent them, without arrivals.
    case bytes
    /// Samples with their own time.
    case capture(Capture)
  }

  /// The file or folder, as it was named.
  public let path: String
  /// What the input holds, and what is read of it when it runs.
  public internal(set) var content: Content
  /// What the engine is to do with it: what the recording or the format says, changed by the user's choices.
  public internal(set) var configuration: PipelineConfiguration
  /// The foot's sensor, where it is an input of its own; at most one.
  var feet: [SessionInput] = []
  /// How its times were brought onto this input's.
  var footWords = ""
  /// A compressed recording, unpacked; nil for others.
  var unpacked: UnpackedFile?
  /// What was said or found about a recorded session, in the order of the file.
  public internal(set) var remarks: [Remark] = []
  /// Where a choice went against the recording.
  public internal(set) var overrides: [ConfigurationOverride]
  /// For raw bytes: what they were recognised by; nil where they only may be what was stated.
  public internal(set) var recognised: ProtocolSniffer.Finding?
  /// Whether the rate of raw bytes is only assumed, so that no time may be told.
  public internal(set) var isRateAssumed = false

  /// Why an input cannot be used, in words for a person.
  public struct Unusable: Error, CustomStringConvertible {
    public let description: String
    /// The file is not there or may not be read, as against: cannot be understood.
    public let isUnreadable: Bool

    public init(description: String, isUnreadable: Bool) {
      self.description = description
      self.isUnreadable = isUnreadable
    }
  }

  /// A short name of what the input is: `recording`, `raw bytes`, or the capture format.
  public var kind: String {
    switch content {
    case .recording: "recording"
    case .bytes: "raw-bytes"
    case .capture(let capture): capture.format
    }
  }

  /// The file's or folder's name, without what leads to it.
  public var name: String { String(path.split(separator: "/").last ?? Substring(path)) }

  /// The calendar time of a recording's start in UTC, such as `2026-01-31 09:30 UTC`; nil where the input does not say.
  public var recordedOn: String? {
    guard case .recording(let header) = content else { return nil }
    return header.recordedOn
  }

  /// What a reader of a magnetic field has to know about it; nil where it is in µT.
  public var fieldNote: String? {
    if case .capture = content { return nil }
    return (try? ProtocolCatalogue.find(configuration.protocolName))?.fieldUnit.map { $0 + ", not in µT" }
  }

  /// How far that calendar time may be from UTC, s: what the host's time service admitted; nil where it kept none, or nothing was recorded.
  public var utcUncertainty: Double? {
    guard case .recording(let header) = content else { return nil }
    return header.anchor.uncertaintyNanoseconds.map { Double($0) * 1e-9 }
  }

  /// What a reader of the numbers has to know about the input, in words.
  public var notes: [String] {
    var notes = recognised?.learned.map { [$0.words] } ?? []
    if case .capture(let capture) = content { notes = capture.notes }
    if let foot {
      notes.append("the foot's sensor is that of \(foot.name), \(footWords)")
      notes += foot.notes.map { "\(foot.name): \($0)" }
    }
    return notes
  }
}
