import Motion
import SensorProtocols
import TestKit
import Testing

/// The name that the sniffer gives to some bytes; nil for unknown.
private func named(_ bytes: [UInt8], chunk: Int = 97) -> String? {
  var sniffer = ProtocolSniffer()
  for piece in ChunkCutter.even(bytes, size: chunk) { sniffer.consume(piece.span) }
  sniffer.finish()
  guard case .named(let finding) = sniffer.verdict else { return nil }
  return finding.description.name
}

private func stream(_ name: String, count: Int, using random: inout RandomSource) throws -> [UInt8] {
  var encoder = try #require(try ProtocolCatalogue.find(name).makeEncoder())
  var bytes: [UInt8] = []
  for index in 0..<count {
    var sample = randomSample(for: name, index: index, using: &random)
    // What a leg gives: about 1 g.
    sample.acceleration = sample.acceleration / 12
    encoder.encode(sample, into: &bytes)
  }
  return bytes
}

/// Rows whose decoder begins without a word from the user, and which can be written.
private let written = ["witmotion", "rion", "dxl360s"] + laboratoryProtocols

@Suite("The sniffer names a protocol from bytes alone, or none")
struct SnifferTests {
  @Test("Streams joined anywhere are named within three frames or 2 kB, and never wrongly", arguments: written)
  func streams(name: String) throws {
    let hasChecksum = try ProtocolCatalogue.find(name).hasChecksum
    var right = 0
    for seed in UInt64(1)...100 {
      var random = RandomSource(seed: seed)
      let bytes = try stream(name, count: hasChecksum ? 5 : 12, using: &random)
      // Joined in the middle of the first frame: at least three whole ones follow.
      let start = Int.random(in: 0..<12, using: &random)
      let found = named(Array(bytes[start...]))
      if found == name { right += 1 }
      if found != nil && found != name { Issue.record("seed \(seed): \(name) was called \(found!)") }
    }
    #expect(right >= (hasChecksum ? 98 : 95), "\(right) of 100")
  }

  @Test("Damage in every tenth frame hides no protocol with a checksum", arguments: written)
  func damaged(name: String) throws {
    guard try ProtocolCatalogue.find(name).hasChecksum else { return }
    for seed in UInt64(1)...20 {
      var random = RandomSource(seed: 70 + seed)
      var bytes = try stream(name, count: 40, using: &random)
      for _ in 0..<4 { bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 0x10 }
      #expect(named(bytes) == name, "seed \(seed)")
    }
  }

  @Test("Noise, inverted lines and a wrong speed are unknown", arguments: written)
  func nothing(name: String) throws {
    for seed in UInt64(1)...20 {
      var random = RandomSource(seed: 9000 + seed)
      #expect(named(randomBytes(4000, using: &random)) == nil)
      let bytes = try stream(name, count: 60, using: &random)
      #expect(named(bytes.map { ~$0 }) == nil)
      // What a receiver at twice the speed makes of it: every bit is seen twice, and a byte becomes two.
      let doubled = bytes.flatMap { byte -> [UInt8] in
        var wide: UInt16 = 0
        for bit in 0..<8 where byte & (1 << bit) != 0 { wide |= 3 << (2 * bit) }
        return [UInt8(truncatingIfNeeded: wide), UInt8(truncatingIfNeeded: wide >> 8)]
      }
      #expect(named(doubled) == nil)
      #expect(named(bytes.map { $0 >> 1 | 0x80 }) == nil)
    }
    #expect(named([]) == nil)
    #expect(named([UInt8](repeating: 0, count: 5000)) == nil)
    #expect(named([UInt8](repeating: 0xAA, count: 5000)) == nil)
  }

  @Test("How the bytes are cut changes no verdict", arguments: written)
  func cuts(name: String) throws {
    var random = RandomSource(seed: 4)
    let bytes = try stream(name, count: 20, using: &random)
    for chunk in [1, 7, 16, 100, 5000] { #expect(named(bytes, chunk: chunk) == name) }
  }

  @Test("What is unknown is said in words")
  func words() {
    func reason(_ bytes: [UInt8]) -> String {
      var sniffer = ProtocolSniffer()
      sniffer.consume(bytes.span)
      guard case .unknown(let reason) = sniffer.verdict else { return "" }
      return reason
    }
    #expect(reason([]) == "no bytes")
    #expect(reason([1, 2, 3]).contains("3 bytes"))
    #expect(reason(Array(repeating: ascii("12.5,3.25,-1\r\n"), count: 20).flatMap { $0 }).contains("--protocol lines:"))
    #expect(reason([UInt8](repeating: 7, count: 100)).contains("none of them"))
  }

  @Test("Two protocols in one stream are not guessed at")
  func mixture() throws {
    var random = RandomSource(seed: 8)
    let a = try stream("xsens", count: 30, using: &random)
    let b = try stream("microstrain", count: 30, using: &random)
    #expect(named(a + b) == nil)
  }
}

@Suite(
  "The sniffer on captures",
  .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
struct SnifferCaptureTests {
  /// The folder of captures with the protocol that it holds.
  private let folders = [
    "bno08x_rvc": "bno08x-rvc", "mip": "microstrain", "rion_bwsensing": "rion", "vectornav": "vectornav",
    "witmotion_standard": "witmotion", "xsens_mtdata2": "xsens",
  ]

  @Test(
    "Long captures are named from any 2 kB",
    arguments: [
      ("witmotion_standard/wt901sd_example_data.TXT", "witmotion"), ("xsens_mtdata2/1_output.bin", "xsens"),
      ("xsens_mtdata2/2_output.bin", "xsens"),
    ])
  func captures(path: String, name: String) throws {
    let bytes = try SharedData.bytes("captures/" + path)
    var windows = 0
    for start in stride(from: 0, to: bytes.count - 2048, by: max(bytes.count / 40, 1)) {
      #expect(self.name(Array(bytes[start..<start + 2048])) == name, "at \(start)")
      windows += 1
    }
    #expect(windows > 30)
  }

  private func name(_ bytes: [UInt8]) -> String? { named(bytes) }

  @Test("The table of confusion: no vector, alone or as a stream, is called by another protocol's name")
  func confusion() throws {
    var table: [String: Int] = [:]
    for folder in folders.keys.sorted() + [
      "diy_ascii", "inclinometer_misc", "lpms", "ximu3", "yost", "witmotion_modbus",
    ] {
      let file = folder == "diy_ascii" ? "lines.jsonl" : "vectors.jsonl"
      for record in try SharedData.jsonLines("captures/\(folder)/\(file)") {
        let text = record["ascii"] as? String ?? record["line"] as? String
        guard
          let bytes = text.map({ ascii($0 + (folder == "diy_ascii" ? "\r\n" : "")) })
            ?? (record["hex"] as? String).map(hex)
        else { continue }
        for repeats in [1, 3, 12] {
          let found = named(Array(repeating: bytes, count: repeats).flatMap { $0 })
          table["\(folder) as \(found ?? "unknown")", default: 0] += 1
          let isOther = folders.contains { $0.key != folder && $0.value == found }
          if isOther { Issue.record("\(folder): \(record) was called \(found!)") }
          // Frames with a checksum, repeated: named. Two short replies without a measurement, said over and over, are frames of the
          // first x-IMU as well, whose sum is one byte: nobody can tell.
          let isAmbiguous = ["empty", "rion_rsp87"].contains(record["name"] as? String ?? "")
          if repeats == 12, !isAmbiguous, let own = folders[folder], record["valid"] as? Bool == true,
            try decode(own, bytes).counters.frames > 0
          {
            #expect(found == own, "\(record)")
          }
        }
      }
    }
    for (cell, count) in table.sorted(by: { $0.key < $1.key }) { print("  confusion: \(cell): \(count)") }
    #expect(!table.isEmpty)
  }

  @Test("Tables and logs of vendors are no wire protocol")
  func tables() throws {
    #expect(named(try SharedData.bytes("captures/witmotion_decoded_logs/20250425_133556.csv")) == nil)
    #expect(named(try SharedData.bytes("captures/ximu3/Inertial.csv")) == nil)
  }
}
