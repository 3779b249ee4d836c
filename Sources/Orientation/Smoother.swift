import Motion

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
    var forward = parameters
    forward.correlationTime *= parameters.smootherCorrelation
    var filter = AccurateFilter(forward)
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
      if step.forgotPosition { back.unforget(ErrorState.position..<ErrorState.moving) }
      back.unpredict(step.sensitivity, pull: step.pull, time: step.time)
      back.unforget(step.brokenFrom..<ErrorState.moving)
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
      let earlier = row.step == 0 || tape.steps[next].brokenFrom < ErrorState.moving ? later : after[row.step - 1].error
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
