import Export
import Motion
import Pipeline
import Recording
import Replay
import SensorProtocols
import Timebase

/// What can be said of an input by reading it once.
struct InputFacts {
  var path: String
  var kind: String
  var protocolName: String
  var recognised: ProtocolSniffer.Finding?
  var device: DeviceIdentity?
  var recordedOn: String?
  /// Of the calendar time, s; nil where it was not recorded or the host's clock was kept by no time service.
  var utcUncertainty: Double?
  var samples = 0
  var rate: Double?
  /// Of a learned rate, Hz, one standard deviation.
  var rateSpread: Double?
  var duration: Double?
  /// `uncounted` are those of whose samples nobody knows how many are missing.
  var gaps = (count: 0, missing: 0, uncounted: 0, longest: 0.0)
  var counters = DecoderCounters()
  var quantities: SensorSample.Fields = []
  var flagged = (saturated: 0, stale: 0, implausible: 0)
  var ending: RecordingEnd?
  var messages: [MessageTally.Row] = []
  /// Session time of the first and the last sample, s; nil where nothing gives a time.
  var firstTime: Double?
  var lastTime: Double?
  /// The device's own clock at the first and the last sample, s.
  var firstDeviceTime: Double?
  var lastDeviceTime: Double?
  var notes: [String] = []

  /// Of a port that is going to be listened to.
  init(port: String, protocolName: String, recognised: ProtocolSniffer.Finding?) {
    path = port
    kind = "port"
    self.protocolName = protocolName
    self.recognised = recognised
  }

  /// - Parameter stream: which sensor of a recording; nil for the shank's, or the only one.
  init(_ input: SessionInput, timed: Bool, stream: StreamID? = nil) throws {
    path = input.path
    kind = input.kind
    protocolName =
      (stream?.number == 1 ? input.configuration.foot?.protocolName : nil) ?? input.configuration.protocolName
    recognised = input.recognised
    notes = input.notes
    if case .recording(let header) = input.content {
      device = header.devices[stream ?? StreamID(0)]
      recordedOn = input.recordedOn
      utcUncertainty = input.utcUncertainty
    }
    let secondsPerTick = Self.secondsPerTick((try? ProtocolCatalogue.find(protocolName))?.clock)
    var own = self
    let outcome = try input.forEachSample(stream: stream, tallies: true) {
      own.take($0, secondsPerTick: secondsPerTick)
    }
    self = own
    if quantities.contains(.magneticField), let note = input.fieldNote { notes.append(note) }
    end(outcome, timed: timed)
  }

  /// Of a device's clock, s; nil where it sends none.
  static func secondsPerTick(_ clock: DeviceClock?) -> Double? {
    guard case .clock(_, let nanoseconds) = clock else { return nil }
    return Double(nanoseconds) * 1e-9
  }

  /// Takes note of one sample.
  mutating func take(_ timed: TimedSample, secondsPerTick: Double?) {
    samples += 1
    let time = timed.time.seconds
    if firstTime == nil { firstTime = time }
    lastTime = time
    if let secondsPerTick, timed.sample.fields.contains(.deviceTime) {
      let own = Double(timed.sample.deviceTicks) * secondsPerTick
      if firstDeviceTime == nil { firstDeviceTime = own }
      lastDeviceTime = own
    }
    quantities.formUnion(timed.sample.fields)
    if let gap = timed.gapBefore {
      gaps.count += 1
      gaps.missing += gap.missingSamples ?? 0
      gaps.uncounted += gap.missingSamples == nil ? 1 : 0
      gaps.longest = max(gaps.longest, gap.end.seconds(since: gap.start))
    }
    if timed.sample.flags.contains(.saturated) { flagged.saturated += 1 }
    if timed.sample.flags.contains(.stale) { flagged.stale += 1 }
    if timed.sample.flags.contains(.implausible) { flagged.implausible += 1 }
  }

  /// All samples were taken.
  ///
  /// - Parameter timed: false where the times stand for nothing.
  mutating func end(_ outcome: SampleRun, timed: Bool) {
    counters = outcome.counters
    ending = outcome.end
    messages = outcome.messages?.rows ?? []
    notes += outcome.notes
    if timed {
      rate = outcome.rate
      rateSpread = outcome.rateSpread
      duration = lastTime
      if quantities.contains(.angularRate), let doubt = rate.flatMap(RateWords.doubt) { notes.append(doubt) }
    } else {
      firstTime = nil
      lastTime = nil
    }
  }
}
