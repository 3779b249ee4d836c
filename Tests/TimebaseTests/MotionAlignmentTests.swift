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
