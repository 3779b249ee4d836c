import AnkleKinematics
import Motion

/// What the trials of one side under one condition come to. Angles in rad.
///
/// The mean is taken over the first three valid trials, the commonest rule of the lunge test's literature (Bennell and others 1998). Where no trial is
/// valid (an assumed mount makes every trial doubtful) it is taken over the first three that are not invalid, and `basis` says so.
public struct SeriesStatistics: Hashable, Sendable {
  /// Which trials the mean is taken over.
  public enum Basis: String, Hashable, Sendable, CaseIterable {
    case valid
    case attention
    case none
  }

  public let basis: Basis
  /// Numbers of the trials that the mean is taken over.
  public let basisTrials: [Int]
  /// Their mean end range with its standard uncertainty; nil without any.
  public let mean: Uncertain?
  /// Standard deviation between them (n − 1); nil for fewer than two.
  public let trialSD: Double?
  /// Greatest end range among all trials of the basis' verdict; nil without any.
  public let best: Double?
  /// The knee-to-wall-equivalent distance of the mean, m; nil without body lengths.
  public let kneeToWall: Uncertain?

  /// - Parameter trials: of one side, one condition, one zero convention and one placement; movements that are no trials are left out.
  public init(_ trials: some Sequence<Trial>, bodyLengths: BodyLengths?) {
    let counted = trials.filter { $0.kind == .trial }
    let valid = counted.filter { $0.verdict == .valid }
    let usable = valid.isEmpty ? counted.filter { $0.verdict != .invalid } : valid
    basis = usable.isEmpty ? .none : valid.isEmpty ? .attention : .valid
    let used = usable.prefix(3)
    basisTrials = used.map(\.number)
    best = usable.map(\.endRange.value).max()
    guard !used.isEmpty else {
      mean = nil
      trialSD = nil
      kneeToWall = nil
      return
    }
    let count = Double(used.count)
    let average = used.reduce(0) { $0 + $1.endRange.value } / count
    // What a trial is uncertain by is mostly the same in all of them (the sensor's constant error, the mount): it does not average away.
    let common = used.reduce(0) { $0 + $1.endRange.sd } / count
    var random = 0.0
    if used.count >= 2 {
      let square = used.reduce(0) { $0 + ($1.endRange.value - average) * ($1.endRange.value - average) }
      let sd = (square / (count - 1)).squareRoot()
      trialSD = sd
      random = sd / count.squareRoot()
    } else {
      trialSD = nil
    }
    let mean = Uncertain(average, sd: (common * common + random * random).squareRoot())
    self.mean = mean
    kneeToWall = bodyLengths?.kneeToWall(inclination: mean)
  }
}
