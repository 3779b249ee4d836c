import CaptureImport
import Motion
import Testing

/// The formats as other ages, programs and countries write them: what is read is the motion.
@Suite struct VariantTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var format: String
    var text: String
    var sensor: String?

    init(_ name: String, _ format: String, sensor: String? = nil, _ text: String) {
      testDescription = name
      self.format = format
      self.text = text
      self.sensor = sensor
    }
  }

  private static let axes = ["X", "Y", "Z"]
  private static func head(_ parts: [String], _ separator: String = ",") -> String {
    parts.joined(separator: separator)
  }
  private static func ms(_ moment: MovingLeg.Moment) -> String { "\(moment.index * 10)" }

  static let variants: [Variant] = [
    Variant(
      "Xsens, the rate only in the sensor's clock", "xsens-mtmanager",
      MovingLeg.file(
        "// General information:\n//  MT Manager version: 2022.0.0\n// Coordinate system: ENU\n"
          + "PacketCounter\tSampleTimeFine\tAcc_X\tAcc_Y\tAcc_Z\tGyr_X\tGyr_Y\tGyr_Z", "\t"
      ) { ["0\($0.index)", "\(123_456 + $0.index * 100)"] + $0.acc() + $0.gyr() }),
    Variant(
      "Xsens, opened and saved in a German spreadsheet", "xsens-mtmanager",
      MovingLeg.file(
        "// Start Time: Unknown\r\n// Update Rate: 100.0Hz\r\nPacketCounter;Acc_X;Acc_Y;Acc_Z;Gyr_X;Gyr_Y;Gyr_Z", ";",
        mark: ",", end: "\r\n"
      ) { ["\($0.index)"] + $0.acc() + $0.gyr() }),
    Variant(
      "ShimmerCapture: four rows of names, with stars at default calibrations", "generic",
      MovingLeg.file(
        String(repeating: "Shimmer 1\t", count: 7)
          + "\nTimestamp\tLow Noise Accelerometer X\tLow Noise Accelerometer Y\tLow Noise Accelerometer Z\tGyroscope X\tGyroscope Y\tGyroscope Z\t\n"
          + String(repeating: "CAL\t", count: 7)
          + "\nmSecs\tm/(sec^2)*\tm/(sec^2)*\tm/(sec^2)*\tdeg/sec*\tdeg/sec*\tdeg/sec*\t", "\t"
      ) { [ms($0)] + $0.acc() + $0.gyr(degree) + [""] }),
    Variant(
      "Trigno Discover: each channel with its own column of time", "generic",
      MovingLeg.file(
        "Application:,Trigno Discover\nCollection Length (seconds):,20.0\n\n"
          + "EMG 1 Time Series (s),EMG 1 (mV),"
          + ["ACC", "GYRO"].flatMap { quantity in
            axes.map { "\(quantity) \($0) Time Series (s),\(quantity) \($0) (\(quantity == "ACC" ? "G" : "deg/s"))" }
          }.joined(separator: ",")
      ) { moment in
        ["\(moment.time / 2)", "0.01"]
          + (moment.acc(standardGravity) + moment.gyr(degree)).flatMap { ["\(moment.time)", $0] }
      }),
    Variant(
      "Delsys with the number before the axis", "delsys",
      MovingLeg.file(
        ["Acc", "Gyro"].flatMap { quantity in
          axes.map { "\"X[s]\",\"Trigno IM sensor 1: \(quantity) 1.\($0) (IM)\"" }
        }.joined(separator: ",")
      ) { moment in
        (moment.acc(standardGravity) + moment.gyr(degree)).flatMap { ["\(moment.time)", $0] }
      }),
    Variant(
      "WitMotion's newer program", "witmotion-text",
      MovingLeg.file(
        "time\tDeviceName\tChip Time()\tAcceleration X(g)\tAcceleration Y(g)\tAcceleration Z(g)\tAngular velocity X(°/s)\tAngular velocity Y(°/s)\tAngular velocity Z(°/s)\tQuaternions 0()\tQuaternions 1()\tQuaternions 2()\tQuaternions 3()\tVersion number()",
        "\t", end: "\r\n"
      ) {
        ["2023-11-14 10:00:00.000", "WT901(d2:a1)", "2023-11-14 \($0.clock)"] + $0.acc(standardGravity)
          + $0.gyr(degree) + $0.quat + ["1.2"]
      }),
    Variant(
      "WitMotion's kit: the quaternion from q1 on", "witmotion-text",
      MovingLeg.file(
        "Chiptime\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)\tT(°)\tq1\tq2\tq3\tq4", "\t", end: "\r\n"
      ) { ["2023-11-14 \($0.clock)"] + $0.acc(standardGravity) + $0.gyr(degree) + ["25.3"] + $0.quat }),
    Variant(
      "two sensors whose rows take turns", "generic", sensor: "foot",
      MovingLeg.file("sensor,time_s,ax,ay,az,gx,gy,gz") { moment in
        let rest = ["\(moment.time)"] + moment.acc() + moment.gyr()
        return ["shank,\(moment.time),0.1,9.8,0,0,0,0\nfoot"] + rest
      }),
    Variant(
      "LpmsControl with two sensors in turn", "lpms", sensor: "2",
      MovingLeg.file(
        "SensorId, TimeStamp (s), FrameNumber, AccX (g), AccY (g), AccZ (g), GyroX (deg/s), GyroY (deg/s), GyroZ (deg/s)",
        ", "
      ) {
        moment in
        let row = [MovingLeg.Moment.text(moment.time), "\(moment.index)"]
        let other = (["1"] + row + ["0.0", "1.0", "0.0", "0.0", "0.0", "0.0"]).joined(separator: ", ")
        return [other + "\n2"] + row + moment.acc(standardGravity) + moment.gyr(degree)
      }),
    Variant(
      "a group's unit before the axes", "generic",
      MovingLeg.file(
        "Time (s),IMU Acceleration (m/s^2),,,IMU Gyroscope (rad/s),,\n,X,Y,Z,X,Y,Z"
      ) { ["\($0.time)"] + $0.acc() + $0.gyr() }),
    Variant(
      "a ROS message", "generic",
      MovingLeg.file(
        "%time,field.header.seq,field.header.stamp,field.orientation.x,field.orientation.y,field.orientation.z,field.orientation.w,field.angular_velocity.x,field.angular_velocity.y,field.angular_velocity.z,field.linear_acceleration.x,field.linear_acceleration.y,field.linear_acceleration.z"
      ) {
        let stamp = "17000000\($0.index + 10_000)0000000"
        return [stamp, "\($0.index)", stamp] + $0.quat.dropFirst() + [$0.quat[0]] + $0.gyr() + $0.acc()
      }),
    Variant(
      "German names in Latin-1", "generic",
      MovingLeg.file(
        "Zeit [s];Beschl. X [m/s²];Beschl. Y [m/s²];Beschl. Z [m/s²];Drehrate X [°/s];Drehrate Y [°/s];Drehrate Z [°/s]",
        ";", mark: ",", end: "\r\n"
      ) { ["\($0.time)"] + $0.acc() + $0.gyr(degree) }),
    Variant(
      "French names", "generic",
      MovingLeg.file(
        "Temps (s);Accélération X (m/s²);Accélération Y (m/s²);Accélération Z (m/s²);Vitesse angulaire X (°/s);Vitesse angulaire Y (°/s);Vitesse angulaire Z (°/s)",
        ";", mark: ","
      ) { ["\($0.time)"] + $0.acc() + $0.gyr(degree) }),
    Variant(
      "units with 'in' before them", "generic",
      MovingLeg.file(
        "Time in ms;Acc X in m/s²;Acc Y in m/s²;Acc Z in m/s²;Gyro X in °/s;Gyro Y in °/s;Gyro Z in °/s", ";"
      ) { [ms($0)] + $0.acc() + $0.gyr(degree) }),
    Variant(
      "an Arduino's millis", "generic",
      MovingLeg.file("millis,ax,ay,az,gx,gy,gz") { [ms($0)] + $0.acc(standardGravity) + $0.gyr(degree) }),
    Variant(
      "no names, the time as text", "headerless",
      MovingLeg.file("2023-11-14 09:59:59.990,1.96,9.6,0.5,0,0,0") {
        ["2023-11-14 \($0.clock)"] + $0.acc() + $0.gyr()
      }),
    Variant(
      "a month as a word", "generic",
      MovingLeg.file("Timestamp,AccX (g),AccY (g),AccZ (g),GyrX (deg/s),GyrY (deg/s),GyrZ (deg/s)") {
        ["14-Nov-2023 \($0.clock)"] + $0.acc(standardGravity) + $0.gyr(degree)
      }),
  ]

  @Test(arguments: variants) func isRead(_ variant: Variant) throws {
    var bytes = Array(variant.text.utf8)
    if variant.testDescription.contains("Latin-1") {
      bytes = variant.text.unicodeScalars.map { UInt8($0.value) }
    }
    for bytes in [bytes, wide(variant.text)[0]] {
      let captures = try readCapture(
        BytesSource(name: "capture.csv", bytes: bytes), options: ImportOptions(sensor: variant.sensor))
      #expect(captures.count == 1)
      let capture = captures[0]
      #expect(capture.format == variant.format)
      #expect(MovingLeg.isIn(capture, after: variant.format == "headerless" ? 1 : 0), "\(capture.notes)")
      #expect(
        capture.fields.contains(.orientation)
          == (variant.text.contains("q4") || variant.text.contains("rientation")
            || variant.text.contains("Quaternions")))
    }
  }

  /// A Chinese system's degree sign is two bytes that are no UTF-8.
  @Test func aDegreeSignInGBK() throws {
    let text = MovingLeg.file("ChipTime\tax(g)\tay(g)\taz(g)\twx(@/s)\twy(@/s)\twz(@/s)\tT(@)", "\t") {
      [$0.clock] + $0.acc(standardGravity) + $0.gyr(degree) + ["25.3"]
    }
    let bytes = text.utf8.flatMap { $0 == UInt8(ascii: "@") ? [0xA1, 0xE3] : [$0] }
    let capture = try read(bytes)
    #expect(capture.format == "witmotion-text" && MovingLeg.isIn(capture))
  }

  /// An accelerometer's file and a gyroscope's, by the words in their names, each with times of its own.
  @Test(arguments: ["acc_x,acc_y,acc_z", "x,y,z"]) func namedFilesArePaired(_ names: String) throws {
    let gyroscope = names.split(separator: ",").map { $0 == "acc_x" || $0.count > 1 ? "gyr_" + $0.suffix(1) : "\($0)" }
    let files = [
      "leg_acc.csv": MovingLeg.file("timestamp," + names) { [Self.ms($0)] + $0.acc() },
      "leg_gyro.csv": MovingLeg.file("timestamp," + gyroscope.joined(separator: ",")) {
        ["\($0.index * 10 + 3)"] + $0.gyr(degree)
      },
    ].mapValues { Array($0.utf8) }
    for file in ["leg_acc.csv", nil] {
      let capture = try readCapture(BytesSource(label: "leg", files: files, file: file))[0]
      #expect(capture.format == "generic" && capture.files == ["leg_acc.csv", "leg_gyro.csv"])
      // The gyroscope begins 3 ms later: interpolated, the first sample is the second.
      #expect(capture.samples[700].sample.fields == [.acceleration, .angularRate])
      let truth = MovingLeg.moments[700 + MovingLeg.moments.count - capture.samples.count]
      #expect(abs(capture.samples[700].sample.angularRate.x - truth.rate[0]) < 0.03)
      #expect(capture.notes.contains { $0.contains("leg_gyro.csv") })
      #expect(!capture.notes.contains { $0.hasPrefix("no gyroscope") })
    }
  }

  @Test func threeAxesWithoutAWordAreAnAccelerationIfTheyAreAsLongAsGravity() throws {
    let capture = try read(
      MovingLeg.file("unix_timestamp,x,y,z") { ["17000\($0.index + 10_000)0000"] + $0.acc(standardGravity) })
    #expect(capture.fields == [.acceleration] && abs(capture.samples[9].sample.acceleration.length - 9.81) < 0.1)
    #expect(capture.notes.contains { $0.contains("taken as acceleration") })
    // A gyroscope's numbers are not, and a file that is named after a magnetometer is none.
    let rates = MovingLeg.file("time,x,y,z") { ["\($0.time)"] + $0.gyr() }
    #expect(refusal(rates)?.kind == .unusableUnit)
    let accelerations = MovingLeg.file("time,x,y,z") { ["\($0.time)"] + $0.acc() }
    #expect(refusal(accelerations, name: "Magnetometer.csv")?.kind == .unknownFormat)
  }

  @Test func anInclinometersTable() throws {
    let text = MovingLeg.file("Date;Time;X-Axis [°];Y-Axis [°];Temp [°C]", ";", mark: ",") {
      ["14/11/2023", $0.clock, MovingLeg.Moment.text($0.lean / degree), "1.5", "22.0"]
    }
    let capture = try read(text)
    #expect(capture.fields == [.inclinationX, .inclinationY, .temperature] && capture.rate == 100)
    #expect(abs(capture.samples[900].sample.inclinationX - MovingLeg.moments[900].lean) < 1e-6)
  }

  @Test func aSensorsNameMayBeSpelledWithBlanksOrUnderscores() throws {
    let text = MovingLeg.file(
      "time_s,left_shank_acc_x,left_shank_acc_y,left_shank_acc_z,left_foot_acc_x,left_foot_acc_y,left_foot_acc_z"
    ) { ["\($0.time)"] + $0.acc() + $0.acc() }
    for name in ["left_shank", "Left Shank", "shank"] {
      let captures = try readCapture(
        BytesSource(name: "a.csv", bytes: Array(text.utf8)), options: ImportOptions(sensor: name))
      #expect(captures.map(\.sensor) == ["left shank"])
    }
  }
}
