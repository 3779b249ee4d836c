import Motion

/// A capture that is samples: what a vendor's file holds, in SI units and session time.
///
/// What has to be found out by looking at samples (units, signs, the rate) is found out by its beginning, which is held. What comes after it is read from the
/// file when the samples are walked through, so that a file of any size takes no more memory than that.
public struct Capture: Sendable {
  /// One sample with the session time that the file's own time gives it.
  public struct Sample: Sendable, Equatable {
    public var time: SessionTime
    public var sample: SensorSample

    public init(time: SessionTime, sample: SensorSample) {
      self.time = time
      self.sample = sample
    }
  }

  /// Where the times came from.
  public enum TimeSource: String, Sendable {
    /// The file's own time column.
    case column
    /// A sample counter of the file, and its rate.
    case counter
    /// The number of the row, and a rate that was given.
    case row
  }

  /// The format's name in the catalogue of formats.
  public var format: String
  /// Which sensor of the file this is; empty where there is one.
  public var sensor: String = ""
  /// The files that it was read from, by name inside their folder: one, or the two of a pair.
  public var files: [String] = []
  /// The beginning in the order of time: all samples, or as many as are held. Their times strictly increase from zero.
  public internal(set) var samples: [Sample] = []
  /// Holes of the beginning in the order of time.
  public internal(set) var gaps: [Gap] = []
  /// Rate, Hz: of the median step, or where the steps are very uneven of the mean one (a note says so); nil for fewer than two samples.
  public var rate: Double?
  /// What the times were made from.
  public var timeSource: TimeSource
  /// Rows of the beginning whose time repeated or ran backwards and that were left out, and rows that could not be read.
  public var rejectedRows: Int = 0
  /// What a user has to know: doubts, repairs, assumptions, in plain words.
  public var notes: [String] = []
  /// The mount that is usual for the format's sensor; nil to use the general default.
  public var usualMount: String?
  /// The file's own time at time zero, s, since whenever its clock began.
  var start: Double?
  /// Whether that clock is the calendar's.
  var isDated = false
  /// What comes after the beginning; nil where that is all.
  var rest: SampleStream?
  /// What was done to every sample.
  private var correction = SampleCorrection()

  /// Whether the samples that are held are all.
  public var isWhole: Bool { rest == nil }

  /// Seconds from the first sample to the last; of the beginning where there is more.
  public var duration: Double { samples.last?.time.seconds ?? 0 }

  /// The quantities that at least one sample of the beginning holds.
  public var fields: SensorSample.Fields {
    samples.reduce(into: []) { $0.formUnion($1.sample.fields) }
  }

  /// How much later than another one's this capture's time zero is, s; nil where the two have no clock in common.
  ///
  /// - Parameter isBeside: whether both are sensors of one file or folder: one table has one clock.
  public func seconds(after other: Capture, isBeside: Bool) -> Double? {
    guard let start, let others = other.start else { return nil }
    let isOneTable = isBeside && files.first == other.files.first
    return isOneTable || (isDated && other.isDated) ? start - others : nil
  }

  /// A capture without samples.
  public init(format: String, timeSource: TimeSource) {
    self.format = format
    self.timeSource = timeSource
  }

  /// Does something to every sample, those that are still in the file among them.
  mutating func correct(_ change: SampleCorrection) {
    for index in samples.indices { change.apply(to: &samples[index].sample) }
    correction = correction.followed(by: change)
    rest?.correction = correction
  }
}
