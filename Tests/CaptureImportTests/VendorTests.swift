import CaptureImport
import Motion
import TestKit
import Testing

@Suite struct VendorTests {
  // MARK: Xsens MT Manager

  static func xsens(_ counters: [Int], rateLine: String = "// Update Rate: 100.0Hz\n", separator: String = "\t")
    -> String
  {
    let header = ["PacketCounter", "SampleTimeFine", "Year", "Acc_X", "Acc_Y", "Acc_Z", "Gyr_X", "Gyr_Y", "Gyr_Z"]
    let rows = counters.map { ["0\($0)", "", "", "9.7", "-0.8", "-1.6", "0.5", "0.25", "-0.125"] }
    return "// Start Time: Unknown\n" + rateLine
      + ([header] + rows).map { $0.joined(separator: separator) }.joined(separator: "\n") + "\n"
  }

  @Test func aCounterThatGoesRoundAndJumps() throws {
    let capture = try read(Self.xsens([65_533, 65_534, 65_535, 0, 1, 5, 5, 4, 6]))
    #expect(capture.format == "xsens-mtmanager" && capture.timeSource == .counter && capture.rate == 100)
    #expect(capture.samples.map(\.time.nanoseconds) == [0, 1, 2, 3, 4, 8, 9].map { $0 * 10_000_000 })
    #expect(capture.samples.map(\.sample.deviceTicks) == [65_533, 65_534, 65_535, 0, 1, 5, 6])
    let gap = Gap(
      stream: StreamID(0), start: SessionTime(seconds: 0.04), end: SessionTime(seconds: 0.08), missingSamples: 3,
      cause: .counterJump)
    #expect(capture.gaps == [gap])
    #expect(capture.rejectedRows == 2)
  }

  @Test(arguments: ["\t", ",", ";", " "] as [EscapedText])
  func emptyFieldsKeepTheirPlaceUnderEverySeparator(_ separator: EscapedText) throws {
    let capture = try read(Self.xsens(Array(10...20), separator: separator.text))
    #expect(capture.format == "xsens-mtmanager" && capture.samples.count == 11)
    #expect(capture.samples[0].sample.acceleration == Vector3(9.7, -0.8, -1.6))
    #expect(capture.samples[0].sample.angularRate == Vector3(0.5, 0.25, -0.125))
  }

  @Test(
    arguments: ["// Sample rate: 120.0Hz\n", "Acquisition frequency: 120 Hz\n", "// Update Rate: 120.0Hz\n"]
      as [EscapedText])
  func theRateStandsAboveTheHeader(_ line: EscapedText) throws {
    #expect(try read(Self.xsens(Array(0...9), rateLine: line.text)).rate == 120)
  }

  @Test func withoutARateItAsksForOne() throws {
    let error = refusal(Self.xsens(Array(0...9), rateLine: ""))
    #expect(error?.kind == .noTime && error?.reason.contains("--rate HZ") == true)
    #expect(try read(Self.xsens(Array(0...9), rateLine: ""), rate: 60).rate == 60)
    let overridden = try read(Self.xsens(Array(0...9)), rate: 60)
    #expect(overridden.rate == 60 && overridden.notes.contains { $0.contains("the file says 100.0 Hz") })
  }

  /// The matrix stands column by column: a quarter turn about z takes x to y, and its first column is (0, 1, 0).
  @Test func matrixAndQuaternionSayTheSameTurn() throws {
    let before = "// Update Rate: 50Hz\nPacketCounter\t"
    let matrix = try read(
      before + "Mat[1][1]\tMat[2][1]\tMat[3][1]\tMat[1][2]\tMat[2][2]\tMat[3][2]\tMat[1][3]\tMat[2][3]\tMat[3][3]\n"
        + "1\t0\t1\t0\t-1\t0\t0\t0\t0\t1\n2\t0\t0\t0\t0\t0\t0\t0\t0\t0\n3\t0\t1\t0\t-1\t0\t0\t0\t0\t1\n")
    let half = 0.5.squareRoot()
    let quaternion = try read(
      before + "Quat_q0\tQuat_q1\tQuat_q2\tQuat_q3\n1\t\(half)\t0\t0\t\(half)\n2\t\(half)\t0\t0\t\(half)\n")
    for capture in [matrix, quaternion] {
      #expect(capture.fields == [.orientation, .counter])
      let turned = capture.samples[0].sample.orientation.rotate(Vector3(1, 0, 0))
      #expect((turned - Vector3(0, 1, 0)).length < 1e-12)
    }
    // A matrix of zeros is no rotation: that row holds nothing, and the hole is counted.
    #expect(matrix.samples.count == 2 && matrix.rejectedRows == 1 && matrix.gaps.map(\.missingSamples) == [1])
  }

  // MARK: x-IMU3

  @Test func xIMU3ConvertsAndFindsLostSamples() throws {
    let header =
      "Timestamp (us),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n"
    let times = (0..<60).filter { $0 != 20 && $0 != 21 }.map { 917_428_272 + $0 * 19_980 }
    let capture = try read(header + times.map { "\($0),180,0,-90,-1,0,0\n" }.joined(), name: "Inertial.csv")
    #expect(capture.format == "ximu3" && capture.usualMount == "x=distal,z=anterior")
    #expect(capture.samples[1].sample.acceleration == Vector3(-standardGravity, 0, 0))
    #expect(abs(capture.samples[1].sample.angularRate.x - .pi) < 1e-12)
    #expect(capture.samples[1].sample.deviceTicks == 917_448_252)
    #expect(capture.samples[1].time == SessionTime(nanoseconds: 19_980_000))
    #expect(capture.gaps.map(\.missingSamples) == [2] && capture.gaps[0].cause == .fileTime)
  }

  // MARK: phyphox

  static func phyphox(
    _ unit: String, start: Double, step: Double, count: Int, value: (Double) -> String, separator: String = ",",
    mark: String = "."
  ) -> [UInt8] {
    var text = ["Time (s)", "X (\(unit))", "Y (\(unit))", "Z (\(unit))"].map { "\"\($0)\"" }.joined(
      separator: separator)
    for index in 0..<count {
      let time = start + Double(index) * step
      text += "\n\(time)\(separator)" + value(time).split(separator: ";").joined(separator: separator)
    }
    return Array(text.replacing(".", with: mark).utf8)
  }

  static func pair(accelerometer: [UInt8], gyroscope: [UInt8], given: String?) throws -> Capture {
    let files = ["Accelerometer.csv": accelerometer, "Gyroscope.csv": gyroscope]
    return try readCapture(BytesSource(label: "walk", files: files, file: given))[0]
  }

  @Test func theGyroscopeIsInterpolatedAndItsEndsAreKept() throws {
    let accelerometer = Self.phyphox("m/s^2", start: 0.003, step: 0.02, count: 100) { _ in "0;9.81;0" }
    // A rate that grows evenly is met exactly by linear interpolation.
    let gyroscope = Self.phyphox("rad/s", start: 0.0105, step: 0.02, count: 98) { "\($0 * 2);0;-1" }
    for given in ["Accelerometer.csv", "Gyroscope.csv", nil] {
      let capture = try Self.pair(accelerometer: accelerometer, gyroscope: gyroscope, given: given)
      #expect(capture.format == "phyphox" && capture.files == ["Accelerometer.csv", "Gyroscope.csv"])
      // One before the first reading (0.0105 s), two after the last (1.9505 s).
      #expect(capture.samples.count == 97)
      #expect(capture.samples[0].time == .zero)
      #expect(capture.samples.allSatisfy { $0.sample.fields == [.acceleration, .angularRate] })
      for sample in capture.samples {
        let time = 0.023 + sample.time.seconds
        #expect(abs(sample.sample.angularRate.x - 2 * time) < 1e-9)
      }
      #expect(capture.notes.contains { $0.contains("interpolated linearly") })
      #expect(capture.notes.contains { $0.hasPrefix("3 accelerometer samples") })
    }
  }

  @Test func aHoleInTheGyroscopeIsNotBridged() throws {
    let accelerometer = Self.phyphox("m/s^2", start: 0, step: 0.02, count: 100) { _ in "0;9.81;0" }
    let whole = String(
      decoding: Self.phyphox("rad/s", start: 0, step: 0.02, count: 100) { _ in "1;0;0" }, as: UTF8.self)
    let lines = whole.split(separator: "\n")
    let holed = Array((lines[...40] + lines[60...]).joined(separator: "\n").utf8)
    let capture = try Self.pair(accelerometer: accelerometer, gyroscope: holed, given: nil)
    #expect(capture.samples.count == 100)
    #expect(capture.samples.filter { !$0.sample.fields.contains(.angularRate) }.count == 19)
  }

  @Test(arguments: [(",", "."), (";", "."), ("\t", "."), (";", ","), ("\t", ",")])
  func phyphoxSeparators(_ separator: String, _ mark: String) throws {
    let bytes = Self.phyphox(
      "m/s^2", start: 0, step: 0.02, count: 50, value: { _ in "0.5;9.75;0.25" }, separator: separator, mark: mark)
    let capture = try read(bytes, name: "Accelerometer.csv")
    #expect(capture.format == "phyphox" && capture.samples.count == 50)
    #expect(capture.samples[9].sample.acceleration == Vector3(0.5, 9.75, 0.25))
  }

  @Test func linearAccelerationIsRefused() {
    let bytes = Self.phyphox("m/s^2", start: 0, step: 0.02, count: 50) { _ in "0.5;0.1;0.2" }
    #expect(refusal(String(decoding: bytes, as: UTF8.self), name: "Linear Acceleration.csv")?.kind == .gravityRemoved)
    // The same numbers under an innocent name: gravity is still not in them.
    #expect(refusal(String(decoding: bytes, as: UTF8.self), name: "Raw Data.csv")?.kind == .gravityRemoved)
  }

  @Test func aGyroscopeAloneIsRefused() {
    let bytes = Self.phyphox("rad/s", start: 0, step: 0.02, count: 50) { _ in "0;0;0" }
    #expect(
      refusal(String(decoding: bytes, as: UTF8.self), name: "Gyroscope.csv")?.reason.contains("no vertical") == true)
  }
}
