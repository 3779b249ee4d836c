import AnkleKinematics
import LungeTest
import Motion

/// The tibia at one sample: what the engine says of it.
@frozen
public struct Reading: Hashable, Sendable {
  /// What a user of the number has to know about it. The names are those of the JSON lines.
  @frozen
  public struct Flags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The mount was not said: the device page's default was used.
    @inlinable public static var mountAssumed: Flags { Flags(rawValue: 1 << 0) }
    /// The filter is still finding the vertical.
    @inlinable public static var notConverged: Flags { Flags(rawValue: 1 << 1) }
    @inlinable public static var saturated: Flags { Flags(rawValue: 1 << 2) }
    @inlinable public static var stale: Flags { Flags(rawValue: 1 << 3) }
    @inlinable public static var implausible: Flags { Flags(rawValue: 1 << 4) }
    /// The protocol has no checksum.
    @inlinable public static var unchecked: Flags { Flags(rawValue: 1 << 5) }
    /// The first sample after a gap.
    @inlinable public static var afterGap: Flags { Flags(rawValue: 1 << 6) }
    /// No gyroscope: the angle is right only while the leg moves slowly.
    @inlinable public static var quasiStatic: Flags { Flags(rawValue: 1 << 7) }
    /// The sensor fused the angle itself; Talus cannot vouch for it.
    @inlinable public static var deviceFused: Flags { Flags(rawValue: 1 << 8) }
    /// The session has a foot sensor: dorsiflexion is the shank's inclination minus the foot's pitch, whatever the heel does.
    @inlinable public static var twoSensor: Flags { Flags(rawValue: 1 << 9) }
    /// The foot sensor says nothing at this instant, or was not seen flat yet: dorsiflexion is not known.
    @inlinable public static var footMissing: Flags { Flags(rawValue: 1 << 10) }

    /// Where the sensor's axes point is still being found: there is no angle.
    @inlinable public static var notAligned: Flags { Flags(rawValue: 1 << 11) }

    /// Whether a filter turned a gyroscope's rates into the angle: it is neither the acceleration's alone nor the sensor's own.
    @inlinable public var angleIsFiltered: Bool { isDisjoint(with: [.quasiStatic, .deviceFused]) }

    /// The flags' words, in a fixed order.
    public static let names: [(Flags, StaticString)] = [
      (.mountAssumed, "mount-assumed"), (.notConverged, "not-converged"), (.saturated, "saturated"),
      (.stale, "stale"), (.implausible, "implausible"), (.unchecked, "unchecked"), (.afterGap, "after-gap"),
      (.quasiStatic, "quasi-static"), (.deviceFused, "device-fused"), (.twoSensor, "two-sensor"),
      (.footMissing, "foot-missing"), (.notAligned, "not-aligned"),
    ]
  }

  /// The sensor, and when its sample was taken.
  public var stream: StreamID
  public var time: SessionTime
  /// Inclination of the tibia's long axis from the vertical, sagittal plane, forward positive, rad; NaN when it is not known.
  public var tibialInclination: Double
  /// Its standard uncertainty, rad: the filter's, and the sensor's constant errors.
  public var inclinationSD: Double
  /// Tilt of the tibia to the subject's right, rad.
  public var tiltToRight: Double
  /// Ankle dorsiflexion, rad; plantarflexion is negative. With one sensor the tibial inclination, under the rule that the foot is flat on a level
  /// floor; with a foot sensor the inclination minus `footPitch`. NaN when it is not known.
  public var dorsiflexion: Double
  /// The knee-to-wall-equivalent distance, m; NaN without body lengths.
  public var kneeToWall: Double
  public var flags: Flags
  /// Where the movement stands, for live views.
  public var progress: MovementProgress
  /// Pitch of the foot against its flat stance, heel up positive, rad, and its standard uncertainty; NaN without a foot sensor, and where that
  /// says nothing.
  public var footPitch = Double.nan
  public var footPitchSD = Double.nan

  @inlinable
  public init(
    stream: StreamID, time: SessionTime, tibialInclination: Double, inclinationSD: Double, tiltToRight: Double,
    dorsiflexion: Double, kneeToWall: Double, flags: Flags, progress: MovementProgress
  ) {
    self.stream = stream
    self.time = time
    self.tibialInclination = tibialInclination
    self.inclinationSD = inclinationSD
    self.tiltToRight = tiltToRight
    self.dorsiflexion = dorsiflexion
    self.kneeToWall = kneeToWall
    self.flags = flags
    self.progress = progress
  }
}

/// One thing that the engine has to say, in the order in which it is said. Never revised later.
public enum Emission: Hashable, Sendable {
  case reading(Reading)
  case trial(Trial)
  /// How the sensor sits on the leg, as it was declared or found; or why a calibrating section was refused.
  case alignment(AlignmentOutcome)
  case gap(Gap)
  /// An operator's marker, and the session time of the last sample before it.
  case marker(SessionTime, String)
}
