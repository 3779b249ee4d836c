import Glibc
import LungeTest
import Motion
import TestKit

/// A session written down piece by piece, in degrees and seconds, with the exact inclination at every time.
struct LungeScript {
  struct TrueTrial {
    var start: Double
    var end: Double
    var endRange: Double
    /// The hold; nil for touch-and-go.
    var hold: ClosedRange<Double>?
  }

  private struct Piece {
    var start: Double
    var duration: Double
    var from: Double
    var to: Double
    var isRamp: Bool
  }

  struct Knock {
    var time: Double
    var angle: Double
    var duration: Double
  }

  private var pieces: [Piece] = []
  private(set) var duration = 0.0
  private(set) var angle: Double
  private(set) var trials: [TrueTrial] = []
  var knocks: [Knock] = []
  /// White noise of every sample, deg.
  var noise = 0.0
  /// Tremor: amplitude (deg) and frequency (Hz), all the time.
  var tremor = (amplitude: 0.0, frequency: 8.0)
  /// Slow swaying of the whole body: amplitude (deg) and frequency (Hz).
  var sway = (amplitude: 0.0, frequency: 0.3)
  /// Stated uncertainty of each sample, deg.
  var sd = 0.6
  /// Tilt out of the plane, as a share of the way from standing.
  var frontalPerDegree = 0.0
  let standing: Double

  init(standing: Double = 0) {
    self.standing = standing
    self.angle = standing
  }

  /// Stays where it is.
  mutating func stay(_ seconds: Double) { add(angle, seconds, isRamp: false) }

  /// Smooth movement of least jerk: x⁵ polynomial without speed and acceleration at both ends.
  mutating func move(to target: Double, in seconds: Double) { add(target, seconds, isRamp: false) }

  /// Movement at constant rate.
  mutating func ramp(to target: Double, rate: Double) {
    add(target, abs(target - angle) / rate, isRamp: true)
  }

  /// Out, hold, back; noted as a trial that must be found.
  mutating func lunge(to target: Double, out: Double = 1.2, hold: Double, back: Double = 1.2, rest: Double? = nil) {
    let start = duration
    move(to: target, in: out)
    let reached = duration
    if hold > 0 { stay(hold) }
    let left = duration
    move(to: rest ?? standing, in: back)
    trials.append(
      TrueTrial(start: start, end: duration, endRange: target, hold: hold > 0 ? reached...left : nil))
  }

  private mutating func add(_ target: Double, _ seconds: Double, isRamp: Bool) {
    pieces.append(Piece(start: duration, duration: seconds, from: angle, to: target, isRamp: isRamp))
    duration += seconds
    angle = target
  }

  /// Inclination without noise, deg; `hint` is the piece to begin the search at.
  private func truth(_ t: Double, _ hint: inout Int) -> Double {
    while hint + 1 < pieces.count, t >= pieces[hint + 1].start { hint += 1 }
    let p = pieces[hint]
    let x = p.duration > 0 ? min(max((t - p.start) / p.duration, 0), 1) : 1
    let share = p.isRamp ? x : x * x * x * (10 - 15 * x + 6 * x * x)
    return p.from + (p.to - p.from) * share
  }

  func samples(rate: Double, seed: UInt64 = 1, jitter: Double = 0) -> [InclinationSample] {
    var random = RandomSource(seed: seed)
    var hint = 0
    var samples: [InclinationSample] = []
    samples.reserveCapacity(Int(duration * rate) + 1)
    for i in 0..<Int(duration * rate) {
      var t = Double(i) / rate
      if jitter > 0 { t += (random.unit() - 0.5) * jitter / rate + 0.5 / rate }
      var value = truth(t, &hint)
      let frontal = (value - standing) * frontalPerDegree
      value += tremor.amplitude * sin(2 * .pi * tremor.frequency * t)
      value += sway.amplitude * sin(2 * .pi * sway.frequency * t)
      for knock in knocks where t >= knock.time && t < knock.time + knock.duration {
        value += knock.angle * sin(.pi * (t - knock.time) / knock.duration)
      }
      if noise > 0 { value += noise * gauss(&random) }
      samples.append(
        InclinationSample(
          time: SessionTime(seconds: t), inclination: value * radiansPerDegree, inclinationSD: sd * radiansPerDegree,
          frontalTilt: frontal * radiansPerDegree))
    }
    return samples
  }
}

/// A normally distributed number (Box and Muller 1958).
func gauss(_ random: inout RandomSource) -> Double {
  let u = max(random.unit(), 1e-300)
  return (-2 * log(u)).squareRoot() * cos(2 * .pi * random.unit())
}

/// Everything that a stage tells about the samples.
func movements(
  _ samples: [InclinationSample], _ setting: TrialSetting = TrialSetting(),
  parameters: SegmentationParameters? = nil
) -> [Trial] {
  var stage = TrialStage(setting, parameters: parameters)
  var told: [Trial] = []
  for sample in samples {
    if let trial = stage.update(sample) { told.append(trial) }
  }
  while let trial = stage.finish() { told.append(trial) }
  return told
}

extension Trial {
  var endRangeDegrees: Double { endRange.value * degreesPerRadian }
}

extension [Trial] {
  var counted: [Trial] { filter { $0.kind == .trial } }
}

let allRates: [Double] = [10, 25, 50, 100, 200, 500, 1000, 2000]
