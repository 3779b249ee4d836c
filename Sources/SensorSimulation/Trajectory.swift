import RealModule

/// A quantity with its first two derivatives at one instant, in its unit: rad for an angle, m for a displacement.
public struct TrajectoryState: Hashable, Sendable {
  public var value: Double
  public var rate: Double
  public var acceleration: Double

  public init(value: Double, rate: Double, acceleration: Double) {
    self.value = value
    self.rate = rate
    self.acceleration = acceleration
  }

  /// At rest.
  public static func constant(_ value: Double) -> TrajectoryState {
    TrajectoryState(value: value, rate: 0, acceleration: 0)
  }

  static func + (a: TrajectoryState, b: TrajectoryState) -> TrajectoryState {
    TrajectoryState(value: a.value + b.value, rate: a.rate + b.rate, acceleration: a.acceleration + b.acceleration)
  }

  static func * (factor: Double, state: TrajectoryState) -> TrajectoryState {
    TrajectoryState(value: factor * state.value, rate: factor * state.rate, acceleration: factor * state.acceleration)
  }
}

/// An angle or a displacement over time: smooth moves from one resting value to the next, with small oscillations
/// (sway, tremor) and dying ones (the jolt of a knock) on top.
///
/// A move follows the polynomial of degree seven whose first three derivatives vanish at both ends, or goes at an even
/// rate with soft ends; a jolt begins with three vanishing derivatives. So the whole trajectory has three continuous
/// derivatives: neither angle, rate, acceleration nor jerk ever steps.
public struct Trajectory: Hashable, Sendable {
  /// One move between two resting values, s and the unit of the quantity.
  struct Move: Hashable, Sendable {
    var start: Double
    var duration: Double
    var from: Double
    var to: Double
    /// How long an even move takes to reach its rate and to lose it; nil for a move by the polynomial alone.
    var blend: Double?
    var end: Double { start + duration }
  }

  /// `amplitude` · (1 − e^(−t/ε))³ · e^(−`decay`·t) · sin(`angularFrequency` · t) from `start` on, with an onset ε of 2 ms: what
  /// a body on soft tissue does after a knock.
  struct Jolt: Hashable, Sendable {
    var start: Double
    var amplitude: Double
    var angularFrequency: Double
    var decay: Double
  }

  /// `amplitude` · sin(`angularFrequency` · t + `phase`); rad, rad/s, rad.
  struct Oscillation: Hashable, Sendable {
    var amplitude: Double
    var angularFrequency: Double
    var phase: Double
  }

  private(set) var moves: [Move] = []
  var jolts: [Jolt] = []
  var oscillations: [Oscillation] = []
  private let initial: Double

  /// At rest at `initial`.
  init(initial: Double = 0) { self.initial = initial }

  /// Where the moves added so far end.
  var resting: Double { moves.last?.to ?? initial }

  /// Adds a move that begins at `start` (s), not before the last one has ended. With a `blend` (s, at most half of the duration)
  /// it goes at an even rate but for that long at both ends.
  mutating func move(at start: Double, duration: Double, to target: Double, blend: Double? = nil) {
    // Times that were summed in another order may differ by a rounding: a move that begins so little too early begins where the last ended.
    let ended = moves.last?.end ?? start
    precondition(duration > 0 && start >= ended - 1e-6 && (blend ?? 0) <= duration / 2)
    moves.append(Move(start: max(start, ended), duration: duration, from: resting, to: target, blend: blend))
  }

  /// The value and its exact derivatives at `time` (s).
  public func state(at time: Double) -> TrajectoryState {
    var state = moveState(at: time)
    for oscillation in oscillations {
      let angle = oscillation.angularFrequency * time + oscillation.phase
      let sine = oscillation.amplitude * Double.sin(angle)
      let cosine = oscillation.amplitude * Double.cos(angle)
      state.value += sine
      state.rate += oscillation.angularFrequency * cosine
      state.acceleration -= oscillation.angularFrequency * oscillation.angularFrequency * sine
    }
    for jolt in jolts where jolt.start < time && time < jolt.start + 20 / jolt.decay {
      state = state + Self.state(of: jolt, at: time - jolt.start)
    }
    return state
  }

  private static func state(of jolt: Jolt, at time: Double) -> TrajectoryState {
    var state = TrajectoryState.constant(0)
    let sine = Double.sin(jolt.angularFrequency * time)
    let cosine = Double.cos(jolt.angularFrequency * time)
    // The cube written out: four dying oscillations whose sum begins softly.
    for (order, binomial) in [1.0, -3, 3, -1].enumerated() {
      let decay = jolt.decay + Double(order) / 0.002
      let envelope = jolt.amplitude * binomial * Double.exp(-decay * time)
      let frequency = jolt.angularFrequency
      state.value += envelope * sine
      state.rate += envelope * (frequency * cosine - decay * sine)
      state.acceleration += envelope * ((decay * decay - frequency * frequency) * sine - 2 * decay * frequency * cosine)
    }
    return state
  }

  private func moveState(at time: Double) -> TrajectoryState {
    // The number of moves that have begun.
    var low = 0
    var high = moves.count
    while low < high {
      let middle = (low + high) / 2
      if moves[middle].start <= time { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return .constant(initial) }
    let move = moves[low - 1]
    guard time < move.end else { return .constant(move.to) }
    if let blend = move.blend { return Self.evenState(of: move, blend: blend, at: time) }
    let u = (time - move.start) / move.duration
    let v = 1 - u
    let way = move.to - move.from
    // The polynomial is symmetric about its middle: taken from the nearer end, it joins both resting values to the last bit.
    let share = u < 0.5 ? Self.rise(u) : 1 - Self.rise(v)
    return TrajectoryState(
      value: move.from + way * share,
      rate: way * 140 * u * u * u * v * v * v / move.duration,
      acceleration: way * 420 * u * u * v * v * (1 - 2 * u) / (move.duration * move.duration))
  }

  /// A move at an even rate: the rate rises by the polynomial of degree five whose first two derivatives vanish at both
  /// ends, stays, and falls in the same way.
  private static func evenState(of move: Move, blend: Double, at time: Double) -> TrajectoryState {
    let rate = (move.to - move.from) / (move.duration - blend)
    let (begun, left) = (time - move.start, move.end - time)
    if begun >= blend && left >= blend {
      return TrajectoryState(value: move.from + rate * (begun - blend / 2), rate: rate, acceleration: 0)
    }
    let isEnd = left < begun
    let u = (isEnd ? left : begun) / blend
    let way = rate * blend * u * u * u * u * (2.5 + u * (u - 3))
    let slope = rate * 30 * u * u * (1 - u) * (1 - u) / blend
    return TrajectoryState(
      value: isEnd ? move.to - way : move.from + way, rate: rate * u * u * u * (10 + u * (6 * u - 15)),
      acceleration: isEnd ? -slope : slope)
  }

  private static func rise(_ u: Double) -> Double {
    u * u * u * u * (35 + u * (-84 + u * (70 - 20 * u)))
  }
}
