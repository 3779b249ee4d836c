import Foundation
import LungeTest
import Motion
import Reporting
import TestKit
import Testing

@Suite struct ReportDataTests {
  private func json(_ input: ReportInput) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(ReportJSON.bytes(input))) as? [String: Any])
  }

  /// The cells of each row, read as RFC 4180 says.
  private func rows(_ input: ReportInput) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    for byte in ReportCSV.bytes(input) {
      let scalar = Character(Unicode.Scalar(byte))
      switch scalar {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: rows[rows.count - 1].append("")
      case "\n" where !isQuoted: rows.append([""])
      default: rows[rows.count - 1][rows[rows.count - 1].count - 1].append(scalar)
      }
    }
    return rows.dropLast()
  }

  @Test func theJSONSaysWhatWasMeasuredAndHow() throws {
    let report = try json(ReportFixture.oneSide)
    #expect(report["schema_version"] as? Int == ReportJSON.schemaVersion)
    #expect(report["generator"] as? String == "talus 0.1.0")
    let series = try #require((report["series"] as? [[String: Any]])?.first)
    #expect(series["side"] as? String == "left")
    #expect(series["condition"] as? String == "knee-bent")
    #expect(series["zero"] as? String == "gravity")
    #expect(series["mean_deg"] as? Double == 37.433)
    #expect(series["trial_sd_deg"] as? Double == 0.651)
    #expect(series["best_deg"] as? Double == 38.1)
    #expect(series["basis_trials"] as? [Int] == [1, 2, 3])
    let trials = try #require(series["trials"] as? [[String: Any]])
    #expect(trials.map { $0["end_range_deg"] as? Double } == [36.8, 37.4, 38.1, 38.6, 37.9])
    #expect(trials[3]["verdict"] as? String == "attention")
    #expect(trials[3]["reasons"] as? [String] == ["frontal-tilt"])
    #expect((series["other_movements"] as? [[String: Any]])?.first?["kind"] as? String == "aborted")
    let conventions = try #require(report["conventions"] as? [String: Any])
    #expect(conventions["mount_assumed"] as? Bool == false)
    #expect(
      conventions["overrides"] as? [[String: String]] == [["setting": "side", "recorded": "right", "used": "left"]])
    let quality = try #require(report["quality"] as? [String: Any])
    #expect(quality["missing_samples"] as? Int == 69)
    #expect((quality["gap_list"] as? [[String: Any]])?.first?["cause"] as? String == "silence")
    let lengths = try #require(report["body_lengths"] as? [String: Double])
    #expect(lengths["ankle_to_toe_cm"] == 20.5)
    #expect((report["comparisons"] as? [Any])?.isEmpty == true)
  }

  @Test func whatWasNotStatedIsNull() throws {
    let report = try json(ReportFixture.unstated)
    #expect(report["body_lengths"] is NSNull)
    let series = try #require((report["series"] as? [[String: Any]])?.first)
    for key in ["side", "condition", "placement", "mean_ktw_cm", "mean_ktw_u_cm"] { #expect(series[key] is NSNull) }
    #expect((try json(ReportFixture.empty)["series"] as? [Any])?.isEmpty == true)
  }

  @Test func aReportOfTwoFilesHasPartsAndAComparison() throws {
    let report = try json(ReportFixture.bothSides)
    #expect((report["parts"] as? [[String: Any]])?.count == 2)
    #expect(report["quality"] == nil)
    let series = try #require(report["series"] as? [[String: Any]])
    #expect(series.map { $0["side"] as? String } == ["left", "right"])
    #expect(series.map { $0["input"] as? String } == ["session-left.mcap", "session-right.mcap"])
    let comparison = try #require((report["comparisons"] as? [[String: Any]])?.first)
    #expect(comparison["left_minus_right_deg"] as? Double == -5.4)
    #expect(comparison["absolute_difference_deg"] as? Double == 5.4)
    #expect(comparison["obstacle"] is NSNull)
    // Two independent uncertainties: the root of the sum of squares.
    let u = series.compactMap { $0["mean_u_deg"] as? Double }
    let expected = (u[0] * u[0] + u[1] * u[1]).squareRoot()
    #expect(abs(try #require(comparison["u_deg"] as? Double) - expected) < 0.0015)
  }

  @Test("Shared lengths cancel: the difference in distance is surer than either distance")
  func theDistanceDifferenceUsesTheSharedLengths() throws {
    let input = ReportFixture.bothSides
    let comparison = try #require(SideComparison.all(in: input).first)
    let u = try #require(comparison.kneeToWallU)
    let sides = input.sources.map(\.series[0])
    for side in sides { #expect(u < (try #require(side.meanKneeToWallU))) }
    // Against the formula itself: each input moved by one standard uncertainty, the changes added as squares.
    let lengths = try #require(input.sources[0].configuration.bodyLengths)
    let means = try sides.map { try #require($0.mean) }
    func difference(_ left: Double, _ right: Double, _ shank: Double) -> Double { shank * (sin(left) - sin(right)) }
    let base = difference(means[0], means[1], lengths.shank.value)
    let changes = [
      difference(means[0] + sides[0].meanU!, means[1], lengths.shank.value) - base,
      difference(means[0], means[1] + sides[1].meanU!, lengths.shank.value) - base,
      difference(means[0], means[1], lengths.shank.value + lengths.shank.sd) - base,
    ]
    let expected = changes.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(u - expected) < 0.0002)
    #expect(abs(try #require(comparison.leftMinusRightKneeToWall) - base) < 1e-9)
  }

  @Test func unlikeSidesAreNotCompared() {
    var placed = ReportFixture.bothSides
    placed.sources[1].series[0].placement = "tibial tuberosity"
    #expect(SideComparison.all(in: placed).first?.obstacle != nil)
    #expect(SideComparison.all(in: placed).first?.leftMinusRight == nil)
    var knee = ReportFixture.bothSides
    knee.sources[1].series[0].condition = .kneeStraight
    #expect(SideComparison.all(in: knee).isEmpty)
    var none = ReportFixture.bothSides
    none.sources[1].series[0].mean = nil
    #expect(SideComparison.all(in: none).first?.obstacle != nil)
  }

  @Test func theCSVHasOneRowAMovement() {
    let rows = rows(ReportFixture.bothSides)
    #expect(rows.count == 1 + 6 + 5)
    #expect(Set(rows.map(\.count)) == [28 + 6 + SeriesFacts.fields.count])
  }

  @Test func theCSVHasUnitsAndNoFormulas() throws {
    var input = ReportFixture.oneSide
    input.sources[0].name = "=HYPERLINK(1)"
    input.sources[0].series[0].placement = "-2 cm"
    input.sources[0].configuration.mount = "@mount"
    let rows = rows(input)
    let column = { (name: String) in try #require(rows[0].firstIndex(of: name)) }
    #expect(rows[1][try column("input")] == "'=HYPERLINK(1)")
    #expect(rows[1][try column("placement")] == "'-2 cm")
    #expect(rows[1][try column("mount")] == "'@mount")
    #expect(rows[1][try column("end_range_deg")] == "36.800")
    #expect(rows[1][try column("frontal_tilt_deg")] == "-1.400")
    #expect(rows.dropFirst().map { $0[rows[0].firstIndex(of: "in_mean")!] } == ["1", "1", "1", "0", "0", "0"])
    #expect(rows[4][try column("reasons")] == "frontal-tilt")
    #expect(rows[6][try column("kind")] == "aborted")
  }

  @Test("The page of keys names every key of the report")
  func everyKeyIsDocumented() throws {
    let page = try String(contentsOf: SharedData.projectFolder.appending(path: "Samples/json-keys.md"), encoding: .utf8)
    func check(_ value: Any) {
      if let object = value as? [String: Any] {
        for (key, member) in object {
          #expect(page.contains("`\(key)`"), "\(key) is not in Samples/json-keys.md")
          check(member)
        }
      } else if let array = value as? [Any] {
        array.forEach(check)
      }
    }
    check(try json(ReportFixture.oneSide))
    check(try json(ReportFixture.bothSides))
  }
}

@Suite struct CurveTests {
  @Test("No peak is lost, whatever the length, and the curve stays small")
  func theCurveKeepsExtremes() {
    var random = RandomSource(seed: 7)
    for count in [1, 2, 99, 100, 101, 5_000, 123_457] {
      var builder = CurveBuilder(maximumRuns: 100)
      var low = Double.infinity
      var high = -Double.infinity
      for index in 0..<count {
        let value = random.unit() * 2 - 1
        low = min(low, value)
        high = max(high, value)
        builder.append(time: SessionTime(nanoseconds: Int64(index) * 1_000_000), inclination: value)
      }
      let points = builder.curve.points
      #expect(points.count <= 200)
      #expect(points.count >= min(count, 50))
      #expect(points.map(\.inclination).min() == low)
      #expect(points.map(\.inclination).max() == high)
      #expect(zip(points, points.dropFirst()).allSatisfy { $0.time < $1.time })
    }
  }

  @Test func theLineBreaksWhereNothingIsKnown() {
    var builder = CurveBuilder()
    for (index, value) in [1.0, 2, .nan, .nan, 3, 4].enumerated() {
      builder.append(time: SessionTime(seconds: Double(index)), inclination: value)
    }
    let values = builder.curve.points.map(\.inclination)
    #expect(values.count == 5)
    #expect(values[2].isNaN)
    #expect(values.filter { !$0.isNaN } == [1, 2, 3, 4])
  }
}

@Suite struct ReportFilesTests {
  @Test func threeFilesAndNothingElse() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "talus-report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try ReportFiles.write(ReportFixture.oneSide, into: folder.path)
    // A second run replaces the first.
    try ReportFiles.write(ReportFixture.oneSide, into: folder.path + "/")
    #expect(paths.map { $0.split(separator: "/").last } == ["one-side.html", "one-side.json", "one-side.csv"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["one-side.csv", "one-side.html", "one-side.json"])
    #expect([UInt8](try Data(contentsOf: URL(filePath: paths[1]))) == ReportJSON.bytes(ReportFixture.oneSide))
  }
}
