import Motion
import Testing
import Timebase

@Suite("A device that could send a clock, and sends a counter")
struct CounterInsteadOfClockTests {
  @Test("Its samples are counted, lost ones are a gap with their number, and the rate is learnt from the arrivals")
  func counter() {
    var clock = SessionClock(source: .arrivals(.clock(bits: 32, nanosecondsPerTick: 100_000), nominalRate: nil))
    var output: [TimedSample] = []
    for index in 0..<500 where !(300..<307).contains(index) {
      var sample = SensorSample(arrived: HostInstant(nanoseconds: Int64(index) * 10_000_000))
      sample.fields = [.acceleration, .counter]
      // Past the place where a clock of 32 bits would wrap.
      sample.deviceTicks = 0xFFFF_FF00 + UInt64(index)
      clock.admit(sample, into: &output)
    }
    clock.finish(into: &output)
    #expect(output.count == 493)
    #expect(clock.resets == 0 && clock.repairs == 0)
    #expect(abs((clock.rate ?? 0) - 100) < 0.5)
    let gaps = output.compactMap(\.gapBefore)
    #expect(gaps.map(\.missingSamples) == [7] && gaps.map(\.cause) == [.counterJump])
    #expect(abs((output.last?.time.seconds ?? 0) - 4.99) < 0.02)
  }
}
