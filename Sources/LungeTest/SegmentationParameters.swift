import Motion

/// What decides where a movement begins and ends, and what its end range is. All of it is time and angle, never a number of samples, so that
/// a session means the same at 10 Hz and at 2 kHz.
public struct SegmentationParameters: Hashable, Sendable {
  /// Width of the bins into which samples are averaged first, s. Larger: less work at high rates, coarser times.
  public var binWidth = 0.01
  /// How far the tibia has to lean beyond its resting angle before a movement has begun, rad (8°). Sway while standing stays below 2°. Larger: small
  /// movements are not seen.
  public var enterAngle = 8 * radiansPerDegree
  /// How near to the resting angle it has to come back, rad (4°). Smaller than `enterAngle`, so that a movement does not end and begin at one angle.
  public var returnAngle = 4 * radiansPerDegree
  /// Where a movement's start is dated back to: the last moment within this of the resting angle, rad (2°).
  public var startAngle = 2 * radiansPerDegree
  /// How long an angle has to be beyond a limit before it counts, s. A knock is shorter. Larger: brief movements are not seen.
  public var dwell = 0.1
  /// Length of the window in which quiet and plateaus are looked for, s: half a second is what a held end range has to last.
  public var quietWindow = 0.5
  /// Greatest speed in that window, rad/s (2°/s): its slope, and half of what its bend adds at its ends. Larger: slow movement passes for a hold.
  public var quietSlope = 2 * radiansPerDegree
  /// Greatest standard deviation about the window's line, rad (0.7°). Larger: restless positions pass for holds.
  public var quietSD = 0.7 * radiansPerDegree
  /// How near to the deepest level the plateau's windows lie, rad (1°).
  public var plateauDepth = 1 * radiansPerDegree
  /// Length of the mean that stands for the peak of a movement without a plateau, s. Larger: the peak is flattened.
  public var peakWindow = 0.1
  /// Excursions below this are no lunge, rad (10°).
  public var leastExcursion = 10 * radiansPerDegree
  /// A movement without a hold that reached less than this share of the best excursion before it, was broken off.
  public var abortedShare = 0.6
  /// How long after the return the new resting angle may take to show, s, before the trial is given without it.
  public var settleTime = 1.5
  /// A movement is cut here, s: nobody holds a lunge for longer, and the memory for it is bounded.
  public var longestMovement = 120.0

  public init() {}
}
