import AnkleKinematics
import Export
import LungeTest
import Motion
import Pipeline

/// What the live view shows at one moment. A plain value: the ingest thread leaves it in a mailbox, and the view draws the newest.
public struct LiveState: Sendable {
  /// Where the readings come from, in a few words: port, protocol, file.
  public var source: String
  /// Conventions in one line: zero, mount, placement, filter.
  public var conventions: String
  /// A sensor is read now; false for a replay, which has no recording and no age of the newest sample.
  public var isLive: Bool
  /// Recording file, while one is written.
  public var recording: String?
  /// What went wrong with the recording, if anything did.
  public var trouble: String?
  /// Why the last calibrating section was refused, and what to do; nil when it was not.
  public var refused: String?
  public var side: Side?
  public var reading: Reading?
  /// The newest trials, oldest first.
  public var trials: [Trial] = []
  /// How the shank's sensor stands, and the foot's; nil without one.
  public var sensor = SensorStatus(SessionCounters())
  public var foot: SensorStatus?
  /// Keys that do something, for the last line.
  public var keys: String
  /// What makes a distance of an inclination; nil where no body lengths were given.
  public var distanceModel: DistanceModel?

  /// The newest reading's knee-to-wall equivalent, m, with its standard uncertainty; nil where there is none, or only a range.
  var distance: Uncertain? {
    guard let reading, reading.kneeToWall.isFinite else { return nil }
    return distanceModel?.estimate(
      inclination: Uncertain(reading.tibialInclination, sd: reading.inclinationSD)
    ).value
  }

  public init(
    source: String, conventions: String, recording: String? = nil, isLive: Bool = true, side: Side? = nil,
    keys: String = "", distanceModel: DistanceModel? = nil
  ) {
    self.distanceModel = distanceModel
    self.source = source
    self.isLive = isLive
    self.conventions = conventions
    self.recording = recording
    self.side = side
    self.keys = keys
  }

  /// Takes what the engine said.
  public mutating func take(_ emissions: [Emission]) {
    for emission in emissions {
      switch emission {
      case .reading(let reading): self.reading = reading
      case .trial(let trial):
        trials.append(trial)
        if trials.count > 32 { trials.removeFirst() }
      case .alignment(.refused(let refusal)): refused = ReasonWords.refusal(refusal.reason).sentence
      case .alignment(.found): refused = nil
      case .marker, .gap: break
      }
    }
  }
}
