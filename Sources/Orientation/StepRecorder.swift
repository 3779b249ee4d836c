import Motion

/// Listens to what the Kalman steps of the `accurate` filter do. The smoother goes back over it; the live filter has nobody listening.
protocol StepRecorder {
  /// The covariance was carried over a step.
  mutating func predicted(_ sensitivity: TiltSensitivity, pull: Double, time: Double)
  /// A pair of states was forgotten.
  mutating func forgot(_ first: Int)
  /// A scalar measurement was taken.
  mutating func measured(_ trace: MeasurementTrace)
  /// The step ended, and its change was turned into the estimate.
  mutating func finished(change: ErrorVector, covariance: borrowing TiltCovariance)
}

/// Nobody listens.
struct NoRecorder: StepRecorder {
  @inline(__always) mutating func predicted(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {}
  @inline(__always) mutating func forgot(_ first: Int) {}
  @inline(__always) mutating func measured(_ trace: MeasurementTrace) {}
  @inline(__always) mutating func finished(change: ErrorVector, covariance: borrowing TiltCovariance) {}
}

/// The whole run, for the way back.
struct StepTape: StepRecorder {
  /// One thing that happened to the error state.
  enum Event {
    case predicted(TiltSensitivity, pull: Double, time: Double)
    case forgot(Int)
    case measured(MeasurementTrace)
  }

  /// One step: its events, and what it ended with.
  struct Step {
    /// Where its events end in `events`.
    var eventsEnd: Int
    /// The tilt error that it found and turned in, rad.
    var change: (Double, Double)
    /// The tilt's rows of the covariance after it.
    var first: ErrorVector
    var second: ErrorVector
  }

  var events: [Event] = []
  var steps: [Step] = []

  mutating func predicted(_ sensitivity: TiltSensitivity, pull: Double, time: Double) {
    events.append(.predicted(sensitivity, pull: pull, time: time))
  }
  mutating func forgot(_ first: Int) { events.append(.forgot(first)) }
  mutating func measured(_ trace: MeasurementTrace) { events.append(.measured(trace)) }
  mutating func finished(change: ErrorVector, covariance: borrowing TiltCovariance) {
    steps.append(
      Step(
        eventsEnd: events.count, change: (change[0], change[1]), first: covariance.row(0), second: covariance.row(1)))
  }
}
