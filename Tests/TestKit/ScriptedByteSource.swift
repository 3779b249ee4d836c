import Glibc

/// A device that says known bytes at known times.
public struct ScriptedByteSource: Sendable {
  public struct Step: Hashable, Sendable {
    /// Nanoseconds after the step before.
    public var delay: Int64
    public var bytes: [UInt8]

    public init(delay: Int64, bytes: [UInt8]) {
      self.delay = delay
      self.bytes = bytes
    }
  }

  public var steps: [Step]

  public init(_ steps: [Step]) { self.steps = steps }

  /// The bytes in pieces of one size, evenly spaced.
  public init(_ bytes: [UInt8], pieceSize: Int, every delay: Int64) {
    steps = ChunkCutter.even(bytes, size: pieceSize).map { Step(delay: delay, bytes: Array($0)) }
  }

  /// All bytes, in order.
  public var bytes: [UInt8] { steps.flatMap(\.bytes) }

  /// Plays the script in no time: the clock is moved on and each piece is handed over with its instant.
  public func play(on clock: inout VirtualClock, deliver: (Int64, [UInt8]) throws -> Void) rethrows {
    for step in steps {
      clock.advance(by: step.delay)
      try deliver(clock.now, step.bytes)
    }
  }

  /// Plays the script out of a pseudo-terminal in real time; answers how many bytes were taken.
  @discardableResult
  public func play(into terminal: PtyPair) -> Int {
    var taken = 0
    for step in steps {
      if step.delay > 0 { usleep(UInt32(clamping: step.delay / 1000)) }
      taken += terminal.write(step.bytes)
    }
    return taken
  }
}

/// A clock that moves only when it is told to, in nanoseconds.
public struct VirtualClock: Hashable, Sendable {
  public private(set) var now: Int64

  public init(startingAt now: Int64 = 0) { self.now = now }

  public mutating func advance(by nanoseconds: Int64) { now &+= nanoseconds }
}
