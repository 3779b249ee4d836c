import AnkleKinematics
import Motion

/// Everything that decides a simulated session. Equal plans give equal sessions, to the bit on one platform.
public struct SessionPlan: Hashable, Sendable {
  public var seed: UInt64 = 1
  public var side: Side = .right
  public var movement = MovementPlan()
  /// Nominal sample rate, Hz.
  public var rate: Double = 100
  public var sensor: SensorModel = .wt901
  /// One certain device; nil lets the seed draw one from the model's spreads.
  public var specimen: SensorSpecimen? = nil
  /// How the sensor is declared to sit on the shank.
  public var mount: Mount
  /// How it truly sits, besides the mount: a rotation in shank components, so that (0, 0, −δ) as a rotation vector makes a
  /// sensor read δ too much. Truth does not change with it.
  public var misalignment: Quaternion = .identity
  /// The sensor's place on the shank, from the ankle axis, in shank components, m.
  public var sensorPosition: Vector3
  public var arrivals: ArrivalModel = .usb16ms
  /// Length of the session, s; nil ends it with the last quiet standing. A longer one stands on, a shorter one is cut off.
  public var duration: Double? = nil
  public var stream = StreamID(0)
  /// The host's clock at session time zero.
  public var hostOrigin = HostInstant(nanoseconds: 1_000_000_000_000)

  /// A session with the defaults that each property shows.
  ///
  /// - Parameter height: body height, m: it decides where on the shank the sensor sits.
  public init(mount: Mount, side: Side = .right, height: Double = 1.70) {
    self.mount = mount
    self.side = side
    sensorPosition = Self.sensorPosition(height: height, side: side)
  }

  /// Where a sensor on the shin sits: at 0.62 of the shank's length (0.246 of body height, as in `BodyLengths`) above the ankle axis,
  /// 4 cm before the long axis and 1.5 cm to the medial side. The three figures are assumptions.
  public static func sensorPosition(height: Double, side: Side) -> Vector3 {
    Vector3(0.04, 0.62 * 0.246 * height, side == .left ? 0.015 : -0.015)
  }

  /// Takes sensor components to shank components as the sensor truly sits.
  public var shankFromSensor: Quaternion { (misalignment * mount.shankFromSensor).normalized }

  /// Why a plan cannot be carried out, in words for the person who wrote it.
  public struct Impossible: Error, CustomStringConvertible, Equatable {
    public let description: String
  }

  /// - Throws: `Impossible` for the first value that makes no session.
  public func check() throws(Impossible) {
    func demand(_ fits: Bool, _ text: String) throws(Impossible) {
      if !fits { throw Impossible(description: text) }
    }
    try demand((1...10_000).contains(rate), "the rate must lie between 1 and 10000 Hz")
    for (name, count) in [
      ("trials", movement.trials), ("practice lunges", movement.practice), ("aborted movements", movement.aborted),
    ] {
      try demand((0...10_000).contains(count), "the number of \(name) must lie between 0 and 10000")
    }
    let angles = [movement.target, movement.standingLean, movement.medialTilt, movement.internalRotation]
    try demand(angles.allSatisfy { abs($0) <= 80 * radiansPerDegree }, "an angle must lie between -80 and 80 degrees")
    for (name, angle) in [
      ("spread of the target", movement.targetSD), ("sway", movement.sway), ("tremor", movement.tremor),
    ] {
      try demand((0...10 * radiansPerDegree).contains(angle), "the \(name) must lie between 0 and 10 degrees")
    }
    for (name, time) in [("outward", movement.outward), ("homeward", movement.homeward)] {
      try demand((0.1...60).contains(time), "the \(name) way must take between 0.1 and 60 s")
    }
    for (name, time) in [("hold", movement.hold), ("standing", movement.standing), ("rest", movement.rest)] {
      try demand((0...600).contains(time), "the \(name) must take between 0 and 600 s")
    }
    try demand((duration ?? 1) > 0 && (duration ?? 1) <= 1_000_000, "the duration must lie between 0 and 1000000 s")
    try demand(sensorPosition.isFinite && sensorPosition.length <= 2, "the sensor must sit within 2 m of the ankle")
    try demand(misalignment.isFinite && misalignment.lengthSquared > 0.25, "the misalignment is not a rotation")
    try demand(
      abs(specimen?.clockError ?? 0) <= 0.1 && (0...0.03).contains(sensor.clockErrorSD),
      "the clock's error must lie between -10 and 10 %, its spread between 0 and 3 %")
    for triad in [sensor.accelerometer, sensor.gyroscope] {
      try demand(
        triad.range > 0 && (2...32).contains(triad.bits ?? 2),
        "a sensor's range must be positive, its width 2 to 32 bits")
    }
    switch sensor.deviceClock {
    case .none: break
    case .counter(let bits): try demand((1...64).contains(bits), "a counter has 1 to 64 bits")
    case .clock(let bits, let nanosecondsPerTick):
      try demand(
        (1...64).contains(bits) && nanosecondsPerTick > 0, "a device clock has 1 to 64 bits and ticks that last")
    }
    try demand(
      (0...0.5).contains(sensor.lossProbability) && (1...10_000).contains(sensor.lossLength),
      "samples can be lost with a probability of 0 to 0.5, 1 to 10000 at a time")
    try demand(
      [arrivals.latency, arrivals.jitter, arrivals.bunching, arrivals.stallDuration].allSatisfy {
        (0...60).contains($0)
      }
        && (0...600).contains(arrivals.stallsPerMinute), "an arrival delay must lie between 0 and 60 s")
  }
}
