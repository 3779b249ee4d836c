import Motion
import Testing

@testable import Timebase

@Suite("Bytes that waited before the port was read")
struct StartBurstTests {
  @Test("a burst at the start does not become the rate", arguments: [20, 60, 120])
  func burst(waiting count: Int) {
    var clock = SessionClock(source: .arrivals(.none, nominalRate: nil))
    var output: [TimedSample] = []
    // 100 Hz in arrivals of 16 ms; the first ones come together, in two reads.
    for index in 0..<900 {
      let chunk = Int64(Double(index - count) / 1.6) * 16_000_000
      let arrived = index < count / 2 ? 0 : index < count ? 20_000 : max(chunk + 16_000_000, 20_000)
      clock.admit(SensorSample(arrived: HostInstant(nanoseconds: arrived)), into: &output)
    }
    clock.finish(into: &output)
    #expect(output.count == 900)
    #expect(output.allSatisfy { $0.gapBefore == nil }, "gaps were made up")
    #expect(abs((clock.rate ?? 0) - 100) < 2, "\(String(describing: clock.rate))")
    let length = output[899].time.seconds(since: output[0].time)
    #expect(abs(length - Double(900 - count) / 100) < Double(count) / 100 + 0.3)
  }
}
