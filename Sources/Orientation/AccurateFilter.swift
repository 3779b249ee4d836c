import Motion

/// The most exact live filter: an error-state Kalman filter that knows that a limb stays near its place.
///
/// Gravity is found under the movement's acceleration by what the movement cannot do: leave. State (errors): tilt about the two horizontal earth
/// axes e, horizontal velocity v and position p in the drifting earth frame, gyroscope bias b, and the nine scale and axis errors M.
/// With R = earthFromSensor, ω the rate, f the specific force and f_z its vertical part:
///
///     e' = −R (δb + δM ω),   v' = f_z S e  with  S(e) = (e₂, −e₁),   p' = v
///
/// The pseudo-measurement of every step is a + 2 λ v + λ² p = noise for each horizontal axis: the movement is what white noise makes of a
/// critically damped spring at the limb's place. The noise follows the running mean square of its own residual about its mean, so that violent movement is believed
/// less; that bounds impacts and vibration as well. At rest the velocity is zero, the mean rate is the bias, and the place is forgotten.
/// Between the steps the gyroscope alone carries the orientation (`RowReconstruction`); rows that are missing, by a gap or a held value, are bridged.
///
/// The movement model is Singer's (IEEE Trans. Aerosp. Electron. Syst. 6, 1970) with a spring; zero velocity at rest is Foxlin's (IEEE CG&A 25, 2005);
/// the error state is that of Markley (J. Guid. Control Dyn. 26, 2003).
public struct AccurateFilter: OrientationFilter {
  /// The tuning it was made with.
  public let parameters: AccurateParameters
  var earthFromSensor = Quaternion.identity
  var velocity = (x: 0.0, y: 0.0)
  var position = (x: 0.0, y: 0.0)
  var bias = Vector3.zero
  /// The scale and axis errors, row by row.
  var scale = InlineArray<9, Double>(repeating: 0)
  /// The variance that such errors have in this sensor, by what was seen of them so far.
  var scaleVariance: Double
  /// No gyroscope's scale errors are larger.
  static let largestScaleSD = 0.03
  var p: TiltCovariance
  private var reconstruction = RowReconstruction()
  /// The last row as it was measured.
  private var lastRate = Vector3.zero
  private var lastForce = Vector3.zero
  /// For how long the rows have been missing, s.
  private var missing = 0.0
  private(set) var rest = StillnessDetector()
  /// What has come together since the last step.
  var step = StepSums()
  /// Running mean square of the movement's residual, (m/s²)².
  var residualSquare = 0.0
  /// Its running mean, m/s².
  var residualMean = (x: 0.0, y: 0.0)
  var wasAtRest = false
  private(set) var age = 0.0
  private var hasStarted = false
  private var hasConverged = false

  /// A longer pause between two rows is a gap, s: what happened in it is not known.
  static let longestRow = 0.25
  /// Rows longer than this do not resolve a person's tremor, 8 to 11 Hz, s: it shows as slow turning that is none.
  static let slowRow = 0.045
  /// Mean square of what a straight line over missing rows leaves, as a share of the square of the turn's change: they may have turned anywhere
  /// between its two ends, and a little beyond.
  static let bridgeShare = 0.1

  public init(_ parameters: AccurateParameters = AccurateParameters()) {
    self.parameters = parameters
    scaleVariance = parameters.scaleSD * parameters.scaleSD
    p = TiltCovariance(
      tilt: 0.01, velocity: 0.04, position: parameters.positionSD * parameters.positionSD,
      bias: parameters.initialBiasSD * parameters.initialBiasSD, scale: parameters.scaleSD * parameters.scaleSD)
  }

  public mutating func update(
    acceleration: Vector3?, angularRate: Vector3?, interval: Double
  ) -> OrientationEstimate {
    var nobody = NoRecorder()
    return update(acceleration: acceleration, angularRate: angularRate, interval: interval, recorder: &nobody)
  }

  /// How far into the next step the last row stands, 0...1.
  var shareOfStep: Double { min(step.time / parameters.stepTime, 1) }

  mutating func update<R: StepRecorder>(
    acceleration: Vector3?, angularRate: Vector3?, interval: Double, recorder: inout R
  ) -> OrientationEstimate {
    let interval = interval.isFinite && interval > 0 ? interval : 0
    let force = acceleration.flatMap { $0.isUsableAcceleration ? $0 : nil }
    let measured = angularRate.flatMap { $0.isUsableRate ? $0 : nil }
    if !hasStarted {
      start(force, measured)
    } else if interval > 0 {
      age += interval
      if let force, let measured, interval <= Self.longestRow {
        rest.update(
          acceleration: force, angularRate: measured, interval: interval, parameters, bias, p.biasVariance,
          isFirst: !hasConverged)
        if rest.isStill { restartIfLost(&recorder) }
      } else {
        rest.interrupt()
      }
      if interval > Self.longestRow {
        cross(measured, interval: interval, &recorder)
      } else {
        carry(force, measured, interval: interval)
        if step.time >= parameters.stepTime * 0.999 { takeStep(&recorder) }
      }
    }
    let variance = p.tiltVariance
    if !hasConverged { hasConverged = age > 0.1 && variance < 0.000_7 }  // 1.5°
    return OrientationEstimate(
      earthFromSensor: earthFromSensor, tiltSD: hasStarted ? parameters.claimShare * variance.squareRoot() : .pi,
      isConverged: hasConverged)
  }

  private mutating func start(_ force: Vector3?, _ rate: Vector3?) {
    lastRate = rate ?? .zero
    lastForce = force ?? .zero
    guard let up = force?.normalized else { return }
    earthFromSensor = Quaternion(from: up, to: Vector3(0, 0, 1))
    hasStarted = true
  }

  /// One row, with those that are missing before it. What a row lacks is bridged and counted: a rate by the last one, a force by no movement.
  @inline(__always)
  private mutating func carry(_ force: Vector3?, _ measured: Vector3?, interval: Double) {
    if measured == nil { step.withoutRate += interval }
    if force == nil { step.withoutForce += interval }
    let raw = measured ?? lastRate
    let pull = force ?? earthFromSensor.verticalInSource * standardGravity
    let isHeld = raw == lastRate && pull == lastForce
    let usual = reconstruction.usualInterval
    let isLong = !isHeld && interval > RowReconstruction.longest * usual && usual > 0
    if isHeld {
      // A radio or a bridge that lost a packet sends the last row again in its place.
      missing += interval
      reconstruction.interrupt()
    } else if isLong || missing > 0 {
      bridge(to: pull, raw, after: isLong ? interval - usual : 0)
    }
    turn(pull, raw, interval: isLong ? usual : interval)
    lastRate = raw
    lastForce = pull
  }

  /// The gyroscope turns the orientation, and the step's sums grow.
  @inline(__always)
  private mutating func turn(_ pull: Vector3, _ raw: Vector3, interval: Double) {
    let rate = calibrated(raw)
    let change = reconstruction.increment(rate: rate, force: pull, interval: interval)
    let late = rate.cross(pull) * (interval * parameters.accelerometerLead)
    step.pull += earthFromSensor.rotate(change.velocity + late)
    step.sensitivity.add(rows: earthFromSensor.horizontalRows, rate: raw, interval: interval)
    step.turning += rate.lengthSquared * interval
    step.unseen += change.unseen
    if interval > Self.slowRow { step.unresolved += interval * interval }
    step.time += interval
    earthFromSensor = earthFromSensor.turned(by: change.rotation)
  }

  /// Missing rows went on as the last one before them. Now that the next one is there, they went to it in a line. What goes on for longer is
  /// no lost packet, but a sensor whose values stand still.
  ///
  /// - Parameter pause: what has passed without any row, s.
  @inline(never)
  private mutating func bridge(to pull: Vector3, _ raw: Vector3, after pause: Double) {
    if pause > 0 {
      reconstruction.interrupt()
      turn(lastForce, lastRate, interval: pause)
      missing += pause
    }
    if missing <= Self.longestRow {
      let turn = (calibrated(raw) - calibrated(lastRate)) * missing
      earthFromSensor = earthFromSensor.turned(by: turn * 0.5)
      step.pull += earthFromSensor.rotate((pull - lastForce) * (0.5 * missing))
      step.unseen += Self.bridgeShare * turn.lengthSquared
    }
    missing = 0
    reconstruction.interrupt()
  }

  /// A gap: the orientation goes on by the mean of the rates at its ends, and hardly anything is known of the rest.
  private mutating func cross<R: StepRecorder>(_ measured: Vector3?, interval: Double, _ recorder: inout R) {
    if step.time > 0 { takeStep(&recorder) }
    let rate = calibrated(((measured ?? lastRate) + lastRate) * 0.5)
    lastRate = measured ?? lastRate
    // Nobody turns a leg by more than the guess for longer than a second or two: the tilt is lost, but not more than lost.
    let turned = min(interval, 3)
    earthFromSensor = (earthFromSensor * Quaternion(rotationVector: rate * turned)).normalized
    p.widen(0, count: 2, by: min((rate.lengthSquared + 0.01) * turned * turned, 1))
    forgetMovement(velocityVariance: 0.25)
    recorder.brokeOff(from: ErrorState.velocity)
    reconstruction.interrupt()
    rest.interrupt()
  }

  /// A sensor that stands still feels gravity alone. Where that contradicts the vertical by more than any error of a filter that follows, 6°,
  /// the vertical was lost in what was not seen, and is taken anew.
  private mutating func restartIfLost<R: StepRecorder>(_ recorder: inout R) {
    let felt = earthFromSensor.rotate(rest.meanAcceleration)
    guard felt.x * felt.x + felt.y * felt.y > 1 || felt.z < 0, let up = felt.normalized else { return }
    earthFromSensor = (Quaternion(from: up, to: Vector3(0, 0, 1)) * earthFromSensor).normalized
    p.forget(ErrorState.tilt, variance: 0.01)
    forgetMovement(velocityVariance: 0.04)
    residualSquare = 0
    residualMean = (0, 0)
    step = StepSums()
    recorder.brokeOff(from: ErrorState.tilt)
  }

  private mutating func forgetMovement(velocityVariance: Double) {
    p.forget(ErrorState.velocity, variance: velocityVariance)
    p.forget(ErrorState.position, variance: parameters.positionSD * parameters.positionSD)
    velocity = (0, 0)
    position = (0, 0)
  }

  @inline(__always)
  private func calibrated(_ raw: Vector3) -> Vector3 {
    Vector3(
      raw.x - bias.x - scale[0] * raw.x - scale[1] * raw.y - scale[2] * raw.z,
      raw.y - bias.y - scale[3] * raw.x - scale[4] * raw.y - scale[5] * raw.z,
      raw.z - bias.z - scale[6] * raw.x - scale[7] * raw.y - scale[8] * raw.z)
  }
}

/// What the rows since the last Kalman step add up to.
struct StepSums: Sendable {
  var sensitivity = TiltSensitivity()
  /// ∫ of the specific force in the earth frame, m/s.
  var pull = Vector3.zero
  /// s.
  var time = 0.0
  /// ∫ of the squared rate, rad²/s.
  var turning = 0.0
  /// Variance of the turn about one axis that the rows did not show, rad².
  var unseen = 0.0
  /// How much of the time went by without a usable rate, and without a usable force, s.
  var withoutRate = 0.0
  var withoutForce = 0.0
  /// Sum of the squared lengths of rows that are too long to resolve a tremor, s².
  var unresolved = 0.0
}
