import AnkleKinematics
import Glibc
import Motion

/// The propagated uncertainty of the distance against a Monte Carlo through the full formula, over the printed table (clinical reference: height, tape or one
/// touch; the angle alone or with an unknown placement).
enum DistanceFigures {
  private static let theta = 38 * radiansPerDegree
  private static let draws = 200_000

  static func run() {
    guard let height = BodyLengths(height: 1.70),
      let tape = BodyLengths(shank: 0.4182, ankleToToe: 0.1938, kneeDepth: 0.055)
    else { return }
    var ratios: [Double] = []
    for (name, lengths) in [("height", height), ("tape", tape)] {
      for (column, placement) in [("angle", 0.0), ("placement", 3.0)] {
        for contact in ContactModel.allCases {
          ratios.append(row("\(name).\(column).\(contact.rawValue)", lengths, contact, placement * radiansPerDegree))
        }
      }
    }
    ratios.append(oneTouch(height))
    figure(
      "angle.distance.ratio_least", ratios.min() ?? .nan, decimals: 3, "",
      "propagated over Monte Carlo SD, all rows above")
    figure("angle.distance.ratio_greatest", ratios.max() ?? .nan, decimals: 3, "", "the same")
  }

  private static func row(_ name: String, _ lengths: BodyLengths, _ contact: ContactModel, _ placement: Double)
    -> Double
  {
    let model = DistanceModel(.lengths(lengths, contact, offset: Uncertain(0, sd: placement), source: .placement))
    let reading = Uncertain(theta, sd: 1.4 * radiansPerDegree)
    var random = Draws(seed: 35)
    var errors = ErrorFigures()
    for _ in 0..<draws {
      var drawn = lengths
      drawn.shank.value += lengths.shank.sd * random.normal()
      drawn.ankleToToe.value += lengths.ankleToToe.sd * random.normal()
      drawn.kneeDepth.value += lengths.kneeDepth.sd * random.normal()
      let axis = theta + reading.sd * random.normal() - placement * random.normal()
      errors.take(drawn.kneeToWall(inclination: axis, contact: contact) * 100)
    }
    return tell(name, model.estimate(inclination: reading).value?.sd ?? .nan, errors.sd)
  }

  /// One touch with 3 mm of tape and 0.5° of reading; the later reading has 1.4°.
  private static func oneTouch(_ lengths: BodyLengths) -> Double {
    let prior = WallCalibration.prior(
      lengths: lengths, zero: .gravity, placement: Placement(belowTuberosity: 0, surface: .anterior))
    var random = Draws(seed: 36)
    var errors = ErrorFigures()
    var claimed = ErrorFigures()
    for _ in 0..<draws / 20 {
      let shank = lengths.shank.value + lengths.shank.sd * random.normal()
      let offset = prior.offset + Placement.offsetSD * random.normal()
      let constant = prior.constant + prior.covariance.zz.squareRoot() * random.normal()
      func distance(_ reading: Double) -> Double { shank * sin(reading - offset) + constant }
      let at = 33 * radiansPerDegree
      let touch = WallTouch(
        inclination: Uncertain(at + 0.5 * radiansPerDegree * random.normal(), sd: 0.5 * radiansPerDegree),
        distance: Uncertain(distance(at) + 0.003 * random.normal(), sd: 0.003))
      let fit = prior.fitted(to: [touch])
      let reading = Uncertain(theta + 1.4 * radiansPerDegree * random.normal(), sd: 1.4 * radiansPerDegree)
      errors.take((fit.distance(inclination: reading.value) - distance(theta)) * 100)
      claimed.take((DistanceModel(.personal(fit)).estimate(inclination: reading).value?.sd ?? .nan) * 100)
    }
    return tell("one_touch", claimed.rms / 100, errors.rms)
  }

  private static func tell(_ name: String, _ propagated: Double, _ drawn: Double) -> Double {
    figure(
      "angle.distance.\(name).propagated", propagated * 100, decimals: 3, "cm",
      "standard uncertainty at 38 deg, height 170 cm")
    figure("angle.distance.\(name).monte_carlo", drawn, decimals: 3, "cm", "the same, by Monte Carlo")
    return propagated * 100 / drawn
  }
}
