import Motion

/// The sample that a format is filling, and what the flags of a finished one need to know: bytes lost on the way, and
/// the sample before it.
public struct SampleDraft: Sendable {
  /// What has been filled in so far. A format sets the quantities and their names in `fields`.
  public var sample: SensorSample
  /// Bytes stepped over since the last frame that was added to a sample.
  public private(set) var lostBytes = 0

  /// The flags that every sample has.
  private let givenFlags: SensorSample.Flags
  private var previous: SensorSample
  /// Bytes were stepped over after a sample, and no sample says so yet.
  private var lossUntold = false
  private var hasPrevious = false
  private var isBegun = false

  /// - Parameters:
  ///   - stream: the stream that every sample is named after.
  ///   - hasChecksum: without one, every sample is flagged `.unchecked`.
  init(stream: StreamID, hasChecksum: Bool) {
    givenFlags = hasChecksum ? [] : .unchecked
    sample = SensorSample(stream: stream)
    sample.flags = givenFlags
    previous = sample
  }

  /// Notes that bytes were stepped over. Before the first sample nothing lies between two samples, so nothing is lost.
  @inline(__always)
  mutating func lose(_ count: Int) {
    lostBytes &+= count
    if hasPrevious || isBegun { lossUntold = true }
  }

  /// Says that a frame that arrived then becomes part of the sample. Call it before the frame's values are set.
  @inline(__always)
  public mutating func add(arrived: HostInstant) {
    sample.arrived = arrived
    isBegun = true
    lostBytes = 0
    if lossUntold {
      sample.flags.insert(.afterLoss)
      lossUntold = false
    }
  }

  /// Whether the sample under construction has, or had before it, a loss.
  public var hasLoss: Bool { lossUntold || sample.flags.contains(.afterLoss) }

  /// Finishes the sample with the flags that its values call for, and starts an empty one.
  public mutating func emit(into samples: inout [SensorSample]) {
    if !sample.isPlausible { sample.flags.insert(.implausible) }
    if hasPrevious && sample.repeats(previous) { sample.flags.insert(.stale) }
    samples.append(sample)
    previous = sample
    hasPrevious = true
    sample.clear(flags: givenFlags)
    isBegun = false
  }

  /// The same with a sample that a format has filled apart from this one, until it knew that the frame holds one.
  @inline(__always)
  mutating func emit(_ filled: SensorSample, arrived: HostInstant, into samples: inout [SensorSample]) {
    add(arrived: arrived)
    let (flags, stream) = (sample.flags, sample.stream)
    sample = filled
    sample.flags.formUnion(flags)
    sample.arrived = arrived
    sample.stream = stream
    emit(into: &samples)
  }

  /// Drops what was filled in because it is no measurement; a loss that it would have told goes to the next one.
  public mutating func abandon() {
    if sample.flags.contains(.afterLoss) { lossUntold = true }
    sample.clear(flags: givenFlags)
    isBegun = false
  }
}

extension SensorSample {
  /// Takes all quantities out. Written where it lies: another sample in its place would be copied there.
  @inline(__always)
  fileprivate mutating func clear(flags: Flags) {
    self.fields = []
    self.flags = flags
    deviceTicks = 0
    acceleration = .zero
    angularRate = .zero
    magneticField = .zero
    orientation = .identity
    eulerAngles = .zero
    inclinationX = 0
    inclinationY = 0
    temperature = 0
    tiltSD = 0
  }

  /// Whether a working sensor on a leg can have sent these values: all numbers, not the all-zero words of a dead
  /// accelerometer, a quaternion of about unit length (two decimals are enough), an inclination within half a turn.
  fileprivate var isPlausible: Bool {
    @inline(__always) get {
      if fields.contains(.acceleration) {
        guard acceleration.isFinite else { return false }
        if acceleration == .zero && angularRate == .zero { return false }
      }
      if fields.contains(.angularRate) && !angularRate.isFinite { return false }
      if fields.contains(.magneticField) && !magneticField.isFinite { return false }
      if fields.contains(.eulerAngles) && !eulerAngles.isFinite { return false }
      if fields.contains(.orientation) && !(orientation.lengthSquared > 0.9 && orientation.lengthSquared < 1.1) {
        return false
      }
      // Also refuses NaN, for which no comparison holds.
      if fields.contains(.inclinationX) && !(abs(inclinationX) <= .pi) { return false }
      if fields.contains(.inclinationY) && !(abs(inclinationY) <= .pi) { return false }
      return true
    }
  }
}
