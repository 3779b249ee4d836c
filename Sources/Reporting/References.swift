import LungeTest
import Motion
import Pipeline

/// One sentence about published values, and where they are from.
struct Reference: Sendable {
  var sentence: String
  var source: String?
}

extension Reference {
  /// What is published about a series' result, or why nothing can be set beside it.
  static func all(for series: SeriesSummary, in source: ReportSource) -> [Reference] {
    let configuration = source.configuration
    let facts = configuration.seriesFacts
    let zero = series.zero.rawValue
    guard let mean = series.mean else { return [] }
    var found: [Reference] = []
    do {
      let norm = try Norms.angle(
        test: configuration.test, facts: facts, condition: series.condition, zero: zero,
        belowTuberosity: configuration.place.belowTuberosity,
        isOnFront: configuration.place.surface.map { $0 == .anterior || $0 == .anteromedial } ?? true)
      found.append(
        Reference(
          sentence: "Angle: \(norm.people), adults of any age and sex: \(Figures.degrees(norm.mean)) ± "
            + "\(Figures.degrees(norm.sd)) (one standard deviation between people). Here: \(Figures.degrees(mean)).",
          source: norm.source.words))
    } catch {
      found.append(Reference(sentence: "Angle: no comparable norm: \(error.rawValue).", source: nil))
    }
    do {
      let norm = try Norms.distance(
        test: configuration.test, facts: facts, condition: series.condition,
        isPersonal: configuration.wallCalibration != nil)
      let ages =
        norm.ages.upperBound > 100
        ? "\(norm.ages.lowerBound) and older"
        : "\(norm.ages.lowerBound) to \(norm.ages.upperBound)"
      found.append(
        Reference(
          sentence: "Distance: \(norm.sex == .female ? "women" : "men") aged \(ages): mean "
            + "\(Figures.centimetres(norm.mean)), 25th percentile \(Figures.centimetres(norm.percentile25)), 15th "
            + "percentile \(Figures.centimetres(norm.percentile15)). Here: \(Figures.centimetres(series.meanKneeToWall)).",
          source: Norms.mcBride.words))
    } catch {
      found.append(Reference(sentence: "Distance: no comparable norm: \(error.rawValue).", source: nil))
    }
    for value in Norms.screening(
      test: configuration.test, facts: facts, condition: series.condition, zero: zero)
    {
      let u = Figures.coverage * (series.meanU ?? .infinity)
      let place =
        abs(mean - value.inclination) <= u
        ? "within its uncertainty of it" : mean < value.inclination ? "below it" : "above it"
      found.append(
        Reference(
          sentence:
            "A published screening value is \(Figures.degrees(value.inclination)) (\(value.group)); this mean is "
            + "\(place). It was found in one group, with an instrument whose place on the shin may have been another, and says "
            + "nothing about a single person.",
          source: value.source.words))
    }
    return found
  }

  /// What is known of differences between the sides of healthy people.
  static func sides(_ comparison: SideComparison) -> [Reference] {
    guard let difference = comparison.leftMinusRight else { return [] }
    var found: [Reference] = []
    if let distance = comparison.leftMinusRightKneeToWall.map(abs) {
      let words =
        distance < 0.015
        ? "no larger than in two thirds of healthy adults (1.5 cm), and within what a repeated measurement of patients leaves open (MDC of a side difference, 1.5 cm)"
        : distance <= 0.03
          ? "larger than in two thirds of healthy adults (1.5 cm); up to about 3 cm was seen in them"
          : "larger than what was seen in healthy adults (up to about 3 cm)"
      found.append(
        Reference(
          sentence: "A difference of \(Figures.centimetres(distance)) is \(words).",
          source: Norms.hoch.words + "; " + Norms.chisholm.words))
    }
    let mdc = DetectableChange.published[0]
    if comparison.test.isLunge, let angle = mdc.angle {
      found.append(
        Reference(
          sentence:
            "How much healthy sides differ in degrees is not known to Talus. Against the MDC of a repeated measurement, "
            + "\(Figures.degrees(angle)), the difference is \(DetectableChange.words(change: difference, mdc: angle)).",
          source: mdc.source))
      found.append(
        Reference(
          sentence: "Healthy sides need not be alike: recruits had more dorsiflexion on the side they do not prefer.",
          source: Norms.rabin.words))
    }
    return found
  }
}

/// Knee bent minus knee straight of one side: how much the muscle that crosses the knee takes away. Angles in rad.
struct KneeDifference: Sendable {
  var side: Side?
  var bent: Double
  var straight: Double
  var u: Double?
  /// Why the two must not be set against each other; nil when they can be.
  var obstacle: String?

  var difference: Double? { obstacle == nil ? bent - straight : nil }

  static func all(in input: ReportInput) -> [KneeDifference] {
    let series = input.orderedSeries.filter { $0.series.mean != nil }
    let sides: [Side?] = [.left, .right, nil]
    return sides.compactMap { side in
      guard let bent = series.first(where: { $0.series.side == side && $0.series.condition == .kneeBent }),
        let straight = series.first(where: { $0.series.side == side && $0.series.condition == .kneeStraight }),
        let bentMean = bent.series.mean, let straightMean = straight.series.mean
      else { return nil }
      var a = ComparedSetting(bent.series, in: bent.source)
      let b = ComparedSetting(straight.series, in: straight.source)
      a.condition = b.condition
      a.test = b.test
      let differences = a.differences(from: b)
      let isLunge = bent.source.configuration.test.isLunge && b.test.isLunge
      var u: Double?
      if let first = bent.series.meanU, let second = straight.series.meanU {
        u = (first * first + second * second).squareRoot()
      }
      return KneeDifference(
        side: side, bent: bentMean, straight: straightMean, u: u,
        obstacle: !isLunge
          ? "they are not both weight-bearing lunges"
          : differences.isEmpty ? nil : "not the same conditions: " + differences.joined(separator: "; "))
    }
  }

  var reference: Reference {
    Reference(
      sentence:
        "For comparison: 39° (36° to 42°) with the knee bent and 25° (22° to 28°) with the knee straight, a difference of 14°, in one study.",
      source: Norms.baumbach.words)
  }
}
