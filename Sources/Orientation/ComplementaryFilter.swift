import Motion

/// The cheapest filter: the gyroscope carries the orientation, and the slowly filtered accelerometer corrects its tilt.
///
/// The acceleration is turned into the earth frame that the gyroscope keeps still, and low-passed there twice (time constant `timeConstant` each).
/// In that frame gravity stands still while the leg moves, and the movement's own acceleration averages out, because a leg that
/// starts and ends at rest has no mean acceleration; what the low-passed vector is off the vertical is turned back. The idea of filtering in the
/// almost inertial frame is Laidig and Seel's (VQF, Information Fusion 91, 2023). The gyroscope's bias is taken at rest.
///
/// The gyroscope is integrated at every row; all else changes slowly and is done once in `blockTime`, which is most of what makes the filter cheap.
public struct ComplementaryFilter: OrientationFilter {
  /// What the filter is tuned with; the defaults suit a shin-mounted sensor.
  public struct Parameters: Hashable, Sendable {
    /// Time constant of each of the two low-passes, s. Larger: less is taken from the movement's acceleration, and more of the
    /// gyroscope's drift is left.
    public var timeConstant = 1.5
    /// Standard deviation that is left at rest, rad.
    public var restSD = 0.1 * radiansPerDegree
    /// Share of the observed disturbance (rms angle between the momentary acceleration and the vertical) that reaches the estimate.
    public var disturbanceShare = 0.04
    /// Rows are gathered for so long before the vertical is corrected, s; a row that is longer is corrected by itself. Larger: cheaper, and later.
    public var blockTime = 0.02
    /// How much less the accelerometer's samples are delayed than the gyroscope's, s; see `AccurateParameters.accelerometerLead`.
    public var accelerometerLead = 0.001
    /// Time constant with which the bias follows what has to be turned back in motion, s. Larger: slower and calmer.
    public var biasTime = 100.0

    public init() {}
  }

  /// The tuning it was made with.
  public let parameters: Parameters
  private var earthFromSensor = Quaternion.identity
  /// The low-passed acceleration in the earth frame, after one stage and after two, m/s².
  private var once = Vector3.zero
  private var twice = Vector3.zero
  private var bias = Vector3.zero
  private var lastRate = Vector3.zero
  private var block = Block()
  private var rest = RestDetector()
  /// Mean square of the momentary disturbance, rad².
  private var disturbance = 0.0
  private var age = 0.0
  private var tiltSD = Double.pi
  private var isConverged = false
  private var hasStarted = false

  /// What the rows since the last correction add up to.
  private struct Block {
    /// ∫ of the specific force in the sensor frame, m/s.
    var force = Vector3.zero
    /// The first one, m/s².
    var first = Vector3.zero
    /// ∫ of the measured rate, rad.
    var turn = Vector3.zero
    /// How long there was a force, and how long a rate, s.
    var time = 0.0
    var withRate = 0.0
    /// Where it began.
    var earthFromSensor = Quaternion.identity
  }

  private let blockTime: Double
  private let biasShare: Double

  public init(_ parameters: Parameters = Parameters()) {
    self.parameters = parameters
    blockTime = parameters.blockTime * 0.999
    biasShare = 1 / parameters.biasTime
  }

  public mutating func update(
    acceleration: Vector3?, angularRate: Vector3?, interval: Double
  ) -> OrientationEstimate {
    let interval = interval > 0 && interval < .infinity ? interval : 0
    if let angularRate, angularRate.isUsableRate {
      // Trapezoid: the rate at the middle of the interval.
      let middle = (angularRate + lastRate) * 0.5 - bias
      earthFromSensor = earthFromSensor.turnedRoughly(by: middle * interval)
      lastRate = angularRate
      block.turn += angularRate * interval
      block.withRate += interval
    } else {
      rest.interrupt()
    }
    if let acceleration, acceleration.isUsableAcceleration {
      if block.time == 0 { block.first = acceleration }
      block.force += acceleration * interval
      block.time += interval
      if block.time >= blockTime {
        finishBlock(acceleration)
      } else if !hasStarted {
        start(acceleration, angularRate)
      }
    } else {
      rest.interrupt()
    }
    return OrientationEstimate(earthFromSensor: earthFromSensor, tiltSD: tiltSD, isConverged: isConverged)
  }

  private mutating func start(_ acceleration: Vector3, _ rate: Vector3?) {
    guard let up = acceleration.normalized else { return }
    hasStarted = true
    if let rate, rate.isUsableRate { lastRate = rate }
    block = Block()
    begin(up: up, length: acceleration.length)
  }

  /// The vertical is taken from here alone.
  private mutating func begin(up: Vector3, length: Double) {
    let felt = earthFromSensor.rotate(up)
    earthFromSensor = (Quaternion(from: felt, to: Vector3(0, 0, 1)) * earthFromSensor).normalized
    block.earthFromSensor = earthFromSensor
    once = Vector3(0, 0, length)
    twice = once
    age = 0
    isConverged = false
  }

  @inline(never)
  private mutating func finishBlock(_ last: Vector3) {
    guard hasStarted else { return start(block.force / block.time, nil) }
    let time = block.time
    let inverse = 1 / time
    // In the orientation of the block's middle, or of what the accelerometer is fresher by.
    let late = 0.5 + parameters.accelerometerLead * inverse
    // To second order in the turn θ over the block, with the force's change f₁ from its begin to its end in the sensor's frame (sculling).
    let plain = block.force * inverse
    let change = last - block.first
    let force = plain + (block.turn.cross(block.turn.cross(plain)) * 0.5 + block.turn.cross(change)) * (1.0 / 12)
    let mean = block.earthFromSensor.mixed(1 - late, earthFromSensor, late).rotate(force)
    age += time
    // A plain mean at first, then the exponential one.
    let share = time / (time + min(age, parameters.timeConstant))
    once += (mean - once) * share
    twice += (once - twice) * share
    // What movement adds to gravity, as an angle: sideways and in length.
    let beyond = (mean - Vector3(0, 0, standardGravity)) * (1 / standardGravity)
    disturbance += (min(beyond.lengthSquared, 1) - disturbance) * share
    turnUpright()
    if block.withRate > 0.5 * time {
      let rate = block.turn * (block.withRate == time ? inverse : 1 / block.withRate)
      rest.update(acceleration: force, angularRate: rate, interval: time)
      if rest.isAtRest, let resting = rest.restingRate {
        take(bias: resting, interval: time, force: force)
      } else if let guess = rest.betterGuess(than: bias) {
        take(bias: guess, interval: time, force: force)
      }
    }
    block = Block()
    block.earthFromSensor = earthFromSensor
    let noise = parameters.disturbanceShare * parameters.disturbanceShare * disturbance
    // Until the low-pass has run in, its mean over the short time is all there is.
    let runIn = age < parameters.timeConstant ? noise * parameters.timeConstant / max(age, 0.01) : noise
    tiltSD = (parameters.restSD * parameters.restSD + runIn).squareRoot()
    isConverged = age > 0.2 && tiltSD < 0.06
  }

  /// Turns the estimate by what the low-passed vertical is off, and the low-passed vectors with it.
  private mutating func turnUpright() {
    let sideways = twice.x * twice.x + twice.y * twice.y
    guard twice.z > 0, sideways < 0.01 * twice.z * twice.z else {
      guard let up = twice.normalized else { return }
      let correction = Quaternion(from: up, to: Vector3(0, 0, 1))
      earthFromSensor = (correction * earthFromSensor).normalized
      once = correction.rotate(once)
      twice = Vector3(0, 0, twice.length)
      return
    }
    // Below 6° to first order: the next block turns back what is left of it.
    let inverse = 1 / twice.z
    let off = Vector3(twice.y * inverse, -twice.x * inverse, 0)
    if age > parameters.timeConstant {
      // In motion the bias shows as a turn that has to be undone again and again.
      bias -= earthFromSensor.conjugate.rotate(off) * biasShare
    }
    let q = earthFromSensor
    let (hx, hy) = (off.x * 0.5, off.y * 0.5)
    earthFromSensor =
      Quaternion(
        w: q.w - hx * q.x - hy * q.y, x: q.x + hx * q.w + hy * q.z, y: q.y + hy * q.w - hx * q.z,
        z: q.z + hx * q.y - hy * q.x
      ).nearlyNormalized
    once += off.cross(once)
    twice = Vector3(0, 0, twice.z)
  }

  private mutating func take(bias resting: Vector3, interval: Double, force: Vector3) {
    let off = resting - bias
    if off.lengthSquared > 0.02 * 0.02 {
      // A bias of more than 1°/s has turned the low-passed vectors away: they begin anew.
      bias = resting
      if let up = force.normalized { begin(up: up, length: force.length) }
    } else {
      bias += off * min(1, interval / 0.5)
    }
  }
}

extension Quaternion {
  /// This rotation after a small one about its source axes: the series to the third order below 0.1 rad (error under 2e-7 of it), without
  /// keeping the length, which is for the caller to do now and then.
  @inline(__always)
  fileprivate func turnedRoughly(by rotation: Vector3) -> Quaternion {
    let square = rotation.lengthSquared
    guard square < 0.01 else { return (self * Quaternion(rotationVector: rotation)).normalized }
    let c = 1 - square * 0.125
    let s = 0.5 - square * (1.0 / 48)
    return self * Quaternion(w: c, x: rotation.x * s, y: rotation.y * s, z: rotation.z * s)
  }

  /// Of length one, where it is so nearly: one step of Newton's method.
  @inline(__always)
  fileprivate var nearlyNormalized: Quaternion {
    let square = lengthSquared
    guard abs(square - 1) < 0.05 else { return normalized }
    let length = 1.5 - 0.5 * square
    return Quaternion(w: w * length, x: x * length, y: y * length, z: z * length)
  }

  /// Between this rotation and one nearby, by their shares.
  @inline(__always)
  fileprivate func mixed(_ share: Double, _ other: Quaternion, _ otherShare: Double) -> Quaternion {
    Quaternion(
      w: w * share + other.w * otherShare, x: x * share + other.x * otherShare, y: y * share + other.y * otherShare,
      z: z * share + other.z * otherShare
    ).nearlyNormalized
  }
}
