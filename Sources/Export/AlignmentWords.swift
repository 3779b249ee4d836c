import AnkleKinematics
import DecimalText
import Motion

extension ReasonWords {
  /// Why a calibrating section was refused, and what to do.
  public static func refusal(_ reason: AlignmentRefusal.Reason) -> Entry {
    switch reason {
    case .moving:
      Entry(short: "not still", sentence: "The leg did not stand still. Stand quietly for two seconds first.")
    case .changedStance:
      Entry(
        short: "stance changed",
        sentence: "The leg stood differently before and after the rocks. Stand as before, and check the strap.")
    case .tooFewRocks:
      Entry(
        short: "too few rocks", sentence: "Fewer than three rocks. Rock the knee forward three times without a pause.")
    case .smallExcursion:
      Entry(short: "rocks too small", sentence: "The rocks were too small. Rock the knee forward by 10° to 20°.")
    case .notPlanar:
      Entry(
        short: "not in one plane", sentence: "The rocks had no one axis. Rock straight forward, with the foot still.")
    case .wrongAxis:
      Entry(
        short: "wrong axis",
        sentence: "The leg turned about an axis that is not the knee's. Rock forward, and do not twist.")
    case .bothWays:
      Entry(
        short: "both ways",
        sentence:
          "The leg rocked to both sides of its rest, so forward is not known. Rock forward and back to standing.")
    case .againstMount:
      Entry(
        short: "contradicts the mount",
        sentence: "The axes that were found lie elsewhere than the mount says. Check --mount, and rock forward first.")
    case .notFound:
      Entry(
        short: "no calibration found",
        sentence: "There was no calibrating section. Stand still, then rock the knee forward three times.")
    }
  }

  /// How the sensor's axes were found, in a few words.
  public static func method(_ method: AlignmentMethod) -> String {
    switch method {
    case .declared: "as the mount says"
    case .pose: "from a pose"
    case .functional: "from rest and rocks"
    case .auto: "from rest and rocks, or from rest"
    }
  }

  /// The sensor's place as far as it was measured; nil where nothing was said.
  public static func place(_ place: Placement) -> String? {
    var parts: [String] = []
    if let below = place.belowTuberosity { parts.append("\(decimal(below * 100, 1)) cm below the tibial tuberosity") }
    if let surface = place.surface { parts.append("\(surface.rawValue) surface") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// What zero degrees means.
  public static func zero(_ zero: ZeroConvention) -> String {
    switch zero {
    case .gravity: "Gravity: 0° when the tibia's long axis is vertical"
    case .standing: "Standing: 0° in quiet standing"
    case .plumb: "Plumb: 0° when the sensor sits as it did on the plumb surface"
    }
  }

  /// An alignment's quality, or why it was refused, in one line.
  public static func alignment(_ outcome: AlignmentOutcome) -> String {
    switch outcome {
    case .refused(let refusal):
      let at = decimal(refusal.section.lowerBound.seconds, 1) + " to " + decimal(refusal.section.upperBound.seconds, 1)
      let measured = quality(refusal.quality)
      return "refused, \(at) s: " + ReasonWords.refusal(refusal.reason).sentence
        + (measured.isEmpty ? "" : " (" + measured.joined(separator: "; ") + ")")
    case .found(let alignment):
      var parts = [ReasonWords.method(alignment.method)]
      if let section = alignment.section {
        parts[0] += ", \(decimal(section.lowerBound.seconds, 1)) to \(decimal(section.upperBound.seconds, 1)) s"
      }
      if alignment.isAssumed { parts.append("which way is forward is assumed: the mount was not stated") }
      parts += quality(alignment.quality)
      parts.append("zero ± \(degrees(2 * alignment.zeroSD))")
      return parts.joined(separator: "; ")
    }
  }

  private static func quality(_ quality: AlignmentQuality) -> [String] {
    var parts: [String] = []
    if let spread = quality.restSpread, let duration = quality.restDuration {
      parts.append("rest of \(decimal(duration, 1)) s within \(degrees(spread))")
    }
    if let rocks = quality.rocks, let excursion = quality.excursion {
      parts.append("\(rocks) \(rocks == 1 ? "rock" : "rocks") of \(degrees(excursion))")
    }
    if let residual = quality.residual { parts.append("out of one plane by \(degrees(residual))") }
    if let slope = quality.axisSlope { parts.append("axis \(degrees(slope)) off level") }
    if let deviation = quality.longAxisDeviation {
      let across = quality.mediolateralDeviation.map { " and \(degrees($0))" } ?? ""
      parts.append("\(degrees(deviation))\(across) from the axes of the mount")
    }
    return parts
  }

  private static func degrees(_ angle: Double) -> String { decimal(angle * degreesPerRadian, 1) + "°" }

  static func decimal(_ value: Double, _ decimals: Int) -> String {
    var text = TextBuffer(capacity: 16)
    text.append(fixed: value, decimals: decimals)
    return text.string
  }
}
