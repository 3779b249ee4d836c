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
      Knock the two sensors together two or three times, not evenly, or turn them
      together for some seconds, and record that with both. The offset is what has
      to be added to the second's times to make them the first's. Where the event is
      not clear, fits at two places, or rests on a single knock, nothing is said but
      that.

      EXAMPLES
        talus sync shank.mcap foot.mcap
        talus sync left.csv right.csv --by rotation --json
      """)

  @Argument(help: "A recording or a vendor's capture.")
  var first: String

  @Argument(help: "The one whose times are to be moved.")
  var second: String

  @Option(
    help: ArgumentHelp("knock: size of the acceleration; rotation: size of the angular rate.", valueName: "event"))
  var by: MotionSignal.Event = .knock

  @Option(help: ArgumentHelp("Greatest offset to look for, seconds.", valueName: "s"))
  var within = 60.0

  @Flag(help: "For programs: one JSON object.")
  var json = false

  func validate() throws {
    guard within > 0, within <= 3600 else { throw ValidationError("--within must lie between 0 and 3600 seconds") }
  }

  func run() throws {
    let a = try openInput(first, protocolName: nil, choices: ConfigurationChoices())
    let b = try openInput(second, protocolName: nil, choices: ConfigurationChoices())
    let found: MotionAlignment
    do {
      found = try MotionSignal.align(a, b, by: by, within: within)
    } catch let refusal as MotionAlignment.Refusal {
      throw failure(.badData, MotionSignal.words(refusal, by, within: within))
    }
    var text = TextBuffer()
    if json { writeJSON(found, to: &text) } else { writeText(found, to: &text) }
    try writeOutput(text.bytes.span)
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
