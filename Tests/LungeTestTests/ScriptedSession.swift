import LungeTest
import Motion
import TestKit

/// An inclination over time, put together from pieces whose truth is known, in degrees and seconds.
struct ScriptedSession {
  private(set) var pieces: [(duration: Double, angle: (Double) -> Double)] = []
  private(set) var angle: Double
  /// Ends of the holds that are trials, with their angles.
  private(set) var trials: [(start: Double, end: Double, angle: Double)] = []
  /// Sway, tremor and noise of the sensor.
  var swayDegrees = 0.1
  var tremorDegrees = 0.0
  var noiseDegrees = 0.03
  var seed: UInt64 = 1

  init(standing: Double) { angle = standing }

  var duration: Double { pieces.reduce(0) { $0 + $1.duration } }

  mutating func hold(_ seconds: Double) {
    let level = angle
    pieces.append((seconds, { _ in level }))
  }

  /// A movement of least jerk (Flash and Hogan 1985).
  mutating func move(to target: Double, in seconds: Double) {
    let from = angle
    pieces.append(
      (
        seconds,
        {
          let s = $0 / seconds
          return from + (target - from) * (s * s * s * (10 - 15 * s + 6 * s * s))
        }
      ))
    angle = target
  }

  mutating func ramp(to target: Double, speed: Double) {
    let from = angle
    let seconds = abs(target - from) / speed
    pieces.append((seconds, { from + (target - from) * $0 / seconds }))
    angle = target
  }

  /// Out, held, and back.
  mutating func lunge(to target: Double, out: Double = 1.5, held: Double = 2, back: Double = 1.4) {
    let standing = angle
    move(to: target, in: out)
    let start = duration
    hold(held)
    trials.append((start, duration, target))
    move(to: standing, in: back)
  }

  /// The samples at a rate; `knocks` are times at which the angle jumps by so many degrees for 30 ms.
  func samples(rate: Double, knocks: [(time: Double, degrees: Double)] = []) -> [InclinationSample] {
    var random = RandomSource(seed: seed)
    var result: [InclinationSample] = []
    var start = 0.0
    var piece = 0
    for index in 0..<Int(duration * rate) {
      let t = Double(index) / rate
      while piece + 1 < pieces.count && t - start > pieces[piece].duration {
        start += pieces[piece].duration
        piece += 1
      }
      var angle = pieces[piece].angle(min(t - start, pieces[piece].duration))
      angle += swayDegrees * wave(t * 0.3) + tremorDegrees * wave(t * 8.3)
      angle += noiseDegrees * (random.unit() + random.unit() + random.unit() - 1.5) * 2
      for knock in knocks where t >= knock.time && t < knock.time + 0.03 { angle += knock.degrees }
      result.append(
        InclinationSample(
          time: SessionTime(seconds: t), inclination: angle * radiansPerDegree, inclinationSD: 0.005, frontalTilt: 0.02)
      )
    }
    return result
  }

  /// A wave of one period per unit.
  private func wave(_ x: Double) -> Double {
    Quaternion(rotationVector: Vector3(4 * Double.pi * (x - x.rounded(.down)), 0, 0)).x
  }
}

func run(_ samples: [InclinationSample], setting: TrialSetting = TrialSetting()) -> [Trial] {
  var stage = TrialStage(setting)
  var trials = samples.compactMap { stage.update($0) }
  while let trial = stage.finish() { trials.append(trial) }
  return trials
}
