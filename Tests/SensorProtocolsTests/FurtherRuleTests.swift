import Motion
import RealModule
import TestKit
import Testing

@testable import SensorProtocols

private func floats(_ values: [Double], little: Bool = false) -> [UInt8] {
  var bytes: [UInt8] = []
  for value in values {
    if little { bytes.append(littleEndianFloat: value) } else { bytes.append(bigEndianFloat: value) }
  }
  return bytes
}

/// Rows of the matrix of a rotation.
private func rows(_ q: Quaternion) -> [Vector3] {
  let columns = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)].map { q.rotate($0) }
  return [
    Vector3(columns[0].x, columns[1].x, columns[2].x), Vector3(columns[0].y, columns[1].y, columns[2].y),
    Vector3(columns[0].z, columns[1].z, columns[2].z),
  ]
}

private func list(_ v: Vector3) -> [Double] { [v.x, v.y, v.z] }

private func isSame(_ a: Quaternion, _ b: Quaternion) -> Bool {
  abs(abs(a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z) - 1) < 1e-6
}

private let turn = Quaternion(rotationVector: Vector3(0.4, -0.9, 1.3))

@Suite("Matrices, increments, calendars and stated uncertainties of laboratory sensors")
struct LaboratoryFieldTests {
  private func xsens(_ items: [(UInt16, [UInt8])]) -> [UInt8] {
    XsensCommand.message(
      0x36, items.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xFF), UInt8($0.1.count)] + $0.1 })
  }

  @Test("Xsens: a rotation matrix comes column after column, in every earth frame")
  func xsensMatrix() throws {
    let r = rows(turn)
    let columns = [r.map(\.x), r.map(\.y), r.map(\.z)].flatMap { $0 }
    for (frame, want) in [(UInt16(0), turn), (4, turn.northWestUpFromNorthEastDown), (8, turn)] {
      let sample = try #require(try decode("xsens", xsens([(0x2020 | frame, floats(columns))])).samples.first)
      #expect(sample.fields == .orientation && isSame(sample.orientation, want), "frame \(frame)")
    }
    // No rotation: a left-handed one, and one of other lengths.
    #expect(try decode("xsens", xsens([(0x2020, floats(columns.map { -$0 }))])).samples.isEmpty)
    #expect(try decode("xsens", xsens([(0x2020, floats(columns.map { 2 * $0 }))])).samples.isEmpty)
  }

  @Test("Xsens: increments become rates by the clock and the counter, and not before both have gone on")
  func xsensIncrements() throws {
    var bytes: [UInt8] = []
    let rate = Vector3(0.4, -1.1, 2)
    for index in 0..<50 where index != 20 {
      let half = rate * 0.005
      let angle = half.length
      let q = [Double.cos(angle)] + list(half * (Double.sin(angle) / angle))
      bytes += xsens([
        (0x1020, [UInt8((65500 + index) >> 8 & 0xFF), UInt8((65500 + index) & 0xFF)]),
        (0x1060, [0, 0] + [UInt8((index * 100) >> 8), UInt8(index * 100 & 0xFF)]),
        (0x4010, floats([0.02, -0.01, 0.0981])), (0x8030, floats(q)),
      ])
    }
    let samples = try decode("xsens", bytes).samples
    #expect(samples.count == 48, "\(samples.count)")
    #expect(samples.allSatisfy { $0.fields == [.acceleration, .angularRate, .deviceTime] })
    #expect(
      samples.allSatisfy { close($0.acceleration, Vector3(2, -1, 9.81), 1e-5) && close($0.angularRate, rate, 1e-5) })
  }

  @Test("Xsens: the calendar's time stands in for a clock that is not sent")
  func xsensCalendar() throws {
    func at(_ second: UInt8, _ nanoseconds: UInt32) throws -> SensorSample? {
      var time: [UInt8] = []
      time.append(bigEndian: nanoseconds)
      time.append(bigEndian: UInt16(2019))
      time += [1, 20, 13, 47, second, 7]
      return try decode("xsens", xsens([(0x1010, time), (0x4020, floats([0, 0, 9.8]))])).samples.first
    }
    let (a, b) = (try #require(try at(24, 121_900_000)), try #require(try at(25, 131_900_000)))
    #expect(a.fields == [.acceleration, .deviceTime] && b.deviceTicks - a.deviceTicks == 10_100)
  }

  private func vectorNav(_ groups: UInt8, _ masks: [UInt16], _ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0xFA, groups]
    for mask in masks { bytes.append(littleEndian: mask) }
    bytes += payload
    var crc: UInt16 = 0
    for byte in bytes.dropFirst() { crc = vectorNavCRC(crc, byte) }
    bytes.append(bigEndian: crc)
    return bytes
  }

  @Test("VectorNav: a matrix comes column after column of north-east-down to body")
  func vectorNavMatrix() throws {
    let toBody = rows(turn.conjugate)
    let columns = [toBody.map(\.x), toBody.map(\.y), toBody.map(\.z)].flatMap { $0 }
    let bytes = vectorNav(0x10, [0x0008], floats(columns, little: true))
    let sample = try #require(try decode("vectornav", bytes).samples.first)
    #expect(isSame(sample.orientation, turn.northWestUpFromNorthEastDown))
  }

  @Test("VectorNav: increments with their time, saturation, and the uncertainty of the angles")
  func vectorNavFields() throws {
    let increments = vectorNav(
      0x01, [0x0800], floats([0.01, 0.5, -0.25, 1, 0.02, 0, -0.0981], little: true))
    let sample = try #require(try decode("vectornav", increments).samples.first)
    #expect(close(sample.angularRate, Vector3(50, -25, 100) * radiansPerDegree, 1e-5))
    #expect(close(sample.acceleration, Vector3(2, 0, -9.81), 1e-5))
    for (status, isSaturated) in [(UInt16(0x0003), false), (0x0004, true), (0x0200, true), (0x0040, false)] {
      var payload: [UInt8] = []
      payload.append(littleEndian: status)
      payload += floats([10, 20, 30], little: true) + floats([1, 0.5, 0.25], little: true)
      let one = try #require(try decode("vectornav", vectorNav(0x10, [0x0103], payload)).samples.first)
      #expect(one.flags.contains(.saturated) == isSaturated, "\(status)")
      #expect(one.fields.contains(.tiltSD) && close(one.tiltSD, 0.5 * radiansPerDegree, 1e-7))
    }
  }

  private func packet(_ set: UInt8, _ fields: [(UInt8, [UInt8])]) -> [UInt8] {
    MicroStrainCommand.packet(set: set, fields.map { [UInt8($0.1.count + 2), $0.0] + $0.1 })
  }

  @Test("MIP: the estimation filter's matrix, acceleration, rate and uncertainty, and nothing while they are not valid")
  func filterSet() throws {
    let matrix = rows(turn.conjugate).flatMap(list)
    let fields: ([UInt8]) -> [(UInt8, [UInt8])] = { valid in
      [
        (0x04, floats(matrix) + valid), (0x1C, floats([1, 2, -9.8]) + valid), (0x0E, floats([0.1, 0.2, 0.3]) + valid),
        (0x0A, floats([0.002, 0.001, 0.1]) + valid),
      ]
    }
    let sample = try #require(try decode("microstrain", packet(0x82, fields([0, 1]))).samples.first)
    #expect(sample.fields == [.orientation, .acceleration, .angularRate, .tiltSD])
    #expect(isSame(sample.orientation, turn.northWestUpFromNorthEastDown))
    #expect(close(sample.acceleration, Vector3(1, 2, -9.8), 1e-6) && close(sample.tiltSD, 0.002, 1e-9))
    #expect(try decode("microstrain", packet(0x82, fields([0, 0]))).samples.isEmpty)
    // The same moments told again, once the sensors' own packets come.
    let both = packet(0x80, [(0x04, floats([0, 0, -1]))]) + packet(0x82, fields([0, 1]))
    #expect(try decode("microstrain", both).samples.count == 1)
  }

  @Test("MIP: increments are rates where the packet tells their time")
  func increments() throws {
    let grown: [(UInt8, [UInt8])] = [(0x07, floats([0.001, 0, -0.002])), (0x08, floats([0, 0, -0.01]))]
    var tenMilliseconds: [UInt8] = []
    tenMilliseconds.append(bigEndian: UInt64(10_000_000))
    let sample = try #require(try decode("microstrain", packet(0x80, grown + [(0xD6, tenMilliseconds)])).samples.first)
    #expect(close(sample.angularRate, Vector3(0.1, 0, -0.2), 1e-6))
    #expect(close(sample.acceleration, Vector3(0, 0, -standardGravity), 1e-5))
    #expect(try decode("microstrain", packet(0x80, grown)).samples.isEmpty)
  }
}

@Suite("Registers, settings and forms of address that no capture at hand shows")
struct ClinicFieldTests {
  private func rion(_ header: UInt8, _ body: [UInt8]) -> [UInt8] {
    let counted = [UInt8(body.count + 2)] + body
    return [header] + counted + [counted.reduce(0, &+)]
  }

  @Test("RION: every address with every width of angle")
  func rionForms() throws {
    let three = hex("101234 005678")
    let four = hex("10123456 00567890")
    for address in [[UInt8(0)], [0, 0], [0, 0, 0, 1]] {
      for (data, x, y) in [
        (three, -12.34, 56.78), (three + hex("013000"), -12.34, 56.78), (four, -12.3456, 56.789),
        (four + hex("FFFFFF"), -12.3456, 56.789),
      ] {
        let bytes = rion(0x77, address + [0x84] + data)
        let sample = try #require(try decode("rion", bytes).samples.first, "\(bytes)")
        #expect(close(sample.inclinationX, x * radiansPerDegree, 1e-9), "\(bytes)")
        #expect(close(sample.inclinationY, y * radiansPerDegree, 1e-9), "\(bytes)")
      }
    }
    // Three of four bytes with one address and two; with four it is temperature and battery.
    for address in [[UInt8(0)], [0, 0]] {
      #expect(try decode("rion", rion(0x77, address + [0x84] + four + hex("00112233"))).samples.count == 1)
      #expect(try decode("rion", rion(0x77, address + [0x84] + four + hex("001122AA"))).samples.isEmpty)
    }
    let long = rion(0x77, [UInt8](repeating: 0, count: 45))
    #expect(try decode("rion", long).counters.frames == 1 && long.count == 48)
  }

  @Test("TL740: accelerations in the frame that others use for angles, read as the sines that they are")
  func tl740() throws {
    let sample = try #require(
      try decode("rion-tl740", hex("68 0D 00 84 00 00 56 10 00 08 00 93 69 FB")).samples.first)
    #expect(close(sample.inclinationX, .asin(0.056), 1e-12) && close(sample.inclinationY, -.asin(0.008), 1e-12))
    // More than 1 g is no angle.
    let kick = try decode("rion-tl740", rion(0x68, hex("00 84 001200 000008 009369")))
    #expect(kick.samples.first?.flags.contains(.implausible) == true)
  }

  @Test("WitMotion: a register reply means what was asked for")
  func registers() throws {
    func reply(_ words: [Int16]) -> [UInt8] {
      let data = words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
      let body = [UInt8(0x55), 0x5F] + data
      return body + [body.reduce(0, &+)]
    }
    func asked(_ register: UInt8?, _ words: [Int16], after lead: [UInt8] = [], then rest: [UInt8] = []) throws
      -> [SensorSample]
    {
      var decoder = try ProtocolCatalogue.find("witmotion").makeDecoder()
      var samples: [SensorSample] = []
      decoder.consume(lead.span, arrived: HostInstant(nanoseconds: 0), into: &samples)
      if let register { decoder.sent(WitMotionCommand.read(register: register).span) }
      decoder.consume((reply(words) + rest).span, arrived: HostInstant(nanoseconds: 0), into: &samples)
      decoder.finish(into: &samples)
      #expect(decoder.counters.skipped == 0)
      return samples
    }
    #expect(try asked(nil, [1, 2, 3, 4]).isEmpty)
    #expect(try asked(0x3D, [16384, -8192, 0, 0]).first?.eulerAngles == Vector3(.pi / 2, -.pi / 4, 0))
    let q = try #require(try asked(0x51, [23170, 0, -23170, 0]).first)
    #expect(q.fields == .orientation && close(q.orientation.lengthSquared, 1, 1e-3))
    #expect(try asked(0x3A, [338, 239, -782, 2500]).first?.fields == .magneticField)
    // Beside a stream it adds no sample, and goes out with the next one.
    let cycle = hex("55 51 03 00 0b 00 4d 08 de 09 f0 55 52 f5 ff ea ff 15 00 de 09 80")
    let beside = try asked(0x3A, [338, 239, -782, 2500], after: cycle + cycle, then: cycle)
    #expect(beside.count == 3 && beside.map { $0.fields.contains(.magneticField) } == [false, false, true])
  }

  @Test("x-IMU3: magnetic field and temperature go out with the next sample; an earth frame with z down is turned")
  func ximu3() throws {
    let inertial = "I,%,0.0000,0.0000,0.0000,0.0000,0.0000,1.0000\n"
    func at(_ time: Int) -> String { inertial.replacing("%", with: "\(time)") }
    let text = at(1000) + at(2000) + "M,2500,0.5000,0.1000,-0.8000\nT,2600,31.2500\n" + at(3000) + at(4000)
    let samples = try decode("ximu3", ascii(text)).samples
    #expect(samples.map { $0.fields.contains(.magneticField) } == [false, false, true, false])
    #expect(samples[2].magneticField == Vector3(0.5, 0.1, -0.8) && samples[2].temperature == 31.25)
    let quaternion = "Q,1000000,0.8776,0.4794,0.0000,0.0000\n"
    let q = Quaternion(w: 0.8776, x: 0.4794, y: 0, z: 0)
    for (setting, isDown) in [
      ("{\"ahrs_axes_convention\":2}", true), ("{\"AHRS axes convention\": 2}", true),
      ("{\"ahrsAxesConvention\":0}", false),
      ("{\"ahrs_axes_convention\":null}", false), ("{\"ahrs_message_type\":2}", false),
    ] {
      let sample = try #require(try decode("ximu3", ascii(setting + "\n" + quaternion)).samples.first)
      #expect(sample.orientation == (isDown ? q.northWestUpFromNorthEastDown : q), "\(setting)")
    }
    // Level and upright: angles of zero against z down are a sensor on its back.
    let angles = try decode("ximu3", ascii("{\"ahrs_axes_convention\":2}\nA,1000000,0.0000,0.0000,0.0000\n"))
    #expect(close(try #require(angles.samples.first).orientation.verticalInSource, Vector3(0, 0, -1), 1e-12))
  }

  @Test("The first x-IMU: the thermometer's reading goes out with the next packet")
  func ximuTemperature() throws {
    var packet: [UInt8] = [0x07, 0x40, 0x00, 0x19, 0x80]
    packet.append(packet.reduce(0, &+))
    var bits = packet.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
    while bits.count % 7 != 0 { bits.append(0) }
    var bytes = stride(from: 0, to: bits.count, by: 7).map { start in
      bits[start..<start + 7].reduce(UInt8(0)) { $0 << 1 | $1 }
    }
    bytes[bytes.count - 1] |= 0x80
    let inertial = hex("04 7f 7f 7f 7f 73 7f 7f 7f 78 20 03 78 1f 0a 00 1b 40 06 5f 6b 26 fa")
    let samples = try decode("ximu", bytes + inertial + inertial).samples
    #expect(samples.count == 2 && samples[0].temperature == 25.5)
    #expect(samples.map { $0.fields.contains(.temperature) } == [true, false])
  }
}
