import CaptureImport
import Motion
import TestKit
import Testing

@Suite struct DialectTests {
  static let plain = TestTable().text()

  @Test func theTableItself() throws {
    let capture = try read(Self.plain)
    #expect(capture.format == "generic")
    #expect(capture.samples.count == 60)
    #expect(capture.samples[7].time == SessionTime(seconds: 0.07))
    #expect(capture.samples[7].sample.acceleration == Vector3(0.257, -0.5, 9.75))
    #expect(capture.samples[7].sample.angularRate == Vector3(0.007, -0.125, 0.0625))
    #expect(capture.samples[7].sample.fields == [.acceleration, .angularRate])
    #expect(abs((capture.rate ?? 0) - 100) < 1e-9)
    #expect(capture.gaps.isEmpty && capture.rejectedRows == 0 && capture.notes.isEmpty)
  }

  @Test(arguments: ["\n", "\r\n", "\r\r\n", "\r"] as [EscapedText], [",", ";", "\t", " "] as [EscapedText])
  func lineEndsAndSeparators(_ end: EscapedText, _ separator: EscapedText) throws {
    let expected = try read(Self.plain)
    for quoted in [false, true] {
      for finalEnd in [false, true] {
        let bytes = TestTable().text(
          separator: separator.text, end: end.text, quoted: quoted, finalEnd: finalEnd)
        #expect(sameData(try read(bytes), expected))
      }
    }
  }

  @Test(arguments: [";", "\t", "  "] as [EscapedText])
  func decimalComma(_ separator: EscapedText) throws {
    #expect(sameData(try read(TestTable().text(separator: separator.text, mark: ",")), try read(Self.plain)))
  }

  @Test(
    arguments: [
      "\u{FEFF}", "sep=,\n", "\"sep=,\"\r\n", "// made by hand\n// Rate: none\n", "# note\n# more\n",
      "Device:,shin sensor\nFirmware:,1.2\n\n", "a title alone\n\n", "Name:,x,,,,,\n",
    ] as [EscapedText])
  func preambles(_ before: EscapedText) throws {
    #expect(sameData(try read(TestTable().text(before: before.text)), try read(Self.plain)))
  }

  @Test func trailingSeparatorsAndAlignedColumns() throws {
    #expect(sameData(try read(TestTable().text(trailing: true)), try read(Self.plain)))
    #expect(sameData(try read(TestTable().text(separator: "\t", trailing: true)), try read(Self.plain)))
    #expect(sameData(try read(TestTable().text(separator: ",   ")), try read(Self.plain)))
    #expect(sameData(try read(TestTable().text(separator: "    ", before: " ")), try read(Self.plain)))
  }

  @Test func unitsInARowOfTheirOwn() throws {
    var table = TestTable()
    table.header = ["Time", "Accel_X", "Accel_Y", "Accel_Z", "Gyro_X", "Gyro_Y", "Gyro_Z"]
    let text = String(decoding: table.text(), as: UTF8.self)
    let cut = text.firstIndex(of: "\n")!
    let units = "\ns,m/(s^2),m/(s^2),m/(s^2),rad/s,rad/s,rad/s"
    #expect(sameData(try read(String(text[..<cut] + units + text[cut...])), try read(Self.plain)))
  }

  /// Names as vendors and people write them; the values make every row the same table.
  @Test(arguments: [
    "time (s),Accelerometer X (m/s^2),Accelerometer Y (m/s^2),Accelerometer Z (m/s^2),Gyroscope X (rad/s),Gyroscope Y (rad/s),Gyroscope Z (rad/s)",
    "seconds,ax_m/s/s,ay_m/s/s,az_m/s/s,gx_rad/s,gy_rad/s,gz_rad/s",
    "Timestamp [s],AccX [m/s²],AccY [m/s²],AccZ [m/s²],GyroX [rad/s],GyroY [rad/s],GyroZ [rad/s]",
    "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_rads,gyr_y_rads,gyr_z_rads",
    "Time since start in s,ACCELEROMETER X (m/s2),ACCELEROMETER Y (m/s2),ACCELEROMETER Z (m/s2),wx(rad/s),wy(rad/s),wz(rad/s)",
  ])
  func namesThatPeopleUse(_ header: String) throws {
    var table = TestTable()
    table.header = header.split(separator: ",").map(String.init)
    #expect(sameData(try read(table.text()), try read(Self.plain)))
  }

  @Test func unitsAreConverted() throws {
    var table = TestTable()
    table.header = ["time_ms", "ax_mg", "ay_mg", "az_mg", "gx_dps", "gy_dps", "gz_dps"]
    table.rows = (0..<50).map { [Double($0) * 20, 0, 500, -866, 90, 0, -180] }
    let capture = try read(table.text())
    #expect(capture.rate == 50)
    let sample = capture.samples[3].sample
    #expect(capture.samples[3].time == SessionTime(seconds: 0.06))
    #expect(abs(sample.acceleration.y - standardGravity / 2) < 1e-12)
    #expect(abs(sample.angularRate.x - .pi / 2) < 1e-12 && abs(sample.angularRate.z + .pi) < 1e-12)
  }

  @Test func emptyAndNaNCellsAreMissingNotZero() throws {
    var table = TestTable()
    table.rows[5][1] = nil
    var text = String(decoding: table.text(), as: UTF8.self)
    text = text.replacing("0.006,-0.125", with: "NaN,-0.125")
    let capture = try read(text)
    #expect(capture.samples.count == 60)
    #expect(capture.samples[5].sample.fields == [.angularRate])
    #expect(capture.samples[6].sample.fields == [.acceleration])
    #expect(capture.rejectedRows == 0)
    #expect(capture.notes.contains("samples without acceleration: 1 of 60"))
  }

  /// A table of the project's own shape from an inclinometer: the columns of an IMU are there and empty.
  @Test func columnsThatAreEmptyThroughoutAreNotThere() throws {
    let header = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps,incl_x_deg\n"
    let capture = try read(header + (0..<30).map { "\(Double($0) / 10),,,,,,,\($0)\n" }.joined())
    #expect(capture.samples.count == 30 && capture.fields == [.inclinationX] && capture.notes.isEmpty)
  }

  @Test func textInPlaceOfANumberIsCountedWithItsPlace() throws {
    let text = String(decoding: Self.plain, as: UTF8.self).replacing("0.257", with: "0.2x7")
    let capture = try read(text)
    #expect(capture.samples.count == 59 && capture.rejectedRows == 1)
    #expect(capture.notes.contains { $0.contains("line 9, column 2") })
  }
}
