import AnkleKinematics
import Foundation
import Motion
import TestKit
import Testing

@testable import LungeTest

@Suite("What a trial's uncertainty is made of")
struct UncertaintyBudgetTests {
  let lengths = BodyLengths(height: 1.7)!
  let declared = ConstantUncertainty(
    accelerometer: 0.6 * radiansPerDegree, zero: 2 * radiansPerDegree, twist: 5 * radiansPerDegree,
    isZeroMeasured: false)

  func trial(_ distance: DistanceModel?, _ constant: ConstantUncertainty, filterSD: Double = 0.2) throws -> Trial {
    var script = LungeScript()
    script.noise = 0.05
    script.stay(2)
    script.lunge(to: 38, hold: 1.5)
    script.stay(2)
    let samples = script.samples(rate: 100).map { sample in
      var sample = sample
      let filter = filterSD * radiansPerDegree
      sample.inclinationSD = (filter * filter + constant.variance(at: sample.inclination)).squareRoot()
      return sample
    }
    return try #require(movements(samples, TrialSetting(distance: distance, constant: constant)).counted.first)
  }

  func budget(_ trial: Trial, _ constant: ConstantUncertainty, _ distance: DistanceModel?) -> UncertaintyBudget {
    UncertaintyBudget(of: trial, constant: constant, distance: distance, quantity: .tibialInclination)
  }

  @Test("The parts add up to what the trial says, and are what went in")
  func parts() throws {
    let place = Placement(belowTuberosity: 0.1, surface: .anterior)
    let model = try DistanceModel.choose(
      zero: .gravity, lengths: lengths, contact: .roundKnee, placement: place, standingLean: nil, calibration: nil)
    let trial = try trial(model, declared)
    let budget = budget(trial, declared, model)
    #expect(abs(budget.endRange.combined - trial.endRange.sd) < 1e-9)
    #expect(abs(budget.kneeToWall.combined - (trial.kneeToWall?.sd ?? 0)) < 1e-9)
    func sd(_ source: Contribution.Source) -> Double {
      (budget.endRange.first { $0.source == source }?.sd ?? .nan) * degreesPerRadian
    }
    #expect(abs(sd(.filter) - 0.2) < 0.02)
    #expect(abs(sd(.accelerometer) - 0.6) < 1e-9 && abs(sd(.alignment) - 2) < 1e-9)
    #expect(sd(.wavering) > 0 && sd(.wavering) < 0.1)
    #expect(!budget.kneeToWall.contains { $0.source == .inclination })
    #expect(budget.kneeToWall.contains { $0.source == .placement } && budget.dorsiflexion.isEmpty)
  }

  @Test("A personal calibration has taken the constant errors in: they count no more")
  func personal() throws {
    let touches = [33.0, 40].map { WallTouch(inclination: $0 * radiansPerDegree, distance: 0.02 * ($0 - 28)) }
    let fit = WallFit(prior: .prior(lengths: lengths, zero: .gravity), touches: touches).calibration
    let model = DistanceModel(.personal(fit))
    let trial = try trial(model, declared)
    let budget = budget(trial, declared, model)
    let told = try #require(trial.kneeToWall?.sd) * 100
    #expect(abs(budget.kneeToWall.combined * 100 - told) < 1e-9)
    // The declared zero alone would be 1.1 cm.
    #expect(told < 0.4, "\(told) cm")
    #expect(budget.kneeToWall.first { $0.source == .alignment }?.sd == 0)
    #expect(budget.endRange.first { $0.source == .alignment }?.sd == declared.zero)
    // A zero that is found anew in every session does count.
    var measured = declared
    measured.isZeroMeasured = true
    measured.zero = 0.3 * radiansPerDegree
    let standing = try self.trial(model, measured)
    #expect(self.budget(standing, measured, model).kneeToWall.first { $0.source == .alignment }?.sd ?? 0 > 0.001)
  }

  @Test("What a device does not say is not explained")
  func unknown() throws {
    var trial = try trial(nil, declared)
    trial.endRange.sd = .nan
    #expect(budget(trial, declared, nil) == budget(trial, declared, .longAxis(lengths)))
    #expect(budget(trial, declared, nil).endRange.isEmpty)
  }

  @Test("A foot sensor's uncertainty goes into the dorsiflexion, and decides how much lift is said to be one")
  func foot() throws {
    var script = LungeScript()
    script.noise = 0.02
    script.stay(2)
    for _ in 0..<3 {
      script.lunge(to: 38, hold: 1.5)
      script.stay(2)
    }
    func reasons(lift: Double, sd: Double) throws -> Trial {
      let samples = script.samples(rate: 100).map { sample in
        var sample = sample
        let share = sample.inclination / (38 * radiansPerDegree)
        sample.footPitch = lift * share * share * share * radiansPerDegree
        sample.footPitchSD = sd * radiansPerDegree
        sample.inclinationSD = 0.3 * radiansPerDegree
        return sample
      }
      return try #require(movements(samples).counted.first)
    }
    let trial = try reasons(lift: 3, sd: 0.2)
    let sd = try #require(trial.dorsiflexionSD) * degreesPerRadian
    #expect(abs(sd - (0.3 * 0.3 + 0.2 * 0.2).squareRoot()) < 0.02)
    #expect(abs((trial.heelLiftSD ?? 0) * degreesPerRadian - 0.2 * 2.0.squareRoot()) < 0.01)
    #expect(trial.reasons.contains(.heelLift))
    // Two degrees may have been measured as 1.7: with a sensor that exact they are named, with a perfect one they are what they are.
    #expect(try reasons(lift: 1.7, sd: 0.2).reasons.contains(.heelLift))
    #expect(try !reasons(lift: 1.7, sd: 0.05).reasons.contains(.heelLift))
    #expect(try !reasons(lift: 1.2, sd: 2).reasons.contains(.heelLift))
  }
}
