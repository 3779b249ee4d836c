import ArgumentParser
import DecimalText
import Export
import Glibc
import Motion
import Pipeline
import Replay
import Timebase

struct SyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Say how far two recordings of the same event are apart in time.",
    discussion: """
      Knock the two sensors together, or turn them together, and record that with both. The offset is what has to be added to the second's
      times to make them the first's. Where the event is not clear, or fits at two places, nothing is said but that.

      EXAMPLES
        talus sync shank.mcap foot.mcap
        talus sync left.csv right.csv --by rotation --json
      """)

  enum Event: String, ExpressibleByArgument, CaseIterable {
    case knock
    case rotation
  }

  @Argument(help: "A recording or a vendor's capture.")
  var first: String

  @Argument(help: "The one whose times are to be moved.")
  var second: String

  @Option(
    help: ArgumentHelp("knock: size of the acceleration; rotation: size of the angular rate.", valueName: "event"))
  var by: Event = .knock

  @Option(help: ArgumentHelp("Greatest offset to look for, seconds.", valueName: "s"))
  var within = 60.0

  @Flag(help: "For programs: one JSON object.")
  var json = false

  func validate() throws {
    guard within > 0, within <= 3600 else { throw ValidationError("--within must lie between 0 and 3600 seconds") }
  }

  func run() throws {
    let a = try magnitudes(first)
    let b = try magnitudes(second)
    // Fine enough for the faster of the two, and not so fine that a long search takes long.
    let rate = min(max(a.rate, b.rate), 400)
    let step = 1 / rate
    let found: MotionAlignment
    do {
      found = try MotionAlignment.find(
        resampled(a, step: step), resampled(b, step: step), step: step, greatestOffset: within)
    } catch {
      throw failure(.badData, words(error))
    }
    var text = TextBuffer()
    if json { writeJSON(found, to: &text) } else { writeText(found, to: &text) }
    guard writeAll(STDOUT_FILENO, text.bytes.span) else { throw ExitCode(ExitStatus.inputOutput.rawValue) }
  }

  private struct Signal {
    var times: [Double] = []
    var values: [Double] = []
    var rate: Double {
      guard let first = times.first, let last = times.last, last > first else { return 0 }
      return Double(times.count - 1) / (last - first)
    }
  }

  private func magnitudes(_ path: String) throws -> Signal {
    let input = try openInput(path, protocolName: nil, choices: ConfigurationChoices())
    var signal = Signal()
    _ = try input.forEachSample { timed in
      let sample = timed.sample
      let vector = by == .knock ? sample.acceleration : sample.angularRate
      guard sample.fields.contains(by == .knock ? .acceleration : .angularRate), vector.isFinite else { return }
      signal.times.append(timed.time.seconds)
      signal.values.append(vector.length)
    }
    guard signal.rate > 0 else {
      throw failure(.badData, "\(path): holds no \(by == .knock ? "acceleration" : "angular rate") to align by")
    }
    return signal
  }

  /// At even steps from time zero on, in straight lines between the samples.
  private func resampled(_ signal: Signal, step: Double) -> [Double] {
    var values: [Double] = []
    var index = 0
    let count = min(Int(signal.times[signal.times.count - 1] / step), 1 << 22)
    for number in 0...max(count, 0) {
      let time = Double(number) * step
      while index + 1 < signal.times.count, signal.times[index + 1] < time { index += 1 }
      guard index + 1 < signal.times.count else { break }
      let (t0, t1) = (signal.times[index], signal.times[index + 1])
      let share = t1 > t0 ? min(max((time - t0) / (t1 - t0), 0), 1) : 0
      values.append(signal.values[index] * (1 - share) + signal.values[index + 1] * share)
    }
    return values
  }

  private func words(_ refusal: MotionAlignment.Refusal) -> String {
    switch refusal {
    case .nothingToSee: "no \(by.rawValue) stands out in both recordings within \(decimal(within, 0)) s of one another"
    case .unlike(let correlation):
      "the recordings are not alike: their best correlation is \(decimal(correlation, 2)); 0.60 is asked for"
    case .ambiguous(let one, let other):
      "the event fits at two places, offsets of \(decimal(one, 3)) s and \(decimal(other, 3)) s: not decided"
    }
  }

  private func writeText(_ found: MotionAlignment, to text: inout TextBuffer) {
    func row(_ name: String, _ value: String) {
      text.append(text: "  " + name + String(repeating: " ", count: max(1, 20 - name.count)) + value + "\n")
    }
    text.append(text: "\(second) to \(first), by \(by.rawValue)\n")
    row("offset", decimal(found.offset * 1e3, 3) + " ms to add to the second's times")
    row("drift", found.drift.map { decimal($0 * 1e6, 1) + " ppm (the second's clock, fast positive)" } ?? "not told")
    row("residual", found.residual.map { decimal($0 * 1e3, 3) + " ms" } ?? "not told: one event only")
    row("correlation", decimal(found.correlation, 3) + ", next best place " + decimal(found.runnerUp, 3))
    row("overlap", decimal(found.overlap, 1) + " s")
  }

  private func writeJSON(_ found: MotionAlignment, to text: inout TextBuffer) {
    text.appendJSON { json in
      json.beginObject()
      json.member("first", text: first)
      json.member("second", text: second)
      json.member("by", text: by.rawValue)
      json.member("offset_s", found.offset, decimals: 6)
      json.member("drift_ppm", found.drift.map { $0 * 1e6 }, decimals: 3)
      json.member("residual_s", found.residual, decimals: 6)
      json.member("correlation", found.correlation, decimals: 4)
      json.member("runner_up", found.runnerUp, decimals: 4)
      json.member("overlap_s", found.overlap, decimals: 3)
      json.endObject()
    }
    text.append("\n")
  }
}
