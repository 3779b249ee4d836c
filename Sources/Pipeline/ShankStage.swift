import AnkleKinematics
import LungeTest
import Motion

/// The vertical in the sensor to the angles of the shank: by the alignment that was declared, or that is found on the way. Until there is one, there are
/// no angles; what it was found from is no movement.
struct ShankStage: Sendable {
  /// The shank at one sample.
  struct Angles {
    var angles: ShankAngles
    /// Standard uncertainty of the inclination, rad; NaN where the sensor does not say.
    var sd: Double
    /// About the long axis, to the right hand's sense, since an arbitrary start, rad; NaN without a gyroscope.
    var axialRotation: Double
    /// m; NaN where there is none, or only a range.
    var kneeToWall: Double
  }

  /// A sample that waits until it is known whether it is a rock.
  private struct Held {
    var time: SessionTime
    var vertical: Vector3
    var tiltSD: Double
    var foot: (pitch: Double, sd: Double)
    var flags: InclinationSample.Flags
  }

  /// What waits for an alignment covers this long at least, s, and never more than twice as much, nor more than so many samples.
  private static let heldTime = 20.0
  private static let heldCount = 40_000

  private let mount: Mount
  private let configuration: AlignmentSetting
  private let curve: KneeToWallCurve?
  private let accelerometerSD: Double
  private var finder: CalibrationFinder?
  private var rotation = AxialRotation()
  private var alignment: Alignment?
  // Of the alignment: what every sample asks for.
  private var shankFromSensor = Quaternion.identity
  private var longAxis = Vector3(0, 1, 0)
  /// What of an inclination's uncertainty the session has in common; nil before there is an alignment.
  private(set) var uncertainty: ConstantUncertainty?
  private var held: [Held] = []
  private var news: [AlignmentOutcome] = []
  private(set) var hasNews = false
  private var lastTime = SessionTime.zero
  /// The samples go through a filter with a gyroscope.
  private var isFiltered = false

  /// - Throws: why the conventions contradict each other, or the mount is none.
  init(_ configuration: PipelineConfiguration) throws(Pipeline.Unusable) {
    do {
      mount = try Mount(configuration.mount)
    } catch {
      throw Pipeline.Unusable(description: "the mount '\(configuration.mount)' cannot be used: \(error.description)")
    }
    do {
      self.configuration = try configuration.alignmentSetting()
    } catch {
      throw Pipeline.Unusable(description: error.description)
    }
    curve = (try? configuration.distanceModel())?.curve
    accelerometerSD = configuration.staticAngleSD
    if let search = self.configuration.search {
      finder = CalibrationFinder(search)
    } else {
      accept(.declared(mount, isAssumed: self.configuration.isMountAssumed))
    }
  }

  /// What readings have to say about the alignment.
  var flags: Reading.Flags {
    guard let alignment else { return .notAligned }
    return alignment.isAssumed ? .mountAssumed : []
  }

  /// An inclinometer's two angles may show the mirror image of what is true; see `FoldWatch`.
  private(set) var isFolded = false
  private var fold = FoldWatch()
  /// The sign of the sensor's z axis matters to the inclination: it does not point sideways.
  private var showsFold = false

  /// Trials from here on rest on an assumed mount.
  var isMountAssumed: Bool { alignment?.isAssumed ?? configuration.isMountAssumed }

  /// What was found or refused since it was asked for last.
  mutating func takeNews() -> [AlignmentOutcome] {
    hasNews = false
    defer { news.removeAll() }
    return news
  }

  /// Takes the next sample.
  ///
  /// - Returns: nil while there is no vertical, or no alignment.
  mutating func update(
    time: SessionTime, interval: Double, attitude: borrowing AttitudeStage.Attitude, rate: Vector3?,
    foot: (pitch: Double, sd: Double), flags: InclinationSample.Flags
  ) -> Angles? {
    if finder != nil {
      search(
        time: time, interval: interval, attitude: attitude, rate: rate, foot: foot, flags: flags)
      return nil
    }
    guard alignment != nil, let vertical = attitude.vertical else { return nil }
    var result = angles(vertical, tiltSD: attitude.tiltSD)
    if attitude.isNearFold || isFolded {
      isFolded = fold.update(isNear: attitude.isNearFold && showsFold, inclination: result.angles.tibialInclination)
    }
    result.axialRotation = rotation.update(rate: rate, vertical: vertical, longAxis: longAxis, interval: interval)
    return result
  }

  /// The input has ended.
  mutating func finish() {
    if let step = finder?.finish(at: lastTime) { take(step) }
  }

  /// Gives what waited for the alignment, to `body` in order: rocks flagged as such, and movement like any other.
  mutating func releaseHeld(_ body: (InclinationSample) -> Void) {
    guard alignment != nil, !held.isEmpty else { return }
    for sample in held {
      let result = angles(sample.vertical, tiltSD: sample.tiltSD)
      body(
        InclinationSample(
          time: sample.time, inclination: result.angles.tibialInclination, inclinationSD: result.sd,
          frontalTilt: result.angles.tiltToRight, footPitch: sample.foot.pitch,
          footPitchSD: sample.foot.sd, flags: sample.flags))
    }
    held = []
  }

  @inline(__always)
  private func angles(_ vertical: Vector3, tiltSD: Double) -> Angles {
    let angles = ShankAngles(verticalInShank: shankFromSensor.rotate(vertical))
    let constant =
      uncertainty?.variance(sine: angles.sineOfInclination, cosine: angles.cosineOfInclination) ?? .nan
    return Angles(
      angles: angles, sd: (tiltSD * tiltSD + constant).squareRoot(), axialRotation: .nan,
      kneeToWall: curve?.distance(sine: angles.sineOfInclination, cosine: angles.cosineOfInclination) ?? .nan)
  }

  private mutating func search(
    time: SessionTime, interval: Double, attitude: borrowing AttitudeStage.Attitude, rate: Vector3?,
    foot: (pitch: Double, sd: Double), flags: InclinationSample.Flags
  ) {
    lastTime = time
    let road = attitude.flags
    isFiltered = rate != nil && road.angleIsFiltered
    let vertical = attitude.isConverged ? attitude.vertical : nil
    if let vertical, configuration.search?.wantsRocks == true {
      if held.count >= Self.heldCount
        || held.first.map({ time.seconds(since: $0.time) > 2 * Self.heldTime }) ?? false
      {
        held.removeFirst(held.count / 2)
      }
      held.append(Held(time: time, vertical: vertical, tiltSD: attitude.tiltSD, foot: foot, flags: flags))
    }
    // Not `finder?.update`: a copy of it would be moved out and in with every sample.
    if let step = finder?.update(time: time, interval: interval, vertical: vertical, angularRate: rate) { take(step) }
  }

  private mutating func take(_ step: CalibrationFinder.Step) {
    switch step {
    case .searching: break
    case .failed(let refusal): tell(.refused(refusal))
    case .restOnly(let section): settle(for: section)
    case .found(let section):
      guard configuration.method != .pose else { return settle(for: section) }
      do {
        accept(
          try Alignment.functional(section, mount: mount, isAssumed: configuration.isMountAssumed))
        held.removeAll { $0.time < section.start }
        for index in held.indices { held[index].flags.insert(.calibrating) }
      } catch {
        tell(.refused(error))
        // Where rest may settle it, bad rocks do not undo the rest.
        if configuration.search?.settlesForRest == true { settle(for: section) }
      }
    }
  }

  /// A pose: all that came after its rest is movement like any other.
  private mutating func settle(for section: CalibrationSection) {
    do {
      accept(
        try Alignment.pose(
          section, zero: configuration.zero, mount: mount, isAssumed: configuration.isMountAssumed))
      held.removeAll { $0.time < section.start }
    } catch {
      tell(.refused(error))
    }
  }

  private mutating func accept(_ found: Alignment) {
    var new = found
    new.isFiltered = isFiltered
    alignment = new
    finder = nil
    shankFromSensor = new.shankFromSensor
    showsFold = abs(new.shankFromSensor.rotate(Vector3(0, 0, 1)).z) < 0.94
    longAxis = new.shankFromSensor.conjugate.rotate(Vector3(0, 1, 0))
    uncertainty = ConstantUncertainty(accelerometer: accelerometerSD, alignment: new)
    tell(.found(new))
  }

  private mutating func tell(_ outcome: AlignmentOutcome) {
    news.append(outcome)
    hasNews = true
  }
}
