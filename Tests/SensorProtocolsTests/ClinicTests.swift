import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("x-IMU, the first generation")
struct XIMUTests {
  /// Packs a header and data with their sum, seven bits a byte; the last byte has its top bit set.
  private func packet(_ body: [UInt8]) -> [UInt8] {
    let whole = body + [body.reduce(0, &+)]
    let bits = whole.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
    var packed: [UInt8] = []
    for start in stride(from: 0, to: bits.count, by: 7) {
      var byte: UInt8 = 0
      for index in start..<start + 7 { byte = byte << 1 | (index < bits.count ? bits[index] : 0) }
      packed.append(byte)
    }
    packed[packed.count - 1] |= 0x80
    return packed
  }

  private func words(_ values: [Int16]) -> [UInt8] {
    values.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
  }

  @Test("A packet of a foot sensor")
  func captured() throws {
    let decoded = try decode("ximu", hex("04 7f 7f 7f 7f 73 7f 7f 7f 78 20 03 78 1f 0a 00 1b 40 06 5f 6b 26 fa"))
    let sample = try #require(decoded.samples.first)
    #expect(decoded.counters.framed == 23)
    #expect(close(sample.angularRate, Vector3(-0.0625, -0.25, -0.0625) * radiansPerDegree))
    #expect(close(sample.acceleration, Vector3(-31, 63, 1989) / 2048 * standardGravity))
    #expect(close(sample.magneticField, Vector3(55, 53, -663) / 2048 * 100))
    #expect(sample.flags == [])
  }

  @Test("The vertical of a quaternion packet, turned around")
  func quaternion() throws {
    let q = Quaternion(rotationVector: Vector3(0.3, -0.5, 0.2))
    let raw = [q.w, -q.x, -q.y, -q.z].map { Int16(($0 * 32768).rounded()) }
    let sample = try #require(try decode("ximu", packet([0x0A] + words(raw))).samples.first)
    #expect(close(sample.orientation.verticalInSource, q.verticalInSource, 1e-4))
  }

  @Test("The contract; other sound packets are frames; a wrong sum costs its packet alone")
  func contract() throws {
    var random = RandomSource(seed: 9)
    func inertial() -> [UInt8] {
      packet([0x09] + words((0..<9).map { _ in Int16.random(in: -30000...30000, using: &random) }))
    }
    let frames = [
      inertial(), packet([0x07] + words([12000, 6400])), inertial(),
      packet([0x0A] + words([16384, 16384, -16384, 16384])),
      inertial(), packet([0x03, 0, 5, 0, 1]), inertial(), inertial(),
    ]
    try expectDecoderContract("ximu", frames: frames)
    try expectResynchronisation("ximu", frames: frames) { randomBytes(20, using: &$0) }
    var bytes = Array(frames.joined())
    bytes[5] ^= 0x10
    let decoded = try decode("ximu", bytes)
    #expect(decoded.samples.count == 5 && decoded.counters.checksumFailures >= 1 && decoded.counters.skipped == 23)
    let full = try decode("ximu", packet([0x09] + words([0, 0, 0, 32767, 0, 0, 0, 0, 0])))
    #expect(full.samples.map(\.flags) == [.saturated])
  }
}

@Suite("WitMotion Bluetooth frames")
struct WitMotionBluetoothTests {
  private let frame = hex("55 61 fa ff 11 00 22 08 00 00 00 00 00 00 6f 00 26 00 f0 46")

  @Test("A real frame")
  func captured() throws {
    let sample = try #require(try decode("witmotion-ble", frame).samples.first)
    #expect(close(sample.acceleration, Vector3(-0.0029296875, 0.00830078125, 1.0166015625) * standardGravity))
    #expect(sample.angularRate == .zero)
    #expect(close(sample.eulerAngles, Vector3(0.6097412109375, 0.208740234375, 99.755859375) * radiansPerDegree))
    #expect(sample.flags == .unchecked)
  }

  @Test("A register reply goes out with the next sample")
  func registers() throws {
    let reply = hex("55 71 3A 00 68 01 69 00 7A 00 00 00 00 00 00 00 C4 09 00 00")
    let decoded = try decode("witmotion-ble", reply + frame + frame)
    #expect(decoded.counters.frames == 3 && decoded.samples.count == 2)
    #expect(decoded.samples[0].magneticField == Vector3(360, 105, 122))
    #expect(decoded.samples[0].temperature == 25)
    #expect(decoded.samples[1].fields == [.acceleration, .angularRate, .eulerAngles])
    let quaternion = try decode(
      "witmotion-ble", hex("55 71 51 00 FF 7F 00 00 00 00 00 00 00 00 00 00 00 00 00 00") + frame)
    #expect(close(quaternion.samples[0].orientation.w, 1, 1e-4))
  }

  @Test("A shortened frame does not take the head of the next one for data")
  func shortened() throws {
    for cut in 4..<20 {
      let decoded = try decode("witmotion-ble", frame + frame.prefix(cut) + frame + frame)
      #expect(decoded.samples.count == 3, "cut at \(cut)")
      #expect(decoded.samples.allSatisfy { close($0.acceleration.z, 1.0166015625 * standardGravity) })
    }
    // A head that is data: the frame behind it tells.
    var odd = frame
    odd.replaceSubrange(6..<8, with: [0x55, 0x61])
    #expect(try decode("witmotion-ble", odd + frame).samples.count == 2)
    // Pitch ends at 90°.
    var steep = frame
    steep.replaceSubrange(16..<18, with: [0x01, 0x40])
    #expect(try decode("witmotion-ble", steep + frame).samples.count == 1)
  }
}

@Suite("Teapot packets")
struct TeapotTests {
  @Test(
    "The computed packets", .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
  func vectors() throws {
    var checked = 0
    for record in try SharedData.jsonLines("captures/diy_ascii/teapot.jsonl") {
      let decoded = try decode("teapot", hex(record["hex"] as! String))
      switch record["name"] as! String {
      case "teapot":
        let sample = try #require(decoded.samples.first)
        let q = try #require(expected(record, "quat_wxyz"))
        #expect(close(sample.orientation.w, q[0], 1e-6) && close(sample.orientation.y, q[2], 1e-6))
        #expect(sample.deviceTicks == 1 && sample.fields == [.orientation, .counter] && sample.flags == .unchecked)
      case "teapot_wrap": #expect(decoded.samples.map(\.deviceTicks) == [254, 255, 0])
      default: #expect(decoded.samples.isEmpty && decoded.counters.checksumFailures == 1)
      }
      checked += 1
    }
    #expect(checked == 3)
  }
}

@Suite("Modbus replies")
struct ModbusTests {
  private func run(_ name: String, sent: [UInt8], _ bytes: [UInt8]) throws -> Decoded {
    var decoder = try ProtocolCatalogue.find(name).makeDecoder()
    decoder.sent(sent.span)
    var result = Decoded()
    decoder.consume(bytes.span, arrived: HostInstant(nanoseconds: 7), into: &result.samples)
    result.counters = decoder.counters
    return result
  }

  @Test(
    "The manuals' and computed frames", .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
  func vectors() throws {
    var checked = 0
    for record in try SharedData.jsonLines("captures/witmotion_modbus/vectors.jsonl") {
      let name = record["name"] as! String
      let bytes = hex(record["hex"] as! String)
      let angles = ModbusRequest.read(address: 0x50, register: 0x3D, count: 3)
      switch name {
      case "read_accx": #expect(ModbusRequest.read(address: 0x50, register: 0x34, count: 1) == bytes)
      case "read_angles": #expect(angles == bytes)
      case "unlock": #expect(ModbusRequest.write(address: 0x50, register: 0x69, value: 0xB588) == bytes)
      case "stabila_read_angle": #expect(ModbusRequest.read(address: 0x20, register: 4051, count: 1) == bytes)
      case "rsp_accx":
        // One axis is no acceleration: the frame counts and gives no sample. Its word in a whole reply has the value.
        let one = try run("witmotion-modbus", sent: ModbusRequest.read(address: 0x50, register: 0x34, count: 1), bytes)
        #expect(one.counters.frames == 1 && one.samples.isEmpty)
        let three = reply([0x070B, 0, 0])
        let whole = try run(
          "witmotion-modbus", sent: ModbusRequest.read(address: 0x50, register: 0x34, count: 3), three)
        let x = try #require(expected(record, "acc_x_g"))[0]
        #expect(close(try #require(whole.samples.first).acceleration, Vector3(x * standardGravity, 0, 0)))
      case "rsp_angles", "rsp_angles_highprec":
        let isLong = name != "rsp_angles"
        let decoded = try run(
          isLong ? "witmotion-modbus-32" : "witmotion-modbus",
          sent: ModbusRequest.read(address: 0x50, register: 0x3D, count: isLong ? 6 : 3), bytes)
        let want = try #require(expected(record, "roll_deg", "pitch_deg", "yaw_deg"))
        #expect(close(try #require(decoded.samples.first).eulerAngles, vector(want) * radiansPerDegree))
        // Without the request nothing says what the registers are.
        let blind = try decode("witmotion-modbus", bytes)
        #expect(blind.samples.isEmpty && blind.counters.frames == 1)
      case "exception_illegal_addr":
        let decoded = try run("witmotion-modbus", sent: angles, bytes)
        #expect(decoded.samples.isEmpty && decoded.counters.frames == 1)
      case "rsp_bad_crc":
        let decoded = try run(
          "witmotion-modbus", sent: ModbusRequest.read(address: 0x50, register: 0x34, count: 1), bytes)
        #expect(decoded.samples.isEmpty && decoded.counters.frames == 0 && decoded.counters.checksumFailures == 1)
      case "stabila_45deg", "stabila_45deg_as_printed":
        let decoded = try run("stabila", sent: ModbusRequest.read(address: 0x20, register: 4051, count: 1), bytes)
        let isValid = record["valid"] as! Bool
        #expect(decoded.samples.map(\.inclinationX) == (isValid ? [45 * radiansPerDegree] : []))
        #expect(decoded.counters.checksumFailures == (isValid ? 0 : 1))
      default: Issue.record("a vector that nothing checks: \(name)")
      }
      checked += 1
    }
    #expect(checked == 11)
  }

  /// A reply with these registers.
  private func reply(_ words: [UInt16], address: UInt8 = 0x50) -> [UInt8] {
    let body: [UInt8] =
      [address, 3, UInt8(2 * words.count)] + words.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    var crc: UInt16 = 0xFFFF
    for byte in body {
      crc ^= UInt16(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
    }
    return body + [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)]
  }

  @Test("Requests on the wire are read as such, and the contract holds")
  func bus() throws {
    let request = ModbusRequest.read(address: 0x50, register: 0x34, count: 12)
    var frames: [[UInt8]] = []
    for n in UInt16(1)...5 { frames += [request, reply([n, 2, 2048, 4, 5, 6, 7, 8, 9, 0x4000, 0xE000, 1])] }
    let decoded = try decode("witmotion-modbus", Array(frames.joined()))
    #expect(decoded.samples.count == 5)
    #expect(close(decoded.samples[0].acceleration.z, standardGravity))
    #expect(close(decoded.samples[0].eulerAngles.x, .pi / 2) && close(decoded.samples[0].eulerAngles.y, -.pi / 4))
    #expect(decoded.samples[0].magneticField == Vector3(7, 8, 9))
    try expectDecoderContract("witmotion-modbus", frames: frames)
    try expectResynchronisation("witmotion-modbus", frames: frames) { randomBytes(9, using: &$0) }
    // The level's register number looks like an odd number of bytes.
    let level = [ModbusRequest.read(address: 0x20, register: 4051, count: 1), reply([0xFF9C], address: 0x20)]
    #expect(try decode("stabila", Array(level.joined())).samples.map(\.inclinationX) == [-radiansPerDegree])
    try expectDecoderContract("stabila", frames: level + level)
  }

  @Test("A reply of another length than was asked for gives no sample; broken requests are not taken")
  func mismatch() throws {
    let asked = ModbusRequest.read(address: 0x50, register: 0x34, count: 3)
    #expect(try run("witmotion-modbus", sent: asked, reply([1, 2, 3, 4])).samples.isEmpty)
    // A false head does not hold the answer behind it back.
    #expect(try run("witmotion-modbus", sent: asked, hex("50 03 4E") + reply([1, 2, 3])).samples.count == 1)
    var broken = asked
    broken[7] ^= 1
    #expect(try run("witmotion-modbus", sent: broken, reply([1, 2, 3])).samples.isEmpty)
    #expect(try run("witmotion-modbus", sent: Array(asked.prefix(5)), reply([1, 2, 3])).samples.isEmpty)
    #expect(try run("witmotion-modbus", sent: asked, reply([1, 2, 3])).samples.count == 1)
    // Another address, once it was asked.
    let other = ModbusRequest.read(address: 0x51, register: 0x34, count: 3)
    #expect(try run("witmotion-modbus", sent: other, reply([1, 2, 3], address: 0x51)).samples.count == 1)
  }
}
