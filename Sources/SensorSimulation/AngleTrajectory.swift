import RealModule

/// An angle with its first two derivatives at one instant: rad, rad/s, rad/s².
public struct AngleState: Hashable, Sendable {
  public var value: Double
  public var rate: Double
  public var acceleration: Double

  public init(value: Double, rate: Double, acceleration: Double) {
    self.value = value
    self.rate = rate
    self.acceleration = acceleration
  }
}

/// An angle over time: smooth moves from one resting value to the next, with small oscillations on top (sway, tremor).
///
/// A move follows the polynomial of degree seven whose first three derivatives vanish at both ends, so the whole
/// trajectory has three continuous derivatives: neither angle, rate, acceleration nor jerk ever steps.
public struct AngleTrajectory: Hashable, Sendable {
  /// One move between two resting values, s and rad.
  struct Move: Hashable, Sendable {
    var start: Double
    var duration: Double
    var from: Double
    var to: Double
    var end: Double { start + duration }
  }

  /// `amplitude` · sin(`angularFrequency` · t + `phase`); rad, rad/s, rad.
  struct Oscillation: Hashable, Sendable {
    var amplitude: Double
    var angularFrequency: Double
    var phase: Double
  }

  private(set) var moves: [Move] = []
  var oscillations: [Oscillation] = []
  private let initial: Double

  /// At rest at `initial` (rad).
  init(initial: Double) { self.initial = initial }

  /// Where the moves added so far end, rad.
  var resting: Double { moves.last?.to ?? initial }

  /// Adds a move that begins at `start` (s), not before the last one has ended.
  mutating func move(at start: Double, duration: Double, to target: Double) {
    precondition(duration > 0 && start >= (moves.last?.end ?? start))
    moves.append(Move(start: start, duration: duration, from: resting, to: target))
  }

  /// The angle and its exact derivatives at `time` (s).
  public func state(at time: Double) -> AngleState {
    var state = moveState(at: time)
    for oscillation in oscillations {
      let angle = oscillation.angularFrequency * time + oscillation.phase
      let sine = oscillation.amplitude * Double.sin(angle)
      let cosine = oscillation.amplitude * Double.cos(angle)
      state.value += sine
      state.rate += oscillation.angularFrequency * cosine
      state.acceleration -= oscillation.angularFrequency * oscillation.angularFrequency * sine
    }
    return state
  }

  private func moveState(at time: Double) -> AngleState {
    // The number of moves that have begun.
    var low = 0
    var high = moves.count
    while low < high {
      let middle = (low + high) / 2
      if moves[middle].start <= time { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return AngleState(value: initial, rate: 0, acceleration: 0) }
    let move = moves[low - 1]
    guard time < move.end else { return AngleState(value: move.to, rate: 0, acceleration: 0) }
    let u = (time - move.start) / move.duration
    let v = 1 - u
    let way = move.to - move.from
    // The polynomial is symmetric about its middle: taken from the nearer end, it joins both resting values to the last bit.
    let share = u < 0.5 ? Self.rise(u) : 1 - Self.rise(v)
    return AngleState(
      value: move.from + way * share,
      rate: way * 140 * u * u * u * v * v * v / move.duration,
      acceleration: way * 420 * u * u * v * v * (1 - 2 * u) / (move.duration * move.duration))
  }

  private static func rise(_ u: Double) -> Double {
    u * u * u * u * (35 + u * (-84 + u * (70 - 20 * u)))
  }
}
