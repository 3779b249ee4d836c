import Motion
import Pipeline

extension SessionInput {
  /// The foot's sensor, where it is an input of its own.
  public var foot: SessionInput? { feet.first }

  /// The session with the samples of another input as those of the foot's sensor.
  ///
  /// - Parameters:
  ///   - foot: a recording, raw bytes or a capture of the sensor on the foot.
  ///   - offset: s; what is added to its session times to make them this input's.
  ///   - drift: how much faster the foot's clock runs than this input's, relative.
  ///   - words: how offset and drift are known, for the reader.
  ///   - choices: what the user said; of it the foot's mount is taken.
  /// - Throws: `Unusable` where one of the two holds two sensors already.
  public func joined(
    with foot: SessionInput, offset: Double, drift: Double = 0, words: String, choices: ConfigurationChoices
  ) throws(Unusable) -> SessionInput {
    for input in [self, foot] where input.configuration.foot != nil {
      throw Unusable(description: "\(input.path): has a sensor on the foot already", isUnreadable: false)
    }
    var joined = self
    var setting = PipelineConfiguration.FootSensor()
    setting.protocolName = foot.configuration.protocolName
    setting.fixedRate = foot.configuration.fixedRate
    setting.staticAngleSD = foot.configuration.staticAngleSD
    // A mount that was only assumed was assumed for a shin.
    if !foot.configuration.mountAssumed {
      setting.mount = foot.configuration.mount
      setting.mountAssumed = false
    }
    setting.offset = offset
    setting.drift = drift
    joined.configuration.foot = setting
    joined.overrides += choices.applyFoot(to: &joined.configuration)
    joined.feet = [foot]
    joined.footWords = words
    return joined
  }

  /// What has to be added to another recording's session times to make them this one's, s, where the same clock of one computer stamped both; nil
  /// elsewhere.
  public func hostOffset(of other: SessionInput) throws -> Double? {
    guard case .recording(let mine) = content, case .recording(let its) = other.content else { return nil }
    // Since one start of one computer its monotonic clock and the calendar keep their distance, but for what a time service corrects.
    let distances = [mine, its].map { $0.anchor.utcNanoseconds &- $0.anchor.host.nanoseconds }
    guard abs(Double(distances[0] &- distances[1])) < Self.sameHost * 1e9 else { return nil }
    guard let zero = try zero, let otherZero = try other.zero else { return nil }
    return otherZero.seconds(since: zero)
  }

  /// What has to be added to another capture's session times to make them this one's, s, and how that is known, where the files have one clock:
  /// sensors of one table, or of files with dates; nil elsewhere.
  public func fileOffset(of other: SessionInput) -> (seconds: Double, words: String)? {
    guard case .capture(let mine) = content, case .capture(let its) = other.content,
      let seconds = its.seconds(after: mine, isBeside: path == other.path)
    else { return nil }
    return (seconds, path == other.path ? "the file that holds both" : "the dates in the two files")
  }

  /// s; two computers that were started at the same tenth of a second of the calendar are not expected.
  private static let sameHost = 0.1

  /// Where session time zero lies on the recording host's clock.
  private var zero: HostInstant? {
    get throws {
      var cursor = try SampleCursor(self)
      _ = cursor.next()
      return cursor.run.zero
    }
  }
}

/// Gives the samples of a foot's sensor that is an input of its own to the engine, a little ahead of the shank's.
struct FootFeed: ~Copyable {
  /// s; so far ahead that the shank's samples need not wait, and so little that the joiner has room.
  private static let lead = 0.25

  private var cursor: SampleCursor
  private var waiting: TimedSample?
  private let offset: Double

  init(_ input: SessionInput, _ configuration: PipelineConfiguration) throws {
    cursor = try SampleCursor(input)
    offset = configuration.foot?.offset ?? 0
    waiting = cursor.next()
  }

  /// Why the foot's samples ended early; nil while nothing is wrong.
  var trouble: (any Error)? { cursor.trouble }

  /// How the sensor stands: the engine saw neither its bytes nor its clock.
  func status(_ pipeline: borrowing Pipeline) -> SensorStatus? {
    guard var counters = pipeline.footStatus?.counters else { return nil }
    let run = cursor.run
    counters.bytes = run.counters
    counters.timeRepairs = run.timeRepairs
    return SensorStatus(counters, rate: run.rate, rateSpread: run.rateSpread)
  }

  /// Gives what belongs to the shank's newest sample, and what is due soon after it.
  mutating func lead(_ pipeline: inout Pipeline, into emissions: inout [Emission]) {
    guard let shank = pipeline.shankTime?.seconds else { return }
    give(upTo: shank + Self.lead, &pipeline, &emissions)
  }

  /// Gives all that is left.
  mutating func rest(_ pipeline: inout Pipeline, into emissions: inout [Emission]) {
    give(upTo: .infinity, &pipeline, &emissions)
  }

  private mutating func give(upTo time: Double, _ pipeline: inout Pipeline, _ emissions: inout [Emission]) {
    while var sample = waiting, sample.time.seconds + offset <= time {
      sample.sample.stream = StreamID(1)
      pipeline.receive(sample, into: &emissions)
      waiting = cursor.next()
    }
  }
}
