import AnkleKinematics
import LungeTest
import Motion
import Pipeline

@testable import LiveView

/// The screen of a state, for terminals of any size and ability.
func screen(
  _ state: LiveState, _ columns: Int, _ rows: Int, colour: Bool = false, unicode: Bool = true, age: Double? = 0.012
) -> [String] {
  var state = state
  if age != nil { state.sensor.newest = HostInstant(nanoseconds: 0) }
  return TerminalView(columns: columns, rows: rows, colour: colour, unicode: unicode).lines(
    state, now: age.map { HostInstant(nanoseconds: Int64($0 * 1e9)) })
}

/// The states that a session goes through, by name.
enum States {
  static let names = [
    "waiting", "not converged", "steady", "gap", "saturated", "negative", "many trials", "trouble", "replay",
    "long names",
  ]

  static func named(_ name: String) -> LiveState {
    var state = LiveState(
      source: "/dev/ttyUSB0  witmotion", conventions: "zero: gravity   mount: y=proximal,z=anterior   filter: accurate",
      recording: "visit.mcap", side: .right, keys: "q quit   m marker   l left leg   r right leg")
    var configuration = PipelineConfiguration()
    configuration.height = 1.72
    configuration.place = Placement(belowTuberosity: 0.1, surface: .anteromedial)
    state.distanceModel = try? configuration.distanceModel()
    state.sensor.rate = 100.02
    state.sensor.counters.samples = 12345
    state.reading = reading(degrees: 37.46)
    switch name {
    case "waiting":
      state.reading = nil
      state.sensor.rate = nil
      state.sensor.counters.samples = 0
    case "not converged": state.reading = reading(degrees: .nan, flags: .notConverged)
    case "gap":
      state.reading = reading(degrees: 12.0, flags: .afterGap)
      state.sensor.counters.gaps = 3
      state.sensor.counters.missingSamples = 217
    case "saturated":
      state.reading = reading(degrees: 12.0, flags: .saturated)
      state.sensor.counters.saturated = 9
    case "negative": state.reading = reading(degrees: -104.6)
    case "many trials": state.take((1...40).map { .trial(trial($0)) })
    case "trouble":
      state.trouble = "recording stopped: No space left on device"
      state.sensor.counters.bytes.checksumFailures = 12
      state.sensor.counters.bytes.skipped = 132
    case "replay":
      state = LiveState(
        source: "replay of lunge-left.mcap", conventions: "zero: gravity", isLive: false, side: .left, keys: "q quit")
      state.reading = reading(degrees: 5)
    case "long names":
      state.recording = String(repeating: "a very long name ", count: 20)
      state.source = "/dev/serial/by-id/" + String(repeating: "x", count: 200)
      state.conventions = String(repeating: "placement: below the knee ", count: 20)
    default: break
    }
    return state
  }

  static func reading(degrees: Double, flags: Reading.Flags = []) -> Reading {
    let angle = degrees * radiansPerDegree
    return Reading(
      stream: StreamID(0), time: SessionTime(seconds: 12), tibialInclination: angle,
      inclinationSD: 0.6 * radiansPerDegree, tiltToRight: 0, dorsiflexion: angle, kneeToWall: 0.113, flags: flags,
      progress: MovementProgress(isMoving: true, peak: 38.2 * radiansPerDegree, hold: 1.3, trials: 2))
  }

  static func trial(_ number: Int) -> Trial {
    Trial(
      stream: StreamID(0), kind: number % 5 == 0 ? .aborted : .trial, number: number, side: .right,
      start: SessionTime(seconds: Double(number)), end: SessionTime(seconds: Double(number) + 3), plateauStart: nil,
      plateauEnd: nil, endRange: Uncertain(0.01 * Double(number), sd: 0.01), baseline: 0.09, peakRate: 0.7,
      frontalTilt: 0.01, kneeToWall: Uncertain(0.113, sd: 0.012), verdict: number % 3 == 0 ? .attention : .valid,
      reasons: number % 3 == 0 ? [.frontalTilt, .baselineShift, .mountAssumed] : [])
  }
}
