import Motion
import Pipeline
import SensorProtocols
import TestKit
import Testing

/// Messages deleted at random places from real captures. Where the device sends a clock, every gap is found, with its exact place and count; the log of a sensor
/// without one shows its losses in the arrivals.
@Suite(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
struct RealCaptureLossTests {
  struct Log: CustomTestStringConvertible, Sendable {
    var path: String
    var name: String
    var head = 0
    /// Bytes of every message; nil where its fourth byte says how many follow it and the checksum.
    var length: Int?
    var testDescription: String { path }

    func messages() throws -> (head: [UInt8], records: [[UInt8]]) {
      let bytes = try SharedData.bytes("captures/" + path)
      var records: [[UInt8]] = []
      var place = head
      while place < bytes.count {
        let count = length ?? (place + 3 < bytes.count ? 5 + Int(bytes[place + 3]) : bytes.count)
        records.append(Array(bytes[place..<min(place + count, bytes.count)]))
        place += count
      }
      return (Array(bytes[..<head]), records)
    }
  }

  static let clocked = [
    Log(path: "xsens_mtdata2/1_output.bin", name: "xsens"), Log(path: "xsens_mtdata2/2_output.bin", name: "xsens"),
    Log(path: "shimmer3/pair_raw.bin", name: "shimmer3-log", head: 256, length: 13),
  ]

  /// The samples of the messages that are left, and how many each message gave.
  private func run(
    _ log: Log, without deleted: Set<Int>, arrival: ((Int) -> Double)?
  ) throws -> (samples: [TimedSample], owners: [Int]) {
    let (head, records) = try log.messages()
    var intake = SampleIntake(try ProtocolCatalogue.find(log.name), fixedRate: arrival == nil ? 100 : nil)
    var samples: [TimedSample] = []
    var owners: [Int] = []
    intake.receive(head.span, arrived: HostInstant(nanoseconds: 0), into: &samples)
    for (index, record) in records.enumerated() where !deleted.contains(index) {
      let before = samples.count
      let at = HostInstant(nanoseconds: Int64((1 + (arrival?(index) ?? 0)) * 1e9))
      intake.receive(record.span, arrived: at, into: &samples)
      for _ in before..<samples.count { owners.append(index) }
    }
    intake.finish(into: &samples)
    return (samples, owners)
  }

  @Test(arguments: clocked, [true, false])
  func aDevicesClockTellsEveryLoss(_ log: Log, hasArrivals: Bool) throws {
    let whole = try run(log, without: [], arrival: nil)
    #expect(whole.owners.count == whole.samples.count && whole.samples.count > 90)
    for seed in 1...12 {
      var random = RandomSource(seed: UInt64(seed))
      let deleted = Set(
        (0..<Int.random(in: 1...20, using: &random)).map { _ in
          whole.owners[Int.random(in: 4..<whole.owners.count - 2, using: &random)]
        })
      let period = whole.samples[10].time.seconds / 10
      let arrival: ((Int) -> Double)? = hasArrivals ? { (Double($0) * period / 0.016).rounded(.up) * 0.016 } : nil
      let kept = try run(log, without: deleted, arrival: arrival).samples
      let left = whole.owners.filter { !deleted.contains($0) }
      try #require(kept.count == left.count)
      for index in 1..<kept.count {
        let missing = whole.owners.count { $0 > left[index - 1] && $0 < left[index] }
        let gap = kept[index].gapBefore
        #expect(gap?.missingSamples == (missing > 0 ? missing : nil), "seed \(seed), before sample \(index)")
        if let gap { #expect(gap.start == kept[index - 1].time && gap.end == kept[index].time) }
      }
    }
  }

  /// WT901SD, whose log has neither counter nor time: what shows is that what follows is late for good.
  @Test func withoutAClockTheArrivalsTell() throws {
    let log = Log(path: "witmotion_standard/wt901sd_example_data.TXT", name: "witmotion", length: 44)
    for seed in 1...12 {
      var random = RandomSource(seed: UInt64(100 + seed))
      let jitter = (0..<2017).map { _ in 0.000_5 * random.unit() }
      var deleted: Set<Int> = []
      var expected: [(after: Int, count: Int)] = []
      // A loss of 30 ms and more shows from the beginning, smaller ones once the clock has run for a while.
      for (place, counts) in [(500, 4...8), (1000, 4...8), (1550, 1...5)] {
        let first = place + Int.random(in: 0..<300, using: &random)
        let count = Int.random(in: counts, using: &random)
        deleted.formUnion(first..<first + count)
        expected.append((first - 1, count))
      }
      let kept = try run(log, without: deleted) { Double($0) / 100 + jitter[$0] }.samples
      let gaps = kept.compactMap(\.gapBefore)
      #expect(gaps.map(\.missingSamples) == expected.map(\.count), "seed \(seed)")
      for (gap, one) in zip(gaps, expected) { #expect(abs(gap.start.seconds - Double(one.after) / 100) < 0.025) }
    }
  }
}
