import ArgumentParser
import Motion
import Pipeline

/// The part of a replay that is shown. The engine runs from the session's start all the same, so that the lines are those of the whole
/// run: the window shows them from the first reading in it to the last one, with what stands between.
struct ReplayWindow: Sendable {
  private let from: Double?
  private let to: Double?
  private var hasBegun: Bool
  /// Everything that follows lies behind the window.
  private(set) var isOver = false

  /// - Parameters:
  ///   - from: session time in seconds; nil for the start.
  ///   - to: likewise; nil for the end.
  init(from: Double?, to: Double?) {
    self.from = from
    self.to = to
    hasBegun = from == nil
  }

  /// When the window opens, s.
  var start: Double { from ?? 0 }

  /// What of the engine's words, which come in order, lies in the window.
  mutating func cut(_ emissions: [Emission]) -> [Emission] {
    if from == nil && to == nil { return emissions }
    var shown: [Emission] = []
    for emission in emissions where !isOver {
      if case .reading(let reading) = emission {
        let time = reading.time.seconds
        if let from, time >= from { hasBegun = true }
        if let to, time > to {
          isOver = true
          break
        }
      }
      // How the sensor sits holds for what is shown, whenever it was found.
      if case .alignment = emission { shown.append(emission) } else if hasBegun { shown.append(emission) }
    }
    return shown
  }
}
