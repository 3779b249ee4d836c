import Foundation
import Motion
import TestKit
import Testing

@testable import SensorProtocols

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
        // One analogue channel (number 11): packets without a motion value. The second tells how long the first one's time is.
        let one = hex("FF 02 40 00 00 00 00 00 01 01 11")
        let both = records.filter { ($0["name"] as! String).hasPrefix("data_ch_") }.flatMap {
          hex($0["hex"] as! String)
        }
        let decoded = try decode("shimmer3", one + both)
        #expect(both.count == 12 && decoded.counters.frames == 3)
        #expect(decoded.samples.isEmpty && decoded.counters.skipped == 0)
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

@Suite("Shimmer: what no capture at hand shows")
struct ShimmerRuleTests {
  private func samples(_ count: Int, jitter: Int = 0) -> [SensorSample] {
    var random = RandomSource(seed: 3)
    return (0..<count).map { index in
      var sample = SensorSample()
      // A slow turn with the noise of a few words: the words of an axis differ from packet to packet as times do.
      func noise() -> Double { (random.unit() - 0.5) * 0.08 }
      sample.acceleration = Vector3(Double(index) * 0.01 + noise(), 9.8 + noise(), noise())
      sample.angularRate = Vector3(0.1 + noise(), noise(), noise())
      sample.deviceTicks =
        UInt64(4000 + index * 640) + UInt64(jitter > 0 ? Int.random(in: 0...jitter, using: &random) : 0)
      sample.fields = [.acceleration, .angularRate, .deviceTime]
      return sample
    }
  }

  private func encoded(_ form: ShimmerEncoder.Form, _ samples: [SensorSample]) -> [UInt8] {
    var encoder = ShimmerEncoder(form)
    var bytes: [UInt8] = []
    for sample in samples { encoder.encode(sample, into: &bytes) }
    return bytes
  }

  private func name(_ form: ShimmerEncoder.Form) -> String { form == .log ? "shimmer3-log" : "shimmer3" }

  @Test("Round trip, also with a timer that jitters by a tenth of a period", arguments: ShimmerEncoder.Form.allCases)
  func roundTrip(form: ShimmerEncoder.Form) throws {
    for jitter in [0, 64] {
      let sent = samples(200, jitter: jitter)
      let decoded = try decode(name(form), encoded(form, sent))
      #expect(decoded.samples.count == 200 && decoded.counters.skipped == 0 && decoded.counters.held == 0)
      for (a, b) in zip(sent, decoded.samples) {
        #expect(close(a.acceleration, b.acceleration, 0.0025) && close(a.angularRate, b.angularRate, 0.0006))
        #expect(a.deviceTicks == b.deviceTicks)
      }
    }
  }

  @Test("Damage costs what it hit, and gives no sample out of its time", arguments: ShimmerEncoder.Form.allCases)
  func damage(form: ShimmerEncoder.Form) throws {
    let bytes = encoded(form, samples(2000, jitter: 40))
    let head = form == .log ? 256 : 111
    for seed in UInt64(1)...20 {
      var random = RandomSource(seed: seed)
      var hits = 0
      let torn =
        bytes[..<head]
        + bytes[head...].filter { _ in
          let isLost = random.unit() < 0.003
          if isLost { hits += 1 }
          return !isLost
        }
      let decoded = try decode(name(form), Array(torn))
      // A lost byte takes the packet that it was in, and the head of the next one.
      #expect(
        decoded.samples.count >= 2000 - 2 * hits - 2, "seed \(seed): \(decoded.samples.count), \(hits) bytes lost")
      let steps = zip(decoded.samples, decoded.samples.dropFirst()).map {
        Int64($1.deviceTicks) - Int64($0.deviceTicks)
      }
      #expect(steps.allSatisfy { $0 > 0 && $0 < 12 * 640 }, "seed \(seed): \(steps.filter { $0 <= 0 || $0 > 3000 })")
    }
  }

  /// Packets of a length without the byte at one place.
  private func without(_ place: Int, of length: Int, from start: Int, in bytes: [UInt8]) -> [UInt8] {
    var shorter: [UInt8] = []
    for index in start..<bytes.count where (index - start) % length != place { shorter.append(bytes[index]) }
    return shorter
  }

  @Test("Old firmware: times of two bytes, told by its version or by the second packet")
  func shortTimes() throws {
    let long = encoded(.stream, samples(150))
    // The same packets without the highest byte of their times, which began anew after two seconds.
    let head = 8 + 16 + 86 + 1
    let packets = without(3, of: 16, from: head, in: long)
    let answers = Array(long[8..<head])
    for firmware in [[], hex("FF 2F 03 00 00 00 05 00"), hex("FF 2F 01 00 00 00 07 00")] {
      let decoded = try decode("shimmer3", firmware + answers + packets)
      #expect(decoded.samples.count == 150 && decoded.counters.skipped == 0, "\(firmware)")
      let want: Decoded = try decode("shimmer3", long)
      #expect(decoded.samples.map(\.acceleration) == want.samples.map(\.acceleration))
      let steps = zip(decoded.samples, decoded.samples.dropFirst()).map { $1.deviceTicks &- $0.deviceTicks }
      #expect(steps.allSatisfy { $0 == 640 })
    }
    // SDLog's version does not tell: its packets do.
    var header = ShimmerEncoder.logHeader(period: 640)
    header[0x23] = 2
    let whole = encoded(.log, samples(40))
    let short = without(2, of: 15, from: 256, in: whole)
    #expect(try decode("shimmer3-log", header + short).samples.count == 40)
    #expect(try decode("shimmer3-log", header + whole[256...]).samples.count == 40)
  }

  @Test("A synchronised log: the stamp of every block is stepped over as a frame")
  func synchronised() throws {
    let whole = encoded(.log, samples(200))
    var bytes = Array(whole[..<256])
    bytes[0x10] = 0x04
    let perBlock = (512 - 9) / 15
    for index in 0..<200 {
      if index % perBlock == 0 { bytes += [index % 2 == 0 ? 0 : 1] + hex("12 34 56 00 00 00 00 00") }
      bytes += whole[(256 + 15 * index)..<(271 + 15 * index)]
    }
    let decoded = try decode("shimmer3-log", bytes)
    #expect(decoded.samples.count == 200 && decoded.counters.skipped == 0)
    #expect(decoded.counters.frames == UInt64(1 + 200 + (200 + perBlock - 1) / perBlock))
    for cut in [260, 270, 300, 900] {
      #expect(try decode("shimmer3-log", chunks: [bytes[..<cut], bytes[cut...]]) == decoded)
    }
    // Damage loses a few packets, and the blocks are found again.
    bytes.remove(at: 1000)
    #expect(try decode("shimmer3-log", bytes).samples.count >= 197)
  }

  @Test("Shimmer3R: a longer header that lists the channels, and a gyroscope with the low byte first")
  func shimmer3R() throws {
    var header = [UInt8](repeating: 0, count: 384)
    header.replaceSubrange(0..<256, with: ShimmerEncoder.logHeader(period: 640))
    header[0x1F] = 10
    // Pressure (3 bytes), gyroscope, wide-range accelerometer.
    let channels: [UInt8] = [0x1B, 0x0A, 0x0B, 0x0C, 0x04, 0x05, 0x06]
    header[0x13A] = UInt8(channels.count)
    header.replaceSubrange(0x13B..<0x13B + channels.count, with: channels)
    var bytes = header
    for index in 0..<20 {
      let ticks = 1000 + index * 640
      bytes += [UInt8(ticks & 0xFF), UInt8(ticks >> 8), 0, 1, 2, 3]
      for word in [164, -328, 492, 0, 209 * 9, 209] as [Int16] { bytes.append(littleEndian: word) }
    }
    let decoded = try decode("shimmer3-log", bytes)
    #expect(decoded.samples.count == 20 && decoded.counters.skipped == 0)
    #expect(close(decoded.samples[0].acceleration, Vector3(0, 9, 1), 1e-9))
    #expect(close(decoded.samples[0].angularRate, Vector3(10, -20, 30) * radiansPerDegree, 1e-9))
  }

  @Test("Answers that appear by chance in a damaged stream change nothing")
  func falseAnswers() throws {
    let bytes = encoded(.stream, samples(100))
    for junk in ["FF 2D 00 11 22 33", "FF 02 40 00 00 00 00 00 02 01 00 01 33", "FF 2F 77 00", "2D 00 01", "02 80 02"] {
      let torn = bytes[..<(111 + 16 * 40 + 5)] + hex(junk) + bytes[(111 + 16 * 41)...]
      let decoded = try decode("shimmer3", Array(torn))
      #expect(decoded.samples.count >= 93, "\(junk): \(decoded.samples.count)")
      #expect(decoded.samples.suffix(50).allSatisfy { close($0.acceleration.y, 9.8, 0.05) }, "\(junk)")
    }
  }

  @Test("Both are named from their bytes: a stream with its answers, a log with its header")
  func sniffed() throws {
    for form in ShimmerEncoder.Form.allCases {
      var sniffer = ProtocolSniffer()
      sniffer.consume(encoded(form, samples(60)).span)
      guard case .named(let finding) = sniffer.verdict else {
        Issue.record("\(form) is not named: \(sniffer.verdict)")
        continue
      }
      #expect(finding.description.name == name(form))
    }
  }
}
