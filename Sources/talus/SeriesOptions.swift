import ArgumentParser
import LungeTest
import Pipeline

extension SeriesFacts.Sex: ExpressibleByArgument {}
extension SeriesFacts.AffectedSide: ExpressibleByArgument {}

/// What is stored with a series: all of it may be left unsaid.
struct SeriesOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The test that is done (default: wblt).",
      discussion: TestProtocol.all.map { "\($0.name): \($0.measures); \($0.trials) trials." }.joined(separator: "\n"),
      valueName: "name"))
  var test: String?

  @Option(
    help: ArgumentHelp(
      "So many lunges of each side are practice and do not count.",
      discussion:
        "Without it, lunges before the first trial that go clearly less far are taken for practice, and the first trial is told with the second.",
      valueName: "n"))
  var practice: Int?

  @Option(help: ArgumentHelp("For norms: without it there is none.", valueName: "years"))
  var age: Double?

  @Option(help: "For norms of the distance.")
  var sex: SeriesFacts.Sex?

  @Option(help: "The injured side.")
  var affectedSide: SeriesFacts.AffectedSide?

  @Flag(inversion: .prefixedNo, help: "Whether the leg bears weight.")
  var weightBearing: Bool?

  enum Activity: String, EnumerableFlag {
    case active
    case passive
  }

  @Flag(help: "Whether the person or the examiner moves the joint.")
  var activity: Activity?

  enum Footwear: String, EnumerableFlag {
    case barefoot
    case shod
  }

  @Flag(help: "What is on the foot.")
  var footwear: Footwear?

  @Option(help: ArgumentHelp("Where the other foot stands, such as heel-raised.", valueName: "text"))
  var backFoot: String?

  @Flag(inversion: .prefixedNo, help: "Whether there was a warm-up.")
  var warmUp: Bool?

  @Option(help: ArgumentHelp("Pain, 0 to 10.", valueName: "n"))
  var pain: Double?

  @Option(help: ArgumentHelp("Where the restriction is felt: front, back, calf, or other words.", valueName: "text"))
  var restriction: String?

  @Option(help: ArgumentHelp("Who measures.", valueName: "text"))
  var rater: String?

  @Flag(inversion: .prefixedNo, help: "Whether the sensor was put on anew for this session.")
  var sensorPutOnAnew: Bool?

  @Option(
    help: ArgumentHelp("Width of the person's hand: reports give the distance in it, too.", valueName: "cm"))
  var handCm: Double?

  @Option(help: ArgumentHelp("A remark that is kept with the series.", valueName: "text"))
  var seriesNote: String?

  /// All that was said, by the keys of recordings and manifests.
  var words: [(key: String, value: String)] {
    func answer(_ value: Bool?) -> String? { value.map { $0 ? "yes" : "no" } }
    func number(_ value: Double?) -> String? { value.map { Int(exactly: $0).map { "\($0)" } ?? "\($0)" } }
    let all: [(String, String?)] = [
      ("test", test), ("practice", practice.map { "\($0)" }), ("age", number(age)),
      ("sex", sex?.rawValue), ("affected_side", affectedSide?.rawValue),
      ("weight_bearing", weightBearing.map { $0 ? "weighted" : "unweighted" }), ("activity", activity?.rawValue),
      ("footwear", footwear?.rawValue), ("back_foot", backFoot), ("warm_up", answer(warmUp)),
      ("pain", number(pain)), ("restriction", restriction), ("rater", rater),
      ("sensor_put_on_anew", answer(sensorPutOnAnew)), ("hand_cm", number(handCm)), ("note", seriesNote),
    ]
    return all.compactMap { key, value in value.map { (key, $0) } }
  }

  func validate() throws {
    var choices = ConfigurationChoices()
    do { try add(to: &choices) } catch let error as ConfigurationChoices.Unusable {
      throw ValidationError("--" + error.description.map { $0 == "_" ? "-" : String($0) }.joined())
    }
  }

  /// Adds what was said to the other choices.
  func add(to choices: inout ConfigurationChoices) throws {
    for (key, value) in words { _ = try choices.set(key, value) }
  }
}
