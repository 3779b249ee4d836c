import Foundation
import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("Shimmer3")
struct ShimmerTests {
  private func calibration(offset: Int16, gain: Int16, alignment: [Int8]) -> [UInt8] {
    let words = [offset, offset, offset, gain, gain, gain]
    return words.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
      + alignment.map { UInt8(bitPattern: $0) }
  }

  /// All four with offset 0, gain 1 and no turn: a value is its raw word.
  private var plain: [UInt8] {
    let one = calibration(offset: 0, gain: 1, alignment: [100, 0, 0, 0, 100, 0, 0, 0, 100])
    let rate = calibration(offset: 0, gain: 100, alignment: [100, 0, 0, 0, 100, 0, 0, 0, 100])
    return [0xFF, 0x2D] + one + rate + one + one
  }

  /// An inquiry's answer for the low-noise acceleration and the gyroscope, without checksum.
  private let inquiry = hex("FF 02 80 02 01 FF 01 08 06 01 00 01 02 0A 0B 0C")

  private func packet(_ index: Int, _ value: Int16) -> [UInt8] {
    let ticks = 0xFF_F000 + index * 640
    let low = [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    return [0, UInt8(ticks & 0xFF), UInt8(ticks >> 8 & 0xFF), UInt8(ticks >> 16 & 0xFF)] + low + [2, 0] + [3, 0] + low
      + [0, 5] + [0, 6]
  }

  @Test(
    "The packets of public tests", .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
  func vectors() throws {
    let records = try SharedData.jsonLines("captures/shimmer3/bt_vectors.jsonl")
    let reply = hex(try #require(records.first { $0["name"] as! String == "inquiry_rsp" })["hex"] as! String)
    func checksum(_ bytes: [UInt8]) -> UInt8 {
      // Of an answer that the inquiry's checksum mode makes end with one: the decoder refuses any other.
      for candidate in UInt8.min...UInt8.max {
        if let decoded = try? decode("shimmer3", reply + bytes + [candidate]), decoded.counters.frames == 2 {
          return candidate
        }
      }
      return 0
    }
    var checked = 0
    for record in records where record["dir"] as? String != "tx" {
      let bytes = hex(record["hex"] as! String)
      switch record["name"] as! String {
      case "inquiry_rsp":
        let decoded = try decode("shimmer3", bytes)
        #expect(decoded.counters.frames == 1 && decoded.counters.framed == 14)
      case "data_lnacc":
        let calibrated = plain + [checksum(plain)]
        let decoded = try decode("shimmer3", reply + calibrated + bytes)
        let sample = try #require(decoded.samples.first)
        #expect(sample.acceleration == vector(try #require(expected(record, "acc_raw"))))
        #expect(Double(sample.deviceTicks) == expected(record, "ts_ticks")?[0] && sample.flags == [])
        var wrong = bytes
        wrong[10] ^= 1
        #expect(try decode("shimmer3", reply + calibrated + wrong).samples.isEmpty)
        // Without calibration there is a packet and no value.
        let raw = try decode("shimmer3", reply + bytes)
        #expect(raw.samples.isEmpty && raw.counters.frames == 2)
      case "instream":
        let decoded = try decode("shimmer3", reply + bytes)
        #expect(decoded.counters.frames == 2 && decoded.counters.skipped == 0)
      case "data_ch_a", "data_ch_b":
        // One analogue channel (number 11): a packet without a motion value.
        let one = hex("FF 02 40 00 00 00 00 00 01 01 11")
        let decoded = try decode("shimmer3", one + bytes)
        #expect(decoded.counters.frames == 2 && decoded.samples.isEmpty && decoded.counters.skipped == 0)
      case "rate_rsp": #expect(try decode("shimmer3", bytes).counters.frames == 1)
      case "crc":
        let want = hex((record["expect"] as! [String: Any])["crc_le"] as! String)
        let sum = shimmerSum(bytes)
        #expect([UInt8(truncatingIfNeeded: sum), UInt8(sum >> 8)] == want)
      default: Issue.record("a vector that nothing checks: \(record)")
      }
      checked += 1
    }
    #expect(checked == 12)
  }

  /// The checksum as the public tests have it, written down a second time.
  private func shimmerSum(_ bytes: [UInt8]) -> UInt16 {
    var crc: UInt32 = 0xB0CA
    for byte in bytes + (bytes.count % 2 == 1 ? [0] : []) {
      crc = (crc >> 8 | crc << 8) & 0xFFFF
      crc ^= UInt32(byte)
      crc ^= (crc & 0xFF) >> 4
      crc ^= crc << 12 & 0xFFFF
      crc ^= (crc & 0xFF) << 5
    }
    return UInt16(crc & 0xFFFF)
  }

  @Test("The stream: contract, both byte orders, both checksum lengths, a packet lost")
  func stream() throws {
    let frames = [inquiry, plain] + (0..<8).map { packet($0, Int16($0) * 300 - 700) }
    let decoded = try decode("shimmer3", Array(frames.joined()))
    #expect(decoded.samples.map(\.acceleration.x) == (0..<8).map { Double($0) * 300 - 700 })
    #expect(close(decoded.samples[0].angularRate.y, 5 * radiansPerDegree, 1e-9))
    #expect(decoded.samples.map(\.deviceTicks).last == UInt64((0xFF_F000 + 7 * 640) & 0xFF_FFFF))
    try expectDecoderContract("shimmer3", frames: frames)
    let torn = Array((frames[..<6] + [[UInt8](packet(4, 1).prefix(9))] + frames[6...]).joined())
    let rest = try decode("shimmer3", torn)
    #expect(rest.samples.count >= 7)
    // Without a checksum the torn packet, whose time is right, can't be told from a whole one; those after it are right again.
    #expect(rest.samples.count { $0.acceleration.y != 2 || !close($0.angularRate.z, 6 * radiansPerDegree, 1e-9) } <= 1)
    // Nothing can be read before the inquiry.
    #expect(try decode("shimmer3", Array(frames[2...].joined())).samples.isEmpty)
    // Two bytes of checksum, as the host has asked for.
    var decoder = try ProtocolCatalogue.find("shimmer3").makeDecoder()
    decoder.sent(hex("8B 02").span)
    var samples: [SensorSample] = []
    for frame in frames {
      let sum = shimmerSum(frame)
      let bytes = frame + [UInt8(truncatingIfNeeded: sum), UInt8(sum >> 8)]
      decoder.consume(bytes.span, arrived: HostInstant(nanoseconds: 0), into: &samples)
    }
    #expect(samples.count == 8 && samples.allSatisfy { $0.flags.isEmpty })
    #expect(decoder.counters.skipped == 0)
  }

  @Test(
    "A real log has the packets and times of the maker's export, and calibrated values",
    .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
  func log() throws {
    let bytes = try SharedData.bytes("captures/shimmer3/pair_raw.bin")
    let decoded = try decode("shimmer3-log", bytes)
    let rows = try String(decoding: SharedData.bytes("captures/shimmer3/pair_consensys.csv"), as: UTF8.self)
      .split(whereSeparator: \.isNewline).dropFirst(3).map { $0.split(separator: "\t").map { Double($0)! } }
    #expect(decoded.counters.framed == 19522 && decoded.counters.skipped == 0)
    #expect(decoded.samples.count == rows.count && rows.count == 1482)
    for (index, (sample, row)) in zip(decoded.samples, rows).enumerated() {
      // The export prints absolute milliseconds as doubles, whose step is 0.24 µs.
      let seconds = Double(sample.deviceTicks - decoded.samples[0].deviceTicks) / 32768
      let place = 256 + 13 * index
      let raw = (0..<3).map { axis in
        Double(Int16(truncatingIfNeeded: Int(bytes[place + 3 + 2 * axis]) | Int(bytes[place + 4 + 2 * axis]) << 8))
      }
      // Offset 2253, gain 92, x and y exchanged, all turned: the header's typical values.
      let want = Vector3(-(raw[1] - 2253), -(raw[0] - 2253), -(raw[2] - 2253)) / 92
      let pulse = Double(Int(bytes[place + 11]) | Int(bytes[place + 12]) << 8)
      let good =
        close(seconds * 1000, row[0] - rows[0][0], 5e-4) && pulse == row[1] && close(sample.acceleration, want, 1e-12)
        && sample.fields == [.acceleration, .deviceTime]
      if !good { Issue.record("row \(index): \(row), \(sample)") }
    }
    let head = Array(bytes[..<256])
    try expectDecoderContract(
      "shimmer3-log", frames: [head] + (0..<8).map { Array(bytes[(256 + 13 * $0)..<(269 + 13 * $0)]) }, seeds: 60)
    // A byte lost in the middle costs little.
    var torn = bytes
    torn.remove(at: 5000)
    #expect(try decode("shimmer3-log", torn).samples.count >= 1480)
  }
}
