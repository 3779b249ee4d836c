import AnkleKinematics
import Motion

/// What was true when a sample was taken.
public struct TruthRow: Hashable, Sendable {
  /// The true instant; zero is that of the first sample.
  public var time: SessionTime
  /// Inclination of the shank's long axis against gravity in the sagittal plane, forward positive, rad (`ShankAngles`).
  public var tibialInclination: Double
  /// Tilt out of the sagittal plane, to the subject's right positive, rad.
  public var tiltToRight: Double
  /// Turn about the vertical, counter-clockwise seen from above, rad; zero is where the shank faces at rest.
  public var heading: Double
  /// Turn of the shank about its own long axis since the session's start, rad: the integral of the angular rate about B's y axis.
  public var axialRotation: Double
  /// Pitch of the foot, heel up positive, rad; and inclination less pitch.
  public var footPitch: Double
  public var dorsiflexion: Double
  /// The toe-to-wall distance that the knee reaches, m; NaN where the foot hangs.
  public var kneeToWall: Double
  /// Takes shank components to earth components.
  public var earthFromShank: Quaternion
  /// Takes components of what carries the sensor (shank or foot) to earth components, without soft tissue.
  public var earthFromSegment: Quaternion
}

/// A session whose truth is known.
public struct SimulatedSession: Sendable {
  public var plan: SessionPlan
  /// The device that took the samples.
  public var specimen: SensorSpecimen
  /// One row a sample, in the same order.
  public var truth: [TruthRow] = []
  public var samples: [SensorSample] = []
  /// The movements that ended within the session, in order of time.
  public var trials: [TrueTrial] = []
  /// All movements of the script, those that were cut off by the end too.
  public var script: [TrueTrial] = []
  /// Samples that the device took and lost.
  public var lost = 0

  /// - Throws: `SessionPlan.Impossible` when the plan makes no session, or one too long to hold (`SessionSimulator` makes those).
  public init(_ plan: SessionPlan) throws(SessionPlan.Impossible) {
    var simulator = try SessionSimulator(plan)
    // 20 million samples fill several gigabytes.
    guard simulator.remaining <= 20_000_000 else {
      throw SessionPlan.Impossible(description: "the session would have more than 20000000 samples: make it shorter")
    }
    self.plan = plan
    specimen = simulator.specimen
    truth.reserveCapacity(simulator.remaining)
    samples.reserveCapacity(simulator.remaining)
    while let (row, sample) = simulator.next() {
      truth.append(row)
      samples.append(sample)
    }
    lost = simulator.lost
    let end = SessionTime(seconds: simulator.duration)
    script = simulator.script.movements
    trials = script.filter { $0.end <= end }
  }
}

/// Makes a session sample by sample, for sessions that are too long to hold.
public struct SessionSimulator: Sendable {
  public let script: LungeScript
  public let specimen: SensorSpecimen
  /// Length of the session, s.
  public let duration: Double
  /// Samples that were taken and lost so far.
  public private(set) var lost = 0

  private let plan: SessionPlan
  private let sensorFromSegment: Quaternion
  private let count: Int
  private var index = 0
  private var lastTime = 0.0
  private var axial: (time: Double, rate: Double, angle: Double)?
  private var lossLeft = 0
  private var accelerometer: Triad
  private var gyroscope: Triad
  private var noise: RandomStream
  private var sampling: RandomStream
  private var losses: RandomStream
  private var arrivals: ArrivalClock
  private var fusion: Fusion?

  /// - Throws: `SessionPlan.Impossible` when the plan makes no session.
  public init(_ plan: SessionPlan) throws(SessionPlan.Impossible) {
    try plan.check()
    self.plan = plan
    script = try LungeScript(plan: plan.movement, side: plan.side, limb: plan.limb, seed: plan.seed)
    duration = plan.duration ?? script.duration
    let specimen = plan.specimen ?? SensorSpecimen(of: plan.sensor, seed: plan.seed, stream: plan.stream)
    self.specimen = specimen
    sensorFromSegment = plan.shankFromSensor.conjugate
    let length = max(duration - plan.firstSample, 0)
    guard length * plan.rate <= 1e9 else {
      throw SessionPlan.Impossible(description: "the session would have more than 1000000000 samples")
    }
    count = Int(length * plan.rate * (1 + specimen.clockError)) + 1
    let bandwidth = plan.sensor.bandwidth
    accelerometer = Triad(
      model: plan.sensor.accelerometer, errors: specimen.accelerometer, rate: plan.rate, bandwidth: bandwidth)
    gyroscope = Triad(
      model: plan.sensor.gyroscope, errors: specimen.gyroscope, rate: plan.rate, bandwidth: bandwidth)
    noise = RandomStream(seed: plan.seed, purpose: .noise, stream: plan.stream)
    sampling = RandomStream(seed: plan.seed, purpose: .sampling, stream: plan.stream)
    losses = RandomStream(seed: plan.seed, purpose: .losses, stream: plan.stream)
    arrivals = ArrivalClock(model: plan.arrivals, origin: plan.hostOrigin, seed: plan.seed, stream: plan.stream)
    fusion = plan.sensor.fusion.map { Fusion($0, seed: plan.seed, stream: plan.stream) }
  }

  /// How many samples the device will still take, lost ones included.
  public var remaining: Int { count - index }

  /// The next sample that is not lost, with its truth; nil at the end of the session.
  ///
  /// The first sample is never lost and has no jitter: the shank's is session time zero, for the truth as for every reader
  /// of the samples.
  public mutating func next() -> (TruthRow, SensorSample)? {
    while index < count {
      defer { index += 1 }
      let limit = 0.4 / plan.rate
      let jitter = index == 0 ? 0 : min(max(plan.sensor.samplingJitterSD * sampling.normal(), -limit), limit)
      let deviceTime = Double(index) / plan.rate + jitter
      let since = deviceTime / (1 + specimen.clockError)
      let time = plan.firstSample + since
      let pose = LimbPose(script: script, at: time)
      // Read before it is known to be lost: a cable's losses must not change the sensor's noise.
      let (force, rate) = felt(at: time, pose)
      let warmth = plan.sensor.warmUp * (1 - Double.exp(-since / 300))
      let interval = since - lastTime
      lastTime = since
      let (acceleration, accelerationEnds) = accelerometer.read(
        force, interval: interval, warmth: warmth, using: &noise)
      let (angularRate, rateEnds) = gyroscope.read(rate, interval: interval, warmth: warmth, using: &noise)
      let fusionError = fusion?.error(after: interval, since: since)
      let axialRotation = turned(to: time, rate: pose.shank.angularRate.y)
      let arrived = arrivals.arrival(of: time)
      if isLost() || (index > 0 && script.outages.contains { $0.contains(time) }) { continue }

      var sample = SensorSample(stream: plan.stream, arrived: arrived)
      sample.fields = [.acceleration, .angularRate]
      sample.acceleration = acceleration
      sample.angularRate = angularRate
      if accelerationEnds || rateEnds { sample.flags.insert(.saturated) }
      if let temperature = plan.sensor.temperature {
        sample.fields.insert(.temperature)
        sample.temperature = temperature
      }
      if let fusionError {
        sample.fields.insert(.orientation)
        sample.orientation = fusionError * carrier(pose, at: time).earthFromBody * sensorFromSegment.conjugate
      }
      stamp(&sample, deviceTime: deviceTime)
      return (row(at: time, pose, axialRotation: axialRotation), sample)
    }
    return nil
  }

  private func row(at time: Double, _ pose: LimbPose, axialRotation: Double) -> TruthRow {
    let angles = ShankAngles(verticalInShank: pose.shank.earthFromBody.verticalInSource)
    let footPitch = script.footPitch(at: time).value
    return TruthRow(
      time: SessionTime(seconds: time), tibialInclination: angles.tibialInclination, tiltToRight: angles.tiltToRight,
      heading: script.heading.state(at: time).value, axialRotation: axialRotation, footPitch: footPitch,
      dorsiflexion: angles.tibialInclination - footPitch, kneeToWall: script.kneeToWall(at: time),
      earthFromShank: pose.shank.earthFromBody,
      earthFromSegment: (plan.segment == .shank ? pose.shank : pose.foot).earthFromBody)
  }

  /// What carries the sensor, as it moves at the sensor's place: with soft tissue, slips and jolts.
  private func carrier(_ pose: LimbPose, at time: Double) -> RigidFrame {
    let anterior = Vector3(1, 0, 0)
    switch plan.segment {
    case .foot: return pose.foot.moved(to: plan.sensorPosition)
    case .shank:
      return pose.shank.moved(to: plan.sensorPosition, along: anterior, by: script.sensorThrow.state(at: time))
        .turned(about: Vector3(0, 0, 1), by: -1 * script.sensorError(at: time))
    }
  }

  /// Specific force and angular rate that reach the converters of the device, in its components: those of the instant, or
  /// where it has a low-pass filter their mean over the time that this looks back.
  private func felt(at time: Double, _ pose: LimbPose) -> (Vector3, Vector3) {
    guard let bandwidth = plan.sensor.bandwidth else {
      let carrier = carrier(pose, at: time)
      return (sensorFromSegment.rotate(carrier.specificForce), sensorFromSegment.rotate(carrier.angularRate))
    }
    var (force, rate) = (Vector3.zero, Vector3.zero)
    let parts = 4
    for part in 0..<parts {
      let instant = time - 0.443 / bandwidth * (Double(part) + 0.5) / Double(parts)
      let carrier = carrier(LimbPose(script: script, at: instant), at: instant)
      force += carrier.specificForce
      rate += carrier.angularRate
    }
    return (sensorFromSegment.rotate(force / Double(parts)), sensorFromSegment.rotate(rate / Double(parts)))
  }

  /// The shank's turn about its long axis, by Simpson's rule from sample to sample.
  private mutating func turned(to time: Double, rate: Double) -> Double {
    var angle = 0.0
    if let last = axial {
      let middle = LimbPose(script: script, at: (last.time + time) / 2).shank.angularRate.y
      angle = last.angle + (time - last.time) * (last.rate + 4 * middle + rate) / 6
    }
    axial = (time, rate, angle)
    return angle
  }

  private func stamp(_ sample: inout SensorSample, deviceTime: Double) {
    func wrapped(_ ticks: UInt64, _ bits: Int) -> UInt64 { bits >= 64 ? ticks : ticks & (1 << UInt64(bits) - 1) }
    switch plan.sensor.deviceClock {
    case .none: break
    case .counter(let bits):
      sample.fields.insert(.counter)
      sample.deviceTicks = wrapped(plan.sensor.firstTick &+ UInt64(index), bits)
    case .clock(let bits, let nanosecondsPerTick):
      sample.fields.insert(.deviceTime)
      let ticks = UInt64((deviceTime * 1e9 / Double(nanosecondsPerTick)).rounded())
      sample.deviceTicks = wrapped(plan.sensor.firstTick &+ ticks, bits)
    }
  }

  private mutating func isLost() -> Bool {
    guard plan.sensor.lossProbability > 0, index > 0 else { return false }
    if lossLeft == 0, losses.uniform() < plan.sensor.lossProbability {
      // Geometric, at least one.
      lossLeft = 1
      while lossLeft < 1_000_000, losses.uniform() < 1 - 1 / plan.sensor.lossLength { lossLeft += 1 }
    }
    guard lossLeft > 0 else { return false }
    lossLeft -= 1
    lost += 1
    return true
  }
}
