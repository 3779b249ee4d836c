import Motion

/// A capture that is samples: what a vendor's file holds, in SI units and session time.
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
  /// Samples in the order of time; their times strictly increase from zero.
  public var samples: [Sample] = []
  /// Holes in the order of time.
  public var gaps: [Gap] = []
  /// Rate, Hz: of the median step, or where the steps are very uneven of the mean one (a note says so); nil for fewer than two samples.
  public var rate: Double?
  /// What the times were made from.
  public var timeSource: TimeSource
  /// Rows whose time repeated or ran backwards and that were left out, and rows that could not be read.
  public var rejectedRows: Int = 0
  /// What a user has to know: doubts, repairs, assumptions, in plain words.
  public var notes: [String] = []
  /// The mount that is usual for the format's sensor; nil to use the general default.
  public var usualMount: String?

  /// Seconds from the first sample to the last.
  public var duration: Double { samples.last?.time.seconds ?? 0 }

  /// The quantities that at least one sample holds.
  public var fields: SensorSample.Fields {
    samples.reduce(into: []) { $0.formUnion($1.sample.fields) }
  }

  /// A capture without samples.
  public init(format: String, timeSource: TimeSource) {
    self.format = format
    self.timeSource = timeSource
  }
}
