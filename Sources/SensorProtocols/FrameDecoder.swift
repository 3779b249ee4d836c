import Motion

/// Turns one stream's bytes into samples.
///
/// The contract that every decoder keeps, and that tests hold it to:
/// - It does not matter how the bytes are cut into chunks inside one arrival.
/// - Malformed input is counted and stepped over, one byte at a time, and what is held is looked at again. Nothing
///   traps, throws or grows.
/// - `counters.bytesIn == counters.framed + counters.skipped + counters.held` after every call.
/// - In steady state nothing is allocated: samples go to an array that the caller reuses.
public protocol FrameDecoder: Sendable {
  /// Takes the next bytes of the stream, all of which arrived at the same instant.
  mutating func consume(_ bytes: Span<UInt8>, arrived: HostInstant, into samples: inout [SensorSample])

  /// Bytes that were sent to the device: a request, for protocols whose answers can't be read without it. Sent bytes are no part
  /// of the counters.
  mutating func sent(_ bytes: Span<UInt8>)

  /// The stream has ended: a sample that only waited for its successor is complete. What is still held stays counted as held.
  mutating func finish(into samples: inout [SensorSample])

  var counters: DecoderCounters { get }

  /// From here on the kinds of message are counted. Costs memory at the first of each kind, so nobody does who measures.
  mutating func beginTally()

  /// The kinds of message that came since `beginTally`; nil without it.
  var messages: MessageTally? { get }
}

extension FrameDecoder {
  /// For devices that send on their own it does not matter what they were sent.
  public mutating func sent(_ bytes: Span<UInt8>) {}
}

/// What became of a stream's bytes. `bytesIn == framed + skipped + held`, always.
public struct DecoderCounters: Hashable, Sendable {
  /// All bytes that came in.
  public var bytesIn: UInt64 = 0
  /// Bytes in frames that passed every check.
  public var framed: UInt64 = 0
  /// Bytes stepped over: junk, and frames that failed a check.
  public var skipped: UInt64 = 0
  /// Bytes kept for a frame that is not complete yet.
  public var held: UInt64 = 0
  /// Frames that passed.
  public var frames: UInt64 = 0
  /// Frames that had the right shape and the wrong checksum, or a value that the protocol forbids.
  public var checksumFailures: UInt64 = 0
  /// Times that the decoder had to look for the start of a frame again.
  public var resynchronisations: UInt64 = 0
  /// Bytes stepped over before the first frame: a stream is joined in the middle of one.
  public var lead: UInt64 = 0

  public init() {}
}
