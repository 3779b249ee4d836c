import Foundation
import Testing

@Suite("A personal calibration from touches of the wall")
struct CalibrateTests {
  private func fit(_ touches: [String], _ more: [String] = []) async throws -> [String: Any] {
    let options = touches.flatMap { ["--touch", $0] } + ["--height-cm", "170", "--json"] + more
    let ended = try await Program([Program.talus, "calibrate", "wall"] + options).end()
    #expect(ended.status == 0, "\(ended.errors)")
    return try jsonObject(try #require(ended.lines.last))
  }

  @Test("the fitted file gives back the touches, and a report takes it")
  func roundTrip() async throws {
    let folder = try Folder()
    let stem = try await Session.simulate(in: folder)
    let file = folder("leg.wall")
    let json = try await fit(["33=8", "40=12.1"], ["-o", file])
    #expect(json["consistent"] as? Bool == true)
    let ended = try await talus(
      "report", stem + ".mcap", "-o", folder("out"), "--side", "left", "--height-cm", "170", "--wall-calibration",
      file,
    )
    #expect(ended.status == 0, "\(ended.errors)")
  }

  @Test("a touch that contradicts the other is named, and one alone cannot be checked")
  func checks() async throws {
    let wrong = try await fit(["33=8", "40=14.5"])
    #expect(wrong["consistent"] as? Bool == false)
    #expect((wrong["note"] as? String)?.contains("heel") == true)
    let one = try await fit(["33=8"])
    #expect(one["consistent"] is NSNull)
    #expect((one["note"] as? String)?.contains("cannot be checked") == true)
  }

  @Test(
    "touches or lengths that are missing or make no sense are refused", arguments: [["33"], ["33=x"], ["33=900"], []])
  func refused(_ touches: [String]) async throws {
    let options = touches.flatMap { ["--touch", $0] } + ["--height-cm", "170"]
    #expect(try await Program([Program.talus, "calibrate", "wall"] + options).end().status == 64)
    #expect(try await talus("calibrate", "wall", "--touch", "33=8").status == 64)
  }
}
