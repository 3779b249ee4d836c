import Motion
import TestKit
import Testing
import Timebase

@Suite struct StreamJoinerTests {
  private func at(_ seconds: Double) -> HostInstant {
    HostInstant(nanoseconds: 5_000_000_000 + SessionTime(seconds: seconds).nanoseconds)
  }

  private func sample(_ seconds: Double) -> TimedSample {
    TimedSample(time: SessionTime(seconds: seconds), sample: SensorSample())
  }

  private func companion(_ seconds: Double, _ value: Double?, gap: Bool = false) -> StreamJoiner.Companion {
    StreamJoiner.Companion(instant: at(seconds), value: value.map { Vector3($0, 0, 1) }, sd: 0.1, isAfterGap: gap)
  }

  /// Two streams of one straight line in time, the second at another rate.
  private func streams() -> (first: [TimedSample], second: [StreamJoiner.Companion]) {
    (
      (0..<500).map { sample(Double($0) * 0.01) },
      (0..<400).map { companion(Double($0) * 0.0125, Double($0) * 1.25) }
    )
  }

  private func join(
    _ first: [TimedSample], _ second: [StreamJoiner.Companion], random: inout RandomSource, lead: Double
  ) -> [StreamJoiner.Joined] {
    var joiner = StreamJoiner()
    var output: [StreamJoiner.Joined] = []
    var (i, j) = (0, 0)
    while i < first.count || j < second.count {
      func seconds(_ index: Int) -> Double { second[index].instant.seconds(since: at(0)) }
      let mayFirst = i < first.count && (j >= second.count || first[i].time.seconds < seconds(j) + lead)
      let maySecond = j < second.count && (i >= first.count || seconds(j) < first[i].time.seconds + lead)
      if mayFirst && (!maySecond || Bool.random(using: &random)) {
        joiner.admitFirst(first[i], at: at(first[i].time.seconds), into: &output)
        i += 1
      } else {
        joiner.admitSecond(second[j], into: &output)
        j += 1
      }
    }
    joiner.endSecond(into: &output)
    return output
  }

  @Test(arguments: 1...20)
  func theOrderInWhichTheyInterleaveDoesNotMatter(seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    let (first, second) = streams()
    let reference = join(first, second, random: &random, lead: 0.02)
    let joined = join(first, second, random: &random, lead: 0.8)
    // NaN of a sample without partner is unequal to itself: those are compared by what they say.
    #expect(joined.map(\.second) == reference.map(\.second) && joined.map(\.partner) == reference.map(\.partner))
    #expect(joined.map(\.first) == first)
    let found = joined.filter { $0.partner == .found }
    #expect(found.count > 490)
    #expect(found.allSatisfy { abs($0.second!.x - $0.first.time.seconds * 100) < 1e-6 && $0.secondSD == 0.1 })
  }

  @Test("a stalled stream does not stop the other, and is taken back when it has caught up")
  func stall() {
    let (first, second) = streams()
    var joiner = StreamJoiner(window: 0.5)
    var output: [StreamJoiner.Joined] = []
    for one in second.prefix(80) { joiner.admitSecond(one, into: &output) }
    for one in first.prefix(149) { joiner.admitFirst(one, at: at(one.time.seconds), into: &output) }
    // 0.9875 s are covered; then it is waited for the window.
    #expect(output.count == 99 && output.allSatisfy { $0.partner == .found })
    joiner.admitFirst(first[149], at: at(1.49), into: &output)
    #expect(output.count == 99)
    joiner.admitFirst(first[150], at: at(1.5), into: &output)
    #expect(output.count == 151 && output[99...].allSatisfy { $0.partner == .stalled && $0.second == nil })
    joiner.admitFirst(first[151], at: at(1.51), into: &output)
    #expect(output.count == 152, "once stalled, nobody waits")
    #expect(joiner.watermark == at(1.51))
    for one in second[80..<126] { joiner.admitSecond(one, into: &output) }
    for one in first[152..<158] { joiner.admitFirst(one, at: at(one.time.seconds), into: &output) }
    #expect(output.count == 157 && output[152...].allSatisfy { $0.partner == .found })
  }

  @Test func noValueIsInventedAcrossAGap() {
    var joiner = StreamJoiner(longestBridge: 0.1)
    var output: [StreamJoiner.Joined] = []
    for one in [
      companion(0, 0), companion(0.05, 5), companion(1, 100), companion(1.02, 102, gap: true), companion(1.04, nil),
      companion(1.06, 106),
    ] { joiner.admitSecond(one, into: &output) }
    for time in [-0.01, 0.025, 0.5, 1, 1.01, 1.02, 1.03, 1.06] {
      joiner.admitFirst(sample(time), at: at(time), into: &output)
    }
    joiner.endSecond(into: &output)
    #expect(output.map(\.partner) == [.outside, .found, .gap, .found, .gap, .found, .gap, .found])
    #expect(output[1].second?.x == 2.5)
    #expect(output.allSatisfy { ($0.second == nil) == ($0.partner != .found) })
  }

  @Test func theNearestIsTakenAsItIs() {
    var joiner = StreamJoiner(interpolation: .nearest)
    var output: [StreamJoiner.Joined] = []
    joiner.admitSecond(companion(0.01, 1), into: &output)
    joiner.admitSecond(companion(0.03, 2), into: &output)
    joiner.admitSecond(companion(0.02, 9), into: &output)
    joiner.admitFirst(sample(0.024), at: at(0.024), into: &output)
    #expect(joiner.tooLate == 1)
    #expect(output.first?.second?.x == 2)
  }

  @Test("an end is one until the next sample")
  func resumed() {
    var joiner = StreamJoiner()
    var output: [StreamJoiner.Joined] = []
    joiner.admitSecond(companion(0, 0), into: &output)
    joiner.admitFirst(sample(0.01), at: at(0.01), into: &output)
    #expect(output.isEmpty)
    joiner.endSecond(into: &output)
    #expect(output.map(\.partner) == [.outside])
    joiner.admitSecond(companion(2, 2, gap: true), into: &output)
    joiner.admitFirst(sample(2.01), at: at(2.01), into: &output)
    #expect(output.count == 1)
    joiner.admitSecond(companion(2.02, 3), into: &output)
    #expect(output.map(\.partner) == [.outside, .found])
  }

  @Test("neither stream alone makes the memory grow")
  func bounded() {
    var joiner = StreamJoiner(window: 1e6, capacity: 64)
    var output: [StreamJoiner.Joined] = []
    for index in 0..<10_000 { joiner.admitSecond(companion(Double(index) * 0.01, 1), into: &output) }
    #expect(output.isEmpty)
    for index in 20_000..<30_000 { joiner.admitFirst(sample(0), at: at(Double(index) * 0.01), into: &output) }
    #expect(output.count > 9_900)
  }
}
