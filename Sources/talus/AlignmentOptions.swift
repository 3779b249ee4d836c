import AnkleKinematics
import ArgumentParser
import Motion
import Pipeline
import Replay

extension AlignmentMethod: ExpressibleByArgument {}
extension AlignmentPose: ExpressibleByArgument {}
extension ZeroConvention: ExpressibleByArgument {}
extension ContactModel: ExpressibleByArgument {}
extension Placement.Surface: ExpressibleByArgument {}

/// How the sensor sits on the leg and what zero means: the same words for live, replay and report.
struct AlignmentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the sensor's axes are found: declared, pose, functional or auto (default: declared).",
      discussion: """
        declared: as --mount says. pose: the leg stands still at first (or the sensor lies on a plumb surface, see --pose); \
        --mount says which way is forward. functional: stand still for two seconds, then rock the knee forward three times; the \
        mount need not be known. auto: functional if the session begins with rocks, else the pose.
        """,
      valueName: "how"))
  var align: AlignmentMethod?

  @Option(help: ArgumentHelp("What stands still in a pose: standing or plumb (default: standing).", valueName: "what"))
  var pose: AlignmentPose?

  @Option(
    help: ArgumentHelp(
      "What zero degrees means: gravity, standing or plumb.",
      discussion: """
        gravity needs declared axes or a plumb pose; standing is quiet standing, which pose and functional alignment take; plumb is a \
        pose on a plumb surface. Results under different conventions are never compared.
        """,
      valueName: "convention"))
  var zero: ZeroConvention?

  @Option(
    help: ArgumentHelp("Where in the session the alignment is made (default: it is found).", valueName: "from..to s"))
  var calibration: TimeSpan?

  @Option(
    help: ArgumentHelp("How far the tibia leans forward in quiet standing, where it was measured.", valueName: "deg"))
  var standingLeanDeg: Double?

  @Option(help: ArgumentHelp("Distance of the sensor's middle below the tibial tuberosity.", valueName: "cm"))
  var placementCm: Double?

  @Option(
    help: ArgumentHelp(
      "What the sensor lies on: anterior (the tibia's edge), anteromedial (its inner face), lateral, posterior.",
      valueName: "surface"))
  var placementSurface: Placement.Surface?

  @Option(
    help: ArgumentHelp(
      "What touches the wall: round-knee, or fixed-point such as the tuberosity (default: round-knee).",
      valueName: "model"))
  var contact: ContactModel?

  @Option(
    name: .customLong("wall-calibration"),
    help: ArgumentHelp("This person's wall touches, as talus calibrate wall wrote them.", valueName: "file"))
  var wallFile: String?

  @Option(
    help: ArgumentHelp(
      "Spread of the accelerometer's constant error (default: what the device's class has). "
        + "Bare chips such as the MPU-6050 have 25 to 40 mg.", valueName: "mg"))
  var accelerometerBiasMg: Double?

  func validate() throws {
    try checkNumber("standing-lean-deg", standingLeanDeg, -30...30, "degrees")
    try checkNumber("placement-cm", placementCm, -5...40, "cm")
    try checkNumber("accelerometer-bias-mg", accelerometerBiasMg, 0.01...200, "mg")
    _ = try wallCalibration()
    // Only where the method is said too: a recording may bring it.
    guard align != nil else { return }
    try checkConventions()
  }

  /// Refuses what contradicts itself, for a session that nothing was said about before.
  func checkConventions() throws {
    var choices = ConfigurationChoices()
    set(&choices)
    var configuration = PipelineConfiguration()
    _ = choices.apply(to: &configuration)
    do { _ = try configuration.alignmentSetting() } catch { throw ValidationError(error.description) }
  }

  func set(_ choices: inout ConfigurationChoices) {
    choices.alignment = align
    choices.pose = pose
    choices.zero = zero
    choices.calibration = calibration?.range
    choices.standingLean = standingLeanDeg.map { $0 * radiansPerDegree }
    choices.place = Placement(belowTuberosity: placementCm.map { $0 / 100 }, surface: placementSurface)
    choices.contact = contact
    choices.wallCalibration = (try? wallCalibration()) ?? nil
    choices.staticAngleSD = accelerometerBiasMg.map { $0 / 1000 }
  }

  private func wallCalibration() throws -> WallCalibration? {
    guard let wallFile else { return nil }
    do { return try WallFile.read(wallFile) } catch {
      throw ValidationError("--wall-calibration \(error.description)")
    }
  }
}

/// A part of a session, `A..B` in seconds.
struct TimeSpan: ExpressibleByArgument {
  let range: ClosedRange<SessionTime>

  init?(argument: String) {
    guard let dots = argument.firstRange(of: "..") else { return nil }
    guard let start = Double(argument[..<dots.lowerBound]), let end = Double(argument[dots.upperBound...]),
      start >= 0, end > start, end < 1e6
    else { return nil }
    range = SessionTime(seconds: start)...SessionTime(seconds: end)
  }
}
