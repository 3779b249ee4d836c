import Motion

/// The smallest change that a repeated measurement can tell from its own noise, with 95 % confidence: MDC.
public struct DetectableChange: Hashable, Sendable {
  /// The name for `--mdc`.
  public let name: String
  /// rad; nil where nothing was published.
  public let angle: Double?
  /// m
  public let distance: Double?
  /// Where it is from, as it is printed.
  public let source: String

  public init(name: String, angle: Double?, distance: Double?, source: String) {
    self.name = name
    self.angle = angle
    self.distance = distance
    self.source = source
  }

  /// What was published. The first one is the default.
  public static let published: [DetectableChange] = [
    DetectableChange(
      name: "powden-2015", angle: 4.7 * radiansPerDegree, distance: 0.019,
      source: "Powden et al. 2015, average of 12 studies, same rater"),
    DetectableChange(
      name: "powden-2015-inter", angle: 4.6 * radiansPerDegree, distance: 0.016,
      source: "Powden et al. 2015, average of 12 studies, different raters"),
    DetectableChange(
      name: "konor-2012", angle: 3.8 * radiansPerDegree, distance: 0.015,
      source: "Konor et al. 2012, one novice rater, 20 healthy people, inclinometer and tape"),
    DetectableChange(
      name: "chisholm-2012", angle: nil, distance: 0.010,
      source: "Chisholm et al. 2012, 53 patients, affected leg, three days apart, tape"),
  ]

  /// Why a person's own MDC cannot be told.
  public enum Obstacle: String, Error, Hashable, Sendable {
    case tooFewSessions =
      "a person's own MDC needs at least two baseline sessions for each of which the sensor was put on anew (--sensor-put-on-anew yes)"
    case tooFewTrials = "a person's own MDC needs at least six baseline trials"
  }

  /// The person's own MDC of a session's mean: from sessions of an unchanged person, each with the sensor put on anew.
  ///
  /// The sessions' means scatter by everything that a session brings anew: MDC = t √2 s, with s their standard deviation and Student's t at 97.5 % for
  /// one degree of freedom fewer than sessions. It is never less than what the trials within the sessions give, t √2 s_within / √n, because
  /// a few sessions can agree by chance.
  ///
  /// - Parameters:
  ///   - sessions: the trials' values of each session, in any unit.
  ///   - trialsPerScore: how many trials a reported mean is over.
  /// - Returns: the MDC in that unit.
  public static func own(sessions: [[Double]], trialsPerScore: Int) throws(Obstacle) -> Double {
    let sessions = sessions.filter { !$0.isEmpty }
    guard sessions.count >= 2 else { throw .tooFewSessions }
    let count = sessions.reduce(0) { $0 + $1.count }
    guard count >= 6 else { throw .tooFewTrials }
    let means = sessions.map(Series.mean)
    let between = Series.standardDeviation(means) ?? 0
    let square = zip(sessions, means).reduce(0.0) { sum, session in
      sum + session.0.reduce(0) { $0 + ($1 - session.1) * ($1 - session.1) }
    }
    let freedom = count - sessions.count
    let within = freedom > 0 ? (square / Double(freedom)).squareRoot() / Double(max(trialsPerScore, 1)).squareRoot() : 0
    return 2.0.squareRoot()
      * max(studentT(sessions.count - 1) * between, freedom > 0 ? studentT(freedom) * within : 0)
  }

  /// The 97.5 % quantile of Student's t: two-sided 95 %.
  ///
  /// Tabulated to 30 degrees of freedom; beyond by the expansion in their inverse (Abramowitz and Stegun 26.7.5), to three decimals.
  public static func studentT(_ freedom: Int) -> Double {
    guard freedom > 0 else { return .infinity }
    guard freedom > table.count else { return table[freedom - 1] }
    let z = 1.959964
    let n = Double(freedom)
    let z3 = z * z * z
    let z5 = z3 * z * z
    return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
  }

  private static let table: [Double] = [
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448,
    2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484,
    2.0452, 2.0423,
  ]

  /// What is said of a change: the only two sentences that there are.
  public static func words(change: Double, mdc: Double) -> String {
    abs(change) > mdc ? "beyond MDC" : "not distinguishable from measurement noise"
  }
}
