import AnkleKinematics
import LungeTest
import Motion
import SensorProtocols
import Timebase

/// The one way through the house: bytes or samples in, readings, trials and gaps out.
///
/// A plain value without clock, locale, environment or thread: the same input gives the same output to the bit, live, in replay and in batch,
/// and a copy is a snapshot. Its input is the configuration and one ordered log of bytes with arrivals, operator events and link
/// events, or of samples that carry their own time. Nothing is allocated per sample once its buffers have grown.
///
/// A session has one or two sensors: stream 0 on the shank, stream 1 on the foot. Each has its own way from bytes to session time and to the
/// upward vertical; there they are joined, and what follows runs once for every sample of the shank. Session time zero is the shank's first sample.
public struct Pipeline: Sendable {
  public let configuration: PipelineConfiguration
  private var intake: SampleIntake?
  var foot: FootStage?
  // Asked for every sample; the optional is large.
  private let hasFoot: Bool
  private var attitude: AttitudeStage
  var trials: TrialStage
  var shank: ShankStage
  // Taken over from the configuration, which is large: what every sample asks for.
  let footFlags: Reading.Flags
  private var timed: [TimedSample] = []
  private var lastTime: SessionTime?
  /// The stream that is the shank's; nil before anything came.
  private var shankStream: StreamID?
  private var seen = SessionCounters()

  /// Why a configuration cannot be run, in words for the person who gave it.
  public struct Unusable: Error, CustomStringConvertible {
    public let description: String
  }

  /// - Throws: `Unusable` for a protocol that does not exist, a mount that is none, or a test that lacks its second sensor.
  public init(_ configuration: PipelineConfiguration) throws(Unusable) {
    self.configuration = configuration
    if configuration.test.quantity == .ankleAngle, configuration.foot == nil {
      throw Unusable(
        description:
          "\(configuration.test.name) measures the angle between shank and foot: it needs a second sensor, on the foot "
          + "(--foot FILE; --foot-port PORT while streaming)")
    }
    shank = try ShankStage(configuration)
    if !configuration.protocolName.isEmpty {
      do {
        intake = SampleIntake(
          try ProtocolCatalogue.find(configuration.protocolName), fixedRate: configuration.fixedRate)
      } catch {
        throw Unusable(description: error.description)
      }
    }
    if let setting = configuration.foot {
      foot = try FootStage(
        setting, filter: configuration.filter, keepsFirstRest: configuration.test.quantity == .ankleAngle)
    }
    hasFoot = foot != nil
    var flags: Reading.Flags = configuration.foot?.mountAssumed == true ? .mountAssumed : []
    if hasFoot { flags.insert(.twoSensor) }
    footFlags = flags
    attitude = AttitudeStage(filter: configuration.filter)
    trials = TrialStage(
      TrialSetting(
        side: configuration.side, distance: try? configuration.distanceModel(), mountAssumed: shank.isMountAssumed,
        test: configuration.test, practice: configuration.practice))
    timed.reserveCapacity(512)
  }

  /// What the foot sensor's stream lost, rejected or doubted so far; nil without one.
  public var footCounters: SessionCounters? { foot?.counters }

  /// In a session with a foot sensor, the newest time of the shank that was taken in; nil before the first.
  public var shankTime: SessionTime? { foot?.shankTime }

  /// What the session lost, rejected or doubted so far: that of the shank's sensor.
  public var counters: SessionCounters {
    var counters = seen
    if let intake {
      counters.bytes = intake.counters
      counters.timeRepairs += intake.timeRepairs
    }
    return counters
  }

  /// How the shank's sensor stands.
  public var status: SensorStatus { SensorStatus(counters, intake, lastTime: lastTime) }

  /// How the foot's sensor stands; nil without one.
  public var footStatus: SensorStatus? { foot?.status }

  /// Takes the next bytes of a sensor, all of which arrived at the same instant. A session of one sensor takes the stream that speaks first, whatever
  /// its number; those of a stream that the configuration does not have are left out.
  public mutating func receive(
    _ bytes: Span<UInt8>, from stream: StreamID = StreamID(0), arrived: HostInstant, into output: inout [Emission]
  ) {
    if shankStream == nil { shankStream = hasFoot ? StreamID(0) : stream }
    if stream == shankStream {
      intake?.receive(bytes, arrived: arrived, into: &timed)
      drain(into: &output)
    } else if hasFoot && stream.number == 1 {
      foot!.receive(bytes, arrived: arrived)
      giveJoined(into: &output)
    }
  }

  /// Takes note of what was sent to a sensor.
  public mutating func sent(_ bytes: Span<UInt8>, to stream: StreamID = StreamID(0)) {
    if hasFoot && stream.number == 1 { foot!.sent(bytes) } else { intake?.sent(bytes) }
  }

  /// Takes a sample that carries its own session time: the door for captures. Those of two sensors come about in the order of time; a foot's may
  /// also join a shank's that comes as bytes, once `shankTime` is known.
  public mutating func receive(_ sample: TimedSample, into output: inout [Emission]) {
    guard hasFoot else { return process(sample, into: &output) }
    if sample.sample.stream.number == 1 { foot!.receive(sample) } else { foot!.admitShank(sample, zero: nil) }
    giveJoined(into: &output)
  }

  /// What the operator did, at the time of the newest sample.
  public mutating func receive(_ event: OperatorEvent, into output: inout [Emission]) {
    switch event {
    case .marker(let text): output.append(.marker(lastTime ?? .zero, text))
    case .side(let side): trials.setSide(side)
    }
  }

  /// What happened to a sensor's connection.
  public mutating func receive(
    _ event: LinkEvent, of stream: StreamID = StreamID(0), into output: inout [Emission]
  ) {
    guard event == .unplugged else { return }
    if stream == shankStream ?? StreamID(0) {
      intake?.unplugged()
    } else if hasFoot && stream.number == 1 {
      // What still waits for the foot's samples need not wait any longer.
      foot!.unplugged()
      giveJoined(into: &output)
    }
  }

  /// The session has ended: what still waited comes out.
  public mutating func finish(into output: inout [Emission]) {
    intake?.finish(into: &timed)
    drain(into: &output)
    if hasFoot {
      foot!.finish()
      giveJoined(into: &output)
      while let gap = foot!.nextGap(upTo: .max) { output.append(.gap(gap)) }
    }
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
      if hasFoot {
        for index in samples.indices { foot!.admitShank(samples[index], zero: intake?.zero) }
      } else {
        for index in samples.indices { process(samples[index], into: &output) }
      }
    }
    batch.removeAll(keepingCapacity: true)
    swap(&batch, &timed)
    if hasFoot { giveJoined(into: &output) }
  }

  /// The shank's samples for which is decided now what the foot said at their time.
  private mutating func giveJoined(into output: inout [Emission]) {
    guard !foot!.joined.isEmpty else { return }
    var batch: [StreamJoiner.Joined] = []
    swap(&batch, &foot!.joined)
    for joined in batch {
      while let gap = foot!.nextGap(upTo: joined.first.time.nanoseconds) { output.append(.gap(gap)) }
      process(joined.first, foot: joined, into: &output)
    }
    batch.removeAll(keepingCapacity: true)
    swap(&batch, &foot!.joined)
  }

  /// - Parameter joined: what the foot said at the sample's time; nil in a session of one sensor.
  private mutating func process(
    _ timed: TimedSample, foot joined: StreamJoiner.Joined? = nil, into output: inout [Emission]
  ) {
    guard ClippingWatch.isAtEnd(timed.sample) else { return run(timed, foot: joined, into: &output) }
    var marked = timed
    marked.sample.flags.insert(.saturated)
    run(marked, foot: joined, into: &output)
  }

  @inline(__always)
  private mutating func run(
    _ timed: TimedSample, foot joined: StreamJoiner.Joined?, into output: inout [Emission]
  ) {
    seen.count(timed.sample.flags)
    if let gap = timed.gapBefore {
      seen.count(gap)
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
    if let joined { take(joined, into: &reading) }
    let trialFlags = trialFlags(timed, attitude)
    let leg = shank.update(
      time: time, interval: interval, attitude: attitude, rate: usableRate(timed),
      foot: (reading.footPitch, reading.footPitchSD), flags: trialFlags)
    if shank.hasNews { tellAlignment(into: &output) }
    guard let leg else {
      output.append(.reading(reading))
      return
    }
    let angles = leg.angles
    trials.admit(
      InclinationSample(
        time: time, inclination: angles.tibialInclination, inclinationSD: leg.sd, frontalTilt: angles.tiltToRight,
        axialRotation: leg.axialRotation, footPitch: reading.footPitch, footPitchSD: reading.footPitchSD,
        flags: trialFlags))
    // Before the vertical is found there is no angle to show: a number on a screen is taken for a measurement.
    if attitude.isConverged {
      reading.tibialInclination = angles.tibialInclination
      reading.inclinationSD = leg.sd
      reading.tiltToRight = angles.tiltToRight
      // One sensor, foot flat on a level floor: the ankle's angle is the tibia's.
      reading.dorsiflexion = hasFoot ? angles.tibialInclination - reading.footPitch : angles.tibialInclination
      reading.kneeToWall = leg.kneeToWall
    }
    reading.progress = trials.progress
    output.append(.reading(reading))
    if trials.hasNews, let trial = trials.next() { output.append(.trial(trial)) }
  }

  /// Says what became of the alignment, and goes through what waited for it.
  private mutating func tellAlignment(into output: inout [Emission]) {
    for outcome in shank.takeNews() { output.append(.alignment(outcome)) }
    trials.setAlignment(isAssumed: shank.isMountAssumed, constant: shank.uncertainty)
    var trials = trials
    shank.releaseHeld { sample in
      trials.admit(sample)
      if trials.hasNews, let trial = trials.next() { output.append(.trial(trial)) }
    }
    self.trials = trials
  }
}
