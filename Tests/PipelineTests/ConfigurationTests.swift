import AnkleKinematics
import LungeTest
import Motion
import SensorProtocols
import TestKit
import Testing

@testable import Pipeline

@Suite("Configuration")
struct ConfigurationTests {
  @Test("A test of the ankle's angle without a sensor on the foot is refused with what to do")
  func footMissing() throws {
    var configuration = PipelineConfiguration()
    configuration.protocolName = "witmotion"
    for test in TestProtocol.all {
      configuration.test = test
      if test.quantity == .ankleAngle {
        let error = #expect(throws: Pipeline.Unusable.self) { try Pipeline(configuration) }
        #expect(error?.description.contains("--foot") == true)
      } else {
        _ = try Pipeline(configuration)
      }
    }
  }

  static func random(_ random: inout RandomSource) -> PipelineConfiguration {
    func maybe<T>(_ value: @autoclosure () -> T) -> T? { random.unit() < 0.3 ? nil : value() }
    // Over many magnitudes, with all digits that a Double has.
    func number() -> Double { (random.unit() + 0.1) * [1e-12, 0.017, 1, 97.3, 1e15].randomElement(using: &random)! }
    var configuration = PipelineConfiguration()
    configuration.protocolName = ["", "witmotion", "lines:t_ms,ax_g,ay_g,az_g"].randomElement(using: &random)!
    configuration.fixedRate = maybe(number())
    configuration.filter = PipelineConfiguration.Filter.allCases.randomElement(using: &random)!
    configuration.zero = PipelineConfiguration.Zero.allCases.randomElement(using: &random)!
    configuration.mount = ["y=proximal,z=anterior", "x=left,-z=distal"].randomElement(using: &random)!
    configuration.mountAssumed = random.unit() < 0.5
    configuration.staticAngleSD = number()
    configuration.side = maybe(Side.allCases.randomElement(using: &random)!)
    configuration.condition = maybe(KneeCondition.allCases.randomElement(using: &random)!)
    configuration.placement = maybe(["", "mid shin", "à mi-tibia, \"sangle\"\n=;"].randomElement(using: &random)!)
    configuration.alignment = AlignmentMethod.allCases.randomElement(using: &random)!
    configuration.pose = AlignmentPose.allCases.randomElement(using: &random)!
    configuration.calibration = maybe(SessionTime(nanoseconds: 12)...SessionTime(nanoseconds: 987_654_321_987))
    configuration.standingLean = maybe(number())
    configuration.place = Placement(
      belowTuberosity: maybe(number()), surface: maybe(Placement.Surface.allCases.randomElement(using: &random)!))
    configuration.contact = ContactModel.allCases.randomElement(using: &random)!
    configuration.wallCalibration = maybe(
      WallFit(
        prior: .prior(lengths: BodyLengths(height: 1.5 + random.unit())!, zero: .standing),
        touches: [WallTouch(inclination: 0.5 + random.unit() / 10, distance: 0.08)]
      ).calibration)
    configuration.test = TestProtocol.all.randomElement(using: &random)!
    configuration.practice = Int.random(in: 0...3, using: &random)
    configuration.facts.age = maybe(Double(Int.random(in: 0...120, using: &random)))
    configuration.facts.affectedSide = maybe(SeriesFacts.AffectedSide.allCases.randomElement(using: &random)!)
    configuration.facts.backFoot = maybe("heel raised, \"à côté\"\n=;")
    configuration.facts.warmUp = maybe(.yes)
    configuration.height = maybe(number())
    configuration.shankLength = maybe(number())
    configuration.ankleToToe = maybe(number())
    configuration.footLength = maybe(number())
    configuration.kneeDepth = maybe(number())
    return configuration
  }

  @Test("text pairs give back the very same configuration")
  func roundTrip() throws {
    var source = RandomSource(seed: 23)
    for _ in 0..<500 {
      let configuration = Self.random(&source)
      #expect(try PipelineConfiguration(textPairs: configuration.textPairs) == configuration)
    }
  }

  @Test("every property is in the pairs: none is forgotten")
  func complete() {
    var configuration = PipelineConfiguration()
    configuration.fixedRate = 1
    configuration.side = .left
    configuration.condition = .kneeBent
    configuration.placement = "x"
    configuration.alignment = .auto
    configuration.pose = .plumb
    configuration.calibration = SessionTime.zero...SessionTime.zero
    configuration.standingLean = 1
    configuration.place = Placement(belowTuberosity: 1, surface: .lateral)
    configuration.contact = .fixedPoint
    configuration.wallCalibration = .prior(lengths: BodyLengths(height: 1.7)!, zero: .standing)
    configuration.height = 1
    configuration.shankLength = 1
    configuration.ankleToToe = 1
    configuration.footLength = 1
    configuration.kneeDepth = 1
    configuration.test = .all[1]
    configuration.practice = 1
    for field in SeriesFacts.fields {
      let said = ["yes", "left", "female", "weighted", "active", "barefoot", "5"].first {
        (try? configuration.facts.set(field.key, $0)) != nil
      }
      #expect(said != nil, "\(field.key)")
    }
    let facts = SeriesFacts.fields.map(\.key)
    #expect(facts.count == Mirror(reflecting: configuration.facts).children.count)
    configuration.foot = PipelineConfiguration.FootSensor()
    configuration.foot?.fixedRate = 1
    configuration.foot?.drift = 1e-5
    let footKeys = configuration.textPairs.count
    #expect(Mirror(reflecting: configuration.foot!).children.count == 7)
    configuration.foot = nil
    #expect(footKeys - configuration.textPairs.count == 7)
    let keys = configuration.textPairs.map(\.key) + ["foot"]
    // The facts are one property and as many pairs, the place is two.
    #expect(keys.count - facts.count + 1 == Mirror(reflecting: configuration).children.count + 1)
    #expect(Set(keys).count == keys.count)
  }

  @Test("a pair from a newer program is left alone")
  func unknownKeys() throws {
    let pairs = PipelineConfiguration().textPairs + [("not_known_yet", "7")]
    #expect(try PipelineConfiguration(textPairs: pairs) == PipelineConfiguration())
  }

  @Test(
    "a value that cannot be read is refused, and named",
    arguments: [
      ("filter", "best"), ("filter", ""), ("zero", "standing "), ("side", "Left"), ("condition", "bent"),
      ("static_angle_sd_rad", "0,5"), ("static_angle_sd_rad", ""), ("static_angle_sd_rad", "nan"),
      ("fixed_rate_hz", "inf"), ("fixed_rate_hz", "fast"), ("height_m", "1.7 m"), ("shank_length_m", ""),
      ("ankle_to_toe_m", "-inf"), ("foot_length_m", "0x"), ("knee_depth_m", " 0.05"), ("mount_assumed", "maybe"),
      ("test", "wblt2"), ("practice", "-1"), ("pain", "11"), ("pain", "much"), ("weight_bearing", "half"),
    ])
  func badValues(key: String, value: String) {
    let error = #expect(throws: Pipeline.Unusable.self) {
      try PipelineConfiguration(textPairs: [(key: key, value: value)])
    }
    #expect(error?.description.contains(key) == true)
  }

  @Test("the engine refuses what it cannot run, in words that help")
  func unusable() {
    var configuration = PipelineConfiguration()
    configuration.protocolName = "witmotoin"
    #expect(throws: Pipeline.Unusable.self) { try Pipeline(configuration) }
    configuration.protocolName = "witmotion"
    configuration.mount = "y=up"
    let error = #expect(throws: Pipeline.Unusable.self) { try Pipeline(configuration) }
    #expect(error?.description.contains("y=up") == true)
  }

  @Test(
    "every protocol's usual mount is one, and its static uncertainty is an angle", arguments: ProtocolCatalogue.rows)
  func catalogue(row: ProtocolDescription) throws {
    #expect(try Mount(Mount(row.usualMount).text) == Mount(row.usualMount))
    #expect(row.staticAngleSD > 0 && row.staticAngleSD < 5 * radiansPerDegree)
    var configuration = PipelineConfiguration()
    configuration.protocolName = row.name
    configuration.mount = row.usualMount
    _ = try Pipeline(configuration)
  }

  @Test("an option against a recording's word is told; the same word, or the first one, is not")
  func overrides() {
    var configuration = PipelineConfiguration()
    configuration.side = .left
    configuration.mountAssumed = false
    var choices = ConfigurationChoices()
    choices.side = .left
    choices.filter = configuration.filter
    choices.height = 1.8
    #expect(choices.apply(to: &configuration).isEmpty)
    #expect(configuration.height == 1.8)
    choices = ConfigurationChoices()
    choices.side = .right
    choices.mount = "x=proximal,y=right"
    choices.height = 1.7
    choices.filter = .complementary
    let told = choices.apply(to: &configuration)
    #expect(Set(told.map(\.setting)) == ["side", "mount", "height", "filter"])
    #expect(told.first { $0.setting == "side" }?.description == "side: right instead of left")
    #expect(configuration.side == .right && configuration.mount == "x=proximal,y=right" && !configuration.mountAssumed)
  }
}
