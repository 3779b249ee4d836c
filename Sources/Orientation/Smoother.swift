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

  /// The smoothed tilt error against the filter's estimate, rad, and its mean variance about one axis, rad².
  mutating func tilt(_ firstRow: ErrorVector, _ secondRow: ErrorVector) -> (error: (Double, Double), variance: Double) {
    let s = information.mutableSpan
    let first = firstRow.span
    let second = secondRow.span
    let lambda = gradient.span
    var e0 = 0.0
    var e1 = 0.0
    var less = 0.0
    var turned0 = ErrorVector(repeating: 0)
    var turned1 = ErrorVector(repeating: 0)
    var u0 = turned0.mutableSpan
    var u1 = turned1.mutableSpan
    for row in 0..<18 {
      let a = first[unchecked: row]
      let b = second[unchecked: row]
      e0 -= a * lambda[unchecked: row]
      e1 -= b * lambda[unchecked: row]
      for column in 0..<18 {
        let value = s[unchecked: row &* 18 &+ column]
        u0[unchecked: column] += value * a
        u1[unchecked: column] += value * b
      }
    }
    for row in 0..<18 {
      less += u0[unchecked: row] * first[unchecked: row] + u1[unchecked: row] * second[unchecked: row]
    }
    return ((e0, e1), max((first[unchecked: 0] + second[unchecked: 1] - less) * 0.5, 0))
  }

  /// States that were forgotten: what the future says of them says nothing of the time before.
  mutating func unforget(_ states: Range<Int>) {
    var s = information.mutableSpan
    for index in states {
      gradient[index] = 0
      for other in 0..<18 {
        s[unchecked: index &* 18 &+ other] = 0
        s[unchecked: other &* 18 &+ index] = 0
      }
    }
  }

  mutating func unmeasure(_ trace: MeasurementTrace) {
    var s = information.mutableSpan
    let inverse = 1 / trace.innovationVariance
    var turnedStore = ErrorVector(repeating: 0)
    var turned = turnedStore.mutableSpan
    let gains = trace.gain.span
    let state = trace.measurement.state
    var along = 0.0
    var twice = 0.0
    for row in 0..<18 {
      let gain = gains[unchecked: row]
      along += gain * gradient[unchecked: row]
      for column in 0..<18 { turned[unchecked: column] += s[unchecked: row &* 18 &+ column] * gain }
    }
    for row in 0..<18 { twice += gains[unchecked: row] * turned[unchecked: row] }
    gradient[state] -= along + trace.innovation * inverse
    for index in 0..<18 {
      s[unchecked: state &* 18 &+ index] -= turned[unchecked: index]
      s[unchecked: index &* 18 &+ state] -= turned[unchecked: index]
    }
    s[unchecked: state &* 19] += twice + inverse
  }

  /// The same for both axes of the movement at once: with the 18×2 gain K, λ ← λ − Hᵀ (Kᵀ λ + S⁻¹ z), and
  /// Λ ← Λ − Hᵀ (Λ K)ᵀ − Λ K H + Hᵀ (Kᵀ Λ K + S⁻¹) H.
  mutating func unmeasure(_ trace: MovementTrace) {
    var s = information.mutableSpan
    var firstStore = ErrorVector(repeating: 0)
    var secondStore = ErrorVector(repeating: 0)
    var first = firstStore.mutableSpan
    var second = secondStore.mutableSpan
    let g = trace.first.span
    let h = trace.second.span
    let (zx, zy) = trace.innovation
    var x = trace.information.xx * zx + trace.information.xy * zy
    var y = trace.information.xy * zx + trace.information.yy * zy
    for row in 0..<18 {
      let one = g[unchecked: row]
      let two = h[unchecked: row]
      x += one * gradient[unchecked: row]
      y += two * gradient[unchecked: row]
      for column in 0..<18 {
        let value = s[unchecked: row &* 18 &+ column]
        first[unchecked: column] += value * one
        second[unchecked: column] += value * two
      }
    }
    var xx = trace.information.xx
    var xy = trace.information.xy
    var yy = trace.information.yy
    for row in 0..<18 {
      xx += g[unchecked: row] * first[unchecked: row]
      xy += g[unchecked: row] * second[unchecked: row]
      yy += h[unchecked: row] * second[unchecked: row]
    }
    let m = trace.measurement
    // The states of the two rows of H: tilt 1, velocity 0, position 0; tilt 0, velocity 1, position 1.
    let states: InlineArray<6, Int> = [1, 2, 4, 0, 3, 5]
    let weights: InlineArray<6, Double> = [m.pull, m.damping, m.spring, -m.pull, m.damping, m.spring]
    for one in 0..<6 {
      let state = states[one]
      let weight = weights[one]
      gradient[unchecked: state] -= weight * (one < 3 ? x : y)
      for index in 0..<18 {
        let part = weight * (one < 3 ? first[unchecked: index] : second[unchecked: index])
        s[unchecked: state &* 18 &+ index] -= part
        s[unchecked: index &* 18 &+ state] -= part
      }
      for other in 0..<6 {
        let own = one < 3 ? (other < 3 ? xx : xy) : (other < 3 ? xy : yy)
        s[unchecked: state &* 18 &+ states[other]] += weight * weights[other] * own
      }
    }
  }

  mutating func unpredict(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {
    var s = information.mutableSpan
    let half = pull * 0.5
    let halfTime = time * 0.5
    // From the left, row by row.
    let first = sensitivity.first.span
    let second = sensitivity.second.span
    var left0 = ErrorVector(repeating: 0)
    var left1 = ErrorVector(repeating: 0)
    var c0 = left0.mutableSpan
    var c1 = left1.mutableSpan
    for column in 0..<18 {
      let w0 = s[unchecked: 36 &+ column] + halfTime * s[unchecked: 72 &+ column]
      let w1 = s[unchecked: 54 &+ column] + halfTime * s[unchecked: 90 &+ column]
      c0[unchecked: column] = s[unchecked: column] - half * w1
      c1[unchecked: column] = s[unchecked: 18 &+ column] + half * w0
      s[unchecked: column] -= pull * w1
      s[unchecked: 18 &+ column] += pull * w0
      s[unchecked: 36 &+ column] += time * s[unchecked: 72 &+ column]
      s[unchecked: 54 &+ column] += time * s[unchecked: 90 &+ column]
    }
    for index in 0..<12 {
      let a = first[unchecked: index]
      let b = second[unchecked: index]
      for column in 0..<18 {
        s[unchecked: (6 &+ index) &* 18 &+ column] += a * c0[unchecked: column] + b * c1[unchecked: column]
      }
    }
    // From the right, within each row; and the gradient as one more.
    for row in 0..<18 {
      let w0 = s[unchecked: row &* 18 &+ 2] + halfTime * s[unchecked: row &* 18 &+ 4]
      let w1 = s[unchecked: row &* 18 &+ 3] + halfTime * s[unchecked: row &* 18 &+ 5]
      let d0 = s[unchecked: row &* 18] - half * w1
      let d1 = s[unchecked: row &* 18 &+ 1] + half * w0
      s[unchecked: row &* 18] -= pull * w1
      s[unchecked: row &* 18 &+ 1] += pull * w0
      s[unchecked: row &* 18 &+ 2] += time * s[unchecked: row &* 18 &+ 4]
      s[unchecked: row &* 18 &+ 3] += time * s[unchecked: row &* 18 &+ 5]
      for index in 0..<12 {
        s[unchecked: row &* 18 &+ 6 &+ index] +=
          first[unchecked: index] * d0 + second[unchecked: index] * d1
      }
    }
    let w0 = gradient[2] + halfTime * gradient[4]
    let w1 = gradient[3] + halfTime * gradient[5]
    let d0 = gradient[0] - half * w1
    let d1 = gradient[1] + half * w0
    gradient[0] -= pull * w1
    gradient[1] += pull * w0
    gradient[2] += time * gradient[4]
    gradient[3] += time * gradient[5]
    for index in 0..<12 {
      gradient[unchecked: 6 &+ index] +=
        first[unchecked: index] * d0 + second[unchecked: index] * d1
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

  private struct Sample {
    var acceleration: Vector3?
    var angularRate: Vector3?
    var interval: Double
  }

  private let parameters: AccurateParameters
  private var samples: [Sample] = []

  /// - Parameter parameters: as for the filter.
  public init(_ parameters: AccurateParameters = AccurateParameters()) {
    self.parameters = parameters
  }

  /// Takes the next sample; see `OrientationFilter.update`.
  public mutating func append(acceleration: Vector3?, angularRate: Vector3?, interval: Double) {
    samples.append(Sample(acceleration: acceleration, angularRate: angularRate, interval: interval))
  }

  /// One estimate for every sample that was appended.
  public consuming func finish() -> [OrientationEstimate] {
    var out: [OrientationEstimate] = []
    out.reserveCapacity(samples.count)
    var tape = StepTape()
    var filter = AccurateFilter(parameters)
    var rows: [Row] = []
    rows.reserveCapacity(samples.count)
    for sample in samples {
      let estimate = filter.update(
        acceleration: sample.acceleration, angularRate: sample.angularRate, interval: sample.interval, recorder: &tape)
      rows.append(Row(estimate: estimate, step: tape.steps.count, share: filter.shareOfStep))
    }
    var back = BackwardInformation()
    // Smoothed error after each step, and before its correction.
    var after = [(error: (Double, Double), variance: Double)](
      repeating: ((0, 0), 0), count: tape.steps.count)
    for index in tape.steps.indices.reversed() {
      let step = tape.steps[index]
      after[index] = back.tilt(step.first, step.second)
      if step.movement >= 0 { back.unmeasure(tape.movements[step.movement]) }
      let start = index == 0 ? 0 : tape.steps[index - 1].tracesEnd
      for trace in stride(from: step.tracesEnd - 1, through: start, by: -1) { back.unmeasure(tape.traces[trace]) }
      if step.forgotPosition { back.unforget(4..<6) }
      back.unpredict(step.sensitivity, pull: step.pull, time: step.time)
      if step.brokenFrom < 6 { back.unforget(step.brokenFrom..<6) }
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
      // Nothing leads over a break.
      let earlier = row.step == 0 || tape.steps[next].brokenFrom < 6 ? later : after[row.step - 1].error
      let isLast = row.step == tape.steps.count
      let share = isLast ? 0 : row.share
      let tilt = Vector3(
        earlier.0 + (later.0 - earlier.0) * share, earlier.1 + (later.1 - earlier.1) * share, 0)
      estimate.earthFromSensor = (Quaternion(rotationVector: tilt) * estimate.earthFromSensor).normalized
      let before = row.step == 0 ? after[0].variance : after[row.step - 1].variance
      estimate.tiltSD = (before + (after[next].variance - before) * share).squareRoot() * parameters.smootherClaimShare
      estimate.isConverged = true
      out.append(estimate)
    }
    return out
  }
}
