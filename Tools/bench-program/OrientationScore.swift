import Glibc
import Motion
import Orientation

/// Which method runs, with which parameters.
enum OrientationMethod {
  case complementary
  case kalman
  case accurate(AccurateParameters)
  case offline(AccurateParameters)

  func run(_ recording: TruthRecording) -> [OrientationEstimate] {
    switch self {
    case .complementary: Self.follow(ComplementaryFilter(), recording)
    case .kalman: Self.follow(KalmanFilter(), recording)
    case .accurate(let parameters): Self.follow(AccurateFilter(parameters), recording)
    case .offline(let parameters): Self.smooth(parameters, recording)
    }
  }

  private static func follow<F: OrientationFilter>(_ initial: F, _ recording: TruthRecording) -> [OrientationEstimate] {
    var filter = initial
    var last = recording.rows.first?.time ?? 0
    return recording.rows.map { row in
      defer { last = row.time }
      return filter.update(acceleration: row.acceleration, angularRate: row.angularRate, interval: row.time - last)
    }
  }

  private static func smooth(_ parameters: AccurateParameters, _ recording: TruthRecording) -> [OrientationEstimate] {
    var smoother = OrientationSmoother(parameters)
    var last = recording.rows.first?.time ?? 0
    for row in recording.rows {
      smoother.append(acceleration: row.acceleration, angularRate: row.angularRate, interval: row.time - last)
      last = row.time
    }
    return smoother.finish()
  }
}

/// Errors and claims of one method over one recording, deg.
struct OrientationScore {
  var name: String
  var errors: [Double] = []
  var claims: [Double] = []

  /// - Parameter after: rows before this time are left out, s.
  init(_ recording: TruthRecording, _ method: OrientationMethod, after: Double = 0) {
    name = recording.name
    let estimates = method.run(recording)
    let constant = AccurateParameters().staticTiltSD
    for (row, estimate) in zip(recording.rows, estimates) {
      guard row.isMoving, row.time >= after, let truth = row.truth else { continue }
      let e = estimate.earthFromSensor * truth.conjugate
      errors.append(2 * acos(min((e.w * e.w + e.z * e.z).squareRoot(), 1)) * degreesPerRadian)
      claims.append((estimate.tiltSD * estimate.tiltSD + constant * constant).squareRoot() * degreesPerRadian)
    }
  }

  var rmse: Double { (errors.reduce(0) { $0 + $1 * $1 } / Double(max(errors.count, 1))).squareRoot() }

  /// Share of the errors within 2.448 claimed standard deviations: 95 % of a calibrated claim about two axes.
  var coverage: Double {
    let inside = errors.indices.count { errors[$0] <= 2.448 * claims[$0] }
    return Double(inside) / Double(max(errors.count, 1))
  }
}

extension [OrientationScore] {
  var meanRMSE: Double { map(\.rmse).reduce(0, +) / Double(count) }

  /// Coverage in each fifth of all rows in order of their claim.
  var coverageByFifths: [Double] {
    let rows = flatMap { zip($0.errors, $0.claims) }.sorted { $0.1 < $1.1 }
    return (0..<5).map { fifth in
      let part = rows[(fifth * rows.count / 5)..<((fifth + 1) * rows.count / 5)]
      return Double(part.count { $0.0 <= 2.448 * $0.1 }) / Double(part.count)
    }
  }

  /// Gain in the mean log-likelihood (Rayleigh) over the best constant claim.
  var gain: Double {
    let rows = flatMap { zip($0.errors, $0.claims) }.map { (error: Swift.max($0.0, 1e-3), claim: $0.1) }
    let constant = (rows.reduce(0) { $0 + $1.error * $1.error } / Double(rows.count) / 2).squareRoot()
    func likelihood(_ error: Double, _ sd: Double) -> Double { log(error / (sd * sd)) - error * error / (2 * sd * sd) }
    return rows.reduce(0) { $0 + likelihood($1.error, $1.claim) - likelihood($1.error, constant) } / Double(rows.count)
  }
}
