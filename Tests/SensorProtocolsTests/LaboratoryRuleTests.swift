import Motion
import TestKit
import Testing

@testable import SensorProtocols

private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(bigEndian: value)
  return bytes
}

private func floats(_ values: Double..., little: Bool = false) -> [UInt8] {
  var bytes: [UInt8] = []
  for value in values {
    if little { bytes.append(littleEndianFloat: value) } else { bytes.append(bigEndianFloat: value) }
  }
  return bytes
}

@Suite("Xsens: the rules that no capture at hand shows")
struct XsensRuleTests {
  private func item(_ identifier: UInt16, _ data: [UInt8]) -> [UInt8] {
    bigEndian(identifier) + [UInt8(data.count)] + data
  }

  private func samples(_ items: [UInt8]...) throws -> [SensorSample] {
    try decode("xsens", XsensCommand.message(0x36, items.flatMap { $0 })).samples
  }

  @Test("A number is the same in all four formats")
  func formats() throws {
    let values = [1.5, -20.25, -0.000_000_953_674_316_406_25]
    let single = values.flatMap { bigEndian(Float($0).bitPattern) }
    let fixed12 = values.flatMap { bigEndian(Int32($0 * 0x1p20)) }
    let fixed16 = values.flatMap { value -> [UInt8] in
      let all = Int64(value * 0x1p32)
      return bigEndian(UInt32(truncatingIfNeeded: all)) + bigEndian(Int16(all >> 32))
    }
    let double = values.flatMap { bigEndian($0.bitPattern) }
    for (format, data) in [single, fixed12, fixed16, double].enumerated() {
      let sample = try #require(try samples(item(0x4020 | UInt16(format), data)).first)
      #expect(sample.acceleration == Vector3(values[0], values[1], values[2]), "format \(format)")
      #expect(sample.fields == .acceleration)
    }
  }

  @Test("An item whose length does not fit its format is left out, and the others are kept")
  func lengths() throws {
    let good = item(0x8020, floats(0.1, 0.2, 0.3))
    let short = item(0x4020, floats(1, 2))
    let sample = try #require(try samples(short, good, item(0x1060, [1, 2])).first)
    #expect(sample.fields == .angularRate)
    // An item that claims more than the message has makes the whole message doubtful.
    #expect(try samples(good, [0x40, 0x20, 12, 0, 0]).isEmpty)
    #expect(try samples(good, [0x40]).isEmpty)
  }

  @Test("North-east-down is turned to z up, for quaternions and for angles alone")
  func down() throws {
    // Roll 30° in a frame whose z axis points down: down is (0, sin 30°, cos 30°) in the sensor.
    let up = Vector3(0, -0.5, -0.75.squareRoot())
    let euler = floats(30, 0, 40)
    let q = Quaternion(yaw: 40 * radiansPerDegree, pitch: 0, roll: 30 * radiansPerDegree)
    let quaternion = floats(q.w, q.x, q.y, q.z)
    for items in [item(0x2034, euler), item(0x2014, quaternion), item(0x2034, euler) + item(0x2014, quaternion)] {
      let sample = try #require(try samples(items).first)
      #expect(close(sample.orientation.verticalInSource, up, 1e-6))
    }
    // Against east-north-up and north-west-up the quaternion stays as it is.
    for frame in [UInt16(0), 8] {
      let sample = try #require(try samples(item(0x2010 | frame, quaternion)).first)
      #expect(close(sample.orientation.verticalInSource, -up, 1e-6))
      #expect(try samples(item(0x2030 | frame, euler)).first?.fields == .eulerAngles)
    }
  }

  @Test("The extended length: one message of 300 bytes")
  func extended() throws {
    let filler = item(0x7010, [UInt8](repeating: 0xFA, count: 250))
    let bytes = XsensCommand.message(0x36, filler + filler + item(0x4020, floats(1, 2, 3)))
    #expect(bytes[3] == 0xFF && bytes.count == 7 + 2 * 253 + 15)
    let decoded = try decode("xsens", bytes)
    #expect(decoded.samples.first?.acceleration == Vector3(1, 2, 3) && decoded.counters.frames == 1)
  }

  @Test("A packet counter alone counts on over its wraps; the clock goes before it")
  func counter() throws {
    let acceleration = item(0x4020, floats(1, 2, 3))
    let bytes = [65534, 65535, 0, 3].flatMap { count in
      XsensCommand.message(0x36, item(0x1020, bigEndian(UInt16(count))) + acceleration)
    }
    let decoded = try decode("xsens", bytes).samples
    #expect(decoded.allSatisfy { $0.fields == [.counter, .acceleration] })
    #expect(zip(decoded, decoded.dropFirst()).map { $1.deviceTicks - $0.deviceTicks } == [1, 1, 3])
    let both = try samples(item(0x1020, [0, 9]), item(0x1060, [0, 0, 1, 0]), acceleration)
    #expect(both.first?.deviceTicks == 256 && both.first?.fields == [.deviceTime, .acceleration])
  }

  @Test("A clipped axis in the status word is a saturated sample")
  func clipping() throws {
    let acceleration = item(0x4020, floats(1, 2, 3))
    for (status, flagged) in [(UInt32(0x0180_0007), false), (0x100, true), (0x2000, true), (0x4000, false)] {
      let sample = try #require(try samples(acceleration, item(0xE020, bigEndian(status))).first)
      #expect(sample.flags.contains(.saturated) == flagged)
    }
  }

  @Test("Messages without motion, and those of a bus, make no sample")
  func withoutMotion() throws {
    #expect(try samples(item(0x7010, [UInt8](repeating: 1, count: 94))).isEmpty)
    #expect(try samples(item(0x4030, floats(1, 2, 3)), item(0x4010, floats(1, 2, 3))).isEmpty)
    #expect(try decode("xsens", hex("FA 01 31 00 CE")).counters.frames == 0)
  }
}

@Suite("VectorNav: the rules that no capture at hand shows")
struct VectorNavRuleTests {
  private func message(_ head: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    let body = head + payload
    return [0xFA] + body + bigEndian(body.reduce(0) { vectorNavCRC($0, $1) })
  }

  private func line(_ text: String, crc: Bool = false) -> [UInt8] {
    let body = ascii(text)
    var sum = String(
      crc ? body.reduce(0) { vectorNavCRC($0, $1) } : UInt16(body.reduce(0, ^)), radix: 16, uppercase: true)
    while sum.count < (crc ? 4 : 2) { sum = "0" + sum }
    return ascii("$" + text + "*" + sum + "\r\n")
  }

  @Test("Groups in order, several masks, and fields that are stepped over by their length")
  func groups() throws {
    let time: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
    let gap = { (count: Int) in [UInt8](repeating: 0x55, count: count) }
    // Common: position. Time: start-up, status. IMU: uncompensated and compensated acceleration, rate. Attitude: quaternion.
    let payload =
      gap(24) + time + gap(1) + floats(9, 9, 9, little: true) + floats(1, 2, 3, little: true)
      + floats(4, 5, 6, little: true) + floats(0, 0, 0, 1, little: true)
    let bytes = message([0b0001_0111, 0x40, 0x00, 0x01, 0x02, 0x04, 0x06, 0x04, 0x00], payload)
    let sample = try #require(try decode("vectornav", bytes).samples.first)
    #expect(sample.fields == [.deviceTime, .acceleration, .angularRate, .orientation])
    #expect(sample.deviceTicks == 1 && sample.acceleration == Vector3(1, 2, 3))
    #expect(sample.angularRate == Vector3(4, 5, 6))
    // No rotation from the body to north-east-down: level, z down.
    #expect(close(sample.orientation.verticalInSource, Vector3(0, 0, -1)))
    #expect(try decode("vectornav", bytes).counters.skipped == 0)
  }

  @Test("Extended groups and extended masks")
  func extended() throws {
    let acceleration = floats(1, 2, 3, little: true)
    // Group 12 behind an extended byte of groups; its field 18 (8 bytes) behind an extended mask.
    let bytes = message(
      [0x81, 0x10, 0x00, 0x01, 0x01, 0x80, 0x04, 0x00], acceleration + [UInt8](repeating: 7, count: 16))
    let decoded = try decode("vectornav", bytes)
    #expect(decoded.samples.first?.acceleration == Vector3(1, 2, 3) && decoded.counters.skipped == 0)
    // A field whose length depends on its content is no message that can be framed.
    #expect(try decode("vectornav", message([0x08, 0x00, 0x40], [1, 2, 3])).counters.frames == 0)
  }

  @Test("Text lines with the 16-bit checksum, and quaternions with the scalar last")
  func lines() throws {
    // A published line of a sensor at rest.
    let text =
      "VNQMR,+0.004183,+0.001149,+0.089285,+0.995997,+00.0113,-00.2384,+00.1800,+00.020,-00.092,-09.683,"
      + "-00.000272,+00.000824,+00.000073,T0000000543"
    #expect(line(text).suffix(5).elementsEqual(ascii("*3D\r\n")))
    for crc in [false, true] {
      let sample = try #require(try decode("vectornav", line(text, crc: crc)).samples.first)
      #expect(sample.acceleration == Vector3(0.020, -0.092, -9.683))
      #expect(sample.orientation.verticalInSource.dot(try #require(sample.acceleration.normalized)) > 0.99999)
      #expect(close(sample.magneticField, Vector3(1.13, -23.84, 18.00), 1e-9))
    }
    let imu = try #require(try decode("vectornav", line("VNIMU,1,2,3,4,5,6,7,8,9,+25.5,+101.3")).samples.first)
    #expect(imu.acceleration == Vector3(4, 5, 6) && imu.angularRate == Vector3(7, 8, 9) && imu.temperature == 25.5)
    let single = try #require(try decode("vectornav", line("VNYPR,10,20,30")).samples.first)
    #expect(close(single.eulerAngles * degreesPerRadian, Vector3(30, 20, 10)))
    // What follows the angles here is acceleration without gravity.
    #expect(
      try decode("vectornav", line("VNYBA,1,2,3,4,5,6,7,8,9")).samples.first?.fields.contains(.acceleration) == false)
  }

  @Test("Of several kinds of messages the one that tells most makes the samples")
  func best() throws {
    let text = line("VNYMR,1,2,3,4,5,6,0,0,-9.8,7,8,9")
    var encoder = VectorNavEncoder()
    var binary: [UInt8] = []
    var sample = SensorSample()
    sample.acceleration = Vector3(0, 0, -9.8)
    sample.deviceTicks = 77
    sample.fields = [.acceleration, .angularRate, .deviceTime]
    encoder.encode(sample, into: &binary)
    let decoded = try decode("vectornav", text + binary + text + binary + line("VNYPR,1,2,3"))
    #expect(decoded.counters.frames == 5)
    #expect(decoded.samples.map { $0.fields.contains(.deviceTime) } == [false, true, true])
  }
}

@Suite("MIP: the rules that no capture at hand shows")
struct MicroStrainRuleTests {
  private func field(_ type: UInt8, _ data: [UInt8]) -> [UInt8] { [UInt8(data.count + 2), type] + data }

  private func packet(_ set: UInt8, _ fields: [UInt8]...) -> [UInt8] { MicroStrainCommand.packet(set: set, fields) }

  private var inertial: [UInt8] { field(0x04, floats(0, 0, -1)) + field(0x05, floats(0.1, 0.2, 0.3)) }

  @Test("A true packet inside one with a bad checksum is found")
  func nested() throws {
    let inner = packet(0x80, inertial)
    let outer: [UInt8] = [0x75, 0x65, 0x80, UInt8(inner.count + 4), 1, 2] + inner + [3, 4, 0, 0]
    let decoded = try decode("microstrain", outer + packet(0x80, inertial))
    #expect(decoded.samples.count == 2 && decoded.counters.checksumFailures == 1)
    #expect(decoded.samples[1].flags.contains(.afterLoss))
  }

  @Test("Satellite time until a reference time comes, and samples without any")
  func times() throws {
    func satellite(_ seconds: Double) -> [UInt8] { bigEndian(seconds.bitPattern) + [0, 2, 0, 0x1F] }
    let packets = [
      packet(0x80, inertial, field(0x12, satellite(1.5))), packet(0x80, inertial, field(0xD3, satellite(2.5))),
      packet(0x80, inertial), packet(0x80, field(0xD5, bigEndian(UInt64(9))) + inertial),
      packet(0x80, inertial, field(0xD3, satellite(3.5))),
    ]
    let decoded = try decode("microstrain", packets.flatMap { $0 }).samples
    let week: UInt64 = 2 * 604_800 * 1_000_000_000
    let hasTime = decoded.map { $0.fields.contains(.deviceTime) }
    #expect(decoded.map(\.deviceTicks) == [week + 1_500_000_000, week + 2_500_000_000, 0, 9, 0])
    #expect(hasTime == [true, true, false, true, false])
  }

  @Test("The estimation filter's packets make samples as long as no others do, and only while they are valid")
  func filterSet() throws {
    let q = Quaternion(yaw: 0.5, pitch: 0.2, roll: 0.1)
    func filter(_ valid: UInt8) -> [UInt8] { packet(0x82, field(0x03, floats(q.w, q.x, q.y, q.z) + [0, valid])) }
    let decoded = try decode(
      "microstrain", filter(0) + filter(1) + packet(0x80, inertial) + filter(1) + packet(0x80, inertial))
    #expect(decoded.counters.frames == 5)
    #expect(decoded.samples.map { $0.fields.contains(.orientation) } == [true, false, false])
    // Down in the sensor is the third row of the rotation to north-east-down.
    #expect(close(decoded.samples[0].orientation.verticalInSource, -q.verticalInSource, 1e-6))
  }

  @Test("Quaternion, matrix and angles of one rotation say the same")
  func orientations() throws {
    let q = Quaternion(yaw: 0.5, pitch: 0.2, roll: 0.1)
    // The matrix takes earth to sensor: its columns are the earth axes in the sensor.
    let (x, y, z) = (
      q.conjugate.rotate(Vector3(1, 0, 0)), q.conjugate.rotate(Vector3(0, 1, 0)), q.conjugate.rotate(Vector3(0, 0, 1))
    )
    let matrix = floats(x.x, y.x, z.x) + floats(x.y, y.y, z.y) + floats(x.z, y.z, z.z)
    let forms = [
      field(0x09, matrix), field(0x0A, floats(q.w, q.x, q.y, q.z)), field(0x0C, floats(0.1, 0.2, 0.5)),
    ]
    for form in forms {
      let sample = try #require(try decode("microstrain", packet(0x80, form)).samples.first)
      let turn = sample.orientation.northEastDownFromNorthWestUp.conjugate * q
      #expect(close(abs(turn.w), 1, 1e-6))
    }
  }

  @Test("Packets without motion, and fields that do not fill the packet, make no sample")
  func without() throws {
    #expect(try decode("microstrain", packet(0x80, field(0x06, floats(0.2, 0, 0.4)))).samples.isEmpty)
    #expect(try decode("microstrain", packet(0x80, inertial, [9, 4, 0])).samples.isEmpty)
    #expect(try decode("microstrain", packet(0x80, inertial, [1, 4])).samples.isEmpty)
    #expect(try decode("microstrain", packet(0xA0, inertial)).samples.isEmpty)
    #expect(
      try decode("microstrain", packet(0x80, field(0x04, floats(0, 1)) + field(0x05, floats(1, 2, 3)))).samples
        .first?.fields == .angularRate)
  }
}

@Suite("BNO08x UART-RVC: what the words mean")
struct BNO08xRuleTests {
  @Test("Pitch tilts the y axis and roll the x axis, in that order")
  func rule() {
    func up(_ pitch: Double, _ roll: Double) -> Vector3 {
      bno08xOrientation(eulerAngles: Vector3(roll, pitch, 1) * radiansPerDegree).verticalInSource
    }
    #expect(close(up(30, 0), Vector3(0, 0.5, 0.75.squareRoot())))
    #expect(close(up(0, 30), Vector3(-0.5, 0, 0.75.squareRoot())))
    #expect(close(up(90, 45), Vector3(0, 1, 0), 1e-9))
    #expect(close(up(60, 180), Vector3(0, 0.75.squareRoot(), -0.5), 1e-9))
  }

  @Test("Angles beyond their ranges are refused, though the sum fits")
  func ranges() throws {
    func frame(_ yaw: Int16, _ pitch: Int16, _ roll: Int16) -> [UInt8] {
      var bytes: [UInt8] = [0xAA, 0xAA, 1]
      for word in [yaw, pitch, roll, 0, 0, 1000] { bytes.append(littleEndian: word) }
      bytes += [0, 0, 0]
      return bytes + [bytes.dropFirst(2).reduce(0, &+)]
    }
    #expect(try decode("bno08x-rvc", frame(18000, -9000, -18000)).samples.count == 1)
    for bad in [frame(18001, 0, 0), frame(0, 9001, 0), frame(0, 0, -18001)] {
      let decoded = try decode("bno08x-rvc", bad)
      #expect(decoded.samples.isEmpty && decoded.counters.checksumFailures == 1)
    }
  }

  @Test("Without angles the encoder writes those of the orientation, or of the acceleration")
  func encoder() throws {
    var sample = SensorSample()
    sample.orientation = bno08xOrientation(eulerAngles: Vector3(0.3, -0.4, 1.1))
    sample.acceleration = sample.orientation.verticalInSource * standardGravity
    for fields in [SensorSample.Fields.acceleration, [.acceleration, .orientation]] {
      sample.fields = fields
      var encoder = BNO08xRVCEncoder()
      var bytes: [UInt8] = []
      for _ in 0..<300 { encoder.encode(sample, into: &bytes) }
      let decoded = try decode("bno08x-rvc", bytes).samples
      #expect(close(decoded[0].eulerAngles, Vector3(0.3, -0.4, fields.contains(.orientation) ? 1.1 : 0), 1e-4))
      #expect(decoded[255].deviceTicks == 255 && decoded[256].deviceTicks == 0)
    }
  }
}
