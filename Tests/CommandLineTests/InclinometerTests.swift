import Foundation
import TestKit
import Testing

/// An inclinometer of two axes through the whole program, sitting anyhow.
@Suite("An inclinometer on the leg")
struct InclinometerTests {
  /// The trials' end ranges and verdicts, and the truth's.
  private func session(mount: Int) async throws -> (found: [(degrees: Double, verdict: String)], truth: [Double]) {
    let folder = try Folder()
    try await talusDone(
      "simulate", "-o", folder("in"), "--stem", "s", "--seed", "5", "--sensor", "inclinometer", "--protocol", "rion",
      "--rate-hz", "20", "--rocks", "3", "--zero", "standing", "--with", "mount-random=\(mount),sway=0.1")
    let replay = try await talusDone("replay", folder("in/s.mcap"), "--align", "functional")
    let trials = try replay.lines.filter { $0.contains("\"class\":\"trial\"") }.map(jsonObject)
      .filter { $0["kind"] as? String == "trial" }
    let rows = String(decoding: try bytes(of: folder("in/s.trials.csv")), as: UTF8.self).split(separator: "\n")
    let names = rows[0].split(separator: ",")
    let column = try #require(names.firstIndex(of: "end_range_deg"))
    let truth = rows.dropFirst().filter { $0.hasPrefix("trial,") }
      .compactMap { Double($0.split(separator: ",")[column]) }
    return (
      trials.map { ($0["end_range_deg"] as? Double ?? .nan, $0["verdict"] as? String ?? "") }, truth
    )
  }

  @Test("it reads the same angle however it sits, after three rocks of the knee", arguments: [1, 2, 3, 4])
  func anyMount(_ mount: Int) async throws {
    let (found, truth) = try await session(mount: mount)
    #expect(found.count == truth.count && truth.count == 3)
    for (trial, degrees) in zip(found, truth) {
      #expect(trial.verdict == "valid")
      #expect(abs(trial.degrees - degrees) < 0.5)
    }
  }

  /// With this mount the third axis, whose sign two angles leave open, goes through the horizontal in the middle of the lunge.
  @Test("where it cannot tell an angle from its mirror image, no trial is valid")
  func folded() async throws {
    let (found, truth) = try await session(mount: 0)
    #expect(found.count == 3)
    for (trial, degrees) in zip(found, truth) {
      #expect(abs(trial.degrees - degrees) > 10)
      #expect(trial.verdict == "invalid")
    }
  }
}
