import Motion

/// The mean of the samples of one hundredth of a second, or of a longer stretch in long movements.
///
/// Every rate from 10 Hz to 2 kHz becomes at most a hundred of these a second, so that time and memory of the
/// segmentation do not depend on the sensor.
struct Bin: Hashable, Sendable {
  struct Flags: OptionSet, Hashable, Sendable {
    var rawValue: UInt8
    static let notConverged = Flags(rawValue: 1 << 0)
    static let saturated = Flags(rawValue: 1 << 1)
    /// Samples are missing between the bin before and this one.
    static let gap = Flags(rawValue: 1 << 2)
    /// The gap was longer than `SegmentationParameters.shortGap`.
    static let longGap = Flags(rawValue: 1 << 3)
    static let resynchronised = Flags(rawValue: 1 << 4)
    static let calibrating = Flags(rawValue: 1 << 5)
    static let quasiStatic = Flags(rawValue: 1 << 6)
  }

  static let nanoseconds: Int64 = 10_000_000

  /// Mean time of the samples.
  var time: SessionTime
  /// Means, rad: of the angle that is segmented, its uncertainty, and what goes on beside it; NaN where it is not known.
  var inclination: Double
  var sd: Double
  var frontal: Double
  var axial: Double
  var foot: Double
  var footSD: Double
  var count: Double
  var flags: Flags
  /// Inclination with jolts removed; filled when a movement is examined.
  var clean: Double = 0
  /// Mean level of the plateau window that ends here, NaN where it is not steady; filled when a movement is examined.
  var steadyLevel: Double = .nan
  /// Index of that window's first bin.
  var windowStart: Int32 = 0

  /// This bin and the next one as one.
  func merged(with next: Bin) -> Bin {
    let total = count + next.count
    let share = next.count / total
    return Bin(
      time: SessionTime(
        nanoseconds: time.nanoseconds &+ Int64(Double(next.time.nanoseconds &- time.nanoseconds) * share)),
      inclination: inclination + (next.inclination - inclination) * share,
      sd: sd + (next.sd - sd) * share,
      frontal: frontal + (next.frontal - frontal) * share,
      axial: axial + (next.axial - axial) * share,
      foot: foot + (next.foot - foot) * share,
      footSD: footSD + (next.footSD - footSD) * share,
      count: total,
      flags: flags.union(next.flags))
  }
}

/// The samples of the bin that is being filled.
struct OpenBin: Hashable, Sendable {
  private(set) var index: Int64 = 0
  private(set) var count: Int32 = 0
  private var first = SessionTime.zero
  private var offsets: Int64 = 0
  private var inclination = 0.0
  private var sd = 0.0
  private var frontal = 0.0
  private var axial = 0.0
  private var foot = 0.0
  private var footSD = 0.0
  var flags: Bin.Flags = []

  var isEmpty: Bool { count == 0 }

  static func index(of time: SessionTime) -> Int64 { time.nanoseconds / Bin.nanoseconds }

  /// - Parameters:
  ///   - angle: what is segmented, rad, and its standard uncertainty.
  ///   - index: that of the sample's time.
  @inline(__always)
  mutating func add(_ sample: InclinationSample, angle: Double, sd angleSD: Double, index new: Int64) {
    if count == 0 {
      index = new
      first = sample.time
    }
    count &+= 1
    offsets &+= sample.time.nanoseconds &- first.nanoseconds
    inclination += angle
    sd += angleSD
    frontal += sample.frontalTilt
    axial += sample.axialRotation
    foot += sample.footPitch
    footSD += sample.footPitchSD
    if sample.flags.isEmpty { return }
    if sample.flags.contains(.notConverged) { flags.insert(.notConverged) }
    if sample.flags.contains(.saturated) { flags.insert(.saturated) }
    if sample.flags.contains(.resynchronised) { flags.insert(.resynchronised) }
    if sample.flags.contains(.calibrating) { flags.insert(.calibrating) }
    if sample.flags.contains(.quasiStatic) { flags.insert(.quasiStatic) }
  }

  /// The mean of what was added; the next bin begins empty.
  @inline(__always)
  mutating func close() -> Bin {
    var bin = Bin(
      time: first, inclination: inclination, sd: sd, frontal: frontal, axial: axial, foot: foot, footSD: footSD,
      count: Double(count), flags: flags)
    // Up to a hundred samples a second there is only one, and its mean is itself.
    if count > 1 {
      bin.time.nanoseconds &+= offsets / Int64(count)
      bin.inclination /= bin.count
      bin.sd /= bin.count
      bin.frontal /= bin.count
      bin.axial /= bin.count
      bin.foot /= bin.count
      bin.footSD /= bin.count
    }
    self = OpenBin()
    return bin
  }
}
