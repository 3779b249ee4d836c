import AnkleKinematics
import Export
import LungeTest
import Motion
import Pipeline
import Replay

/// Wall touches as the lunges of a recording: each lunge's end range with the tape's distance that belongs to it.
struct RecordedTouches {
  let configuration: PipelineConfiguration
  private(set) var touches: [WallTouch] = []
  private(set) var notes: [String] = []

  /// - Parameter distances: m, one for each trial in order; nil for a trial that nobody measured.
  /// - Throws: the program's failure, when the lunges do not match the distances or cannot be used.
  init(_ input: SessionInput, distances: [Double?]) throws {
    try checkConventions(input.configuration)
    configuration = input.configuration
    var trials: [Trial] = []
    var explanation = Explanation(configuration)
    do {
      _ = try input.run { emissions, _, _ in
        for emission in emissions {
          _ = explanation.take(emission)
          if case .trial(let trial) = emission, trial.kind == .trial { trials.append(trial) }
        }
        return true
      }
    } catch { throw failure(.badData, "\(input.path): \(error)") }
    guard trials.count == distances.count else {
      throw failure(
        .usage,
        "\(input.path): there are \(trials.count) lunges and \(distances.count) distances: give one for each, "
          + "- for a lunge that nobody measured (talus replay shows them)")
    }
    for (trial, distance) in zip(trials, distances) {
      guard let distance else { continue }
      let reasons = ReasonWords.entries(trial.reasons.subtracting(.mountAssumed)).map(\.sentence).joined(separator: " ")
      guard trial.verdict != .invalid else {
        throw failure(.badData, "lunge \(trial.number) cannot be used: \(reasons) Put - in its place")
      }
      if !reasons.isEmpty { notes.append("lunge \(trial.number): \(reasons)") }
      // What all lunges share goes into the offset; what does not is the touch's own.
      let own = explanation.budget(of: trial)?.endRange.filter { $0.source == .filter || $0.source == .wavering }
      touches.append(
        WallTouch(
          inclination: Uncertain(trial.endRange.value, sd: max(own?.combined ?? 0, WallTouch.inclinationSD)),
          distance: Uncertain(distance, sd: WallTouch.distanceSD)))
    }
  }
}
