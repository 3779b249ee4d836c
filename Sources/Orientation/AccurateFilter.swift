import Motion
import RealModule

public struct AccurateFilter: OrientationFilter {
  public let parameters: AccurateParameters
  var earthFromSensor = Quaternion.identity
  var velocity = (0.0, 0.0)
  var position = (0.0, 0.0)
  var bias = Vector3.zero
  var scale = InlineArray<9, Double>(repeating: 0)
  var p: TiltCovariance
  private var rows = RowReconstruction()
  private var sensitivity = TiltSensitivity()
  private var pull = Vector3.zero
  private var elapsed = 0.0
  private var turning = 0.0
  var meanSquare = 0.0
  private var meanRate = Vector3.zero
  private var quiet = 0.0
  private var age = 0.0
  private var hasStarted = false
  private var wasAtRest = false

  public init(_ parameters: AccurateParameters = AccurateParameters()) {
    self.parameters = parameters
    p = TiltCovariance(
      tilt: 0.01, velocity: 0.01, position: parameters.positionSD * parameters.positionSD,
      bias: parameters.initialBiasSD * parameters.initialBiasSD, scale: parameters.scaleSD * parameters.scaleSD)
  }

  public mutating func update(
    acceleration: Vector3?, angularRate: Vector3?, interval: Double
  ) -> OrientationEstimate {
    var nobody = NoRecorder()
    return update(acceleration: acceleration, angularRate: angularRate, interval: interval, recorder: &nobody)
  }

  /// How far into the next step the last row stands.
  var shareOfStep: Double { min(elapsed / parameters.stepTime, 1) }

  mutating func update<R: StepRecorder>(
    acceleration: Vector3?, angularRate: Vector3?, interval: Double, recorder: inout R
  ) -> OrientationEstimate {
    guard hasStarted else {
      if let up = acceleration?.normalized {
        earthFromSensor = Quaternion(from: up, to: Vector3(0, 0, 1))
        hasStarted = true
      }
      return OrientationEstimate(earthFromSensor: earthFromSensor, tiltSD: .pi, isConverged: false)
    }
    age += interval
    let raw = angularRate ?? .zero
    let rate = calibrated(raw)
    let step = rows.increment(rate: rate, force: acceleration ?? .zero, interval: interval)
    let late = rate.cross(acceleration ?? .zero) * (interval * parameters.accelerometerLead)
    pull += earthFromSensor.rotate(step.velocity + late)
    sensitivity.add(rows: earthFromSensor.horizontalRows, rate: raw, interval: interval)
    earthFromSensor = earthFromSensor.turned(by: step.rotation)
    elapsed += interval
    turning += rate.lengthSquared * interval
    // rest
    meanRate += (raw - meanRate) * (interval / (interval + min(age, 0.3)))
    let still = (raw - bias).lengthSquared < parameters.restRate * parameters.restRate
    quiet = still ? quiet + interval : 0
    if elapsed >= parameters.stepTime * 0.999 { takeStep(&recorder) }
    return OrientationEstimate(
      earthFromSensor: earthFromSensor, tiltSD: p.tiltVariance.squareRoot(), isConverged: age > 0.1)
  }

  @inline(__always)
  private func calibrated(_ raw: Vector3) -> Vector3 {
    Vector3(
      raw.x - bias.x - scale[0] * raw.x - scale[1] * raw.y - scale[2] * raw.z,
      raw.y - bias.y - scale[3] * raw.x - scale[4] * raw.y - scale[5] * raw.z,
      raw.z - bias.z - scale[6] * raw.x - scale[7] * raw.y - scale[8] * raw.z)
  }

  private mutating func takeStep<R: StepRecorder>(_ recorder: inout R) {
    let time = elapsed
    p.predict(sensitivity, pull: pull.z, time: time)
    p.widen(
      0, count: 2,
      by: parameters.rateNoise * parameters.rateNoise * time + parameters.rateShare * parameters.rateShare * turning)
    p.widen(6, count: 3, by: parameters.biasWalk * parameters.biasWalk * time)
    recorder.predicted(sensitivity, pull: pull.z, time: time)
    let ax = pull.x / time
    let ay = pull.y / time
    let fz = pull.z / time
    let vx = velocity.0 + pull.x * 0.5
    let vy = velocity.1 + pull.y * 0.5
    position.0 += vx * time
    position.1 += vy * time
    velocity.0 += pull.x
    velocity.1 += pull.y
    var change = ErrorVector(repeating: 0)
    let isAtRest = quiet > parameters.restTime
    let lambda = parameters.confinement
    if isAtRest != wasAtRest {
      p.forget(4, variance: parameters.positionSD * parameters.positionSD)
      recorder.forgotPosition()
      position = (0, 0)
      wasAtRest = isAtRest
    }
    if isAtRest {
      let variance = parameters.restVelocitySD * parameters.restVelocitySD
      recorder.measured(p.measure(.of(2, residual: -velocity.0, variance: variance), change: &change))
      recorder.measured(p.measure(.of(3, residual: -velocity.1, variance: variance), change: &change))
      let biasVariance = parameters.restBiasSD * parameters.restBiasSD / time
      recorder.measured(p.measure(.of(6, residual: meanRate.x - bias.x, variance: biasVariance), change: &change))
      recorder.measured(p.measure(.of(7, residual: meanRate.y - bias.y, variance: biasVariance), change: &change))
      recorder.measured(p.measure(.of(8, residual: meanRate.z - bias.z, variance: biasVariance), change: &change))
    }
    let zx = -(ax + 2 * lambda * vx + lambda * lambda * position.0)
    let zy = -(ay + 2 * lambda * vy + lambda * lambda * position.1)
    let square = (zx * zx + zy * zy) * 0.5
    meanSquare += (square - meanSquare) * (time / (time + min(parameters.adaptationTime, age)))
    let variance =
      parameters.correlationTime / time * meanSquare
      + parameters.accelerationNoise * parameters.accelerationNoise / time * 0.02
    let traces = p.measurePair(
      ScalarMeasurement(
        states: (1, 2, 4), coefficients: (fz, 2 * lambda, lambda * lambda), residual: zx, variance: variance),
      ScalarMeasurement(
        states: (0, 3, 5), coefficients: (-fz, 2 * lambda, lambda * lambda), residual: zy, variance: variance),
      change: &change)
    recorder.measured(traces.0)
    recorder.measured(traces.1)
    recorder.finished(change: change, covariance: &p)
    earthFromSensor = (Quaternion(rotationVector: Vector3(change[0], change[1], 0)) * earthFromSensor).normalized
    velocity.0 += change[2]
    velocity.1 += change[3]
    position.0 += change[4]
    position.1 += change[5]
    bias += Vector3(change[6], change[7], change[8])
    for index in 0..<9 { scale[index] += change[9 + index] }
    sensitivity = TiltSensitivity()
    pull = .zero
    elapsed = 0
    turning = 0
  }
}
