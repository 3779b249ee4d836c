import AnkleKinematics
import ArgumentParser
import LungeTest
import Motion
import Pipeline
import SensorProtocols

extension Side: ExpressibleByArgument {}
extension KneeCondition: ExpressibleByArgument {}
extension PipelineConfiguration.Filter: ExpressibleByArgument {}

/// What a user can say about a session: the same words for live, replay and report.
struct SessionOptions: ParsableArguments {
  @Option(help: "The leg that carries the sensor.")
  var side: Side?

  @Option(help: "Knee bent or straight: two different tests.")
  var condition: KneeCondition?

  @Option(help: ArgumentHelp("Where the sensor sits, in your words.", valueName: "text"))
  var placement: String?

  @Option(
    help: ArgumentHelp(
      "Where two of the sensor's axes point: anterior, posterior, proximal, distal, left or right.",
      discussion: "For example y=proximal,z=anterior. Without it the device page's usual mount is assumed, and said.",
      valueName: "axis=direction,…"))
  var mount: String?

  @OptionGroup var alignment: AlignmentOptions

  @Option(help: "The filter that makes orientation from an IMU (default: accurate).")
  var filter: PipelineConfiguration.Filter?

  @Option(help: ArgumentHelp("Samples a second, where the input carries no time.", valueName: "hz"))
  var rate: Double?

  @Option(help: ArgumentHelp("Body height, for the knee-to-wall-equivalent distance.", valueName: "cm"))
  var heightCm: Double?

  @Option(help: ArgumentHelp("Ankle axis to knee joint line.", valueName: "cm"))
  var shankCm: Double?

  @Option(help: ArgumentHelp("Horizontal distance from the ankle axis to the tip of the big toe.", valueName: "cm"))
  var ankleToToeCm: Double?

  @Option(help: ArgumentHelp("Foot length, heel to toe tip.", valueName: "cm"))
  var footCm: Double?

  @Option(help: ArgumentHelp("Knee joint centre to the front of the bent knee.", valueName: "cm"))
  var kneeDepthCm: Double?

  @OptionGroup(title: "What is known of the series") var series: SeriesOptions

  func validate() throws {
    if let mount {
      do { _ = try Mount(mount) } catch { throw ValidationError("--mount \(mount): \(error.description)") }
    }
    try checkRate(rate)
    try checkNumber("height-cm", heightCm, 50...250, "cm")
    try checkNumber("shank-cm", shankCm, 10...70, "cm")
    try checkNumber("ankle-to-toe-cm", ankleToToeCm, 5...35, "cm")
    try checkNumber("foot-cm", footCm, 8...45, "cm")
    try checkNumber("knee-depth-cm", kneeDepthCm, 1...15, "cm")
  }

  var choices: ConfigurationChoices {
    var choices = ConfigurationChoices()
    choices.filter = filter
    alignment.set(&choices)
    choices.mount = mount.flatMap { try? Mount($0).text }
    choices.side = side
    choices.condition = condition
    choices.placement = placement
    choices.fixedRate = rate
    choices.height = heightCm.map { $0 / 100 }
    choices.shankLength = shankCm.map { $0 / 100 }
    choices.ankleToToe = ankleToToeCm.map { $0 / 100 }
    choices.footLength = footCm.map { $0 / 100 }
    choices.kneeDepth = kneeDepthCm.map { $0 / 100 }
    // What cannot be meant was refused before.
    try? series.add(to: &choices)
    return choices
  }
}

/// Refuses a number that cannot be meant; NaN is in no range.
func checkNumber(_ name: String, _ value: Double?, _ range: ClosedRange<Double>, _ unit: String) throws {
  guard let value, !range.contains(value) else { return }
  throw ValidationError("--\(name) \(value): give a number from \(range.lowerBound) to \(range.upperBound) \(unit).")
}

func checkRate(_ rate: Double?) throws { try checkNumber("rate", rate, 0.1...20_000, "Hz") }

/// Refuses a wire protocol that does not exist, before anything is opened.
func checkProtocol(_ name: String?) throws {
  // Lines alone stand for columns that are learned from the bytes.
  guard let name, name.lowercased() != "lines" else { return }
  do { _ = try ProtocolCatalogue.find(name) } catch {
    throw ValidationError("--protocol \(name): \(error.description)")
  }
}
