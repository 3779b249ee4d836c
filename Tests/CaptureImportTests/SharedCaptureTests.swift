import CaptureImport
import Foundation
import Motion
import TestKit
import Testing

/// What becomes of every real capture, as of this form of the importer.
enum Outcome: Sendable {
  /// Read without any option: format, samples, quantities, rate, gaps, samples missing in them, rows left out.
  case read(String, Int, SensorSample.Fields, Double, gaps: Int = 0, missing: Int = 0, rejected: Int = 0)
  /// Asks for a rate, and is read with 100 Hz: format, samples, quantities.
  case needsRate(String, Int, SensorSample.Fields)
  /// Read, each of several sensors: format, their names, the first one's samples and quantities; with this rate where one is needed.
  case sensors(String, [String], Int, SensorSample.Fields, needs: Double? = nil)
  /// Refused, for this kind of reason, in words that hold this text.
  case refused(ImportError.Kind, String)
}

private let imu: SensorSample.Fields = [.acceleration, .angularRate]
private let imuMag: SensorSample.Fields = [.acceleration, .angularRate, .magneticField]
private let limb = [
  "torso_imu", "pelvis_imu", "tibia_r_imu", "femur_r_imu", "tibia_l_imu", "femur_l_imu", "calcn_r_imu", "calcn_l_imu",
]
private let counted: SensorSample.Fields = [.counter]

let sharedCaptures: [(path: String, outcome: Outcome)] = [
  (
    "csv/apdm_opal/imuData01.csv",
    .sensors("apdm", ["static", "upper", "middle", "lower"], 1024, imuMag.union([.orientation]))
  ),
  ("csv/diodem/imu_rigid.csv", .sensors("generic", ["seg1", "seg2", "seg3", "seg4", "seg5"], 1997, imu)),
  ("csv/empatica/ACC.csv", .read("empatica", 890, [.acceleration], 32)),
  ("csv/gaitmap/imu_sample.csv", .sensors("generic", ["left", "right"], 1998, imu, needs: 204.8)),
  ("csv/headerless/Accelerometer.csv", .read("headerless", 1998, imu, 100)),
  ("csv/headerless/Gyroscope.csv", .read("headerless", 1998, imu, 100)),
  ("csv/headerless/accel_gyro_data.csv", .needsRate("headerless", 606, imu)),
  ("csv/kielmat_noraxon/test_data_pham_algorithms.csv", .needsRate("generic", 1999, imu)),
  (
    "csv/lpms/dataIMU1_2018-11-14T134305.txt",
    .read("lpms", 1999, imu.union(.orientation), 50, gaps: 867, missing: 1222)
  ),
  ("csv/matrix_imu/MeasurementsIMU_MATRIX_MATA1002195.csv", .read("generic", 1999, imu, 25.6)),
  (
    "csv/metawear/A-bench-heavy2-rpe8_MetaWear_2019-01-11T16.10.08.270_C42732BE255C_Accelerometer_12.500Hz_1.4.4.csv",
    .read("metawear", 206, imu, 12.5)
  ),
  (
    "csv/metawear/A-bench-heavy2-rpe8_MetaWear_2019-01-11T16.10.08.270_C42732BE255C_Gyroscope_25.000Hz_1.4.4.csv",
    .read("metawear", 206, imu, 12.5)
  ),
  ("csv/movesense/MovesenseLog_3_745.json", .read("movesense", 264, imuMag, 103.244)),
  (
    "csv/opensim_sto/20201104_152403_orientations.sto",
    .sensors("opensim-sto", ["femur_l_imu", "tibia_l_imu"], 1257, [.orientation])
  ),
  ("csv/opensim_sto/MT_012005D6_009-quaternions_RHJCSwinger.sto", .sensors("opensim-sto", limb, 1401, [.orientation])),
  ("csv/opensim_sto/imuOrientations.sto", .sensors("opensim-sto", limb, 2, [.orientation])),
  ("csv/optitrack_motive/data_mocab.csv", .sensors("rigid-bodies", ["RigidBody", "casco"], 24, [.orientation])),
  ("csv/phyphox/comma_gait/Accelerometer.csv", .read("phyphox", 1998, imu, 49.729)),
  ("csv/phyphox/comma_gait/Gyroscope.csv", .read("phyphox", 1998, imu, 49.729)),
  ("csv/phyphox/comma_walk/Linear Accelerometer.csv", .refused(.gravityRemoved, "linear acceleration")),
  ("csv/phyphox/comma_walk/meta/device.csv", .refused(.unknownFormat, "no rows of numbers")),
  ("csv/phyphox/comma_walk/meta/time.csv", .refused(.unknownFormat, "no acceleration")),
  ("csv/phyphox/named_columns/Accelerometer_v3.csv", .read("phyphox", 1998, imu, 99.502)),
  ("csv/phyphox/named_columns/Gyroscope_v3.csv", .read("phyphox", 1998, imu, 99.502)),
  ("csv/phyphox/single_experiment_Raw Data.csv", .refused(.gravityRemoved, "at rest its length is 1.76")),
  ("csv/repoimu/Pendulum_Test02b_Trial1_Segment_1.csv", .read("generic", 1998, imu, 90.259, gaps: 2, missing: 3)),
  ("csv/repoimu/TStick_Test02_Trial1.csv", .read("generic", 1998, imu, 100)),
  ("csv/sensbiotk_fox/1_IMU4_WAND.csv", .read("generic", 987, imu, 200)),
  (
    "csv/sensbiotk_fox/vicon_tracker_RIGHT_FOOT.txt",
    .read("rigid-bodies", 1996, [.orientation], 100, gaps: 48, missing: 166)
  ),
  ("csv/sensor_logger/android/Accelerometer.csv", .read("sensor-logger", 1987, imu, 49.43, gaps: 1, missing: 1)),
  ("csv/sensor_logger/android/Gravity.csv", .read("sensor-logger", 1987, imu, 49.43, gaps: 1, missing: 1)),
  ("csv/sensor_logger/android/Gyroscope.csv", .read("sensor-logger", 1987, imu, 49.43, gaps: 1, missing: 1)),
  ("csv/sensor_logger/android/Metadata.csv", .refused(.unknownFormat, "no rows of numbers")),
  ("csv/sensor_logger/android/TotalAcceleration.csv", .read("sensor-logger", 1987, imu, 49.43, gaps: 1, missing: 1)),
  ("csv/sensor_logger/ios/Accelerometer.csv", .read("sensor-logger", 1999, imu, 100.461)),
  ("csv/sensor_logger/ios/AccelerometerUncalibrated.csv", .read("sensor-logger", 1999, imu, 100.461)),
  ("csv/sensor_logger/ios/Gravity.csv", .read("sensor-logger", 1999, imu, 100.461)),
  ("csv/sensor_logger/ios/Gyroscope.csv", .read("sensor-logger", 1999, imu, 100.461)),
  ("csv/sensor_logger/ios/Metadata.csv", .refused(.unknownFormat, "no rows of numbers")),
  (
    "csv/shimmer_consensys/data_shimmer_5k.csv",
    .read("shimmer-consensys", 1997, imu.union(.temperature), 255.76, gaps: 1, missing: 1)
  ),
  ("csv/shimmer_consensys/pair_consensys.csv", .refused(.unknownFormat, "SEEMOO_PPG")),
  ("csv/shimmer_consensys/sh35aa.csv", .read("shimmer-consensys", 1997, imu, 255.76)),
  ("csv/vicon_nexus/M1Gang18.csv", .refused(.unknownFormat, "Vicon Nexus")),
  (
    "csv/witmotion/20250421_074903.csv",
    .read("witmotion-text", 504, [.acceleration, .eulerAngles], 99.14)
  ),
  ("csv/ximu3/Left Lower Leg", .read("ximu3", 911, imu.union(.deviceTime), 50.05, gaps: 21, missing: 21)),
  ("csv/ximu3/Left Lower Leg/Battery.csv", .refused(.unknownFormat, "'Voltage (V)'")),
  ("csv/ximu3/Left Lower Leg/Command.json", .refused(.unknownFormat, "JSON")),
  (
    "csv/ximu3/Left Lower Leg/HighGAccelerometer.csv",
    .read("generic", 911, [.acceleration], 49.458, gaps: 9, missing: 10)
  ),
  ("csv/ximu3/Left Lower Leg/Inertial.csv", .read("ximu3", 911, imu.union(.deviceTime), 50.05, gaps: 21, missing: 21)),
  ("csv/ximu3/Left Lower Leg/Magnetometer.csv", .refused(.unknownFormat, "'X (a.u.)'")),
  (
    "csv/ximu3/Left Lower Leg/Quaternion.csv",
    .read("ximu3", 911, [.orientation, .deviceTime], 50.05, gaps: 21, missing: 21)
  ),
  ("csv/ximu3/Left Lower Leg/Temperature.csv", .refused(.unknownFormat, "'Temperature (degC)'")),
  ("csv/ximu_original/spiralStairs_CalInertialAndMag.csv", .needsRate("ximu", 1999, imuMag)),
  ("csv/ximu_original/straightLine_CalInertialAndMag.csv", .needsRate("ximu", 1999, imuMag)),
  ("csv/xio_fusion/sensor_data.csv", .read("generic", 1999, imuMag, 99.38, gaps: 2, missing: 4)),
  ("csv/xsens_dot/LTibia_20210820_202113_811.csv", .read("xsens-dot", 381, [.orientation], 60)),
  ("csv/xsens_dot/Xsens_DOT_01_20201104_152403_790.csv", .read("xsens-dot", 1991, [.orientation], 60)),
  ("csv/xsens_dot/Xsens_DOT_02_20201104_152403_815.csv", .read("xsens-dot", 1991, [.orientation], 60)),
  ("csv/xsens_mtmanager/1-1_rf.txt", .read("xsens-mtmanager", 1998, imuMag.union(counted), 100)),
  ("csv/xsens_mtmanager/MT2022_ACC_00B42D4B.txt", .needsRate("xsens-mtmanager", 5, [.acceleration, .counter])),
  (
    "csv/xsens_mtmanager/MT2022_ACC_GYRO_ROT_ALL_TAB_NAN_00B42D4B.txt",
    .needsRate("xsens-mtmanager", 5, imu.union([.counter, .orientation, .eulerAngles]))
  ),
  (
    "csv/xsens_mtmanager/MT2022_ACC_GYRO_ROT_EULER_TAB_00B42D4F.txt",
    .needsRate("xsens-mtmanager", 5, imu.union([.counter, .eulerAngles]))
  ),
  (
    "csv/xsens_mtmanager/MT2022_ACC_GYRO_ROT_MAT_COMMA_00B42D4B.txt",
    .needsRate("xsens-mtmanager", 5, imu.union([.counter, .orientation]))
  ),
  (
    "csv/xsens_mtmanager/MT46_01-000_00B42D4D.txt",
    .read("xsens-mtmanager", 5, imu.union([.counter, .orientation]), 100)
  ),
  (
    "csv/xsens_mtmanager/MT_01200312-002-000_00B474BA.txt",
    .needsRate("xsens-mtmanager", 5, [.acceleration, .counter, .orientation])
  ),
  (
    "csv/xsens_mtmanager/MT_01200454_000-000_00B40DE4.txt",
    .needsRate("xsens-mtmanager", 4, imuMag.union([.counter, .orientation]))
  ),
  (
    "csv/xsens_mtmanager/MT_012005D6-000_sit_to_stand-000_00B421ED.txt",
    .read("xsens-mtmanager", 1459, [.counter, .orientation], 40, gaps: 64, missing: 68)
  ),
  (
    "csv/xsens_mtmanager/MT_012005D6_009-001_00B421ED.txt",
    .read("xsens-mtmanager", 1994, [.acceleration, .counter, .orientation], 100)
  ),
  (
    "csv/xsens_mtmanager/MT_012005D6_031-000_00B421AF.txt",
    .read("xsens-mtmanager", 1994, imuMag.union([.counter, .orientation]), 100)
  ),
  (
    "csv/xsens_mtmanager/S02-Trial-Walk-1-000_00B40C44.txt",
    .read("xsens-mtmanager", 1994, imuMag.union([.counter, .orientation]), 100)
  ),
  (
    "csv/xsens_mtmanager/crlf_MT_012005D6_009-001_00B4227C.txt",
    .read("xsens-mtmanager", 1994, [.acceleration, .counter, .orientation], 100)
  ),
  ("csv/xsens_mtmanager/test1_00B421E6.txt", .read("xsens-mtmanager", 3, imu.union([.counter, .orientation]), 100)),
  ("shank/L_LowLeg_ankle.csv", .read("generic", 2503, imu, 100)),
  ("shank/R_LowLeg2_midshank.csv", .read("generic", 2503, imu, 100)),
  ("orientation/broad/02_undisturbed_slow_rotation_B.imu.csv", .read("generic", 53240, imu, 285.714)),
  (
    "orientation/broad/02_undisturbed_slow_rotation_B.truth.csv",
    .read("generic", 51534, [.orientation], 285.714, gaps: 1, missing: 5, rejected: 1706)
  ),
]

@Suite(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absent)))
struct SharedCaptureTests {
  @Test(arguments: sharedCaptures)
  func eachRealFileIsReadOrRefusedForItsReason(_ path: String, _ outcome: Outcome) throws {
    let source = try FileSource(path: SharedData.folder.path + "/" + path)
    func reading(_ rate: Double?) -> Result<Capture, ImportError> {
      Result { () throws(ImportError) in try readCapture(source, options: ImportOptions(rate: rate))[0] }
    }
    switch (outcome, reading(nil)) {
    case (
      .read(let format, let samples, let fields, let rate, let gaps, let missing, let rejected), .success(let capture)
    ):
      #expect(capture.format == format)
      #expect(capture.samples.count == samples)
      #expect(capture.fields == fields)
      #expect(abs((capture.rate ?? 0) - rate) < 0.001 * rate)
      #expect(capture.gaps.count == gaps)
      #expect(capture.gaps.compactMap(\.missingSamples).reduce(0, +) == missing)
      #expect(capture.rejectedRows == rejected)
      // The first part of the file is enough to know it.
      if let file = source.file {
        let identity = try source.open(file).withBytes { (bytes) throws(ImportError) in
          try identifyCapture(bytes.extracting(0..<min(bytes.count, 6000)), name: file)
        }
        #expect(identity.format == format && !identity.reason.isEmpty)
      }
    case (.needsRate(let format, let samples, let fields), .failure(let error)):
      #expect(error.kind == .noTime && error.reason.contains("--rate HZ"))
      let capture = try reading(100).get()
      #expect(capture.format == format && capture.samples.count == samples && capture.fields == fields)
      #expect(capture.rate == 100)
    case (.sensors(let format, let names, let samples, let fields, let rate), let first):
      let captures: [Capture]
      if let rate {
        guard case .failure(let error) = first else {
          Issue.record("read without a rate")
          return
        }
        #expect(error.kind == .noTime)
        captures = try readCapture(source, options: ImportOptions(rate: rate))
      } else {
        captures = try readCapture(source)
      }
      #expect(captures.map(\.sensor) == names)
      #expect(captures.allSatisfy { $0.format == format && $0.fields == captures[0].fields })
      #expect(captures[0].samples.count == samples && captures[0].fields == fields)
      // Each is found by its name, and holds the same.
      for capture in captures {
        let one = try readCapture(source, options: ImportOptions(rate: rate, sensor: capture.sensor))
        #expect(one.count == 1 && sameData(one[0], capture))
      }
    case (.refused(let kind, let words), .failure(let error)):
      #expect(error.kind == kind)
      #expect(error.description.contains(words), "\(error)")
      #expect(error.file.hasSuffix(path))
    case (_, .success(let capture)): Issue.record("read as \(capture.format) with \(capture.samples.count) samples")
    case (_, .failure(let error)): Issue.record("\(error)")
    }
  }

  /// A file that lands beside the others must find its row in the table.
  @Test func theTableNamesEveryFile() throws {
    let folder = SharedData.folder.path + "/csv"
    let all = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    let listed = Set(sharedCaptures.map(\.path))
    for path in all where !path.hasSuffix("SOURCE.txt") {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder), !isFolder.boolValue
      else {
        continue
      }
      #expect(listed.contains("csv/" + path), "\(path) is not in the table")
    }
  }

  /// The maker's own orientation must turn the measured gravity upwards, in both spellings that these exports have.
  @Test(arguments: [
    "MT_012005D6_031-000_00B421AF.txt", "S02-Trial-Walk-1-000_00B40C44.txt", "MT46_01-000_00B42D4D.txt",
  ])
  func theOrientationOfMTManagerTurnsGravityUp(_ file: String) throws {
    let capture = try readCapture(FileSource(path: SharedData.folder.path + "/csv/xsens_mtmanager/" + file))[0]
    for sample in capture.samples.prefix(20) {
      let up = try #require(sample.sample.acceleration.normalized)
      #expect(sample.sample.orientation.rotate(up).z > 0.995)
    }
  }

  /// The shank captures were cut from the same trial as the MT Manager text: the same numbers by two ways.
  @Test func twoSpellingsOfOneTrialGiveTheSameSamples() throws {
    let maker = try readCapture(
      FileSource(path: SharedData.folder.path + "/csv/xsens_mtmanager/S02-Trial-Walk-1-000_00B40C44.txt"))[0]
    let plain = try readCapture(FileSource(path: SharedData.folder.path + "/shank/L_LowLeg_ankle.csv"))[0]
    for (a, b) in zip(maker.samples, plain.samples) {
      #expect(a.time == b.time && a.sample.acceleration == b.sample.acceleration)
      #expect(a.sample.angularRate == b.sample.angularRate)
    }
  }
}
