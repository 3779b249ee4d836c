import Motion
import RealModule

/// Shank and foot as rigid bodies at one instant.
///
/// Loaded, the foot stands on the floor and turns, when the heel rises, about the joint of the big toe; unloaded, the
/// ankle axis stays where it is and the foot turns about it. The shank turns about the ankle axis.
public struct LimbPose: Hashable, Sendable {
  /// The shank, with its origin at the ankle axis.
  public var shank: RigidFrame
  /// The foot, with its origin at the joint of the big toe.
  public var foot: RigidFrame

  private static let anterior = Vector3(1, 0, 0)
  private static let proximal = Vector3(0, 1, 0)
  private static let right = Vector3(0, 0, 1)

  /// The shank is turned by the heading about the vertical, then tilted to the right about its anterior axis, then inclined forward
  /// about its own medio-lateral axis. In this order the inclination and the tilt are exactly those of `ShankAngles`,
  /// whatever the heading.
  public init(
    inclination: TrajectoryState, tiltToRight: TrajectoryState, heading: TrajectoryState,
    footPitch: TrajectoryState = .constant(0), footTurn: Double = 0, limb: Limb, isLoaded: Bool = true
  ) {
    var shank = RigidFrame.upright.turned(about: Self.proximal, by: heading)
      .turned(about: Self.anterior, by: tiltToRight).turned(about: Self.right, by: -1 * inclination)
    var foot = RigidFrame.upright.turned(about: Self.proximal, by: .constant(footTurn))
      .turned(about: Self.right, by: -1 * footPitch)
    if isLoaded {
      let ankle = foot.moved(to: limb.ankleInFoot)
      shank.origin = ankle.origin
      shank.acceleration = ankle.acceleration
    } else {
      foot = foot.moved(to: -limb.ankleInFoot)
    }
    self.shank = shank
    self.foot = foot
  }

  /// The script's limb at `time` (s).
  public init(script: LungeScript, at time: Double) {
    self.init(
      inclination: script.inclination(at: time), tiltToRight: script.tiltToRight.state(at: time),
      heading: script.heading.state(at: time), footPitch: script.footPitch(at: time), footTurn: script.footTurn,
      limb: script.limb, isLoaded: script.isLoaded)
  }
}
