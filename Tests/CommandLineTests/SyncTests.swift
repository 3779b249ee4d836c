import Foundation
import TestKit
import Testing

@Suite("How two recordings of one knock lie to one another")
struct SyncTests {
  /// A table of a sensor at so many samples a second that felt knocks at these instants of the first's time.
  private func table(_ knocks: [(at: Double, size: Double)], rate: Double, from start: Double, seed: UInt64) -> String {
    var random = RandomSource(seed: seed)
    var text = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps\n"
    for number in 0..<Int(20 * rate) {
      let time = start + Double(number) / rate
      var size = 9.81 + 0.05 * (random.unit() - 0.5)
      for knock in knocks {
        let far = (time - knock.at) / 0.02
        size += knock.size / (1 + far * far * far * far)
      }
      text += "\(Double(number) / rate),\(0.6 * size),\(0.8 * size),0,0.01,0,0\n"
    }
    return text
  }

  @Test("the offset is found whatever the rates, and said with its residual")
  func knock() async throws {
    let folder = try Folder()
    let knocks = [(6.1, 30.0), (6.9, 22.0), (8.2, 35.0)]
    let a = try folder.write(table(knocks, rate: 100, from: 0, seed: 1), to: "a.csv")
    let b = try folder.write(table(knocks, rate: 250, from: 1.2345, seed: 2), to: "b.csv")
    let found = try jsonObject(try await talusDone("sync", a, b, "--json").text)
    #expect(abs((found["offset_s"] as? Double ?? 0) - 1.2345) < 0.001)
    #expect((found["correlation"] as? Double ?? 0) > 0.9)
    let words = try await talusDone("sync", a, b).text
    #expect(words.contains("ms to add to the second's times") && words.contains("residual"))
    // The same is done for a foot that is a file of its own.
    let joined = try await talus("replay", a, "--mount", "y=proximal,z=anterior", "--foot", b)
    #expect(joined.status == 0)
    let foot = try joined.lines.filter { $0.contains("\"class\":\"device\"") }.map(jsonObject).last
    #expect(abs((foot?["offset_s"] as? Double ?? 0) - 1.2345) < 0.001, "\(joined.errors)")
    #expect(joined.errors.contains("by a knock that both felt"))
  }

  @Test("what fits nowhere, or at two places, is refused with the reason")
  func refused() async throws {
    let folder = try Folder()
    let even = (0..<8).map { (3 + 1.5 * Double($0), 30.0) }
    let a = try folder.write(table(even, rate: 100, from: 0, seed: 1), to: "a.csv")
    let b = try folder.write(table(Array(even.prefix(7)), rate: 100, from: 0.7, seed: 2), to: "b.csv")
    let beat = try await talus("sync", a, b)
    #expect(beat.status == 65 && beat.errors.contains("fits at two places"), "\(beat.errors)\(beat.text)")
    let still = try folder.write(table([], rate: 100, from: 0, seed: 3), to: "still.csv")
    let none = try await talus("sync", a, still)
    #expect(none.status == 65, "\(none.errors)\(none.text)")
    let absent = try await talus("sync", a, folder("absent.csv"))
    #expect(absent.status == 66)
  }
}
