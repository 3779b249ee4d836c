import Motion
import TestKit
import Testing
import Timebase

@Suite struct StreamJoinerTests {
  private func sample(_ seconds: Double, _ value: Double, stream: UInt16 = 0) -> TimedSample {
    var sample = SensorSample(stream: StreamID(stream))
    sample.fields = .acceleration
    sample.acceleration = Vector3(value, 0, 0)
    return TimedSample(time: SessionTime(seconds: seconds), sample: sample)
  }

  /// Two streams of one straight line in time, the second at another rate.
  private func streams() -> (first: [TimedSample], second: [TimedSample]) {
    (
      (0..<500).map { sample(Double($0) * 0.01, Double($0)) },
      (0..<400).map { sample(Double($0) * 0.0125, Double($0) * 1.25, stream: 1) }
    )
  }

  private func join(
    _ first: [TimedSample], _ second: [TimedSample], random: inout RandomSource, lead: Double
  ) -> [StreamJoiner.Joined] {
    var joiner = StreamJoiner()
    var output: [StreamJoiner.Joined] = []
    var (i, j) = (0, 0)
    while i < first.count || j < second.count {
      let mayFirst = i < first.count && (j >= second.count || first[i].time.seconds < second[j].time.seconds + lead)
      let maySecond = j < second.count && (i >= first.count || second[j].time.seconds < first[i].time.seconds + lead)
      if mayFirst && (!maySecond || Bool.random(using: &random)) {
        joiner.admitFirst(first[i], into: &output)
        i += 1
      } else {
        joiner.admitSecond(second[j], into: &output)
        j += 1
      }
    }
    joiner.finish(into: &output)
    return output
  }

  @Test(arguments: 1...20)
  func theOrderInWhichTheyInterleaveDoesNotMatter(seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    let (first, second) = streams()
    let reference = join(first, second, random: &random, lead: 0.02)
    let joined = join(first, second, random: &random, lead: 0.4)
    #expect(joined == reference)
    #expect(joined.map(\.first) == first)
    #expect(zip(joined, joined.dropFirst()).allSatisfy { $0.time < $1.time })
    let found = joined.filter { $0.partner == .found }
    #expect(found.count > 490)
    #expect(found.allSatisfy { abs($0.second!.acceleration.x - $0.first.sample.acceleration.x) < 1e-6 })
  }

  @Test func aStalledStreamDoesNotStopTheOther() {
    let (first, second) = streams()
    var joiner = StreamJoiner(window: 0.5)
    var output: [StreamJoiner.Joined] = []
    for one in second.prefix(80) { joiner.admitSecond(one, into: &output) }
    for one in first.prefix(300) { joiner.admitFirst(one, into: &output) }
    // 0.9875 s are covered; of the two seconds that follow, all but the window are out.
    #expect(output.filter { $0.partner == .found }.count == 99)
    #expect(output.filter { $0.partner == .stalled }.count == 150)
    #expect(output.last?.partner == .stalled)
    #expect(joiner.watermark == output.last?.time)
  }

  @Test func noValueIsInventedAcrossAGap() {
    var joiner = StreamJoiner(longestBridge: 0.1)
    var output: [StreamJoiner.Joined] = []
    joiner.admitSecond(sample(0, 0), into: &output)
    joiner.admitSecond(sample(0.05, 5), into: &output)
    joiner.admitSecond(sample(1, 100), into: &output)
    for time in [0.025, 0.5, 1] { joiner.admitFirst(sample(time, 0), into: &output) }
    joiner.finish(into: &output)
    #expect(output.map(\.partner) == [.found, .gap, .found])
    #expect(output[0].second?.acceleration.x == 2.5)
    #expect(output[1].second == nil)
  }

  @Test func theNearestIsTakenAsItIs() {
    var joiner = StreamJoiner(interpolation: .nearest, secondOffset: 0.01)
    var output: [StreamJoiner.Joined] = []
    joiner.admitSecond(sample(0, 1), into: &output)
    joiner.admitSecond(sample(0.02, 2), into: &output)
    joiner.admitSecond(sample(0.01, 9), into: &output)
    joiner.admitFirst(sample(0.024, 0), into: &output)
    #expect(joiner.tooLate == 1)
    #expect(output.first?.second?.acceleration.x == 2)
  }
}
