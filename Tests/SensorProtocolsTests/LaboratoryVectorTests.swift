import Foundation
import Motion
import TestKit
import Testing

@testable import SensorProtocols

/// Published and captured bytes of the laboratories' sensors, with the values that they mean.
@Suite(
  "Captured and published bytes of Xsens, VectorNav, MicroStrain and BNO08x",
  .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
struct LaboratoryVectorTests {
  private func vectors(_ path: String) throws -> [[String: Any]] {
    let all = try SharedData.jsonLines("captures/" + path)
    try #require(!all.isEmpty)
    return all
  }

  private func list(_ expect: [String: Any], _ key: String) -> Vector3? {
    guard let values = (expect[key] as? [Any])?.map({ ($0 as! NSNumber).doubleValue }), values.count == 3 else {
      return nil
    }
    return Vector3(values[0], values[1], values[2])
  }

  private func angles(_ expect: [String: Any]) -> Vector3? {
    let all = ["roll_deg", "pitch_deg", "yaw_deg"].compactMap { (expect[$0] as? NSNumber)?.doubleValue }
    return all.count == 3 ? Vector3(all[0], all[1], all[2]) : nil
  }

  /// Every value that the record names is the sample's, to `tolerance` of its own size.
  private func check(_ sample: SensorSample, _ expect: [String: Any], _ tolerance: Double) -> Int {
    var checked = 0
    func same(_ a: Vector3, _ b: Vector3) {
      #expect(close(a, b, tolerance * max(1, abs(b.x), abs(b.y), abs(b.z))))
      checked += 1
    }
    if let want = angles(expect) { same(sample.eulerAngles * degreesPerRadian, want) }
    if let want = list(expect, "acc_mps2") { same(sample.acceleration, want) }
    if let want = list(expect, "acc_mg") { same(sample.acceleration * (1000 / standardGravity), want) }
    if let want = list(expect, "gyro_radps") { same(sample.angularRate, want) }
    if let want = list(expect, "mag_gauss") { same(sample.magneticField / 100, want) }
    if let want = (expect["temp_c"] as? NSNumber)?.doubleValue {
      #expect(close(sample.temperature, want, 1e-6 * want))
      checked += 1
    }
    if let want = (expect["index"] as? NSNumber) {
      #expect(sample.deviceTicks == want.uint64Value && sample.fields.contains(.counter))
      checked += 1
    }
    if let want = (expect["stf"] as? NSNumber) {
      #expect(sample.deviceTicks == want.uint64Value && sample.fields.contains(.deviceTime))
      checked += 1
    }
    return checked
  }

  @Test("VectorNav: lines and binary messages")
  func vectorNav() throws {
    var (samples, empty, rejected) = (0, 0, 0)
    for record in try vectors("vectornav/vectors.jsonl") {
      let bytes = (record["ascii"] as? String).map(ascii) ?? hex(record["hex"] as! String)
      let decoded = try decode("vectornav", bytes)
      guard record["valid"] as! Bool else {
        #expect(decoded.samples.isEmpty && decoded.counters.checksumFailures == 1, "\(record)")
        rejected += 1
        continue
      }
      #expect(decoded.counters.frames == 1 && decoded.counters.framed == UInt64(bytes.count), "\(record)")
      guard let expect = record["expect"] as? [String: Any] else {
        #expect(decoded.samples.isEmpty, "\(record)")
        empty += 1
        continue
      }
      let sample = try #require(decoded.samples.first, "\(record)")
      #expect(check(sample, expect, 5e-7) > 0)
      samples += 1
    }
    #expect((samples, empty, rejected) == (11, 17, 2))
  }

  @Test("In VectorNav's lines the orientation and the acceleration point the same way up")
  func vectorNavFrames() throws {
    var checked = 0
    for record in try vectors("vectornav/vectors.jsonl") {
      guard let line = record["ascii"] as? String, line.hasPrefix("$VNYMR") else { continue }
      for sample in try decode("vectornav", ascii(line)).samples {
        let up = try #require(sample.acceleration.normalized)
        guard abs(sample.acceleration.length - standardGravity) < 0.5 else { continue }
        // Held in a hand: a few degrees of difference, while a wrong sign or axis gives tens of degrees.
        #expect(sample.orientation.verticalInSource.dot(up) > 0.99, "\(line)")
        checked += 1
      }
    }
    #expect(checked == 7)
  }

  @Test("VectorNav commands")
  func vectorNavCommands() throws {
    let built = [
      VectorNavCommand.write(register: 7, "40"), VectorNavCommand.write(register: 6, "14"),
      VectorNavCommand.write(register: 6, "0"), VectorNavCommand.write(register: 75, "1,16,01,0029"),
      VectorNavCommand.streaming(false), VectorNavCommand.streaming(true), VectorNavCommand.zeroOrientation,
      VectorNavCommand.read(register: 1), VectorNavCommand.save, VectorNavCommand.restart,
    ]
    let sent = try vectors("vectornav/vectors.jsonl").filter { $0["dir"] as? String == "tx" }
    #expect(sent.map { ascii($0["ascii"] as! String) } == built)
  }

  @Test("BNO08x UART-RVC")
  func rvc() throws {
    var checked = 0
    for record in try vectors("bno08x_rvc/vectors.jsonl") {
      let decoded = try decode("bno08x-rvc", hex(record["hex"] as! String))
      if record["valid"] as! Bool {
        #expect(decoded.samples.count == 1)
        checked += check(try #require(decoded.samples.first), record["expect"] as! [String: Any], 1e-12)
      } else {
        #expect(decoded.samples.isEmpty && decoded.counters.checksumFailures == 1)
        checked += 1
      }
    }
    #expect(checked == 4 * 3 + 1)
  }

  @Test("In the data sheet's frame the orientation and the acceleration point the same way up, to a tenth of a degree")
  func rvcFrame() throws {
    let record = try #require(try vectors("bno08x_rvc/vectors.jsonl").first { $0["name"] as? String == "datasheet" })
    let sample = try #require(try decode("bno08x-rvc", hex(record["hex"] as! String)).samples.first)
    let up = try #require(sample.acceleration.normalized)
    #expect(sample.orientation.verticalInSource.dot(up) > 1 - 1.5e-6)
  }

  @Test("MIP packets")
  func mip() throws {
    var checked = 0
    for record in try vectors("mip/vectors.jsonl") {
      let bytes = hex(record["hex"] as! String)
      let decoded = try decode("microstrain", bytes)
      if record["valid"] as! Bool {
        #expect(decoded.counters.frames == 1 && decoded.counters.framed == UInt64(bytes.count), "\(record)")
        let expect = record["expect"] as? [String: Any] ?? [:]
        if expect["roll_rad"] != nil {
          let sample = try #require(decoded.samples.first)
          let want = ["roll_rad", "pitch_rad", "yaw_rad"].map { (expect[$0] as! NSNumber).doubleValue }
          #expect(close(sample.eulerAngles, Vector3(want[0], want[1], want[2]), 1e-8))
          // Roll 0.1 rad about x, in a frame whose z axis points down.
          #expect(sample.orientation.verticalInSource.z < -0.9)
        } else {
          #expect(decoded.samples.isEmpty, "\(record)")
        }
      } else {
        #expect(decoded.samples.isEmpty && decoded.counters.checksumFailures == 1)
      }
      checked += 1
    }
    #expect(checked == 9)
  }

  @Test("The example packet of MicroStrain's development kit")
  func mipExample() throws {
    let text = String(decoding: try SharedData.bytes("captures/mip/packet_example_cpp_check.txt"), as: UTF8.self)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Packet from buffer:") })
    let bytes = hex(String(try #require(line.split(separator: "[").last).dropLast()))
    let sample = try #require(try decode("microstrain", bytes).samples.first)
    #expect(sample.deviceTicks == 23_067_000_000)
    #expect(sample.fields == [.deviceTime, .acceleration, .angularRate])
    #expect(close(sample.acceleration / standardGravity, Vector3(0.077592, 0.000061, -0.979233), 5.1e-7))
    #expect(close(sample.angularRate, Vector3(-0.002138, -0.003283, -0.005192), 5.1e-7))
    // All packets of the file that it calls valid are frames; the unfinished ones are not.
    var valid = 0
    for line in text.split(separator: "\n") where line.hasSuffix("]") && line.contains("chk=") {
      let bytes = hex(String(try #require(line.split(separator: "[").last).dropLast()))
      let decoded = try decode("microstrain", bytes)
      #expect(decoded.counters.frames == (line.contains("chk=valid") ? 1 : 0), "\(line)")
      valid += 1
    }
    #expect(valid == 11)
  }

  @Test("Commands to MicroStrain and Xsens sensors")
  func commands() throws {
    var built: [String: [UInt8]] = [
      "ping": MicroStrainCommand.ping, "empty": MicroStrainCommand.packet(set: 1, []), "idle": MicroStrainCommand.idle,
      "resume": MicroStrainCommand.resume,
      "imu_format": MicroStrainCommand.messageFormat(set: 0x80, [(0xD5, 10), (0x04, 10), (0x05, 10)]),
      "goto_config": XsensCommand.gotoConfiguration, "goto_measurement": XsensCommand.gotoMeasurement,
      "req_did": XsensCommand.requestDeviceID,
      "set_output_euler_100": XsensCommand.outputConfiguration([(0x1020, 0xFFFF), (0x1060, 0xFFFF), (0x2030, 100)]),
    ]
    for record in try vectors("mip/vectors.jsonl") + vectors("xsens_mtdata2/vectors.jsonl") {
      guard let bytes = built.removeValue(forKey: record["name"] as! String) else { continue }
      #expect(bytes == hex(record["hex"] as! String), "\(record)")
    }
    #expect(built.isEmpty)
  }

  @Test("Xsens: small messages")
  func xsens() throws {
    var checked = 0
    for record in try vectors("xsens_mtdata2/vectors.jsonl") {
      let name = record["name"] as! String
      let bytes = hex(record["hex"] as! String)
      let decoded = try decode("xsens", bytes)
      #expect(decoded.counters.framed == UInt64(bytes.count) && decoded.counters.checksumFailures == 0, "\(name)")
      let expect = record["expect"] as? [String: Any] ?? [:]
      if let fixed = list(expect, "fp1220") {
        #expect(close(try #require(decoded.samples.first).eulerAngles * degreesPerRadian, fixed, 1e-6))
      } else if angles(expect) != nil {
        #expect(check(try #require(decoded.samples.first), expect, 1e-12) == 2)
      } else {
        #expect(decoded.samples.isEmpty, "\(name)")
      }
      checked += 1
    }
    #expect(checked == 8)
  }

  /// What an independent reader printed of one file, message by message: quantity to values.
  private func golden(_ file: String) throws -> [[String: [Double]]] {
    let text = String(decoding: try SharedData.bytes("captures/xsens_mtdata2/" + file), as: UTF8.self)
    return text.components(separatedBy: "\n\n").map { block in
      var message: [String: [Double]] = [:]
      var key = ""
      for line in block.split(separator: "\n") {
        let words = line.split { " \t&{}".contains($0) }.map { $0.split(separator: ":").last.map(String.init) ?? "" }
        if words.allSatisfy({ Double($0) != nil }) {
          message[key, default: []] += words.compactMap(Double.init)
        } else {
          key = words.first ?? ""
        }
      }
      return message
    }.filter { !$0.isEmpty }
  }

  @Test(
    "Two captures of an MTi-G-710: the golden values to the last digit",
    arguments: ["1_output.golden", "1_output.client.golden", "2_output.golden", "2_output.client.golden"])
  func xsensCaptures(file: String) throws {
    let bytes = try SharedData.bytes("captures/xsens_mtdata2/\(file.prefix(1))_output.bin")
    let decoded = try decode("xsens", bytes)
    #expect(decoded.counters.frames == 100 && decoded.counters.framed == UInt64(bytes.count))
    let messages = try golden(file)
    let motion = messages.filter { $0.keys.contains { $0.hasPrefix("Acceleration") || $0.hasPrefix("Euler") } }
    #expect(messages.count == 100 && decoded.samples.count == motion.count)
    var values = 0
    for (sample, message) in zip(decoded.samples, motion) {
      #expect(sample.deviceTicks == UInt64(message["SampleTimeFine"]![0]))
      for (key, numbers) in message {
        let want = numbers.count == 3 ? Vector3(numbers[0], numbers[1], numbers[2]) : .zero
        if key.hasPrefix("Acceleration") {
          #expect(sample.acceleration == want)
        } else if key.hasPrefix("RateOfTurn") {
          #expect(sample.angularRate == want)
        } else if key.hasPrefix("EulerAngles") {
          #expect(sample.eulerAngles == want * radiansPerDegree)
        } else {
          continue
        }
        values += 3
      }
      // At rest on a desk: the acceleration and, once the filter runs, the angles agree on what is up.
      if sample.fields.contains([.eulerAngles, .acceleration]) {
        let q = Quaternion(yaw: 0, pitch: sample.eulerAngles.y, roll: sample.eulerAngles.x)
        #expect(q.verticalInSource.dot(try #require(sample.acceleration.normalized)) > 0.99)
      }
    }
    #expect(values > 800)
  }

  @Test("The reply of an Xsens to a question about its settings is a frame without a sample", arguments: ["1", "2"])
  func xsensReply(file: String) throws {
    let data = try SharedData.bytes("captures/xsens_mtdata2/\(file)_outputconfig.bin")
    let decoded = try decode("xsens", XsensCommand.message(0xC1, data))
    #expect(decoded.samples.isEmpty && decoded.counters.frames == 1 && decoded.counters.skipped == 0)
  }
}
