import AnkleKinematics
import Motion
import SensorProtocols
import Timebase

/// The foot sensor's way: its bytes to session time and to the upward vertical, and there to the shank's samples.
///
/// Both streams are put on one time: where they have arrivals that is the host's clock, on which each one's clock fit stands; samples with times of
/// their own are brought together by the stated offset.
struct FootStage: Sendable {
  private static let mostGaps = 4096

  private(set) var intake: SampleIntake?
  private var attitude: AttitudeStage
  private let footFromSensor: Quaternion
  private let offset: Int64
  private let drift: Double
  private var joiner = StreamJoiner()
  private var footPitch: FootPitch
  private let uncertainty: ConstantUncertainty
  private var timed: [TimedSample] = []
  private var lastTime: SessionTime?
  private var seen = SessionCounters()
  /// Gaps of the foot's stream that no reading has passed yet; on the common time.
  private var gaps: [Gap] = []
  /// Session time zero on the common time; nil before the shank's first sample.
  private var zero: HostInstant?
  /// The newest sample of the shank that was taken in.
  private(set) var shankTime: SessionTime?
  /// The shank's samples, in order, for which is decided what the foot said.
  var joined: [StreamJoiner.Joined] = []

  /// - Parameter keepsFirstRest: the foot hangs free and rests where it is not flat: the first rest is the baseline for good.
  /// - Throws: `Unusable` for a protocol that does not exist, or a mount that is none.
  init(
    _ setting: PipelineConfiguration.FootSensor, filter: PipelineConfiguration.Filter, keepsFirstRest: Bool = false
  ) throws(Pipeline.Unusable) {
    do {
      footFromSensor = try Mount(setting.mount).shankFromSensor
    } catch {
      throw Pipeline.Unusable(
        description: "the foot sensor's mount '\(setting.mount)' cannot be used: \(error.description)")
    }
    if !setting.protocolName.isEmpty {
      do {
        intake = SampleIntake(
          try ProtocolCatalogue.find(setting.protocolName), stream: StreamID(1), fixedRate: setting.fixedRate)
      } catch {
        throw Pipeline.Unusable(description: "the foot sensor: \(error.description)")
      }
    }
    attitude = AttitudeStage(filter: filter)
    footPitch = FootPitch(keepsFirst: keepsFirstRest)
    uncertainty = ConstantUncertainty(
      accelerometer: setting.staticAngleSD, zero: FootPitch.baselineSD, twist: Alignment.declaredTwistSD,
      isZeroMeasured: true)
    offset = SessionTime(seconds: setting.offset).nanoseconds
    drift = setting.drift
    timed.reserveCapacity(512)
    joined.reserveCapacity(512)
  }

  var counters: SessionCounters {
    var counters = seen
    if let intake {
      counters.bytes = intake.counters
      counters.timeRepairs += intake.timeRepairs
    }
    return counters
  }

  var status: SensorStatus { SensorStatus(counters, intake, lastTime: lastTime) }

  /// Takes note of what was sent to the sensor.
  mutating func sent(_ bytes: Span<UInt8>) { intake?.sent(bytes) }

  /// Takes bytes of the foot's sensor.
  mutating func receive(_ bytes: Span<UInt8>, arrived: HostInstant) {
    intake?.receive(bytes, arrived: arrived, into: &timed)
    drain()
  }

  /// Takes a sample of the foot's sensor that carries its own time. It lies on the shank's time, whatever that was made from.
  mutating func receive(_ sample: TimedSample) { follow(sample, zero: zero?.nanoseconds ?? 0) }

  /// Takes a sample of the shank's sensor.
  ///
  /// - Parameter zero: where session time zero lies on the host's clock; nil for samples with times of their own.
  mutating func admitShank(_ sample: TimedSample, zero: HostInstant?) {
    let zero = zero ?? HostInstant(nanoseconds: 0)
    self.zero = zero
    shankTime = sample.time
    joiner.admitFirst(
      sample, at: HostInstant(nanoseconds: sample.time.nanoseconds &+ zero.nanoseconds), into: &joined)
  }

  mutating func unplugged() {
    intake?.unplugged()
    joiner.endSecond(into: &joined)
  }

  mutating func finish() {
    intake?.finish(into: &timed)
    drain()
    joiner.endSecond(into: &joined)
  }

  /// The next of the foot's gaps that ends before a time of the session (ns), if there is one.
  mutating func nextGap(upTo nanoseconds: Int64) -> Gap? {
    guard let first = gaps.first else { return nil }
    let zero = (zero ?? intake?.zero)?.nanoseconds ?? 0
    var gap = first
    gap.start.nanoseconds &-= zero
    gap.end.nanoseconds &-= zero
    guard gap.end.nanoseconds <= nanoseconds else { return nil }
    gaps.removeFirst()
    return gap
  }

  /// The pitch of the foot, rad, at a sample of the shank; NaN while it is not known.
  mutating func pitch(of joined: StreamJoiner.Joined, isLegAtRest: Bool) -> Double {
    guard let vertical = joined.second?.normalized else { return .nan }
    return footPitch.update(vertical, at: joined.first.time, isLegAtRest: isLegAtRest)
  }

  /// The standard uncertainty of that pitch, rad.
  func pitchSD(of joined: StreamJoiner.Joined, pitch: Double) -> Double {
    (joined.secondSD * joined.secondSD + uncertainty.variance(at: pitch)).squareRoot()
  }

  private mutating func drain() {
    var batch: [TimedSample] = []
    swap(&batch, &timed)
    let zero = intake?.zero?.nanoseconds ?? 0
    for sample in batch { follow(sample, zero: zero) }
    batch.removeAll(keepingCapacity: true)
    swap(&batch, &timed)
  }

  private mutating func follow(_ timed: TimedSample, zero: Int64) {
    seen.count(timed.sample.flags)
    if var gap = timed.gapBefore {
      seen.count(gap)
      gap.stream = StreamID(1)
      gap.start.nanoseconds = instant(gap.start, zero).nanoseconds
      gap.end.nanoseconds = instant(gap.end, zero).nanoseconds
      // Without the shank's samples they would wait for ever; the counters have them all.
      if gaps.count < Self.mostGaps { gaps.append(gap) }
    }
    let interval = lastTime.map { timed.time.seconds(since: $0) } ?? 0
    lastTime = timed.time
    let attitude = attitude.update(timed.sample, interval: interval)
    let vertical = attitude.isConverged ? attitude.vertical : nil
    joiner.admitSecond(
      StreamJoiner.Companion(
        instant: instant(timed.time, zero), value: vertical.map { footFromSensor.rotate($0) },
        sd: attitude.tiltSD, isAfterGap: timed.gapBefore != nil),
      into: &joined)
  }

  /// A time of the foot's sensor on the common time.
  private func instant(_ time: SessionTime, _ zero: Int64) -> HostInstant {
    var nanoseconds = time.nanoseconds &+ offset
    if drift != 0 { nanoseconds &-= SessionTime(seconds: time.seconds * drift).nanoseconds }
    return HostInstant(nanoseconds: nanoseconds &+ zero)
  }
}
