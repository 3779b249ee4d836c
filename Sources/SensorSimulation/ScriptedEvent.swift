import Motion

/// One thing that happens in a simulated session. Angles in rad, times in s.
public enum ScriptedEvent: Hashable, Sendable {
  /// Quiet standing (or the relaxed foot, where the leg is not loaded).
  case stand(Double)
  /// Standing for so long without standing still: the shank sways back and forth, and to the sides half as much, by up to `amplitude`.
  case fidget(duration: Double, amplitude: Double)
  /// A calibration: the knee goes forward and back `count` times without a hold, `angle` beyond standing, each in `period`.
  case rocks(count: Int, angle: Double, period: Double, axis: RockAxis)
  /// One excursion.
  case movement(ScriptedMovement)
  /// A knock against the standing leg that the sensor feels as about so many m/s²; half a second long.
  case knock(Double)
  /// The sensor slips on the leg within 0.3 s and reads so much more from then on.
  case slip(Double)
  /// For so long no sample gets through, while the leg stands.
  case outage(Double)

  /// What the leg turns about in a calibration's rocks: the first is right, the others are what people get wrong.
  public enum RockAxis: String, Hashable, Sendable, CaseIterable {
    case mediolateral
    /// To the sides.
    case frontal
    /// About the shank's own length.
    case long
  }
}

/// One excursion of the leg, as it is asked for.
public struct ScriptedMovement: Hashable, Sendable {
  /// How far it goes.
  public enum Aim: Hashable, Sendable {
    /// To this dorsiflexion, which is the tibial inclination while the heel is down (rad).
    case angle(Double)
    /// Until the knee touches a wall so far (m) before the toe.
    case wall(Double)
  }

  /// What the movement is meant to be, and how far it goes.
  public var kind: TrueTrial.Kind
  public var aim: Aim
  /// How long end range is held; 0 turns back at once.
  public var hold: Double = 2
  /// How long the way out and the way back take.
  public var outward: Double = 1.6
  public var homeward: Double = 1.4
  /// The way out is gone at an even rate, as in a slow ramp.
  public var isEven = false
  /// Medial tilt and internal rotation of the shank at end range, rad.
  public var medialTilt: Double = 0
  public var internalRotation: Double = 0
  /// How far the foot pitches about the joint of the big toe in the last part of the way out, rad: the tibia inclines by as much more.
  public var heelLift: Double = 0
  /// A jolt at the end of the way out that the sensor feels as about so many m/s²: the knee meets the wall.
  public var jolt: Double = 0
  /// For so long no sample gets through, in the middle of the hold (of the way out where there is none).
  public var outage: Double = 0

  /// How much more the sensor reads after it has slipped at the beginning of the way back, rad.
  public var slip: Double = 0

  public init(_ kind: TrueTrial.Kind, _ aim: Aim) {
    self.kind = kind
    self.aim = aim
  }
}
