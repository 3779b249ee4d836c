import CaptureImport
import Motion
import Pipeline
import Recording
import SensorProtocols

/// Walks over the samples of one sensor of an input, with their session time, before anything is made of them. For conversions, and for a second
/// sensor that is joined to the first.
public struct SampleCursor: ~Copyable {
  /// Raw bytes, or samples of a capture, that are looked at in one step.
  private static let piece = 4096
  private static let batch = 64

  /// The input, mapped; nil for a capture.
  private let file: MappedFile?
  private var walk: CaptureWalk?
  private let captureRate: Double?
  /// Why the samples of a capture ended early; nil while nothing is wrong.
  public private(set) var trouble: ImportError?
  private var intake: SampleIntake?
  private var cursor: RecordingCursor?
  /// The sensor of a recording; nil until the first one has spoken, where it was not said.
  private var stream: StreamID?
  /// The byte where the next step begins.
  private var place = 0
  /// Up to here the file's memory was given back.
  private var released = 0
  private var ready: [TimedSample] = []
  private var given = 0
  private var hasEnded = false

  /// - Parameters:
  ///   - stream: which sensor of a recording; nil for the shank's: the first that speaks, where there is no other.
  ///   - tallies: whether the kinds of message are counted.
  /// - Throws: what keeps the input from being read.
  public init(_ input: SessionInput, stream: StreamID? = nil, tallies: Bool = false) throws {
    if case .capture(let capture) = input.content {
      file = nil
      walk = CaptureWalk(capture)
      captureRate = capture.rate
      return
    }
    let configuration = input.configuration
    let isFoot = stream?.number == 1
    let name = isFoot ? configuration.foot?.protocolName : configuration.protocolName
    var intake = SampleIntake(
      try ProtocolCatalogue.find(name ?? configuration.protocolName), stream: stream ?? StreamID(0),
      fixedRate: isFoot ? configuration.foot?.fixedRate : configuration.fixedRate)
    if tallies { intake.beginTally() }
    let mapped = try input.map()
    if case .recording(let header) = input.content {
      cursor = mapped.withBytes { RecordingCursor($0, anchor: header.anchor) }
      self.stream = stream ?? (configuration.foot == nil ? nil : StreamID(0))
    }
    file = .some(mapped)
    captureRate = nil
    self.intake = intake
  }

  /// The next sample; nil at the end.
  public mutating func next() -> TimedSample? {
    while given == ready.count {
      if hasEnded { return nil }
      ready.removeAll(keepingCapacity: true)
      given = 0
      step()
    }
    given += 1
    return ready[given - 1]
  }

  /// What the walk came to so far.
  public var run: SampleRun {
    guard let intake else {
      var run = SampleRun(rate: captureRate)
      run.notes = walk?.ending.notes ?? []
      return run
    }
    var run = SampleRun(counters: intake.counters, rate: intake.rate, rateSpread: intake.rateSpread)
    run.end = cursor?.end
    run.messages = intake.messages
    run.zero = intake.zero
    run.timeRepairs = intake.timeRepairs
    return run
  }

  private mutating func step() {
    if walk != nil {
      do throws(ImportError) {
        while ready.count < Self.batch, let sample = try walk!.next() { ready.append(sample) }
      } catch {
        trouble = error
      }
      hasEnded = ready.count < Self.batch
    } else {
      stepInFile()
      if hasEnded { intake!.finish(into: &ready) }
    }
  }

  private mutating func stepInFile() {
    file!.release(before: cursor?.position ?? place, released: &released)
    file!.withBytes { bytes in
      guard cursor != nil else {
        let end = min(place + Self.piece, bytes.count)
        intake!.receive(bytes.extracting(place..<end), arrived: HostInstant(nanoseconds: 0), into: &ready)
        place = end
        hasEnded = place == bytes.count
        return
      }
      guard let next = cursor!.next(in: bytes) else {
        hasEnded = true
        return
      }
      switch next.entry {
      case .bytes(let from, let arrived, .received) where from == stream ?? from:
        stream = from
        intake!.receive(bytes.extracting(next.payload), arrived: arrived, into: &ready)
      case .bytes(let to, _, .sent) where to == stream ?? to: intake!.sent(bytes.extracting(next.payload))
      case .link(_, let of, .unplugged) where of == stream ?? of: intake!.unplugged()
      default: break
      }
    }
  }
}
