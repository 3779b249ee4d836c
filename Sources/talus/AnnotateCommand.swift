import ArgumentParser
import CaptureImport
import Glibc
import LungeTest
import Motion
import Recording

struct AnnotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotate",
    abstract: "Correct what was said about a recorded session.",
    discussion: """
      The sensor's data is not touched: what you say is added behind it, with its
      time, and later words go over earlier ones. `talus verify` lists all of it. A
      failure or a crash leaves the recording as it was.

      EXAMPLES
        talus annotate session.mcap --side left --condition knee-bent
        talus annotate session.mcap --exclude 3 --note "heel lifted"
        talus annotate session.mcap --restore 3
        talus annotate session.mcap --barefoot --pain 3 --restriction front
      """)

  @Argument(help: "A finished recording.")
  var file: String

  @Option(help: "The leg that carried the sensor.")
  var side: Side?

  @Option(help: "Knee bent or straight.")
  var condition: KneeCondition?

  @Option(help: ArgumentHelp("A trial that is not to count; may be said again.", valueName: "trial"))
  var exclude: [Int] = []

  @Option(help: ArgumentHelp("A trial that is to count after all; may be said again.", valueName: "trial"))
  var restore: [Int] = []

  @Option(
    help: ArgumentHelp(
      "Words for the report; of a trial together with --trial, --exclude or --restore.", valueName: "text"))
  var note: String?

  @Option(help: ArgumentHelp("The trial that --side, --kind, --pain and --note are about.", valueName: "trial"))
  var trial: Int?

  @Option(help: "What the trial was.")
  var kind: Kind?

  @Option(help: ArgumentHelp("Where the sensor sat, in your words.", valueName: "text"))
  var placement: String?

  @OptionGroup(title: "What is known of the series") var series: SeriesOptions

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case trial
    case practice
  }

  func validate() throws {
    guard !remarks.isEmpty else {
      throw ValidationError("Say what is to be noted: --side, --condition, --exclude, --note and so on.")
    }
    if series.test != nil || series.practice != nil {
      throw ValidationError(
        "--test and --practice decide what is computed: give them to talus report or talus replay.")
    }
    if trial != nil && kind == nil && side == nil && series.pain == nil && note == nil {
      throw ValidationError("--trial \(trial ?? 0): say what of it, with --side, --kind, --pain or --note.")
    }
    if kind != nil && trial == nil { throw ValidationError("--kind is about a trial: say which with --trial.") }
    for number in exclude + restore + (trial.map { [$0] } ?? []) where number < 1 {
      throw ValidationError("Trials are numbered from 1: \(number) is none.")
    }
    if let both = exclude.first(where: restore.contains) {
      throw ValidationError("Trial \(both) cannot be excluded and restored at once.")
    }
  }

  func run() throws {
    guard let real = realpath(file, nil) else {
      throw failure(.noInput, "\(file): \(String(cString: strerror(errno)))")
    }
    defer { free(real) }
    // A link stays one: what it points to is replaced.
    let path = String(cString: real)
    let source: MappedFile
    do { source = try MappedFile(path: path) } catch { throw failure(.noInput, error.description) }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let utc = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    try source.withBytes { bytes in
      let (kept, tail): (Int, [UInt8])
      do {
        (kept, tail) = try RecordingAppend.tail(bytes, adding: remarks, utcNanoseconds: utc)
      } catch {
        throw failure(.badData, "\(file): \(error)")
      }
      let sink = try OutputSink(path, like: path)
      try sink.write(bytes.extracting(0..<kept))
      try sink.write(tail.span)
      try sink.finish()
    }
    printError("talus: noted in \(file); its data is as it was")
  }

  private var remarks: [Remark] {
    func remark(_ pairs: TextPairs) -> Remark {
      var pairs = pairs
      if let note { pairs["note"] = note }
      return Remark(kind: "annotation", pairs: pairs)
    }
    var remarks: [Remark] = []
    var pairs: TextPairs = [:]
    if trial == nil { pairs["side"] = side?.rawValue }
    pairs["condition"] = condition?.rawValue
    pairs["placement"] = placement
    for (key, value) in series.words where trial == nil || key != "pain" { pairs[key] = value }
    if !pairs.pairs.isEmpty { remarks.append(remark(pairs)) }
    if let trial {
      var pairs: TextPairs = [:]
      pairs["trial"] = "\(trial)"
      pairs["pain"] = series.words.first { $0.key == "pain" }?.value
      pairs["side"] = side?.rawValue
      pairs["kind"] = kind?.rawValue
      remarks.append(remark(pairs))
    }
    remarks += exclude.map { remark(["exclude": "\($0)"]) }
    remarks += restore.map { remark(["restore": "\($0)"]) }
    return remarks.isEmpty && note != nil ? [remark([:])] : remarks
  }
}
