import Motion
import TestKit
import Testing
import Timebase

/// What holds of the joiner whatever two streams do: uneven rates, gaps, stalls, late samples, an end.
@Suite struct JoinerPropertyTests {
  private enum Input {
    case first(TimedSample, HostInstant)
    case second(StreamJoiner.Companion)
    case end
  }

  private static let base: Int64 = 77_000_000_000

  private static func at(_ seconds: Double) -> HostInstant {
    HostInstant(nanoseconds: base + SessionTime(seconds: seconds).nanoseconds)
  }

  /// Two streams of a straight line in time, in the order in which they came: each is behind by a delay that wanders, and is now and then held back.
  private static func inputs(_ random: inout RandomSource) -> [Input] {
    var all: [(came: Double, input: Input)] = []
    for isFirst in [true, false] {
      let rate = [25.0, 60, 100, 200][Int.random(in: 0..<4, using: &random)]
      let late = Double.random(in: 0...0.4, using: &random)
      let stall = Double.random(in: 0...8, using: &random)
      let held = Bool.random(using: &random) ? Double.random(in: 0...3, using: &random) : 0
      var came = 0.0
      var isAfterGap = false
      for index in 0..<Int(10 * rate) {
        let time = (Double(index) + Double.random(in: -0.3...0.3, using: &random)) / rate + 1
        if Int.random(in: 0..<40, using: &random) == 0 {
          isAfterGap = true
          continue
        }
        came = max(came, time + late, time > stall && time < stall + held ? stall + held : 0)
        if isFirst {
          all.append((came, .first(TimedSample(time: SessionTime(seconds: time), sample: SensorSample()), at(time))))
        } else {
          // Now and then a sample comes again, late.
          let again = Int.random(in: 0..<50, using: &random) == 0 ? 2 : 1
          for repeated in 0..<again {
            let value = Int.random(in: 0..<30, using: &random) == 0 ? nil : Vector3(time * 100, 0, 1)
            all.append(
              (
                came,
                .second(
                  StreamJoiner.Companion(
                    instant: at(time - 0.02 * Double(repeated)), value: value, sd: 0.1, isAfterGap: isAfterGap))
              ))
          }
        }
        isAfterGap = false
      }
    }
    return all.enumerated().sorted { ($0.element.came, $0.offset) < ($1.element.came, $1.offset) }.map(\.element.input)
      + [.end]
  }

  private static func step(_ joiner: inout StreamJoiner, _ input: Input, _ output: inout [StreamJoiner.Joined]) {
    switch input {
    case .first(let sample, let instant): joiner.admitFirst(sample, at: instant, into: &output)
    case .second(let companion): joiner.admitSecond(companion, into: &output)
    case .end: joiner.endSecond(into: &output)
    }
  }

  @Test(arguments: 1...60)
  func everySampleComesOnceInOrderAndWithinTheWindow(seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    let window = [0.2, 0.5, 1][seed % 3]
    let inputs = Self.inputs(&random)
    var joiner = StreamJoiner(window: window)
    var output: [StreamJoiner.Joined] = []
    var given: [TimedSample] = []
    var newest = Self.at(-1)
    var late: UInt64 = 0
    var last: HostInstant?
    for input in inputs {
      if case .first(let sample, let instant) = input {
        given.append(sample)
        newest = instant
      }
      if case .second(let companion) = input {
        if let before = last, companion.instant <= before { late += 1 } else { last = companion.instant }
      }
      let before = joiner.watermark
      Self.step(&joiner, input, &output)
      // The watermark is the newest that is decided, and never goes back.
      #expect(joiner.watermark == output.last?.instant && (before ?? Self.at(-1)) <= joiner.watermark ?? Self.at(-1))
      // Whatever the other stream does, nothing waits for longer than the window.
      if output.count < given.count {
        let oldest = given[output.count].time.seconds
        #expect(newest.seconds(since: Self.at(oldest)) <= window + 1e-9)
      }
    }
    #expect(output.map(\.first) == given, "each once, in order")
    #expect(joiner.tooLate == late)
    for one in output {
      #expect((one.second != nil) == (one.partner == .found))
      if let value = one.second { #expect(abs(value.x - one.instant.seconds(since: Self.at(0)) * 100) < 1e-5) }
    }
  }

  /// Handing the output on after any of the inputs, and going on with a copy, changes nothing: there is no other state, and no clock.
  @Test(arguments: 1...30)
  func cutsAndCopiesChangeNothing(seed: Int) {
    var random = RandomSource(seed: UInt64(1000 + seed))
    let inputs = Self.inputs(&random)
    var whole = StreamJoiner()
    var expected: [StreamJoiner.Joined] = []
    for input in inputs { Self.step(&whole, input, &expected) }
    var joiner = StreamJoiner()
    var output: [StreamJoiner.Joined] = []
    var chunk: [StreamJoiner.Joined] = []
    for input in inputs {
      if Int.random(in: 0..<5, using: &random) == 0 {
        output += chunk
        chunk.removeAll()
        let copy = joiner
        var elsewhere: [StreamJoiner.Joined] = []
        Self.step(&joiner, .end, &elsewhere)
        joiner = copy
      }
      Self.step(&joiner, input, &chunk)
    }
    output += chunk
    #expect(output.map(\.instant) == expected.map(\.instant) && output.map(\.partner) == expected.map(\.partner))
    #expect(output.map(\.second) == expected.map(\.second) && joiner.watermark == whole.watermark)
  }

  /// Without a stall the order in which two streams reach the joiner does not matter, whatever their gaps.
  @Test(arguments: 1...30)
  func onlyAStallDependsOnTheOrder(seed: Int) {
    var random = RandomSource(seed: UInt64(2000 + seed))
    let inputs = Self.inputs(&random)
    func run(_ inputs: [Input]) -> [StreamJoiner.Joined] {
      // Nothing stalls in a window that holds everything.
      var joiner = StreamJoiner(window: 1e6, capacity: 1 << 20)
      var output: [StreamJoiner.Joined] = []
      for input in inputs { Self.step(&joiner, input, &output) }
      return output
    }
    let firsts = inputs.filter { if case .first = $0 { true } else { false } }
    let seconds = inputs.filter { if case .second = $0 { true } else { false } }
    let expected = run(inputs)
    for order in [firsts + seconds, seconds + firsts] {
      let output = run(order + [.end])
      #expect(output.map(\.partner) == expected.map(\.partner) && output.map(\.second) == expected.map(\.second))
    }
  }
}
