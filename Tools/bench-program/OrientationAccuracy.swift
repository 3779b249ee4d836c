import DecimalText
import Glibc
import Motion
import Orientation
import SensorSimulation

/// Accuracy, claims and cost of the filters on recordings with optical truth, on a walking shank, and with a cheap sensor.
///
/// The error is the angle between the estimated and the true vertical, over the rows that the truth marks as moving; the root mean square of
/// each trial, then the plain mean over trials: the definition of the BROAD benchmark.
enum OrientationAccuracy {
  /// - Parameter part: only this: accuracy, cost, sensitivity or cheap; nil: all.
  static func run(folder: String, shank: String?, delay: Double, part: String?) {
    let whole = TruthRecording.folder(folder, delay: delay)
    guard !whole.isEmpty else {
      print("orientation.accuracy skipped: no *.imu.csv in \(folder)")
      return
    }
    if part == nil || part == "accuracy" {
      everyAccuracy(whole, folder, delay)
      if let shank { walks(shank) }
    }
    if part == nil || part == "cost" { cost(whole) }
    if part == nil || part == "sensitivity" {
      sensitivity(whole)
      crossValidation(whole)
    }
    if part == nil || part == "cheap" { cheapSensor() }
  }

  private static func everyAccuracy(_ whole: [TruthRecording], _ folder: String, _ delay: Double) {
    let usual = AccurateParameters()
    accuracy(whole, "complementary", .complementary)
    accuracy(whole, "kalman", .kalman)
    let streaming = accuracy(whole, "accurate", .accurate(usual), claims: true)
    let offline = accuracy(whole, "offline", .offline(usual), claims: true)
    for (one, other) in zip(streaming, offline) {
      print("# trial \(one.name) \(fixed(one.rmse, 4)) \(fixed(other.rmse, 4)) deg, streaming and offline")
    }
    for (decimation, rate) in [(6, "47Hz"), (12, "24Hz"), (28, "10Hz")] {
      let slow = TruthRecording.folder(folder, decimation: decimation, delay: delay)
      accuracy(slow, "accurate.\(rate)", .accurate(usual), claims: true)
      accuracy(slow, "offline.\(rate)", .offline(usual), claims: true)
    }
    // A radio that loses one packet of three rows in thirty: the receiver leaves them out, or sends the row before again.
    for (name, lost) in [("lost", whole.map { $0.losing() }), ("held", whole.map { $0.holding() })] {
      accuracy(lost, "accurate.\(name)", .accurate(usual), claims: true)
      accuracy(lost, "offline.\(name)", .offline(usual))
    }
  }

  private static func walks(_ folder: String) {
    let usual = AccurateParameters()
    for name in list(folder).filter({ $0.hasSuffix(".csv") }).sorted() {
      let walk = ShankWalk(numberTable(folder + "/" + name), name: String(name.dropLast(4)))
      let what = "tilt of a walking shank after one fitted axis and lag, \(name)"
      figure("orientation.shank.\(walk.name).accurate", walk.rmse(.accurate(usual)), decimals: 4, "deg", what)
      figure("orientation.shank.\(walk.name).offline", walk.rmse(.offline(usual)), decimals: 4, "deg", what)
      figure(
        "orientation.shank.\(walk.name).accurate.standing", walk.worstStanding(.accurate(usual)), decimals: 3, "deg",
        "estimated vertical from the felt one while the person stands before the walk, the largest mean over a second")
    }
  }

  @discardableResult
  private static func accuracy(
    _ recordings: [TruthRecording], _ name: String, _ method: OrientationMethod, claims: Bool = false
  ) -> [OrientationScore] {
    let scores = recordings.map { OrientationScore($0, method) }
    let each = scores.map(\.rmse)
    let mean = scores.meanRMSE
    let spread = (each.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(each.count - 1, 1))).squareRoot()
    let what =
      "mean of \(each.count) trials, SD over trials \(fixed(spread, 3)), best \(fixed(each.min()!, 3)), worst \(fixed(each.max()!, 3))"
    figure("orientation.\(name).inclination_rmse", mean, decimals: 4, "deg", what)
    if claims {
      let covered = scores.map(\.coverage)
      let fifths = scores.coverageByFifths.map { fixed($0, 3) }.joined(separator: " ")
      figure(
        "orientation.\(name).coverage95", covered.reduce(0, +) / Double(covered.count), decimals: 3, "share",
        "errors within 2.448 claimed SD; lowest trial \(fixed(covered.min()!, 3)), by fifths of the claim \(fifths)")
      figure(
        "orientation.\(name).likelihood_gain", scores.gain, decimals: 3, "nat",
        "mean log-likelihood of the claims above that of the best constant one")
    }
    return scores
  }

  /// What a filter takes, and nothing that only the score needs: a peer's batch call reads packed arrays, too.
  private struct Row {
    var acceleration: Vector3?
    var angularRate: Vector3
    var interval: Double
  }

  private static func follow<F: OrientationFilter>(
    _ initial: F, _ recordings: [[Row]], into estimates: inout [OrientationEstimate]
  ) {
    for rows in recordings {
      var filter = initial
      for index in rows.indices {
        estimates[index] = filter.update(
          acceleration: rows[index].acceleration, angularRate: rows[index].angularRate, interval: rows[index].interval)
      }
    }
  }

  /// Processor time a row over all recordings, the median of five passes.
  private static func cost(_ recordings: [TruthRecording]) {
    let count = recordings.reduce(0) { $0 + $1.rows.count }
    let packed = recordings.map { recording in
      zip(recording.rows, [recording.rows[0].time] + recording.rows.map(\.time)).map { row, last in
        Row(acceleration: row.acceleration, angularRate: row.angularRate, interval: row.time - last)
      }
    }
    let none = OrientationEstimate(earthFromSensor: .identity, tiltSD: 0, isConverged: false)
    var estimates = [OrientationEstimate](repeating: none, count: packed.map(\.count).max() ?? 0)
    let times = [
      ("complementary", median(of: 5) { follow(ComplementaryFilter(), packed, into: &estimates) }),
      ("kalman", median(of: 5) { follow(KalmanFilter(), packed, into: &estimates) }),
      ("accurate", median(of: 5) { follow(AccurateFilter(), packed, into: &estimates) }),
      (
        "offline",
        median(of: 5) {
          for rows in packed {
            var smoother = OrientationSmoother()
            for row in rows {
              smoother.append(
                acceleration: row.acceleration, angularRate: row.angularRate, interval: row.interval)
            }
            keep(smoother.finish())
          }
        }
      ),
    ]
    for (name, time) in times {
      figure("orientation.\(name).time", time / Double(count), "ns/sample", "over \(count) samples, median of 5")
    }
  }

  private static var knobs: [(String, WritableKeyPath<AccurateParameters, Double>)] {
    [
      ("confinement", \.confinement), ("correlationTime", \.correlationTime), ("adaptationTime", \.adaptationTime),
      ("accelerationNoise", \.accelerationNoise), ("rateNoise", \.rateNoise), ("rateShare", \.rateShare),
      ("biasWalk", \.biasWalk), ("initialBiasSD", \.initialBiasSD), ("scaleSD", \.scaleSD),
      ("accelerometerLead", \.accelerometerLead), ("stepTime", \.stepTime), ("positionSD", \.positionSD),
      ("reach", \.reach), ("meanTime", \.meanTime), ("restTime", \.restTime),
      ("smootherCorrelation", \.smootherCorrelation),
    ]
  }

  private static func mean(_ recordings: [TruthRecording], _ method: OrientationMethod) -> Double {
    recordings.map { OrientationScore($0, method) }.meanRMSE
  }

  private static func sensitivity(_ recordings: [TruthRecording]) {
    for (name, path) in knobs {
      var half = AccurateParameters()
      var twice = half
      half[keyPath: path] *= 0.5
      twice[keyPath: path] *= 2
      let values = [half, twice].map { [mean(recordings, .accurate($0)), mean(recordings, .offline($0))] }
      print(
        "orientation.sensitivity.\(name) \(fixed(values[0][0], 4)) \(fixed(values[1][0], 4)) \(fixed(values[0][1], 4)) \(fixed(values[1][1], 4)) deg (streaming halved, doubled; offline halved, doubled)"
      )
    }
  }

  /// What choosing parameters on these trials is worth: on each trial, the choice that is best on all the others.
  private static func crossValidation(_ recordings: [TruthRecording]) {
    var candidates = [AccurateParameters()]
    for (_, path) in knobs {
      for factor in [0.5, 2.0] {
        var one = AccurateParameters()
        one[keyPath: path] *= factor
        candidates.append(one)
      }
    }
    let table = candidates.map { candidate in recordings.map { OrientationScore($0, .accurate(candidate)).rmse } }
    var sum = 0.0
    for held in recordings.indices {
      func others(_ row: [Double]) -> Double { row.reduce(0, +) - row[held] }
      sum += table.min { others($0) < others($1) }![held]
    }
    let best = table.map { $0.reduce(0, +) / Double(recordings.count) }.min()!
    figure(
      "orientation.accurate.cross_validated", sum / Double(recordings.count), decimals: 4, "deg",
      "every trial with the one of \(candidates.count) parameter sets that is best on the others; best in sample \(fixed(best, 4))"
    )
  }

  /// The same lunges by a good chip and by an MPU-6050, both without their accelerometer's constant errors.
  private static func cheapSensor() {
    var means: [Double] = []
    for (name, chip) in [("lsm6dso", SensorModel.lsm6dso), ("mpu6050", .mpu6050)] {
      var scores: [OrientationScore] = []
      for seed in 1...60 as ClosedRange<UInt64> {
        var plan = SessionPlan.anyone(seed: 5000 + seed)
        plan.sensor = chip
        plan.sensor.accelerometer = plan.sensor.accelerometer.withoutConstantErrors
        guard let session = try? SimulatedSession(plan) else { give(up: "seed \(seed) makes no session") }
        let rows = zip(session.truth, session.samples).map { truth, sample in
          TruthRecording.Row(
            time: truth.time.seconds, acceleration: sample.flags.contains(.saturated) ? nil : sample.acceleration,
            angularRate: sample.angularRate, truth: truth.earthFromSegment * plan.shankFromSensor)
        }
        scores.append(
          OrientationScore(
            TruthRecording(name: "\(seed)", rows: rows), .accurate(AccurateParameters()), after: 1.5))
      }
      means.append(scores.meanRMSE)
      figure(
        "orientation.simulated.\(name)", scores.meanRMSE, decimals: 4, "deg",
        "streaming, 60 simulated lunge sessions from 1.5 s on; worst session \(fixed(scores.map(\.rmse).max()!, 3)), covered \(fixed(scores.map(\.coverage).reduce(0, +) / 60, 3))"
      )
    }
    figure(
      "orientation.simulated.ratio", means[1] / means[0], decimals: 2, "",
      "MPU-6050 over LSM6DSO, both without constant errors of the accelerometer; asked for: 1.5, and its accelerometer bias"
    )
  }
}
