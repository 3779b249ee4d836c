import DecimalText
import Motion
import RealModule

/// What else a person may want of a session, by name: `sway=0.4,tremor=0.1`.
public enum Conditions {
  /// The names, their units and what they mean, for a help text.
  public static let help =
    table.map {
      "  \($0.name)=\($0.unit)" + String(repeating: " ", count: max(1, 24 - $0.name.count - $0.unit.count)) + $0.meaning
    }
    .joined(separator: "\n")

  /// Why a text is no condition, in words for the person who wrote it.
  public struct Unreadable: Error, CustomStringConvertible, Equatable {
    public let description: String
  }

  private struct Condition: Sendable {
    let name: String
    let unit: String
    let meaning: String
    let set: @Sendable (inout SessionPlan, Double) -> Void

    init(
      _ name: String, _ unit: String, _ meaning: String, _ set: @escaping @Sendable (inout SessionPlan, Double) -> Void
    ) {
      self.name = name
      self.unit = unit
      self.meaning = meaning
      self.set = set
    }
  }

  private static let table: [Condition] = [
    Condition("sway", "DEG", "slow sway of the standing leg (0.15)") { $0.movement.sway = $1 * radiansPerDegree },
    Condition("tremor", "DEG", "tremor of 8 to 11 Hz (0.01)") { $0.movement.tremor = $1 * radiansPerDegree },
    Condition("medial-tilt", "DEG", "knee inward at end range (1)") { $0.movement.medialTilt = $1 * radiansPerDegree },
    Condition("internal-rotation", "DEG", "shank turned inward at end range (3)") {
      $0.movement.internalRotation = $1 * radiansPerDegree
    },
    Condition("turn-out", "DEG", "foot pointing outward (0)") { $0.movement.turnOut = $1 * radiansPerDegree },
    Condition("soft-tissue", "SHARE", "more is read per bend of the ankle (0)") {
      $0.movement.softTissue = $1
    },
    Condition("mount-pitch", "DEG", "the sensor sits turned: reads more (0)") { plan, value in
      plan.misalign(Vector3(0, 0, -value * radiansPerDegree))
    },
    Condition("mount-roll", "DEG", "turned about the anterior axis (0)") { plan, value in
      plan.misalign(Vector3(value * radiansPerDegree, 0, 0))
    },
    Condition("mount-twist", "DEG", "turned about the shank's length (0)") { plan, value in
      plan.misalign(Vector3(0, value * radiansPerDegree, 0))
    },
    Condition("mount-random", "SEED", "it sits anyhow, as the number decides") { plan, value in
      plan.misalignment = Quaternion.anyhow(seed: UInt64(max(0, min(value, 1e15))))
    },
    Condition("loss", "SHARE", "samples at which a loss begins (0)") {
      $0.sensor.lossProbability = $1
    },
    Condition("loss-length", "N", "so many are lost then, on average (1)") { $0.sensor.lossLength = $1 },
    Condition("clock-ppm", "PPM", "the clock's rate error, SD (the model's)") {
      $0.sensor.clockErrorSD = $1 * 1e-6
    },
    Condition("warm-up", "C", "how much warmer it gets (the model's)") { $0.sensor.warmUp = $1 },
    Condition("rock-angle", "DEG", "how far a calibration's rocks go (18)") {
      $0.movement.rockAngle = $1 * radiansPerDegree
    },
    Condition("rock-period", "S", "how long each takes (1.6)") { $0.movement.rockPeriod = $1 },
  ]

  /// Applies `NAME=VALUE,…` to a plan.
  ///
  /// - Throws: `Unreadable` for the first part that is no condition.
  public static func apply(_ text: String, to plan: inout SessionPlan) throws(Unreadable) {
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let condition = table.first(where: { $0.name == sides[0] }) else {
        throw Unreadable(
          description: "'\(part)' is no condition: there are NAME=VALUE with "
            + table.map(\.name).joined(separator: ", "))
      }
      guard let value = parseDecimal(Array(sides[1].utf8).span) else {
        throw Unreadable(description: "\(sides[0]): '\(sides[1])' is no number")
      }
      condition.set(&plan, value)
    }
  }
}

extension SessionPlan {
  /// Turns the sensor further on its segment, by a rotation vector in the segment's components, rad.
  public mutating func misalign(_ turn: Vector3) {
    misalignment = (Quaternion(rotationVector: turn) * misalignment).normalized
  }
}

extension Quaternion {
  /// A rotation that points anywhere, evenly spread over all rotations (Shoemake 1992).
  public static func anyhow(seed: UInt64) -> Quaternion {
    var random = RandomStream(seed: seed, purpose: .mount)
    let (share, first, second) = (random.uniform(), 2 * Double.pi * random.uniform(), 2 * Double.pi * random.uniform())
    let (a, b) = ((1 - share).squareRoot(), share.squareRoot())
    return Quaternion(w: b * .cos(second), x: a * .sin(first), y: a * .cos(first), z: b * .sin(second))
  }
}
