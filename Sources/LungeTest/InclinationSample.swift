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
  }

  /// When the sample was taken.
  public var time: SessionTime
  /// Tibial inclination, rad, forward positive.
  public var inclination: Double
  /// Standard uncertainty of the inclination, rad; NaN where the sensor that made the angle does not say: its trials have none either.
  public var inclinationSD: Double
  /// Tilt out of the sagittal plane, rad.
  public var frontalTilt: Double
  public var flags: Flags

  @inlinable
  public init(time: SessionTime, inclination: Double, inclinationSD: Double, frontalTilt: Double, flags: Flags = []) {
    self.time = time
    self.inclination = inclination
    self.inclinationSD = inclinationSD
    self.frontalTilt = frontalTilt
    self.flags = flags
  }
}
