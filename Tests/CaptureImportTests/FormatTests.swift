import CaptureImport
import Motion
import TestKit
import Testing

/// Formats of which no file can lie beside the project, spelled as their makers write them; the leg swings, so that the gyroscope and
/// gravity have to agree.
@Suite struct SpelledFormatTests {
  static func leg(_ t: Double) -> (acceleration: [Double], rate: [Double]) {
    let angle = 0.4 * sine(2.5 * t)
    let g = standardGravity
    return ([g * sine(angle), g * sine(angle + .pi / 2), 0], [0, 0, 0.4 * 2.5 * sine(2.5 * t + .pi / 2)])
  }

  /// The sine by its series, without a mathematics library.
  static func sine(_ angle: Double) -> Double {
    var x = angle.truncatingRemainder(dividingBy: 2 * .pi)
    if x > .pi { x -= 2 * .pi }
    var (term, sum) = (x, x)
    for n in 1...12 {
      term *= -x * x / Double((2 * n) * (2 * n + 1))
      sum += term
    }
    return sum
  }

  static func expect(_ capture: Capture, format: String, rate: Double, sign: Double = 1) {
    #expect(capture.format == format)
    #expect(capture.fields.isSuperset(of: [.acceleration, .angularRate]))
    #expect(abs((capture.rate ?? 0) / rate - 1) < 0.01)
    #expect(
      !capture.notes.contains { $0.contains("disagree") || $0.contains("cannot be") || $0.contains("times as fast") })
    for index in stride(from: 20, to: capture.samples.count - 1, by: 37) {
      let sample = capture.samples[index].sample
      #expect(abs(sample.acceleration.length / standardGravity - 1) < 0.01)
      #expect(abs(sample.angularRate.z) < 1.01 && sample.acceleration.y * sign > 0)
    }
    // The fastest turn is that of the leg, in rad/s.
    let most = capture.samples.map { abs($0.sample.angularRate.z) }.max() ?? 0
    #expect(abs(most - 1) < 0.02)
  }

  static func folder(_ files: [String: String], _ file: String?) throws -> [Capture] {
    try readCapture(BytesSource(label: "folder", files: files.mapValues { Array($0.utf8) }, file: file))
  }

  @Test func delsysWithChannelsOfDifferentLength() throws {
    var text = ""
    for (quantity, unit) in [("ACC", "g"), ("GYRO", "°/s")] {
      for axis in ["X", "Y", "Z"] {
        text +=
          "Label: Mini sensor 10: \(quantity).\(axis) 10 Sampling frequency: 1.481481e+002 Unit: \(unit) Domain Unit: s\n"
      }
    }
    var names = ["X[s]", "\"Mini sensor 10: EMG 10\""]
    for quantity in ["ACC", "GYRO"] {
      for axis in ["X", "Y", "Z"] { names += ["X[s]", "\"Mini sensor 10: \(quantity).\(axis) 10\""] }
    }
    text += "\n" + names.joined(separator: ",") + "\n"
    for row in 0..<3000 {
      var cells = ["\(Double(row) / 1259.259)", "1.5e-005"]
      let (acceleration, rate) = Self.leg(Double(row) / 148.148)
      for value in acceleration.map({ $0 / standardGravity }) + rate.map({ $0 * degreesPerRadian }) {
        cells += row < 600 ? ["\(Double(row) / 148.148)", "\(value)"] : ["", ""]
      }
      text += cells.joined(separator: ",") + "\n"
    }
    let capture = try read(text)
    #expect(capture.samples.count == 600 && capture.rejectedRows == 0 && capture.sensor == "Mini sensor 10")
    Self.expect(capture, format: "delsys", rate: 148.148)
  }

  @Test func polarPairWithNanosecondsThatNoDoubleHolds() throws {
    var acceleration = "Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]\n"
    var gyroscope = "Phone timestamp;sensor timestamp [ns];X [dps];Y [dps];Z [dps]\n"
    for row in 0..<400 {
      let ns = 715_000_000_000_000_123 + row * 19_342_000
      let (a, w) = Self.leg(Double(row) * 0.019342)
      acceleration +=
        "2022-08-29T12:00:00.123;\(ns);"
        + a.map { "\(Int(($0 / standardGravity * 1000).rounded()))" }.joined(separator: ";") + "\n"
      gyroscope += "2022-08-29T12:00:00.123;\(ns);" + w.map { "\($0 * degreesPerRadian)" }.joined(separator: ";") + "\n"
    }
    let files = ["Polar_Sense_ACC.txt": acceleration, "Polar_Sense_GYRO.txt": gyroscope, "MARKER.txt": "a;b\n"]
    for file in ["Polar_Sense_ACC.txt", "Polar_Sense_GYRO.txt", nil] {
      let capture = try Self.folder(files, file)[0]
      #expect(capture.samples[1].time.nanoseconds == 19_342_000)
      Self.expect(capture, format: "polar", rate: 51.7)
    }
  }

  @Test func apdmFormat7NamesItsSensorsInTheFirstRow() throws {
    let names = ["Lumbar", "Left Ankle"]
    var rows = ["Format=7", "Time", ""]
    for (index, name) in names.enumerated() {
      rows[0] += ",\(5718 + index * 60),,,\(name)" + String(repeating: ",", count: 10)
      rows[1] += ",Accelerometer,,,Gyroscope,,,Magnetometer,,,Orientation,,,,Barometer"
      rows[2] += ",X,Y,Z,X,Y,Z,X,Y,Z,S,X,Y,Z,"
    }
    for row in 0..<300 {
      let (a, w) = Self.leg(Double(row) / 128)
      let cells = (a + w).map { "\($0)" } + ["1", "2", "3", "1", "0", "0", "0", "4607182418800017408"]
      rows.append("\(1_550_879_504_438_281 + row * 7812)," + (cells + cells).joined(separator: ","))
    }
    let captures = try Self.folder(["a.csv": rows.joined(separator: "\n") + "\n"], "a.csv")
    #expect(captures.map(\.sensor) == names)
    for capture in captures { Self.expect(capture, format: "apdm", rate: 128) }
  }

  @Test(arguments: [true, false])
  func sensorLoggerTurnsTheSignOfAnIPhone(_ standardised: Bool) throws {
    func file(_ values: (Double) -> [Double]) -> String {
      "time,seconds_elapsed,z,y,x\n"
        + (0..<400).map { row in
          let t = Double(row) / 100
          let v = values(t)
          return "\(1_764_585_664_000_000_000 + row * 10_000_000),\(t),\(v[2]),\(v[1]),\(v[0])\n"
        }.joined()
    }
    let sign = standardised ? 1.0 : -1.0
    let files = [
      "Accelerometer.csv": file { _ in [0, 0, 0] },
      "Gravity.csv": file { Self.leg($0).acceleration.map { $0 * sign } },
      "Gyroscope.csv": file { Self.leg($0).rate },
      "Metadata.csv": "version,platform,standardisation\n3,ios,\(standardised)\n",
    ]
    let capture = try Self.folder(files, nil)[0]
    Self.expect(capture, format: "sensor-logger", rate: 100)
  }

  @Test func textTimesDecimalCommasAndWideText() throws {
    var text = "StartTime: 2021-05-05 10:00:00.000\n"
    text += "address\tTime(s)\tChipTime\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)\tAngleX(deg)\n"
    for row in 0..<400 {
      let (a, w) = Self.leg(Double(row) / 50)
      let stamp =
        "10:00:\(row / 50 < 10 ? "0" : "")\(row / 50).\(row % 50 < 5 ? row % 50 == 0 ? "00" : "0" : "")\(row % 50 * 20)"
      text += "x\t\(stamp)\t2021-05-05 \(stamp)\t"
      let cells = a.map { $0 / standardGravity } + w.map { $0 * degreesPerRadian } + [1]
      text += cells.map { "\($0)".split(separator: ".").joined(separator: ",") }.joined(separator: "\t") + "\n"
    }
    let capture = try read(text)
    Self.expect(capture, format: "witmotion-text", rate: 50)
    for bytes in wide(text) { #expect(sameData(try read(bytes), capture)) }
  }

  @Test("JSON and OpenSim's storage are read in 16-bit units, too")
  func wideTextThatIsNoTable() throws {
    var packets = "{\"Meas\":["
    var lines = ""
    var storage = "DataType=Quaternion\nversion=3\nendheader\ntime\ttibia_l\n"
    for row in 0..<400 {
      packets +=
        "\(row == 0 ? "" : ","){\"Acc\":{\"Timestamp\":\(row * 20),\"ArrayAcc\":[{\"x\":0,\"y\":9.8,\"z\":0.\(row % 7)}]}}"
      lines += "{\"t_s\":\(Double(row) / 100),\"acc_mps2\":[0,9.80665,0.\(row % 7)],\"gyr_radps\":[0,0,0.5]}\n"
      storage += "\(Double(row) / 100)\t\(row % 2 == 0 ? "0.6,0.8" : "0.8,0.6"),0,0\n"
    }
    for (name, text) in [("a.json", packets + "]}"), ("a.jsonl", lines), ("a.sto", storage)] {
      let capture = try read(text, name: name)
      #expect(capture.samples.count == 400)
      for bytes in wide(text) {
        let found = try read(bytes, name: name)
        #expect(found.format == capture.format && sameData(found, capture))
        let head = Array(bytes.prefix(4000))
        let identity = try identifyCapture(head.span, name: name)
        #expect(identity.format == capture.format)
      }
    }
  }

  @Test func whatALocaleDestroyedIsRefused() {
    var commas = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2\n"
    var thousands = "t_s;acc_x_mps2;acc_y_mps2;acc_z_mps2\n"
    for row in 0..<50 {
      commas += "0,\(row),0,48,9,7\(row % 10),0,25\n"
      thousands += "\(row);1.234.5\(row % 10)0;9.780.123;0.250.111\n"
    }
    for text in [commas, thousands] { #expect(refusal(text)?.kind == .destroyedNumbers) }
  }

  @Test func gravityContradictsAUnitAndASign() throws {
    func table(_ rate: (Double) -> Double) -> String {
      "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps\n"
        + (0..<400).map { row in
          let (a, w) = Self.leg(Double(row) / 100)
          return "\(Double(row) / 100)," + (a + [0, 0, rate(w[2])]).map { "\($0)" }.joined(separator: ",") + "\n"
        }.joined()
    }
    let degrees = try read(table { $0 * degreesPerRadian })
    #expect(degrees.notes.contains { $0.contains("deg/s and not rad/s") })
    #expect(abs((degrees.samples.map { abs($0.sample.angularRate.z) }.max() ?? 0) - 1) < 0.02)
    #expect(try read(table { -$0 }).notes.contains { $0.contains("disagree about the sign") })
    #expect(try read(table { $0 }).notes.isEmpty)
  }
}
