import Foundation
import Motion
import SensorProtocols
import TestKit
import Testing

/// Real and computed frames with the values that they mean. Each is led in and followed by a good frame where it matters.
@Suite(
  "Captured and published bytes",
  .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
struct CaptureTests {
  private func vectors(_ path: String) throws -> [[String: Any]] {
    let all = try SharedData.jsonLines("captures/" + path)
    try #require(!all.isEmpty)
    return all
  }

  private func numbers(_ expect: [String: Any], _ keys: String...) -> [Double]? {
    if keys.count == 1, let list = expect[keys[0]] as? [Any] { return list.map { ($0 as! NSNumber).doubleValue } }
    let found = keys.compactMap { (expect[$0] as? NSNumber)?.doubleValue }
    return found.count == keys.count ? found : nil
  }

  private func vector(_ list: [Double]) -> Vector3 { Vector3(list[0], list[1], list[2]) }

  @Test("WitMotion vectors")
  func witMotion() throws {
    var checked = 0
    for record in try vectors("witmotion_standard/vectors.jsonl") {
      let name = record["name"] as! String
      guard record["dir"] as! String == "rx" else { continue }
      let bytes = hex(record["hex"] as! String)
      let isTime = name == "time"
      // A time makes a sample only along with a quantity.
      let decoded = try decode("witmotion", isTime ? bytes + hex("55 51 03 00 0b 00 4d 08 de 09 f0") : bytes)
      guard record["valid"] as! Bool, name != "ble_5561" else {
        // The frame without a checksum is another protocol.
        #expect(decoded.samples.isEmpty && decoded.counters.skipped == UInt64(bytes.count), "\(name)")
        #expect(decoded.counters.checksumFailures == (name == "bad_sum" ? 1 : 0))
        checked += 1
        continue
      }
      let expect = record["expect"] as! [String: Any]
      let sample = try #require(decoded.samples.first, "\(name)")
      #expect(decoded.samples.count == 1 && decoded.counters.skipped == 0)
      if let acc = numbers(expect, "acc_g") {
        #expect(close(sample.acceleration, vector(acc) * standardGravity), "\(name)")
        #expect(close(sample.temperature, numbers(expect, "temp_c")![0]))
        checked += 1
      }
      if let gyro = numbers(expect, "gyro_dps") {
        #expect(close(sample.angularRate, vector(gyro) * radiansPerDegree), "\(name)")
        checked += 1
      }
      if let angles = numbers(expect, "roll_deg", "pitch_deg", "yaw_deg") {
        #expect(close(sample.eulerAngles, vector(angles) * radiansPerDegree), "\(name)")
        checked += 1
      }
      if let mag = numbers(expect, "mag_raw") {
        #expect(sample.magneticField == vector(mag))
        checked += 1
      }
      if let q = numbers(expect, "quat_wxyz") {
        #expect(sample.orientation == Quaternion(w: q[0], x: q[1], y: q[2], z: q[3]))
        checked += 1
      }
      if isTime {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC")!
        let zero = calendar.date(from: DateComponents(year: 2000, month: 1, day: 1))!
        let then = calendar.date(
          from: DateComponents(year: 2024, month: 7, day: 3, hour: 14, minute: 5, second: 59))!
        #expect(sample.deviceTicks == UInt64(then.timeIntervalSince(zero)) * 1000 + 800)
        checked += 1
      }
    }
    #expect(checked == 10)
  }

  @Test("WitMotion commands")
  func witMotionCommands() throws {
    let built: [String: [UInt8]?] = [
      "unlock": WitMotionCommand.unlock, "save": WitMotionCommand.save, "reboot": WitMotionCommand.reboot,
      "factory_reset": WitMotionCommand.factoryReset, "rate_100Hz": WitMotionCommand.rate(hertz: 100),
      "rate_200Hz": WitMotionCommand.rate(hertz: 200), "rate_10Hz": WitMotionCommand.rate(hertz: 10),
      "baud_115200": WitMotionCommand.baud(115_200), "baud_9600": WitMotionCommand.baud(9600),
      "content_acc_gyro_angle_quat": WitMotionCommand.content([.acceleration, .angularRate, .angle, .quaternion]),
      "acc_gyro_cal": WitMotionCommand.calibrateAtRest, "zero_yaw": WitMotionCommand.zeroHeading,
      "angle_reference": WitMotionCommand.zeroAngles, "axis6": WitMotionCommand.sixAxis(true),
      "read_regs_0x3D": WitMotionCommand.read(register: 0x3D),
    ]
    let sent = try vectors("witmotion_standard/vectors.jsonl").filter { $0["dir"] as! String == "tx" }
    #expect(sent.count == built.count)
    for record in sent { #expect(built[record["name"] as! String] == hex(record["hex"] as! String)) }
    #expect(WitMotionCommand.rate(hertz: 125) == nil && WitMotionCommand.baud(1200) == nil)
  }

  @Test("A real WT901SD log: every byte framed, every cycle a sample, however it is cut")
  func witMotionLog() throws {
    let bytes = try SharedData.bytes("captures/witmotion_standard/wt901sd_example_data.TXT")
    let decoded = try decode("witmotion", bytes)
    let counters = decoded.counters
    #expect(counters.bytesIn == 88748 && counters.framed == 88748 && counters.frames == 8068)
    #expect(counters.skipped == 0 && counters.held == 0 && counters.checksumFailures == 0)
    #expect(decoded.samples.count == 2017)
    let all: SensorSample.Fields = [.acceleration, .temperature, .angularRate, .eulerAngles, .magneticField]
    #expect(decoded.samples.allSatisfy { $0.fields == all && $0.flags.subtracting(.stale).isEmpty })
    // The ranges that were found in the log by other means.
    let pitch = decoded.samples.map { $0.eulerAngles.y * degreesPerRadian }
    #expect(close(pitch.min()!, -84.7, 0.05) && close(pitch.max()!, 86.3, 0.05))
    var random = RandomSource(seed: 4)
    #expect(try decode("witmotion", chunks: ChunkCutter.random(bytes, atMost: 97, using: &random)) == decoded)
    #expect(try decode("witmotion", chunks: ChunkCutter.even(bytes, size: 1)) == decoded)
  }

  @Test("The real log, damaged in a thousand places a run: cuts change nothing and most samples survive")
  func damagedLog() throws {
    let good = try SharedData.bytes("captures/witmotion_standard/wt901sd_example_data.TXT")
    for seed in UInt64(1)...20 {
      var random = RandomSource(seed: seed)
      var bytes = good
      for _ in 0..<1000 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
      }
      let whole = try decode("witmotion", bytes)
      let cut = try decode("witmotion", chunks: ChunkCutter.random(bytes, atMost: 300, using: &random))
      #expect(whole == cut, "seed \(seed)")
      #expect(whole.counters.checksumFailures > 500, "seed \(seed)")
      // At most 1000 of 8068 frames were hit.
      #expect(whole.counters.frames > 7000, "seed \(seed)")
      #expect(whole.samples.count > 1900 && whole.samples.count < 2500, "seed \(seed): \(whole.samples.count)")
    }
  }

  @Test("RION and BWSENSING vectors")
  func rion() throws {
    var angles = 0
    for record in try vectors("rion_bwsensing/vectors.jsonl") {
      let name = record["name"] as! String
      let bytes = hex(record["hex"] as! String)
      let decoded = try decode("rion", bytes)
      if !(record["valid"] as! Bool) {
        #expect(decoded.samples.isEmpty && decoded.counters.frames == 0, "\(name)")
        // The truncated frame waits for its end; the others are refused.
        #expect(decoded.counters.held == (name == "rion_truncated" ? UInt64(bytes.count) : 0), "\(name)")
        #expect(decoded.counters.checksumFailures == (name == "rion_truncated" ? 0 : 1), "\(name)")
        continue
      }
      #expect(decoded.counters.framed == UInt64(bytes.count), "\(name)")
      let expect = record["expect"] as? [String: Any] ?? [:]
      if let xy = numbers(expect, "x_deg", "y_deg") {
        let sample = try #require(decoded.samples.first, "\(name)")
        #expect(close(sample.inclinationX, xy[0] * radiansPerDegree), "\(name)")
        #expect(close(sample.inclinationY, xy[1] * radiansPerDegree), "\(name)")
        if let temperature = numbers(expect, "temp_c") { #expect(close(sample.temperature, temperature[0])) }
        angles += 1
      } else if let g = numbers(expect, "acc_x_g", "acc_y_g") {
        // A mode that reuses the frame for hundredths of g tenfold: nothing in the bytes tells it from angles.
        #expect(close(decoded.samples[0].inclinationX, g[0] * 10 * radiansPerDegree))
      } else {
        #expect(decoded.samples.isEmpty, "\(name)")
      }
    }
    #expect(angles == 12)
  }

  @Test("RION and BWSENSING commands")
  func rionCommands() throws {
    let built: [String: [UInt8]?] = [
      "read_all_rion": RionCommand.readAll(.rion), "read_all_bw": RionCommand.readAll(.bwsensing),
      "zero_set_absolute": RionCommand.relativeZero(.bwsensing, false),
      "zero_set_relative": RionCommand.relativeZero(.bwsensing, true), "zero_query": RionCommand.queryZero(.bwsensing),
      "save_settings": RionCommand.save(.bwsensing), "auto_output_qa": RionCommand.output(.bwsensing, hertz: 0),
      "auto_output_mode1": RionCommand.output(.bwsensing, hertz: 5), "baud_9600": RionCommand.baud(.bwsensing, 9600),
      "baud_115200_rion": RionCommand.baud(.rion, 115_200),
    ]
    var checked = 0
    for record in try vectors("rion_bwsensing/vectors.jsonl") {
      guard let bytes = built[record["name"] as! String] else { continue }
      #expect(bytes == hex(record["hex"] as! String))
      checked += 1
    }
    #expect(checked == built.count)
  }

  @Test("DXL360S vectors, and every other level's bytes are refused")
  func levels() throws {
    var checked = 0
    for record in try vectors("inclinometer_misc/vectors.jsonl") {
      let bytes = (record["ascii"] as? String).map(ascii) ?? hex(record["hex"] as! String)
      let decoded = try decode("dxl360s", bytes)
      guard record["device"] as! String == "DXL360S" else {
        #expect(decoded.samples.isEmpty, "\(record)")
        continue
      }
      let expect = record["expect"] as! [String: Any]
      let frames = expect["frames"] as? [[Double]] ?? [[expect["x_deg"] as! Double, expect["y_deg"] as! Double]]
      #expect(decoded.samples.count == frames.count)
      for (sample, frame) in zip(decoded.samples, frames) {
        #expect(close(sample.inclinationX, frame[0] * radiansPerDegree))
        #expect(close(sample.inclinationY, frame[1] * radiansPerDegree))
      }
      if frames.count == 1 && bytes.count > 12 { #expect(decoded.counters.skipped == 4 && decoded.counters.held == 9) }
      checked += 1
    }
    #expect(checked == 3)
  }

  @Test("Lines of stock sketches: plain numbers are read with their map, all else is refused")
  func sketches() throws {
    let razor = "lines:t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps,-,-,-"
    let artemis = "lines:-,-,ax_mg,ay_mg,az_mg,gx_dps,gy_dps,gz_dps,-,-,-,-,-"
    let bare = "lines:ax_g,ay_g,az_g"
    var read: [String: Int] = [:]
    for record in try vectors("diy_ascii/lines.jsonl") {
      let line = record["line"] as! String
      let source = record["source"] as! String
      let expect = record["expect"] as? [String: Any] ?? [:]
      for name in [razor, artemis, bare] {
        let decoded = try decode(name, ascii("\r\n" + line + "\r\n"))
        let belongs =
          record["valid"] as! Bool
          && ((name == razor && source == "SparkFun 9DoF Razor M0") || (name == artemis && source == "OpenLog Artemis")
            || (name == bare && source.contains("SimpleAccelerometer")))
        guard belongs else {
          #expect(decoded.samples.isEmpty, "\(name) took '\(line)'")
          continue
        }
        let sample = try #require(decoded.samples.first, "\(line)")
        let acc = numbers(expect, "acc_g").map { vector($0) } ?? vector(numbers(expect, "acc_mg")!) / 1000
        #expect(close(sample.acceleration, acc * standardGravity, 1e-11), "\(line)")
        if let gyro = numbers(expect, "gyro_dps") {
          #expect(close(sample.angularRate, vector(gyro) * radiansPerDegree))
        }
        if let time = numbers(expect, "time_ms") { #expect(sample.deviceTicks == UInt64(time[0]) * 1000) }
        read[name, default: 0] += 1
      }
    }
    #expect(read == [razor: 1, artemis: 1, bare: 1])
  }
}
