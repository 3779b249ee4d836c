import AnkleKinematics
import Export
import Glibc
import LungeTest
import Motion
import Pipeline
import Replay
import SerialLink

/// Runs an input through the engine at the pace that was asked for, and leaves what is to be shown in the hub.
struct Player: Sendable {
  let input: SessionInput
  /// 1 for real time; nil for no holding back.
  let factor: Double?
  let window: ReplayWindow
  let loop: Bool
  /// What the summary explains the trials' uncertainty with; nil where nobody asked, or where lines say it.
  let explanation: Explanation?

  func run(hub: OutputHub, output: OutputSession) {
    var summary: SessionSummary?
    do {
      repeat {
        summary = try round(hub)
      } while loop && !hub.isStopRequested && summary?.sensor.counters.samples ?? 0 > 0
      output.end(with: summary!)
    } catch {
      output.end(failing: .badData, "\(input.path): \(error)")
    }
  }

  /// One time through: every round begins with its own device line, and session time begins anew.
  private func round(_ hub: OutputHub) throws -> SessionSummary {
    let pace = Pace(factor)
    var window = window
    var trials: [Trial] = []
    var alignments: [AlignmentOutcome] = []
    var flags: Reading.Flags = []
    var last = 0.0
    hub.post {
      JSONLines.append(device: device(0), configuration: input.configuration, baud: nil, rate: nil, to: &$0)
      if input.configuration.foot != nil {
        JSONLines.append(
          device: device(1), stream: StreamID(1), configuration: input.configuration, baud: nil, rate: nil, to: &$0)
      }
      if !input.overrides.isEmpty { JSONLines.append(overrides: input.overrides, to: &$0) }
    }
    let outcome = try input.run { emissions, progress, pipeline in
      let shown = window.cut(emissions)
      if progress.time >= window.start { pace.wait(until: progress.time - window.start, hub) }
      last = progress.time
      for case .trial(let trial) in shown { trials.append(trial) }
      for emission in emissions {
        switch emission {
        case .alignment(let outcome): alignments.append(outcome)
        case .reading(let reading): flags.formUnion(reading.flags)
        default: break
        }
      }
      hub.post(shown, status: pipeline.status, foot: pipeline.footStatus)
      return !hub.isStopRequested && !window.isOver
    }
    let status = SensorStatus(outcome.counters, rate: outcome.rate, rateSpread: outcome.rateSpread)
    hub.post {
      JSONLines.append(status, to: &$0)
      if let foot = outcome.foot { JSONLines.append(foot, stream: StreamID(1), to: &$0) }
    }
    return SessionSummary(
      sensor: status, foot: outcome.foot, duration: last, trials: trials, alignments: alignments, flags: flags,
      extra: outcome.notes, explanation: explanation)
  }

  private func device(_ stream: UInt16) -> DeviceIdentity {
    if stream == 1, let foot = input.foot { return Self.device(foot, StreamID(0)) }
    return Self.device(input, StreamID(stream))
  }

  private static func device(_ input: SessionInput, _ stream: StreamID) -> DeviceIdentity {
    if case .recording(let header) = input.content, let device = header.devices[stream] { return device }
    return DeviceIdentity(name: input.kind)
  }
}

/// Holds a run back to the pace of the session.
struct Pace: Sendable {
  private let factor: Double?
  private let start = HostClock.now()

  /// - Parameter factor: 1 for real time; nil for no holding back.
  init(_ factor: Double?) { self.factor = factor }

  /// Sleeps until the session time (s) has come; ends at once when a stop is asked for.
  func wait(until time: Double, _ hub: OutputHub) {
    guard let factor else { return }
    while !hub.isStopRequested {
      let left = time / factor - HostClock.now().seconds(since: start)
      guard left > 0.0005 else { return }
      usleep(UInt32(min(left, 0.05) * 1e6))
    }
  }
}
