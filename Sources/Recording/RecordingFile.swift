import Motion

/// A recording that is being written to a file.
///
/// Adding an entry copies it into memory and never waits for the disk: a thread of its own closes the chunk and writes
/// it ten times a second, and another one syncs the file to the disk at least once a second. What a killed program
/// loses is younger than a quarter of a second. Where the disk stalls for so long that the memory for waiting entries
/// is full, or fails, further entries are dropped and counted, and a jump in the sequence numbers stands in the file.
public struct RecordingFile: ~Copyable, Sendable {
  private let writer: RecordingWriter

  /// Creates the file and writes its head.
  ///
  /// - Parameters:
  ///   - overwriting: replace a file that is there; otherwise it is refused with EEXIST.
  ///   - waitingLimit: how many bytes may wait for the disk.
  public init(
    creating path: String, header: RecordingHeader, overwriting: Bool = false, waitingLimit: Int = 64 << 20
  ) throws(RecordingFailure) {
    writer = try RecordingWriter(path: path, header: header, overwriting: overwriting, waitingLimit: waitingLimit)
  }

  deinit { _ = writer.finish() }

  /// Adds bytes that came from a sensor at one instant, or were sent to it.
  ///
  /// - Returns: whether the entry was taken; false when it was dropped and counted.
  @discardableResult
  public func append(bytes: Span<UInt8>, stream: StreamID, arrived: HostInstant, direction: Direction) -> Bool {
    guard writer.enter(bytes.count) else { return false }
    writer.encoder.append(bytes: bytes, stream: stream, arrived: arrived, direction: direction)
    writer.leave()
    return true
  }

  /// Adds what the operator said. Returns false when it was dropped and counted.
  @discardableResult
  public func append(_ event: OperatorEvent, at instant: HostInstant) -> Bool {
    guard writer.enter(0) else { return false }
    writer.encoder.append(event, at: instant)
    writer.leave()
    return true
  }

  /// Adds what happened to a sensor's connection. Returns false when it was dropped and counted.
  @discardableResult
  public func append(_ event: LinkEvent, stream: StreamID, at instant: HostInstant) -> Bool {
    guard writer.enter(0) else { return false }
    writer.encoder.append(event, stream: stream, at: instant)
    writer.leave()
    return true
  }

  /// Adds what was said or found about the session. Returns false when it was dropped and counted.
  @discardableResult
  public func append(_ remark: Remark, at instant: HostInstant) -> Bool {
    guard writer.enter(0) else { return false }
    writer.encoder.append(remark, at: instant)
    writer.leave()
    return true
  }

  /// The first failure, once: the next call returns nil. To be asked now and then while streaming.
  public func takeFailure() -> RecordingFailure? { writer.takeFailure() }

  /// What waits for the disk, in bytes, and for how long the disk has not answered, in seconds.
  public var waiting: (bytes: Int, seconds: Double) { writer.waiting }

  /// Entries dropped so far.
  public var droppedEntries: UInt64 { writer.droppedEntries }

  /// Writes what waits and what belongs at the end, syncs and closes the file. Waits for the disk.
  public consuming func finish() -> RecordingSummary { writer.finish() }
}
