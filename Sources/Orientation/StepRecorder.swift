import Motion

/// Listens to what the Kalman steps of the `accurate` filter do. The smoother goes back over it; the live filter has nobody listening.
protocol StepRecorder {
  /// The covariance was carried over a step.
  mutating func predicted(_ sensitivity: TiltSensitivity, pull: Double, time: Double)
  /// The moving states from this one on were forgotten, before the next prediction.
  mutating func brokeOff(from first: Int)
  /// The position was forgotten, after the prediction.
  mutating func forgotPosition()
  /// A scalar measurement was taken.
  mutating func measured(_ trace: MeasurementTrace)
  /// The movement's pseudo-measurement was taken, after the others.
  mutating func measured(_ trace: MovementTrace)
  /// The step ended, and its change was turned into the estimate.
  mutating func finished(change: ErrorVector, covariance: inout TiltCovariance)
}

/// Nobody listens.
struct NoRecorder: StepRecorder {
  @inline(__always) mutating func predicted(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {}
  @inline(__always) mutating func brokeOff(from first: Int) {}
  @inline(__always) mutating func forgotPosition() {}
  @inline(__always) mutating func measured(_ trace: MeasurementTrace) {}
  @inline(__always) mutating func measured(_ trace: MovementTrace) {}
  @inline(__always) mutating func finished(change: ErrorVector, covariance: inout TiltCovariance) {}
}

/// The whole run, for the way back.
struct StepTape: StepRecorder {
  /// One step: a prediction, then perhaps the place forgotten, then measurements.
  struct Step {
    var sensitivity: TiltSensitivity
    var pull: Double
    var time: Double
    /// The moving states from this one on were forgotten before it; as many as there are: none.
    var brokenFrom = ErrorState.moving
    var forgotPosition = false
    /// Where its measurements end in `traces`.
    var tracesEnd = 0
    /// Where its pseudo-measurement stands in `movements`; -1: there is none.
    var movement = -1
    /// The tilt error that it found and turned in, rad.
    var change = (0.0, 0.0)
    /// The tilt's rows of the covariance after it.
    var first = ErrorVector(repeating: 0)
    var second = ErrorVector(repeating: 0)
  }

  private(set) var steps: [Step] = []
  private(set) var traces: [MeasurementTrace] = []
  private(set) var movements: [MovementTrace] = []
  private var brokenFrom = ErrorState.moving
  private var current = Step(sensitivity: TiltSensitivity(), pull: 0, time: 0)

  mutating func predicted(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {
    current = Step(sensitivity: sensitivity, pull: pull, time: time, brokenFrom: brokenFrom)
    brokenFrom = ErrorState.moving
  }
  mutating func brokeOff(from first: Int) { brokenFrom = min(brokenFrom, first) }
  mutating func forgotPosition() { current.forgotPosition = true }
  mutating func measured(_ trace: MeasurementTrace) { traces.append(trace) }
  mutating func measured(_ trace: MovementTrace) {
    current.movement = movements.count
    movements.append(trace)
  }
  mutating func finished(change: ErrorVector, covariance: inout TiltCovariance) {
    current.tracesEnd = traces.count
    current.change = (change[0], change[1])
    current.first = covariance.row(0)
    current.second = covariance.row(1)
    steps.append(current)
  }
}
