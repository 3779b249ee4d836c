import Motion

/// One moment of the tibia, as the trial stage sees it.
@frozen
public struct InclinationSample: Hashable, Sendable {
  /// What the stages before have to say about this moment.
  @frozen
  public struct Flags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable public static var notConverged: Flags { Flags(rawValue: 1 << 0) }
    @inlinable public static var saturated: Flags { Flags(rawValue: 1 << 1) }
    @inlinable public static var afterGap: Flags { Flags(rawValue: 1 << 2) }
    /// The decoder lost the frames' grid before this sample and found it again.
    @inlinable public static var resynchronised: Flags { Flags(rawValue: 1 << 3) }
    /// The sample lies in a calibrating section: its movements are no trials.
    @inlinable public static var calibrating: Flags { Flags(rawValue: 1 << 4) }
    /// There is no gyroscope: the angle is right only while the leg moves slowly.
    @inlinable public static var quasiStatic: Flags { Flags(rawValue: 1 << 5) }
  }

  /// When the sample was taken.
  public var time: SessionTime
  /// Tibial inclination, rad, forward positive.
  public var inclination: Double
  /// Standard uncertainty of the inclination, rad; NaN where the sensor that made the angle does not say: its trials have none either.
  public var inclinationSD: Double
  /// Tilt out of the sagittal plane, rad.
  public var frontalTilt: Double
  /// Rotation about the tibia's long axis, right-handed about the proximal direction, rad, from an arbitrary start: only
  /// differences over at most ten seconds mean anything. NaN where it is not known.
  public var axialRotation: Double
  /// Pitch of the foot against flat standing, heel up positive, rad; NaN without a sensor on the foot.
  public var footPitch: Double
  /// Its standard uncertainty, rad.
  public var footPitchSD: Double
  public var flags: Flags

  @inlinable
  public init(
    time: SessionTime, inclination: Double, inclinationSD: Double, frontalTilt: Double, axialRotation: Double = .nan,
    footPitch: Double = .nan, footPitchSD: Double = .nan, flags: Flags = []
  ) {
    self.time = time
    self.inclination = inclination
    self.inclinationSD = inclinationSD
    self.frontalTilt = frontalTilt
    self.axialRotation = axialRotation
    self.footPitch = footPitch
    self.footPitchSD = footPitchSD
    self.flags = flags
  }
}
