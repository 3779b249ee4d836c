import Motion
import RealModule
import SensorProtocols
import TestKit
import Testing

@Suite("Columns of plain lines are learned from names and physics, or not at all")
struct ColumnLearnerTests {
  /// Lines of a sensor that swings about its x axis at 50 Hz.
  private func rows(
    _ count: Int = 150, acceleration: Double = 1, rate: Double = degreesPerRadian, time: Double? = 1000,
    swing: Double = 0.5,
    seed: UInt64 = 4
  ) -> String {
    var random = RandomSource(seed: seed)
    func noise() -> Double { (random.unit() - 0.5) * 0.01 }
    var text = ""
    for index in 0..<count {
      let seconds = Double(index) / 50
      let angle = swing * Double.sin(3 * seconds)
      // u = (0, cos a, sin a) turns by u' = u × w with w along x: w = −a'.
      let w = -swing * 3 * Double.cos(3 * seconds)
      var cells: [Double] = []
      if let time { cells.append((seconds * time * 1000).rounded() / 1000) }
      cells += [noise(), .cos(angle) + noise(), .sin(angle) + noise()].map { $0 * acceleration }
      cells += [w, 0, 0].map { ($0 + noise()) * rate }
      text += cells.map { "\(($0 * 10000).rounded() / 10000)" }.joined(separator: ",") + "\r\n"
    }
    return text
  }

  private func learned(_ text: String, chunk: Int = 61) -> ColumnLearner.Learned? {
    var learner = ColumnLearner()
    for piece in ChunkCutter.even(ascii(text), size: chunk) { learner.consume(piece.span) }
    learner.finish()
    return learner.learned
  }

  private func sniffed(_ text: String, _ learning: ProtocolSniffer.Learning) -> ProtocolSniffer.Verdict {
    var sniffer = ProtocolSniffer(learning: learning)
    sniffer.consume(ascii(text).span)
    sniffer.finish()
    return sniffer.verdict
  }

  @Test("A line of names with units settles the columns, whatever the numbers are")
  func names() {
    let cases = [
      ("t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps", "t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps"),
      (
        "time_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps",
        "t_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps"
      ),
      (
        "millis,Accel X (mg),Accel Y (mg),Accel Z (mg),Gyro X (deg/s),Gyro Y (deg/s),Gyro Z (deg/s)",
        "t_ms,ax_mg,ay_mg,az_mg,gx_dps,gy_dps,gz_dps"
      ),
      ("count,accX[g],accY[g],accZ[g],foo,bar,baz", "-,ax_g,ay_g,az_g,-,-,-"),
    ]
    for (line, map) in cases {
      let found = learned(line + "\r\n" + rows(20, time: 1.7))
      #expect(found?.map.text == map, "\(line)")
      #expect(found?.source == .names(line))
    }
  }

  @Test("OpenLog Artemis: its names have known units, its date is skipped")
  func openLog() {
    let names = "rtcDate,rtcTime,aX,aY,aZ,gX,gY,gZ,mX,mY,mZ,imu_degC,output_Hz,"
    let row = "10/30/2020,19:02:50.11,-12.34,34.56,989.01,0.12,-0.34,0.05,12.00,-34.00,45.00,25.61,9.990,\r\n"
    let text = names + "\r\n" + String(repeating: row, count: 10)
    #expect(learned(text)?.map.text == "-,-,ax_mg,ay_mg,az_mg,gx_dps,gy_dps,gz_dps,mx_ut,my_ut,mz_ut,temp_c,-")
    guard case .named(let finding) = sniffed(text, .names) else {
      Issue.record("not named")
      return
    }
    #expect(finding.description.name.hasPrefix("lines:-,-,ax_mg") && finding.evidence.contains("learned from the line"))
    #expect(!finding.description.hasChecksum && finding.confidence < 1)
  }

  @Test("Arduino's example says the unit in a banner")
  func banner() {
    let text = "Acceleration in g's\r\nX\tY\tZ\r\n" + String(repeating: "-0.01\t0.03\t0.99\r\n", count: 12)
    #expect(learned(text)?.map.text == "ax_g,ay_g,az_g")
  }

  @Test("Names without units: gravity tells the acceleration's, its turning the angular rate's")
  func sizes() {
    for (unit, size) in [("g", 1.0), ("mg", 1000), ("mps2", standardGravity)] {
      for (rateUnit, rate) in [("dps", degreesPerRadian), ("radps", 1.0)] {
        let text = "time,ax,ay,az,gx,gy,gz\r\n" + rows(acceleration: size, rate: rate)
        let want = "t_ms,ax_\(unit),ay_\(unit),az_\(unit),gx_\(rateUnit),gy_\(rateUnit),gz_\(rateUnit)"
        #expect(learned(text)?.map.text == want)
        // The numbers alone say the same, and it is said that they did.
        let alone = learned(rows(acceleration: size, rate: rate))
        #expect(alone?.map.text == want && alone?.source == .numbers)
      }
    }
  }

  @Test("Numbers alone are named only for a person who said that they are lines")
  func numbersAlone() {
    guard case .unknown(let reason) = sniffed(rows(), .names) else {
      Issue.record("named without names")
      return
    }
    #expect(reason.contains("--protocol lines:t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps"))
    guard case .named(let finding) = sniffed(rows(), .numbers) else {
      Issue.record("not named")
      return
    }
    #expect(finding.evidence.contains("from the numbers alone") && finding.hasDeviceTime)
  }

  @Test("What is not certain is not learned: raw words, other lengths, a rate that does not turn gravity")
  func uncertain() {
    #expect(learned(rows(acceleration: 16384)) == nil)
    #expect(learned(rows(acceleration: 2)) == nil)
    let still = learned(rows(swing: 0))
    #expect(still?.map.text == "t_ms,ax_g,ay_g,az_g,-,-,-")
    let wrongSign = learned(rows(rate: -degreesPerRadian))
    #expect(wrongSign?.map.text == "t_ms,ax_g,ay_g,az_g,-,-,-")
    let wrongScale = learned(rows(rate: 10))
    #expect(wrongScale?.map.text == "t_ms,ax_g,ay_g,az_g,-,-,-")
    // A counter is no time, and without a time no rate has a unit.
    let counted = learned(rows(time: 50))
    #expect(counted?.map.text == "-,ax_g,ay_g,az_g,-,-,-")
    #expect(learned(String(repeating: "12.5,3.25,-1\r\n", count: 200)) == nil)
    #expect(learned("") == nil)
  }

  @Test("How the bytes are cut changes nothing, and damage only costs lines")
  func cuts() {
    let text = "time,ax,ay,az,gx,gy,gz\r\n" + rows()
    let whole = learned(text, chunk: 100_000)
    for chunk in [1, 7, 64] {
      let cut = learned(text, chunk: chunk)
      #expect(cut?.map == whole?.map && cut?.rows == whole?.rows && cut?.share == whole?.share)
    }
    var random = RandomSource(seed: 2)
    var bytes = ascii(text)
    for _ in 0..<8 { bytes[Int.random(in: 40..<bytes.count, using: &random)] = 0x80 }
    var learner = ColumnLearner()
    learner.consume(bytes.span)
    learner.finish()
    #expect(learner.learned?.map == whole?.map)
  }
}
