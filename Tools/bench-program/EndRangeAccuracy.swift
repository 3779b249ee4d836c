import Glibc
import LungeTest
import Motion
import Pipeline
import SensorSimulation

/// End range against the truth over simulated sessions: people, mounts, chips and disturbances (`SessionPlan.anyone`).
enum EndRangeAccuracy {
  static func run(count: Int, verbose: Bool) {
    stagesAlone(count: count, verbose: verbose)
    statedSpreads(count: count, verbose: verbose)
    dataSheetSpreads(count: count)
  }

  /// The sensor sits as its mount says and its accelerometer has no constant error: what is left is the filter's and the stages'.
  private static func stagesAlone(count: Int, verbose: Bool) {
    for filter in PipelineConfiguration.Filter.allCases {
      var errors = ErrorFigures()
      var missed = 0
      var worst = (size: 0.0, seed: 0 as UInt64)
      for seed in 1...UInt64(count) {
        var plan = SessionPlan.anyone(seed: seed)
        plan.sensor.accelerometer = plan.sensor.accelerometer.withoutConstantErrors
        let run = SessionRun(plan, configure: { $0.filter = filter })
        for truth in run.truth.trials where !run.trials.contains(where: { run.matches($0, truth) }) { missed += 1 }
        for case (let found, let truth?) in run.pairs {
          let error = (found.endRange.value - truth.endRange) * degreesPerRadian
          errors.take(error)
          if abs(error) > worst.size { worst = (abs(error), seed) }
          if verbose && abs(error) > 0.5 {
            print(
              "# \(filter.rawValue) seed \(seed): \(fixed(error, 2)) deg, \(plan.sensor.name) at \(fixed(plan.rate, 0)) Hz, trial \(found.number)"
            )
          }
        }
      }
      let group = "sessions.stages_alone.\(filter.rawValue)"
      let what =
        "\(errors.count) end ranges of \(count) sessions, sensor exactly on its mount, no constant error of the accelerometer"
      figure(group + ".bias", errors.mean, decimals: 3, "deg", what)
      figure(group + ".p95", errors.size(share: 0.95), decimals: 3, "deg", "the same: 95 % are below")
      figure(group + ".largest", errors.largest, decimals: 3, "deg", "the same, seed \(worst.seed)")
      figure(group + ".missed", Double(missed), decimals: 0, "lunges", "the same: none was found there")
    }
  }

  /// Standard deviations that the declared mount claims about the shank's axes x, y and z, degrees.
  private static let mountSD = Vector3(2, 5, 2)

  /// Mount and accelerometer drawn from the spreads that the engine claims for them.
  private static func statedSpreads(count: Int, verbose: Bool) {
    var all = Coverage()
    for seed in 1...UInt64(count) {
      var plan = SessionPlan.anyone(seed: seed)
      var random = Draws(seed: seed)
      plan.misalign(random.normals(mountSD * radiansPerDegree))
      plan.sensor.accelerometer = plan.sensor.accelerometer.withoutConstantErrors
      let bias = SessionRun.wire(of: plan.sensor).staticAngleSD * standardGravity
      plan.sensor.accelerometer.biasSD = Vector3(bias, bias, bias)
      let run = SessionRun(plan)
      for case (let found, let truth?) in run.pairs { all.take(found, truth.endRange, seed: seed, verbose: verbose) }
    }
    all.print(
      "sessions.stated_spreads",
      "mount SD 2, 5, 2 deg about anterior, long and lateral axis, accelerometer bias as the engine claims for the protocol"
    )
  }

  /// The same with the accelerometers of the chips' own models, uncalibrated: the claim cannot know the chip.
  private static func dataSheetSpreads(count: Int) {
    var chips: [String: Coverage] = [:]
    for seed in 1...UInt64(count) {
      var plan = SessionPlan.anyone(seed: seed)
      var random = Draws(seed: seed)
      plan.misalign(random.normals(mountSD * radiansPerDegree))
      let run = SessionRun(plan)
      for case (let found, let truth?) in run.pairs {
        chips[plan.sensor.name, default: Coverage()].take(found, truth.endRange, seed: seed, verbose: false)
      }
    }
    for model in SessionPlan.commonChips {
      chips[model.name]?.print(
        "sessions.data_sheet.\(model.name)", "mount as above, the chip's errors as its model states them")
    }
  }
}

/// How often the claimed interval holds the truth.
struct Coverage {
  private var errors = ErrorFigures()
  private var claimed = 0.0
  private var held = 0
  private var silent = 0

  mutating func take(_ found: Trial, _ truth: Double, seed: UInt64, verbose: Bool) {
    let error = found.endRange.value - truth
    guard !found.endRange.sd.isNaN else { return silent += 1 }
    errors.take(error * degreesPerRadian)
    claimed += found.endRange.sd * degreesPerRadian
    if abs(error) <= 1.96 * found.endRange.sd {
      held += 1
    } else if verbose {
      Swift.print(
        "# seed \(seed): \(fixed(error * degreesPerRadian, 2)) deg at a claimed SD of \(fixed(found.endRange.sd * degreesPerRadian, 2))"
      )
    }
  }

  func print(_ group: String, _ what: String) {
    figure(group + ".bias", errors.mean, decimals: 2, "deg", "\(errors.count) end ranges, \(what)")
    figure(group + ".sd", errors.sd, decimals: 2, "deg", "the same")
    figure(
      group + ".claimed_sd", claimed / Double(errors.count), decimals: 2, "deg",
      "the same, mean of what the engine claims")
    figure(
      group + ".coverage", 100 * Double(held) / Double(errors.count), decimals: 1, "%",
      "the same: the truth lies within 1.96 claimed SD")
    if silent > 0 {
      figure(group + ".unclaimed", Double(silent), decimals: 0, "trials", "the same: no uncertainty was claimed")
    }
  }
}

extension TriadModel {
  /// The same triad with noise and wandering alone.
  var withoutConstantErrors: TriadModel {
    var model = self
    model.biasSD = .zero
    model.scaleSD = 0
    model.crossAxisSD = 0
    model.temperatureCoefficientSD = 0
    return model
  }
}

/// Normal deviates of the figures' own, apart from the simulator's.
struct Draws {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D &+ 0x1234_5678 }

  /// SplitMix64.
  private mutating func unit() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }

  mutating func normal() -> Double { (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit()) }

  /// Three deviates of zero mean with these standard deviations.
  mutating func normals(_ sd: Vector3) -> Vector3 { Vector3(sd.x * normal(), sd.y * normal(), sd.z * normal()) }
}
