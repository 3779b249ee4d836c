import CaptureImport
import Motion
import TestKit
import Testing

/// A time column is mended where what it must have been is certain, that is said, and nothing else is touched.
@Suite struct TimeRepairTests {
  /// A table whose rows hold different numbers, with these times.
  static func table(_ times: [String], header: String = "t_s") -> String {
    header + ",acc_x_mps2,acc_y_mps2,acc_z_mps2\n"
      + times.enumerated().map { "\($1),0.\($0 % 10),0,9.81\n" }.joined()
  }

  static func table(_ times: [Double], header: String = "t_s") -> String {
    table(times.map { "\($0)" }, header: header)
  }

  /// The greatest distance of the samples from an even line, after one constant, s.
  static func unevenness(_ capture: Capture, _ truth: [Double]) -> Double {
    let off = zip(capture.samples, truth).map { $0.time.seconds - $1 }
    return ((off.max() ?? 0) - (off.min() ?? 0)) / 2
  }

  /// Rates that are no whole number of milliseconds, cut off or rounded to some: every row is kept, on the even line that it came from.
  @Test(arguments: [
    (128.0, 0.001), (60.0, 0.001), (256.0, 0.001), (333.0, 0.001), (128.0, 0.01), (100.0, 0.1),
    (128.0, 1.0), (50.2, 0.01),
  ])
  func roundedTimesAreLaidEvenly(_ rate: Double, _ resolution: Double) throws {
    for cutsOff in [true, false] {
      let truth = (0..<2000).map { 0.0137 + Double($0) / rate }
      let stamps = truth.map { (($0 / resolution) - (cutsOff ? 0.5 : 0)).rounded() * resolution }
      let capture = try read(Self.table(stamps))
      #expect(capture.samples.count == 2000 && capture.rejectedRows == 0 && capture.gaps.isEmpty)
      // Which row of a second is its first is known to one row.
      #expect(
        abs((capture.rate ?? 0) / rate - 1) < (resolution < 1 ? 3e-5 : 1e-3), "\(capture.rate ?? 0) \(capture.notes)")
      #expect(Self.unevenness(capture, truth) < 0.06 * max(resolution, 0.001), "\(Self.unevenness(capture, truth))")
      #expect(capture.notes.contains { $0.contains("rounded") && $0.contains("moved by more than") })
    }
  }

  /// The same with holes: their place and count are those of the rows that are not there.
  @Test func holesInRoundedTimesStayExact() throws {
    let lost = [100, 101, 102, 700, 1300, 1301]
    let kept = (0..<2000).filter { !lost.contains($0) }
    let capture = try read(Self.table(kept.map { (Double($0) / 0.128).rounded(.down) / 1000 }))
    #expect(capture.gaps.map(\.missingSamples) == [3, 1, 2])
    #expect(capture.gaps.map { Int(($0.start.seconds * 128).rounded()) } == [99, 699, 1299])
  }

  /// Steps that are not even beyond their rounding are times that were measured: nobody knows better.
  @Test func jitterIsNotTakenForRounding() throws {
    var random = RandomSource(seed: 51)
    let times = (0..<1000).map { ((Double($0) * 10 + Double.random(in: -3...3, using: &random))).rounded() / 1000 }
    let capture = try read(Self.table(times))
    #expect(zip(capture.samples, times).allSatisfy { abs($0.time.seconds - ($1 - times[0])) < 1e-9 })
    #expect(!capture.notes.contains { $0.contains("rounded") })
  }

  /// Whole milliseconds at 100 Hz are as exact as they look: nothing is done, and nothing said.
  @Test func evenTimesAreLeftAlone() throws {
    let capture = try read(Self.table((0..<500).map { "\($0 * 10)" }, header: "t_ms"))
    #expect(capture.samples.count == 500 && capture.samples[499].time == SessionTime(seconds: 4.99))
    #expect(!capture.notes.contains { $0.contains("time") })
  }

  @Test func aWrongStampBetweenTwoThatFitIsReplaced() throws {
    for wrong in [0.2, 7000, 0.6] {
      var times = (0..<200).map { Double($0) / 100 }
      times[61] = wrong
      let capture = try read(Self.table(times))
      #expect(capture.samples.count == 200 && capture.rejectedRows == 0 && capture.gaps.isEmpty)
      #expect(abs(capture.samples[61].time.seconds - 0.61) < 1e-9)
      #expect(capture.notes.contains { $0.contains("replaced once, first in line 63") }, "\(capture.notes)")
    }
  }

  @Test func aRowThatHasNoPlaceIsLeftOutAndNotMended() throws {
    for extra in [0.2, 7000] {
      var times = (0..<200).map { Double($0) / 100 }
      times.insert(extra, at: 61)
      let capture = try read(Self.table(times))
      #expect(capture.samples.count == 200 && capture.rejectedRows == 1 && capture.gaps.isEmpty)
      #expect(capture.notes.contains { $0.contains("1 rows left out") })
    }
  }

  @Test func rowsInTheWrongOrderArePutRight() throws {
    var times = (0..<200).map { Double($0) / 100 }
    times.swapAt(80, 81)
    let capture = try read(Self.table(times))
    #expect(capture.samples.count == 200 && capture.gaps.isEmpty)
    // The values go with their times.
    #expect(capture.samples[80].sample.acceleration.x == 0.1 && capture.samples[81].sample.acceleration.x == 0)
    #expect(capture.notes.contains { $0.contains("wrong order") && $0.contains("line 82") })
  }

  /// Counters of ticks, and times of day, that go round once or often.
  @Test(arguments: [("t_ms", 65_536.0, 10.0), ("t_us", 4_294_967_296, 10_000), ("t_s", 86_400, 0.01)])
  func aClockThatGoesRoundIsCountedOn(_ header: String, _ range: Double, _ step: Double) throws {
    let times = (0..<2000).map { index -> String in
      let value = (range - 700.5 * step + Double(index) * step).truncatingRemainder(dividingBy: range)
      return "\((value * 1000).rounded() / 1000)"
    }
    let capture = try read(Self.table(times, header: header))
    #expect(capture.samples.count == 2000 && capture.rejectedRows == 0 && capture.gaps.isEmpty)
    #expect(abs(capture.duration - 19.99) < 1e-3)
    #expect(capture.notes.contains { $0.contains("goes round") && $0.contains("once") })
  }

  /// Two recordings in one file: nothing is lost, and what lies between is a gap of unknown length.
  @Test func aClockThatBeginsAnewIsAGap() throws {
    let times = (0..<140).map { 100 + Double($0) / 100 } + (0..<160).map { Double($0) / 100 }
    let capture = try read(Self.table(times))
    #expect(capture.samples.count == 300 && capture.rejectedRows == 0)
    #expect(capture.gaps.count == 1 && capture.gaps[0].cause == .reset && capture.gaps[0].missingSamples == nil)
    #expect(capture.gaps.first?.end == capture.samples[140].time)
    #expect(abs(capture.duration - 2.99) < 1e-6)
    #expect(capture.notes.contains { $0.contains("begins anew once, first in line 142") }, "\(capture.notes)")
  }

  /// Copies of a row are one row; rows that share a stamp and differ are two.
  @Test func copiesAreLeftOut() throws {
    var lines = Self.table((0..<200).map { Double($0) / 100 }).split(separator: "\n").map { $0 + "\n" }
    lines.insert(lines[50], at: 50)
    let capture = try read(lines.joined())
    #expect(capture.samples.count == 200 && capture.rejectedRows == 1)
  }

  /// Arrivals of a link that hands over some samples at once, several with one stamp: no row is lost, and the samples lie as they were taken, to a
  /// part of what the arrivals differ by.
  @Test func arrivalsAreFittedAndNotTakenForTimes() throws {
    var random = RandomSource(seed: 52)
    var stamps: [Double] = []
    var (reading, inReading) = (0.0, 0)
    for index in 0..<3000 {
      let taken = Double(index) / 100 + 0.003
      if taken > reading {
        reading = (taken / 0.03).rounded(.up) * 0.03 + Double.random(in: 0...0.02, using: &random)
        inReading = 0
      }
      // All but a reading's fourth share the stamp of the one before.
      stamps.append(reading + (inReading >= 3 ? 0.001 : 0))
      inReading += 1
    }
    let capture = try read(Self.table(stamps))
    #expect(capture.samples.count == 3000 && capture.rejectedRows == 0)
    #expect(abs((capture.rate ?? 0) - 100) < 0.3)
    #expect(Self.unevenness(capture, (0..<3000).map { Double($0) / 100 }) < 0.015)
    #expect(capture.notes.contains { $0.contains("of arrival") && $0.contains("±") && $0.contains("Hz") })
  }

  /// A unit that no sensor's rate allows, or that the file's own rate contradicts, is replaced by the one that fits, and said.
  @Test(arguments: [("t_ms", 0.01), ("t_us", 10.0), ("t_s", 10.0), ("t_s", 10_000), ("t_ms", 10_000)])
  func aUnitOfTimeThatCannotBeIsReplaced(_ header: String, _ step: Double) throws {
    let text = Self.table((0..<100).map { Double($0) * step }, header: header)
    let capture = try read(text)
    #expect(abs((capture.rate ?? 0) - 100) < 1e-3 && abs(capture.duration - 0.99) < 1e-6)
    #expect(capture.notes.contains { $0.contains("'\(header)'") && $0.contains("only unit") })
    // Whoever says the unit is believed.
    var options = ImportOptions()
    options.units = ["time": "s"]
    let chosen = try readCapture(BytesSource(name: "test.csv", bytes: Array(text.utf8)), options: options)[0]
    #expect(abs(chosen.duration - 99 * step) < 1e-6 * step)
    let told = try read("# sampling frequency: 1000\n" + Self.table((0..<100).map { Double($0) / 100 }))
    #expect(abs((told.rate ?? 0) - 1000) < 1e-3)
    #expect(told.notes.contains { $0.contains("the file says 1000.0 Hz") })
  }

  /// A file is read in windows: where they end changes nothing, whatever has to be mended.
  @Test func windowsChangeNothing() throws {
    var random = RandomSource(seed: 53)
    for kind in 0..<4 {
      var times = (0..<1500).map { Double($0) / 128 }
      if kind == 1 { times = times.map { ($0 * 1000).rounded(.down) / 1000 } }
      if kind == 2 {
        times = times.map { ($0 * 8).rounded(.up) / 8 + Double.random(in: 0...0.01, using: &random) }.sorted()
      }
      for _ in 0..<6 { times[Int.random(in: 100..<1000, using: &random)] = Double.random(in: 0...20, using: &random) }
      if kind == 3 { times = times.enumerated().map { $0 > 1200 ? $1 - 5 : $1 } }
      let bytes = Array(Self.table(times).utf8)
      var captures: [Capture] = []
      for window in [1 << 20, 4000, 333, 16] {
        var options = ImportOptions()
        options.window = window
        captures += try readCapture(BytesSource(name: "test.csv", bytes: bytes), options: options)
      }
      for capture in captures { #expect(sameData(capture, captures[0]) && capture.notes == captures[0].notes) }
    }
  }

  /// Whatever the stamps, times go forward and every row is a sample or counted.
  @Test func anyStampsGoForward() {
    var random = RandomSource(seed: 54)
    for round in 0..<300 {
      var times: [Double] = []
      var time = Double.random(in: -10...10, using: &random)
      for _ in 0..<Int.random(in: 60..<400, using: &random) {
        switch Int.random(in: 0..<12, using: &random) {
        case 0 where round % 2 == 0: time += Double.random(in: -1...1, using: &random)
        case 1: time += 0
        case 2 where round % 5 == 0: time = Double.random(in: -1e9...1e9, using: &random)
        default: time += 0.01
        }
        times.append(round % 3 == 0 ? (time * 100).rounded() / 100 : time)
      }
      guard let capture = try? read(Self.table(times)) else { continue }
      #expect(capture.samples.count + capture.rejectedRows == times.count)
      let stands = zip(capture.samples, capture.samples.dropFirst()).filter { $0.time >= $1.time }
      #expect(stands.isEmpty, "round \(round): \(stands.map(\.0.time)), \(capture.notes)")
      #expect(zip(capture.gaps, capture.gaps.dropFirst()).allSatisfy { $0.end <= $1.start })
    }
  }
}
