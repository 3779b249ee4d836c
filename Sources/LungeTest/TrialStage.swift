import AnkleKinematics
import Motion

/// Cuts the inclination of one tibia into movements and measures each: the segmentation of the lunge test.
///
/// Time comes with the samples, nothing else enters; a copy is a snapshot that continues exactly as the original would.
/// Any rate from 10 Hz to 2 kHz will do. Memory is bounded and reserved at the start; no sample allocates.
///
/// A movement begins when the tibia is well forward of its resting angle and ends when it is back, or quiet at a new
/// rest. It is emitted once the resting angle after it is known, after `settleTime`, or when the next one begins,
/// whichever comes first, and is never revised. Only lunges before a side's first trial wait longer, for
/// what follows: it says whether they were practice.
public struct TrialStage: Sendable {
  private(set) var setting: TrialSetting
  let parameters: SegmentationParameters
  // Taken over from the setting: what every sample asks for.
  private let quantity: TestProtocol.Quantity
  private let sense: Double
  private(set) var side: Side?
  /// Samples that were not used: a value that is not finite or not an angle, or time that ran backwards.
  public private(set) var ignoredSamples: UInt64 = 0
  /// Where the tibia is in a movement, up to the last sample but those of the last hundredth of a second.
  public internal(set) var progress = MovementProgress()

  var bins: [Bin] = []
  var scratch: [Double] = []
  @usableFromInline var outbox: [Trial] = []
  var window: RecentWindow
  var rest: RestingAngle
  /// The running movement; it holds only while `isMoving`. An optional of this size would be copied with every question whether it is nil.
  var movement = Movement()
  var isMoving = false
  var pending: Pending?
  /// Whether `pending` is not nil, for the same reason.
  var isPending = false
  var history = TrialHistory()
  var waiting = WaitingMovements()
  /// Announced practice that is behind: left, right, side unknown.
  var practiced = (0, 0, 0)
  private var open = OpenBin()
  private var lastTime: SessionTime?
  private var announcedGap: Double?
  var aboveSince: SessionTime?
  private var holdSince: SessionTime?

  /// How many bins are kept while resting, to date the start of a movement back.
  static let restBins = 512
  /// From so many bins on there may be too many.
  static let leastFull = 3 * restBins
  /// A minute at a hundred bins a second; longer movements continue at half the rate.
  static let capacity = 6_000

  /// - Parameter parameters: the limits; nil for those of the test.
  public init(_ setting: TrialSetting, parameters: SegmentationParameters? = nil) {
    let parameters = parameters ?? setting.test.parameters
    self.setting = setting
    self.quantity = setting.test.quantity
    self.sense = setting.test.sense
    self.parameters = parameters
    self.side = setting.side
    self.window = RecentWindow(parameters)
    self.rest = RestingAngle(parameters)
    bins.reserveCapacity(Self.capacity)
    scratch.reserveCapacity(Self.capacity)
    outbox.reserveCapacity(WaitingMovements.room + 4)
    waiting.list.reserveCapacity(WaitingMovements.room)
  }

  /// From now on, this side: it holds for movements that begin later.
  public mutating func setSide(_ side: Side?) { self.side = side }

  /// From here on the mount is assumed, or it is known; and what of the uncertainty is constant.
  public mutating func setAlignment(isAssumed: Bool, constant: ConstantUncertainty?) {
    setting.mountAssumed = isAssumed
    setting.constant = constant
  }

  /// Samples are missing between two times; call it before the first sample after them.
  public mutating func noteGap(from start: SessionTime, to end: SessionTime) {
    announcedGap = max(announcedGap ?? 0, max(end.seconds(since: start), 0))
  }

  /// Takes one sample in.
  ///
  /// - Returns: a movement that is finished, if there is one to tell.
  public mutating func update(_ sample: InclinationSample) -> Trial? {
    admit(sample)
    return next()
  }

  /// Takes one sample in, and keeps what there is to tell until `next` is asked.
  public mutating func admit(_ sample: InclinationSample) {
    var (angle, sd) = (sense * sample.inclination, sample.inclinationSD)
    if quantity == .ankleAngle {
      angle = sense * (sample.inclination - sample.footPitch)
      sd = (sd * sd + sample.footPitchSD * sample.footPitchSD).squareRoot()
    }
    guard
      abs(angle) <= 2 * Double.pi,
      sample.inclinationSD.isNaN || (sample.inclinationSD >= 0 && sample.inclinationSD.isFinite),
      abs(sample.frontalTilt) <= 2 * Double.pi, lastTime.map({ $0 <= sample.time }) ?? true
    else {
      ignoredSamples &+= 1
      return
    }
    let index = OpenBin.index(of: sample.time)
    if !open.isEmpty, open.index != index { close() }
    if let lastTime {
      let silence = sample.time.seconds(since: lastTime)
      var gap = announcedGap
      if sample.flags.contains(.afterGap) || silence > parameters.silence { gap = max(gap ?? 0, silence) }
      if let gap {
        announcedGap = nil
        if gap > parameters.longestBridge {
          breakOff()
        } else {
          open.flags.insert(gap > parameters.shortGap ? [.gap, .longGap] : .gap)
        }
      }
    } else {
      announcedGap = nil
    }
    lastTime = sample.time
    open.add(sample, angle: angle, sd: sd, index: index)
  }

  /// Whether `next` has something to tell. Cheaper than asking it: a trial is large. Inlinable because a call from another module
  /// would copy the whole stage to ask.
  @inlinable public var hasNews: Bool { !outbox.isEmpty }

  /// The oldest finished movement that was not told yet.
  public mutating func next() -> Trial? { outbox.isEmpty ? nil : outbox.removeFirst() }

  /// The session is over.
  ///
  /// - Returns: what was still to tell; an unfinished movement says so. Call it until it returns nil: in rare cases a finished
  ///   and an unfinished movement are left.
  public mutating func finish() -> Trial? {
    if !open.isEmpty { close() }
    if isMoving || isPending || !waiting.list.isEmpty { breakOff() }
    return next()
  }

  /// Nothing is known of what comes: tells what is running, forgets rest.
  private mutating func breakOff() {
    if !open.isEmpty { close() }
    if isMoving { conclude(at: bins.count - 1, .brokenOff) }
    emitPending(after: nil)
    if !waiting.list.isEmpty { release() }
    forget()
  }

  mutating func forget() {
    rest = RestingAngle(parameters)
    bins.removeAll(keepingCapacity: true)
    window = RecentWindow(parameters)
    aboveSince = nil
    holdSince = nil
    progress.isMoving = false
    progress.hold = 0
  }

  /// The open bin is complete.
  private mutating func close() {
    if bins.count >= Self.leastFull { makeRoom() }
    bins.append(open.close())
    window.slide(bins)
    let isQuiet =
      window.isLong && abs(window.slope) < parameters.restRate
      && window.residualVariance < parameters.restSD * parameters.restSD
    if isMoving { stepInMovement(isQuiet) } else { stepAtRest(isQuiet) }
    if !waiting.list.isEmpty { releaseOld(at: bins[bins.count - 1].time) }
    trackHold()
  }

  private mutating func makeRoom() {
    if !isMoving {
      drop(bins.count - Self.restBins)
    } else if bins.count >= Self.capacity {
      for i in 0..<(bins.count / 2) { bins[i] = bins[2 * i].merged(with: bins[2 * i + 1]) }
      bins.removeLast(bins.count - bins.count / 2)
      window.halve(bins)
      movement.halveIndices()
    }
  }

  mutating func drop(_ count: Int) {
    guard count > 0 else { return }
    bins.removeFirst(count)
    window.dropFirst(count, bins)
  }

  private mutating func trackHold() {
    guard isMoving else {
      progress.isMoving = false
      progress.hold = 0
      holdSince = nil
      return
    }
    progress.peak = movement.peak
    let isSteady =
      window.isLong && abs(window.slope) < parameters.plateauRate
      && window.residualVariance < parameters.plateauSD * parameters.plateauSD
      && window.level > movement.rest + parameters.enterAngle
      && window.level > movement.peak - parameters.overshootAngle
    if isSteady {
      let since = holdSince ?? bins[window.start].time
      holdSince = since
      progress.hold = bins[bins.count - 1].time.seconds(since: since)
    } else {
      holdSince = nil
      progress.hold = 0
    }
  }

  mutating func tell(_ trial: Trial, excursion: Double) {
    var trial = trial
    if trial.kind == .trial {
      if trial.verdict != .invalid { history.note(excursion, trial.side) }
      progress.trials += 1
      trial.number = progress.trials
    } else {
      trial.number = progress.trials
    }
    outbox.append(trial)
  }
}
