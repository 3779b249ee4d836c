import Motion

/// What stands at the head of the bytes that a reader holds.
public enum FrameVerdict: Hashable, Sendable {
  /// More bytes decide. A format may only say so while it holds fewer bytes than its longest frame.
  case incomplete
  /// A whole frame of so many bytes that passed every check.
  case frame(length: Int)
  /// No frame begins here: step one byte and look again.
  case noFrame
  /// The shape of a frame with a wrong checksum, or with a value that the protocol forbids: counted, then like `noFrame`,
  /// because the next true frame may begin inside it.
  case badCheck
  /// So many bytes hold no frame and no part of one, whatever follows.
  case noFrameWithin(Int)
}

/// One wire protocol: where a frame ends, whether it is sound, and what it says.
///
/// A verdict may depend on the bytes from the head on and on the state left by earlier verdicts, never on how many bytes
/// beyond the deciding one happen to be there: then it does not matter how the stream was cut. State may
/// change in `examine` only along with a verdict that moves on.
public protocol FrameFormat: Sendable {
  /// The most bytes that a verdict can need: the longest frame.
  var longestFrame: Int { get }
  /// Whether frames carry a checksum. Without one every sample is flagged `.unchecked`.
  var hasChecksum: Bool { get }

  /// Looks at the bytes from a possible start of a frame on; there is at least one.
  mutating func examine(_ head: Span<UInt8>) -> FrameVerdict

  /// Takes a frame that `examine` found: adds what it says to the sample under construction, and emits the sample
  /// when it is complete.
  mutating func accept(
    _ frame: Span<UInt8>, arrived: HostInstant, draft: inout SampleDraft, into samples: inout [SensorSample])

  /// Counts the kinds of message in a frame that was accepted, under the names that a person knows them by.
  func tally(_ frame: Span<UInt8>, in tally: inout MessageTally)

  /// Takes note of bytes that were sent to the device.
  mutating func sent(_ bytes: Span<UInt8>)

  /// Takes frame after frame that begins at `start` or later and before `limit`. Formats leave this to the extension.
  ///
  /// - Parameters:
  ///   - arrivals: when the first so many bytes arrived; all after them arrived `now`.
  /// - Returns: where it stopped: at the head of an incomplete frame, or at or after `limit`.
  mutating func take(
    _ bytes: Span<UInt8>, from start: Int, before limit: Int, arrivals: Span<HostInstant>, now: HostInstant,
    scan: inout FrameScan, into samples: inout [SensorSample]
  ) -> Int

  /// The stream has ended: emits a sample that only waited for its successor.
  mutating func finish(draft: inout SampleDraft, into samples: inout [SensorSample])
}

extension FrameFormat {
  /// For protocols whose frames say all themselves.
  public mutating func sent(_ bytes: Span<UInt8>) {}

  /// For protocols with a single kind of message.
  public func tally(_ frame: Span<UInt8>, in tally: inout MessageTally) { tally.count(0, "measurement") }

  /// For protocols where one frame is one sample nothing waits.
  public mutating func finish(draft: inout SampleDraft, into samples: inout [SensorSample]) {}
}

/// The 16-bit two's complement number at `index`, low byte first. Out of range is a programming error of a format, which
/// checked its length before.
@inline(__always)
func littleEndianInt16(_ bytes: Span<UInt8>, at index: Int) -> Int16 {
  Int16(truncatingIfNeeded: Int(bytes[index]) | Int(bytes[index + 1]) << 8)
}
