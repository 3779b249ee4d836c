import Motion

/// The way back over a recorded run: Bryson and Frazier's smoother in the form of Bierman (Factorization Methods for Discrete Sequential
/// Estimation, 1977), which needs no inverse of the covariance.
///
/// With λ and Λ the gradient and the information that the future holds, a measurement (h, gain K, innovation z, its variance s) goes
/// λ ← λ − h (K·λ + z/s) and Λ ← (I − K hᵀ)ᵀ Λ (I − K hᵀ) + h hᵀ/s, a step goes λ ← Fᵀ λ and Λ ← Fᵀ Λ F, and the smoothed error is
/// −P λ with covariance P − P Λ P. Only its tilt part is worked out.
struct BackwardInformation {
  private var gradient = ErrorVector(repeating: 0)
  private var information = InlineArray<324, Double>(repeating: 0)

  @inline(__always)
  private subscript(row: Int, column: Int) -> Double {
    get { information[unchecked: row &* 18 &+ column] }
    set { information[unchecked: row &* 18 &+ column] = newValue }
  }

  /// The smoothed tilt error against the filter's estimate, rad, and its mean variance about one axis, rad².
  func tilt(_ first: ErrorVector, _ second: ErrorVector) -> (error: (Double, Double), variance: Double) {
    var e0 = 0.0
    var e1 = 0.0
    var less = 0.0
    for row in 0..<18 {
      e0 -= first[unchecked: row] * gradient[unchecked: row]
      e1 -= second[unchecked: row] * gradient[unchecked: row]
      var u0 = 0.0
      var u1 = 0.0
      for column in 0..<18 {
        let value = self[row, column]
        u0 += value * first[unchecked: column]
        u1 += value * second[unchecked: column]
      }
      less += u0 * first[unchecked: row] + u1 * second[unchecked: row]
    }
    return ((e0, e1), max((first[0] + second[1] - less) * 0.5, 0))
  }

  mutating func unforget(_ first: Int) {
    for index in first..<(first + 2) {
      gradient[index] = 0
      for other in 0..<18 {
        self[index, other] = 0
        self[other, index] = 0
      }
    }
  }

  mutating func unmeasure(_ trace: MeasurementTrace) {
    let inverse = 1 / trace.innovationVariance
    var turned = ErrorVector(repeating: 0)
    var along = 0.0
    var twice = 0.0
    for row in 0..<18 {
      var sum = 0.0
      for column in 0..<18 { sum += self[row, column] * trace.gain[unchecked: column] }
      turned[unchecked: row] = sum
      along += trace.gain[unchecked: row] * gradient[unchecked: row]
      twice += trace.gain[unchecked: row] * sum
    }
    let push = along + trace.innovation * inverse
    let own = twice + inverse
    let (i, j, k) = trace.measurement.states
    let (a, b, c) = trace.measurement.coefficients
    let states: InlineArray<3, Int> = [i, j, k]
    let weights: InlineArray<3, Double> = [a, b, c]
    for one in 0..<3 {
      let state = states[one]
      let weight = weights[one]
      gradient[state] -= weight * push
      for index in 0..<18 {
        let part = weight * turned[unchecked: index]
        self[state, index] -= part
        self[index, state] -= part
      }
      for other in 0..<3 { self[state, states[other]] += weight * weights[other] * own }
    }
  }

  mutating func unpredict(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {
    let map = TransposedStep(sensitivity: sensitivity, half: pull * 0.5, time: time)
    map.apply(to: &gradient)
    for column in 0..<18 {
      var values = ErrorVector(repeating: 0)
      for row in 0..<18 { values[unchecked: row] = self[row, column] }
      map.apply(to: &values)
      for row in 0..<18 { self[row, column] = values[unchecked: row] }
    }
    for row in 0..<18 {
      var values = ErrorVector(repeating: 0)
      for column in 0..<18 { values[unchecked: column] = self[row, column] }
      map.apply(to: &values)
      for column in 0..<18 { self[row, column] = values[unchecked: column] }
    }
  }
}

/// Fᵀ of `TiltCovariance.predict`.
private struct TransposedStep {
  let sensitivity: TiltSensitivity
  let half: Double
  let time: Double

  @inline(__always)
  func apply(to x: inout ErrorVector) {
    let w0 = x[2] + time * 0.5 * x[4]
    let w1 = x[3] + time * 0.5 * x[5]
    let c0 = x[0] - half * w1
    let c1 = x[1] + half * w0
    x[0] -= 2 * half * w1
    x[1] += 2 * half * w0
    x[2] += time * x[4]
    x[3] += time * x[5]
    for index in 0..<12 {
      x[unchecked: 6 &+ index] +=
        sensitivity.first[unchecked: index] * c0 + sensitivity.second[unchecked: index] * c1
    }
  }
}

/// The orientation of a whole record, from past and future: the `accurate` filter forward, and what the future adds on the way back.
public struct OrientationSmoother {
  private struct Row {
    var estimate: OrientationEstimate
    /// How many steps ended before it, and how far it stands into the next, 0...1.
    var step: Int
    var share: Double
  }

  private var filter: AccurateFilter
  private var tape = StepTape()
  private var rows: [Row] = []

  public init(_ parameters: AccurateParameters = AccurateParameters()) {
    filter = AccurateFilter(parameters)
  }

  /// Takes the next sample; see `OrientationFilter.update`.
  public mutating func append(acceleration: Vector3?, angularRate: Vector3?, interval: Double) {
    let estimate = filter.update(
      acceleration: acceleration, angularRate: angularRate, interval: interval, recorder: &tape)
    rows.append(Row(estimate: estimate, step: tape.steps.count, share: filter.shareOfStep))
  }

  /// One estimate for every sample that was appended.
  public consuming func finish() -> [OrientationEstimate] {
    var out: [OrientationEstimate] = []
    out.reserveCapacity(rows.count)
    var back = BackwardInformation()
    // Smoothed error after each step, and before its correction.
    var after = [(error: (Double, Double), variance: Double)](
      repeating: ((0, 0), 0), count: tape.steps.count)
    for index in tape.steps.indices.reversed() {
      let step = tape.steps[index]
      after[index] = back.tilt(step.first, step.second)
      let start = index == 0 ? 0 : tape.steps[index - 1].eventsEnd
      for event in tape.events[start..<step.eventsEnd].reversed() {
        switch event {
        case .measured(let trace): back.unmeasure(trace)
        case .forgot(let first): back.unforget(first)
        case .predicted(let sensitivity, let pull, let time): back.unpredict(sensitivity, pull: pull, time: time)
        }
      }
    }
    for row in rows {
      var estimate = row.estimate
      guard !tape.steps.isEmpty else {
        out.append(estimate)
        continue
      }
      let next = min(row.step, tape.steps.count - 1)
      let ending = tape.steps[next].change
      let later = (after[next].error.0 + ending.0, after[next].error.1 + ending.1)
      let earlier = row.step == 0 ? later : after[row.step - 1].error
      let isLast = row.step == tape.steps.count
      let share = isLast ? 0 : row.share
      let tilt = Vector3(
        earlier.0 + (later.0 - earlier.0) * share, earlier.1 + (later.1 - earlier.1) * share, 0)
      estimate.earthFromSensor = (Quaternion(rotationVector: tilt) * estimate.earthFromSensor).normalized
      let before = row.step == 0 ? after[0].variance : after[row.step - 1].variance
      estimate.tiltSD = (before + (after[next].variance - before) * share).squareRoot()
      estimate.isConverged = true
      out.append(estimate)
    }
    return out
  }
}
