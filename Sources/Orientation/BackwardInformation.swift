import Motion

/// The way back over a recorded run: Bryson and Frazier's smoother in the form of Bierman (Factorization Methods for Discrete Sequential
/// Estimation, 1977), which needs no inverse of the covariance.
///
/// With λ and Λ the gradient and the information that the future holds, a measurement (h, gain K, innovation z, its variance s) goes
/// λ ← λ − h (K·λ + z/s) and Λ ← (I − K hᵀ)ᵀ Λ (I − K hᵀ) + h hᵀ/s, a step goes λ ← Fᵀ λ and Λ ← Fᵀ Λ F, and the smoothed error is
/// −P λ with covariance P − P Λ P. Only its tilt part is worked out.
struct BackwardInformation {
  private var gradient = ErrorVector(repeating: 0)
  private var information = ErrorMatrix(repeating: 0)

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
    for row in 0..<ErrorState.count {
      let a = first[unchecked: row]
      let b = second[unchecked: row]
      e0 -= a * lambda[unchecked: row]
      e1 -= b * lambda[unchecked: row]
      for column in 0..<ErrorState.count {
        let value = s[unchecked: row &* ErrorState.count &+ column]
        u0[unchecked: column] += value * a
        u1[unchecked: column] += value * b
      }
    }
    for row in 0..<ErrorState.count {
      less += u0[unchecked: row] * first[unchecked: row] + u1[unchecked: row] * second[unchecked: row]
    }
    return ((e0, e1), max((first[unchecked: 0] + second[unchecked: 1] - less) * 0.5, 0))
  }

  /// States that were forgotten: what the future says of them says nothing of the time before.
  mutating func unforget(_ states: Range<Int>) {
    var s = information.mutableSpan
    for index in states {
      gradient[index] = 0
      for other in 0..<ErrorState.count {
        s[unchecked: index &* ErrorState.count &+ other] = 0
        s[unchecked: other &* ErrorState.count &+ index] = 0
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
    for row in 0..<ErrorState.count {
      let gain = gains[unchecked: row]
      along += gain * gradient[unchecked: row]
      for column in 0..<ErrorState.count {
        turned[unchecked: column] += s[unchecked: row &* ErrorState.count &+ column] * gain
      }
    }
    for row in 0..<ErrorState.count { twice += gains[unchecked: row] * turned[unchecked: row] }
    gradient[state] -= along + trace.innovation * inverse
    for index in 0..<ErrorState.count {
      s[unchecked: state &* ErrorState.count &+ index] -= turned[unchecked: index]
      s[unchecked: index &* ErrorState.count &+ state] -= turned[unchecked: index]
    }
    s[unchecked: state &* (ErrorState.count &+ 1)] += twice + inverse
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
    for row in 0..<ErrorState.count {
      let one = g[unchecked: row]
      let two = h[unchecked: row]
      x += one * gradient[unchecked: row]
      y += two * gradient[unchecked: row]
      for column in 0..<ErrorState.count {
        let value = s[unchecked: row &* ErrorState.count &+ column]
        first[unchecked: column] += value * one
        second[unchecked: column] += value * two
      }
    }
    var xx = trace.information.xx
    var xy = trace.information.xy
    var yy = trace.information.yy
    for row in 0..<ErrorState.count {
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
      for index in 0..<ErrorState.count {
        let part = weight * (one < 3 ? first[unchecked: index] : second[unchecked: index])
        s[unchecked: state &* ErrorState.count &+ index] -= part
        s[unchecked: index &* ErrorState.count &+ state] -= part
      }
      for other in 0..<6 {
        let own = one < 3 ? (other < 3 ? xx : xy) : (other < 3 ? xy : yy)
        s[unchecked: state &* ErrorState.count &+ states[other]] += weight * weights[other] * own
      }
    }
  }

  mutating func unpredict(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {
    var s = information.mutableSpan
    let n = ErrorState.count
    let moving = ErrorState.moving
    let half = pull * 0.5
    let halfTime = time * 0.5
    // From the left, row by row.
    let first = sensitivity.first.span
    let second = sensitivity.second.span
    var left0 = ErrorVector(repeating: 0)
    var left1 = ErrorVector(repeating: 0)
    var c0 = left0.mutableSpan
    var c1 = left1.mutableSpan
    for column in 0..<n {
      let p0 = s[unchecked: 4 &* n &+ column]
      let p1 = s[unchecked: 5 &* n &+ column]
      let w0 = s[unchecked: 2 &* n &+ column] + halfTime * p0
      let w1 = s[unchecked: 3 &* n &+ column] + halfTime * p1
      c0[unchecked: column] = s[unchecked: column] - half * w1
      c1[unchecked: column] = s[unchecked: n &+ column] + half * w0
      s[unchecked: column] -= pull * w1
      s[unchecked: n &+ column] += pull * w0
      s[unchecked: 2 &* n &+ column] += time * p0
      s[unchecked: 3 &* n &+ column] += time * p1
    }
    for index in 0..<12 {
      let a = first[unchecked: index]
      let b = second[unchecked: index]
      for column in 0..<n {
        s[unchecked: (moving &+ index) &* n &+ column] += a * c0[unchecked: column] + b * c1[unchecked: column]
      }
    }
    // From the right, within each row; and the gradient as one more.
    for row in 0..<n {
      let at = row &* n
      let p0 = s[unchecked: at &+ 4]
      let p1 = s[unchecked: at &+ 5]
      let w0 = s[unchecked: at &+ 2] + halfTime * p0
      let w1 = s[unchecked: at &+ 3] + halfTime * p1
      let d0 = s[unchecked: at] - half * w1
      let d1 = s[unchecked: at &+ 1] + half * w0
      s[unchecked: at] -= pull * w1
      s[unchecked: at &+ 1] += pull * w0
      s[unchecked: at &+ 2] += time * p0
      s[unchecked: at &+ 3] += time * p1
      for index in 0..<12 {
        s[unchecked: at &+ moving &+ index] += first[unchecked: index] * d0 + second[unchecked: index] * d1
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
      gradient[unchecked: moving &+ index] += first[unchecked: index] * d0 + second[unchecked: index] * d1
    }
  }
}
