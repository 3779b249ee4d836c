import Motion
import Pipeline
import Testing

@Suite struct UnpluggedTests {
  /// An inclinometer's frames at ten a second; its cable is out from second 20 to second 23.
  private func run(saysSo: Bool) throws -> [Gap] {
    let frame: [UInt8] = [
      0x68, 0x0D, 0x00, 0x84, 0x00, 0x12, 0x34, 0x00, 0x01, 0x20, 0x00, 0x00, 0x00,
    ]
    var sum: UInt8 = 0
    for byte in frame.dropFirst() { sum &+= byte }
    let bytes = frame + [sum]
    var configuration = PipelineConfiguration()
    configuration.protocolName = "rion"
    var pipeline = try Pipeline(configuration)
    var emissions: [Emission] = []
    for number in 0..<400 where !(200..<230).contains(number) {
      if number == 230 && saysSo {
        pipeline.receive(.unplugged, into: &emissions)
        pipeline.receive(.opened, into: &emissions)
      }
      pipeline.receive(
        bytes.span, arrived: HostInstant(nanoseconds: 1_000_000_000 + Int64(number) * 100_000_000), into: &emissions)
    }
    pipeline.finish(into: &emissions)
    #expect(pipeline.counters.samples == 370)
    return emissions.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
  }

  @Test(arguments: [true, false])
  func whatTheLinkSaysIsTheCauseOfTheGap(saysSo: Bool) throws {
    let gaps = try run(saysSo: saysSo)
    #expect(gaps.count == 1)
    #expect(gaps.first?.cause == (saysSo ? .unplugged : .silence))
    #expect(gaps.first?.missingSamples == 30)
    #expect(gaps.first.map { abs($0.start.seconds - 19.9) < 0.01 && abs($0.end.seconds - 23) < 0.01 } == true)
  }
}
