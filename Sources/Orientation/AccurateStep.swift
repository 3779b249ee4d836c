import Motion

extension AccurateFilter {
  /// The Kalman step: prediction over the rows since the last one, then what rest says, then the pseudo-measurement.
  mutating func takeStep<R: StepRecorder>(_ recorder: inout R) {
    let time = step.time
    predict(time: time)
    recorder.predicted(step.sensitivity, pull: step.pull.z, time: time)
    // The velocity in the middle of the step goes with the mean acceleration over it.
    let middle = (x: velocity.x + step.pull.x * 0.5, y: velocity.y + step.pull.y * 0.5)
    position.x += middle.x * time
    position.y += middle.y * time
    velocity.x += step.pull.x
    velocity.y += step.pull.y
    var change = ErrorVector(repeating: 0)
    takePlaceAnew(&recorder)
    if rest.isAtRest { measureRest(time: time, &change, &recorder) }
    if step.withoutForce < 0.5 * time { measureMovement(middle, time: time, &change, &recorder) }
    recorder.finished(change: change, covariance: &p)
    turnIn(change)
    step = StepSums()
  }

  /// The place of before says nothing about the place where the limb came to rest, nor that about where it goes. And what went farther than
  /// a limb reaches has another place.
  private mutating func takePlaceAnew<R: StepRecorder>(_ recorder: inout R) {
    let isOut = position.x * position.x + position.y * position.y > parameters.reach * parameters.reach
    guard rest.isAtRest != wasAtRest || isOut else { return }
    wasAtRest = rest.isAtRest
    p.forget(ErrorState.position, variance: parameters.positionSD * parameters.positionSD)
    position = (0, 0)
    recorder.forgotPosition()
  }

  private mutating func predict(time: Double) {
    p.predict(step.sensitivity, pull: step.pull.z, time: time)
    var noise =
      parameters.rateNoise * parameters.rateNoise * time + parameters.rateShare * parameters.rateShare * step.turning
    noise += step.unseen
    noise += parameters.unresolvedRate * parameters.unresolvedRate * step.unresolved
    if step.withoutRate > 0 {
      // A rate that is not known may have changed by as much as it was.
      noise += step.withoutRate * step.withoutRate * (step.turning / time + 0.1)
    }
    p.widen(ErrorState.tilt, count: 2, by: noise)
    let push = step.pull.x * step.pull.x + step.pull.y * step.pull.y
    let share = push / (time * time * parameters.impactAcceleration * parameters.impactAcceleration)
    p.widen(ErrorState.velocity, count: 2, by: push * share)
    p.widen(ErrorState.bias, count: 3, by: parameters.biasWalk * parameters.biasWalk * time)
    if step.withoutForce > 0 {
      // A movement that was not seen, at 5 m/s².
      p.widen(ErrorState.velocity, count: 2, by: 25 * step.withoutForce * step.withoutForce)
    }
  }

  private mutating func measureRest<R: StepRecorder>(
    time: Double, _ change: inout ErrorVector, _ recorder: inout R
  ) {
    let still = parameters.restVelocitySD * parameters.restVelocitySD
    recorder.measured(
      p.measure(ScalarMeasurement(state: ErrorState.velocity, residual: -velocity.x, variance: still), change: &change))
    recorder.measured(
      p.measure(
        ScalarMeasurement(state: ErrorState.velocity + 1, residual: -velocity.y, variance: still), change: &change))
    let variance =
      (parameters.restBiasSD * parameters.restBiasSD + 2 * StillnessDetector.meanTime * rest.sway) / time
    let off = rest.meanRate - bias
    let parts: InlineArray<3, Double> = [off.x, off.y, off.z]
    for axis in 0..<3 {
      let measurement = ScalarMeasurement(state: ErrorState.bias + axis, residual: parts[axis], variance: variance)
      recorder.measured(p.measure(measurement, change: &change))
    }
  }

  private mutating func measureMovement<R: StepRecorder>(
    _ middle: (x: Double, y: Double), time: Double, _ change: inout ErrorVector, _ recorder: inout R
  ) {
    // At rest there is no acceleration, wherever the limb rests.
    let damping = rest.isAtRest ? 0 : 2 * parameters.confinement
    let spring = rest.isAtRest ? 0 : parameters.confinement * parameters.confinement
    let pull = step.pull.z / time
    let x = -(step.pull.x / time + damping * middle.x + spring * position.x)
    let y = -(step.pull.y / time + damping * middle.y + spring * position.y)
    let slow = time / (time + min(parameters.meanTime, age))
    residualMean.x += (x - residualMean.x) * slow
    residualMean.y += (y - residualMean.y) * slow
    // What lasts is no movement of a limb that stays: it is an error of the vertical, and is to be believed.
    let dx = x - residualMean.x
    let dy = y - residualMean.y
    residualSquare +=
      ((dx * dx + dy * dy) * 0.5 - residualSquare) * (time / (time + min(parameters.adaptationTime, age)))
    let density =
      parameters.correlationTime * residualSquare + parameters.accelerationNoise * parameters.accelerationNoise
    recorder.measured(
      p.measure(
        MovementMeasurement(
          pull: pull, damping: damping, spring: spring, residual: (x, y), variance: density / time),
        change: &change))
  }

  /// Turns the errors that were found into the estimate.
  private mutating func turnIn(_ change: ErrorVector) {
    earthFromSensor = (Quaternion(rotationVector: Vector3(change[0], change[1], 0)) * earthFromSensor).normalized
    velocity.x += change[2]
    velocity.y += change[3]
    position.x += change[4]
    position.y += change[5]
    bias += Vector3(change[6], change[7], change[8])
    for index in 0..<9 { scale[index] += change[ErrorState.scale + index] }
    widenScaleByEvidence()
  }

  /// A gyroscope that shows larger scale errors than its kind has is a worse one: their variance σ² follows what was found of them (the evidence of
  /// MacKay, Neural Comput. 4, 1992), σ² = (σ₀² + 4 Σ m²) / (1 + 9 − tr P / σ²), upwards only. What is found is about half of what there is,
  /// because the noise of the model is an upper bound: hence the 4. Sum and trace do not depend on how the sensor's axes lie.
  private mutating func widenScaleByEvidence() {
    var sum = parameters.scaleSD * parameters.scaleSD
    var trace = 0.0
    for index in 0..<9 {
      sum += 4 * scale[index] * scale[index]
      trace += p[ErrorState.scale + index]
    }
    let weight = 1 + max(9 - trace / scaleVariance, 0)
    let evident = min(sum, Self.largestScaleSD * Self.largestScaleSD * weight)
    guard evident > 1.02 * scaleVariance * weight else { return }
    let more = evident / weight - scaleVariance
    // P = (1/σ² + J)⁻¹, where J is what was measured, so that dP/dσ² = (P/σ²)².
    p.addSquareOfScale(times: more / (scaleVariance * scaleVariance))
    scaleVariance += more
  }
}
