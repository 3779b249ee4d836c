import ArgumentParser
import CaptureImport
import Glibc
import LungeTest
import Motion
import Pipeline
import Replay
import Reporting

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Turn captures and recordings into measurement reports.",
    discussion: """
      For each input STEM it writes STEM.html for people, STEM.json for programs and
      STEM.csv for spreadsheets. A folder stands for all captures and recordings in
      it. With --combine the inputs become one report, left beside right. One bad
      file is said and left out; the exit status is then 1.

      EXAMPLES
        talus report session.mcap -o reports
        talus report captures/*.csv -o reports --side left --condition knee-bent \\
          --mount y=proximal,z=anterior
        talus report left.mcap right.mcap -o reports --combine visit-1
        talus report both-legs.csv -o reports --manifest windows.csv --combine visit
        talus report capture.csv -o reports --height-cm 172 \\
          --placement "15 cm below the tibial tuberosity"
        talus report shank.csv -o reports --foot foot.csv \\
          --foot-mount z=proximal,x=anterior
        talus report today.mcap -o reports --compare reports/last-week.json
        talus report today.mcap -o reports --compare b.json --baseline a.json \\
          --baseline b.json --mdc own
      """)

  @Argument(help: ArgumentHelp("Recordings, captures, or folders of them.", valueName: "input"))
  var inputs: [String]

  @Option(
    name: .short, help: ArgumentHelp("The folder to write into; it is made if it is not there.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("One report of all inputs, under this name.", valueName: "stem"))
  var combine: String?

  @Option(
    help: ArgumentHelp(
      "A table of what is known of each session: file, start_s, end_s, sensor, side, condition, …",
      discussion:
        "A row is for its file (for all without one); rows with start_s and end_s, or of a recording with the markers' texts in start_marker and end_marker, cut a session into parts.",
      valueName: "csv"))
  var manifest: String?

  @Option(name: .customLong("protocol"), help: ArgumentHelp("Wire protocol of raw bytes.", valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("An earlier report of the same person, to tell the change.", valueName: "old.json"))
  var compare: String?

  @Option(
    help: ArgumentHelp(
      "With --mdc own: a report of an unchanged person; give it two times or more.", valueName: "old.json"))
  var baseline: [String] = []

  @Option(
    help: ArgumentHelp(
      "What a change is held against: \(DetectableChange.published.map(\.name).joined(separator: ", ")) or own (default: \(DetectableChange.published[0].name)).",
      valueName: "name"))
  var mdc: String?

  @Flag(help: "Say of every trial what its uncertainty is made of.")
  var explain = false

  @OptionGroup(title: "What is known of the session") var session: SessionOptions

  @OptionGroup(title: "A second sensor, on the foot") var foot: FootFileOptions

  @OptionGroup(title: "Of a vendor's capture") var capture: CaptureOptions

  func validate() throws {
    try checkProtocol(protocolName)
    if let combine, combine.isEmpty || combine.contains("/") {
      throw ValidationError("--combine \(combine): give a name without folders.")
    }
    if foot.foot != nil, inputs.count > 1 {
      throw ValidationError("--foot belongs to one input: report the others without it.")
    }
    if let mdc, mdc != "own", !DetectableChange.published.contains(where: { $0.name == mdc }) {
      throw ValidationError(
        "--mdc \(mdc): say \(DetectableChange.published.map(\.name).joined(separator: ", ")) or own.")
    }
    if compare == nil, mdc != nil || !baseline.isEmpty {
      throw ValidationError("--mdc and --baseline say how a change is judged: give the earlier report with --compare.")
    }
  }

  /// What the reports are compared with, read before anything is written.
  private func changeRequest() throws -> ChangeRequest? {
    func read(_ path: String) throws -> EarlierReport {
      let bytes: [UInt8]
      do { bytes = try MappedFile(path: path).withBytes { span in Array(span.indices.map { span[$0] }) } } catch {
        throw failure(.noInput, "\(error)")
      }
      guard bytes.count <= 64 << 20 else { throw failure(.badData, "\(path): too large for a report's JSON") }
      do {
        return try EarlierReport(name: String(path.split(separator: "/").last ?? ""), bytes: bytes)
      } catch { throw failure(.badData, "\(error)") }
    }
    guard let compare else { return nil }
    return ChangeRequest(
      earlier: try read(compare), baseline: try baseline.map(read),
      mdc: mdc == "own" ? nil : DetectableChange.published.first { $0.name == mdc } ?? DetectableChange.published[0])
  }

  func run() throws {
    let change = try changeRequest()
    guard mkdir(output, 0o755) == 0 || errno == EEXIST else {
      throw failure(.cannotCreate, "\(output): \(String(cString: strerror(errno)))")
    }
    var failures: [ExitStatus] = []
    var paths: [String] = []
    for input in inputs {
      do { paths += try InputList.files(input) } catch {
        printError("talus: \(error)")
        failures.append(.noInput)
      }
    }
    let count = paths.count + failures.count
    let sources = Set(paths.compactMap(FileIdentity.init))
    let bar = ProgressLine()
    var stems: Set<String> = []
    var combined: [ReportSource] = []
    let manifest = try openManifest()
    for (index, path) in paths.enumerated() {
      do {
        for (input, part, label) in try inputs(path, manifest) {
          try checkConventions(input.configuration)
          let source = try SessionReport.source(input, part: part, explains: explain) { share in
            bar.show("\(index + 1) of \(paths.count)  \(input.name)  \(Int(share * 100)) %")
            return true
          }
          bar.clear()
          if combine != nil {
            combined.append(source)
          } else {
            try write(
              [source], stem: stem(input.name, label, &stems),
              title: label.isEmpty ? input.name : "\(input.name), \(label)",
              sparing: sources, change: change)
          }
        }
      } catch let exit as ExitCode {
        throw exit
      } catch {
        bar.clear()
        printError("talus: left out: \(error)")
        failures.append((error as? SessionInput.Unusable)?.isUnreadable == true ? .noInput : .badData)
      }
    }
    if let combine, !combined.isEmpty {
      try write(combined, stem: combine, title: combine, sparing: sources, change: change)
    }
    guard let first = failures.first else { return }
    // One input has one reason; of several, some may be done.
    guard count > 1 else { throw ExitCode(first.rawValue) }
    printError("talus: \(failures.count) of \(count) inputs left out")
    throw ExitCode(ExitStatus.someFailed.rawValue)
  }

  private func openManifest() throws -> SessionManifest? {
    do { return try manifest.map(SessionManifest.init(path:)) } catch { throw failure(.noInput, "--manifest \(error)") }
  }

  /// The sessions that an input stands for: itself, or the parts that the manifest makes of it.
  private func inputs(_ path: String, _ manifest: SessionManifest?) throws -> [(
    SessionInput, SessionPart, label: String
  )] {
    func open(_ choices: ConfigurationChoices, _ sensor: String?) throws -> SessionInput {
      var importing = try capture.options(rate: nil)
      importing.sensor = sensor ?? importing.sensor
      var choices = choices
      foot.add(to: &choices)
      let input = try SessionInput.open(
        path, protocolName: try capture.protocolName(protocolName), choices: choices, importing: importing)
      return try foot.joined(input, choices: choices, importing: importing)
    }
    let name = String(path.split(separator: "/").last ?? Substring(path))
    guard let manifest else { return [(try open(session.choices, nil), SessionPart(), "")] }
    let parts = try manifest.parts(of: path, name: name, session.choices)
    if parts.isEmpty {
      printError("talus: note: \(path): no row of the manifest names it; it is reported with what the options say")
      return [(try open(session.choices, nil), SessionPart(), "")]
    }
    return try parts.map { part in
      let whole = try open(part.choices, part.sensor)
      // A capture's part is a session of its own, whose rest comes first; in a recording the engine runs up to the part.
      if case .capture = whole.content {
        guard part.startMarker == nil, part.endMarker == nil else {
          throw SessionInput.Unusable(
            description: "\(path): a capture has no markers: say start_s and end_s in the manifest", isUnreadable: false
          )
        }
        return (try part.window.map { try whole.window($0) } ?? whole, SessionPart(), part.label)
      }
      return (whole, part.bounds, part.label)
    }
  }

  private func write(
    _ sources: [ReportSource], stem: String, title: String, sparing inputs: Set<FileIdentity>, change: ChangeRequest?
  ) throws {
    for ending in ["html", "json", "csv"] {
      let path = output + "/" + stem + "." + ending
      if let target = FileIdentity(path), inputs.contains(target) {
        throw failure(.usage, "\(path): this is an input, which is kept as it is; give another folder with -o")
      }
    }
    let report = ReportInput(
      stem: stem, title: title, generator: "talus \(Talus.version)", sources: sources,
      change: change)
    do {
      let paths = try ReportFiles.write(report, into: output)
      print(paths[0])
    } catch {
      throw failure(.cannotCreate, "\(error)")
    }
  }

  /// The input's name without its ending, the part's label, and with a number where two inputs share it.
  private func stem(_ name: String, _ label: String, _ used: inout Set<String>) -> String {
    let plain = name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
    let base = label.isEmpty ? plain : "\(plain)-\(label)"
    var stem = base
    var number = 2
    while !used.insert(stem).inserted {
      stem = "\(base)-\(number)"
      number += 1
    }
    return stem
  }
}
