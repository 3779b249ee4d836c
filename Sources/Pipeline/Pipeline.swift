import AnkleKinematics
import LungeTest
import Motion
import SensorProtocols

/// The one way through the house: bytes or samples in, readings, trials and gaps out.
///
/// A plain value without clock, locale, environment or thread: the same input gives the same output to the bit, live, in replay and in batch,
/// and a copy is a snapshot. Its input is the configuration and one ordered log of bytes with arrivals, operator events and link
/// events, or of samples that carry their own time. Nothing is allocated per sample once its buffers have grown.
public struct Pipeline: Sendable {
  public let configuration: PipelineConfiguration
  private var intake: SampleIntake?
  private var attitude: AttitudeStage
  private var trials: TrialStage
  private var shank: ShankStage
  private var timed: [TimedSample] = []
  private var lastTime: SessionTime?
  private var seen = SessionCounters()

  /// Why a configuration cannot be run, in words for the person who gave it.
  public struct Unusable: Error, CustomStringConvertible {
    public let description: String
  }

  /// - Throws: `Unusable` for a protocol that does not exist, or a mount that is none.
  public init(_ configuration: PipelineConfiguration) throws(Unusable) {
    self.configuration = configuration
    shank = try ShankStage(configuration)
    if !configuration.protocolName.isEmpty {
      do {
        intake = SampleIntake(
          try ProtocolCatalogue.find(configuration.protocolName), fixedRate: configuration.fixedRate)
      } catch {
        throw Unusable(description: error.description)
      }
    }
    attitude = AttitudeStage(filter: configuration.filter)
    trials = TrialStage(
      TrialSetting(
        side: configuration.side, distance: try? configuration.distanceModel(), mountAssumed: shank.isMountAssumed))
    timed.reserveCapacity(512)
  }

  /// What the session lost, rejected or doubted so far.
  public var counters: SessionCounters {
    var counters = seen
    if let intake {
      counters.bytes = intake.counters
      counters.timeRepairs += intake.timeRepairs
    }
    return counters
  }

  /// The sensor's rate as it was learned, Hz; nil before it is known, or for samples that brought their own time.
  public var learnedRate: Double? { intake?.rate }

  /// When the newest reading's sample was taken, on the clock of the host; nil before the first, and where samples have no arrivals. The least
  /// delay of the way from the sensor cannot be seen and is not in it.
  public var newestInstant: HostInstant? {
    guard let zero = intake?.zero, let lastTime else { return nil }
    return HostInstant(nanoseconds: zero.nanoseconds &+ lastTime.nanoseconds)
  }

  /// How exactly that is known, Hz, one standard deviation; nil before it is known, and for a stated rate.
  public var learnedRateSpread: Double? { intake?.rateSpread }

  /// Takes the next bytes of the sensor, all of which arrived at the same instant.
  public mutating func receive(_ bytes: Span<UInt8>, arrived: HostInstant, into output: inout [Emission]) {
    intake?.receive(bytes, arrived: arrived, into: &timed)
    drain(into: &output)
  }

  /// Takes a sample that carries its own session time: the door for captures.
  public mutating func receive(_ sample: TimedSample, into output: inout [Emission]) {
    process(sample, into: &output)
  }

  /// What the operator did, at the time of the newest sample.
  public mutating func receive(_ event: OperatorEvent, into output: inout [Emission]) {
    switch event {
    case .marker(let text): output.append(.marker(lastTime ?? .zero, text))
    case .side(let side): trials.setSide(side)
    }
  }

  public mutating func receive(_ event: LinkEvent) {
    if event == .unplugged { intake?.unplugged() }
  }

  /// The session has ended: what still waited comes out.
  public mutating func finish(into output: inout [Emission]) {
    intake?.finish(into: &timed)
    drain(into: &output)
    shank.finish()
    if shank.hasNews { tellAlignment(into: &output) }
    while let trial = trials.finish() { output.append(.trial(trial)) }
  }

  private mutating func drain(into output: inout [Emission]) {
    // Moved out while its samples are worked on, so that they need not be copied out of it one by one.
    var batch: [TimedSample] = []
    swap(&batch, &timed)
    do {
      let samples = batch.span
      for index in samples.indices { process(samples[index], into: &output) }
    }
    batch.removeAll(keepingCapacity: true)
    swap(&batch, &timed)
  }

  private mutating func process(_ timed: TimedSample, into output: inout [Emission]) {
    count(timed.sample.flags)
    if let gap = timed.gapBefore {
      count(gap)
      // A loss that nothing counted shows only later; until then the times were too early.
      trials.noteGap(from: gap.start, to: max(gap.end, timed.time))
      output.append(.gap(gap))
    }
    let time = timed.time
    let interval = lastTime.map { time.seconds(since: $0) } ?? 0
    lastTime = time
    let attitude = attitude.update(timed.sample, interval: interval)
    var reading = Reading(
      stream: timed.sample.stream, time: time, tibialInclination: .nan, inclinationSD: .nan, tiltToRight: .nan,
      dorsiflexion: .nan, kneeToWall: .nan, flags: flags(timed, attitude), progress: trials.progress)
    let trialFlags = trialFlags(timed, attitude)
    let shank = shank.update(
      time: time, interval: interval, attitude: attitude, rate: usableRate(timed), flags: trialFlags)
    if self.shank.hasNews { tellAlignment(into: &output) }
    guard let shank else {
      output.append(.reading(reading))
      return
    }
    let angles = shank.angles
    trials.admit(
      InclinationSample(
        time: time, inclination: angles.tibialInclination, inclinationSD: shank.sd, frontalTilt: angles.tiltToRight,
        axialRotation: shank.axialRotation, footPitch: .nan, flags: trialFlags))
    // Before the vertical is found there is no angle to show: a number on a screen is taken for a measurement.
    if attitude.isConverged {
      reading.tibialInclination = angles.tibialInclination
      reading.inclinationSD = shank.sd
      reading.tiltToRight = angles.tiltToRight
      // One sensor, foot flat on a level floor: the ankle's angle is the tibia's.
      reading.dorsiflexion = angles.tibialInclination
      reading.kneeToWall = shank.kneeToWall
    }
    reading.progress = trials.progress
    output.append(.reading(reading))
    if trials.hasNews, let trial = trials.next() { output.append(.trial(trial)) }
  }

  /// Says what became of the alignment, and goes through what waited for it.
  private mutating func tellAlignment(into output: inout [Emission]) {
    for outcome in shank.takeNews() { output.append(.alignment(outcome)) }
    trials.setMountAssumed(shank.isMountAssumed)
    var trials = trials
    shank.releaseHeld { sample in
      trials.admit(sample)
      if trials.hasNews, let trial = trials.next() { output.append(.trial(trial)) }
    }
    self.trials = trials
  }

  /// What a gyroscope says that can be believed.
  @inline(__always)
  private func usableRate(_ timed: borrowing TimedSample) -> Vector3? {
    let sample = timed.sample
    return sample.fields.contains(.angularRate) && sample.flags.isDisjoint(with: [.implausible, .saturated])
      ? sample.angularRate : nil
  }

  @inline(__always)
  private func flags(_ timed: borrowing TimedSample, _ attitude: AttitudeStage.Attitude) -> Reading.Flags {
    var flags = attitude.flags.union(shank.flags)
    let sample = timed.sample.flags
    if !attitude.isConverged { flags.insert(.notConverged) }
    if timed.gapBefore != nil { flags.insert(.afterGap) }
    if sample.isEmpty { return flags }
    if sample.contains(.saturated) { flags.insert(.saturated) }
    if sample.contains(.stale) { flags.insert(.stale) }
    if sample.contains(.implausible) { flags.insert(.implausible) }
    if sample.contains(.unchecked) { flags.insert(.unchecked) }
    return flags
  }

  @inline(__always)
  private func trialFlags(_ timed: borrowing TimedSample, _ attitude: AttitudeStage.Attitude) -> InclinationSample.Flags
  {
    var flags: InclinationSample.Flags = []
    if !attitude.isConverged { flags.insert(.notConverged) }
    if timed.sample.flags.contains(.saturated) { flags.insert(.saturated) }
    if timed.gapBefore != nil { flags.insert(.afterGap) }
    if attitude.flags.contains(.quasiStatic) { flags.insert(.quasiStatic) }
    return flags
  }

  private mutating func count(_ flags: SensorSample.Flags) {
    seen.samples += 1
    guard !flags.isEmpty else { return }
    if flags.contains(.saturated) { seen.saturated += 1 }
    if flags.contains(.stale) { seen.stale += 1 }
    if flags.contains(.implausible) { seen.implausible += 1 }
  }

  private mutating func count(_ gap: Gap) {
    seen.gaps += 1
    seen.missingSamples += UInt64(gap.missingSamples ?? 0)
    let length = gap.end.nanoseconds - gap.start.nanoseconds
    seen.gapNanoseconds += length
    seen.longestGapNanoseconds = max(seen.longestGapNanoseconds, length)
  }
}
