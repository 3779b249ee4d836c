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
  /// Takes shank components to earth components.
  public var earthFromShank: Quaternion
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
    trials = simulator.script.movements.filter { $0.end <= end }
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
  private let sensorFromShank: Quaternion
  private let count: Int
  private var index = 0
  private var lastTime = 0.0
  private var lossLeft = 0
  private var accelerometer: Triad
  private var gyroscope: Triad
  private var noise: RandomStream
  private var sampling: RandomStream
  private var losses: RandomStream
  private var arrivals: ArrivalClock

  /// - Throws: `SessionPlan.Impossible` when the plan makes no session.
  public init(_ plan: SessionPlan) throws(SessionPlan.Impossible) {
    try plan.check()
    self.plan = plan
    script = LungeScript(plan: plan.movement, side: plan.side, seed: plan.seed)
    duration = plan.duration ?? script.duration
    let specimen = plan.specimen ?? SensorSpecimen(of: plan.sensor, seed: plan.seed)
    self.specimen = specimen
    sensorFromShank = plan.shankFromSensor.conjugate
    guard duration * plan.rate <= 1e9 else {
      throw SessionPlan.Impossible(description: "the session would have more than 1000000000 samples")
    }
    count = Int(duration * plan.rate * (1 + specimen.clockError)) + 1
    accelerometer = Triad(model: plan.sensor.accelerometer, errors: specimen.accelerometer, rate: plan.rate)
    gyroscope = Triad(model: plan.sensor.gyroscope, errors: specimen.gyroscope, rate: plan.rate)
    noise = RandomStream(seed: plan.seed, purpose: .noise)
    sampling = RandomStream(seed: plan.seed, purpose: .sampling)
    losses = RandomStream(seed: plan.seed, purpose: .losses)
    arrivals = ArrivalClock(model: plan.arrivals, origin: plan.hostOrigin, seed: plan.seed)
  }

  /// How many samples the device will still take, lost ones included.
  public var remaining: Int { count - index }

  /// The next sample that is not lost, with its truth; nil at the end of the session.
  ///
  /// The first sample is never lost and has no jitter: its instant is session time zero, for the truth as for every reader
  /// of the samples.
  public mutating func next() -> (TruthRow, SensorSample)? {
    while index < count {
      defer { index += 1 }
      let limit = 0.4 / plan.rate
      let jitter = index == 0 ? 0 : min(max(plan.sensor.samplingJitterSD * sampling.normal(), -limit), limit)
      let deviceTime = Double(index) / plan.rate + jitter
      let time = deviceTime / (1 + specimen.clockError)
      let shank = ShankKinematics(script: script, at: time)
      // Read before it is known to be lost: a cable's losses must not change the sensor's noise.
      let (acceleration, accelerationEnds) = accelerometer.read(
        sensorFromShank.rotate(shank.specificForce(at: plan.sensorPosition)), interval: time - lastTime, using: &noise)
      let (angularRate, rateEnds) = gyroscope.read(
        sensorFromShank.rotate(shank.angularRate), interval: time - lastTime, using: &noise)
      lastTime = time
      let arrived = arrivals.arrival(of: time)
      if isLost() { continue }

      var sample = SensorSample(stream: plan.stream, arrived: arrived)
      sample.fields = [.acceleration, .angularRate]
      sample.acceleration = acceleration
      sample.angularRate = angularRate
      if accelerationEnds || rateEnds { sample.flags.insert(.saturated) }
      if let temperature = plan.sensor.temperature {
        sample.fields.insert(.temperature)
        sample.temperature = temperature
      }
      stamp(&sample, deviceTime: deviceTime)
      let angles = ShankAngles(verticalInShank: shank.earthFromShank.verticalInSource)
      let row = TruthRow(
        time: SessionTime(seconds: time), tibialInclination: angles.tibialInclination, tiltToRight: angles.tiltToRight,
        heading: script.heading.state(at: time).value, earthFromShank: shank.earthFromShank)
      return (row, sample)
    }
    return nil
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
