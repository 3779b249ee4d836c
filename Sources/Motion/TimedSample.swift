/// A sample with the session time at which it was taken, and the gap before it if there was one.
@frozen
public struct TimedSample: Sendable, Equatable {
  public var time: SessionTime
  public var sample: SensorSample
  /// Ends at this sample.
  public var gapBefore: Gap?

  @inlinable
  public init(time: SessionTime, sample: SensorSample, gapBefore: Gap? = nil) {
    self.time = time
    self.sample = sample
    self.gapBefore = gapBefore
  }
}
