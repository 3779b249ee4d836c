import Glibc
import Motion

/// Why a recording could not be made, or not be continued.
public struct RecordingFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was attempted.
  public enum Attempt: String, Hashable, Sendable {
    case create
    case write
    case sync
    case close
    /// Somebody took the file's name away: the bytes are there as long as the recording goes on.
    case keep
  }

  /// What was tried, and on which file.
  public var attempt: Attempt
  public var path: String
  /// The system's error number.
  public var errorNumber: Int32
  /// How many bytes had reached the file; they can be read up to the last whole chunk.
  public var bytesKept: Int
  /// Where the recording was put whose name had been taken away.
  public var rescuedTo: String?

  public init(attempt: Attempt, path: String, errorNumber: Int32, bytesKept: Int) {
    self.attempt = attempt
    self.path = path
    self.errorNumber = errorNumber
    self.bytesKept = bytesKept
  }

  /// The system's words for the error.
  public var reason: String {
    guard let text = strerror(errorNumber) else { return "error \(errorNumber)" }
    return String(cString: text)
  }

  public var description: String {
    switch attempt {
    case .create where errorNumber == EEXIST:
      "\(path) exists already and is not overwritten"
    case .create:
      "cannot create the recording \(path): \(reason)"
    case .write:
      "recording to \(path) stopped: \(reason); the first \(bytesKept) bytes are kept"
    case .sync:
      "\(path) may not be safe on the disk: \(reason); \(bytesKept) bytes were written"
    case .keep:
      if let rescuedTo {
        "\(path) was removed while it was being recorded; the whole recording is now \(rescuedTo)"
      } else {
        "\(path) was removed while it is being recorded; it will be written elsewhere when the session ends"
      }
    case .close:
      "closing \(path) failed: \(reason); \(bytesKept) bytes were written"
    }
  }
}

/// What a recording came to.
public struct RecordingSummary: Hashable, Sendable {
  public var path: String
  /// Size of the file.
  public var bytes: Int
  /// Entries in the file; after a failure some of the last may be lacking in it.
  public var entries: UInt64
  /// Entries that are not in the file because the disk was too slow or failed.
  public var droppedEntries: UInt64
  /// From the first to the last entry, in seconds.
  public var duration: Double
  /// The first failure, if there was one.
  public var failure: RecordingFailure?
}
