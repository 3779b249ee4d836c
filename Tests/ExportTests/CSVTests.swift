import DecimalText
import Export
import Motion
import TestKit
import Testing

@Suite struct CSVTests {
  private func cell(_ value: String) -> String {
    var text = TextBuffer()
    text.append(csvText: value)
    return text.string
  }

  @Test(
    "No text from outside becomes a formula",
    arguments: ["=1+1", "+1", "-2 cm", "@SUM(A1)", "\t=1", " =1", "\r\n=1", "\u{FF1D}1", "\u{00A0}@x", "\u{0}=1"]
      as [EscapedText])
  func formulasAreDefused(_ value: EscapedText) {
    #expect(cell(value.text).hasPrefix("\"'"))
  }

  @Test func plainTextStaysPlain() {
    #expect(cell("tibia, 15 cm \"below\"") == "\"tibia, 15 cm \"\"below\"\"\"")
    #expect(cell("Überkopf = no") == "Überkopf = no")
    #expect(cell("two\nlines") == "\"two\nlines\"")
    #expect(cell("") == "")
  }

  @Test func theFirstSevenColumnsAreAlwaysThere() {
    var sample = SensorSample()
    sample.fields = [.inclinationX]
    sample.inclinationX = 12.5 * radiansPerDegree
    let csv = SampleCSV(holding: [sample])
    var text = TextBuffer()
    csv.appendHeader(to: &text)
    csv.append(time: SessionTime(seconds: 0.01), sample, to: &text)
    #expect(
      text.string
        == "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps,incl_x_deg\n"
        + "0.010000,,,,,,,12.50000\n")
  }

  @Test func everyColumnHasItsQuantity() {
    var full = SensorSample(stream: StreamID(1))
    full.fields = [
      .acceleration, .angularRate, .magneticField, .orientation, .eulerAngles, .inclinationX, .inclinationY,
      .temperature,
    ]
    full.flags = [.saturated, .afterLoss]
    full.acceleration = Vector3(1, -2, 9.806_65)
    full.angularRate = Vector3(0.1, 0.2, -0.3)
    full.magneticField = Vector3(20, 0, -40.5)
    full.orientation = Quaternion(w: 0.5, x: 0.5, y: -0.5, z: 0.5)
    full.eulerAngles = Vector3(1, 2, 3) * radiansPerDegree
    full.inclinationX = 4 * radiansPerDegree
    full.inclinationY = -5 * radiansPerDegree
    full.temperature = 21.5
    var partial = SensorSample()
    partial.fields = .acceleration
    partial.acceleration = Vector3(.nan, 0, 0)
    let csv = SampleCSV(holding: [full, partial])
    var text = TextBuffer()
    csv.appendHeader(to: &text)
    csv.append(time: .zero, full, to: &text)
    csv.append(time: SessionTime(seconds: 1), partial, to: &text)
    let lines = text.string.split(separator: "\n")
    #expect(
      lines[0]
        == "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps,mag_x_uT,mag_y_uT,mag_z_uT,qw,qx,qy,qz,roll_deg,pitch_deg,yaw_deg,incl_x_deg,incl_y_deg,temp_c,flags,stream"
    )
    #expect(
      lines[1]
        == "0.000000,1.000000,-2.000000,9.806650,0.1000000,0.2000000,-0.3000000,20.0000,0.0000,-40.5000,0.5000000,0.5000000,-0.5000000,0.5000000,1.0000,2.0000,3.0000,4.00000,-5.00000,21.50,saturated after-loss,1"
    )
    #expect(lines[2] == "1.000000,,0.000000,0.000000,,,,,,,,,,,,,,,,,,0")
    #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }) == [22])
  }
}
