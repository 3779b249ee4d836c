import Foundation
import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("x-IMU3")
struct XIMU3Tests {
  private func encoded(_ form: XIMU3Encoder.Form, _ samples: [SensorSample]) -> [[UInt8]] {
    var encoder = XIMU3Encoder(form)
    return samples.map { sample in
      var bytes: [UInt8] = []
      encoder.encode(sample, into: &bytes)
      return bytes
    }
  }

  private func samples(_ count: Int, seed: UInt64 = 3) -> [SensorSample] {
    var random = RandomSource(seed: seed)
    func spread(_ limit: Double) -> Double { (random.unit() * 2 - 1) * limit }
    return (0..<count).map { index in
      var sample = SensorSample()
      sample.acceleration = Vector3(spread(150), spread(150), spread(150))
      sample.angularRate = Vector3(spread(34), spread(34), spread(34))
      sample.orientation = Quaternion(rotationVector: Vector3(spread(1), spread(1), spread(1)))
      sample.deviceTicks = 10 + UInt64(index) * 0x0ADB
      sample.fields = [.acceleration, .angularRate, .orientation, .deviceTime]
      return sample
    }
  }

  @Test("The contract, in both forms", arguments: XIMU3Encoder.Form.allCases)
  func contract(form: XIMU3Encoder.Form) throws {
    let frames = encoded(form, samples(6))
    try expectDecoderContract("ximu3", frames: frames)
    try expectResynchronisation("ximu3", frames: frames) { randomBytes(20, using: &$0).filter { $0 != 0x0A } + [0x0A] }
  }

  @Test("Text and binary come back", arguments: XIMU3Encoder.Form.allCases)
  func roundTrip(form: XIMU3Encoder.Form) throws {
    let sent = samples(2000)
    let decoded = try decode("ximu3", Array(encoded(form, sent).joined()))
    #expect(decoded.samples.count == sent.count && decoded.counters.skipped == 0)
    for (got, want) in zip(decoded.samples, sent) {
      let good =
        got.fields == want.fields && got.deviceTicks == want.deviceTicks && got.flags == .unchecked
        && close(got.acceleration, want.acceleration, 6e-4) && close(got.angularRate, want.angularRate, 2e-6)
        && close(got.orientation.w, want.orientation.w, 6e-5) && close(got.orientation.z, want.orientation.z, 6e-5)
      if !good { Issue.record("sent \(want), got \(got)") }
    }
  }

  @Test("Inertial and orientation messages of one time are one sample, whichever comes first, each at once")
  func pairing() throws {
    func run(_ lines: [String]) throws -> [Int] {
      var decoder = try ProtocolCatalogue.find("ximu3").makeDecoder()
      var samples: [SensorSample] = []
      return lines.map { line in
        decoder.consume(ascii(line + "\n").span, arrived: HostInstant(nanoseconds: 1), into: &samples)
        return samples.count
      }
    }
    func i(_ time: Int) -> String { "I,\(time),0.0000,0.0000,0.0000,0.0000,0.0000,1.0000" }
    func q(_ time: Int) -> String { "Q,\(time),1.0000,0.0000,0.0000,0.0000" }
    #expect(try run([i(1), q(1), i(2), q(2), i(3), q(3)]) == [0, 1, 1, 2, 2, 3])
    #expect(try run([q(1), i(1), q(2), i(2)]) == [0, 1, 1, 2])
    #expect(try run([i(1), i(2), i(3)]) == [0, 2, 3])
    #expect(try run([q(1), q(2), q(3)]) == [0, 2, 3])
    // Every fourth inertial message has an orientation beside it: none is lost.
    #expect(try run([i(1), i(2), i(3), i(4), q(4), i(5), i(6), i(7), i(8), q(8), i(9)]).last == 9)
  }

  @Test("Half a binary message is not taken for a whole one of another kind")
  func joinedInside() throws {
    var sample = samples(1)[0]
    // -10 °/s begins with the byte that a text-free Euler message has for its letter.
    sample.angularRate = Vector3(-10 * radiansPerDegree, 0.3, -0.2)
    sample.fields = [.acceleration, .angularRate, .deviceTime]
    let bytes = encoded(.binary, [sample])[0]
    for start in 1..<bytes.count { #expect(try decode("ximu3", Array(bytes[start...])).samples.isEmpty) }
  }

  @Test("Messages with a wrong number of arguments, no numbers or a broken escape are refused")
  func refused() throws {
    for line in [
      "I,1,0,0,0,0,0", "I,1,0,0,0,0,0,0,0", "I,,0,0,0,0,0,1", "I,1,nan,0,0,0,0,1", "i,1,0,0,0,0,0,1", "Q,1,1,0,0",
      "I,99999999999999999999,0,0,0,0,0,1", "{\"ping\":null", "Z,1;2", "z,1,2", "",
    ] {
      let decoded = try decode("ximu3", ascii(line + "\n"))
      #expect(decoded.samples.isEmpty && decoded.counters.frames == 0, "\(line)")
    }
    #expect(try decode("ximu3", hex("D4 40 42 0F 00 00 00 00 00 DB 00 C8 41 0A")).counters.frames == 0)
    // A matrix that turns nothing around is flagged.
    let odd = try decode("ximu3", ascii("R,1,1,0,0,0,1,0,0,0,-1\n"))
    #expect(odd.samples.map(\.flags) == [[.unchecked, .implausible]])
  }

  @Test(
    "The manual's messages in both forms", .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
  func vectors() throws {
    var checked = 0
    for record in try SharedData.jsonLines("captures/ximu3/vectors.jsonl") {
      let name = record["name"] as! String
      let text = (record["ascii"] as? String).map(ascii)
      let binary = (record["hex"] as? String).map(hex)
      if name == "stuffing" {
        // The table shows stuffing on any text; here it is the body of a serial accessory message behind a time of zero.
        let plain = hex(record["unstuffed_hex"] as! String)
        let message = [0xD3] + [UInt8](repeating: 0, count: 8) + binary!
        let decoded = try decode("ximu3", message)
        #expect(decoded.counters.frames == 1 && decoded.counters.framed == UInt64(message.count), "\(plain)")
        checked += 1
        continue
      }
      guard record["dir"] as? String != "tx" else { continue }
      for bytes in [text, binary] {
        guard let bytes else { continue }
        let decoded = try decode("ximu3", bytes)
        #expect(decoded.counters.frames == 1 && decoded.counters.framed == UInt64(bytes.count), "\(name)")
        guard ["inertial", "quaternion", "matrix", "euler", "linear", "earth", "inertial_stuffed_ts"].contains(name)
        else {
          #expect(decoded.samples.isEmpty, "\(name)")
          checked += 1
          continue
        }
        let sample = try #require(decoded.samples.first, "\(name)")
        let numbers = (record["ascii"] as! String).dropLast().split(separator: ",").dropFirst().map { Double($0)! }
        #expect(sample.deviceTicks == UInt64(numbers[0]))
        switch name {
        case "inertial", "inertial_stuffed_ts":
          #expect(close(sample.angularRate, vector(numbers, 1) * radiansPerDegree))
          #expect(close(sample.acceleration, vector(numbers, 4) * standardGravity))
        case "euler": #expect(close(sample.eulerAngles, vector(numbers, 1) * radiansPerDegree))
        default: #expect(sample.orientation == .identity)
        }
        checked += 1
      }
    }
    #expect(checked == 33)
  }

  @Test(
    "The vendor's decoded files, sent again in both forms, come back to the last digit of the form",
    .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)), arguments: XIMU3Encoder.Form.allCases)
  func vendorFiles(form: XIMU3Encoder.Form) throws {
    func rows(_ file: String) throws -> [[Double]] {
      try String(decoding: SharedData.bytes("captures/ximu3/" + file), as: UTF8.self)
        .split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",").map { Double($0)! } }
    }
    func message(_ letter: UInt8, _ row: [Double]) -> [UInt8] {
      guard form == .binary else {
        return [letter]
          + ascii(",\(UInt64(row[0]))" + row.dropFirst().map { "," + String(format: "%.4f", $0) }.joined() + "\n")
      }
      var body = withUnsafeBytes(of: UInt64(row[0]).littleEndian) { Array($0) }
      for value in row.dropFirst() { body += withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) } }
      let stuffed = body.flatMap { $0 == 0x0A ? [0xDB, 0xDC] : $0 == 0xDB ? [0xDB, 0xDD] : [$0] }
      return [letter | 0x80] + stuffed + [0x0A]
    }
    var total = 0
    for (file, letter) in [
      ("Inertial.csv", "I"), ("Quaternion.csv", "Q"), ("RotationMatrix.csv", "R"), ("EulerAngles.csv", "A"),
      ("LinearAcceleration.csv", "L"), ("EarthAcceleration.csv", "E"),
    ] {
      let rows = try rows(file)
      let decoded = try decode("ximu3", rows.flatMap { message(ascii(letter)[0], $0) })
      #expect(decoded.samples.count == rows.count && decoded.counters.skipped == 0, "\(file)")
      let step = form == .text ? 5.1e-5 : 2e-5
      for (sample, row) in zip(decoded.samples, rows) {
        var good = sample.deviceTicks == UInt64(row[0])
        switch letter {
        case "I":
          good =
            good && close(sample.angularRate, vector(row, 1) * radiansPerDegree, step)
            && close(sample.acceleration, vector(row, 4) * standardGravity, 10 * step)
        case "A": good = good && close(sample.eulerAngles, vector(row, 1) * radiansPerDegree, step)
        case "R":
          // The third row of the matrix is the vertical in the sensor's axes.
          good = good && close(sample.orientation.verticalInSource, vector(row, 7), 2e-3)
        default:
          good = good && close(sample.orientation.w, row[1], step) && close(sample.orientation.x, row[2], step)
        }
        if !good { Issue.record("\(file): \(row) became \(sample)") }
        total += 1
      }
    }
    #expect(total > 700)
    // Sense: the orientation's vertical is that of the acceleration at the same time, at rest.
    let inertial = try rows("Inertial.csv")
    let byTime = Dictionary(try rows("Quaternion.csv").map { ($0[0], $0) }, uniquingKeysWith: { a, _ in a })
    var tilt = Vector3.zero
    var force = Vector3.zero
    for row in inertial {
      guard let q = byTime[row[0]] else { continue }
      tilt += Quaternion(w: q[1], x: q[2], y: q[3], z: q[4]).normalized.verticalInSource
      force += vector(row, 4)
    }
    let up = try #require(force.normalized)
    let vertical = try #require(tilt.normalized)
    #expect(close(up, vertical, 0.002))
    #expect(!close(up, Vector3(-vertical.x, -vertical.y, vertical.z), 0.002))
  }
}
