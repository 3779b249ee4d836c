import Motion
import Pipeline
import SensorProtocols

/// Frames deleted at random places from real captures: with a device's clock the gaps' places and counts have to be exact; a log without any clock or counter
/// shows its losses in the arrivals alone.
enum RealLossFigures {
  /// A capture and its records, each the bytes of one message.
  private struct Log {
    var name: String
    var wire: ProtocolDescription
    var head: ArraySlice<UInt8>
    var records: [ArraySlice<UInt8>]

    /// Nil where the file is not there.
    init?(_ folder: String, _ path: String, _ name: String, head: Int, length: (ArraySlice<UInt8>) -> Int) {
      guard let bytes = readFile(folder + "/" + path), let wire = try? ProtocolCatalogue.find(name) else { return nil }
      self.name = path.split(separator: "/").last.map { String($0) } ?? path
      self.wire = wire
      self.head = bytes.prefix(head)
      records = []
      var place = head
      while place < bytes.count {
        let end = min(place + max(length(bytes[place...]), 1), bytes.count)
        records.append(bytes[place..<end])
        place = end
      }
    }
  }

  static func run(captures: String) {
    let logs = [
      Log(captures, "xsens_mtdata2/1_output.bin", "xsens", head: 0, length: xsensLength),
      Log(captures, "xsens_mtdata2/2_output.bin", "xsens", head: 0, length: xsensLength),
      Log(captures, "shimmer3/pair_raw.bin", "shimmer3-log", head: 256) { _ in 13 },
    ].compactMap { $0 }
    for log in logs {
      var (exact, all, wrong) = (0, 0, 0)
      for seed in 1...50 {
        let found = clocked(log, seed: seed)
        exact += found.exact
        all += found.of
        wrong += found.wrong
      }
      print(
        "timebase.losses.real.\(log.name) \(exact) of \(all) (\(log.records.count) real messages, 1 to 20 of them deleted, 50 times, with arrivals and without: places and counts exact; \(wrong) gaps that are none)"
      )
    }
    guard
      let log = Log(
        captures, "witmotion_standard/wt901sd_example_data.TXT", "witmotion", head: 0, length: { _ in 44 })
    else { return }
    for (words, bunch) in [("one by one", 0.000_1), ("in bunches of 16 ms", 0.016)] {
      var sum = (lost: 0, counted: 0, gaps: 0, exact: 0, found: 0, off: 0)
      for seed in 1...50 { plain(log, bunch: bunch, seed: seed, &sum) }
      print(
        "timebase.losses.real.\(log.name).\(bunch < 0.01 ? "single" : "bunched") \(sum.exact) of \(sum.gaps) (real frames without counter or clock, arriving \(words) at 100 Hz; 3 places with 1 to 5 lost, 50 times: count exact and place within two samples; \(sum.found) gaps found, \(sum.off) of them of other places or counts, \(sum.counted) of \(sum.lost) samples)"
      )
    }
  }

  private static func xsensLength(_ bytes: ArraySlice<UInt8>) -> Int {
    guard bytes.count > 5 else { return bytes.count }
    let start = bytes.startIndex
    guard bytes[start + 3] == 255 else { return 5 + Int(bytes[start + 3]) }
    return 7 + Int(bytes[start + 4]) << 8 + Int(bytes[start + 5])
  }

  private static func decode(
    _ log: Log, without deleted: Set<Int>, bunch: Double?, times: [Double] = []
  ) -> [(record: Int, sample: TimedSample)] {
    var intake = SampleIntake(log.wire, fixedRate: bunch == nil ? 100 : nil)
    var timed: [TimedSample] = []
    var owners: [Int] = []
    var clocked: [TimedSample] = []
    // Which record gave which sample shows where they are decoded one by one.
    var plain = SampleIntake(log.wire, fixedRate: 100)
    intake.receive(log.head.span, arrived: HostInstant(nanoseconds: 0), into: &timed)
    plain.receive(log.head.span, arrived: HostInstant(nanoseconds: 0), into: &clocked)
    for (index, record) in log.records.enumerated() where !deleted.contains(index) {
      let before = clocked.count
      plain.receive(record.span, arrived: HostInstant(nanoseconds: 0), into: &clocked)
      for _ in before..<clocked.count { owners.append(index) }
      var arrival = 1.0
      if let bunch { arrival += ((times[index] + 0.000_3) / bunch).rounded(.up) * bunch }
      intake.receive(record.span, arrived: HostInstant(nanoseconds: Int64(arrival * 1e9)), into: &timed)
    }
    plain.finish(into: &clocked)
    while owners.count < clocked.count { owners.append(log.records.count - 1) }
    intake.finish(into: &timed)
    return zip(owners, timed).map { ($0, $1) }
  }

  private static func clocked(_ log: Log, seed: Int) -> (exact: Int, of: Int, wrong: Int) {
    var random = Random(seed: UInt64(3000 + seed))
    let whole = decode(log, without: [], bunch: nil)
    let owners = whole.map(\.record)
    // When each record was sent, by the device's own clock.
    var times = [Double](repeating: 0, count: log.records.count)
    var next = 0
    for index in times.indices {
      while next + 1 < owners.count, owners[next] < index { next += 1 }
      times[index] = whole[next].sample.time.seconds
    }
    // A clock has to have ticked twice before a loss shows.
    let deleted = Set(
      (0..<1 + Int(20 * random.unit())).map { _ in owners[4 + Int(random.unit() * Double(owners.count - 6))] })
    var result = (exact: 0, of: 0, wrong: 0)
    for bunch in [nil, 0.016] {
      let kept = decode(log, without: deleted, bunch: bunch, times: times)
      let left = whole.filter { !deleted.contains($0.record) }
      guard kept.count == left.count else {
        result.of += deleted.count
        continue
      }
      for index in 1..<kept.count {
        let missing = owners.lazy.filter { $0 > left[index - 1].record && $0 < left[index].record }.count
        let natural = left[index].sample.gapBefore?.missingSamples ?? 0
        let gap = kept[index].sample.gapBefore
        if missing > 0 {
          result.of += 1
          if gap?.missingSamples == missing + natural && gap?.start == kept[index - 1].sample.time { result.exact += 1 }
        } else if (gap?.missingSamples ?? 0) != natural {
          result.wrong += 1
        }
      }
    }
    return result
  }

  private static func plain(
    _ log: Log, bunch: Double, seed: Int,
    _ sum: inout (lost: Int, counted: Int, gaps: Int, exact: Int, found: Int, off: Int)
  ) {
    var random = Random(seed: UInt64(4000 + seed))
    let times = log.records.indices.map { Double($0) / 100 * (1 + 1e-5) + 0.000_5 * random.unit() }
    var deleted: Set<Int> = []
    var expected: [(after: Int, count: Int)] = []
    for part in 0..<3 {
      let first = 300 + 550 * part + Int(300 * random.unit())
      let count = 1 + Int(5 * random.unit())
      deleted.formUnion(first..<first + count)
      expected.append((first - 1, count))
    }
    let kept = decode(log, without: deleted, bunch: bunch, times: times)
    var gaps = kept.compactMap(\.sample.gapBefore)
    sum.lost += deleted.count
    sum.gaps += expected.count
    sum.found += gaps.count
    sum.counted += gaps.reduce(0) { $0 + ($1.missingSamples ?? 0) }
    for one in expected {
      let place = Double(one.after) / 100
      guard
        let index = gaps.firstIndex(where: { abs($0.start.seconds - place) < 0.025 && $0.missingSamples == one.count })
      else { continue }
      gaps.remove(at: index)
      sum.exact += 1
    }
    sum.off += gaps.count
  }
}
