import AnkleKinematics
import Foundation
import Motion
import TestKit
import Testing

/// One row of the height-only table: centimetres and degrees as printed.
struct HeightRow: Sendable {
  var height: Double
  var shank: Double
  var ankleToToe: Double
  /// Distances at 20, 25, 30, 35, 38, 40, 45 and 50 degrees.
  var distances: [Double]
  /// Inclinations at 0, 5, 8, 10, 12 and 15 cm.
  var inclinations: [Double]
  /// Centimetres a degree at 25, 35, 40 and 45 degrees, and degrees a centimetre.
  var slopes: [Double]
  var inverseSlopes: [Double]
}

/// The planar model's figures, computed independently from d = L sin θ + r − f with r = 5.5 cm, L = 0.246 H, f = 0.75 · 0.152 H and
/// printed to one or more decimals.
let heightRows = [
  HeightRow(
    height: 150, shank: 36.9, ankleToToe: 17.1, distances: [1.0, 4.0, 6.8, 9.6, 11.1, 12.1, 14.5, 16.7],
    inclinations: [18.3, 26.7, 32.1, 35.8, 39.8, 46.1], slopes: [0.584, 0.528, 0.493, 0.455],
    inverseSlopes: [1.71, 1.90, 2.03, 2.20]),
  HeightRow(
    height: 160, shank: 39.4, ankleToToe: 18.2, distances: [0.7, 3.9, 6.9, 9.8, 11.5, 12.6, 15.1, 17.4],
    inclinations: [18.9, 26.8, 31.8, 35.3, 38.9, 44.8], slopes: [0.623, 0.563, 0.526, 0.486],
    inverseSlopes: [1.61, 1.78, 1.90, 2.06]),
  HeightRow(
    height: 170, shank: 41.8, ankleToToe: 19.4, distances: [0.4, 3.8, 7.0, 10.1, 11.9, 13.0, 15.7, 18.2],
    inclinations: [19.4, 26.8, 31.5, 34.8, 38.2, 43.7], slopes: [0.662, 0.598, 0.559, 0.516],
    inverseSlopes: [1.51, 1.67, 1.79, 1.94]),
  HeightRow(
    height: 180, shank: 44.3, ankleToToe: 20.5, distances: [0.1, 3.7, 7.1, 10.4, 12.2, 13.4, 16.3, 18.9],
    inclinations: [19.8, 26.9, 31.3, 34.4, 37.6, 42.7], slopes: [0.700, 0.633, 0.592, 0.546],
    inverseSlopes: [1.43, 1.58, 1.69, 1.83]),
  HeightRow(
    height: 190, shank: 46.7, ankleToToe: 21.7, distances: [-0.2, 3.6, 7.2, 10.6, 12.6, 13.9, 16.9, 19.6],
    inclinations: [20.2, 26.9, 31.1, 34.0, 37.0, 41.8], slopes: [0.739, 0.668, 0.625, 0.577],
    inverseSlopes: [1.35, 1.50, 1.60, 1.73]),
]

@Suite("The knee-to-wall geometry")
struct KneeToWallTests {
  /// Whether `value` prints as `printed` with so many decimals; a value within 1e-9 of the middle may go either way.
  func prints(_ value: Double, _ printed: Double, decimals: Int) -> Bool {
    abs(value - printed) <= 0.5 * pow(10, -Double(decimals)) + 1e-9
  }

  func distance(_ lengths: BodyLengths, degrees: Double) -> Double {
    lengths.kneeToWall(inclination: Uncertain(degrees * radiansPerDegree, sd: 0)).value * 100
  }

  @Test("Distances and inclinations from body height alone, to the printed digit", arguments: heightRows)
  func heightOnly(row: HeightRow) throws {
    let lengths = try #require(BodyLengths(height: row.height / 100))
    #expect(prints(lengths.shank.value * 100, row.shank, decimals: 1))
    #expect(prints(lengths.ankleToToe.value * 100, row.ankleToToe, decimals: 1))
    #expect(lengths.kneeDepth.value == 0.055)
    for (degrees, printed) in zip([20.0, 25, 30, 35, 38, 40, 45, 50], row.distances) {
      let value = distance(lengths, degrees: degrees)
      #expect(prints(value, printed, decimals: 1), "\(degrees)°: \(value) cm, printed \(printed)")
    }
    for (centimetres, printed) in zip([0.0, 5, 8, 10, 12, 15], row.inclinations) {
      let value = try #require(lengths.inclination(kneeToWall: centimetres / 100)) * degreesPerRadian
      #expect(prints(value, printed, decimals: 1), "\(centimetres) cm: \(value)°, printed \(printed)")
    }
  }

  @Test("Centimetres a degree and degrees a centimetre, to the printed digit", arguments: heightRows)
  func slopes(row: HeightRow) throws {
    let lengths = try #require(BodyLengths(height: row.height / 100))
    for (column, degrees) in [25.0, 35, 40, 45].enumerated() {
      let step = 1e-4
      let slope = (distance(lengths, degrees: degrees + step) - distance(lengths, degrees: degrees - step)) / (2 * step)
      #expect(prints(slope, row.slopes[column], decimals: 3), "\(degrees)°: \(slope)")
      #expect(prints(1 / slope, row.inverseSlopes[column], decimals: 2), "\(degrees)°: \(1 / slope)")
    }
  }

  @Test("The sensitivities at 1.70 m and 38°: 0.575 cm a degree, 0.62, -1 and +1")
  func sensitivities() throws {
    let base = try #require(BodyLengths(height: 1.70))
    let angle = Uncertain(38 * radiansPerDegree, sd: 0)
    let step = 1e-6
    func slope(_ change: (inout BodyLengths) -> Void) -> Double {
      var changed = base
      change(&changed)
      return (changed.kneeToWall(inclination: angle).value - base.kneeToWall(inclination: angle).value) / step
    }
    let perDegree = distance(base, degrees: 38.5) - distance(base, degrees: 37.5)
    #expect(prints(perDegree, 0.575, decimals: 3))
    #expect(prints(slope { $0.shank.value += step }, 0.62, decimals: 2))
    #expect(prints(slope { $0.ankleToToe.value += step }, -1, decimals: 6))
    #expect(prints(slope { $0.kneeDepth.value += step }, 1, decimals: 6))
  }

  @Test("Worked examples for a height of 1.70 m")
  func workedExamples() throws {
    let lengths = try #require(BodyLengths(height: 1.70))
    let shank = lengths.shank.value * 100
    // An inclinometer at the tuberosity shows 39.0°; 3.6° of it belong to the placement.
    #expect(prints(distance(lengths, degrees: 39), 12.4, decimals: 1))
    #expect(prints(distance(lengths, degrees: 39 - 3.6), 10.3, decimals: 1))
    // One known touch at 8.0 cm and 33.0°, later 37.0°: the offsets of foot and knee cancel.
    let gain = distance(lengths, degrees: 37) - distance(lengths, degrees: 33)
    #expect(prints(gain, 2.39, decimals: 2))
    #expect(prints(8 + gain, 10.4, decimals: 1))
    let shifted = distance(lengths, degrees: 37 - 3.6) - distance(lengths, degrees: 33 - 3.6)
    #expect(prints(shifted, 2.49, decimals: 2))
    #expect(prints(distance(lengths, degrees: 38) - distance(lengths, degrees: 34), 2.36, decimals: 2))
    // 8 against 13 cm.
    let low = try #require(lengths.inclination(kneeToWall: 0.08)) * degreesPerRadian
    let high = try #require(lengths.inclination(kneeToWall: 0.13)) * degreesPerRadian
    #expect(prints(low, 31.5, decimals: 1))
    #expect(prints(high, 40.0, decimals: 1))
    #expect(prints(high - low, 8.5, decimals: 1))
    #expect(prints(8.0 / 13 * 100, 62, decimals: 0) && prints(low / high * 100, 79, decimals: 0))
    // Toes on the wall and the knee far from it: 5° is 10.2 cm short.
    #expect(prints(distance(lengths, degrees: 5), -10.2, decimals: 1))
    #expect(prints(shank, 41.82, decimals: 2))
    // From 3 to 7 cm, and from 7 to 8 cm.
    let three = try #require(lengths.inclination(kneeToWall: 0.03)) * degreesPerRadian
    let seven = try #require(lengths.inclination(kneeToWall: 0.07)) * degreesPerRadian
    #expect(prints(three, 23.8, decimals: 1))
    #expect(prints(seven, 30.0, decimals: 1))
    #expect(prints(seven - three, 6.1, decimals: 1))
    #expect(prints(low - seven, 1.6, decimals: 1))
  }

  @Test("The printed uncertainties: 1.6 and 2.4 cm from height, 1.05 and 2.0 cm from a tape")
  func printedUncertainty() throws {
    let fromHeight = try #require(BodyLengths(height: 1.70))
    let measured = try #require(BodyLengths(shank: 0.4182, ankleToToe: 0.1938, kneeDepth: 0.055))
    func sd(_ lengths: BodyLengths, degrees: Double) -> Double {
      lengths.kneeToWall(inclination: Uncertain(38 * radiansPerDegree, sd: degrees * radiansPerDegree)).sd * 100
    }
    let withPlacement = (1.4 * 1.4 + 3.0 * 3.0).squareRoot()
    #expect(prints(sd(fromHeight, degrees: 1.4), 1.6, decimals: 1))
    #expect(prints(sd(fromHeight, degrees: withPlacement), 2.4, decimals: 1))
    // First order gives 1.041; the figure of 1.05 came from a Monte Carlo and is rounded to a twentieth.
    #expect(abs(sd(measured, degrees: 1.4) - 1.05) < 0.025)
    #expect(prints(sd(measured, degrees: withPlacement), 2.0, decimals: 1))
  }

  @Test("The heel-to-wall road overstates the tibia by 5.7° at 1.75 m and 37°, and less the deeper the lunge")
  func heelToWall() throws {
    let height = 1.75
    let lengths = try #require(BodyLengths(height: height))
    let foot = 0.152 * height
    let ankle = 0.039 * height
    func road(_ degrees: Double) -> (wall: Double, knee: Double, angle: Double) {
      let wall = distance(lengths, degrees: degrees) / 100 + foot
      let knee = ankle + lengths.shank.value * cos(degrees * radiansPerDegree)
      return (wall * 100, knee * 100, atan2(wall, knee) * degreesPerRadian)
    }
    #expect(prints(distance(lengths, degrees: 37), 11.5, decimals: 1))
    #expect(prints(road(37).wall, 38.1, decimals: 1) && prints(road(37).knee, 41.2, decimals: 1))
    #expect(prints(road(37).angle, 42.7, decimals: 1))
    for (degrees, excess) in [(20.0, 9.6), (30, 7.4), (37, 5.7), (45, 3.8)] {
      #expect(prints(road(degrees).angle - degrees, excess, decimals: 1), "\(degrees)°: \(road(degrees).angle)")
    }
    // The ankle's own height gives the inclination back.
    let d = distance(lengths, degrees: 37) / 100
    let exact = atan2(
      d + lengths.ankleToToe.value - lengths.kneeDepth.value, road(37).knee / 100 - ankle)
    #expect(abs(exact * degreesPerRadian - 37) < 1e-9)
  }

  @Test("A twisted sensor reads 0.1 to 1.7° too little at 38°, a knee off line reaches 0.1 to 1.6 cm less")
  func outOfPlane() throws {
    let lengths = try #require(BodyLengths(height: 1.70))
    let theta = 38 * radiansPerDegree
    for (degrees, less, shorter) in [(5.0, 0.1, 0.1), (10, 0.4, 0.4), (15, 1.0, 0.9), (20, 1.7, 1.6)] {
      let turn = Quaternion(angle: degrees * radiansPerDegree, axis: Vector3(0, 1, 0))
      let seen = ShankAngles(verticalInShank: turn.rotate(Vector3(-sin(theta), cos(theta), 0))).tibialInclination
      #expect(prints(38 - seen * degreesPerRadian, less, decimals: 1), "\(degrees)°: \(seen * degreesPerRadian)")
      let reach = lengths.shank.value * sin(theta) * (1 - cos(degrees * radiansPerDegree)) * 100
      #expect(prints(reach, shorter, decimals: 1), "\(degrees)°: \(reach) cm")
    }
  }

  @Test("The propagated uncertainty is that of a Monte Carlo through the full formula")
  func monteCarlo() throws {
    var random = RandomSource(seed: 41)
    func normal() -> Double { (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
    let persons = [
      try #require(BodyLengths(height: 1.70)), try #require(BodyLengths(height: 1.55, foot: 0.24)),
      try #require(BodyLengths(shank: 0.45, ankleToToe: 0.20, kneeDepth: 0.06)),
    ]
    for lengths in persons {
      for degrees in [5.0, 20, 38, 50] {
        let angle = Uncertain(degrees * radiansPerDegree, sd: 1.4 * radiansPerDegree)
        let count = 40_000
        var sum = 0.0
        var squares = 0.0
        for _ in 0..<count {
          var drawn = lengths
          drawn.shank.value += lengths.shank.sd * normal()
          drawn.ankleToToe.value += lengths.ankleToToe.sd * normal()
          drawn.kneeDepth.value += lengths.kneeDepth.sd * normal()
          let d = drawn.kneeToWall(inclination: Uncertain(angle.value + angle.sd * normal(), sd: 0)).value
          sum += d
          squares += d * d
        }
        let mean = sum / Double(count)
        let sd = (squares / Double(count) - mean * mean).squareRoot()
        let propagated = lengths.kneeToWall(inclination: angle)
        // The standard error of an SD from n draws is sd/√(2n), 0.35 % here; four of them, and half a percent for the curvature.
        #expect(abs(propagated.sd / sd - 1) < 0.02, "\(degrees)°: \(propagated.sd) against \(sd)")
        #expect(abs(propagated.value - mean) < 0.001)
      }
    }
  }

  @Test("Distance and inclination are each other's inverse, and nothing lies beyond the leg's reach")
  func inverse() throws {
    let lengths = try #require(BodyLengths(height: 1.82))
    for degrees in stride(from: -40.0, through: 85, by: 2.5) {
      let d = lengths.kneeToWall(inclination: Uncertain(degrees * radiansPerDegree, sd: 0)).value
      let again = try #require(lengths.inclination(kneeToWall: d))
      #expect(abs(again * degreesPerRadian - degrees) < 1e-9)
    }
    #expect(lengths.inclination(kneeToWall: 0.40) == nil)
    #expect(lengths.inclination(kneeToWall: -0.65) == nil)
    #expect(lengths.inclination(kneeToWall: .nan) == nil)
  }

  @Test("A measured length goes before an estimated one, and is more certain")
  func precedence() throws {
    let estimated = try #require(BodyLengths(height: 1.70))
    let partly = try #require(BodyLengths(height: 1.70, shank: 0.40))
    #expect(partly.shank.value == 0.40 && partly.shank.sd < estimated.shank.sd)
    #expect(partly.ankleToToe == estimated.ankleToToe)
    let withFoot = try #require(BodyLengths(height: 1.70, foot: 0.28))
    #expect(abs(withFoot.ankleToToe.value - 0.21) < 1e-12 && withFoot.ankleToToe.sd < estimated.ankleToToe.sd)
    let withToe = try #require(BodyLengths(height: 1.70, ankleToToe: 0.22, foot: 0.28))
    #expect(withToe.ankleToToe.value == 0.22 && withToe.ankleToToe.sd < withFoot.ankleToToe.sd)
  }

  @Test("Without a height, shank and foot must both be known")
  func insufficient() {
    #expect(BodyLengths() == nil)
    #expect(BodyLengths(shank: 0.40) == nil)
    #expect(BodyLengths(ankleToToe: 0.20, kneeDepth: 0.05) == nil)
    #expect(BodyLengths(shank: 0.40, foot: 0.26) != nil)
  }
}
