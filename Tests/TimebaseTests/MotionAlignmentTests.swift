import Glibc
import TestKit
import Testing
import Timebase

@Suite struct MotionAlignmentTests {
  /// Knocks and a slow movement at these instants, seen by a clock that is `offset` behind and runs fast by `drift`, with noise.
  private func signal(
    _ events: [(time: Double, size: Double)], seconds: Double, offset: Double = 0, drift: Double = 0, seed: UInt64
  ) -> [Double] {
    var random = RandomSource(seed: seed)
    return (0..<Int(seconds * 100)).map { index in
      // The first's time at this sample of the other's clock.
      let time = Double(index) / 100 / (1 + drift) + offset
      var value = 9.81 + 0.02 * (random.unit() - 0.5)
      for event in events {
        let far = (time - event.time) / 0.03
        if abs(far) < 6 { value += event.size / (1 + far * far * far * far) }
      }
      return value
    }
  }

  @Test(arguments: [-7.3, -0.0042, 0, 0.005, 3.2567])
  func aKnockGivesTheOffsetToAFractionOfASample(offset: Double) throws {
    let knocks = [(12.0, 30.0), (12.7, 18.0), (14.1, 40.0)]
    let a = signal(knocks, seconds: 30, seed: 1)
    let b = signal(knocks, seconds: 30, offset: offset, seed: 2)
    let found = try MotionAlignment.find(a, b, step: 0.01, greatestOffset: 15)
    #expect(abs(found.offset - offset) < 0.001)
    #expect(found.correlation > 0.95)
    #expect(found.drift == nil)
  }

  @Test(arguments: [-120e-6, 80e-6, 500e-6])
  func aLongPairTellsTheDrift(drift: Double) throws {
    var random = RandomSource(seed: 4)
    let knocks = (0..<300).map { _ in (600 * random.unit(), 10 + 30 * random.unit()) }
    let a = signal(knocks, seconds: 600, seed: 1)
    let b = signal(knocks, seconds: 590, offset: 2.5, drift: drift, seed: 2)
    let found = try MotionAlignment.find(a, b, step: 0.01, greatestOffset: 10)
    #expect(abs((found.drift ?? 1) - drift) < 5e-6)
    // In the middle of the overlap.
    let middle = 295.0
    #expect(abs(found.offset - (2.5 + middle / (1 + drift) - middle)) < 0.002)
    #expect((found.residual ?? 1) < 0.002)
  }

  @Test func repetitionsThatDifferAreNoReasonToRefuse() throws {
    let knocks = [(6.0, 30.0), (9.1, 24.0), (11.9, 33.0), (15.0, 27.0)]
    let a = signal(knocks, seconds: 30, seed: 1)
    let b = signal(knocks, seconds: 30, offset: 1.234, seed: 2)
    #expect(abs(try MotionAlignment.find(a, b, step: 0.01, greatestOffset: 10).offset - 1.234) < 0.001)
  }

  @Test func knocksAtAnEvenBeatAreRefused() {
    let knocks = (0..<8).map { (6 + 2 * Double($0), 30.0) }
    let a = signal(knocks, seconds: 30, seed: 1)
    let b = signal(Array(knocks.prefix(7)), seconds: 30, offset: 1, seed: 2)
    #expect {
      try MotionAlignment.find(a, b, step: 0.01, greatestOffset: 10)
    } throws: { if case MotionAlignment.Refusal.ambiguous = $0 { true } else { false } }
  }

  /// Sizes that differ a lot, so that the largest knocks alone would fit.
  @Test(arguments: 1...40)
  func strangersAreRefused(seed: Int) {
    var random = RandomSource(seed: UInt64(900 + seed))
    let (before, after) = (3 + 2 * random.unit(), 3 + 2 * random.unit())
    func knocks(_ earlier: Double, _ later: Double) -> [(time: Double, size: Double)] {
      let middle = 10 + 4 * random.unit()
      return [
        (middle - earlier, 8 + 4 * random.unit()), (middle, 60), (middle + later, 8 + 4 * random.unit()),
      ]
    }
    let a = signal(knocks(before, after), seconds: 30, seed: 1)
    // Wherever one knock meets another, the others miss by a tenth of a second or more.
    let other = knocks(before + 0.1 + 0.5 * random.unit(), after - 0.1 - 0.5 * random.unit())
    let b = signal(other, seconds: 30, seed: 2)
    #expect(throws: MotionAlignment.Refusal.self) {
      try MotionAlignment.find(a, b, step: 0.01, greatestOffset: 10)
    }
  }

  /// Two movements of some seconds overlap wherever they are laid onto one another; those of one movement agree in what changes.
  @Test(arguments: 1...20)
  func otherTurnsAreRefusedAndTheSameAreFound(seed: Int) throws {
    var random = RandomSource(seed: UInt64(700 + seed))
    func turning(_ waves: [(Double, Double, Double)], offset: Double) -> [Double] {
      (0..<3000).map { index in
        let time = Double(index) / 100 + offset
        guard time > 9, time < 17 else { return 0.02 * random.unit() }
        var rate = 0.0
        for (frequency, phase, height) in waves { rate += height * sin(6.2832 * frequency * time + phase) }
        return abs(rate) + 0.02 * random.unit()
      }
    }
    func waves() -> [(Double, Double, Double)] {
      (0..<5).map { _ in (0.3 + 1.2 * random.unit(), 6.28 * random.unit(), 0.3 + random.unit()) }
    }
    let one = waves()
    let found = try MotionAlignment.find(
      turning(one, offset: 0), turning(one, offset: 1.234), step: 0.01, greatestOffset: 10)
    #expect(abs(found.offset - 1.234) < 0.003)
    #expect(throws: MotionAlignment.Refusal.self) {
      try MotionAlignment.find(turning(one, offset: 0), turning(waves(), offset: 0), step: 0.01, greatestOffset: 10)
    }
  }

  @Test func aSingleKnockShowsNothing() {
    let a = signal([(8, 30)], seconds: 30, seed: 1)
    let b = signal([(12, 34)], seconds: 30, seed: 2)
    #expect {
      try MotionAlignment.find(a, b, step: 0.01, greatestOffset: 10)
    } throws: { if case MotionAlignment.Refusal.single(let offset) = $0 { abs(offset + 4) < 0.01 } else { false } }
  }

  @Test func differentRecordingsAreRefused() {
    let a = signal([(5, 30), (9, 20), (13, 25)], seconds: 30, seed: 1)
    let b = signal([(3, 12), (4.1, 44), (21, 30), (22.3, 28)], seconds: 30, seed: 2)
    #expect(throws: MotionAlignment.Refusal.self) {
      try MotionAlignment.find(a, b, step: 0.01, greatestOffset: 20)
    }
    #expect(throws: MotionAlignment.Refusal.nothingToSee) {
      try MotionAlignment.find([Double](repeating: 9.81, count: 3000), a, step: 0.01, greatestOffset: 20)
    }
    #expect(throws: MotionAlignment.Refusal.nothingToSee) {
      try MotionAlignment.find([], a, step: 0.01, greatestOffset: 20)
    }
  }
}
