import Motion
import SensorProtocols
import TestKit
import Testing

/// Counts, for `Tools/vectors`; the values of each vector are the business of the tests of its protocol.
@Suite(
  "Vectors of every protocol are decoded or rejected as they say",
  .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
struct VectorCountTests {
  /// The protocols that a folder's vectors may be of, and its file.
  static let sets: [(folder: String, file: String, protocols: [String])] = [
    ("bno08x_rvc", "vectors.jsonl", ["bno08x-rvc"]), ("diy_ascii", "teapot.jsonl", ["teapot"]),
    ("diy_ascii", "lines.jsonl", ["sketch", "orientation:roll,pitch,heading"]),
    ("inclinometer_misc", "vectors.jsonl", ["dxl360s", "meas", "jewell"]), ("mip", "vectors.jsonl", ["microstrain"]),
    ("rion_bwsensing", "vectors.jsonl", ["rion"]), ("shimmer3", "bt_vectors.jsonl", ["shimmer3"]),
    ("vectornav", "vectors.jsonl", ["vectornav"]),
    ("witmotion_modbus", "vectors.jsonl", ["witmotion-modbus", "witmotion-modbus-32", "stabila"]),
    ("witmotion_standard", "vectors.jsonl", ["witmotion", "witmotion-ble"]),
    ("ximu3", "vectors.jsonl", ["ximu3", "ximu"]),
    ("xsens_mtdata2", "vectors.jsonl", ["xsens"]),
  ]

  @Test("Counts per set", arguments: sets.map { $0.folder + "/" + $0.file })
  func counts(path: String) throws {
    let set = try #require(Self.sets.first { $0.folder + "/" + $0.file == path })
    var (samples, frames, rejected, unread) = (0, 0, 0, 0)
    for record in try SharedData.jsonLines("captures/" + path) {
      guard record["dir"] as? String != "tx" else { continue }
      let text = (record["ascii"] ?? record["line"]) as? String
      guard
        let bytes = text.map({ ascii($0 + (set.file == "lines.jsonl" ? "\r\n" : "")) })
          ?? (record["hex"] as? String).map(hex)
      else { continue }
      // Protocols with a dialogue need the question; a sample is not asked for here, a frame is.
      let best = try set.protocols.map { name in try decode(name, bytes) }
      let hasSample = best.contains { !$0.samples.isEmpty }
      let hasFrame = best.contains { $0.counters.frames > 0 }
      if record["valid"] as? Bool == false {
        if hasSample { Issue.record("\(path): \(record) is not valid, and gave a sample") }
        rejected += 1
      } else if hasSample {
        samples += 1
      } else if hasFrame {
        frames += 1
      } else {
        unread += 1
      }
    }
    print(
      "  vectors: \(path): \(samples) decoded to samples, \(frames) to frames without one, \(rejected) rejected as they "
        + "have to be, \(unread) of devices or lines that are not read")
    #expect(samples + frames + rejected > 0)
  }
}
