import AnkleKinematics
import Motion
import SensorSimulation
import TestKit

/// The mount that most tests use.
let shin = try! Mount("y=proximal,z=anterior")

extension SessionPlan {
  /// A lively session without sensor errors, whose samples arrive at once.
  static func exact(seed: UInt64 = 1, rate: Double = 200, side: Side = .right) -> SessionPlan {
    var plan = SessionPlan(mount: shin, side: side)
    plan.seed = seed
    plan.rate = rate
    plan.sensor = .perfect
    plan.arrivals = .immediate
    return plan
  }

  /// Nothing moves: no lunge, no sway, no tremor.
  static func still(seconds: Double, rate: Double, sensor: SensorModel) -> SessionPlan {
    var plan = exact(rate: rate)
    plan.movement.trials = 0
    plan.movement.sway = 0
    plan.movement.tremor = 0
    plan.duration = seconds
    plan.sensor = sensor
    return plan
  }
}

/// A rotation that points anywhere.
func anyRotation(_ random: inout RandomSource) -> Quaternion {
  Quaternion(
    w: random.unit() * 2 - 1, x: random.unit() * 2 - 1, y: random.unit() * 2 - 1, z: random.unit() * 2 - 1
  ).normalized
}

func standardDeviation(_ values: [Double]) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
}

/// The angle between two rotations, rad.
func angle(_ a: Quaternion, _ b: Quaternion) -> Double {
  let p = a.conjugate * b
  return 2 * Vector3(p.x, p.y, p.z).length
}
