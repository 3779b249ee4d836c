import LungeTest
import Motion
import Pipeline

/// What Talus' short names mean, in plain words: the one table for reports and the terminal view.
///
/// Every text speaks of the measurement, never of the person measured.
public enum ReasonWords {
  /// One reason of a trial's verdict: a few words for a narrow column, and a sentence with what to do.
  public struct Entry: Sendable {
    public let short: String
    public let sentence: String
  }

  /// A single reason's words. A reason without an entry would be a defect; a test holds the table complete.
  public static func entry(_ reason: Trial.Reasons) -> Entry {
    switch reason {
    case .mountAssumed:
      Entry(
        short: "mount assumed",
        sentence: "How the sensor sits on the leg was not stated; the usual mount was assumed. State it with --mount.")
    case .noPlateau:
      Entry(
        short: "no hold",
        sentence: "The end position was not held for half a second; the value is the smoothed peak.")
    case .gap:
      Entry(short: "data missing", sentence: "Samples are missing during the trial.")
    case .saturated:
      Entry(short: "sensor at its limit", sentence: "The sensor reached the end of its range during the trial.")
    case .notConverged:
      Entry(
        short: "filter settling",
        sentence: "The filter was still finding the vertical when the trial began. Stand still for a moment first.")
    case .frontalTilt:
      Entry(
        short: "knee off line",
        sentence: "The tibia tilted sideways by more than 5°. Keep the knee over the second toe.")
    case .baselineShift:
      Entry(
        short: "rest angle changed",
        sentence: "The resting angle before and after differs by more than 2°: the sensor may have slipped.")
    case .unfinished:
      Entry(short: "not finished", sentence: "The recording ended before the tibia had come back to rest.")
    case .axialRotation:
      Entry(
        short: "shin turned",
        sentence:
          "The tibia turned about its long axis by more than 10°: the arch may have sunk or the foot turned out.")
    case .tooFast:
      Entry(
        short: "too fast",
        sentence: "The movement was so fast that momentum, or the sensor's lag, may be in the value. Move slowly.")
    case .heelLift:
      Entry(
        short: "heel lifted",
        sentence: "The foot sensor saw the heel rise by about 2° or more, which adds as much to the tibial inclination."
      )
    case .resynchronised:
      Entry(short: "bytes damaged", sentence: "Bytes were damaged during the trial, and the stream was found again.")
    case .excluded:
      Entry(short: "excluded", sentence: "A person took it out of the result after the session.")
    case .uncertaintyUnknown:
      Entry(
        short: "uncertainty unknown",
        sentence: "The device computed the angle itself and does not say how uncertain it is.")
    default:
      Entry(short: "unnamed doubt", sentence: "A doubt that this version has no words for.")
    }
  }

  /// The words of every reason in the set, in the set's fixed order.
  public static func entries(_ reasons: Trial.Reasons) -> [Entry] {
    Trial.Reasons.names.filter { reasons.contains($0.0) }.map { entry($0.0) }
  }

  /// What a verdict says about a trial.
  public static func verdict(_ verdict: Verdict) -> Entry {
    switch verdict {
    case .valid: Entry(short: "valid", sentence: "Nothing speaks against this trial.")
    case .attention: Entry(short: "attention", sentence: "Usable, with a doubt that the reader should know.")
    case .invalid: Entry(short: "invalid", sentence: "Not used for any result.")
    }
  }

  /// What a flag of a reading means for a whole session.
  public static func sentence(_ flag: Reading.Flags) -> String {
    switch flag {
    case .mountAssumed: "How the sensor sits on the leg was not stated; the usual mount was assumed."
    case .notConverged: "At times the filter was still finding the vertical."
    case .saturated: "At times the sensor was at the end of its range."
    case .stale: "At times the sensor repeated old values."
    case .implausible: "At times the sensor sent values that no working sensor on a leg gives."
    case .unchecked: "The protocol has no checksum: damaged values cannot be told from good ones."
    case .afterGap: "There are gaps in the data."
    case .quasiStatic: "There is no gyroscope: angles are right only while the leg moves slowly."
    case .notAligned: "At times it was not known yet how the sensor sits on the leg: there is no angle then."
    case .deviceFused: "The sensor computed the angle itself; its error is not known to Talus."
    case .twoSensor: "Dorsiflexion is the angle between shank and foot, from a sensor on each."
    case .footMissing:
      "At times the foot sensor said nothing, or was not seen flat yet: there dorsiflexion is not known."
    default: "A doubt that this version has no words for."
    }
  }

  /// Why samples are missing.
  public static func cause(_ cause: Gap.Cause) -> String {
    switch cause {
    case .corruption: "bytes were damaged"
    case .counterJump: "the sensor's counter jumped"
    case .silence: "nothing arrived"
    case .unplugged: "the sensor was unplugged"
    case .reset: "the sensor restarted"
    case .fileTime: "the file's time has a hole"
    }
  }

  /// The knee condition of a series, as a report names it.
  public static func condition(_ condition: KneeCondition?) -> String {
    switch condition {
    case .kneeBent: "knee bent"
    case .kneeStraight: "knee straight"
    case nil: "knee condition not stated"
    }
  }

  /// Which angle a result is, as a report names it.
  public static func quantity(_ quantity: TestProtocol.Quantity) -> String {
    switch quantity {
    case .tibialInclination: "Tibial inclination at end range"
    case .ankleAngle: "Ankle angle at end range"
    case .frontalTilt: "Greatest sideways tilt of the tibia, medial positive"
    case .inclinationChange: "Change of tibial inclination to end range"
    }
  }

  /// A movement that is no trial, as a report names it.
  public static func kind(_ kind: Trial.Kind) -> String {
    switch kind {
    case .trial: "trial"
    case .aborted: "broken off"
    case .practice: "practice"
    case .calibration: "calibration"
    }
  }

  /// The side of a series, as a report names it.
  public static func side(_ side: Side?) -> String {
    switch side {
    case .left: "Left"
    case .right: "Right"
    case nil: "Side not stated"
    }
  }
}
