import Motion
import SensorProtocols
import TestKit
import Testing

@Suite("Labelled lines of sketches")
struct StockLineTests {
  private func lines(_ texts: String...) throws -> Decoded {
    try decode("sketch", ascii("\r\n" + texts.joined(separator: "\r\n") + "\r\n"))
  }

  @Test(
    "Every stock line becomes its value or is refused",
    .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
  func vectors() throws {
    var read = 0
    var refused = 0
    var ambiguous = 0
    var bare = 0
    for record in try SharedData.jsonLines("captures/diy_ascii/lines.jsonl") {
      let line = record["line"] as! String
      let decoded = try lines(line)
      if line.contains("Orientation:") {
        #expect(decoded.samples.isEmpty && decoded.counters.skipped == UInt64(line.utf8.count + 2), "\(line)")
        try orientation(line, (record["expect"] as! [String: Any])["order"] as! String)
        ambiguous += 1
        continue
      }
      let source = record["source"] as! String
      if !(record["valid"] as! Bool) {
        #expect(decoded.samples.isEmpty, "\(line)")
        refused += 1
        continue
      }
      // Bare numbers do not say what they are; they are read by `lines:` with a map, and tested there.
      if ["SparkFun 9DoF Razor M0", "OpenLog Artemis"].contains(source) || source.contains("SimpleAccelerometer") {
        #expect(decoded.samples.isEmpty, "\(line)")
        bare += 1
        continue
      }
      try check(record, decoded)
      read += 1
    }
    #expect([read, refused, ambiguous, bare] == [24, 17, 5, 3])
  }

  private func check(_ record: [String: Any], _ decoded: Decoded) throws {
    let line = record["line"] as! String
    let sample = try #require(decoded.samples.first, "\(line)")
    #expect(decoded.samples.count == 1 && decoded.counters.skipped == 0 && sample.flags == .unchecked, "\(line)")
    func compare(_ key: String, _ got: Vector3, _ unit: Double) {
      guard let want = expected(record, key) else { return }
      #expect(close(got, vector(want) * unit, 1e-9), "\(line)")
    }
    compare("acc_raw", sample.acceleration, standardGravity / 16384)
    compare("gyro_raw", sample.angularRate, radiansPerDegree / 131)
    compare("acc_mps2", sample.acceleration, 1)
    compare("gyro_radps", sample.angularRate, 1)
    compare("acc_g", sample.acceleration, standardGravity)
    compare("acc_mg", sample.acceleration, standardGravity / 1000)
    compare("gyro_dps", sample.angularRate, radiansPerDegree)
    compare("mag_ut", sample.magneticField, 1)
    if let t = expected(record, "temp_c") { #expect(close(sample.temperature, t[0])) }
    if let q = expected(record, "quat_wxyz") {
      #expect(sample.orientation == Quaternion(w: q[0], x: q[1], y: q[2], z: q[3]))
    }
    if let q = expected(record, "quat_xyz") {
      #expect(sample.orientation.x == q[0] && sample.orientation.y == q[1] && sample.orientation.z == q[2])
      #expect(close(sample.orientation.lengthSquared, 1) && sample.orientation.w > 0)
    }
    for keys in [
      ("roll_deg", "pitch_deg", "yaw_deg"), ("angle_x_deg", "angle_y_deg", "angle_z_deg"),
      ("bno_z_deg", "bno_y_deg", "heading_deg"),
    ] {
      if let want = expected(record, keys.0, keys.1, keys.2) {
        #expect(close(sample.eulerAngles, vector(want) * radiansPerDegree), "\(line)")
      }
    }
    #expect(!sample.fields.subtracting(.temperature).isEmpty)
  }

  /// The line is read once its order is named.
  private func orientation(_ line: String, _ order: String) throws {
    let names =
      switch order {
      case "heading y z", "360-heading, y, z", "heading pitch roll": "heading,pitch,roll"
      case "roll pitch heading": "roll,pitch,heading"
      case "pitch heading roll": "pitch,heading,roll"
      default: ""
      }
    let decoded = try decode("orientation:" + names, ascii("\n" + line + "\n"))
    let sample = try #require(decoded.samples.first, "\(line)")
    #expect(
      close(sample.eulerAngles.x, 1.25 * radiansPerDegree) && close(sample.eulerAngles.y, -0.44 * radiansPerDegree))
    #expect(sample.fields.contains(.deviceTime) == line.hasPrefix("12345"))
    if line.hasPrefix("12345") { #expect(sample.deviceTicks == 12345) }
  }

  @Test("Orientation lines without an order are refused with the reason")
  func ambiguity() {
    for name in [
      "orientation", "orientation:", "orientation:roll,pitch", "orientation:roll,roll,pitch", "orientation:x,y,z",
    ] {
      let error = #expect(throws: ProtocolCatalogue.NotFound.self) { try ProtocolCatalogue.find(name) }
      #expect(error?.description.contains("four different ones") == true)
    }
  }

  @Test("Three-line samples are one; a lost line is not bridged; accelerations alone are given out at once")
  func grouping() throws {
    let a = "Acceleration X: -0.12, Y: 0.34, Z: 9.79 m/s^2"
    let b = "Acceleration X: -0.13, Y: 0.34, Z: 9.79 m/s^2"
    let r = "Rotation X: 0.01, Y: -0.02, Z: 0.00 rad/s"
    let t = "Temperature: 36.12 degC"
    let whole = try lines(a, r, t, "", b, r, t, "")
    #expect(whole.samples.map(\.fields) == [[.acceleration, .angularRate], [.acceleration, .angularRate]])
    #expect(whole.counters.skipped == 0)
    let torn = try lines(a, "Rotation X: 0.0", b, r)
    #expect(torn.samples.map(\.fields) == [.acceleration, [.acceleration, .angularRate]])
    let mixed = try lines(a, "Rotation X: 0.01, Y: -", r)
    #expect(mixed.samples.map(\.fields) == [.acceleration, .angularRate])
    var decoder = try ProtocolCatalogue.find("sketch").makeDecoder()
    var samples: [SensorSample] = []
    var counts: [Int] = []
    for line in [a, b, a, b] {
      decoder.consume(ascii(line + "\n").span, arrived: HostInstant(nanoseconds: 0), into: &samples)
      counts.append(samples.count)
    }
    #expect(counts == [0, 2, 3, 4])
  }

  @Test("The vertical of angles whose pitch has another sign")
  func senses() throws {
    // i2cdevlib: pitch is positive with the x axis up; beyond 90° its z axis points down.
    func vertical(_ line: String) throws -> Vector3 {
      let sample = try #require(try lines(line).samples.first)
      return sample.orientation.verticalInSource
    }
    let s = 0.5
    let c = 0.75.squareRoot()
    #expect(close(try vertical("ypr\t10\t30\t0"), Vector3(s, 0, c), 1e-9))
    #expect(close(try vertical("ypr\t10\t150\t180"), Vector3(s, 0, -c), 1e-9))
    #expect(close(try vertical("ypr\t10\t0\t30"), Vector3(0, s, c), 1e-9))
    // Razor: lying flat its z axis points down; nose up is positive.
    #expect(close(try vertical("#YPR=10,0,0"), Vector3(0, 0, -1), 1e-9))
    #expect(close(try vertical("#YPR=10,30,0"), Vector3(s, 0, -c), 1e-9))
    #expect(close(try vertical("#YPR=10,0,30"), Vector3(0, -s, -c), 1e-9))
  }

  @Test("The contract; a first line is read when its beginning shows that it is whole")
  func contract() throws {
    let frames = [
      "ypr\t-12.34\t5.67\t-89.01\r\n", "quat\t0.71\t0.00\t-0.71\t0.00\r\n", "a/g:\t-512\t300\t16200\t12\t-7\t3\r\n",
      "Acceleration X: -0.12, Y: 0.34, Z: 9.79 m/s^2\r\n", "Rotation X: 0.01, Y: -0.02, Z: 0.00 rad/s\r\n",
      "Uni:-0.14,0.41,9.80,0.0033,-0.0055,0.0011,12.00,-34.00,45.00\r\n", "X: 359.94 Y: -0.44 Z: 1.25\t\t\r\n",
    ].map(ascii)
    try expectDecoderContract("sketch", frames: frames)
    try expectResynchronisation("sketch", frames: frames) { _ in ascii("FIFO overflow!\r\n") }
    #expect(try decode("sketch", ascii("ypr 1 2 3\n")).samples.count == 1)
    // The end of "ANGLE X: …" reads like a BNO055's line.
    #expect(try decode("sketch", ascii("X: 1.23\tY: -4.56\tZ: 7.89\n")).samples.isEmpty)
    #expect(try decode("sketch", ascii("\nX: 1.23\tY: -4.56\tZ: 7.89\n")).samples.count == 1)
  }
}

@Suite("Lines of inclinometers")
struct InclinometerLineTests {
  private let long = "$YXXDR,A,-00.920,D,N,A,-00.210,D,E,C,030.045,C,T-N1212*57\r\n"
  private let short = "$-00.920,-00.210,030.045,N1212\r\n"

  @Test(
    "The makers' lines", .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
  func vectors() throws {
    var checked = 0
    for record in try SharedData.jsonLines("captures/inclinometer_misc/vectors.jsonl") {
      guard record["dir"] as! String == "rx" else { continue }
      let bytes = (record["ascii"] as? String).map(ascii) ?? hex(record["hex"] as! String)
      let device = record["device"] as! String
      let own = device.hasPrefix("MEAS") ? "meas" : device.hasPrefix("Jewell") ? "jewell" : ""
      for name in ["meas", "jewell"] where name != own {
        #expect(try decode(name, bytes).samples.isEmpty, "\(name) took \(record)")
      }
      guard own != "" else { continue }
      let decoded = try decode(own, bytes)
      let sample = try #require(decoded.samples.first)
      let want = try #require(expected(record, "x_deg", "y_deg"))
      #expect(decoded.counters.framed == UInt64(bytes.count))
      #expect(close(sample.inclinationX, want[0] * radiansPerDegree))
      #expect(close(sample.inclinationY, want[1] * radiansPerDegree))
      if let t = expected(record, "temp_c") { #expect(close(sample.temperature, t[0])) }
      #expect(sample.flags == (device.contains("XDR") ? [] : .unchecked))
      checked += 1
    }
    #expect(checked == 4)
  }

  @Test("The contract of Jewell's lines, in both forms")
  func jewell() throws {
    let frames = [long, short, long, long, short, long].map(ascii)
    try expectDecoderContract("jewell", frames: frames)
    try expectResynchronisation("jewell", frames: frames) { randomBytes(9, using: &$0) }
    #expect(try decode("jewell", ascii(long.replacing("-00.920", with: "-00.921"))).counters.checksumFailures == 1)
    for wrong in [
      "$-00.920,-00.210,030.045\r\n", "$-00.920,-00.210,030.045,\r\n", "$nan,-00.210,030.045,N1\r\n",
      "$GPGGA,1,2,3*00\r\n",
    ] {
      #expect(try decode("jewell", ascii(wrong)).samples.isEmpty, "\(wrong)")
    }
  }

  @Test("The contract of MEAS lines with two and three decimals; every wrong character is found")
  func meas() throws {
    let frames = ["X=+00.430\r\nY=-00.084\r\n", "X=-12.345\r\nY=+45.678\r\n", "X=+00.43\r\nY=-00.08\r\n"].map(ascii)
    try expectDecoderContract("meas", frames: frames + frames)
    for place in 0..<22 {
      var broken = frames[0]
      broken[place] = UInt8(ascii: "?")
      #expect(try decode("meas", broken + frames[1]).samples.count == 1, "\(place)")
    }
    // The first line of one reading and the second of another kind are no frame.
    #expect(try decode("meas", ascii("X=+00.430\r\nY=-00.08\r\n")).samples.isEmpty)
  }
}
