import Motion

/// Names the protocol of a stream from its bytes alone, or says that it is unknown.
///
/// The decoder of every protocol that needs no further words is fed the same bytes. One is named when enough frames passed its checks, they make up
/// most of the bytes since the first of them, and no other protocol comes near. A checksum is strong evidence: three frames are
/// enough. Without one only the shape speaks, so more frames have to fill nearly all bytes, and what they say has to be
/// possible for a sensor on a leg. Bytes at a wrong speed or polarity fit nothing and stay unknown.
public struct ProtocolSniffer: Sendable {
  /// A protocol, and why it is that.
  public struct Finding: Sendable {
    public let description: ProtocolDescription
    /// 0 to 1: the share of the bytes that it explains, less where few frames or no checksum speak for it.
    public let confidence: Double
    /// Frames that passed every check, and samples in them.
    public let frames: UInt64
    public let samples: Int
    /// Of the bytes since the first frame, the share that lies in frames.
    public let share: Double
    /// Whether every sample so far brought the device's own time.
    public let hasDeviceTime: Bool
    /// For plain lines of numbers: what their columns were learned from.
    public var learned: ColumnLearner.Learned?

    /// The evidence in words.
    public var evidence: String {
      let percent = Int((share * 100).rounded(.down))
      if let learned { return "\(frames) lines of numbers, \(percent) % of the bytes, no checksum; \(learned.words)" }
      return description.hasChecksum
        ? "\(frames) frames with a right checksum, \(percent) % of the bytes"
        : "\(frames) frames of the right shape with possible values, \(percent) % of the bytes, no checksum"
    }
  }

  /// What can be said so far.
  public enum Verdict: Sendable {
    case named(Finding)
    /// Why nothing is named, in words for a person.
    case unknown(String)
  }

  /// Frames that have to pass: with a checksum, and without.
  static let checkedFrames: UInt64 = 3
  static let uncheckedFrames: UInt64 = 6
  /// The share of the bytes that they have to make up.
  static let checkedShare = 0.6
  static let uncheckedShare = 0.95
  /// A second protocol with more than this part of the bytes of the first makes both doubtful.
  static let rivalShare = 0.25

  private struct Candidate: Sendable {
    let description: ProtocolDescription
    var decoder: any FrameDecoder
    var samples = 0
    var implausible = 0
    var withTime = 0

    var framed: UInt64 { decoder.counters.framed }

    var share: Double {
      let counters = decoder.counters
      let judged = counters.framed + counters.skipped - counters.lead
      return judged == 0 ? 0 : Double(counters.framed) / Double(judged)
    }

    /// A bit in its last byte and a sum of one byte are all that makes a packet of the first x-IMU: short answers of other sensors, said
    /// over and over, are such packets too. It needs a measurement.
    var isWeak: Bool { description.name == "ximu" && samples == 0 }

    var isConvincing: Bool {
      let frames = decoder.counters.frames
      if isWeak { return false }
      if description.hasChecksum { return frames >= checkedFrames && share >= checkedShare }
      return frames >= uncheckedFrames && share >= uncheckedShare && samples >= 3
        && implausible * 10 <= samples
    }
  }

  /// What the columns of plain lines may be learned from.
  public enum Learning: Hashable, Sendable {
    case nothing
    /// A line of names.
    case names
    /// A line of names, or else the numbers alone: for a person who has said that they are such lines.
    case numbers
  }

  private var candidates: [Candidate]
  private var learner: ColumnLearner?
  private let learning: Learning
  private var samples: [SensorSample] = []
  private var total = 0
  private var printable = 0
  private var lineEnds = 0
  /// How much of the word `Orientation:` the newest bytes are, and whether it stood anywhere.
  private var wordMatched = 0
  private var hasOrientationWord = false

  /// Protocols whose bytes mean nothing without what was asked or answered before: bytes alone do not name them.
  /// `bei` has the bytes of `meas`, and differs on the wire only; `rion-tl740` has those of `rion`, and means something else by them.
  private static let dialogues = ["witmotion-modbus", "witmotion-modbus-32", "stabila", "bei", "rion-tl740"]

  /// Of all protocols, those that bytes alone can name; those that need a person's words, as plain lines of numbers need the names of
  /// their columns, are left out.
  public init(learning: Learning = .nothing) {
    self.init(
      ProtocolCatalogue.rows.filter { !$0.name.contains(":") && !Self.dialogues.contains($0.name) }, learning: learning)
  }

  /// - Parameters:
  ///   - rows: the protocols to think of.
  ///   - learning: what the columns of plain lines may be learned from.
  public init(_ rows: [ProtocolDescription], learning: Learning = .nothing) {
    candidates = rows.map { Candidate(description: $0, decoder: $0.makeDecoder(stream: StreamID(0))) }
    self.learning = learning
    learner = learning == .nothing ? nil : ColumnLearner()
  }

  /// Takes the next bytes of the stream.
  public mutating func consume(_ bytes: Span<UInt8>, arrived: HostInstant = HostInstant(nanoseconds: 0)) {
    total += bytes.count
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if byte >= 0x20 && byte < 0x7F || byte == 0x09 || byte == 0x0D { printable += 1 }
      if byte == 0x0A { lineEnds += 1 }
      let word: StaticString = "Orientation:"
      wordMatched = byte == word.utf8Start[wordMatched] ? wordMatched + 1 : byte == word.utf8Start[0] ? 1 : 0
      if wordMatched == word.utf8CodeUnitCount {
        hasOrientationWord = true
        wordMatched = 0
      }
    }
    learner?.consume(bytes)
    for index in candidates.indices {
      candidates[index].decoder.consume(bytes, arrived: arrived, into: &samples)
      take(index)
    }
  }

  /// The stream has ended: a sample that only waited for its successor counts too.
  public mutating func finish() {
    learner?.finish()
    for index in candidates.indices {
      candidates[index].decoder.finish(into: &samples)
      take(index)
    }
  }

  private mutating func take(_ index: Int) {
    for sample in samples {
      candidates[index].samples += 1
      if sample.fields.contains(.deviceTime) { candidates[index].withTime += 1 }
      if sample.flags.contains(.implausible) || !isPossible(sample) { candidates[index].implausible += 1 }
    }
    samples.removeAll(keepingCapacity: true)
  }

  /// A leg's acceleration lies between a fall and a kick: 0.1 to 16 g. Frames with a checksum need no such proof.
  private func isPossible(_ sample: borrowing SensorSample) -> Bool {
    guard sample.fields.contains(.acceleration) else { return true }
    let size = sample.acceleration.lengthSquared
    return size > 0.01 * standardGravity * standardGravity && size < 256 * standardGravity * standardGravity
  }

  /// What the bytes so far say. May change with more of them.
  public var verdict: Verdict {
    guard total > 0 else { return .unknown("no bytes") }
    let convincing = candidates.filter(\.isConvincing)
    // Shape alone does not stand against a checksum.
    let strongest = convincing.contains { $0.description.hasChecksum }
    let fitting = convincing.filter { $0.description.hasChecksum == strongest }
    guard let first = fitting.max(by: { $0.framed < $1.framed }) else { return learned ?? .unknown(whyNone) }
    // A second sensor's frames count, however small their share is: they were no accident.
    let rivals = candidates.filter {
      $0.description.name != first.description.name && !$0.isWeak
        && ($0.description.hasChecksum
          ? $0.decoder.counters.frames >= Self.checkedFrames : !strongest && $0.isConvincing)
    }
    if let second = rivals.max(by: { $0.framed < $1.framed }),
      Double(second.framed) > Self.rivalShare * Double(first.framed)
    {
      return .unknown("the bytes fit \(first.description.name) and \(second.description.name)")
    }
    let frames = first.decoder.counters.frames
    // Each frame with a checksum of a byte is wrong once in 256; n frames of the right shape are taken as n + 1 chances in n + 2.
    let doubt = strongest ? 1 / Double(1 << min(8 * frames, 40)) : 1 / Double(frames + 2)
    return .named(
      Finding(
        description: first.description, confidence: first.share * (1 - doubt), frames: frames, samples: first.samples,
        share: first.share, hasDeviceTime: first.samples > 0 && first.withTime == first.samples))
  }

  /// Plain lines whose columns were learned.
  private var learned: Verdict? {
    guard let learned = learner?.learned, learned.source != .numbers || learning == .numbers,
      let description = try? ProtocolCatalogue.find("lines:" + learned.map.text)
    else { return nil }
    // Shape and names speak for it; the sizes of numbers alone speak half as loud.
    let confidence = learned.share * (1 - 1 / Double(learned.rows + 2)) * (learned.source == .numbers ? 0.5 : 1)
    return .named(
      Finding(
        description: description, confidence: confidence, frames: UInt64(learned.rows), samples: learned.rows,
        share: learned.share, hasDeviceTime: learned.map.clock != .none, learned: learned))
  }

  /// What to say of lines whose numbers no program can tell apart.
  public static let orientationAdvice =
    "lines of 'Orientation:', which sketches print with four different orders of their numbers; tilt the sensor "
    + "to see which number is which, and confirm it: --protocol orientation:heading,pitch,roll, or another order"

  private var whyNone: String {
    if learning == .numbers && candidates.isEmpty {
      return
        "what the columns hold could not be learned: there is no line of names with units before them, and no three of them have the "
        + "length of gravity; name them: --protocol lines:\(ColumnMap.example) (known names: \(ColumnMap.names))"
    }
    if total < 64 { return "only \(total) bytes" }
    if hasOrientationWord {
      return Self.orientationAdvice
    }
    let nearest = candidates.filter { $0.framed > 0 }.max { $0.framed < $1.framed }
    if lineEnds > 0 && Double(printable + lineEnds) > 0.95 * Double(total) && (nearest?.share ?? 0) < 0.5 {
      if let learned = learner?.learned {
        return
          "lines of numbers without names; their sizes fit --protocol lines:\(learned.map.text): check it, and say it"
      }
      return "lines of text that no known sensor prints; if they are numbers, name their columns: "
        + "--protocol lines:\(ColumnMap.example)"
    }
    guard let nearest else { return "\(total) bytes, none of them in a frame of a known protocol" }
    return "\(total) bytes, of which \(nearest.framed) would be frames of \(nearest.description.name): too few"
  }
}
